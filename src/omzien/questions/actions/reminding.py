"""Reminding of what is late: each once, in a transaction of its own. Twice is once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from omzien.areas.models import Municipality
from omzien.journal.each import one_by_one
from omzien.journal.isolation import working_for


def not_since(before: datetime) -> Q:
    """Return whether nobody was reminded of a row since a moment: what is asked again and again."""
    return Q(reminded_at=None) | Q(reminded_at__lte=before)


def remind_each(
    municipality: Municipality,
    late: Callable[[], QuerySet[Any]],
    tell: Callable[[Any], None],
    *,
    now: datetime,
) -> int:
    """Tell of each late row of a municipality, and mark it as reminded; return how many.

    `late` is asked again when a row is locked, so that what was done meanwhile is left alone. A
    worker that is killed leaves all or nothing of each. Call it outside `working_for`.
    """
    with working_for(municipality.code):
        keys = list(late().filter(municipality=municipality).values_list("pk", flat=True))

    def remind(key: UUID) -> bool:
        row = late().select_for_update(of=("self",)).filter(pk=key).first()
        if row is None:
            return False
        row.reminded_at = now
        row.save(update_fields=["reminded_at"])
        tell(row)
        return True

    return one_by_one(municipality.code, "remind", keys, remind)
