"""Worries about somebody: report, pick up, and either contact or nothing."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from omzien.areas.models import Municipality, Village
from omzien.journal.actions import record
from omzien.kernel.text import clean, one_line
from omzien.people.models import Team
from omzien.people.rules.roles import SYSTEM, Actor
from omzien.questions.actions.asking import Asked, Contact, ask, held_team_for
from omzien.questions.actions.reminding import not_since, remind_each
from omzien.questions.actions.telling import coordinators, mailboxes, say
from omzien.questions.models import Question, Reporter, Signal
from omzien.questions.models.questions import LONGEST_STORY
from omzien.questions.refusals import (
    NeedsName,
    NeedsReason,
    NeedsStory,
    NeedsTelling,
    NotAllowed,
    Stale,
    TooLong,
    WrongState,
)
from omzien.questions.rules.signals import QUARTER, Knows, SignalState
from omzien.questions.terms import terms_of


@dataclass(frozen=True, kw_only=True)
class Worry:
    """What somebody worries about. `reporter` is empty for who stays anonymous."""

    about: str
    village: Village
    worry: str
    where: str = ""
    knows: Knows = Knows.UNKNOWN
    reporter: Contact | None = None
    key: UUID = field(default_factory=uuid.uuid4)


@transaction.atomic
def report_worry(*, municipality: Municipality, worry: Worry, by: Actor, now: datetime) -> Signal:
    """Report a worry about somebody: it goes to a team as a question does.

    Whoever visits may. The same `key` again gives the worry that is there.
    Raises NeedsName (about whom), NeedsStory, TooLong.
    """
    with connection.cursor() as cursor:  # who sends the same form twice at once waits here
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"worry:{worry.key}"]
        )
    if before := Signal.objects.filter(municipality=municipality, key=worry.key).first():
        return before
    text, about = clean(worry.worry), one_line(worry.about)
    if not about:
        raise NeedsName
    if not text:
        raise NeedsStory
    if len(text) > LONGEST_STORY:
        raise TooLong(LONGEST_STORY)
    local, terms = timezone.localtime(now), terms_of(municipality.code)
    team = Team.objects.get(pk=held_team_for(municipality, worry.village, [], local))
    signal = Signal.objects.create(
        municipality=municipality,
        key=worry.key,
        team=team,
        village=worry.village,
        about=about[:200],
        where=one_line(worry.where, 300),
        worry=text,
        knows=worry.knows,
        received_at=now,
        due_on=terms.after(local.date(), terms.triage),
    )
    _keep_reporter(signal, worry.reporter)
    _note(signal, "report", by)
    say(municipality, "signal", signal.pk, mailboxes(team), path=reverse("today"))
    return signal


def _keep_reporter(signal: Signal, contact: Contact | None) -> None:
    if contact is None or not (contact.name or contact.email or contact.phone):
        return
    Reporter.objects.create(
        municipality_id=signal.municipality_id,
        signal=signal,
        name=one_line(contact.name, 120),
        email=contact.email.strip().casefold(),
        phone=contact.phone.strip()[:40],
    )


@transaction.atomic
def pick_up_signal(
    *, signal: Signal, by: Actor, now: datetime, version: int | None = None
) -> Signal:
    """Pick a worry up; the reporter hears that, and nothing else. The next clock is telling the
    person. Raises NotAllowed, WrongState, Stale.
    """
    row = _locked(signal, by=by, version=version)
    if row.state != SignalState.NEW:
        raise WrongState
    terms = terms_of(row.municipality_id)
    row.state, row.picked_up_at, row.holder_id = SignalState.PICKED_UP, now, by.membership
    row.due_on = terms.after(timezone.localdate(now), terms.tell)
    row.reminded_at = None
    _save(row, "pick-up", by)
    reporter = Reporter.objects.filter(signal=row).first()
    if reporter and reporter.email:
        say(row.municipality_id, "signal-picked-up", row.pk, [reporter.email])
    return row


@transaction.atomic
def tell_person(
    *, signal: Signal, by: Actor, now: datetime, not_because: str = "", version: int | None = None
) -> Signal:
    """Write down that the person knows of the report, or why they were not told. The next clock
    is what came of it.

    Raises NotAllowed, WrongState, Stale.
    """
    row = _locked(signal, by=by, version=version)
    if row.state != SignalState.PICKED_UP:
        raise WrongState
    row.not_told_because = one_line(not_because, 300)
    row.told_at = None if row.not_told_because else now
    terms = terms_of(row.municipality_id)
    row.due_on = terms.after(timezone.localdate(now), terms.tell)
    row.reminded_at = None
    _save(row, "not-tell" if row.not_told_because else "tell", by)
    return row


@transaction.atomic
def tell_after_all(*, signal: Signal, by: Actor, now: datetime) -> Signal:
    """Write down that the person knows by now of a worry that ended without telling: what stood
    in the way is over. From then on it stands in their own data.

    Raises NotAllowed, and WrongState of who knows already and of what has not ended.
    """
    row = Signal.objects.select_for_update(of=("self",)).get(pk=signal.pk)
    if by.membership is None or not Signal.objects.ended_for(by).filter(pk=row.pk).exists():
        raise NotAllowed
    if row.told_at is not None:
        raise WrongState
    row.told_at, row.not_told_because = now, ""
    _save(row, "tell", by)
    return row


@transaction.atomic
def lead_to_contact(
    *, signal: Signal, asked: Asked, by: Actor, now: datetime, version: int | None = None
) -> Question:
    """Turn a worry into a question of the person, who wants help, in their own words.

    Nothing of what the reporter wrote goes along. Raises NotAllowed, WrongState, Stale,
    NeedsTelling while it was not said whether the person knows; and what `ask` raises.
    """
    row = _locked(signal, by=by, version=version)
    _told(row)
    question = ask(municipality=row.municipality, asked=asked, by=by, now=now)
    row.question = question
    _end(row, SignalState.CONTACT, by, now)
    return question


@transaction.atomic
def end_signal(
    *, signal: Signal, why: str, by: Actor, now: datetime, version: int | None = None
) -> Signal:
    """Do nothing with a worry, with a reason. Raises NotAllowed, WrongState, Stale, NeedsReason,
    NeedsTelling while it was not said whether the person knows.
    """
    row = _locked(signal, by=by, version=version)
    row.why_nothing = one_line(why, 300)
    if not row.why_nothing:
        raise NeedsReason
    _told(row)
    _end(row, SignalState.NOTHING, by, now)
    return row


def run_signals(municipality: Municipality, now: datetime) -> int:
    """Tell the coordinator of each worry that waits too long, again each four weeks; and ask each
    quarter whether who was not told can be told by now. Return how many.
    """
    today, before = timezone.localdate(now), now - QUARTER
    untold = Signal.objects.untold().filter(not_since(before), ended_at__lte=before)
    return remind_each(
        municipality, lambda: Signal.objects.late(on=today), _remind, now=now
    ) + remind_each(municipality, untold.all, _ask_to_tell, now=now)


def _remind(row: Signal) -> None:
    path = reverse("signal", args=[row.pk])
    key = f"{row.pk}:{row.state}:{timezone.localdate(row.reminded_at)}"
    say(row.municipality, "signal-late", key, coordinators(row.team), path=path)
    _note(row, "remind", SYSTEM)


def _ask_to_tell(row: Signal) -> None:
    key = f"{row.pk}:{timezone.localdate(row.reminded_at)}"
    path = reverse("signals")
    say(row.municipality, "signal-untold", key, coordinators(row.team), path=path)
    _note(row, "remind-untold", SYSTEM)


def _locked(signal: Signal, *, by: Actor, version: int | None) -> Signal:
    row = Signal.objects.select_for_update(of=("self",)).get(pk=signal.pk)
    if row.team_id != by.team or not by.may("signal.work") or by.membership is None:
        raise NotAllowed
    if row.ended_at is not None:
        raise WrongState
    if version is not None and row.version != version:
        raise Stale
    return row


def _told(row: Signal) -> None:
    if row.state != SignalState.PICKED_UP:
        raise WrongState
    if row.told_at is None and not row.not_told_because:
        raise NeedsTelling


def _end(row: Signal, state: SignalState, by: Actor, now: datetime) -> None:
    row.state, row.ended_at, row.due_on = state, now, None
    _save(row, str(state), by)


def _save(row: Signal, verb: str, by: Actor) -> None:
    row.version += 1
    row.save()
    _note(row, verb, by)


def _note(row: Signal, verb: str, by: Actor, **details: Any) -> None:
    record(
        verb=verb,
        subject="signal",
        subject_id=row.pk,
        by=by.key,
        municipality=row.municipality_id,
        area=row.village.slug[:40],
        **details,
    )
