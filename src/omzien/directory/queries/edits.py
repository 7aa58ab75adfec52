"""What became of the changes that owners propose."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from omzien.directory.models import Edit

REMEMBERED = timedelta(days=30)


def latest_edits(services: Iterable[UUID] | QuerySet[Any, Any]) -> dict[UUID, Edit]:
    """Return the last change of each of these entries that waits or was decided lately."""
    lately = timezone.now() - REMEMBERED
    rows = Edit.objects.filter(service__in=services).exclude(state=Edit.State.REPLACED)
    rows = rows.filter(Q(state=Edit.State.WAITING) | Q(decided_at__gte=lately))
    return {one.service_id: one for one in rows.order_by("created_at", "pk")}
