"""A request as our own middleware hands it to a view."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from omzien.areas.models import Municipality
from omzien.people.rules.roles import Actor


class Request(HttpRequest):
    """A request that knows which municipality its host name serves, and who is asking."""

    municipality: Municipality | None
    actor: Actor


def is_here(address: str) -> bool:
    """Tell whether an address that a form carries is a page of this site."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
