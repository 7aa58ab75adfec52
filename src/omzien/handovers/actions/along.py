"""Referrals, advice and working along: the question stays where it is."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.handovers.actions.due import at_the_clock
from omzien.handovers.actions.writing import give_back, needs_ground, needs_reader
from omzien.handovers.mails import MAILS
from omzien.handovers.models import Consult, Involvement, Referral
from omzien.handovers.refusals import (
    AlreadyOpen,
    DayIsPast,
    NamesSomebody,
    NeedsReason,
    NeedsWords,
    NotAllowed,
    SameTeam,
    Stale,
    TeamArchived,
    WrongState,
)
from omzien.handovers.rules.along import (
    ALONG,
    CONSULT,
    OPEN_CONSULT,
    OPEN_REFERRAL,
    REFERRAL,
    Move,
)
from omzien.handovers.rules.mentions import tells
from omzien.journal.actions import record
from omzien.journal.each import one_by_one
from omzien.journal.isolation import working_for
from omzien.kernel.text import clean, one_line
from omzien.messages.letters import write_to
from omzien.people.actions.memberships import held_live
from omzien.people.models import Team
from omzien.people.rules.grounds import LET_ALONG
from omzien.people.rules.roles import SYSTEM, Actor
from omzien.questions.actions.discussing import keep_decision, unseat_uncovered
from omzien.questions.actions.telling import mailboxes
from omzien.questions.actions.writing import (
    locked,
    locked_owned,
    note,
    once,
    owned,
    put_task,
    step_taken,
)
from omzien.questions.models import Discussion, DiscussionTeam, Question, Task
from omzien.questions.rules.states import Result
from omzien.questions.terms import terms_of

Waiting = Consult | Involvement | Referral

# What the owner finds on the list when another team answered.
ADVISED = "Er is antwoord op je vraag om raad. Lees het bij Samen met anderen."
ANSWERED = "Een ander team gaf antwoord over meedoen. Kijk bij Samen met anderen."
# And when none answered, or when nobody knows yet how it went.
NO_ADVICE = "Op je vraag om raad kwam geen antwoord. Vraag een ander team, of kies zelf wat nu kan."
NO_ANSWER = "Een ander team gaf geen antwoord over meedoen. Vraag een ander team, of bel het."
HOW_IT_WENT = "Vraag hoe het ging waar de inwoner heen ging. Schrijf het bij Samen met anderen."

# Referral: the resident goes there


@transaction.atomic
def refer(
    *,
    question: Question,
    name: str,
    what: str,
    by: Actor,
    now: datetime,
    service: UUID | None = None,
    team: Team | None = None,
    key: UUID | None = None,
) -> Referral:
    """Write down where the resident goes for a part; the question stays. By the same `key`, of
    the form, it is once.

    Raises NotAllowed, NotLive, NeedsWords.
    """
    row = locked_owned(question, by=by, verb="question.work")
    called, wanted = one_line(clean(name), 200), one_line(clean(what), 500)
    if not (called and wanted):
        raise NeedsWords
    own = once(row.pk, key, called, wanted)
    if before := Referral.objects.filter(pk=own).first():
        return before
    referral = Referral(
        pk=own,
        municipality_id=row.municipality_id,
        question=row,
        service=service,
        team=team,
        name=called,
        what=wanted,
        made_at=now,
    )
    referral.due_on = _asks_on(referral, now)
    referral.save(force_insert=True)
    note(row, "refer", by, referral=str(referral.pk))
    return referral


@transaction.atomic
def move_referral(
    *,
    referral: Referral,
    name: str,
    by: Actor,
    now: datetime,
    result: Result | None = None,
    reason: str = "",
    version: int | None = None,
) -> Referral:
    """Write down what came of it: "accept", "decline", "finish" or "stop".

    Raises NotAllowed, NotLive, WrongState, Stale, NeedsReason (declined without why, or finished
    without a result).
    """
    question = locked_owned(referral.question_id, by=by, verb="question.work")
    row: Referral = _locked(Referral, referral.pk, version)
    if (name == "decline" and not reason.strip()) or (name == "finish" and not result):
        raise NeedsReason
    _move(row, REFERRAL, name)
    row.reason, row.result = one_line(clean(reason), 300), result or ""
    if name == "accept":  # something was heard: the clock starts anew
        row.reminded_at, row.due_on = None, _asks_on(row, now)
    else:
        row.ended_at, row.due_on = now, None
    row.save()
    _heard_how_it_went(question, now)
    note(question, f"{name}-referral", by, referral=str(row.pk), result=str(row.result))
    return row


# Advice: nobody's name


@transaction.atomic
def ask_advice(
    *,
    question: Question,
    to_team: Team,
    text: str,
    by: Actor,
    now: datetime,
    key: UUID | None = None,
) -> Consult:
    """Ask another team for advice, without telling about whom; by the same `key` it is once.

    Raises NotAllowed, NotLive, SameTeam, TeamArchived, NobodyReads, NeedsWords, NamesSomebody.
    """
    row = locked_owned(question, by=by, verb="question.work")
    other_team(row, to_team, now=now)
    words = clean(text)[:4000]
    if not words:
        raise NeedsWords
    nameless(row, words)
    own = once(row.pk, key, to_team.pk, words)
    if before := Consult.objects.filter(pk=own).first():
        return before
    today, terms = timezone.localdate(now), terms_of(row.municipality_id)
    consult = Consult.objects.create(
        pk=own,
        municipality_id=row.municipality_id,
        question=row,
        from_team_id=row.team_id,
        to_team=to_team,
        text=words,
        remind_on=terms.after(today, terms.remind),
        due_on=terms.after(today, terms.answer),
        asked_at=now,
    )
    note_advice(consult, "ask-advice", by)
    _tell(consult, "advice", to_team, "advice-asked", reverse("consult", args=[consult.pk]))
    return consult


@transaction.atomic
def move_consult(
    *,
    consult: Consult,
    name: str,
    by: Actor,
    now: datetime,
    answer: str = "",
    version: int | None = None,
) -> Consult:
    """Answer, decline or withdraw. Raises NotAllowed, WrongState, Stale, NeedsWords."""
    question = locked(consult.question_id)
    row: Consult = _locked(Consult, consult.pk, version)
    side = row.from_team_id if name == "withdraw" else row.to_team_id
    if by.person is None or by.team != side or not by.may("question.work"):
        raise NotAllowed
    words = clean(answer)[:4000]
    if name == "answer" and not words:
        raise NeedsWords
    _move(row, CONSULT, name)
    row.answer, row.ended_at, row.due_on = words, now, None
    row.save()
    note_advice(row, f"{name}-advice", by)
    if name != "withdraw":
        if question.team_id == row.from_team_id:
            _put_answer(question, ADVISED, now)
        path = reverse("consult", args=[row.pk])
        _tell(row, "advice", row.from_team, "advice-given", path)
    return row


def note_advice(consult: Consult, verb: str, by: Actor) -> None:
    """Write a fact that tells of no question: who advises must not find out which one it was,
    and who reads what happened with the question must not find out who advised.
    """
    record(
        verb=verb,
        subject="consult",
        subject_id=consult.pk,
        by=by.key,
        municipality=consult.municipality_id,
        to=str(consult.to_team_id),
    )


def nameless(question: Question, text: str) -> None:
    """Check that a text does not tell who the resident is. Raises NamesSomebody."""
    people = [one for one in (question.person, question.asked_by) if one is not None]
    found = tells(
        text,
        names=[one.name for one in people],
        phones=[one.phone for one in people],
        mails=[one.email for one in people],
    )
    if found or question.reference.casefold() in text.casefold():
        raise NamesSomebody(found or "name")


# Working along


@transaction.atomic
def involve(
    *,
    question: Question,
    team: Team,
    part: str,
    by: Actor,
    now: datetime,
    key: UUID | None = None,
) -> Involvement:
    """Ask another team to do a part. It sees the question as far as a ground goes. By the same
    `key`, of the form, it is once.

    Raises NotAllowed, NotLive, SameTeam, TeamArchived, NobodyReads, NeedsWords, NeedsGround,
    AlreadyOpen.
    """
    row = locked_owned(question, by=by, verb="handover.offer")
    other_team(row, team, now=now)
    words = one_line(clean(part), 300)
    if not words:
        raise NeedsWords
    own = once(row.pk, key, team.pk, words)
    if before := Involvement.objects.filter(pk=own).first():
        return before
    needs_ground(row, team, now=now, purposes=LET_ALONG)
    today, terms = timezone.localdate(now), terms_of(row.municipality_id)
    try:
        with transaction.atomic():
            found = Involvement.objects.create(
                pk=own,
                municipality_id=row.municipality_id,
                question=row,
                team=team,
                part=words,
                remind_on=terms.after(today, terms.remind),
                due_on=terms.after(today, terms.answer),
                asked_at=now,
            )
    except IntegrityError:
        raise AlreadyOpen from None
    step_taken(row, now=now)
    note(row, "involve", by, team=str(team.pk))
    path = reverse("along", args=[row.pk])
    _tell(found, "along", team, "along-asked", path)
    return found


@transaction.atomic
def move_involvement(
    *,
    involvement: Involvement,
    name: str,
    by: Actor,
    now: datetime,
    reason: str = "",
    version: int | None = None,
) -> Involvement:
    """Join, decline or leave, as the other team; or end it, as the owner.

    What the other team still had to do becomes the owner's. Raises NotAllowed, NotLive,
    WrongState, Stale, NeedsReason, NeedsGround.
    """
    question = locked(involvement.question_id)
    row: Involvement = _locked(Involvement, involvement.pk, version)
    if name == "end":
        owned(question, by=by, verb="question.work")
    elif by.person is None or by.team != row.team_id or not by.may("question.work"):
        raise NotAllowed
    elif not Question.objects.apart_from(by).filter(pk=question.pk).exists():
        raise NotAllowed  # of a relative
    if name == "decline" and not reason.strip():
        raise NeedsReason
    _move(row, ALONG, name)
    if name == "join":
        needs_ground(question, row.team, now=now, purposes=LET_ALONG)
    row.reason, row.due_on = one_line(clean(reason), 300), None
    if name in ("join", "decline"):
        row.answered_at = now
    if name == "join":
        row.save()
    else:
        _end_part(row, question, now)
    note(question, f"{name}-along", by, team=str(row.team_id))
    if name != "end":
        _put_answer(question, ANSWERED, now)
    team, what = (row.team, "along-ended") if name == "end" else (question.team, "along-answered")
    _tell(row, "along", team, what, reverse("along", args=[question.pk]), mark=f":{name}")
    return row


def stop_uncovered(*, person: UUID, by: Actor, now: datetime) -> int:
    """End the parts in a person's questions, and the seats in coming discussions, that no ground
    covers any more.

    Both teams hear it, and the next step is on the owner's list. Returns how many ended.
    """
    parts = Involvement.objects.uncovered(at=now).filter(question__person=person)
    seats = DiscussionTeam.objects.uncovered(at=now).filter(discussion__question__person=person)
    questions = (
        parts.order_by()
        .values_list("question", flat=True)
        .union(seats.order_by().values_list("discussion__question", flat=True))
    )
    return sum(_stop_uncovered(key, by, now) for key in sorted(questions))


def _stop_uncovered(key: UUID, by: Actor, now: datetime) -> int:
    question = locked(key)
    parts = Involvement.objects.uncovered(at=now).filter(question=question)
    ended = list(parts.select_related("team", "municipality").select_for_update(of=("self",)))
    for part in ended:
        _end_for_team(part, question, by=by, now=now)
    count = len(ended) + unseat_uncovered(question, by=by, now=now)
    if count and question.is_live:
        give_back(question, now=now, to_coordinator=False)
        write_to(
            mailboxes(question.team),
            MAILS,
            "team-along-stopped",
            municipality=question.municipality,
            key=f"along-stopped:{question.pk}:{now.isoformat()}",
            path=reverse("along", args=[question.pk]),
        )
    return count


def _end_for_team(part: Involvement, question: Question, *, by: Actor, now: datetime) -> None:
    """End a part that the other team did not end itself; it hears so."""
    _move(part, ALONG, "end")
    _end_part(part, question, now)
    note(question, "end-along", by, team=str(part.team_id))
    path = reverse("along", args=[question.pk])
    _tell(part, "along", part.team, "along-ended", path, mark=":end")


def _end_part(part: Involvement, question: Question, now: datetime) -> None:
    """Save a part that ended; what its team still had to do becomes the owner's."""
    part.ended_at, part.due_on = now, None
    part.save()
    Task.objects.open().filter(question=question, team=part.team_id).update(
        team_id=question.team_id, holder=None
    )


