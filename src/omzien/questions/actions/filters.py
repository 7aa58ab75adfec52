"""Keeping a list that somebody looks at often."""

from django.db import transaction

from omzien.journal.actions import record
from omzien.kernel.text import one_line
from omzien.people.rules.roles import Actor
from omzien.questions.models import SavedFilter
from omzien.questions.refusals import NeedsName, NotAllowed, TooMany
from omzien.questions.rules.filters import Filter

MOST = 12  # what fits on a page


@transaction.atomic
def save_filter(*, name: str, wanted: Filter, by: Actor) -> SavedFilter:
    """Keep a list for the role that `by` has on now; the same name again replaces it.

    Raises NotAllowed, NeedsName, TooMany.
    """
    if by.membership is None or not by.may("question.work"):
        raise NotAllowed
    title = one_line(name, 60)
    if not title:
        raise NeedsName
    mine = SavedFilter.objects.visible_to(by)
    if not mine.filter(name=title).exists() and mine.count() >= MOST:
        raise TooMany(MOST)
    row, _new = SavedFilter.objects.update_or_create(
        municipality_id=by.municipality,
        membership_id=by.membership,
        name=title,
        defaults={"wanted": wanted.as_dict()},
    )
    _note(row, "save-filter", by)
    return row


@transaction.atomic
def remove_filter(*, saved: SavedFilter, by: Actor) -> None:
    """Remove an own list. Raises NotAllowed."""
    row = SavedFilter.objects.visible_to(by).filter(pk=saved.pk).first()
    if row is None:
        raise NotAllowed
    _note(row, "remove-filter", by)
    row.delete()


def _note(row: SavedFilter, verb: str, by: Actor) -> None:
    record(
        verb=verb,
        subject="filter",
        subject_id=row.pk,
        by=by.key,
        municipality=row.municipality_id,
    )
