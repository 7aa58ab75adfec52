"""After closing: is it solved, and what if the resident does not agree."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Exists, F, Q
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.people.gates import NOTHING, clock, gated
from omzien.people.models import Mandate, Membership, Team
from omzien.people.models.closeness import close_to, selves
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.models.questions import Question, readable
from omzien.questions.rules.states import Solved
from omzien.questions.rules.terms import STANDARD

WORKS_FOR = timedelta(days=STANDARD.feedback_days)  # as long as the link in the mail
TOLD_FOR = timedelta(weeks=2)  # an answer to an objection stands on "today"


class AftercareAnswerQuerySet(models.QuerySet["AftercareAnswer"]):
    """Named sets of answers."""

    def waiting(self) -> AftercareAnswerQuerySet:
        """Return what nobody answered yet."""
        return self.filter(answered_at=None)

    def of_resident(self, actor: Actor, *, at: datetime) -> AftercareAnswerQuerySet:
        """Return what the resident themselves may still answer."""
        if Scope.OWN not in actor.may("outcome.report") or actor.person is None:
            return self.none()
        mine = self.waiting().filter(question__person=actor.person, question__left="")
        return mine.filter(question__ended_at=F("ended_at"), asked_at__gt=at - WORKS_FOR)

    def to_call(self, actor: Actor) -> AftercareAnswerQuerySet:
        """Return whom the own team calls, because no mail reaches them; at the desk also those of
        teams that ended since.
        """
        if Scope.TEAM not in actor.may("question.close") or actor.team is None:
            return self.none()
        desk = Exists(Team.objects.filter(pk=actor.team, is_default=True))
        ours = Q(question__team=actor.team) | Q(question__team__archived_at__isnull=False) & Q(desk)
        return self.called().filter(ours).exclude(close_to(actor, "question__"))

    def called(self) -> AftercareAnswerQuerySet:
        """Return who is called, and was not yet."""
        return self.waiting().filter(call_by__isnull=False, question__ended_at=F("ended_at"))


class AftercareAnswer(models.Model):
    """Six weeks after closing the resident is asked once whether it is solved."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    question = models.ForeignKey(Question, models.CASCADE, related_name="aftercare")
    ended_at = models.DateTimeField()  # which closing: after opening again it is asked anew
    asked_at = models.DateTimeField()
    call_by = models.DateField(null=True)  # the team calls; nobody mails
    answer = models.CharField(max_length=10, choices=[(s, s) for s in Solved], blank=True)
    answered_at = models.DateTimeField(null=True)
    reopened = models.ForeignKey(Question, models.SET_NULL, null=True, related_name="+")

    objects = AftercareAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "ended_at"], name="asked_once_after_each_closing"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="")
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="an_answer_has_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ObjectionQuerySet(models.QuerySet["Objection"]):
    """Named sets of objections."""

    def open(self) -> ObjectionQuerySet:
        """Return what has no answer yet."""
        return self.filter(answered_at=None)

    def just_answered(self, *, at: datetime) -> ObjectionQuerySet:
        """Return those of which the answer is so new that the resident is told where it is."""
        return self.filter(answered_at__gt=at - TOLD_FOR)

    def visible_to(self, actor: Actor) -> ObjectionQuerySet:
        """Return one's own objections, or those that somebody answers.

        Of who has a mandate only who acts by it: an objection may be about who looks along.
        Never to who holds the question. Where the person who would answer left, or came to hold
        the question, the team that it was given to answers.
        """
        return gated(self, _visible, actor)

    def late(self, *, on: date) -> ObjectionQuerySet:
        """Return what should have been answered, and of which nobody was reminded."""
        return self.open().filter(due_on__lt=on, reminded_at=None)


def _visible(actor: Actor) -> Q:
    if actor.person is None:
        return NOTHING
    if actor.membership is None:
        reach = actor.may("objection.make")
        if Scope.OWN in reach:
            return readable(actor)
        acts = Mandate.objects.held_by(actor).filter(what__contains=["act"])
        return readable(actor) & Q(Exists(acts)) if Scope.MANDATE in reach else NOTHING
    if Scope.TEAM not in actor.may("objection.answer") or actor.team is None:
        return NOTHING
    working = Membership.objects.live(on=timezone.localdate(clock(actor)))
    gone = Q(handler=None) | ~Q(handler__in=working) | Q(handler=F("question__holder"))
    given = Q(handler=actor.membership) | (Q(team=actor.team) & gone)
    held = selves(actor.person, "question__holder__person")
    return given & ~held & ~close_to(actor, "question__")


class Objection(models.Model):
    """The resident does not agree; somebody other than who holds the question answers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    question = models.ForeignKey(Question, models.CASCADE, related_name="objections")
    key = models.UUIDField(default=uuid.uuid4)  # of the form: sent twice is once
    why = models.TextField(max_length=5000)
    made_at = models.DateTimeField()
    team = models.ForeignKey(Team, models.PROTECT, related_name="objections")
    handler = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="objections")
    due_on = models.DateField()
    reminded_at = models.DateTimeField(null=True)
    answer = models.TextField(max_length=5000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=60, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "key"], name="objected_once"),
            models.CheckConstraint(
                condition=Q(answered_at=None) | ~Q(answer=""), name="an_objection_gets_words"
            ),
        ]
        indexes = [
            models.Index(
                fields=["team", "due_on"],
                condition=Q(answered_at=None),
                name="objections_to_answer",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
