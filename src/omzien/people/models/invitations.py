"""Invitations: a link with which somebody who got a role makes a way to sign in."""

from __future__ import annotations

import uuid

from django.db import models

from omzien.areas.models import Municipality
from omzien.people.models.persons import Person


class Invitation(models.Model):
    """One link to one person: works once, for a week, until a newer one is sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    person = models.ForeignKey(Person, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(used_at=None),
                name="one_open_invitation_per_person",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
