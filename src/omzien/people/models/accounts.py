"""Accounts: how somebody signs in. Who that is in a municipality is a `Person`."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts by e-mail address."""

    def create_user(self, email: str | None, password: str | None = None) -> "Account":
        """Return a new account; without a password it signs in by code or municipal sign-on.

        An account of a municipal sign-on has no address of its own: there it is known by the
        subject that the provider gives, so that two people may share an address.
        """
        address = self.normalize_email(email).casefold() if email else None
        account = self.model(email=address)
        account.set_password(password)
        account.save()
        return account


class Account(AbstractBaseUser):
    """One sign-in; at most one e-mail address, and an address belongs to one account."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True, null=True)
    is_active = models.BooleanField(default=True)
    # False from the moment that anybody asks for a code until the owner of the address uses it.
    is_proven = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = AccountManager()

    def __str__(self) -> str:
        return str(self.id)
