"""Volunteers who mediate, and the two seats that a case has for them."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q

from omzien.areas.models import Municipality
from omzien.mediation.models.cases import Case, choices
from omzien.mediation.rules.states import OPEN_SEAT, BackReason, SeatState
from omzien.people.gates import NOTHING, gated
from omzien.people.models import Membership, Person
from omzien.people.rules.roles import Actor, Scope


class MediatorQuerySet(models.QuerySet["Mediator"]):
    """Named sets of mediators."""

    def visible_to(self, actor: Actor) -> MediatorQuerySet:
        """Return the mediators of the team that `actor` coordinates; a mediator oneself."""
        return gated(self, _mediators, actor)


def _mediators(actor: Actor) -> Q:
    if actor.team is not None and Scope.TEAM in actor.may("mediation.coordinate"):
        return Q(membership__team=actor.team)
    if actor.membership is not None and Scope.OWN in actor.may("mediation.mediate"):
        return Q(membership=actor.membership)
    return NOTHING


class Mediator(models.Model):
    """Where a volunteer lives, so that nobody mediates in their own street; and experience."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    membership = models.OneToOneField(Membership, models.CASCADE, related_name="mediator")
    street = models.CharField(max_length=120)
    postcode = models.CharField(max_length=7)
    is_experienced = models.BooleanField(default=False)

    objects = MediatorQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.id)


class SeatQuerySet(models.QuerySet["Seat"]):
    """Named sets of seats."""

    def visible_to(self, actor: Actor) -> SeatQuerySet:
        """Return the seats of the cases that `actor` works in: both mediators know each other."""
        return gated(self, _seats, actor)

    def own(self, actor: Actor) -> SeatQuerySet:
        """Return the open seats of a mediator, in cases that run."""
        return gated(self, _own, actor)

    def open(self) -> SeatQuerySet:
        """Return the seats of who is asked, or said yes."""
        return self.filter(state__in=OPEN_SEAT)

    def due(self, *, on: date) -> SeatQuerySet:
        """Return the seats of who gave no answer in time."""
        return self.filter(state=SeatState.ASKED, due_on__lt=on)

    def empty(self, *, on: date) -> SeatQuerySet:
        """Return the open seats of who has that role no more."""
        here = Membership.objects.live(on=on).filter(pk=OuterRef("membership"))
        return self.open().exclude(Exists(here))


def _seats(actor: Actor) -> Q:
    return Q(case__in=Case.objects.visible_to(actor))


def _own(actor: Actor) -> Q:
    if actor.membership is None or Scope.OWN not in actor.may("mediation.mediate"):
        return NOTHING
    return Q(membership=actor.membership, state__in=OPEN_SEAT) & _seats(actor)


class Seat(models.Model):
    """One of the two places for a mediator in a case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    case = models.ForeignKey(Case, models.CASCADE, related_name="seats")
    number = models.PositiveSmallIntegerField(choices=[(1, 1), (2, 2)])
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="mediation_seats")
    person = models.ForeignKey(Person, models.CASCADE, related_name="mediation_seats")
    state = models.CharField(max_length=12, choices=choices(SeatState), default=SeatState.ASKED)
    reason = models.CharField(max_length=6, choices=choices(BackReason), blank=True)
    asked_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    knows_nobody = models.BooleanField(default=False)  # said by themselves
    ended_at = models.DateTimeField(null=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["case", "number", "asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "number"],
                condition=Q(state__in=sorted(OPEN_SEAT)),
                name="two_mediators_at_most",
            ),
            models.UniqueConstraint(
                fields=["case", "person"],
                condition=Q(state__in=sorted(OPEN_SEAT)),
                name="two_different_mediators",
            ),
            models.CheckConstraint(condition=Q(number__in=[1, 2]), name="a_case_has_two_seats"),
            models.CheckConstraint(
                condition=~Q(state=SeatState.ACCEPTED) | Q(knows_nobody=True),
                name="a_mediator_said_to_know_nobody",
            ),
            models.CheckConstraint(
                condition=~Q(state=SeatState.ASKED) | Q(due_on__isnull=False),
                name="an_asked_mediator_has_a_clock",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[SeatState.DECLINED, SeatState.STEPPED_BACK])
                | ~Q(reason=""),
                name="a_mediator_says_why_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"
