"""Who may get a waiting mail about a question now, by the first word of its key."""

from collections.abc import Iterable, Mapping

from django.utils import timezone

from omzien.messages.models import Message
from omzien.messages.rights import Check, among, is_one_of, named
from omzien.people.actions.teams import the_default_team
from omzien.people.models import SamePerson, Team
from omzien.people.queries.mailboxes import (
    of_coordinators,
    of_functional_managers,
    of_holder,
    of_policy_officers,
    working_in,
)
from omzien.questions.actions import notices, same
from omzien.questions.actions.readers import keepers_while_unread
from omzien.questions.actions.receipts import asked_by
from omzien.questions.actions.telling import coordinators, mailboxes, privacy_officers
from omzien.questions.models import (
    AftercareAnswer,
    BreakGlass,
    Crisis,
    Discussion,
    EarlySignal,
    Objection,
    Question,
    Reporter,
    RouteProposal,
    Signal,
)
from omzien.questions.queries.duty import duty_team_of
from omzien.questions.queries.reached import hears_now, own_address


def _in_team(team: Team) -> set[str]:
    return working_in(team, on=timezone.localdate())


def _resident(row: Question | BreakGlass | Objection | AftercareAnswer) -> set[str]:
    return own_address(row if isinstance(row, Question) else row.question)


def _overseers(row: BreakGlass) -> Iterable[str]:
    return [*coordinators(row.question.team), *privacy_officers(row.municipality_id)]


def _alarmed(row: Crisis) -> Iterable[str]:
    team, duty = row.question.team, duty_team_of(row.municipality_id)
    return [*mailboxes(team), *coordinators(team), *(mailboxes(duty) if duty else [])]


def _seated(row: Discussion) -> Iterable[str]:
    teams = Team.objects.filter(pk__in=row.teams.values("team"))
    return [one for team in teams for one in mailboxes(team)]


def _unseated(message: Message) -> bool:
    """Tell a team that it is out; of a discussion it knew, so it may hear so while it works."""
    row = named(Discussion, message)
    team = named(Team, message, place=2)
    return row is not None and team is not None and is_one_of(message, mailboxes(team))


def _invited(row: Discussion) -> set[str]:
    return own_address(row.question) if row.question and row.resident_invited else set()


def _ended(row: Question) -> set[str]:
    return hears_now(row) if row.ended_at else set()


def _holder(row: Question) -> Iterable[str]:
    return of_holder(row.holder, on=timezone.localdate()) if row.is_live else []


def _answers(row: Objection) -> Iterable[str]:
    own = of_holder(row.handler, on=timezone.localdate())
    return {*mailboxes(row.team), *own}


def _watches_objections(row: Objection) -> Iterable[str]:
    return [*coordinators(row.team), *mailboxes(the_default_team(row.municipality))]


def _asked_for_route(row: RouteProposal) -> Iterable[str]:
    team = row.from_team
    return of_coordinators(team, on=timezone.localdate()) if team else []


def _calls(row: AftercareAnswer) -> Iterable[str]:
    team = row.question.team
    calls = the_default_team(row.municipality) if team.archived_at else team
    return {*mailboxes(calls), *coordinators(calls)}  # these hear of a call that is late


def _reporter(row: Signal) -> set[str]:
    return set(Reporter.objects.filter(signal=row).values_list("email", flat=True)) - {""}


CHECKS: Mapping[str, Check] = {
    notices.PREFIX: notices.may_still_go,
    same.PREFIX: same.may_still_go,
    same.PARTED: among(SamePerson, lambda row: {row.person.email} - {""}, "person"),
    "asked": among(Question, asked_by, "person", "asked_by"),
    **dict.fromkeys(("ended", "ended-told"), among(Question, _ended, "person")),
    "emergency-told": among(BreakGlass, _resident, "question__person"),
    "objection-answered": among(Objection, _resident, "question__person"),
    "aftercare-mail": among(AftercareAnswer, _resident, "question__person"),
    **dict.fromkeys(
        ("discussion-resident", "discussion-resident-changed", "discussion-off-resident"),
        among(Discussion, _invited, "question__person"),
    ),
    "discussion-untold": among(
        Discussion,
        lambda row: notices.owners_side(row.question),
        "question__team",
        "question__holder",
    ),
    "signal-picked-up": among(Signal, _reporter),
    **dict.fromkeys(("crisis", "phone-tree"), among(Crisis, _alarmed, "question__team")),
    **dict.fromkeys(
        ("emergency", "emergency-late", "emergency-untold"), among(BreakGlass, _overseers)
    ),
    "signal": among(Signal, lambda row: mailboxes(row.team), "team"),
    **dict.fromkeys(
        ("signal-late", "signal-untold"),
        among(Signal, lambda row: coordinators(row.team), "team"),
    ),
    "early-late": among(EarlySignal, lambda row: coordinators(row.team), "team"),
    **dict.fromkeys(
        ("discussion", "discussion-changed", "discussion-off"), among(Discussion, _seated)
    ),
    "discussion-without": _unseated,
    "aftercare-call": among(AftercareAnswer, _calls, "question__team", "municipality"),
    "reopened": among(Question, lambda row: _in_team(row.team), "team"),
    "stopped": among(Question, lambda row: _in_team(row.team), "team"),
    "given": among(Question, _holder, "holder"),
    "objection": among(Objection, _answers, "team", "handler"),
    "objection-late": among(Objection, _watches_objections, "team", "municipality"),
    "route-proposed": among(
        RouteProposal,
        lambda row: of_policy_officers(row.municipality_id, on=timezone.localdate()),
    ),
    "route-advice": among(RouteProposal, lambda row: privacy_officers(row.municipality_id)),
    "route-taken": among(
        RouteProposal,
        lambda row: of_functional_managers(row.municipality_id, on=timezone.localdate()),
    ),
    "route-answered": among(RouteProposal, _asked_for_route, "from_team"),
    "team-unread": among(Team, keepers_while_unread),
    "route-changed": among(Team, lambda row: of_coordinators(row, on=timezone.localdate())),
}
