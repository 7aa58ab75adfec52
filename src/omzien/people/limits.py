"""How often one visitor may post. Counted over all web processes, in the database cache."""

import hashlib
import hmac

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils import timezone


def address_hash(request: HttpRequest) -> str:
    """Return the visitor's address as a keyed hash that changes every day."""
    day_key = f"{settings.SECRET_KEY}{timezone.now():%Y%m%d}".encode()
    address = request.META.get("REMOTE_ADDR", "").encode()
    return hmac.new(day_key, address, hashlib.sha256).hexdigest()[:24]


def too_many(request: HttpRequest, what: str, *, per_hour: int) -> bool:
    """Count one more of `what` by this visitor; tell whether that is too many this hour.

    The address is kept only as a keyed hash that changes every day.
    """
    now = timezone.now()
    visitor = address_hash(request)
    cache = caches["limits"]
    key = f"{what}:{visitor}:{now:%Y%m%d%H}"
    if cache.add(key, 1, timeout=7200):  # longer than the hour that its name holds
        return False
    return int(cache.incr(key)) > per_hour