def stop_asking(question: Question, *, by: Actor, now: datetime) -> None:
    """End the parts, the questions for advice and the referrals of a question that ends."""
    for part in (
        Involvement.objects.open().filter(question=question).select_for_update(of=("self",))
    ):
        _end_for_team(part, question, by=by, now=now)
    for consult in question.consults.filter(state__in=OPEN_CONSULT).select_for_update(of=("self",)):
        _move(consult, CONSULT, "withdraw")
        consult.ended_at, consult.due_on = now, None
        consult.save()
        note_advice(consult, "withdraw-advice", by)
    for referral in question.referrals.filter(state__in=OPEN_REFERRAL).select_for_update(
        of=("self",)
    ):
        _move(referral, REFERRAL, "stop")
        referral.ended_at, referral.due_on = now, None
        referral.save()
        note(question, "stop-referral", by, referral=str(referral.pk))


@transaction.atomic
def give_task(
    *,
    involvement: Involvement,
    what: str,
    due_on: date,
    by: Actor,
    now: datetime,
    key: UUID | None = None,
) -> Task:
    """Give a team that works along something to do, and tell it; by the same `key`, of the form,
    once.

    Raises NotAllowed, NotLive, NeedsWords, DayIsPast.
    """
    question = locked_owned(involvement.question_id, by=by, verb="question.work")
    row = _locked(Involvement, involvement.pk, None)
    if row.state != "along":
        raise WrongState
    words = one_line(clean(what), 200)
    if not words:
        raise NeedsWords
    if due_on < timezone.localdate(now):
        raise DayIsPast
    own = once(question.pk, key, words, due_on, row.team_id)
    if before := Task.objects.filter(pk=own).first():
        return before
    task = Task.objects.create(
        pk=own,
        municipality_id=row.municipality_id,
        question=question,
        what=words,
        team_id=row.team_id,
        due_on=due_on,
        made_at=now,
    )
    note(question, "add-task", by, task=str(task.pk), team=str(row.team_id))
    path = reverse("along", args=[question.pk])
    _tell(row, "along", row.team, "along-task", path, mark=f":{task.pk}")
    return task


