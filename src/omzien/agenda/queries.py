"""What visitors think of pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Count

from omzien.agenda.models import PageFeedback
from omzien.people.rules.roles import Actor

MOST_PAGES, MOST_REMARKS = 100, 50


@dataclass(frozen=True)
class Opinion:
    """What one page got: how many opinions, and their average (1 to 5)."""

    page: str
    count: int
    average: float


def opinions(actor: Actor, *, since: datetime) -> list[Opinion]:
    """Return what each page got since a moment, the least liked first."""
    rows = PageFeedback.objects.visible_to(actor).filter(created_at__gte=since)
    found = rows.values("page").annotate(count=Count("pk"), average=Avg("score"))
    ordered = found.order_by("average", "-count", "page")[:MOST_PAGES]
    return [Opinion(one["page"], one["count"], one["average"]) for one in ordered]


def remarks(actor: Actor, *, since: datetime) -> Sequence[PageFeedback]:
    """Return what visitors wrote since a moment, newest first."""
    rows = PageFeedback.objects.visible_to(actor).filter(created_at__gte=since)
    return list(rows.exclude(remark="").order_by("-created_at", "pk")[:MOST_REMARKS])
