"""The access review (BIO2 5.18.02 yearly, 8.02.01 each quarter for privileged roles)."""

from calendar import monthrange
from datetime import date

from django.db import transaction
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.journal.actions import record
from omzien.journal.isolation import working_for
from omzien.people.actions.memberships import end_now
from omzien.people.models import AccessReview, Membership, ReviewLine
from omzien.people.queries.broken_roles import broken_roles
from omzien.people.refusals import NotAllowed, NothingOpen
from omzien.people.rules.roles import PRIVILEGED, SYSTEM, Actor

EVERY_MONTHS = {AccessReview.Kind.YEARLY: 12, AccessReview.Kind.QUARTERLY: 3}


def open_due_reviews(*, municipality: Municipality, on: date) -> int:
    """Open the reviews whose term has passed and return how many; done twice is done once."""
    with working_for(municipality.code):
        return len(_open_due(municipality, on))


def _open_due(municipality: Municipality, on: date) -> list[AccessReview]:
    opened = []
    for kind, months in EVERY_MONTHS.items():
        last = AccessReview.objects.filter(municipality=municipality, kind=kind).first()
        if last and last.closed_at is None:
            _close_when_done(last, SYSTEM)  # the last role may have ended outside the review
        if last and (last.closed_at is None or _months_after(last.opened_on, months) > on):
            continue
        chosen = Membership.objects.live(on=on)
        if kind == AccessReview.Kind.QUARTERLY:
            chosen = chosen.filter(role__in=PRIVILEGED)
        if not chosen.exists():
            continue
        review = AccessReview.objects.create(municipality=municipality, kind=kind, opened_on=on)
        ReviewLine.objects.bulk_create(
            ReviewLine(municipality=municipality, review=review, membership=one) for one in chosen
        )
        _record("open", review, SYSTEM)
        opened.append(review)
    return opened


@transaction.atomic
def answer_line(*, line: ReviewLine, stays: bool, by: Actor) -> ReviewLine:
    """Say of one membership that it stays or ends; the last answer closes the review.

    It is the same question in each round that is open, so the answer counts in all of them.
    Nobody answers for themselves, and a role that breaks a rule does not stay: then the refusal
    of that rule is raised, as `appoint` does. Raises NotAllowed, NothingOpen.
    """
    locked = ReviewLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if not ReviewLine.objects.decided_by(by).filter(pk=locked.pk).exists():
        raise NotAllowed
    if locked.answer != ReviewLine.Answer.WAITING:
        raise NothingOpen
    if stays and (rule := broken_roles(locked.municipality).get(locked.membership_id)):
        raise rule
    others = ReviewLine.objects.select_for_update(of=("self",)).open()
    lines = [locked, *others.filter(membership=locked.membership_id).exclude(pk=locked.pk)]
    if not stays and locked.membership.ended_at is None:
        end_now(membership=locked.membership, by=by)
    now = timezone.now()
    for one in lines:
        one.answer = ReviewLine.Answer.STAYS if stays else ReviewLine.Answer.ENDS
        one.answered_at, one.answered_by_id = now, by.person
        one.save(update_fields=["answer", "answered_at", "answered_by"])
        _record(one.answer, one.review, by, line=str(one.pk))
        _close_when_done(one.review, by)
    return locked


def _close_when_done(review: AccessReview, by: Actor) -> None:
    waiting = review.lines.filter(
        answer=ReviewLine.Answer.WAITING, membership__ended_at__isnull=True
    )
    if review.closed_at is None and not waiting.exists():
        review.closed_at = timezone.now()
        review.save(update_fields=["closed_at"])
        _record("close", review, by)


def _months_after(day: date, months: int) -> date:
    """Return the same day some months later; the last day of the month when it has no such day."""
    year, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + year, month + 1)[1]
    return date(day.year + year, month + 1, min(day.day, last))


def _record(verb: str, review: AccessReview, by: Actor, **details: str) -> None:
    record(
        verb=verb,
        subject="review",
        subject_id=review.pk,
        by=by.key,
        municipality=review.municipality_id,
        **details,
    )