@transaction.atomic
def decide_for(
    *,
    discussion: Discussion,
    involvement: Involvement,
    what: str,
    due_on: date,
    by: Actor,
    now: datetime,
    key: UUID | None = None,
) -> Task:
    """Write down what a discussion decided that another team does: a task of that team.

    Raises WrongState for a part in another question, and what `give_task` raises.
    """
    if discussion.question_id != involvement.question_id:
        raise WrongState
    task = give_task(involvement=involvement, what=what, due_on=due_on, by=by, now=now, key=key)
    keep_decision(discussion, task)
    return task


# The clock: one reminder, and then it ends by silence


def run_along(*, municipality: Municipality, now: datetime) -> int:
    """Remind who was asked, ask owners how a referral went, end what nobody answered; return how
    much that was. Twice is once, and each has its own transaction.
    """
    code, today = municipality.code, timezone.localdate(now)
    over: list[Waiting] = []
    late: list[Waiting] = []
    with working_for(code):
        for model in (Consult, Involvement, Referral):
            over += at_the_clock(code, today, of=model, what="due")
            late += at_the_clock(code, today, of=model, what="to_remind")
    count = one_by_one(code, "expire-along", over, lambda one: expire_along(part=one, now=now))
    return count + one_by_one(
        code, "remind-along", late, lambda one: remind_along(part=one, now=now)
    )


