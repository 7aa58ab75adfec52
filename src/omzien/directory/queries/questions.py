"""How often people asked, and how often that found little: what the map of a municipality lacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum

from omzien.areas.models import Municipality
from omzien.areas.queries import villages_of
from omzien.directory.models import QuestionCount
from omzien.directory.rules import shown_count


@dataclass(frozen=True)
class Questions:
    """A month of questions about a topic from a village; None is a count too small to show."""

    month: date
    village: str
    topic: str
    asked: int | None
    weak: int | None


def questions(municipality: Municipality, *, first: date, last: date) -> Sequence[Questions]:
    """Return the counts from the month `first` to the month `last`, most weak answers first.

    Months are never added up: the difference of two periods would tell what a small count
    hides. For the same reason small counts stand in no order of size.
    """
    found = (
        QuestionCount.objects.filter(municipality=municipality, month__range=(first, last))
        .values_list("month", "area", "topic")
        .annotate(
            asked=Sum("count", filter=Q(kind=QuestionCount.Kind.ASKED), default=0),
            weak=Sum("count", filter=~Q(kind=QuestionCount.Kind.ASKED), default=0),
        )
    )
    names = {village.slug: village.name for village in villages_of(municipality)}
    rows = [
        # Before every question was counted, only the weak ones were.
        Questions(month, names.get(area, area), topic, shown_count(max(asked, weak)),
                  shown_count(weak))
        for month, area, topic, asked, weak in found
    ]  # fmt: skip
    return sorted(rows, key=_order)


def _order(row: Questions) -> tuple[int, int, int, str, str]:
    return (-_size(row.weak), -_size(row.asked), -row.month.toordinal(), row.village, row.topic)


def _size(count: int | None) -> int:
    return 1 if count is None else count
