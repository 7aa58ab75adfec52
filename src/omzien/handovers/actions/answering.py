"""The receiver's side: accept, decline, give back, the first contact, and reporting back.

And the resident's word about that first contact.
"""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, QuerySet
from django.utils import timezone

from omzien.handovers.actions.advising import ADVISED
from omzien.handovers.actions.along import ANSWERED
from omzien.handovers.actions.closing import end
from omzien.handovers.actions.notices import tell_coordinators, tell_resident, tell_team
from omzien.handovers.actions.rooms import reserve
from omzien.handovers.actions.waiting import placed
from omzien.handovers.actions.writing import (
    as_receiver,
    give_back,
    locked,
    locked_among,
    move,
    needs_ground,
    save,
)
from omzien.handovers.models import Handover, Involvement
from omzien.handovers.refusals import (
    NeedsContact,
    NeedsGround,
    NeedsReason,
    NotAllowed,
    NotLive,
    WrongState,
)
from omzien.handovers.rules.along import AlongState
from omzien.handovers.rules.states import ContactKind, DeclineReason, State
from omzien.journal.rows import write_changes
from omzien.kernel.ladder import Rung
from omzien.kernel.text import one_line
from omzien.people.kept import kept
from omzien.people.models import Team
from omzien.people.queries.grounds import covering
from omzien.people.queries.mailboxes import of_coordinators, with_mailboxes
from omzien.people.queries.same import is_self
from omzien.people.rules.grounds import HAND_OVER, Category
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.actions.objecting import put
from omzien.questions.actions.working import close
from omzien.questions.actions.writing import give_along, lock_all_of, note, put_task, step_taken
from omzien.questions.actions.writing import move as move_question
from omzien.questions.models import NetworkShare, Question, Task
from omzien.questions.rules.states import Result
from omzien.questions.terms import terms_of

DISPUTED = "Het eerste gesprek dat is vastgelegd, was er niet."
TELL = (
    "De inwoner was niet bij het eerste gesprek en heeft geen mailadres. Bel, en zeg dat je team "
    "nu helpt, hoe het te bereiken is, en dat nee zeggen mag."
)
TOO_OFTEN = 2  # so many declines of one question, and a coordinator looks along


