"""Rules that lead a question to a team."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from omzien.areas.models import Municipality
from omzien.people.models import Team
from omzien.people.rules.roles import Actor

SEEN_UNDER = ("rules.propose", "rules.approve", "rules.advise", "rules.apply")


class RoutingRuleQuerySet(models.QuerySet["RoutingRule"]):
    """Named sets of rules."""

    def visible_to(self, actor: Actor) -> RoutingRuleQuerySet:
        """Return the rules for who has a part in them; they name no resident."""
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


class RouteProposalQuerySet(models.QuerySet["RouteProposal"]):
    """Named sets of proposals."""

    def visible_to(self, actor: Actor) -> RouteProposalQuerySet:
        """Return the proposals for who has a part in the routes; they name nobody."""
        return self if any(actor.may(verb) for verb in SEEN_UNDER) else self.none()

    def waiting(self) -> RouteProposalQuerySet:
        """Return those that nobody answered."""
        return self.filter(state=RouteProposal.State.WAITING)


class RouteProposal(models.Model):
    """A coordinator proposes another team for the questions of villages; nothing changes yet."""

    class State(models.TextChoices):
        WAITING = "waiting"
        TAKEN = "taken"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    villages = ArrayField(models.BigIntegerField())
    topics = ArrayField(models.CharField(max_length=40), default=list)
    why = models.CharField(max_length=12)  # rules/proposals.py
    from_team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    proposed_by = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    why_not = models.CharField(max_length=12, blank=True)
    advice = models.CharField(max_length=12, blank=True, default="")  # of who oversees privacy
    answered_at = models.DateTimeField(null=True)

    objects = RouteProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "team", "villages", "topics"],
                condition=Q(state="waiting"),
                name="one_waiting_proposal_per_route",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", answered_at=None)
                | Q(answered_at__isnull=False) & ~Q(state="waiting"),
                name="an_answered_proposal_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
