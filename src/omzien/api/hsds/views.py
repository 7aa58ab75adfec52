"""The addresses of HSDS: the root, a list, one thing, and the description of them all."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from omzien.api.answers import as_json, as_text
from omzien.api.gate import municipality_of
from omzien.api.hsds.asked import Asked, asked
from omzien.api.hsds.document import document
from omzien.api.hsds.paging import PER_PAGE, page_of
from omzien.api.hsds.profiles import Profile
from omzien.api.hsds.resource import Key, Resource, Thing
from omzien.api.problems import Problem, not_found
from omzien.api.reading import identifier
from omzien.journal.isolation import working_for

AT_ONCE = 200  # things read in one go while streaming


def root(request: HttpRequest, *, profile: Profile) -> HttpResponse:
    """Tell which form of HSDS this is and where it is described."""
    return as_json(
        {
            "version": profile.version,
            "profile": profile.uri,
            "openapi_url": request.build_absolute_uri(f"{profile.path}/openapi.json"),
        }
    )


def openapi(request: HttpRequest, *, profile: Profile) -> HttpResponse:
    """Give the OpenAPI document of a profile."""
    return as_json(document(profile, server=request.build_absolute_uri(profile.path)))


def list_of(request: HttpRequest, *, profile: Profile, resource: Resource) -> HttpResponseBase:
    """Give a page of things, or all of them as a stream."""
    wanted = asked(request, resource.parameters)
    municipality = municipality_of(request)
    keys = resource.keys(wanted, municipality)
    if wanted.get("format") == "ndjson":
        lines = _lines(resource, keys, wanted, municipality.code)
        return StreamingHttpResponse(lines, content_type="application/x-ndjson; charset=utf-8")
    if wanted.get("minimal"):
        everything = [_minimal(key) for key in keys]
        return as_json(page_of(everything, total=len(keys), number=1, per_page=max(len(keys), 1)))
    number, per_page = wanted.get("page", 1), wanted.get("per_page", PER_PAGE)
    here = keys[(number - 1) * per_page : number * per_page]
    things = resource.write([key.id for key in here], wanted)
    return as_json(page_of(things, total=len(keys), number=number, per_page=per_page))


def one_of(
    request: HttpRequest, *, profile: Profile, resource: Resource, number: str
) -> HttpResponse:
    """Give one thing, with everything inside it."""
    wanted = asked(request, resource.of_one)
    try:
        number = identifier("id", number)
    except Problem:
        raise not_found() from None
    things = resource.write([number], wanted | {"full": True})
    if not things:
        raise not_found()
    return as_json(things[0])


def nothing(request: HttpRequest, **_rest: Any) -> HttpResponse:
    """Say that an address under the API leads nowhere."""
    raise not_found()


def _lines(
    resource: Resource, keys: Sequence[Key], wanted: Asked, municipality: str
) -> Iterator[str]:
    """Yield a line for each thing.

    The transaction of the request has ended when the stream is read, so that each batch
    works for the municipality again; a slow reader holds no transaction open.
    """
    for start in range(0, len(keys), AT_ONCE):
        batch = keys[start : start + AT_ONCE]
        if wanted.get("minimal"):
            things = [_minimal(key) for key in batch]
        else:
            with working_for(municipality):
                things = resource.write([key.id for key in batch], wanted)
        yield "".join(f"{as_text(thing)}\n" for thing in things)


def _minimal(key: Key) -> Thing:
    changed = {"last_modified": key.changed_at.isoformat()} if key.changed_at else {}
    return {"id": key.id} | changed
