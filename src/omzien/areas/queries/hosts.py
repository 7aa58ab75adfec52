"""Which municipality a host name stands for."""

from functools import lru_cache

from django.conf import settings

from omzien.areas.models import Municipality
from omzien.areas.queries.choices import notice_changes
from omzien.areas.queries.memory import forget_with


@lru_cache(maxsize=512)
def _by_host(host: str) -> Municipality | None:
    return Municipality.objects.filter(host=host).first()


forget_with(_by_host.cache_clear)


def municipality_of_host(host: str) -> Municipality | None:
    """Return the municipality that serves `host` (a port is ignored), or None."""
    notice_changes()
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    found = _by_host(name.casefold())
    if found is None:
        _by_host.cache_clear()
    return found


def address_of(municipality: Municipality) -> str:
    """Return where the pages of a municipality are, for links in mail.

    From the settings, never from a request: whoever sends a request chooses its Host header.
    """
    return str(settings.ADDRESS.format(host=municipality.host or "localhost"))
