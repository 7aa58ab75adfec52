"""What stands ready before a question is offered: the words, and who has room."""

from __future__ import annotations

import uuid

from django.db import models

from omzien.areas.models import Municipality
from omzien.handovers.rules.states import Capacity
from omzien.people.gates import gated
from omzien.people.models import Team
from omzien.people.rules.roles import Actor
from omzien.questions.models import Question
from omzien.questions.models.questions import readable


class OfferDraftQuerySet(models.QuerySet["OfferDraft"]):
    """Named sets of drafts."""

    def visible_to(self, actor: Actor) -> OfferDraftQuerySet:
        """Return the drafts for questions that `actor` may offer, or that are about them."""
        return gated(self, readable, actor, "handover.offer" if actor.membership else "story.read")


class OfferDraft(models.Model):
    """The words of an offer that waits for the resident's yes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    question = models.OneToOneField(Question, models.CASCADE, related_name="offer_draft")
    to_team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    words = models.JSONField(default=dict)  # the fields of the form, as they were typed
    made_at = models.DateTimeField()

    objects = OfferDraftQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.id)


class Room(models.Model):
    """What a team said about its room, and when; after two weeks nobody counts on it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    team = models.OneToOneField(Team, models.CASCADE, related_name="room")
    capacity = models.CharField(max_length=12, choices=[(c, c) for c in Capacity])
    note = models.CharField(max_length=200, blank=True)
    # Free and held together, as it was said; without a number nothing is counted.
    places = models.PositiveSmallIntegerField(null=True)
    keeps_list = models.BooleanField(default=False)
    first_rule = models.CharField(max_length=300, blank=True)  # who goes first on it, and why
    said_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.capacity} {self.said_on}"

    @property
    def has_list(self) -> bool:
        """Tell whether somebody can wait for a place."""
        return self.keeps_list or self.capacity == Capacity.WAITING_LIST
