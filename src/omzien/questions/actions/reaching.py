"""Trying to reach a resident, and after enough tries saying that it did not work."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from omzien.people.rules.roles import Actor
from omzien.questions.actions.ending import end
from omzien.questions.actions.writing import answered, lock_all_of, locked_owned, move, note, save
from omzien.questions.models import ContactAttempt, Question
from omzien.questions.queries.closing import in_the_way
from omzien.questions.queries.reaching import tries_of
from omzien.questions.refusals import DayBeforeAsked, DayToCome, NotYet, StillOpen
from omzien.questions.rules.reaching import By, lacks
from omzien.questions.terms import terms_of


@transaction.atomic
def try_to_reach(
    *,
    question: Question,
    channel: By,
    day: date,
    reached: bool,
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> ContactAttempt:
    """Keep that somebody tried to reach the resident. Being reached is an answer.

    A try in vain moves a clock that is over to the next try; it never stops the clock.
    Raises NotAllowed, NotLive, DayToCome, DayBeforeAsked, Stale.
    """
    row = locked_owned(question, by=by, verb="question.work", version=version)
    today = timezone.localdate(now)
    if day > today:
        raise DayToCome
    if day < timezone.localdate(row.asked_at):
        raise DayBeforeAsked
    kept = ContactAttempt.objects.create(
        municipality_id=row.municipality_id,
        question=row,
        by_id=by.membership,
        channel=channel,
        day=day,
        reached=reached,
        made_at=now,
    )
    if reached:
        answered(row, now=now)
    elif row.due_on is not None and row.due_on <= today:
        terms = terms_of(row.municipality_id)
        row.due_on = terms.after(today, terms.reply)
    save(row, "try-to-reach", by, channel=str(channel), reached=reached)
    return kept


@transaction.atomic
def give_up_reaching(
    *,
    question: Question,
    letter_on: date | None,
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> Question:
    """End a question because the resident cannot be reached, after a last letter.

    Raises NotAllowed, NotLive, Stale; NotYet with what still must be done; StillOpen while a
    handover, a crisis or a task of somebody else is open.
    """
    lock_all_of(question.person_id)
    row = locked_owned(question, by=by, verb="question.close", version=version)
    today = timezone.localdate(now)
    lacking = what_lacks(row, today=today)
    if letter_on is None or not timezone.localdate(row.asked_at) <= letter_on <= today:
        raise NotYet([*lacking, "letter"])
    if lacking:
        raise NotYet(lacking)
    if found := in_the_way(row):
        raise StillOpen(found)
    ContactAttempt.objects.create(
        municipality_id=row.municipality_id,
        question=row,
        by_id=by.membership,
        channel=By.LETTER,
        day=letter_on,
        reached=False,
        made_at=now,
    )
    move(row, "give-up-reaching")
    end(row, by=by, now=now)
    note(row, "letter", by)
    save(row, "give-up-reaching", by)
    return row


def what_lacks(question: Question, *, today: date) -> list[str]:
    """Return codes of what must be done before giving up: "tries", "ways", "days"."""
    terms = terms_of(question.municipality_id)
    return lacks(tries_of(question), today=today, days=terms.give_up, closed=terms.closed)
