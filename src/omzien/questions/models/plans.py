"""The plan: goals in the resident's own words, and who does what."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from omzien.areas.models import Municipality
from omzien.people.gates import gated
from omzien.people.models import Membership
from omzien.people.rules.roles import Actor
from omzien.questions.models.network import Tie
from omzien.questions.models.questions import RUNGS, Question, readable
from omzien.questions.rules.plans import (
    LONGEST_WORDS,
    ActionState,
    GoalState,
    Moment,
    Split,
    Who,
    WithWhom,
)


class GoalQuerySet(models.QuerySet["Goal"]):
    """Named sets of goals."""

    def visible_to(self, actor: Actor) -> GoalQuerySet:
        """Return the goals of the questions whose plan `actor` may read."""
        return gated(self, readable, actor, "plan.read")


class Goal(models.Model):
    """What the resident wants, in their own words; locked, nobody else changes a letter."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    question = models.ForeignKey(Question, models.CASCADE, related_name="goals")
    words = models.TextField(max_length=LONGEST_WORDS)
    state = models.CharField(
        max_length=8, choices=[(s, s) for s in GoalState], default=GoalState.OPEN
    )
    together = models.BooleanField(default=False)  # written down with a worker
    is_locked = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(words=""), name="a_goal_has_words")]
        indexes = [models.Index(fields=["question", "created_at"])]

    def __str__(self) -> str:
        return str(self.id)


def _actions(actor: Actor) -> Q:
    return Q(goal__in=Goal.objects.visible_to(actor))


class PlanActionQuerySet(models.QuerySet["PlanAction"]):
    """Named sets of actions."""

    def visible_to(self, actor: Actor) -> PlanActionQuerySet:
        """Return the actions of the goals that `actor` may read."""
        return gated(self, _actions, actor)


class PlanAction(models.Model):
    """Who does what for a goal, and when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="actions")
    who = models.CharField(max_length=10, choices=[(w, w) for w in Who])
    tie = models.ForeignKey(Tie, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(
        max_length=120, blank=True
    )  # a first name, or what a provider is called
    membership = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    service = models.UUIDField(null=True)  # an entry of the social map, which may go
    what = models.CharField(max_length=300)
    due_on = models.DateField(null=True)
    rung = models.CharField(max_length=12, choices=RUNGS)
    state = models.CharField(
        max_length=8, choices=[(s, s) for s in ActionState], default=ActionState.OPEN
    )
    together = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = PlanActionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "created_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="an_action_says_what"),
            models.CheckConstraint(
                condition=~Q(who__in=["neighbour", "provider"]) | ~Q(name=""),
                name="an_action_of_another_has_a_name",
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None)
                | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="an_action_that_ended_has_a_day",
            ),
        ]
        indexes = [models.Index(fields=["goal", "due_on"])]

    def __str__(self) -> str:
        return str(self.id)


class StrengthSplit(models.Model):
    """Who carries a goal, before or after: own strength, own people, professionals; in percents."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="splits")
    moment = models.CharField(max_length=6, choices=[(m, m) for m in Moment])
    own = models.PositiveSmallIntegerField()
    network = models.PositiveSmallIntegerField()
    professional = models.PositiveSmallIntegerField()
    with_whom = models.CharField(max_length=8, choices=[(w, w) for w in WithWhom])
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["goal", "moment"], name="one_split_per_moment"),
            models.CheckConstraint(
                condition=Q(own=100 - models.F("network") - models.F("professional")),
                name="a_split_is_a_hundred",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.own}/{self.network}/{self.professional}"

    @property
    def split(self) -> Split:
        """Return the percents as the rules know them."""
        return Split(self.own, self.network, self.professional)
