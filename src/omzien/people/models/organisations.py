"""Organisations, teams and memberships: who works where, in which role, for which villages."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date

from django.apps import apps
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from omzien.areas.models import Municipality
from omzien.people.gates import NOTHING, gated
from omzien.people.models.closeness import selves
from omzien.people.models.persons import Person
from omzien.people.rules.roles import (
    GIVEN_BY_A_TEAM,
    IN_A_TEAM,
    STRONG,
    WITHOUT_MEMBERSHIP,
    Actor,
    Role,
    Scope,
)

GIVEN = [role.value for role in Role if role not in WITHOUT_MEMBERSHIP]


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Named sets of organisations."""

    def live(self) -> OrganisationQuerySet:
        """Return the organisations that did not end."""
        return self.filter(ended_at=None)

    def given_by(self, actor: Actor) -> OrganisationQuerySet:
        """Return those for which `actor` may give a role: all, or those of the own team.

        The first one of a partner comes into a team by who may give all roles: working for an
        organisation opens what is shared with that organisation.
        """
        reach = actor.may("membership.manage")
        if Scope.ALL in reach:
            return self.live()
        if Scope.TEAM not in reach or actor.team is None:
            return self.none()
        inside = Membership.objects.filter(team=actor.team, ended_at=None).values("organisation")
        return self.live().filter(Q(pk=actor.organisation) | Q(pk__in=inside))


def own_name(municipality: Municipality) -> str:
    """Return the name of the organisation that a municipality itself is."""
    return f"Gemeente {municipality.name}"


