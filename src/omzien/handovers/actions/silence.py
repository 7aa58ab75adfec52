"""What others left unanswered: one reminder, and then it ends by silence."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.handovers.actions.advising import NO_ADVICE, note_advice
from omzien.handovers.actions.along import NO_ANSWER
from omzien.handovers.actions.due import at_the_clock
from omzien.handovers.actions.others import move, put_answer, save, still, tell_of
from omzien.handovers.actions.referring import ask_how_it_went, asks_on
from omzien.handovers.models import Consult, Involvement, Referral
from omzien.journal.each import one_by_one
from omzien.journal.isolation import working_for
from omzien.people.rules.roles import SYSTEM
from omzien.questions.actions.writing import note

Unanswered = Consult | Involvement | Referral


def run_silence(*, municipality: Municipality, now: datetime) -> int:
    """Remind who was asked, ask owners how a referral went, end what nobody answered; return how
    much that was. Twice is once, and each has its own transaction.
    """
    code, today = municipality.code, timezone.localdate(now)
    over: list[Unanswered] = []
    late: list[Unanswered] = []
    with working_for(code):
        for model in (Consult, Involvement, Referral):
            over += at_the_clock(code, today, of=model, what="due")
            late += at_the_clock(code, today, of=model, what="to_remind")
    count = one_by_one(code, "expire-along", over, lambda one: end_unanswered(row=one, now=now))
    return count + one_by_one(
        code, "remind-along", late, lambda one: remind_asked(row=one, now=now)
    )


@transaction.atomic
def remind_asked(*, row: Unanswered, now: datetime) -> bool:
    """Remind the team that was asked, or ask the owner how a referral went, once for each clock;
    tell whether that was done now.
    """
    question, found = still(type(row).objects.to_remind(on=timezone.localdate(now)), row)
    if found is None:
        return False
    found.reminded_at = now
    match found:
        case Consult():
            note_advice(found, "remind-advice", SYSTEM)
            tell_of(found, found.to_team, "advice-reminded")
        case Involvement():
            note(question, "remind-along", SYSTEM, team=str(found.team_id))
            tell_of(found, found.team, "along-reminded")
        case Referral():
            asked_on, found.due_on = found.due_on, asks_on(found, now)
            note(question, "ask-referral", SYSTEM, referral=str(found.pk))
            ask_how_it_went(question, now)
            tell_of(found, question.team, "referral-due", mark=f":{asked_on}")
    found.save(update_fields=["reminded_at", "due_on"])
    return True


@transaction.atomic
def end_unanswered(*, row: Unanswered, now: datetime) -> bool:
    """End what nobody answered in its term; the owner gets a task. Tell whether that was done now.

    It counts as no answer, not as a decline.
    """
    question, found = still(type(row).objects.due(on=timezone.localdate(now)), row)
    if found is None:
        return False
    move(found, "expire")
    match found:
        case Consult():
            note_advice(found, "expire-advice", SYSTEM)
            if question.team_id == found.from_team_id:
                put_answer(question, NO_ADVICE, now)
            tell_of(found, found.from_team, "advice-expired")
        case Involvement():
            note(question, "expire-along", SYSTEM, team=str(found.team_id))
            put_answer(question, NO_ANSWER, now)
            tell_of(found, question.team, "along-expired")
        case Referral():
            note(question, "expire-referral", SYSTEM, referral=str(found.pk))
            ask_how_it_went(question, now)
            tell_of(found, question.team, "referral-expired")
    found.ended_at, found.due_on = now, None
    save(found)
    return True
