"""Referral: the resident goes elsewhere for a part, and the question stays where it is."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from omzien.handovers.actions.others import locked_row, move, on_the_list, put_answer, save
from omzien.handovers.models import Referral
from omzien.handovers.refusals import NeedsReason, NeedsWords
from omzien.handovers.rules.along import OPEN_REFERRAL
from omzien.kernel.text import one_line
from omzien.people.models import Team
from omzien.people.rules.roles import Actor
from omzien.questions.actions.writing import locked_owned, note, once
from omzien.questions.models import Question
from omzien.questions.rules.states import Result
from omzien.questions.terms import terms_of

# What the owner finds on the list when nobody knows yet how it went.
HOW_IT_WENT = "Vraag hoe het ging waar de inwoner heen ging. Schrijf het bij Samen met anderen."


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
    called, wanted = one_line(name, 200), one_line(what, 500)
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
    referral.due_on = asks_on(referral, now)
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
    row = locked_row(referral, version)
    if (name == "decline" and not reason.strip()) or (name == "finish" and not result):
        raise NeedsReason
    move(row, name)
    row.reason, row.result = one_line(reason, 300), result or ""
    if name == "accept":  # something was heard: the clock starts anew
        row.reminded_at, row.due_on = None, asks_on(row, now)
    else:
        row.ended_at, row.due_on = now, None
    save(row)
    _heard_how_it_went(question, now)
    note(question, f"{name}-referral", by, referral=str(row.pk), result=str(row.result))
    return row


def stop_referrals(question: Question, *, by: Actor, now: datetime) -> None:
    """End the referrals of a question that ends."""
    rows = question.referrals.filter(state__in=OPEN_REFERRAL).select_for_update(of=("self",))
    for referral in rows:
        move(referral, "stop")
        referral.ended_at, referral.due_on = now, None
        save(referral)
        note(question, "stop-referral", by, referral=str(referral.pk))


def asks_on(referral: Referral, now: datetime) -> date:
    """Return the day on which the owner is asked how it went."""
    terms = terms_of(referral.municipality_id)
    return terms.after(timezone.localdate(now), terms.contact)


def ask_how_it_went(question: Question, now: datetime) -> None:
    """Put on the owner's list to ask how it went; one that waits there already is enough."""
    if not on_the_list(question, HOW_IT_WENT).exists():
        put_answer(question, HOW_IT_WENT, now)


def _heard_how_it_went(question: Question, now: datetime) -> None:
    """Let that task be done, unless it is about another referral as well."""
    asked = question.referrals.filter(state__in=OPEN_REFERRAL, reminded_at__isnull=False)
    if not asked.exists():
        on_the_list(question, HOW_IT_WENT).update(done_at=now)
