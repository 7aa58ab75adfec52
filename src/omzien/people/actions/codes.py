"""Signing in with a code in the mail.

Asking for a code makes an account where there was none. So a known and an unknown address walk
exactly the same path, and nobody can find out who has an account.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from omzien.people.models import Account, SignInCode

WORKS_FOR = timedelta(minutes=10)  # ASVS 5.0, 6.5.5: at most ten
MOST_TRIES = 3
KEPT_FOR = timedelta(days=1)


class Outcome(StrEnum):
    """What became of a code that somebody typed."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    USED = "used"
    SPENT = "spent"  # three tries are over


@transaction.atomic
def ask_code(*, email: str) -> tuple[SignInCode, str]:
    """Make a code for an address; return its row and the six digits, which are kept nowhere.

    The row's key stays in the session that asked: the code works there only.
    """
    account, _ = Account.objects.get_or_create(
        email=email.strip().casefold(),
        defaults={"is_proven": False, "password": make_password(None)},
    )
    digits = f"{secrets.randbelow(1_000_000):06}"
    row = SignInCode(account=account, expires_at=timezone.now() + WORKS_FOR)
    row.code_hash = _hash(row.pk, digits)
    row.save()
    return row, digits


@transaction.atomic
def use_code(*, key: UUID, typed: str) -> tuple[Outcome, Account | None]:
    """Try a code; only the right one, in time and for the first time gives its account.

    The row is locked: a hundred tries at the same moment are a hundred tries, not one. An
    outcome is returned, not raised, so that the try is counted.
    """
    row = SignInCode.objects.select_for_update().filter(pk=key).first()
    if row is None or row.expires_at < timezone.now():
        return Outcome.EXPIRED, None
    if row.used_at:
        return Outcome.USED, None
    if row.tries >= MOST_TRIES:
        return Outcome.SPENT, None
    digits = "".join(character for character in typed if character.isalnum())
    if not hmac.compare_digest(row.code_hash, _hash(row.pk, digits)):
        row.tries += 1
        row.save(update_fields=["tries"])
        return (Outcome.SPENT if row.tries >= MOST_TRIES else Outcome.WRONG), None
    row.used_at = timezone.now()
    row.save(update_fields=["used_at"])
    return Outcome.RIGHT, Account.objects.get(pk=row.account_id)


def owner_of(email: str) -> Account | None:
    """Return the account of who proved to read the mail of an address; None when nobody did."""
    address = email.strip().casefold()
    return Account.objects.filter(email=address, is_proven=True).first() if address else None


@transaction.atomic
def forget_unproven() -> int:
    """Remove the accounts of a day ago that nobody ever signed in to, and old codes."""
    before = timezone.now() - KEPT_FOR
    SignInCode.objects.filter(expires_at__lt=before).delete()
    unproven = Account.objects.filter(is_proven=False, created_at__lt=before)
    return unproven.delete()[1].get("people.Account", 0)


def _hash(key: UUID, digits: str) -> str:
    return hmac.new(
        settings.SECRET_KEY.encode(), f"sign-in {key} {digits}".encode(), hashlib.sha256
    ).hexdigest()
