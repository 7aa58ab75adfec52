"""Waiting for a place with another team: who is next, and when the resident hears again."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q

from omzien.areas.models import Municipality
from omzien.handovers.rules.waiting import OPEN_WAIT, Lapse, WaitState
from omzien.people.gates import gated
from omzien.people.models import Team
from omzien.people.models.closeness import close_to
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.models import Question
from omzien.questions.models.questions import readable


class WaitQuerySet(models.QuerySet["Wait"]):
    """Named sets of waits."""

    def visible_to(self, actor: Actor) -> WaitQuerySet:
        """Return the waits of the questions that `actor` may read."""
        return gated(self, readable, actor)

    def listed_for(self, actor: Actor) -> WaitQuerySet:
        """Return who waits for a place in the team of `actor`: since when, and for what.

        Of whom it is, and of whose team, the list tells nothing; no ground is needed for it.
        """
        if actor.team is None or Scope.TEAM not in actor.may("handover.answer"):
            return self.none()
        return self.open().filter(team=actor.team).exclude(close_to(actor, "question__"))

    def open(self) -> WaitQuerySet:
        """Return what waits, or is offered and waits for an answer."""
        return self.filter(state__in=OPEN_WAIT)

    def in_line(self) -> WaitQuerySet:
        """Return the open ones that may get a place now, also those that one was called for."""
        return self.open().filter(paused_at=None)

    def to_call(self) -> WaitQuerySet:
        """Return who can be called when a place becomes free, the first one first: who goes first
        by the rule of the list, and then who waits longest.
        """
        rows = self.in_line().filter(state=WaitState.WAITING, called_at=None)
        return rows.order_by(F("goes_first").desc(), "since", "pk")

    def to_remind(self, *, on: date) -> WaitQuerySet:
        """Return the open ones of whose resident the team was not reminded yet."""
        return self.open().filter(remind_on__lte=on, reminded_at=None)

    def due(self, *, on: date) -> WaitQuerySet:
        """Return the open ones whose resident heard nothing in time: the last day counts."""
        return self.open().filter(due_on__lt=on)

    def uncalled(self, *, on: date) -> WaitQuerySet:
        """Return those that a place was called for, and that were not offered in time."""
        return self.filter(state=WaitState.WAITING, call_until__lt=on)


class Wait(models.Model):
    """One question on the list of one team. It stays with its own team all that time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    question = models.ForeignKey(Question, models.CASCADE, related_name="waits")
    team = models.ForeignKey(Team, models.PROTECT, related_name="waits")  # where a place is
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in WaitState], default=WaitState.WAITING
    )
    what = models.CharField(max_length=300)  # for what; the receiver reads it: nobody's name
    bridge = models.CharField(max_length=300)  # what helps meanwhile; the resident reads it
    service = models.UUIDField(null=True)  # an entry of the social map for that, which may go
    since = models.DateTimeField()
    entered_at = models.DateTimeField()
    # the rules of the list as they were then
    contact_weeks = models.PositiveSmallIntegerField()
    first_rule = models.CharField(max_length=300, blank=True)
    goes_first = models.BooleanField(default=False)
    # clock: the resident hears again
    heard_on = models.DateField()
    remind_on = models.DateField(null=True)
    reminded_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    overdue_at = models.DateTimeField(null=True)
    # a place is free: the own team may offer the question
    called_at = models.DateTimeField(null=True)
    call_until = models.DateField(null=True)
    skip_reason = models.CharField(max_length=300, blank=True)  # why before who waits longer
    paused_at = models.DateTimeField(null=True)  # a place came to nothing: its team looks first
    ended_at = models.DateTimeField(null=True)
    lapse = models.CharField(max_length=10, choices=[(one, one) for one in Lapse], blank=True)
    reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = WaitQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "team"],
                condition=Q(state__in=sorted(OPEN_WAIT)),
                name="a_question_waits_once_for_a_team",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=sorted(OPEN_WAIT),
                    due_on__isnull=False,
                    remind_on__isnull=False,
                    ended_at=None,
                )
                | Q(
                    state__in=sorted(set(WaitState) - OPEN_WAIT),
                    due_on=None,
                    remind_on=None,
                    ended_at__isnull=False,
                ),
                name="an_open_wait_has_a_clock",
            ),
            models.CheckConstraint(
                condition=Q(called_at=None, call_until=None)
                | Q(
                    state=WaitState.WAITING,
                    called_at__isnull=False,
                    call_until__isnull=False,
                    paused_at=None,
                ),
                name="who_is_called_waits_and_has_a_clock",
            ),
            models.CheckConstraint(
                condition=~Q(what="") & ~Q(bridge=""), name="a_wait_says_for_what_and_a_bridge"
            ),
            models.CheckConstraint(
                condition=Q(goes_first=False) | ~Q(first_rule=""),
                name="who_goes_first_does_so_by_a_rule",
            ),
            models.CheckConstraint(
                condition=Q(state=WaitState.LAPSED) & ~Q(lapse="")
                | ~Q(state=WaitState.LAPSED) & Q(lapse=""),
                name="what_lapsed_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["team", "since"],
                condition=Q(state__in=sorted(OPEN_WAIT)),
                name="waits_of_a_team",
            ),
            models.Index(
                fields=["municipality", "due_on"],
                condition=Q(state__in=sorted(OPEN_WAIT)),
                name="wait_clock",
            ),
            models.Index(fields=["question", "since"]),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"
