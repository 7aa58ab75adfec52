"""To whom a question can be offered, and what is known about them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from omzien.handovers.models import Handover, Room
from omzien.handovers.queries.consents import Said, last_said
from omzien.handovers.queries.rooms import capacity_on, counted
from omzien.handovers.rules.responsiveness import Answered, Answers, answers_of, is_fresh
from omzien.handovers.rules.states import BY_RESIDENT, OPEN, Capacity
from omzien.people.models import Ground, Team
from omzien.people.rules.grounds import Category
from omzien.questions.models import Question
from omzien.questions.terms import terms_of

LOOKS_BACK = timedelta(days=365)
MOST = 20_000  # handovers of a year that are looked at


@dataclass(frozen=True)
class Receiver:
    """One team that can be asked."""

    team: Team
    organisation: str
    capacity: Capacity
    note: str
    said_on: object  # a date, or None where nothing is known
    answers: Answers | None
    covered: frozenset[Category]
    said: Said

    @property
    def is_covered(self) -> bool:
        """Tell whether a ground lets this team be asked now."""
        return Category.CONTACT in self.covered


def receivers_for(question: Question, *, now: datetime) -> list[Receiver]:
    """Return the teams of the municipality that can be asked, by name (5 queries)."""
    today = timezone.localdate(now)
    teams = (
        Team.objects.live()
        .reachable(on=today)
        .filter(municipality=question.municipality_id)
        .exclude(pk=question.team_id)
        .select_related("organisation")
        .order_by("name")
    )
    rooms = {one.team_id: one for one in counted(Room.objects.filter(team__in=teams))}
    answers = _answers(question.municipality_id, now)
    by_team, by_organisation = _covered(question, now)
    said = last_said(question)
    found = []
    for team in teams:
        room = rooms.get(team.pk)
        fresh = room is not None and is_fresh(room.said_on, on=today)
        found.append(
            Receiver(
                team=team,
                organisation=team.organisation.name if team.organisation else "",
                capacity=capacity_on(room, on=today),
                note=room.note if room and fresh else "",
                said_on=room.said_on if room else None,
                answers=answers.get(team.pk),
                covered=frozenset(
                    by_team[team.pk] | by_organisation.get(team.organisation_id, set())
                ),
                said=said[team.pk],
            )
        )
    return found


def answers_of_organisation(
    organisation: UUID, municipality: str, *, now: datetime
) -> Answers | None:
    """Return how the teams of an organisation answered together, for everybody to read: counts of
    a year, and None where these are few.
    """
    teams = Team.objects.filter(municipality=municipality, organisation=organisation)
    found = _answered(Handover.objects.filter(to_team__in=teams), municipality, now)
    rows = [one for answers in found.values() for one in answers]
    return answers_of(rows, closed=terms_of(municipality).closed)


def _answers(municipality: str, now: datetime) -> dict[UUID, Answers]:
    per_team = _answered(Handover.objects.all(), municipality, now)
    closed = terms_of(municipality).closed
    found = {team: answers_of(answers, closed=closed) for team, answers in per_team.items()}
    return {team: answers for team, answers in found.items() if answers is not None}


def _answered(
    handovers: QuerySet[Handover], municipality: str, now: datetime
) -> dict[UUID, list[Answered]]:
    rows = (
        handovers.filter(municipality=municipality, offered_at__gte=now - LOOKS_BACK)
        .exclude(state__in=OPEN, answered_at=None)
        .exclude(state="withdrawn", answered_at=None)
        .order_by("-offered_at", "pk")
        .values_list("to_team", "offered_at", "answered_at", "contact_name", "decline_reason")
    )
    per_team: dict[UUID, list[Answered]] = defaultdict(list)
    for team, offered, answered, contact, reason in rows[:MOST]:
        per_team[team].append(
            Answered(
                offered_on=timezone.localdate(offered),
                answered_on=timezone.localdate(answered) if answered else None,
                accepted=bool(contact),
                by_resident=reason in BY_RESIDENT,
            )
        )
    return per_team


def _covered(
    question: Question, now: datetime
) -> tuple[dict[UUID, set[Category]], dict[UUID | None, set[Category]]]:
    grounds = Ground.objects.holding(at=now).filter(person=question.person_id, purpose="handover")
    rows = grounds.values_list("recipients__team", "recipients__organisation", "categories")
    by_team: dict[UUID, set[Category]] = defaultdict(set)
    by_organisation: dict[UUID | None, set[Category]] = defaultdict(set)
    for team, organisation, categories in rows:
        wanted = {Category(one) for one in categories}
        if team:
            by_team[team] |= wanted
        elif organisation:
            by_organisation[organisation] |= wanted
    return by_team, by_organisation