@transaction.atomic
def remind_along(*, part: Waiting, now: datetime) -> bool:
    """Remind the team that was asked, or ask the owner how a referral went, once for each clock;
    tell whether that was done now.
    """
    question = locked(part.question_id)
    row = _still(type(part).objects.to_remind(on=timezone.localdate(now)), part)
    if row is None:
        return False
    row.reminded_at = now
    along = reverse("along", args=[question.pk])
    match row:
        case Consult():
            note_advice(row, "remind-advice", SYSTEM)
            path = reverse("consult", args=[row.pk])
            _tell(row, "advice", row.to_team, "advice-reminded", path)
        case Involvement():
            note(question, "remind-along", SYSTEM, team=str(row.team_id))
            _tell(row, "along", row.team, "along-reminded", along)
        case Referral():
            asked_on, row.due_on = row.due_on, _asks_on(row, now)
            note(question, "ask-referral", SYSTEM, referral=str(row.pk))
            _ask_how_it_went(question, now)
            mark = f":{asked_on}"
            _tell(row, "referral", question.team, "referral-due", along, mark=mark)
    row.save(update_fields=["reminded_at", "due_on"])
    return True


@transaction.atomic
def expire_along(*, part: Waiting, now: datetime) -> bool:
    """End what nobody answered in its term; the owner gets a task. Tell whether that was done now.

    It counts as no answer, not as a decline.
    """
    question = locked(part.question_id)
    row = _still(type(part).objects.due(on=timezone.localdate(now)), part)
    if row is None:
        return False
    along = reverse("along", args=[question.pk])
    match row:
        case Consult():
            _move(row, CONSULT, "expire")
            note_advice(row, "expire-advice", SYSTEM)
            if question.team_id == row.from_team_id:
                _put_answer(question, NO_ADVICE, now)
            path = reverse("consult", args=[row.pk])
            _tell(row, "advice", row.from_team, "advice-expired", path)
        case Involvement():
            _move(row, ALONG, "expire")
            note(question, "expire-along", SYSTEM, team=str(row.team_id))
            _put_answer(question, NO_ANSWER, now)
            _tell(row, "along", question.team, "along-expired", along)
        case Referral():
            _move(row, REFERRAL, "expire")
            note(question, "expire-referral", SYSTEM, referral=str(row.pk))
            _ask_how_it_went(question, now)
            _tell(row, "referral", question.team, "referral-expired", along)
    row.ended_at, row.due_on = now, None
    row.save()
    return True


