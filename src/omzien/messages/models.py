"""One row per event, recipient and channel: what we told whom, and whether it arrived."""

import uuid

from django.db import models
from django.utils import timezone

from omzien.areas.models import Municipality


class Message(models.Model):
    """A mail to be sent or that was sent.

    `key` makes sending the same event to the same recipient twice impossible.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"
        DROPPED = "dropped"  # who it was for may not have it any more

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    key = models.CharField(max_length=120)
    code = models.CharField(max_length=60, blank=True, default="")  # of a notice
    recipient = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    next_try_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "key", "recipient"], name="told_once")
        ]
        indexes = [models.Index(fields=["municipality", "state", "next_try_at"])]

    def __str__(self) -> str:
        return f"{self.key} ({self.state})"
