"""How often one visitor may post. Counted over all web processes, in the database cache."""

from uuid import UUID

from django.core.cache import caches
from django.http import HttpRequest
from django.utils import timezone

from omzien.people.logs.reading import daily_hash, note, origin_of
from omzien.people.rules.looking import Result
from omzien.people.rules.roles import Actor


def too_many(request: HttpRequest, what: str, *, per_hour: int, by: UUID | None = None) -> bool:
    """Count one more of `what` by this visitor; tell whether that is too many this hour.

    `by` is who does it, where that is known: people behind one address do not stop each other
    then. The first time that it is too many stands in the access log.
    """
    count = counted(request, what, by=by)
    if count == per_hour + 1:
        note_attempt(request, f"limit.{what}")
    return count > per_hour


def counted(request: HttpRequest, what: str, *, by: UUID | None = None) -> int:
    """Count one more of `what` by this visitor; return how many that makes this hour.

    Who it is, is kept only as a keyed hash that changes every day.
    """
    now = timezone.now()
    visitor = daily_hash(str(by or request.META.get("REMOTE_ADDR", "")))
    cache = caches["limits"]
    key = f"{what}:{visitor}:{now:%Y%m%d%H}"
    if cache.add(key, 1, timeout=7200):  # longer than the hour that its name holds
        return 1
    return int(cache.incr(key))


def note_attempt(request: HttpRequest, what: str) -> None:
    """Log that somebody ran into a guard of the site (ASVS 5.0, 16.3.3): `what` is its code."""
    town = getattr(request, "municipality", None)
    if town is None:
        return
    note(
        getattr(request, "actor", Actor(town.code)),
        purpose="oversight",
        object=(what, ""),
        result=Result.REFUSED,
        origin=origin_of(request),
    )
