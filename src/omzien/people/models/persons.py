"""Persons: somebody in one municipality, known to logs and facts by a random key only."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.people.gates import NOTHING, clock, gated
from omzien.people.models.accounts import Account
from omzien.people.rules.roles import Actor, Scope


class PersonQuerySet(models.QuerySet["Person"]):
    """Named sets of persons."""

    def visible_to(self, actor: Actor) -> PersonQuerySet:
        """Return the persons whose name and contact data `actor` may see.

        Oneself; colleagues of the team; for who gives roles everybody that has one. Residents
        come with their questions, through those.
        """
        return gated(self, _visible, actor)


def _visible(actor: Actor) -> Q:
    reach, own = actor.may("colleague.read"), Q(pk=actor.person)
    if actor.person is None:
        return NOTHING
    if Scope.ALL in reach:
        return own | Q(memberships__isnull=False)
    if Scope.TEAM in reach and actor.team:
        return own | Q(memberships__team=actor.team, memberships__ended_at=None)
    return own


class Person(models.Model):
    """Somebody in a municipality. One account may hold several: two people, one address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    account = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="persons")
    name = models.CharField(max_length=120)
    first_name = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=5, default="nl")
    wants_notices = models.BooleanField(default=True, db_default=True)  # or what always goes
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["account", "municipality"]),
            # Who signs in with a code claims the persons that gave this address.
            models.Index(
                fields=["municipality", "email"],
                condition=Q(account=None) & ~Q(email=""),
                name="persons_without_account",
            ),
            models.Index(
                fields=["municipality", "email"],
                condition=Q(wants_notices=False),
                name="persons_without_notices",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Named sets of mandates."""

    def visible_to(self, actor: Actor) -> MandateQuerySet:
        """Return the mandates that `actor` gave or has."""
        return self.filter(Q(resident=actor.person) | Q(proxy=actor.person))

    def held_by(self, actor: Actor) -> MandateQuerySet:
        """Return the mandate under which a proxy is here today, as long as it holds."""
        mine = self.filter(proxy=actor.person, resident=actor.represents)
        return mine.live(on=timezone.localdate(clock(actor))) if actor.represents else self.none()

    def of_all(self) -> MandateQuerySet:
        """Return the mandates that are not for money alone."""
        return self.exclude(kind=Mandate.Kind.ADMINISTRATOR)

    def live(self, *, on: date) -> MandateQuerySet:
        """Return the mandates that hold on a day; their last day counts."""
        return self.filter(
            Q(ends_on=None) | Q(ends_on__gte=on),
            starts_on__lte=on,
            confirmed_at__isnull=False,
            revoked_at=None,
            suspended_at=None,
        )


class Mandate(models.Model):
    """What a proxy may do for a resident, from when until when (casework: machtiging)."""

    class Kind(models.TextChoices):
        MANDATE = "mandate"
        MENTOR = "mentor"
        CURATOR = "curator"
        ADMINISTRATOR = "administrator"  # bewindvoerder: money only
        PARENT = "parent"

    class What(models.TextChoices):
        LOOK = "look"
        TALK = "talk"
        ACT = "act"
        RECEIVE = "receive"

    class Evidence(models.TextChoices):
        RULING = "ruling"  # of a court
        REGISTER = "register"  # the public register of guardianship
        PASSPORT = "passport"  # of parent and child, looked at together

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    resident = models.ForeignKey(Person, models.CASCADE, related_name="mandates_given")
    proxy = models.ForeignKey(Person, models.CASCADE, related_name="mandates_held")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.MANDATE)
    what = ArrayField(models.CharField(max_length=10, choices=What))
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    # Of a legal kind: what was looked at and by whom; the paper itself is never kept.
    evidence = models.CharField(max_length=12, choices=Evidence, blank=True)
    recorded_by = models.CharField(max_length=60, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(resident=F("proxy")), name="nobody_is_their_own_proxy"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="mandate_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["mandate", "administrator"]) | ~Q(evidence=""),
                name="a_legal_mandate_has_evidence",
            ),
            models.UniqueConstraint(
                fields=["resident", "proxy"],
                condition=Q(revoked_at=None),
                name="one_open_mandate_per_pair",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class MandateInvitationQuerySet(models.QuerySet["MandateInvitation"]):
    """Named sets of invitations to speak for somebody."""

    def open(self, *, on: date) -> MandateInvitationQuerySet:
        """Return those that can be accepted on a day; their last day counts."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), answer_by__gte=on, ended_at=None)

    def visible_to(self, actor: Actor) -> MandateInvitationQuerySet:
        """Return those that `actor` made as the resident, or that wait at their own address.

        The address counts only where it was proven, by signing in with it.
        """
        return gated(self, _invitations, actor)


def _invitations(actor: Actor) -> Q:
    if actor.person is None or actor.membership is not None:
        return NOTHING
    mine = Person.objects.filter(pk=actor.person, account__isnull=False)
    reached = Q(email__in=mine.values("account__email")) & ~Q(resident=actor.person)
    return Q(resident=actor.person) | reached


class MandateInvitation(models.Model):
    """Asking somebody to speak for a resident; their yes makes it a mandate."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    resident = models.ForeignKey(Person, models.CASCADE, related_name="mandate_invitations")
    name = models.CharField(max_length=120)
    email = models.EmailField()
    kind = models.CharField(max_length=20, choices=Mandate.Kind, default=Mandate.Kind.MANDATE)
    what = ArrayField(models.CharField(max_length=10, choices=Mandate.What))
    evidence = models.CharField(max_length=12, choices=Mandate.Evidence, blank=True)
    recorded_by = models.CharField(max_length=60, blank=True)
    ends_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    answer_by = models.DateField()
    ended_at = models.DateTimeField(null=True)  # accepted, refused or taken back

    objects = MandateInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "email"],
                condition=Q(ended_at=None),
                name="one_open_invitation_per_address",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class SamePersonQuerySet(models.QuerySet["SamePerson"]):
    """Named sets of links between two persons who are one."""

    def live(self) -> SamePersonQuerySet:
        """Return the links that were not undone."""
        return self.filter(undone_at=None)

    def around(self, person: uuid.UUID | None) -> SamePersonQuerySet:
        """Return the live links of a person, and those of who it is the same as."""
        live = SamePerson.objects.live()
        stays = live.filter(other=person).values("person")
        return self.live().filter(Q(person=person) | Q(other=person) | Q(person__in=stays))

    def joining(self, persons: models.QuerySet[Any, Any]) -> SamePersonQuerySet:
        """Return the live links of all who are the same person as one of `persons` (keys)."""
        live = SamePerson.objects.live()
        stays = live.filter(other__in=persons).values("person")
        return self.live().filter(
            Q(person__in=persons) | Q(other__in=persons) | Q(person__in=stays)
        )

    def opening_to(self, person: uuid.UUID | None) -> SamePersonQuerySet:
        """Return the links by which somebody reads as a resident what the other one asked.

        Asked anew each time: an account that somebody else has ends it, also when it came later.
        """
        return self.opening().filter(person=person)

    def opening(self) -> SamePersonQuerySet:
        """Return the links by which anybody does."""
        nobody_else = Q(other__account=None) | Q(other__account=F("person__account"))
        return self.live().filter(nobody_else)


class SamePerson(models.Model):
    """Two persons who turned out to be one. A link, so that undoing it changes nothing else.

    No question, ground or plan moves: each keeps its own person, and a ground covers what it
    covered before (casework, M1). `person` stays; `other` is the same.
    """

    class How(models.TextChoices):
        ASKED = "asked"  # the resident said so
        CONTACT = "contact"  # the same address and the same number
        SHOWN = "shown"  # with proof of identity, looked at and not kept

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    person = models.ForeignKey(Person, models.CASCADE, related_name="same_others")
    other = models.ForeignKey(Person, models.CASCADE, related_name="same_as")
    how = models.CharField(max_length=10, choices=How)
    merged_at = models.DateTimeField()
    by = models.CharField(max_length=60)  # the random key of a person
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=60, blank=True)

    objects = SamePersonQuerySet.as_manager()

    class Meta:
        ordering = ["merged_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=F("other")), name="nobody_is_the_same_as_themselves"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by="")
                | (Q(undone_at__isnull=False) & ~Q(undone_by="")),
                name="undoing_has_a_moment_and_somebody",
            ),
            models.UniqueConstraint(
                fields=["other"], condition=Q(undone_at=None), name="the_same_as_one_person"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
