"""Reading a question of another team in an emergency, and looking that over afterwards."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.kernel.text import one_line
from omzien.people.kept import kept
from omzien.people.models import Person
from omzien.people.models.closeness import close_to
from omzien.people.rules.roles import SYSTEM, Actor, Scope
from omzien.questions.actions.reminding import not_since, remind_each
from omzien.questions.actions.telling import coordinators, privacy_officers, say
from omzien.questions.actions.writing import note, put_task
from omzien.questions.models import BreakGlass, Question, Task
from omzien.questions.refusals import AlreadyReads, NeedsReason, NotAllowed, WrongState
from omzien.questions.rules.references import as_reference
from omzien.questions.rules.signals import QUARTER
from omzien.questions.terms import terms_of

LASTS = timedelta(hours=4)  # casework 3.6
TELL = "Vertel de inwoner dat een ander team de vraag in nood las"


@transaction.atomic
def break_glass(
    *, reference: str, reason: str, by: Actor, now: datetime, danger: str = ""
) -> BreakGlass:
    """Let somebody read a live question of another team for four hours.

    The coordinator of the owner and the privacy officer hear of it at once. So does the
    resident, unless `danger` says why telling would harm somebody.
    Raises NotAllowed (also where the question is not there: nobody learns which is the case),
    NeedsReason, AlreadyReads.
    """
    if Scope.BREAK_GLASS not in by.may("story.read") or by.membership is None:
        raise NotAllowed
    why = one_line(reason, 500)
    if not why:
        raise NeedsReason
    rows = Question.objects.live().select_related("team", "person")
    question = rows.filter(reference=as_reference(reference)).exclude(close_to(by)).first()
    if question is None:
        raise NotAllowed
    if Question.objects.visible_to(by).filter(pk=question.pk).exists():
        raise AlreadyReads(question.pk)
    row = BreakGlass.objects.create(
        municipality_id=question.municipality_id,
        question=question,
        membership_id=by.membership,
        reason=why,
        opened_at=now,
        until=now + LASTS,
        review_by=_review_by(question, now),
        not_told_because=one_line(danger, 300),
    )
    note(question, "break-glass", by, reading=str(row.pk))
    overseers = [*coordinators(question.team), *privacy_officers(question.municipality_id)]
    path = reverse("emergency-readings")
    say(question.municipality_id, "emergency", row.pk, overseers, path=path)
    if not row.not_told_because:
        _tell(row, question, by, now)
    return row


def _review_by(question: Question, now: datetime) -> date:
    terms = terms_of(question.municipality_id)
    return terms.after(timezone.localdate(now), terms.review)


def _tell(row: BreakGlass, question: Question, by: Actor, now: datetime) -> None:
    """Tell the resident by mail; without an address the owner team gets the task to do so."""
    person: Person | None = question.person
    if person is not None and person.email:
        say(question.municipality_id, "emergency-told", row.pk, [person.email],
            path=reverse("who-looked"))  # fmt: skip
    else:
        terms = terms_of(question.municipality_id)
        due = terms.after(timezone.localdate(now), terms.tell)
        put_task(question, what=TELL, due=due, now=now, to_team=True)
    row.told_at = now
    row.save(update_fields=["told_at"])


@transaction.atomic
def review_emergency(
    *,
    reading: BreakGlass,
    was_right: bool,
    words: str,
    by: Actor,
    now: datetime,
    tell: bool = False,
) -> BreakGlass:
    """Look an emergency reading over: right or not, with a word why. Twice is refused.

    `tell`: the danger is over, so the resident hears of it now.
    Raises NotAllowed, NeedsReason, WrongState.
    """
    visible = BreakGlass.objects.visible_to(by).filter(pk=reading.pk)
    if by.person is None or not visible.exists():
        raise NotAllowed
    row = BreakGlass.objects.select_for_update(of=("self",)).get(pk=reading.pk)
    if row.reviewed_at is not None:
        raise WrongState
    if not words.strip():
        raise NeedsReason
    row.reviewed_at, row.reviewed_by, row.was_right = now, by.key, was_right
    row.review = one_line(words, 500)
    row.save()
    if tell and row.told_at is None:
        _tell(row, row.question, by, now)
    note(row.question, "review-emergency", by, reading=str(row.pk), right=was_right)
    return row


@transaction.atomic
def tell_now(*, reading: BreakGlass, by: Actor, now: datetime) -> BreakGlass:
    """Tell the resident after all, also long after it was looked over: the danger is over.

    Raises NotAllowed, and WrongState of who knows already.
    """
    if by.person is None or not BreakGlass.objects.visible_to(by).filter(pk=reading.pk).exists():
        raise NotAllowed
    row = BreakGlass.objects.select_for_update(of=("self",)).get(pk=reading.pk)
    if row.told_at is not None:
        raise WrongState
    _tell(row, row.question, by, now)
    note(row.question, "tell-emergency", by, reading=str(row.pk))
    return row


def still_to_tell(questions: Iterable[UUID]) -> set[UUID]:
    """Return of which questions (keys) the resident has no mail address and was not told yet."""
    undone = Q(done_at=None) | Q(is_dropped=True)
    tasks = Task.objects.filter(undone, question__in=list(questions), what__startswith=TELL)
    return set(tasks.values_list("question", flat=True))


def run_reviews(municipality: Municipality, now: datetime) -> int:
    """Remind, once, of each emergency reading that nobody looked over in time; and each quarter of
    one of which the resident does not know, to ask whether the danger is over. Return how many.
    """
    late = {"reviewed_at": None, "reminded_at": None, "review_by__lt": timezone.localdate(now)}
    before = now - QUARTER
    untold = BreakGlass.objects.untold().filter(not_since(before), reviewed_at__lte=before)
    rows = BreakGlass.objects.filter
    return remind_each(municipality, lambda: rows(**late), _remind, now=now) + remind_each(
        municipality, untold.all, _ask_whether_over, now=now
    )


def _remind(row: BreakGlass) -> None:
    _say_to_overseers(row, "emergency-late", str(row.pk))
    note(row.question, "remind-review", SYSTEM)


def _ask_whether_over(row: BreakGlass) -> None:
    _say_to_overseers(row, "emergency-untold", f"{row.pk}:{timezone.localdate(row.reminded_at)}")
    note(row.question, "remind-untold", SYSTEM)


def _say_to_overseers(row: BreakGlass, code: str, key: str) -> None:
    overseers = [*coordinators(row.question.team), *privacy_officers(row.municipality_id)]
    say(row.municipality_id, code, key, overseers, path=reverse("emergency-readings"))


def reading_now(actor: Actor, key: UUID, *, at: datetime) -> BreakGlass | None:
    """Return the emergency reading by which somebody reads a question now, if that is how."""
    if actor.membership is None or Scope.BREAK_GLASS not in actor.may("story.read"):
        return None
    return next(iter(_open_now(actor.membership, key, actor.team, at)), None)


@kept
def _open_now(
    membership: UUID, question: UUID, team: UUID | None, at: datetime
) -> QuerySet[BreakGlass, BreakGlass]:
    rows = BreakGlass.objects.open(at=at).filter(membership=membership, question=question)
    return rows.exclude(question__team=team).order_by("-until")[:1]
