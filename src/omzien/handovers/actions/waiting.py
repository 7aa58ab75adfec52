"""Waiting for a place: onto the list, who is called, word to the resident, and off the list.

The question stays with its team all the time. The receiver sees since when somebody waits and for
what, and nothing of whom; that it does only by a handover, which a ground must cover.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.directory.models import Service
from omzien.handovers.actions.due import at_the_clock
from omzien.handovers.actions.others import (
    locked_row,
    move,
    nameless,
    on_the_list,
    other_team,
    save,
    still,
)
from omzien.handovers.actions.rooms import locked_room, promised_by
from omzien.handovers.mails import MAILS
from omzien.handovers.models import Handover, Room, Wait
from omzien.handovers.queries.rooms import free_of
from omzien.handovers.refusals import (
    AlreadyOpen,
    NeedsReason,
    NeedsTelling,
    NeedsWords,
    NoList,
    NoPlace,
    NoRule,
    NotAllowed,
    WrongState,
)
from omzien.handovers.rules.waiting import OPEN_WAIT, Lapse, WaitState, hears_on
from omzien.journal.each import one_by_one
from omzien.journal.isolation import working_for
from omzien.kernel.text import one_line
from omzien.messages.letters import write_to
from omzien.people.kept import kept
from omzien.people.models import Team
from omzien.people.queries.mandates import decides_for
from omzien.people.rules.roles import SYSTEM, Actor
from omzien.questions.actions.telling import coordinators, mailboxes
from omzien.questions.actions.writing import (
    bring_forward,
    locked,
    locked_owned,
    note,
    once,
    owned,
    put_task,
)
from omzien.questions.models import Question, Task
from omzien.questions.queries.reached import sides
from omzien.questions.terms import terms_of

# What the owner finds on the list.
PLACE_FREE = "Er is plek waar de inwoner op wacht. Bel, en bied de vraag aan bij Warm overdragen."
HEARS = "De inwoner wacht op een plek. Bel hoe het gaat, en leg dat vast bij Samen met anderen."


@transaction.atomic
def put_on_list(
    *,
    question: Question,
    team: Team,
    what: str,
    bridge: str,
    is_told: bool,
    by: Actor,
    now: datetime,
    service: Service | None = None,
    goes_first: bool = False,
    key: UUID | None = None,
) -> Wait:
    """Let a question wait for a place in another team; it stays where it is. By the same `key`,
    of the form, it is once.

    `what` is read by that team, and names nobody. What bridges the wait is words or an entry of
    the social map. A question that waited when it was closed, and opened again, waits since the
    same day as then.
    Raises NotAllowed, NotLive, SameTeam, TeamArchived, NobodyReads, NoList, NeedsWords,
    NamesSomebody, NeedsTelling, NoRule (goes first where no rule says who does), AlreadyOpen.
    """
    row = locked_owned(question, by=by, verb="handover.offer")
    words, helps = one_line(what, 300), one_line(bridge, 300)
    own = once(row.pk, key, team.pk, words, helps)
    if before := Wait.objects.filter(pk=own).first():
        return before
    other_team(row, team, now=now)
    room = Room.objects.filter(team=team).first()
    if room is None or not room.has_list:
        raise NoList
    if not words or not (helps or service):
        raise NeedsWords
    nameless(row, words)
    if not is_told:
        raise NeedsTelling
    if goes_first and not room.first_rule:
        raise NoRule
    if _is_there(row, team):
        raise AlreadyOpen
    weeks = terms_of(row.municipality_id).waiting_weeks
    today = timezone.localdate(now)
    remind_on, due_on = hears_on(today, weeks)
    stopped = Wait.objects.filter(question=row, team=team, lapse=Lapse.ENDED)
    wait = Wait(
        pk=own,
        municipality=row.municipality,
        question=row,
        team=team,
        what=words,
        bridge=helps or one_line(service.title if service else "", 300),
        service=service.pk if service else None,
        since=min([now, *stopped.values_list("since", flat=True)]),
        entered_at=now,
        contact_weeks=weeks,
        first_rule=room.first_rule,
        goes_first=goes_first,
        heard_on=today,
        remind_on=remind_on,
        due_on=due_on,
    )
    wait.save(force_insert=True)
    note(row, "wait", by, wait=str(wait.pk), to=str(team.pk))
    _tell(wait, mailboxes(team), "team-wait-entered", reverse("handovers"))
    _tell_resident(wait, "wait-entered")
    return wait


def _is_there(question: Question, team: Team) -> bool:
    """Tell whether a question waits for a team already, or is offered to it."""
    ours = {"question": question, "team": team}
    asked = Handover.objects.open().filter(question=question, to_team=team)
    return Wait.objects.open().filter(**ours).exists() or asked.exists()


@transaction.atomic
def keep_contact(
    *, wait: Wait, by: Actor, now: datetime, bridge: str = "", version: int | None = None
) -> Wait:
    """Write down that the resident was spoken to and still waits, and what helps meanwhile if
    that is something else now; the clock starts anew.

    After a place that came to nothing this puts the question in line again.
    Raises NotAllowed, NotLive, WrongState, Stale.
    """
    question = locked_owned(wait.question_id, by=by, verb="question.work")
    row = locked_row(wait, version)
    if row.state not in OPEN_WAIT:
        raise WrongState
    _heard(row, now)
    row.paused_at = None
    if helps := one_line(bridge, 300):
        row.bridge, row.service = helps, None
    save(row)
    _settle(question, now)
    note(question, "wait-contact", by, wait=str(row.pk))
    return row


@transaction.atomic
def take_off(
    *, wait: Wait, by: Actor, now: datetime, reason: str = "", version: int | None = None
) -> Wait:
    """Take a question off a list: the resident or who acts for them, or its team, which says why.

    Raises NotAllowed, NotLive, WrongState (also while it is offered: then the handover is
    withdrawn), Stale, NeedsReason.
    """
    question = locked(wait.question_id)
    row = locked_row(wait, version)
    why = _who_takes_off(question, by)
    if why == Lapse.OWNER and not reason.strip():
        raise NeedsReason
    move(row, "lapse")
    row.lapse, row.reason = why, one_line(reason, 300)
    _end(row, now)
    save(row)
    _settle(question, now)
    note(question, "wait-lapse", by, wait=str(row.pk), why=str(why))
    if why == Lapse.RESIDENT:
        path = reverse("along", args=[question.pk])
        _tell(row, mailboxes(question.team), "team-wait-left", path)
    else:
        _tell_resident(row, "wait-ended")
    return row


def _who_takes_off(question: Question, by: Actor) -> Lapse:
    if decides_for(by, question.person_id, verb="handover.ask"):
        return Lapse.RESIDENT
    owned(question, by=by, verb="handover.offer")
    return Lapse.OWNER


# A place is free


@transaction.atomic
def call(*, wait: Wait, by: Actor, now: datetime, reason: str = "") -> Wait:
    """Say, as the team that is waited for, that there is a place for one on its list.

    Who is not the first in line is called with a reason. Raises NotAllowed, WrongState, NoPlace
    (where places are counted, and none is left), NeedsReason.
    """
    question = locked(wait.question_id)
    row = locked_row(wait, None)
    if by.team != row.team_id or not by.may("contact.confirm"):
        raise NotAllowed
    if not Question.objects.apart_from(by).filter(pk=question.pk).exists():
        raise NotAllowed  # of somebody close to them
    first = Wait.objects.to_call().filter(team=row.team_id).first()
    if row.state != WaitState.WAITING or row.called_at or row.paused_at:
        raise WrongState
    why = one_line(reason, 300)
    if first is not None and first.pk != row.pk and not why:
        raise NeedsReason
    left = _left(row.team_id, now)
    if left is not None and left < 1:
        raise NoPlace
    row.skip_reason = why if first is not None and first.pk != row.pk else ""
    _call(row, question, by, now)
    return row


@transaction.atomic
def call_first(*, wait: Wait, now: datetime) -> bool:
    """Call, by the clock, the first in line of a team that counts a free place; tell whether
    `wait` is that one, and was called now.
    """
    question = locked(wait.question_id)
    row = locked_row(wait, None)
    left = _left(row.team_id, now)  # locks the room: from here on the line stands still
    first = Wait.objects.to_call().filter(team=row.team_id).first()
    if left is None or left < 1 or first is None or first.pk != row.pk:
        return False
    _call(row, question, SYSTEM, now)
    return True


def _left(team: UUID, now: datetime) -> int | None:
    """Return how many free places of a team are meant for nobody yet, with its room locked; None
    where nothing is counted.
    """
    free = free_of(locked_room(team), on=timezone.localdate(now))
    return None if free is None else free - promised_by(team)


def _call(row: Wait, question: Question, by: Actor, now: datetime) -> None:
    terms = terms_of(row.municipality_id)
    row.called_at = now
    row.call_until = terms.after(timezone.localdate(now), terms.answer)
    save(row)
    _put(question, PLACE_FREE, now)
    note(question, "wait-call", by, wait=str(row.pk), to=str(row.team_id))
    path = reverse("offer", args=[question.pk])
    _tell(row, mailboxes(question.team), "team-wait-called", path, mark=_day(row.call_until))


# What happens with the handover that offers the question: in the transaction of that


def offered(wait: UUID, question: Question, *, by: Actor, now: datetime) -> None:
    """Tie the wait of a locked question to the handover that is made. Raises WrongState."""
    _follow(wait, question, "offer", by, now)


def placed(handover: Handover, *, by: Actor, now: datetime) -> None:
    """Let the wait of a handover, if it has one, end with a place: the receiver accepted."""
    if handover.wait_id is not None:
        _follow(handover.wait_id, handover.question, "place", by, now)


def came_back(handover: Handover, *, now: datetime) -> None:
    """Let the wait of a handover, if it has one, go on: it ended without a first contact.

    Since the same day; its team asks the resident first whether they wait still.
    """
    if handover.wait_id is not None:
        _follow(handover.wait_id, handover.question, "back", SYSTEM, now)


def _follow(key: UUID, question: Question, name: str, by: Actor, now: datetime) -> None:
    row = Wait.objects.select_for_update(of=("self",)).get(pk=key)
    move(row, name)
    if name == "place":
        _end(row, now)
    elif name == "back":
        _hears_soon(row, now)
        row.ended_at, row.paused_at = None, now
    row.called_at = row.call_until = None
    save(row)
    _settle(question, now)
    note(question, f"wait-{name}", by, wait=str(row.pk))


# The clock


def run_waits(*, municipality: Municipality, now: datetime) -> int:
    """Remind teams of who waits, say what was forgotten, and call who is next; return how much
    that was. Twice is once, and each has its own transaction.
    """
    code, today = municipality.code, timezone.localdate(now)
    with working_for(code):
        late, over, missed = (
            at_the_clock(code, today, of=Wait, what=what)
            for what in ("to_remind", "due", "uncalled")
        )
    count = one_by_one(code, "remind-wait", late, lambda one: remind_wait(wait=one, now=now))
    count += one_by_one(code, "overdue-wait", over, lambda one: say_overdue(wait=one, now=now))
    count += one_by_one(code, "miss-call", missed, lambda one: miss_call(wait=one, now=now))
    with working_for(code):
        teams = _with_places(code)
    for team in teams:
        while one_by_one(code, "call-first", [team], lambda key: _call_next(key, now)):
            count += 1
    return count


@kept
def _with_places(code: str) -> QuerySet[Wait, UUID]:
    """Return the teams that count places, and for which somebody can be called."""
    rows = Wait.objects.filter(municipality=code).to_call()
    counting = rows.filter(team__room__places__isnull=False).order_by("team")
    return counting.values_list("team", flat=True).distinct()


def _call_next(team: UUID, now: datetime) -> bool:
    first = Wait.objects.to_call().filter(team=team).first()
    return first is not None and call_first(wait=first, now=now)


@transaction.atomic
def remind_wait(*, wait: Wait, now: datetime) -> bool:
    """Ask the team of a resident who waits to let hear from them, once for each clock; tell
    whether that was done now.
    """
    question, row = still(Wait.objects.to_remind(on=timezone.localdate(now)), wait)
    if row is None:
        return False
    row.reminded_at = now
    save(row)
    _put(question, HEARS, now)
    note(question, "wait-remind", SYSTEM, wait=str(row.pk))
    path = reverse("along", args=[question.pk])
    _tell(row, mailboxes(question.team), "team-wait-remind", path, mark=_day(row.due_on))
    return True


@transaction.atomic
def say_overdue(*, wait: Wait, now: datetime) -> bool:
    """Tell who coordinates that a resident who waits heard nothing in time, and do so again as
    long as it lasts; tell whether that was done now.
    """
    today = timezone.localdate(now)
    question, row = still(Wait.objects.due(on=today), wait)
    if row is None:
        return False
    terms, was_due = terms_of(row.municipality_id), row.due_on
    row.reminded_at, row.overdue_at = row.reminded_at or now, row.overdue_at or now
    row.due_on = terms.after(today, terms.answer)
    save(row)
    _escalate(row, question, "team-wait-overdue", _day(was_due), now)
    return True


@transaction.atomic
def miss_call(*, wait: Wait, now: datetime) -> bool:
    """Give a place that was not offered in time to the next; the question waits on, and who
    coordinates looks why. Tell whether that was done now.
    """
    question, row = still(Wait.objects.uncalled(on=timezone.localdate(now)), wait)
    if row is None:
        return False
    was_until = row.call_until
    row.called_at = row.call_until = None
    row.paused_at = now
    save(row)
    _settle(question, now)
    _escalate(row, question, "team-wait-missed", _day(was_until), now)
    return True


def _escalate(row: Wait, question: Question, code: str, mark: str, now: datetime) -> None:
    terms = terms_of(row.municipality_id)
    due = terms.after(timezone.localdate(now), terms.next_step)
    if not Task.objects.open().filter(question=question, kind=Task.Kind.COORDINATOR).exists():
        put_task(question, Task.Kind.COORDINATOR, due=due, now=now)
    bring_forward(question, due)
    note(question, code.removeprefix("team-"), SYSTEM, wait=str(row.pk))
    path = reverse("along", args=[question.pk])
    _tell(row, coordinators(question.team), code, path, mark=mark)


# What each of these does


def _heard(row: Wait, now: datetime) -> None:
    row.heard_on = timezone.localdate(now)
    row.remind_on, row.due_on = hears_on(row.heard_on, row.contact_weeks)
    row.reminded_at = row.overdue_at = None


def _hears_soon(row: Wait, now: datetime) -> None:
    """Let the clock ask for a word to the resident within days: a place came to nothing. Their
    team was told of that already.
    """
    today = timezone.localdate(now)
    terms = terms_of(row.municipality_id)
    row.remind_on, row.due_on = today, terms.after(today, terms.answer)
    row.reminded_at, row.overdue_at = now, None


def _end(row: Wait, now: datetime) -> None:
    row.ended_at = now
    row.remind_on = row.due_on = None
    row.called_at = row.call_until = None


def _put(question: Question, what: str, now: datetime) -> None:
    """Put something on the list of who holds a question; once there is enough."""
    terms = terms_of(question.municipality_id)
    due = terms.after(timezone.localdate(now), terms.next_step)
    if not on_the_list(question, what).exists():
        put_task(question, Task.Kind.TOLD, what=what, due=due, now=now)
    bring_forward(question, due)


def _settle(question: Question, now: datetime) -> None:
    """Let those tasks be done that no wait of the question asks for any more."""
    waits = Wait.objects.open().filter(question=question)
    for what, asks in (
        (PLACE_FREE, Q(called_at__isnull=False)),
        (HEARS, Q(reminded_at__isnull=False)),
    ):
        if not waits.filter(asks).exists():
            on_the_list(question, what).update(done_at=now)


def _day(day: Any) -> str:
    return f":{day.isoformat()}"


def _tell(wait: Wait, whom: Iterable[str], code: str, path: str, *, mark: str = "") -> None:
    write_to(
        whom,
        MAILS,
        code,
        municipality=wait.municipality,
        key=f"wait:{wait.pk}:{code}{mark}",
        path=path,
    )


def _tell_resident(wait: Wait, what: str) -> None:
    """Tell the resident, and who gets mail for them, as with a handover."""
    path, mark = reverse("my-question", args=[wait.question_id]), f":{what}"
    own, others, told = sides(wait.question)
    _tell(wait, own, f"resident-{what}", path)
    _tell(wait, others, "proxy-changed", path, mark=mark)
    _tell(wait, told, "proxy-told", path, mark=mark)
