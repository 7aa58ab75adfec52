"""Codes in a mail: what one browser may sign in with, once, for a quarter of an hour."""

from __future__ import annotations

import uuid

from django.db import models

from omzien.people.models.accounts import Account


class SignInCode(models.Model):
    """A code that was mailed. Only a keyed hash is kept, and no more than three tries."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="codes")
    code_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"])]

    def __str__(self) -> str:
        return str(self.id)
