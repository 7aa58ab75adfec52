"""The talk of three: resident, sender and receiver together."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from omzien.areas.models import Municipality
from omzien.handovers.models.handovers import Handover
from omzien.people.gates import gated
from omzien.people.rules.roles import Actor


def _meetings(actor: Actor) -> Q:
    return Q(handover__in=Handover.objects.visible_to(actor))


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Named sets of talks."""

    def visible_to(self, actor: Actor) -> MeetingQuerySet:
        """Return the talks of the handovers that `actor` may read."""
        return gated(self, _meetings, actor)

    def planned(self) -> MeetingQuerySet:
        """Return the talks that are still to come, of handovers that are still open."""
        return self.filter(cancelled_at=None, held_at=None, handover__in=Handover.objects.open())


class Meeting(models.Model):
    """When and where three sit together. What is said there is in no calendar."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    handover = models.ForeignKey(Handover, models.CASCADE, related_name="meetings")
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    planned_by = models.CharField(max_length=60)
    planned_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["handover"],
                condition=Q(cancelled_at=None, held_at=None),
                name="one_planned_talk_per_handover",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | Q(held_at=None),
                name="a_talk_is_held_or_cancelled",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
