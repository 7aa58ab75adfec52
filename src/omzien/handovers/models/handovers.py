"""A warm handover of one question from its owner to another team."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.lookups import GreaterThan

from omzien.areas.models import Municipality
from omzien.handovers.rules.states import (
    FOLLOWS,
    OPEN,
    TAKEN,
    Capacity,
    ContactKind,
    DeclineReason,
    State,
    WithdrawReason,
)
from omzien.people.gates import NOTHING, clock, gated
from omzien.people.models import Ground, Team
from omzien.people.models.closeness import close_to
from omzien.people.rules.grounds import Category
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.models import Question
from omzien.questions.models.questions import readable
from omzien.questions.rules.states import LIVE, Result


def _choices(kind: type) -> list[tuple[str, str]]:
    return [(one, one) for one in kind]  # type: ignore[attr-defined]  # an enum is a list of texts


class HandoverQuerySet(models.QuerySet["Handover"]):
    """Named sets of handovers."""

    def open(self) -> HandoverQuerySet:
        """Return what waits for an answer, or for the first contact."""
        return self.filter(state__in=OPEN)

    def visible_to(self, actor: Actor) -> HandoverQuerySet:
        """Return the handovers that `actor` may read.

        The resident those of the own question, also through a mandate. The sender those it
        offered, until some weeks after the last thing that it waits for (`_followed`); the
        receiver an open one while a ground covers it, and what it took over; in neither team who
        is close to the resident. A link in a mail the one that it was made for, under the same
        terms.
        """
        return gated(self, _visible, actor)

    def received_by(self, actor: Actor, verb: str = "handover.answer") -> HandoverQuerySet:
        """Return what was ever offered to the team of `actor`, who may answer for it, or do `verb`:
        nobody does so for themselves or who is close to them.
        """
        return gated(self, _received, actor, verb)

    def ever_of(self, actor: Actor) -> HandoverQuerySet:
        """Return what was ever offered to the team of `actor`, who may answer for it, or by that
        team, for who may offer; or what a link was made for.

        Of what is not visible any more a page tells that it ended, and nothing of the question.
        """
        if actor.handover is not None:
            return self.filter(pk=actor.handover)
        if actor.team is None:
            return self.none()
        had = _sides(actor)
        return self.filter(had[0] | had[1]).exclude(_question(close_to(actor)))

    def taken(self) -> HandoverQuerySet:
        """Return those by which the receiver became the owner."""
        return self.filter(state__in=TAKEN)

    def uncovered(self, *, at: datetime) -> HandoverQuerySet:
        """Return the open handovers that no ground covers any more."""
        return self.open().exclude(Exists(_grounds(at=at)))

    def due(self, *, on: date) -> HandoverQuerySet:
        """Return the open handovers whose term is over: their last day counts."""
        return self.open().filter(due_on__lt=on)

    def to_report(self, *, on: date) -> HandoverQuerySet:
        """Return those whose new owner still has to tell how it went, reminded by nobody yet.

        Of what was handed on since, the last owner is asked, and all who waited hear it.
        """
        rows = self.filter(state=State.HANDED_OVER, report_on__lte=on, report_reminded_at=None)
        return rows.filter(question__team=F("to_team"))

    def to_remind(self, *, on: date) -> HandoverQuerySet:
        """Return the open handovers of which nobody was reminded yet."""
        return self.open().filter(remind_on__lte=on, reminded_at=None)


def _visible(actor: Actor) -> Q:
    if actor.person is None:
        return _by_link(actor) if actor.handover else NOTHING
    if actor.membership is None:
        return readable(actor)  # who speaks for them too: where it was offered is part of it
    if actor.team is None:
        return NOTHING
    sent, received = _sides(actor)
    wanted = sent & _followed(actor)
    wanted |= received & Q(state__in=OPEN) & Q(Exists(_grounds(at=clock(actor))))
    wanted |= received & ~Q(state__in=OPEN) & _question(team=actor.team)
    return wanted & ~_question(close_to(actor))


def _received(actor: Actor, verb: str) -> Q:
    if actor.team is None or Scope.TEAM not in actor.may(verb):
        return NOTHING
    return Q(to_team=actor.team) & ~_question(close_to(actor))


def _sides(actor: Actor) -> tuple[Q, Q]:
    """Return what the team of `actor` offered, and what it was offered, for a role that may."""
    offers = actor.may("handover.offer") & {Scope.TEAM, Scope.GROUND}
    answers = Scope.TEAM in actor.may("handover.answer")
    return (
        Q(from_team=actor.team) if offers else NOTHING,
        Q(to_team=actor.team) if answers else NOTHING,
    )


def _followed(actor: Actor) -> Q:
    """Return what the sender still follows: open ones, those of questions that are the sender's
    (again), those of which the new owner may still tell how it went, and what ended lately.
    """
    lately = _since("ended_at", actor) | _since("reported_at", actor)
    theirs = Question.objects.filter(pk=OuterRef("question"), team=OuterRef("to_team"))
    tells = Exists(theirs.filter(Q(state__in=LIVE) | _since("ended_at", actor)))
    helped = Q(state=State.HANDED_OVER) & Q(tells)
    return Q(state__in=OPEN) | lately | helped | _question(team=actor.team, state__in=LIVE)


def _since(moment: str, actor: Actor) -> Q:
    """Return whether a moment was so lately that the sender still reads of it."""
    until = ExpressionWrapper(F(moment) + FOLLOWS, models.DateTimeField())
    return Q(GreaterThan(until, clock(actor)))


def _by_link(actor: Actor) -> Q:
    covered = Q(state__in=OPEN) & Q(Exists(_grounds(at=clock(actor))))
    taken = Q(state__in=TAKEN) & _question(team=actor.team)
    return Q(pk=actor.handover, to_team=actor.team) & (covered | taken)


def _question(*how: Q, **what: Any) -> Q:
    """Return whether the question of a handover is so; looked up by its key, without a join."""
    return Q(Exists(Question.objects.filter(*how, pk=OuterRef("question"), **what)))


def _grounds(*, at: datetime) -> models.QuerySet[Ground]:
    """Return the grounds that cover a handover at a moment: of its resident, for its receiver."""
    whose = Question.objects.filter(pk=OuterRef(OuterRef("question"))).order_by().values("person")
    team = Team.objects.filter(pk=OuterRef(OuterRef("to_team"))).order_by().values("organisation")
    whole = Q(recipients__organisation=Subquery(team), recipients__team=None)
    return (
        Ground.objects.holding(at=at)
        .filter(Q(recipients__team=OuterRef("to_team")) | whole)
        .filter(
            person=Subquery(whose),
            purpose="handover",
            categories__contains=[Category.CONTACT],
        )
    )


class Handover(models.Model):
    """From one team to another. The question stays the sender's until the first contact."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    question = models.ForeignKey(Question, models.CASCADE, related_name="handovers")
    from_team = models.ForeignKey(Team, models.PROTECT, related_name="handovers_offered")
    to_team = models.ForeignKey(Team, models.PROTECT, related_name="handovers")
    # The wait that this offers a place for, if any.
    wait = models.ForeignKey("handovers.Wait", models.SET_NULL, null=True, related_name="handovers")
    state = models.CharField(max_length=16, choices=_choices(State), default=State.OFFERED)
    is_urgent = models.BooleanField(default=False)
    # what the receiver sees
    asked = models.TextField(max_length=2000)
    tried = models.TextField(max_length=2000)
    best_moment = models.CharField(max_length=200)
    told_resident_on = models.DateField()
    capacity = models.CharField(max_length=12, choices=_choices(Capacity))
    capacity_reason = models.CharField(max_length=300, blank=True)
    # clocks: while it is open one of them runs
    offered_at = models.DateTimeField()
    offered_by = models.CharField(max_length=60)
    remind_on = models.DateField(null=True)
    reminded_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    # the answer
    answered_at = models.DateTimeField(null=True)
    contact_name = models.CharField(max_length=120, blank=True)  # who will call the resident
    decline_reason = models.CharField(max_length=20, choices=_choices(DeclineReason), blank=True)
    reason = models.CharField(max_length=500, blank=True)
    suggestion = models.CharField(max_length=300, blank=True)  # or that nobody knows
    withdraw_reason = models.CharField(max_length=10, choices=_choices(WithdrawReason), blank=True)
    # the first contact
    met_on = models.DateField(null=True)
    met_by = models.CharField(max_length=12, choices=_choices(ContactKind), blank=True)
    resident_was_there = models.BooleanField(null=True)
    ended_at = models.DateTimeField(null=True)
    # afterwards: the class of the result, and no more
    report_on = models.DateField(null=True)
    result = models.CharField(max_length=10, choices=_choices(Result), blank=True)
    report_reminded_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    # the resident says that there was no first contact
    disputed_at = models.DateTimeField(null=True)
    dispute = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["offered_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["question"],
                condition=Q(state__in=sorted(OPEN)),
                name="one_open_handover_per_question",
            ),
            models.CheckConstraint(
                condition=~Q(from_team=F("to_team")), name="nobody_hands_over_to_themselves"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(OPEN))
                | Q(due_on__isnull=False, remind_on__isnull=False, ended_at=None),
                name="an_open_handover_has_a_clock",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.ACCEPTED) | ~Q(contact_name=""),
                name="who_accepts_names_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DECLINED) | (~Q(decline_reason="") & ~Q(suggestion="")),
                name="declining_has_a_reason_and_a_next_step",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.HANDED_OVER, State.REPORTED_BACK])
                | (Q(met_on__isnull=False, resident_was_there__isnull=False) & ~Q(met_by="")),
                name="handed_over_means_met",
            ),
            models.CheckConstraint(
                condition=~Q(capacity=Capacity.NO) | ~Q(capacity_reason=""),
                name="asking_who_is_full_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["to_team", "due_on"],
                condition=Q(state__in=sorted(OPEN)),
                name="offered_to_a_team",
            ),
            models.Index(
                fields=["municipality", "due_on"],
                condition=Q(state__in=sorted(OPEN)),
                name="handover_clock",
            ),
            models.Index(fields=["question", "offered_at"]),
            models.Index(
                fields=["municipality", "report_on"],
                condition=Q(state=State.HANDED_OVER),
                name="handovers_to_report_on",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"

    @property
    def is_theirs(self) -> bool:
        """Tell whether the receiver owns the question now, and it is somebody's work."""
        question = self.question
        return self.state in TAKEN and question.team_id == self.to_team_id and question.is_live

    @property
    def was_unseen(self) -> bool:
        """Tell whether the receiver owns the question since a talk without the resident."""
        return self.resident_was_there is False and self.is_theirs

    @property
    def is_open(self) -> bool:
        """Tell whether the receiver still has to do something."""
        return self.state in OPEN
