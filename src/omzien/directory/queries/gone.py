"""What can still be said of an entry that left the public directory."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from omzien.directory.models import STOPPED, Edit, Service
from omzien.directory.rules import EDITOR


@dataclass(frozen=True)
class Gone:
    """The title and the topics of what stood at a web address: the way to what is like it."""

    title: str
    topics: tuple[str, ...]
    village_slug: str
    village: str
    can_return: bool
    """Whether its owner may still put it back: not when the editors took it out."""
    stopped_on: date | None
    """The day on which it left because its owner said that it stopped."""


def gone_entry(slug: str) -> Gone | None:
    """Return what left the directory from that web address; None for a draft or a public one."""
    found = (
        Service.objects.visible_to(EDITOR)
        .filter(slug=slug)
        .exclude(left_on=None, status__in=[Service.Status.ACTIVE, Service.Status.PAUSED])
        .exclude(status=Service.Status.DRAFT)
        .select_related("village")
        .first()
    )
    if found is None:
        return None
    village = found.village
    return Gone(
        title=found.title,
        topics=tuple(found.topics),
        village_slug=village.slug if village else "",
        village=village.name if village else "",
        can_return=found.status != Service.Status.WITHDRAWN,
        stopped_on=stopped_on(found),
    )


def stopped_on(service: Service) -> date | None:
    """Return the day an entry left because its owner said that it stopped; None for another why."""
    said = service.edits.filter(state=Edit.State.APPROVED, changes__has_key=STOPPED).last()
    if said is None or said.decided_at is None or not service.left_on:
        return None
    return service.left_on if timezone.localdate(said.decided_at) == service.left_on else None
