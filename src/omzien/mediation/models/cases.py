"""A case between two neighbours: what is the same for both, and nothing that one of them said."""

from __future__ import annotations

import uuid
from datetime import date
from enum import StrEnum

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from omzien.areas.models import Municipality, Village
from omzien.mediation.rules.states import LIVE, OPEN_SEAT, Outcome, State, Subject
from omzien.people.gates import NOTHING, gated
from omzien.people.models import Team
from omzien.people.models.closeness import close_to
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.models import Question


def choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """Return the values of an enum as choices of a field."""
    return [(one, one) for one in kind]


class CaseQuerySet(models.QuerySet["Case"]):
    """Named sets of cases."""

    def visible_to(self, actor: Actor) -> CaseQuerySet:
        """Return the cases that `actor` works in.

        The coordinator those of the own team; a mediator the one in which a seat is open, and
        only while it runs. Nobody a case in which they are a party, or close to one. Neighbours,
        and who speaks for them, read their own file (`Party`), and who referred a case its outcome
        (`referred_by`): no case is theirs.
        """
        return gated(self, _visible, actor)

    def coordinated_by(self, actor: Actor) -> CaseQuerySet:
        """Return the cases that `actor` may decide about: live or over, of the own team."""
        return gated(self, _coordinated, actor)

    def referred_by(self, actor: Actor) -> CaseQuerySet:
        """Return what the own team referred; pages show the number, the dates and the class of
        the outcome, and nothing more.
        """
        if actor.team is None or Scope.TEAM not in actor.may("mediation.refer"):
            return self.none()
        return self.filter(from_team=actor.team)

    def live(self) -> CaseQuerySet:
        """Return the cases that run."""
        return self.filter(state__in=LIVE)

    def late(self, *, on: date) -> CaseQuerySet:
        """Return those whose day is past, of which the coordinator did not hear yet."""
        return self.live().filter(due_on__lt=on, reminded_at=None)

    def stuck(self, *, on: date) -> CaseQuerySet:
        """Return those of which others hear, because the coordinator does nothing."""
        return self.live().filter(escalate_on__lt=on, escalated_at=None)

    def over(self, *, on: date) -> CaseQuerySet:
        """Return those that the clock ends."""
        return self.live().filter(ends_on__lt=on)


def _visible(actor: Actor) -> Q:
    return _coordinated(actor) | (_seated(actor) & _no_party(actor))


def _coordinated(actor: Actor) -> Q:
    if actor.team is None or Scope.TEAM not in actor.may("mediation.coordinate"):
        return NOTHING
    return Q(team=actor.team) & _no_party(actor)


def _seated(actor: Actor) -> Q:
    if actor.membership is None or Scope.OWN not in actor.may("mediation.mediate"):
        return NOTHING
    seats = apps.get_model("mediation", "Seat")._default_manager
    mine = seats.filter(case=OuterRef("pk"), membership=actor.membership, state__in=OPEN_SEAT)
    return Q(state__in=LIVE) & Q(Exists(mine))


def _no_party(actor: Actor) -> Q:
    parties = apps.get_model("mediation", "Party")._default_manager
    return ~Q(Exists(parties.filter(close_to(actor), case=OuterRef("pk"))))


class Case(models.Model):
    """What is between two neighbours. It has no field for what anybody said in a talk."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    key = models.UUIDField()  # of the form: sent twice is one case
    reference = models.CharField(max_length=9)
    team = models.ForeignKey(Team, models.PROTECT, related_name="mediations")
    # Who referred it, and from which question; they hear the class of the outcome.
    from_team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    question = models.ForeignKey(Question, models.SET_NULL, null=True, related_name="+")
    village = models.ForeignKey(Village, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=10, choices=choices(Subject))
    state = models.CharField(max_length=12, choices=choices(State), default=State.REPORTED)
    outcome = models.CharField(max_length=12, choices=choices(Outcome), blank=True)
    received_at = models.DateTimeField()
    # The clock: the coordinator is reminded, then others hear of it, and then it ends.
    since = models.DateField()  # when it came to this state
    due_on = models.DateField(null=True)
    reminded_at = models.DateTimeField(null=True)
    escalate_on = models.DateField(null=True)
    escalated_at = models.DateTimeField(null=True)
    ends_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)  # the files of both are gone
    version = models.PositiveIntegerField(default=1)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["received_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "key"], name="a_report_makes_one_case"
            ),
            models.UniqueConstraint(
                fields=["municipality", "reference"], name="one_case_per_reference"
            ),
            models.UniqueConstraint(
                fields=["question"],
                condition=Q(state__in=sorted(LIVE)),
                name="one_open_case_per_question",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=sorted(LIVE), due_on__isnull=False, escalate_on__isnull=False,
                    ends_on__isnull=False, ended_at=None, outcome="",
                ) | (Q(state=State.CLOSED, due_on=None, ended_at__isnull=False) & ~Q(outcome="")),
                name="an_open_case_has_a_clock_and_a_closed_one_an_outcome",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["municipality", "due_on"],
                condition=Q(state__in=sorted(LIVE)),
                name="mediation_clock",
            ),
            models.Index(fields=["team", "state"], name="mediations_of_a_team"),
            models.Index(fields=["from_team", "received_at"], name="mediations_referred"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"

    @property
    def is_live(self) -> bool:
        """Tell whether the case runs."""
        return self.state in LIVE
