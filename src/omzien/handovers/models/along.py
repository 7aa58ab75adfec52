"""Asking others while the question stays: referrals, advice, and teams that work along."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q

from omzien.areas.models import Municipality
from omzien.handovers.rules.along import (
    OPEN_ALONG,
    OPEN_CONSULT,
    OPEN_REFERRAL,
    AlongState,
    ConsultState,
    ReferralState,
)
from omzien.people.gates import gated
from omzien.people.models import Ground, Team
from omzien.people.models.closeness import close_to
from omzien.people.rules.grounds import LET_ALONG, Category
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.models import Question
from omzien.questions.models.questions import readable
from omzien.questions.rules.states import LIVE, Result


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Named sets of referrals."""

    def visible_to(self, actor: Actor) -> ReferralQuerySet:
        """Return the referrals of the questions that `actor` may read."""
        return gated(self, readable, actor)

    def open(self) -> ReferralQuerySet:
        """Return those of which it is not known yet how they went."""
        return self.filter(state__in=OPEN_REFERRAL)

    def to_remind(self, *, on: date) -> ReferralQuerySet:
        """Return the open ones of which the owner should ask how it went, and was not told so."""
        return self.open().filter(due_on__lte=on, reminded_at=None)

    def due(self, *, on: date) -> ReferralQuerySet:
        """Return the open ones that the owner was told of, and wrote nothing about in time."""
        return self.open().filter(due_on__lt=on, reminded_at__isnull=False)


class Referral(models.Model):
    """The resident goes to somebody else for a part; the question stays with its team."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    question = models.ForeignKey(Question, models.CASCADE, related_name="referrals")
    service = models.UUIDField(null=True)  # an entry of the social map, which may go
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200)  # of the entry or the team, as it was then
    what = models.CharField(max_length=500)
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in ReferralState], default=ReferralState.MADE
    )
    reason = models.CharField(max_length=300, blank=True)
    result = models.CharField(max_length=10, choices=[(r, r) for r in Result], blank=True)
    # The owner asks how it went; once reminded of that: it ends without anybody knowing.
    due_on = models.DateField(null=True)
    reminded_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        indexes = [
            models.Index(fields=["question", "made_at"]),
            models.Index(
                fields=["municipality", "due_on"],
                condition=Q(state__in=sorted(OPEN_REFERRAL)),
                name="referral_clock",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=sorted(OPEN_REFERRAL)) | Q(due_on__isnull=False),
                name="an_open_referral_has_a_clock",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(result=""), name="a_done_referral_has_a_result"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class ConsultQuerySet(models.QuerySet["Consult"]):
    """Named sets of questions for advice."""

    def visible_to(self, actor: Actor) -> ConsultQuerySet:
        """Return what the own team asked or is asked. About whom it is only the asker can find.

        The question itself stays behind its own gate; nothing here leads the advisor to it. Of
        the team that asked, who is close to the resident does not see it.
        """
        if actor.person is None or actor.team is None:
            return self.none()
        if Scope.TEAM not in actor.may("question.work"):
            return self.none()
        asked = Q(from_team=actor.team) & ~close_to(actor, "question__")
        return self.filter(asked | Q(to_team=actor.team))

    def open(self) -> ConsultQuerySet:
        """Return what waits for an answer."""
        return self.filter(state__in=OPEN_CONSULT)

    def to_remind(self, *, on: date) -> ConsultQuerySet:
        """Return the open ones of which nobody was reminded yet."""
        return self.open().filter(remind_on__lte=on, reminded_at=None)

    def due(self, *, on: date) -> ConsultQuerySet:
        """Return the open ones whose term is over: their last day counts."""
        return self.open().filter(due_on__lt=on)


class Consult(models.Model):
    """A question for advice without a name in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    question = models.ForeignKey(Question, models.CASCADE, related_name="consults")
    from_team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    to_team = models.ForeignKey(Team, models.PROTECT, related_name="consults")
    text = models.TextField(max_length=4000)
    answer = models.TextField(max_length=4000, blank=True)
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in ConsultState], default=ConsultState.ASKED
    )
    remind_on = models.DateField(null=True)
    reminded_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = ConsultQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        indexes = [
            models.Index(fields=["to_team", "state"]),
            models.Index(
                fields=["municipality", "due_on"],
                condition=Q(state__in=sorted(OPEN_CONSULT)),
                name="consult_clock",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="asked") | Q(due_on__isnull=False),
                name="an_open_consult_has_a_clock",
            )
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class InvolvementQuerySet(models.QuerySet["Involvement"]):
    """Named sets of parts of other teams."""

    def open(self) -> InvolvementQuerySet:
        """Return the teams that were asked, or work along."""
        return self.filter(state__in=OPEN_ALONG)

    def to_remind(self, *, on: date) -> InvolvementQuerySet:
        """Return those that wait for an answer, and of which nobody was reminded yet."""
        return self.filter(state=AlongState.ASKED, remind_on__lte=on, reminded_at=None)

    def due(self, *, on: date) -> InvolvementQuerySet:
        """Return those that got no answer in their term: its last day counts."""
        return self.filter(state=AlongState.ASKED, due_on__lt=on)

    def visible_to(self, actor: Actor) -> InvolvementQuerySet:
        """Return the parts of the questions of which `actor` may know whose they are: no ground
        for a part covers less, and some cover no more.
        """
        return gated(self, readable, actor, "contact.read")

    def of_team(self, actor: Actor) -> InvolvementQuerySet:
        """Return the open parts of the team of `actor`, as its lists show them.

        Who does them comes through the gate of the question. Who coordinates the team sees that
        they are there and what is due, also without knowing whose they are: that page stays shut.
        """
        if actor.team is None:
            return self.none()
        rows = self.open().filter(team=actor.team)
        if knows_whose(actor) or Scope.TEAM not in actor.may("question.reassign"):
            return rows.visible_to(actor)
        return gated(rows, _overseen, actor)

    def uncovered(self, *, at: datetime) -> InvolvementQuerySet:
        """Return the open parts that no ground covers any more."""
        named = Ground.objects.for_recipient(
            team=OuterRef("team"), organisation=OuterRef("team__organisation")
        )
        grounds = named.holding(at=at).filter(
            person=OuterRef("question__person"),
            purpose__in=LET_ALONG,
            categories__contains=[Category.CONTACT],
        )
        return self.open().exclude(Exists(grounds))


def knows_whose(actor: Actor) -> bool:
    """Tell whether a ground may let `actor` know of whom a question of another team is."""
    return Scope.GROUND in actor.may("contact.read")


def _overseen(actor: Actor) -> Q:
    return Q(question__state__in=LIVE) & ~close_to(actor, "question__")


class Involvement(models.Model):
    """Another team does a part. One team owns the question; the others see it by a ground."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    question = models.ForeignKey(Question, models.CASCADE, related_name="involvements")
    team = models.ForeignKey(Team, models.PROTECT, related_name="involvements")
    part = models.CharField(max_length=300)
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in AlongState], default=AlongState.ASKED
    )
    reason = models.CharField(max_length=300, blank=True)
    remind_on = models.DateField(null=True)
    reminded_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)  # an answer is due
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = InvolvementQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "team"],
                condition=Q(state__in=sorted(OPEN_ALONG)),
                name="a_team_works_along_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="asked") | Q(due_on__isnull=False),
                name="an_asked_part_has_a_clock",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "state"]),
            models.Index(
                fields=["municipality", "due_on"],
                condition=Q(state__in=[AlongState.ASKED]),
                name="involvement_clock",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"
