"""Ending an organisation that owns nothing that lives, here or in another municipality."""

from django.db import transaction
from django.db.models import QuerySet

from omzien.areas.models import Municipality
from omzien.directory.models import Service
from omzien.handovers.actions.teams import MOST, work_of
from omzien.journal.isolation import working_for
from omzien.people.actions import teams
from omzien.people.models import Organisation, Team
from omzien.people.queries.organisations import held_by, others
from omzien.people.refusals import NotAllowed, OrganisationWorks, WorksElsewhere
from omzien.people.rules.roles import Actor


@transaction.atomic
def end_organisation(
    *, organisation: Organisation, municipality: Municipality, by: Actor
) -> Organisation:
    """Let an organisation end. Its name stays with what it did; nobody can choose it any more.

    Raises NotAllowed, OrganisationWorks with a list, WorksElsewhere where it has entries in
    another municipality, and what people/actions/teams.py raises.
    """
    if not by.may_all("organisation.manage"):
        raise NotAllowed
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    theirs = Team.objects.live().filter(organisation=row)
    work = [one for team in theirs for one in work_of(team)]
    entries = _entries(row)
    work += [("entry", title) for title in entries.values_list("title", flat=True)[:MOST]]
    if work:
        raise OrganisationWorks([*held_by(row), *work])
    for code in others(municipality):
        with working_for(code):
            if _entries(row).exists():
                raise WorksElsewhere
    return teams.end_organisation(organisation=row, municipality=municipality, by=by)


def _entries(organisation: Organisation) -> QuerySet[Service]:
    rows = Service.objects.published().filter(provider__organisation=organisation)
    return rows.order_by("sort_title", "pk")