class Organisation(models.Model):
    """A partner: works in one or more municipalities, so it belongs to none."""

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality"
        PARTNER = "partner"
        ASSOCIATION = "association"
        COMPANY = "company"
        INFORMAL = "informal"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    sort_name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    # The municipality that this is, if it is one. Roles in it hold under any name.
    as_municipality = models.OneToOneField(
        Municipality, models.CASCADE, null=True, related_name="as_organisation"
    )
    ended_at = models.DateTimeField(null=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(as_municipality=None), name="a_municipality_stays"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def is_of(self, municipality: Municipality) -> bool:
        """Tell whether this is the municipality itself."""
        return self.as_municipality_id == municipality.pk


class TeamQuerySet(models.QuerySet["Team"]):
    """Named sets of teams."""

    def live(self) -> TeamQuerySet:
        """Return the teams that work."""
        return self.filter(archived_at=None)

    def worked(self, *, on: date, without: Collection[uuid.UUID] = ()) -> TeamQuerySet:
        """Return the teams of which somebody can sign in to work on questions; leaving out some
        memberships (by key), for instance of who is away.
        """
        return self.filter(_workers(on, without))

    def reachable(self, *, on: date) -> TeamQuerySet:
        """Return the teams that can be handed something: somebody works there, or there is a
        mailbox to which a link goes.
        """
        return self.filter(Q(_workers(on)) | ~Q(email=""))

    def visible_to(self, actor: Actor) -> TeamQuerySet:
        """Return the teams whose members `actor` may see."""
        reach = actor.may("colleague.read")
        if Scope.ALL in reach:
            return self
        return self.filter(pk=actor.team) if Scope.TEAM in reach and actor.team else self.none()


def _workers(on: date, without: Collection[uuid.UUID] = ()) -> Exists:
    here = Membership.objects.at_work(on=on).filter(team=OuterRef("pk"), role__in=IN_A_TEAM)
    return Exists(here.exclude(pk__in=without) if without else here)


class Team(models.Model):
    """An area team with members from several partners, or the desk of one partner."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True)
    name = models.CharField(max_length=120)
    villages = ArrayField(models.BigIntegerField(), default=list)  # keys; empty: all of them
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    is_default = models.BooleanField(default=False)  # takes what no rule routes
    archived_at = models.DateTimeField(null=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "name"], name="one_team_per_name"),
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(is_default=True),
                name="one_default_team",
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(archived_at=None),
                name="the_default_team_works",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Named sets of memberships."""

    def live(self, *, on: date) -> MembershipQuerySet:
        """Return the memberships that hold on a day; their last day counts."""
        return self.unended(on=on).filter(starts_on__lte=on)

    def unended(self, *, on: date) -> MembershipQuerySet:
        """Return the memberships that hold on a day, or will."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), ended_at=None)

    def at_work(self, *, on: date) -> MembershipQuerySet:
        """Return the live memberships of who can sign in: only they are reachable for others.

        Who was invited and did not come yet has no account; a closed one lets nobody in. Who has
        a password and no second step cannot take a role that asks for one.
        """
        can = {"person__account__is_active": True, "person__account__is_proven": True}
        # Said although the join implies it: PostgreSQL else walks past all who have none.
        rows = self.live(on=on).filter(person__account__isnull=False, **can)
        # The tables of the second step are of django-allauth: above us, so asked for by name.
        steps = apps.get_model("mfa", "Authenticator")._default_manager
        has_step = Exists(steps.filter(user=OuterRef("person__account")))
        no_password = Q(person__account__password__startswith=UNUSABLE_PASSWORD_PREFIX)
        return rows.filter(~Q(role__in=sorted(STRONG)) | no_password | has_step)

    def visible_to(self, actor: Actor) -> MembershipQuerySet:
        """Return the memberships that `actor` may see: the own ones, the team's, or all."""
        return gated(self, _colleagues, actor)

    def managed_by(self, actor: Actor, verb: str = "membership.manage") -> MembershipQuerySet:
        """Return the memberships that `actor` may give and end, or do `verb` with.

        A coordinator manages in the own team what a team gives, and so not another coordinator;
        the functional manager manages all. Nobody manages their own, by whichever name.
        """
        reach = actor.may(verb)
        if Scope.ALL in reach:
            return self.exclude(selves(actor.person))
        if Scope.TEAM in reach and actor.team:
            others = self.filter(team=actor.team).exclude(selves(actor.person))
            return others.filter(role__in=GIVEN_BY_A_TEAM)
        return self.none()

    def reviewed_by(self, actor: Actor) -> MembershipQuerySet:
        """Return the memberships of which `actor` may read whether they were reviewed."""
        reach = actor.may("review.read")
        if Scope.ALL in reach:
            return self
        return self.filter(team=actor.team) if Scope.TEAM in reach and actor.team else self.none()


def _colleagues(actor: Actor) -> Q:
    reach = actor.may("colleague.read")
    if Scope.ALL in reach:
        return Q()
    if not actor.person:
        return NOTHING
    team = Q(team=actor.team) if Scope.TEAM in reach and actor.team else NOTHING
    return Q(person=actor.person) | team


class Membership(models.Model):
    """A person has a role for an organisation, in a team or not: one hat."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role, role) for role in GIVEN])
    villages = ArrayField(models.BigIntegerField(), default=list)  # keys; empty: the team's
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)  # ended before its time, at once
    from_groups = models.BooleanField(default=False)  # follows the groups of municipal sign-on
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["role", "starts_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=GIVEN), name="role_is_given"),
            models.CheckConstraint(
                condition=~Q(role__in=sorted(IN_A_TEAM)) | Q(team__isnull=False),
                name="work_on_questions_needs_a_team",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["person", "organisation", "team", "role"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="one_live_membership_of_a_kind",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "role"]), models.Index(fields=["team"])]

    def __str__(self) -> str:
        return f"{self.role} {self.id}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Named sets of absences."""

    def on(self, day: date) -> AbsenceQuerySet:
        """Return who is away on a day; the first and the last day count."""
        return self.filter(first_on__lte=day, last_on__gte=day)

    def visible_to(self, actor: Actor) -> AbsenceQuerySet:
        """Return the absences of the memberships that `actor` may see."""
        return gated(self, _of_colleagues, actor)


def _of_colleagues(actor: Actor) -> Q:
    return Q(membership__in=Membership.objects.visible_to(actor))


class Absence(models.Model):
    """Somebody is away in one role, and who takes over; nobody leaves a gap to be seen."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="absences")
    cover = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="covers")
    first_on = models.DateField()
    last_on = models.DateField()

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["first_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="absence_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(cover=F("membership")), name="nobody_covers_themselves"
            ),
        ]
        indexes = [models.Index(fields=["membership", "last_on"])]

    def __str__(self) -> str:
        return f"{self.first_on} – {self.last_on}"
