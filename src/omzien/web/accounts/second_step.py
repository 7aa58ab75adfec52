"""The second step: how often it may be tried, and that a code of the app works once.

Recovery codes lie as hashes from the moment that they were shown; before that they do not work.
"""

import hashlib
import secrets
from collections.abc import Callable

from allauth.account.adapter import get_adapter as account_adapter
from allauth.core import context, ratelimit
from allauth.core.internal.cryptokit import compare_user_code, normalize_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt, encrypt
from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from omzien.people.models import Account

LAST = "last_counter"  # beside the secret of the app
SALT, CODES, SHOWN = "salt", "migrated_codes", "viewed_at"  # names of allauth, but for the salt
TRIED = "mfa/email/tried_often"
TOO_MANY = "too_many_login_attempts"


@transaction.atomic
def use_app_code(app: Authenticator, typed: str) -> bool:
    """Tell whether a code is one of now and later than the last one; that one is kept."""
    locked = Authenticator.objects.select_for_update().filter(pk=app.pk).first()
    if locked is None:
        return False
    secret = decrypt(locked.data["secret"])
    for counter in yield_hotp_counters_from_time():
        fits = compare_user_code(
            actual=typed, expected=format_hotp_value(hotp_value(secret, counter))
        )
        if fits and counter > locked.data.get(LAST, -1):
            locked.data[LAST] = counter
            locked.save(update_fields=["data"])
            return True
    return False


@transaction.atomic
def hash_codes(row: Authenticator) -> None:
    """Keep the hashes of recovery codes, and no more that by which the codes are made.

    They take the place of a list of codes, which allauth knows how to use up and to count.
    """
    locked = Authenticator.objects.select_for_update().filter(pk=row.pk).first()
    if locked is None or SALT in locked.data:
        return
    salt, codes = secrets.token_hex(16), locked.wrap().get_unused_codes()
    kept = [encrypt(_hash(code, salt)) for code in codes]
    locked.data = {SHOWN: locked.data.get(SHOWN), SALT: salt, CODES: kept}
    locked.save(update_fields=["data"])


def use_recovery_code(row: Authenticator, typed: str) -> bool:
    """Tell whether this is a recovery code that was shown and not used yet; it is used then."""
    if not row.data.get(SHOWN):
        return False
    if SALT not in row.data:  # shown before they were hashed
        hash_codes(row)
        row.refresh_from_db()
    return bool(row.wrap().validate_code(_hash(typed, row.data[SALT])))


def _hash(code: str, salt: str) -> str:
    plain = normalize_user_code(code).encode()
    return hashlib.scrypt(plain, salt=bytes.fromhex(salt), n=2**14, r=8, p=5, dklen=32).hex()


def count_try(account: Account) -> Callable[[], None]:
    """Count a try of this visitor; return what forgets them after a right one.

    With the visitor in it: who guesses elsewhere never uses up the tries of the owner.
    Raises ValidationError.
    """
    request = context.request
    key = f"{account_adapter().get_client_ip(request)}:{account.pk}"
    if not ratelimit.consume(request, action="login_failed", key=key):
        raise account_adapter().validation_error(TOO_MANY)
    return lambda: ratelimit.clear(request, action="login_failed", key=key)


def count_code(account: Account) -> None:
    """Count a code over all visitors; the owner hears it when there were too many.

    Only who knows the password comes this far, so a new password begins the count anew.
    Raises ValidationError.
    """
    request, key = context.request, str(account.pk)
    if ratelimit.consume(request, action="second_step", key=key):
        return
    if ratelimit.consume(request, action="second_step_told", key=key):
        account_adapter().send_notification_mail(TRIED, account)
    raise forms.ValidationError(
        _("Er is te vaak een code geprobeerd. Wacht een uur, of kies een nieuw wachtwoord."),
        code=TOO_MANY,
    )


def forget_codes(account: Account) -> None:
    """Begin the count of codes anew: the password is another one now."""
    ratelimit.clear(context.request, action="second_step", key=str(account.pk))
