"""Rules that lead a question to a team."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from omzien.areas.models import Municipality
from omzien.people.models import Team
from omzien.people.rules.roles import Actor

SEEN_UNDER = ("settings.change", "rules.propose", "rules.approve")


class RoutingRuleQuerySet(models.QuerySet["RoutingRule"]):
    """Named sets of rules."""

    def visible_to(self, actor: Actor) -> RoutingRuleQuerySet:
        """Return the rules for who keeps, proposes or approves them; they name no resident."""
        return self if any(actor.may(verb) for verb in SEEN_UNDER) else self.none()


class RoutingRule(models.Model):
    """One rule; `position` orders them and the first that fits wins. Empty means: all."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    position = models.PositiveSmallIntegerField()
    villages = ArrayField(models.BigIntegerField(), default=list)
    topics = ArrayField(models.CharField(max_length=40), default=list)
    days = ArrayField(models.PositiveSmallIntegerField(), default=list)  # 1 is Monday
    starts = models.TimeField(null=True)
    ends = models.TimeField(null=True)
    team = models.ForeignKey(Team, models.PROTECT, related_name="routes")

    objects = RoutingRuleQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "position"], name="one_rule_per_place"),
            models.CheckConstraint(
                condition=Q(starts=None, ends=None) | Q(starts__isnull=False, ends__isnull=False),
                name="a_route_has_both_times_or_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}"