@transaction.atomic
def accept(
    *,
    handover: Handover,
    contact_name: str,
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> Handover:
    """Accept: a named person will call the resident. The owner stays the same until then.

    Where the team counts its places one is reserved; it is free again when this ends.
    Raises NotAllowed, WrongState, Stale, NeedsContact, NeedsGround, NoPlace.
    """
    row = as_receiver(handover, by=by, version=version)
    name = one_line(contact_name, 120)
    if not name:
        raise NeedsContact
    move(row, "accept")
    sender = _sender_if_covered(row, now=now)
    today = timezone.localdate(now)
    room = getattr(row.to_team, "room", None)
    if room is not None and room.places is not None:
        reserve(row.to_team_id, on=today)
    placed(row, by=by, now=now)
    terms = terms_of(row.municipality_id)
    row.contact_name, row.answered_at = name, now
    row.due_on = terms.after(today, terms.contact)
    row.remind_on = terms.after(today, (terms.contact + 1) // 2)
    row.reminded_at = None
    save(row, "accept", by)
    tell_team(row, sender, "accepted")
    return row


def _sender_if_covered(handover: Handover, *, now: datetime) -> Team:
    """Return who offered, with where that is read: with what `needs_ground` asks, in one query.

    Raises NotLive, NeedsGround.
    """
    person, receiver = handover.question.person_id, handover.to_team
    if person is None:
        raise NotLive
    moment = max(now, timezone.now())
    found = _covered_sender(
        handover.from_team_id, person, receiver.pk, receiver.organisation_id, moment
    )
    if not found:
        raise NeedsGround
    return found[0]


@kept
def _covered_sender(
    team: UUID, person: UUID, receiver: UUID, organisation: UUID | None, now: datetime
) -> QuerySet[Team, Team]:
    grounds = covering(
        person, receiver, organisation, now, category=Category.CONTACT, purpose=HAND_OVER
    )
    teams = Team.objects.filter(Exists(grounds), pk=team)
    return with_mailboxes(teams, on=timezone.localdate(now))


@transaction.atomic
def decline(
    *,
    handover: Handover,
    reason: DeclineReason,
    text: str,
    suggestion: str,
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> Handover:
    """Decline, with why and what could be next; the owner gets a task for the next step.

    The second time that a question is declined a coordinator looks along.
    Raises NotAllowed, WrongState, Stale, NeedsReason.
    """
    row = as_receiver(handover, by=by, version=version)
    if not (reason and text.strip() and suggestion.strip()):
        raise NeedsReason
    move(row, "decline")
    row.decline_reason, row.answered_at = reason, now
    row.reason = one_line(text, 500)
    row.suggestion = one_line(suggestion, 300)
    end(row, now=now)
    before = Handover.objects.filter(question=row.question, state=State.DECLINED).count()
    often = before + 1 >= TOO_OFTEN
    save(row, "decline", by, reason=str(reason))
    give_back(row.question, now=now, to_coordinator=often)
    tell_team(row, row.from_team, "declined")
    if often:
        tell_coordinators(row, "declined")
    return row


@transaction.atomic
def return_question(
    *, handover: Handover, reason: str, by: Actor, now: datetime, version: int | None = None
) -> Handover:
    """Give an accepted question back before the first contact.

    Raises NotAllowed, WrongState, Stale, NeedsReason.
    """
    row = as_receiver(handover, by=by, version=version)
    if not reason.strip():
        raise NeedsReason
    move(row, "give-back")
    row.reason = one_line(reason, 500)
    end(row, now=now)
    save(row, "give-back", by)
    give_back(row.question, now=now, to_coordinator=False)
    tell_team(row, row.from_team, "returned")
    return row


@transaction.atomic
def meet(
    *,
    handover: Handover,
    met_on: date,
    met_by: ContactKind,
    resident_was_there: bool,
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> Handover:
    """Confirm the first contact: in this moment the question becomes the receiver's.

    Raises NotAllowed, WrongState, Stale, NeedsContact for a day that is not between the offer
    and today, NeedsGround when the resident took consent back.
    """
    row = as_receiver(handover, by=by, verb="contact.confirm", version=version)
    take_over(
        row, met_on=met_on, met_by=met_by, resident_was_there=resident_was_there, by=by, now=now
    )
    return row


def take_over(
    row: Handover,
    *,
    met_on: date,
    met_by: ContactKind,
    resident_was_there: bool,
    by: Actor,
    now: datetime,
) -> None:
    """Let the receiver own the question of a locked handover; whoever calls asked who may.

    Also when the resident was not there themselves (docs/decisions/0014): they hear so by mail,
    or else from the team, with how to reach it and how to say no.
    """
    today = timezone.localdate(now)
    move(row, "meet")
    if not (met_by and timezone.localdate(row.offered_at) <= met_on <= today):
        raise NeedsContact
    needs_ground(row.question, row.to_team, now=now)
    team = Team.objects.select_for_update(of=("self",)).get(pk=row.to_team_id)
    if team.archived_at:
        raise WrongState
    row.met_on, row.met_by, row.resident_was_there = met_on, met_by, resident_was_there
    row.report_on = terms_of(row.municipality_id).aftercare(today)
    end(row, now=now)
    save(row, "meet", by, kind=str(met_by), resident=resident_was_there)
    _own(row.question, row, by, now)
    tell_team(row, row.from_team, "handed-over")
    tell_resident(row, "handed-over" if resident_was_there else "handed-over-unseen")
    if row.was_unseen and not (row.question.person and row.question.person.email):
        put_task(row.question, what=TELL, due=row.question.due_on or today, now=now, to_team=True)


def _own(question: Question, handover: Handover, by: Actor, now: datetime) -> None:
    """Let the question, and what its old owner still had to do for it, be the receiver's.

    The next step that stood there was the old owner's; the new one says what it is now.
    What came back before is settled now, and so is an answer to what the old owner asked. What
    other teams do for it goes on; the receiver's own
    part ends, for it owns the whole.
    """
    terms = terms_of(question.municipality_id)
    step_taken(question, now=now)  # what asked the old owner for one; it does not move along
    move_question(question, "take-over")
    question.next_action = ""
    question.team_id = handover.to_team_id
    question.holder_id = by.membership if by.team == handover.to_team_id else None
    question.due_on = terms.after(timezone.localdate(now), terms.next_step)
    question.version += 1
    write_changes(question)
    open_ = Task.objects.open().filter(question=question, team=handover.from_team_id)
    open_.filter(kind=Task.Kind.TOLD, what__in=(ADVISED, ANSWERED)).update(done_at=now)
    open_.update(team_id=handover.to_team_id, holder=None)
    give_along(question)
    NetworkShare.objects.with_team(question).update(stopped_at=now)
    Involvement.objects.open().filter(question=question, team=handover.to_team_id).update(
        state=AlongState.ENDED, ended_at=now
    )
    note(question, "own", by, team=str(handover.to_team_id), was=str(handover.from_team_id))


@transaction.atomic
def report_back(
    *,
    handover: Handover,
    result: Result,
    by: Actor,
    now: datetime,
    version: int | None = None,
    is_told: bool = False,
) -> Handover:
    """Tell the sender how it went: the class of the result, and nothing of what was said. Who
    handed the question over before, and heard of no result, hears the same: the teams between
    do not have it any more.

    A team without accounts closes the question in the same breath, for it has no other page to
    do so; the resident must know (`is_told`). Opened again since, it is closed so once more.
    Raises NotAllowed, WrongState, Stale, NeedsReason without a result, NeedsTelling.
    """
    if by.handover is not None:
        lock_all_of(handover.question.person_id)  # for the question may end here
    row = _as_new_owner(handover, by, version)
    if not result:
        raise NeedsReason
    if not (by.handover is not None and row.state == State.REPORTED_BACK and row.is_theirs):
        move(row, "report-back")
    _tell_result(row, result, by, now)
    waiting = Handover.objects.filter(question=row.question, state=State.HANDED_OVER)
    for one in waiting.exclude(pk=row.pk).exclude(from_team=row.to_team_id):
        before = locked(one)
        move(before, "report-back")
        _tell_result(before, result, by, now)
    if by.handover is not None and row.question.is_live:
        close(
            question=row.question,
            result=result,
            rung_reached=Rung(row.question.rung or Rung.GENERAL),
            is_told=is_told,
            by=replace(by, machine=by.key),
            now=now,
        )
    return row


def _tell_result(handover: Handover, result: Result, by: Actor, now: datetime) -> None:
    handover.result, handover.reported_at = result, now
    save(handover, "report-back", by, result=str(result))
    tell_team(handover, handover.from_team, "reported-back")


def _as_new_owner(handover: Handover, by: Actor, version: int | None) -> Handover:
    if by.machine:
        return locked(handover, version=version)
    row = locked_among(Handover.objects.visible_to(by), handover, version=version)
    owns = by.team is not None and by.team == row.question.team_id == row.to_team_id
    by_link = by.handover == row.pk
    if not (owns and (by_link or by.may("question.work"))):
        raise NotAllowed
    return row


@transaction.atomic
def dispute(*, handover: Handover, text: str, by: Actor, now: datetime) -> Handover:
    """Let the resident say that there was no first contact with who owns the question now. The
    owner stays; somebody looks.

    A coordinator of the sender answers the resident, as with each "I do not agree"; one of the
    new owner, if there is one, gets a task and hears of it.
    Raises NotAllowed, WrongState; twice is once.
    """
    row = locked(handover)
    if not (Scope.OWN in by.may("contact.dispute") and is_self(by, row.question.person_id)):
        raise NotAllowed
    if not row.is_theirs:  # of an earlier one too: who is to look reads it no more
        raise WrongState
    if row.disputed_at is not None:
        return row
    row.disputed_at, row.dispute = now, one_line(text, 500)
    save(row, "dispute", by)
    put(
        question=row.question,
        why=f"{DISPUTED} {row.dispute}".strip(),
        key=row.pk,
        by=by,
        now=now,
        first=row.from_team_id,
    )
    looks = bool(of_coordinators(row.to_team, on=timezone.localdate(now)))
    give_back(row.question, now=now, to_coordinator=looks, next_step=False)
    if looks:
        tell_coordinators(row, "disputed", team=row.to_team)
    return row
