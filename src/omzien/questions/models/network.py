"""The resident's own network: first names on a map that is theirs, and whom they show it to."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from omzien.areas.models import Municipality
from omzien.people.gates import NOTHING, gated
from omzien.people.models import Mandate, Membership, Person, Team
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.models.questions import Question, readable
from omzien.questions.rules.network import LONGEST_NAME, Often, Relation
from omzien.questions.rules.support import Support


class TieQuerySet(models.QuerySet["Tie"]):
    """Named sets of people on maps."""

    def visible_to(self, actor: Actor) -> TieQuerySet:
        """Return the people on the own map, and on the maps that are shared with `actor`."""
        return gated(self, _ties, actor)


def _ties(actor: Actor) -> Q:
    reach = actor.may("ecogram.read")
    if actor.person is None:
        return NOTHING
    if Scope.OWN in reach and actor.membership is None:
        return Q(person=actor.person)
    if Scope.SHARED in reach:
        return Q(person__in=NetworkShare.objects.reaching(actor).values("question__person"))
    return NOTHING


class Tie(models.Model):
    """Somebody of a resident's own network: a first name and no more than that."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    person = models.ForeignKey(Person, models.CASCADE, related_name="ties")  # whose map it is
    name = models.CharField(max_length=LONGEST_NAME)
    relation = models.CharField(max_length=12, choices=[(r, r) for r in Relation])
    kinds = ArrayField(models.CharField(max_length=1, choices=[(s, s) for s in Support]))
    closeness = models.PositiveSmallIntegerField()  # 1 is the inner ring
    how_often = models.CharField(max_length=8, choices=[(o, o) for o in Often])
    together = models.BooleanField(default=False)  # drawn with a worker
    created_at = models.DateTimeField()

    objects = TieQuerySet.as_manager()

    class Meta:
        ordering = ["closeness", "name", "created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closeness__gte=1, closeness__lte=3), name="three_rings"
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(name__contains=" "), name="a_first_name_is_one_word"
            ),
        ]
        indexes = [models.Index(fields=["person", "closeness"])]

    def __str__(self) -> str:
        return str(self.id)


class NetworkShareQuerySet(models.QuerySet["NetworkShare"]):
    """Named sets of shares."""

    def open(self) -> NetworkShareQuerySet:
        """Return the shares that were not stopped: with a proxy, as long as the mandate is the
        one of when it was shared. A later one opens nothing that was not asked again.
        """
        then = Mandate.objects.filter(
            resident=OuterRef("question__person"),
            proxy=OuterRef("proxy"),
            revoked_at=None,
            confirmed_at__lte=OuterRef("started_at"),
        )
        return self.filter(Q(proxy=None) | Q(Exists(then)), stopped_at=None)

    def with_team(self, question: Question) -> NetworkShareQuerySet:
        """Return what shows the map to a team for a question: it ends when the team has it no
        more, also when the question comes back.
        """
        return self.filter(question=question, proxy=None, stopped_at=None)

    def reaching(self, actor: Actor) -> NetworkShareQuerySet:
        """Return the shares that let `actor` look, now.

        With a team: as long as that team owns the live question and the actor may read it. With
        a proxy: as long as the mandate holds. Asked anew each time, so that stopping is at once.
        """
        if actor.represents is not None:
            live = Mandate.objects.held_by(actor).of_all()
            return self.open().filter(
                proxy=actor.person,
                question__person=actor.represents,
                question__person__in=live.values("resident"),
            )
        if actor.team is None:
            return self.none()
        return self.open().filter(
            team=actor.team,
            team_id=F("question__team"),
            question__in=Question.objects.visible_to(actor, verb="question.work"),
        )


class NetworkShare(models.Model):
    """A resident shows the map to the team that owns a question, or to a proxy; stops at once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    question = models.ForeignKey(Question, models.CASCADE, related_name="network_shares")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    proxy = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)

    objects = NetworkShareQuerySet.as_manager()

    class Meta:
        ordering = ["started_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(team=None) ^ Q(proxy=None), name="a_map_is_shared_with_one"
            ),
            models.UniqueConstraint(
                fields=["question", "team", "proxy"],
                condition=Q(stopped_at=None),
                name="a_map_is_shared_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class YoungCarerSignalQuerySet(models.QuerySet["YoungCarerSignal"]):
    """Named sets of signals."""

    def visible_to(self, actor: Actor) -> YoungCarerSignalQuerySet:
        """Return the signals of the questions whose plan `actor` may read."""
        return gated(self, readable, actor, "plan.read")

    def standing(self) -> YoungCarerSignalQuerySet:
        """Return those that were not taken back."""
        return self.filter(withdrawn_at=None)


class YoungCarerSignal(models.Model):
    """A school may know that a pupil cares for somebody: who agreed, and what it may hear."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    question = models.ForeignKey(Question, models.CASCADE, related_name="school_signals")
    school = models.CharField(max_length=120)
    what = models.CharField(max_length=500)  # what the school may hear, and nothing else
    age = models.PositiveSmallIntegerField()
    young_agreed_on = models.DateField()
    parent_agreed_on = models.DateField(null=True)
    recorded_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = YoungCarerSignalQuerySet.as_manager()

    class Meta:
        ordering = ["young_agreed_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(age__gte=16) | Q(parent_agreed_on__isnull=False),
                name="under_sixteen_a_parent_agrees_too",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
