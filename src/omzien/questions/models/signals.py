"""Worries about somebody, and early signals of partners: not yet a question of the person."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import Q

from omzien.areas.models import Municipality, Village
from omzien.people.models import Membership, Team
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.models.questions import Question
from omzien.questions.rules.signals import AGAIN, AMOUNTS, EarlyEnd, EarlyKind, Knows, SignalState


def _choices(kind: type) -> list[tuple[str, str]]:
    return [(one, one) for one in kind]  # type: ignore[attr-defined]  # an enum is a list of texts


def _not_told_lately(on: date) -> Q:
    return Q(reminded_at=None) | Q(reminded_at__date__lte=on - AGAIN)


class SignalQuerySet(models.QuerySet["Signal"]):
    """Named sets of worries."""

    def open(self) -> SignalQuerySet:
        """Return the worries that a team still has to do something with."""
        return self.filter(ended_at=None)

    def visible_to(self, actor: Actor) -> SignalQuerySet:
        """Return the open worries of the own team; what ended is nobody's work any more."""
        if Scope.TEAM not in actor.may("signal.work") or actor.team is None:
            return self.none()
        return self.open().filter(team=actor.team)

    def ended_for(self, actor: Actor) -> SignalQuerySet:
        """Return what ended with the own team; pages show of these that they did, and how."""
        if Scope.TEAM not in actor.may("signal.work") or actor.team is None:
            return self.none()
        return self.filter(team=actor.team, ended_at__isnull=False)

    def untold(self) -> SignalQuerySet:
        """Return what ended while the person does not know of it: telling was not possible."""
        return self.filter(ended_at__isnull=False, told_at=None)

    def late(self, *, on: date) -> SignalQuerySet:
        """Return the open worries whose day is past, of which no coordinator heard lately."""
        return self.open().filter(_not_told_lately(on), due_on__lt=on)


class Signal(models.Model):
    """Somebody worries about somebody else. The person hears of it; the reporter hears nothing
    but that it was picked up.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    key = models.UUIDField(default=uuid.uuid4)  # of the form: sent twice is one worry
    team = models.ForeignKey(Team, models.PROTECT, related_name="signals")
    holder = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="signals")
    village = models.ForeignKey(Village, models.PROTECT, related_name="+")
    about = models.CharField(max_length=200)
    where = models.CharField(max_length=300, blank=True)
    worry = models.TextField(max_length=20_000)
    knows = models.CharField(max_length=10, choices=_choices(Knows), default=Knows.UNKNOWN)
    state = models.CharField(max_length=12, choices=_choices(SignalState), default=SignalState.NEW)
    received_at = models.DateTimeField()
    due_on = models.DateField(null=True)  # picked up by then, and afterwards: the person told
    reminded_at = models.DateTimeField(null=True)
    picked_up_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # the person knows that somebody worries
    not_told_because = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)
    why_nothing = models.CharField(max_length=300, blank=True)
    question = models.ForeignKey(Question, models.SET_NULL, null=True, related_name="signals")
    version = models.PositiveIntegerField(default=1)

    objects = SignalQuerySet.as_manager()

    class Meta:
        ordering = ["received_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "key"], name="a_worry_is_sent_once"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(due_on__isnull=False),
                name="an_open_worry_has_a_clock",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(told_at__isnull=False) | ~Q(not_told_because=""),
                name="who_is_worried_about_is_told",
            ),
            models.CheckConstraint(
                condition=~Q(state=SignalState.NOTHING) | ~Q(why_nothing=""),
                name="doing_nothing_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["team", "due_on"], condition=Q(ended_at=None), name="worries_of_a_team"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Reporter(models.Model):
    """Who reported a worry, kept apart: the person reported on never gets to see this."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    signal = models.OneToOneField(Signal, models.CASCADE, related_name="reporter")
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return str(self.id)


class EarlySignalQuerySet(models.QuerySet["EarlySignal"]):
    """Named sets of early signals."""

    def open(self) -> EarlySignalQuerySet:
        """Return the signals that wait for a conversation or for its answer."""
        return self.filter(ended_at=None)

    def visible_to(self, actor: Actor) -> EarlySignalQuerySet:
        """Return the open signals of the own team."""
        if Scope.TEAM not in actor.may("early.work") or actor.team is None:
            return self.none()
        return self.open().filter(team=actor.team)

    def late(self, *, on: date) -> EarlySignalQuerySet:
        """Return the signals of which nobody offered a conversation in time, or wrote down what
        came of it, and of which no coordinator heard lately.
        """
        return self.open().filter(_not_told_lately(on), offer_by__lt=on)

    def silent(self, *, on: date) -> EarlySignalQuerySet:
        """Return the offers to which nobody answered, four weeks after the coordinator heard so."""
        told = self.open().filter(offer_by__lt=on, reminded_at__date__lte=on - AGAIN)
        return told.filter(offered_at__isnull=False)


class EarlySignal(models.Model):
    """A partner says that somebody is behind with payments (Wgs, article 3, under 1 b)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    team = models.ForeignKey(Team, models.PROTECT, related_name="early_signals")
    partner = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=_choices(EarlyKind))
    name = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=200)
    town = models.CharField(max_length=80)
    phone = models.CharField(max_length=40, blank=True)
    amount = models.CharField(max_length=10, choices=[(one, one) for one in AMOUNTS])
    contacted_on = models.DateField()  # by the partner, before it may say anything
    reminded_on = models.DateField()
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=60)
    offer_by = models.DateField()  # and after the offer: what came of it is written by then
    reminded_at = models.DateTimeField(null=True)
    offered_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=10, choices=_choices(EarlyEnd), blank=True)
    ended_at = models.DateTimeField(null=True)
    question = models.ForeignKey(Question, models.SET_NULL, null=True, related_name="+")

    objects = EarlySignalQuerySet.as_manager()

    class Meta:
        ordering = ["offer_by", "received_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "municipality",
                    "partner",
                    "kind",
                    "name",
                    "address",
                    "town",
                    "reminded_on",
                ],
                name="an_early_signal_comes_in_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | (~Q(end="") & Q(offered_at__isnull=False)),
                name="a_conversation_was_offered",
            ),
            models.CheckConstraint(
                condition=Q(reminded_on__gte=models.F("contacted_on")),
                name="the_partner_tried_first",
            ),
        ]
        indexes = [
            models.Index(
                fields=["team", "offer_by"], condition=Q(ended_at=None), name="early_of_a_team"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
