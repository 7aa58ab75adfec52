"""When and where talks are, and what both agreed. What was said has no field anywhere."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q

from omzien.areas.models import Municipality
from omzien.mediation.models.cases import Case, choices
from omzien.mediation.models.mediators import Seat
from omzien.mediation.models.parties import Party
from omzien.mediation.rules.states import AT, SeatState, Side, TalkKind
from omzien.people.gates import NOTHING, gated
from omzien.people.rules.roles import Actor, Scope


class TalkQuerySet(models.QuerySet["Talk"]):
    """Named sets of talks."""

    def visible_to(self, actor: Actor) -> TalkQuerySet:
        """Return the talks that `actor` may know of: a neighbour those at which they are, who
        works in the case all; a mediator from their yes on.
        """
        return gated(self, _talks, actor)

    def planned(self) -> TalkQuerySet:
        """Return the talks that are still to come, of cases that run."""
        return self.filter(cancelled_at=None, held_at=None, case__in=Case.objects.live())


def _talks(actor: Actor) -> Q:
    return _of_neighbour(actor) | Q(case__in=_inside(actor))


def _of_neighbour(actor: Actor) -> Q:
    wanted = NOTHING
    for side, kinds in AT.items():
        mine = Party.objects.own(actor).filter(case=OuterRef("case"), side=side, left_at=None)
        wanted |= Q(kind__in=sorted(kinds)) & Q(Exists(mine))
    return wanted


def _inside(actor: Actor) -> models.QuerySet[Case]:
    """Return the cases of which `actor` knows all that the work needs: an asked mediator not."""
    rows = Case.objects.visible_to(actor)
    if Scope.TEAM in actor.may("mediation.coordinate"):
        return rows
    mine = Seat.objects.filter(
        case=OuterRef("pk"), membership=actor.membership, state=SeatState.ACCEPTED
    )
    return rows.filter(Exists(mine))


class Talk(models.Model):
    """A talk: when, where, and whether it was held."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    case = models.ForeignKey(Case, models.CASCADE, related_name="talks")
    kind = models.CharField(max_length=6, choices=choices(TalkKind))
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    planned_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)

    objects = TalkQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(cancelled_at=None, held_at=None),
                name="one_planned_talk_per_mediation",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | Q(held_at=None),
                name="a_mediation_talk_is_held_or_cancelled",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Named sets of agreements."""

    def visible_to(self, actor: Actor) -> AgreementQuerySet:
        """Return the agreements that `actor` may read: both neighbours, as long as they take
        part, and who works in the case.
        """
        return gated(self, _agreements, actor)


def _agreements(actor: Actor) -> Q:
    mine = Party.objects.own(actor).filter(case=OuterRef("case"), left_at=None)
    return Q(Exists(mine)) | Q(case__in=_inside(actor))


class Agreement(models.Model):
    """The words to which both neighbours say yes; new words ask both anew."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    case = models.OneToOneField(Case, models.CASCADE, related_name="agreement")
    words = models.TextField(max_length=4000)
    written_at = models.DateTimeField()
    first_yes_at = models.DateTimeField(null=True)
    second_yes_at = models.DateTimeField(null=True)

    objects = AgreementQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.id)

    def yes_of(self, side: Side) -> bool:
        """Tell whether a neighbour said yes to these words."""
        return bool(self.first_yes_at if side == Side.FIRST else self.second_yes_at)
