"""Reads on areas: which municipality a host names, and where a place name lies."""

from functools import lru_cache

from omzien.areas.models import Municipality


@lru_cache(maxsize=512)
def _by_host(host: str) -> Municipality | None:
    return Municipality.objects.filter(host=host).first()


def municipality_of_host(host: str) -> Municipality | None:
    """Return the municipality that serves `host` (a port is ignored), or None."""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    found = _by_host(name.casefold())
    if found is None:
        _by_host.cache_clear()
    return found
