"""Standard texts for answers to residents, of the municipality or of one team."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from omzien.areas.models import Municipality
from omzien.people.models import Team
from omzien.people.rules.roles import Actor, Scope

LONGEST_TEXT = 5_000


class StandardTextQuerySet(models.QuerySet["StandardText"]):
    """Named sets of standard texts."""

    def visible_to(self, actor: Actor) -> StandardTextQuerySet:
        """Return the texts that `actor` may use: the municipality's, and those of the own team.

        Who keeps the texts of the whole municipality sees all.
        """
        if Scope.ALL in actor.may("texts.change"):
            return self
        if not (actor.may("question.work") or actor.may("texts.change")) or actor.team is None:
            return self.none()
        return self.filter(Q(team=None) | Q(team=actor.team))

    def changed_by(self, actor: Actor) -> StandardTextQuerySet:
        """Return the texts that `actor` may change."""
        reach = actor.may("texts.change")
        if Scope.ALL in reach:
            return self
        if Scope.TEAM in reach and actor.team:
            return self.filter(team=actor.team)
        return self.none()


class StandardText(models.Model):
    """A text with places to fill in; without a team it is for every team."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+")
    title = models.CharField(max_length=80)
    body = models.TextField(max_length=LONGEST_TEXT)

    objects = StandardTextQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "team", "title"],
                nulls_distinct=False,
                name="one_standard_text_per_title",
            )
        ]

    def __str__(self) -> str:
        return self.title
