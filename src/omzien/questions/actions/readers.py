"""A team loses its last reader: who keeps Omzien hears it by mail, each time that it happens.

By the clock, for it happens in many ways: a role is ended or its last day passes, an account is
closed here or elsewhere, a second step is taken away, or who is left goes on leave and nobody
stands in. Facts remember who was told.
"""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.journal.actions import record
from omzien.journal.each import one_by_one
from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.people.models import Membership, Team
from omzien.people.queries.mailboxes import of_functional_managers
from omzien.people.rules.roles import IN_A_TEAM, SYSTEM
from omzien.questions.actions.telling import say
from omzien.questions.models import Question
from omzien.questions.queries.routing import teams_all_away, teams_without_reader

LOST, BACK = "lose-readers", "have-readers"


def run_readers(municipality: Municipality, now: datetime) -> int:
    """Mail who keeps Omzien of each team that lost its last reader; return of how many.

    Not of one in which nobody ever read: who formed it sees that on the page of the teams.
    """
    today = timezone.localdate(now)
    with working_for(municipality.code):
        told = _told(municipality)
        unread = {team.pk for team in _unread(municipality.code, on=today)}
        new = unread - told
        lost = _had_readers(new, on=today).values_list("pk", flat=True) if new else ()
        here = Team.objects.worked(on=today)
        back = here.filter(pk__in=told - unread).values_list("pk", flat=True) if told else ()
        seen = [*((key, BACK) for key in back), *((key, LOST) for key in lost)]

    def note(one: tuple[UUID, str]) -> bool:
        key, verb = one
        Team.objects.select_for_update(no_key=True).get(pk=key)
        if (key in _told(municipality)) == (verb == LOST):
            return False  # noted meanwhile
        record(verb=verb, subject="team", subject_id=key, by=SYSTEM.key,
               municipality=municipality.code)  # fmt: skip
        if verb == LOST:
            keepers = of_functional_managers(municipality.code, on=today)
            say(municipality, "team-unread", f"{key}:{now.timestamp():.0f}", keepers,
                path=reverse("teams"))  # fmt: skip
        return verb == LOST

    return one_by_one(municipality.code, "readers", seen, note)


def keepers_while_unread(team: Team) -> list[str]:
    """Return who hears that nobody reads in a team: nobody, once somebody does again."""
    today = timezone.localdate()
    if team not in _unread(team.municipality_id, on=today):
        return []
    return of_functional_managers(team.municipality_id, on=today)


def _unread(municipality: str, *, on: date) -> list[Team]:
    found = (teams_without_reader, teams_all_away)
    return [team for teams in found for team in teams(municipality, on=on)]


def _told(municipality: Municipality) -> set[UUID]:
    """Return the teams of which it was told that nobody reads, and in which nobody did since."""
    facts = Fact.objects.filter(municipality=municipality.code, verb__in=(LOST, BACK))
    last = facts.filter(subject="team").order_by("subject_id", "-at", "-pk").distinct("subject_id")
    return {UUID(key) for key, verb in last.values_list("subject_id", "verb") if verb == LOST}


def _had_readers(teams: set[UUID], *, on: date) -> QuerySet[Team]:
    """Return of some teams those with a trace of readers: somebody who signed in, or work."""
    worked = Membership.objects.filter(
        team=OuterRef("pk"), role__in=IN_A_TEAM, person__account__is_proven=True, starts_on__lte=on
    )
    work = Question.objects.live().filter(team=OuterRef("pk"))
    return Team.objects.filter(Q(Exists(worked)) | Q(Exists(work)), pk__in=teams)
