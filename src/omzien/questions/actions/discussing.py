"""Plan a discussion about a question, or one that leads to nobody, and write down what follows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.journal.actions import record
from omzien.kernel.text import clean, one_line
from omzien.people.models import Membership, Person, Team
from omzien.people.queries.mailboxes import reads_mail
from omzien.people.rules.roles import SYSTEM, Actor
from omzien.questions.actions.notices import owners_side
from omzien.questions.actions.outside import way_in
from omzien.questions.actions.reminding import not_since, remind_each
from omzien.questions.actions.tasks import add_task
from omzien.questions.actions.telling import mailboxes, say
from omzien.questions.actions.writing import locked_owned, note, once, put_task
from omzien.questions.models import Decision, Discussion, DiscussionTeam, Question, Task
from omzien.questions.queries.involved import involved_teams
from omzien.questions.refusals import (
    NamesSomebody,
    NeedsReason,
    NotAllowed,
    NotInvolved,
    TooLong,
    WrongState,
)
from omzien.questions.rules.anonymous import leads_to
from omzien.questions.rules.signals import QUARTER
from omzien.questions.terms import terms_of

LONGEST = 5000
FIRST = timedelta(weeks=1)  # after it, the first time that somebody asks whether it is told
INVITE = "Bel de inwoner: nodig uit voor het overleg."
MOVED = "Bel de inwoner: het overleg is verplaatst."
OFF = "Bel de inwoner: het overleg gaat niet door."


@dataclass(frozen=True, kw_only=True)
class Plan:
    """When, where and what for; with whom by the keys of their teams."""

    purpose: str
    at: datetime
    place: str = ""
    teams: Iterable[UUID] = ()
    invite_resident: bool = True
    not_invited_because: str = ""
    text: str = ""
    key: UUID | None = None  # of the form: sent twice is planned once


@transaction.atomic
def plan_discussion(*, question: Question, plan: Plan, by: Actor, now: datetime) -> Discussion:
    """Plan a discussion about a question. The resident is invited, or it is said why not.

    Raises NotAllowed, NotLive, NeedsReason (no purpose, or nobody said why the resident is not
    there), NotInvolved for a team that nothing covers.
    """
    row = locked_owned(question, by=by, verb="question.work")
    purpose = _purpose(plan)
    why = one_line(plan.not_invited_because, 300)
    if not plan.invite_resident and not why:
        raise NeedsReason
    allowed = {team.pk: team for team in involved_teams(row, at=max(now, timezone.now()))}
    wanted = dict.fromkeys([row.team_id, *plan.teams])
    if set(wanted) - set(allowed):
        raise NotInvolved
    key = once(row.pk, plan.key, purpose, plan.at)
    if before := Discussion.objects.filter(pk=key).first():
        return before
    discussion = Discussion.objects.create(
        pk=key,
        municipality_id=row.municipality_id,
        question=row,
        team_id=row.team_id,
        purpose=purpose,
        at=plan.at,
        place=one_line(plan.place, 200),
        resident_invited=plan.invite_resident,
        not_invited_because="" if plan.invite_resident else why,
        made_at=now,
    )
    _seat(discussion, [allowed[key] for key in wanted])
    if plan.invite_resident:
        _invite(discussion, row, now)
    note(row, "plan-discussion", by, discussion=str(discussion.pk), invited=plan.invite_resident)
    return discussion


@transaction.atomic
def move_discussion(
    *, discussion: Discussion, at: datetime, place: str, by: Actor, now: datetime
) -> Discussion:
    """Move a discussion of a question that is still ahead; who is invited hears of it.

    Raises NotAllowed, NotLive, WrongState.
    """
    row, question = _ahead(discussion, by, now)
    row.at, row.place = at, one_line(place, 200)
    row.save(update_fields=["at", "place"])
    _tell_changed(row, question, MOVED, now)
    note(question, "move-discussion", by, discussion=str(row.pk))
    return row


@transaction.atomic
def call_off_discussion(*, discussion: Discussion, by: Actor, now: datetime) -> None:
    """Call off a discussion of a question that is still ahead; who is invited hears of it.

    Raises NotAllowed, NotLive, WrongState.
    """
    row, question = _ahead(discussion, by, now)
    row.cancelled_at = now
    row.save(update_fields=["cancelled_at"])
    _tell_changed(row, question, OFF, now)
    note(question, "call-off-discussion", by, discussion=str(row.pk))


@transaction.atomic
def tell_of_discussion(*, discussion: Discussion, by: Actor, now: datetime) -> Discussion:
    """Write down that the resident knows by now of a discussion that was held without them; from
    then on they read it themselves, and nobody for them.

    Raises NotAllowed, NotLive, and WrongState of one that they were invited for, know of, or that
    was not held.
    """
    row = Discussion.objects.select_for_update().filter(pk=discussion.pk).first()
    if row is None or row.question_id is None:
        raise WrongState
    question = locked_owned(row.question_id, by=by, verb="question.work")
    if not Discussion.objects.untold(at=now).filter(pk=row.pk).exists():
        raise WrongState
    row.told_at = now
    row.save(update_fields=["told_at"])
    note(question, "tell-discussion", by, discussion=str(row.pk))
    return row


def run_discussions(municipality: Municipality, now: datetime) -> int:
    """Ask who has the question whether the resident knows by now of a discussion without them: a
    week after it, and again each quarter. Return how many.
    """
    untold = Discussion.objects.untold(at=now - FIRST).filter(not_since(now - QUARTER))
    return remind_each(municipality, untold.all, _ask_to_tell, now=now)


def _ask_to_tell(row: Discussion) -> None:
    question = row.question
    if question is None or way_in(question):  # who has it by a link was not there, nor reads it
        return
    key = f"{row.pk}:{timezone.localdate(row.reminded_at)}"
    path = reverse("discussions", args=[question.pk])
    say(row.municipality_id, "discussion-untold", key, owners_side(question), path=path)
    note(question, "remind-untold", SYSTEM, discussion=str(row.pk))


def _ahead(discussion: Discussion, by: Actor, now: datetime) -> tuple[Discussion, Question]:
    row = Discussion.objects.select_for_update().filter(pk=discussion.pk).first()
    if row is None or row.question_id is None or row.at <= now or row.cancelled_at:
        raise WrongState
    question = locked_owned(row.question_id, by=by, verb="question.work")
    return row, question


@transaction.atomic
def plan_anonymous(*, team: Team, plan: Plan, by: Actor, now: datetime) -> Discussion:
    """Plan a discussion about a problem without a name; no row of it leads to a person.

    Raises NotAllowed, NeedsReason, TooLong, NamesSomebody, and WrongState where the same was
    called off since.
    """
    if not by.may("question.work") or by.team != team.pk or by.membership is None:
        raise NotAllowed
    purpose, text = _purpose(plan), clean(plan.text)
    if len(text) > LONGEST:
        raise TooLong(LONGEST)
    if found := names_in(f"{purpose}\n{text}\n{plan.place}", team.pk):
        raise NamesSomebody(found)
    teams = Team.objects.live().filter(pk__in=[team.pk, *plan.teams])
    # Two at once are one by one; and a team that ends meanwhile plans nothing any more.
    if Team.objects.select_for_update(of=("self",)).get(pk=team.pk).archived_at:
        raise NotAllowed
    key = once(team.pk, plan.key, purpose, plan.at)
    if before := Discussion.objects.filter(pk=key).first():
        if before.cancelled_at:
            raise WrongState
        return before
    discussion = Discussion.objects.create(
        pk=key,
        municipality_id=team.municipality_id,
        team=team,
        purpose=purpose,
        text=text,
        at=plan.at,
        place=one_line(plan.place, 200),
        resident_invited=False,
        made_at=now,
    )
    _seat(discussion, list(teams))
    _note_anonymous("plan-anonymous", discussion, by)
    return discussion


@transaction.atomic
def call_off_anonymous(*, discussion: Discussion, by: Actor, now: datetime) -> None:
    """Let the team that planned it call off a coming discussion without a name; who is invited
    hears of it.

    Raises NotAllowed, WrongState.
    """
    row = Discussion.objects.anonymous().select_for_update().filter(pk=discussion.pk).first()
    is_ours = row is not None and by.team == row.team_id and by.membership is not None
    if row is None or not is_ours or not by.may("question.work"):
        raise NotAllowed
    if row.at <= now or row.cancelled_at:
        raise WrongState
    _be_off(row, by, now)


def call_off_all_of(team: Team, *, by: Actor, now: datetime) -> None:
    """Call off the coming discussions without a name of a team that ends, inside the caller's
    transaction: nobody is left who could.
    """
    coming = Discussion.objects.anonymous().coming(at=now).filter(team=team)
    for row in coming.select_for_update():
        _be_off(row, by, now)


def _be_off(row: Discussion, by: Actor, now: datetime) -> None:
    row.cancelled_at = now
    row.save(update_fields=["cancelled_at"])
    _tell_teams(row, _seated(row), "discussion-changed", f"{row.pk}:{now.isoformat()}")
    _note_anonymous("call-off-anonymous", row, by)


def _note_anonymous(verb: str, row: Discussion, by: Actor) -> None:
    record(
        verb=verb, subject="discussion", subject_id=row.pk, by=by.key,
        municipality=row.municipality_id,
    )  # fmt: skip


def call_off(
    discussion: Discussion, question: Question, *, by: Actor, now: datetime, tell_resident: bool
) -> None:
    """Let a coming discussion about a question be off; who was invited hears it."""
    discussion.cancelled_at = now
    discussion.save(update_fields=["cancelled_at"])
    _tell_teams(discussion, _seated(discussion), "discussion-off", discussion.pk)
    invited = discussion.resident_invited and tell_resident
    if invited and question.person and question.person.email:
        say(
            question.municipality_id,
            "discussion-off-resident",
            discussion.pk,
            [question.person.email],
        )
    note(question, "call-off-discussion", by, discussion=str(discussion.pk))


def unseat_uncovered(question: Question, *, by: Actor, now: datetime) -> int:
    """Let teams that no ground covers any more be out of the coming discussions about a locked
    question; each hears it. Returns how many. What was before they were at, and that stays.
    """
    seats = DiscussionTeam.objects.uncovered(at=now).filter(discussion__question=question)
    gone = list(seats.select_related("discussion", "team"))
    for seat in gone:
        seat.delete()
        key = f"{seat.discussion_id}:{seat.team_id}"
        _tell_teams(seat.discussion, [seat.team], "discussion-without", key)
        note(
            question, "leave-discussion", by,
            discussion=str(seat.discussion_id), team=str(seat.team_id),
        )  # fmt: skip
    return len(gone)


def names_in(text: str, team: UUID) -> list[str]:
    """Return the parts of a text that lead to a person; names of residents with a live question
    at the team, and addresses and numbers of anybody.
    """
    rows = Question.objects.live().filter(team=team).values("person")
    names = Person.objects.filter(pk__in=rows).values_list("name", flat=True)
    return leads_to(text, names)


@transaction.atomic
def decide(
    *,
    discussion: Discussion,
    what: str,
    due_on: date,
    by: Actor,
    now: datetime,
    holder: Membership | None = None,
    key: UUID | None = None,
) -> Task:
    """Write down a decision: a task of the question, with a day; by the same `key` it is once.

    Raises WrongState for a discussion without a question, and what `add_task` raises.
    """
    if discussion.question is None:
        raise WrongState
    task = add_task(
        question=discussion.question, what=what, due_on=due_on, by=by, now=now, holder=holder,
        key=key,
    )  # fmt: skip
    keep_decision(discussion, task)
    return task


def keep_decision(discussion: Discussion, task: Task) -> None:
    """Remember that a task was decided in a discussion."""
    Decision.objects.get_or_create(
        task=task,
        defaults={"municipality_id": discussion.municipality_id, "discussion": discussion},
    )


def _purpose(plan: Plan) -> str:
    purpose = one_line(plan.purpose, 300)
    if not purpose:
        raise NeedsReason
    return purpose


def _seat(discussion: Discussion, teams: list[Team]) -> None:
    DiscussionTeam.objects.bulk_create(
        DiscussionTeam(municipality_id=discussion.municipality_id, discussion=discussion, team=team)
        for team in teams
    )
    _tell_teams(discussion, teams, "discussion", discussion.pk)


def _seated(discussion: Discussion) -> Iterable[Team]:
    return Team.objects.filter(pk__in=discussion.teams.values("team"))


def _tell_teams(discussion: Discussion, teams: Iterable[Team], what: str, key: object) -> None:
    others = [team for team in teams if team.pk != discussion.team_id]
    recipients = [address for team in others for address in mailboxes(team)]
    path = reverse("anonymous-discussions")
    say(discussion.municipality_id, what, key, recipients, path=path)


def _tell_changed(discussion: Discussion, question: Question, call: str, now: datetime) -> None:
    """Tell the other teams, and the resident where they were invited."""
    key = f"{discussion.pk}:{now.isoformat()}"
    _tell_teams(discussion, _seated(discussion), "discussion-changed", key)
    if discussion.resident_invited:
        _tell_resident(discussion, question, "discussion-resident-changed", key, call, now)


def _invite(discussion: Discussion, question: Question, now: datetime) -> None:
    _tell_resident(discussion, question, "discussion-resident", discussion.pk, INVITE, now)


def _tell_resident(
    discussion: Discussion, question: Question, what: str, key: object, call: str, now: datetime
) -> None:
    """Tell the resident by mail; whom no mail reaches somebody of the team calls."""
    if question.person and reads_mail(question.person):
        path = reverse("my-question", args=[question.pk]) + "#overleg"
        say(question.municipality_id, what, key, [question.person.email], path=path)
        return
    terms = terms_of(question.municipality_id)
    soon = terms.after(timezone.localdate(now), terms.reply)
    due = min(timezone.localdate(discussion.at), soon)
    put_task(question, what=call, due=due, now=now, to_team=True)
