"""The file of one neighbour. There are two in a case, and none shows the other."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.mediation.models.cases import Case, choices
from omzien.mediation.rules.states import Elsewhere, Side
from omzien.people.gates import NOTHING, clock, gated
from omzien.people.models import Mandate, Person, SamePerson
from omzien.people.models.closeness import close_to
from omzien.people.queries.mandates import OPENS
from omzien.people.rules.roles import Actor, Scope


class PartyQuerySet(models.QuerySet["Party"]):
    """Named sets of files."""

    def visible_to(self, actor: Actor) -> PartyQuerySet:
        """Return the files that `actor` may read: a neighbour the own one, and who works in the
        case those of both. What a mediator sees of them is up to `queries/seats.py`.
        """
        return gated(self, _visible, actor)

    def own(self, actor: Actor) -> PartyQuerySet:
        """Return the own file of a neighbour, and never that of the other: also what they have by
        another name in the books, and to who speaks for them as far as a mandate reaches. Who is
        close to both neighbours reads only their own.
        """
        return gated(self, _own, actor)


def _visible(actor: Actor) -> Q:
    return _own(actor) | Q(case__in=Case.objects.visible_to(actor))


def _own(actor: Actor) -> Q:
    reach = actor.may("mediation.follow")
    if actor.person is None or actor.membership is not None:
        return NOTHING
    if actor.represents:
        return _for_proxy(actor) if Scope.MANDATE in reach else NOTHING
    if Scope.OWN not in reach:
        return NOTHING
    same = Q(person__in=SamePerson.objects.opening_to(actor.person).values("other"))
    return Q(person=actor.person) | (same & ~_other_is(Q(person=actor.person) | same))


def _for_proxy(actor: Actor) -> Q:
    """Return what a mandate opens that is not for money alone; nothing where the proxy is close
    to the other neighbour, or is that one.
    """
    held = Mandate.objects.live(on=timezone.localdate(clock(actor))).of_all()
    held = held.filter(resident=actor.represents, proxy=actor.person, what__overlap=OPENS)
    return Q(person=actor.represents) & Q(Exists(held)) & ~_other_is(close_to(actor))


def _other_is(who: Q) -> Q:
    """Return whether the other neighbour of the same case is somebody."""
    others = Party._default_manager.filter(case=OuterRef("case"))
    return Q(Exists(others.exclude(pk=OuterRef("pk")).filter(who)))


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
