"""Grounds for sharing: rows that are only added. Whether one holds is computed, never stored."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.people.gates import NOTHING, clock, gated
from omzien.people.models.organisations import Organisation, Team
from omzien.people.models.persons import Mandate, Person, SamePerson
from omzien.people.rules import grounds as rules
from omzien.people.rules.roles import Actor, Scope


class GroundQuerySet(models.QuerySet["Ground"]):
    """Named sets of grounds."""

    def visible_to(self, actor: Actor) -> GroundQuerySet:
        """Return the grounds that `actor` may read.

        One's own, also of who is the same person, and those of who gave a mandate; those that
        name the own team; for a partner only while the ground holds; all for who oversees
        privacy. What a law let share without telling the resident they read once they were told;
        who speaks for them may be the danger, and never reads it.
        """
        return gated(self, _visible, actor)

    def told(self) -> GroundQuerySet:
        """Return the grounds of which the resident may know: not those by a law of which they
        were not told, because of a danger.
        """
        return self.filter(_told())

    def for_recipient(
        self, *, team: uuid.UUID | OuterRef | None, organisation: uuid.UUID | OuterRef | None
    ) -> GroundQuerySet:
        """Return the grounds that name a team, or its organisation as a whole: by their keys,
        or by where a row around this query has them.
        """
        named = Q()
        if team:
            named |= Q(recipients__team=team)
        if organisation:
            named |= Q(recipients__organisation=organisation, recipients__team=None)
        return self.filter(named) if named else self.none()

    def holding(self, *, at: datetime) -> GroundQuerySet:
        """Return the grounds that hold at a moment: the same as `rules.effective`, in SQL."""
        return self._standing(Q(last=rules.What.GIVEN), at=at)

    def unended(self, *, at: datetime) -> GroundQuerySet:
        """Return the grounds that hold at a moment, or wait for an answer."""
        return self._standing(Q(last__in=[rules.What.GIVEN, rules.What.ASKED]), at=at)

    def _standing(self, so: Q, *, at: datetime) -> GroundQuerySet:
        day = timezone.localdate(at)
        events = GroundEvent.objects.exclude(what=rules.What.TOLD)  # that changes nothing of this
        last = events.filter(ground=OuterRef("pk"), at__lte=at).order_by("-number")
        return self.filter(starts_on__lte=day, until_on__gte=day).annotate(
            last=Subquery(last.values("what")[:1])
        ).filter(so)  # fmt: skip

    def asked(self, *, on: date) -> GroundQuerySet:
        """Return the grounds to which the resident did not say yes or no yet."""
        last = GroundEvent.objects.filter(ground=OuterRef("pk")).order_by("-number")
        rows = self.filter(until_on__gte=on).annotate(last=Subquery(last.values("what")[:1]))
        return rows.filter(last=rules.What.ASKED)


def _visible(actor: Actor) -> Q:
    reach, wanted = actor.may("ground.read"), NOTHING
    if Scope.ALL in reach:
        return Q()
    if Scope.OWN in reach and actor.person:
        own = Q(person=actor.person)
        if actor.membership is None:
            same = SamePerson.objects.opening_to(actor.person)
            own |= Q(person__in=same.values("other"))
        wanted |= own & _told()
    if Scope.MANDATE in reach and actor.represents:
        # With whom something is shared is about all that somebody is helped with.
        held = Mandate.objects.held_by(actor).of_all()
        wanted |= Q(person__in=held.values("resident")) & ~Q(is_informed=False)
    if Scope.TEAM in reach and actor.team:
        wanted |= Q(recipients__team=actor.team)
    if Scope.GROUND in reach and actor.membership:
        named = Ground.objects.holding(at=clock(actor)).for_recipient(
            team=actor.team, organisation=actor.organisation
        )
        wanted |= Q(pk__in=named.values("pk"))
    return wanted


def _told() -> Q:
    told = GroundEvent.objects.filter(ground=OuterRef("pk"), what=rules.What.TOLD)
    return ~Q(is_informed=False) | Q(Exists(told))


class Ground(models.Model):
    """Why something about one person may be shared, with whom, what, and until when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    person = models.ForeignKey(Person, models.CASCADE, related_name="grounds")
    kind = models.CharField(max_length=20, choices=[(k, k) for k in rules.GroundKind])
    article = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=40)  # a code of rules/processing.py
    explanation = models.CharField(max_length=500, blank=True)
    categories = ArrayField(
        models.CharField(max_length=20, choices=[(c, c) for c in rules.Category])
    )
    starts_on = models.DateField()
    until_on = models.DateField()
    how = models.CharField(max_length=10, choices=[(h, h) for h in rules.How])
    # Of a ground by law: was the resident told, and if not, why not.
    is_informed = models.BooleanField(null=True)
    not_informed_because = models.CharField(max_length=300, blank=True)
    recorded_by = models.CharField(max_length=60)  # the random key of a person
    created_at = models.DateTimeField(auto_now_add=True)

    objects = GroundQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gte=models.F("starts_on")), name="ground_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=sorted(map(str, rules.BY_LAW))) | ~Q(article=""),
                name="ground_by_law_names_its_article",
            ),
            models.CheckConstraint(
                condition=~Q(is_informed=False) | ~Q(not_informed_because=""),
                name="not_telling_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(categories__len__gt=0), name="ground_names_what_is_shared"
            ),
        ]
        indexes = [models.Index(fields=["person", "until_on"])]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def receivers(self) -> list[str]:
        """Return how who may get it is called: teams, or whole organisations."""
        return [str(one.team or one.organisation) for one in self.recipients.all()]


class GroundRecipient(models.Model):
    """Who may get it: one team, or a whole organisation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    ground = models.ForeignKey(Ground, models.CASCADE, related_name="recipients")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation=None) ^ Q(team=None), name="recipient_is_one_of_two"
            )
        ]
        indexes = [models.Index(fields=["team"]), models.Index(fields=["organisation"])]

    def __str__(self) -> str:
        return f"{self.ground_id} → {self.team_id or self.organisation_id}"


class GroundEvent(models.Model):
    """What happened to a ground; `number` counts from 1 so that nobody can add one twice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    ground = models.ForeignKey(Ground, models.CASCADE, related_name="events")
    number = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=10, choices=[(w, w) for w in rules.What])
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=60)
    replaced_by = models.ForeignKey(Ground, models.CASCADE, null=True, related_name="+")

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ground", "number"], name="one_event_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.ground_id} {self.what}"
