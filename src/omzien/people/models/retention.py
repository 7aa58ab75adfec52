"""Retention: lists of what reached its term, holds, and the ledger of what was erased.

None of these rows holds content: random keys, codes and days only (a hold has its reason).
"""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q

from omzien.areas.models import Municipality
from omzien.people.models.closeness import close_to
from omzien.people.rules.roles import Actor


class BatchQuerySet(models.QuerySet["Batch"]):
    """Named sets of lists."""

    def open(self) -> BatchQuerySet:
        """Return the lists that wait for approval or for erasing."""
        return self.filter(state__in=[Batch.State.PROPOSED, Batch.State.APPROVED])

    def ready(self, *, on: date) -> BatchQuerySet:
        """Return the lists that may be run on a day."""
        return self.filter(state=Batch.State.APPROVED, run_from__lte=on)

    def visible_to(self, actor: Actor) -> BatchQuerySet:
        """Return the lists for who decides on them, holds them or runs them."""
        return self if actor.may("retention.read") else self.none()

    def decided_by(self, actor: Actor) -> BatchQuerySet:
        """Return the lists that `actor` may approve or refuse.

        Nobody decides on their own request to be erased, or on that of who is close to them. What
        is over its term is on a list whoever it is of: there is nothing to choose.
        """
        if not actor.may_all("retention.approve"):
            return self.none()
        near = BatchLine.objects.filter(close_to(actor), batch=OuterRef("pk"))
        return self.exclude(Q(kind="request") & Exists(near))


class Batch(models.Model):
    """One list of things of one kind whose term is over: proposed, approved, then run."""

    class State(models.TextChoices):
        PROPOSED = "proposed"
        APPROVED = "approved"
        DONE = "done"
        REFUSED = "refused"  # a request only: what is over its term is not kept by refusing

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    kind = models.CharField(max_length=20)  # of rules/retention.py
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_on = models.DateField()
    run_from = models.DateField()
    approved_by = models.CharField(max_length=60, blank=True)  # the random key of a person
    approved_at = models.DateTimeField(null=True)
    refused_because = models.CharField(max_length=20, blank=True)  # of rules/retention.py
    run_by = models.CharField(max_length=60, blank=True)
    run_at = models.DateTimeField(null=True)
    destroyed = models.PositiveIntegerField(default=0)

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_on", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "kind"],
                condition=Q(state="proposed") & ~Q(kind="request"),
                name="one_proposed_list_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "refused"]) | Q(approved_at__isnull=False),
                name="nothing_runs_without_approval",
            ),
            models.CheckConstraint(
                condition=Q(state="refused", kind="request") ^ Q(refused_because=""),
                name="who_refuses_a_request_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.proposed_on} ({self.state})"

    @property
    def is_open_request(self) -> bool:
        """Tell whether somebody asked to be erased, and that was neither done nor refused."""
        return self.kind == "request" and self.state in (self.State.PROPOSED, self.State.APPROVED)

    def persons(self) -> list[uuid.UUID]:
        """Return whose things are on it, where that is known: of a request who asked."""
        rows = self.lines.filter(person__isnull=False)
        return list(rows.values_list("person", flat=True))  # type: ignore[arg-type]


class BatchLine(models.Model):
    """One thing on a list: its random key, and the last day on which it is kept."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DESTROYED = "destroyed"
        HELD = "held"
        KEPT = "kept"  # its term starts anew, or something live stands in the way

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="lines")
    key = models.CharField(max_length=64)
    person = models.UUIDField(null=True)  # whose it is, where that is known: a hold reaches it
    last_day = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)

    class Meta:
        ordering = ["last_day", "pk"]
        constraints = [models.UniqueConstraint(fields=["batch", "key"], name="once_per_list")]

    def __str__(self) -> str:
        return f"{self.key} ({self.state})"


class HoldQuerySet(models.QuerySet["Hold"]):
    """Named sets of holds."""

    def standing(self) -> HoldQuerySet:
        """Return the holds that nobody lifted."""
        return self.filter(lifted_at=None)

    def visible_to(self, actor: Actor) -> HoldQuerySet:
        """Return the holds for who decides on lists, holds them or runs them."""
        return self if actor.may("retention.read") else self.none()


class Hold(models.Model):
    """Erasing is held: of all about one person (kind "person"), or of one thing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    kind = models.CharField(max_length=20)  # of rules/retention.py
    key = models.CharField(max_length=64)
    reason = models.CharField(max_length=300)
    placed_by = models.CharField(max_length=60)
    placed_at = models.DateTimeField(auto_now_add=True)
    lifted_by = models.CharField(max_length=60, blank=True)
    lifted_at = models.DateTimeField(null=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["placed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "kind", "key"],
                condition=Q(lifted_at=None),
                name="held_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Tombstone(models.Model):
    """What was erased, as a hash of its random key: applied again after a restore. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.PROTECT)
    kind = models.CharField(max_length=20)
    key_hash = models.CharField(max_length=64)
    erased_on = models.DateField()
    rule = models.CharField(max_length=40)
    batch = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "kind", "key_hash"], name="one_tombstone"
            ),
            models.CheckConstraint(
                condition=Q(key_hash__regex=r"^[0-9a-f]{64}$", kind__regex=r"^[a-z-]+$"),
                name="tombstone_holds_no_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key_hash[:8]}"