def _still(rows: Any, part: Waiting) -> Waiting | None:
    """Return a row, locked, if the clock still has something to do with it."""
    found: Waiting | None = rows.select_for_update(of=("self",)).filter(pk=part.pk).first()
    return found


def _asks_on(referral: Referral, now: datetime) -> date:
    terms = terms_of(referral.municipality_id)
    return terms.after(timezone.localdate(now), terms.contact)


def _how_it_went(question: Question) -> QuerySet[Task]:
    return Task.objects.open().filter(question=question, kind=Task.Kind.TOLD, what=HOW_IT_WENT)


def _ask_how_it_went(question: Question, now: datetime) -> None:
    """Put on the owner's list to ask how it went; one that waits there already is enough."""
    if not _how_it_went(question).exists():
        _put_answer(question, HOW_IT_WENT, now)


def _heard_how_it_went(question: Question, now: datetime) -> None:
    """Let that task be done, unless it is about another referral as well."""
    asked = question.referrals.filter(state__in=OPEN_REFERRAL, reminded_at__isnull=False)
    if not asked.exists():
        _how_it_went(question).update(done_at=now)


def _put_answer(question: Question, what: str, now: datetime) -> None:
    """Put on the list of who holds a locked question that another team answered."""
    if question.is_live:
        put_task(question, Task.Kind.TOLD, what=what, due=timezone.localdate(now), now=now)


def other_team(question: Question, team: Team, *, now: datetime) -> None:
    """Check that a team can be asked along. Raises SameTeam, TeamArchived, NobodyReads."""
    if team.pk == question.team_id:
        raise SameTeam
    if not held_live(team.pk):
        raise TeamArchived
    needs_reader(team, now=now)


def _locked(model: Any, key: UUID, version: int | None) -> Any:
    row = model.objects.select_for_update(of=("self",)).get(pk=key)
    if version is not None and row.version != version:
        raise Stale
    return row


def _move(row: Any, table: Mapping[str, Move], name: str) -> None:
    step = table[name]
    if row.state not in step.start:
        raise WrongState
    row.state = step.end
    row.version += 1


def _tell(row: Any, kind: str, team: Team, what: str, path: str, *, mark: str = "") -> None:
    write_to(
        mailboxes(team),
        MAILS,
        f"team-{what}",
        municipality=row.municipality,
        key=f"{kind}:{row.pk}{mark}:{what}",
        path=path,
    )
