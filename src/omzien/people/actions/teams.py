"""Organisations and teams. A team that still works cannot be archived."""

from collections.abc import Iterable

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.journal.actions import record
from omzien.kernel.text import one_line, sort_key
from omzien.people.actions.memberships import held_open
from omzien.people.models import Membership, Organisation, Team
from omzien.people.models.organisations import own_name
from omzien.people.queries.organisations import held_by, working_elsewhere
from omzien.people.refusals import (
    HasEnded,
    NameTaken,
    NotAllowed,
    OrganisationWorks,
    TeamWorks,
    WorksElsewhere,
)
from omzien.people.rules.roles import SYSTEM, Actor


@transaction.atomic
def found_organisation(*, name: str, kind: str, municipality: str, by: Actor) -> Organisation:
    """Make an organisation known to all municipalities. Raises NotAllowed, NameTaken."""
    _may_manage(by)
    name = one_line(name, 120)
    organisation, is_new = Organisation.objects.get_or_create(
        sort_name=sort_key(name), defaults={"name": name, "kind": kind}
    )
    if not is_new:
        raise NameTaken
    _record("found", "organisation", organisation.pk, by, municipality)
    return organisation


@transaction.atomic
def rename_organisation(
    *, organisation: Organisation, name: str, municipality: Municipality, by: Actor
) -> Organisation:
    """Give an organisation another name, as long as it works in this municipality alone.

    A municipality is called after itself. Raises NotAllowed, HasEnded, WorksElsewhere, NameTaken.
    """
    locked = _locked(organisation, municipality, by)
    _rename(locked, one_line(name, 120), by, municipality)
    return locked


def rename_own(*, municipality: Municipality, by: Actor) -> None:
    """Call the organisation that a municipality is after the municipality, which got a new name
    in the caller's transaction. Raises NameTaken, which takes the new name back too.
    """
    own = Organisation.objects.select_for_update().filter(as_municipality=municipality).first()
    if own is not None:
        _rename(own, own_name(municipality), by, municipality)


def _rename(row: Organisation, name: str, by: Actor, municipality: Municipality) -> None:
    row.name, row.sort_name = name, sort_key(name)
    try:
        with transaction.atomic():
            row.save(update_fields=["name", "sort_name"])
    except IntegrityError:
        raise NameTaken from None
    _record("rename", "organisation", row.pk, by, municipality.pk)


@transaction.atomic
def end_organisation(
    *, organisation: Organisation, municipality: Municipality, by: Actor
) -> Organisation:
    """Let an organisation end that has no role and no team any more.

    Raises NotAllowed, HasEnded, WorksElsewhere, OrganisationWorks.
    """
    locked = _locked(organisation, municipality, by)
    if found := held_by(locked):
        raise OrganisationWorks(found)
    locked.ended_at = timezone.now()
    locked.save(update_fields=["ended_at"])
    _record("end", "organisation", locked.pk, by, municipality.pk)
    return locked


@transaction.atomic
def reopen_organisation(
    *, organisation: Organisation, municipality: Municipality, by: Actor
) -> Organisation:
    """Let an organisation that ended be chosen again. Raises NotAllowed; twice is once."""
    _may_manage(by)
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if locked.ended_at:
        locked.ended_at = None
        locked.save(update_fields=["ended_at"])
        _record("reopen", "organisation", locked.pk, by, municipality.pk)
    return locked


def _locked(organisation: Organisation, municipality: Municipality, by: Actor) -> Organisation:
    """Return the row of an organisation that this municipality may change, and hold it."""
    _may_manage(by)
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if locked.as_municipality_id:
        raise NotAllowed
    if locked.ended_at:
        raise HasEnded
    if locked.pk in working_elsewhere(municipality):
        raise WorksElsewhere
    return locked


@transaction.atomic
def form_team(
    *,
    municipality: Municipality,
    name: str,
    by: Actor,
    organisation: Organisation | None = None,
    villages: Iterable[int] = (),
    email: str = "",
    phone: str = "",
    is_default: bool = False,
) -> Team:
    """Form an area team, or the desk of one organisation.

    The first default team takes what no rule routes; a new one takes over from the old one.
    Raises NotAllowed, HasEnded, NameTaken.
    """
    _may_manage(by)
    if organisation and held_open(organisation).ended_at:
        raise HasEnded
    if is_default:
        Team.objects.filter(municipality=municipality, is_default=True).update(is_default=False)
    try:
        with transaction.atomic():
            team = Team.objects.create(
                municipality=municipality,
                organisation=organisation,
                name=one_line(name, 120),
                villages=sorted(set(villages)),
                email=email.strip().casefold(),
                phone=phone.strip(),
                is_default=is_default,
            )
    except IntegrityError:
        raise NameTaken from None
    _record("form", "team", team.pk, by, municipality.code)
    return team


@transaction.atomic
def the_default_team(municipality: Municipality) -> Team:
    """Return the desk that takes what no rule routes; made when there is none.

    So that somebody who asks for help is never turned away because nobody set a desk up.
    """
    if found := Team.objects.filter(municipality=municipality, is_default=True).first():
        return found
    # Only the first question of a municipality gets here; of two at once one waits.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [municipality.code])
    found = Team.objects.filter(municipality=municipality, is_default=True).first()
    return found or form_team(
        municipality=municipality, name=f"Loket {municipality.name}", is_default=True, by=SYSTEM
    )


@transaction.atomic
def change_team(
    *,
    team: Team,
    name: str,
    villages: Iterable[int],
    email: str,
    phone: str,
    by: Actor,
) -> Team:
    """Change the name, villages and contact data of a team. Raises NotAllowed, NameTaken."""
    _may_manage(by)
    locked = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    locked.name = one_line(name, 120)
    locked.villages = sorted(set(villages))
    locked.email, locked.phone = email.strip().casefold(), phone.strip()
    try:
        with transaction.atomic():
            locked.save()
    except IntegrityError:
        raise NameTaken from None
    _record("change", "team", locked.pk, by, locked.municipality_id)
    return locked


@transaction.atomic
def archive_team(*, team: Team, by: Actor) -> Team:
    """Let a team end. Raises NotAllowed, and TeamWorks while it has people or is the default."""
    _may_manage(by)
    locked = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    has_people = Membership.objects.filter(team=locked, ended_at=None).exists()
    if locked.is_default or has_people:
        raise TeamWorks
    locked.archived_at = timezone.now()
    locked.save(update_fields=["archived_at"])
    _record("archive", "team", locked.pk, by, locked.municipality_id)
    return locked


def _may_manage(by: Actor) -> None:
    if not by.may_all("organisation.manage"):
        raise NotAllowed


def _record(verb: str, subject: str, subject_id: object, by: Actor, code: str) -> None:
    record(verb=verb, subject=subject, subject_id=subject_id, by=by.key, municipality=code)
