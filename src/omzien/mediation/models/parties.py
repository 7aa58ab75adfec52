"""The file of one neighbour. There are two in a case, and none shows the other."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from omzien.areas.models import Municipality
from omzien.mediation.models.cases import Case, choices
from omzien.mediation.rules.states import Elsewhere, Side
from omzien.people.gates import NOTHING, gated
from omzien.people.models import Person
from omzien.people.rules.roles import Actor, Scope


class PartyQuerySet(models.QuerySet["Party"]):
    """Named sets of files."""

    def visible_to(self, actor: Actor) -> PartyQuerySet:
        """Return the files that `actor` may read: a neighbour the own one, and who works in the
        case those of both. What a mediator sees of them is up to `queries/seats.py`.
        """
        return gated(self, _visible, actor)

    def own(self, actor: Actor) -> PartyQuerySet:
        """Return the own file of a neighbour, and never that of another."""
        return gated(self, _own, actor)


def _visible(actor: Actor) -> Q:
    return _own(actor) | Q(case__in=Case.objects.visible_to(actor))


def _own(actor: Actor) -> Q:
    is_self = actor.person is not None and actor.membership is None and actor.represents is None
    if not is_self or Scope.OWN not in actor.may("mediation.follow"):
        return NOTHING
    return Q(person=actor.person)


class Party(models.Model):
    """One neighbour in a case. Of the second no more is kept than a name and an address, until
    they say yes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    case = models.ForeignKey(Case, models.CASCADE, related_name="parties")
    side = models.PositiveSmallIntegerField(choices=[(one.value, one.value) for one in Side])
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="mediation_files")
    name = models.CharField(max_length=120, blank=True)
    street = models.CharField(max_length=120)
    postcode = models.CharField(max_length=7, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    # What the first wrote in the report: for the intake, and gone after it.
    words = models.TextField(max_length=2000, blank=True)
    in_danger = models.BooleanField(default=False)
    # Why it is no case for mediation, and where else to go: for who reported it.
    elsewhere = models.CharField(max_length=16, choices=choices(Elsewhere), blank=True)
    advice = models.CharField(max_length=300, blank=True)
    # The second hears where their name came from (AVG, art. 14), and says yes.
    told_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)  # said no, or stopped: then this file goes

    objects = PartyQuerySet.as_manager()

    class Meta:
        ordering = ["side", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "side"], name="one_file_per_neighbour"),
            models.UniqueConstraint(
                fields=["case", "name", "street", "postcode"], name="two_different_neighbours"
            ),
            models.UniqueConstraint(
                fields=["case", "person"],
                condition=Q(person__isnull=False),
                name="nobody_is_both_neighbours",
            ),
            models.CheckConstraint(
                condition=Q(side=Side.FIRST)
                | Q(agreed_at__isnull=False, told_at__isnull=False)
                | Q(person=None, phone="", email=""),
                name="of_the_other_neighbour_little_is_kept_before_a_yes",
            ),
            models.CheckConstraint(
                condition=Q(side=Side.FIRST)
                | Q(words="", in_danger=False, elsewhere="", advice=""),
                name="what_one_wrote_is_in_their_own_file",
            ),
        ]
        indexes = [models.Index(fields=["person"], name="mediation_files_of_somebody")]

    def __str__(self) -> str:
        return str(self.id)
