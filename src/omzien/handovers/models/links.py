"""The way in for a team without accounts: one link, one purpose, one browser at a time."""

from __future__ import annotations

import uuid

from django.db import models

from omzien.areas.models import Municipality
from omzien.handovers.models.handovers import Handover


class HandoverLink(models.Model):
    """A link in a mail. It opens nothing by itself: a code to the team's own mailbox does.

    Only hashes are kept. Whether it still works follows from the clock of its handover, from who
    can sign in for its team, and from when it was used last.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    handover = models.OneToOneField(Handover, models.CASCADE, related_name="link")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    name = models.CharField(max_length=120, blank=True)  # who typed the last answer
    # the code that was mailed last, and the browser that asked for it
    code_hash = models.CharField(max_length=64, blank=True)
    code_until = models.DateTimeField(null=True)
    asked_by = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    codes = models.PositiveSmallIntegerField(default=0)
    # the browser in which the right code was typed
    browser_hash = models.CharField(max_length=64, blank=True)
    open_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)
