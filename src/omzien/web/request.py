"""A request as our own middleware hands it to a view, and what stands in its form."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from omzien.areas.models import Municipality
from omzien.people.rules.roles import Actor

Row = TypeVar("Row", bound=Model)


class Request(HttpRequest):
    """A request that knows which municipality its host name serves, and who is asking."""

    municipality: Municipality | None
    actor: Actor


def town_of(request: Request) -> Municipality:
    """Return the municipality whose site this is. Raises Http404 where the host serves none."""
    if request.municipality is None:
        raise Http404
    return request.municipality


def is_here(address: str) -> bool:
    """Tell whether an address that a form carries is a page of this site."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)


def row_of(rows: QuerySet[Row], key: UUID | str | None) -> Row | None:
    """Return the row with a key, of the address or as a form names it; one that is not among
    `rows` is not there.
    """
    try:
        wanted = key if isinstance(key, UUID) else UUID(key or "")
    except ValueError:
        return None
    return rows.filter(pk=wanted).first()


def the_row(rows: QuerySet[Row], key: UUID | str | None) -> Row:
    """Return the row with a key. Raises Http404 where it is not among `rows`."""
    found = row_of(rows, key)
    if found is None:
        raise Http404
    return found


def version_of(posted: QueryDict) -> int | None:
    """Return which version of a thing the page of a form showed; None where it says none."""
    text = posted.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None
