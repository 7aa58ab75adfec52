"""The one door of the APIs: methods, limits, cache headers and CORS; every refusal is a problem."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

import omzien
from omzien.api.problems import Problem, not_found
from omzien.areas.models import Municipality
from omzien.directory.models import IndexVersion
from omzien.people.limits import too_many

PER_HOUR = 3000
FRESH = "public, max-age=60"
CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type, If-None-Match",
    "Access-Control-Expose-Headers": "API-Version, ETag, Retry-After",
    "Access-Control-Max-Age": "86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
}

View = Callable[..., HttpResponseBase]


def open_door(*methods: str, version: str) -> Callable[[View], View]:
    """Return the decorator that lets anyone in with `methods`, and with no others.

    No key and no cookie is asked, so that there is nothing that another site could misuse:
    therefore csrf_exempt and CORS for all.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def served(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            try:
                response = _let_in(request, methods) or _answered(request, view, kwargs)
            except Problem as problem:
                response = problem.response()
            except Http404:
                response = not_found().response()
            except RequestDataTooBig:
                response = Problem(413, _("Je verzoek is te groot. Stuur minder.")).response()
            except (SuspiciousOperation, UnreadablePostError):
                response = Problem(400, _("We konden je verzoek niet lezen.")).response()
            for name, value in CROSS_ORIGIN.items():
                response[name] = value
            response["API-Version"] = version
            return response

        return served

    return decorate


def municipality_of(request: HttpRequest) -> Municipality:
    """Return the municipality whose address was called; without one there is nothing (404)."""
    found: Municipality | None = getattr(request, "municipality", None)
    if found is None:
        raise Problem(
            404, _("Op dit adres staat geen gemeente. Gebruik het webadres van een gemeente.")
        )
    return found


def until_next_hour() -> str:
    """Return the seconds until the limits of this hour end, for Retry-After."""
    now = timezone.now()
    return str(3600 - now.minute * 60 - now.second)


def _let_in(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse | None:
    allowed = ", ".join((*methods, "OPTIONS"))
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": allowed})
    if request.method not in methods:
        refusal = Problem(405, _("Dit kan hier niet. Wel: %(methods)s.") % {"methods": allowed})
        refusal.headers["Allow"] = allowed
        raise refusal
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        raise Problem(403, _("Gebruik https. Over http geven we niets."))
    municipality_of(request)
    if too_many(request, "api", per_hour=PER_HOUR):
        refusal = Problem(
            429, _("Je hebt dit uur al veel opgehaald. Wacht even en probeer het dan weer.")
        )
        refusal.headers["Retry-After"] = until_next_hour()
        raise refusal
    return None


def _answered(request: HttpRequest, view: View, kwargs: dict[str, Any]) -> HttpResponseBase:
    if request.method == "POST":
        if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
            # WSGI would show it as empty: then a filter would silently be no filter.
            raise Problem(411, _("Zeg erbij hoe lang je bericht is (Content-Length)."))
        request.body  # noqa: B018  read here, so that one that is too big is refused here
        response = view(request, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
    tag = _tag(request)
    known = [
        kept.removeprefix("W/") for kept in parse_etags(request.headers.get("If-None-Match", ""))
    ]
    if tag.removeprefix("W/") in known:
        response = HttpResponse(status=304)
    else:
        response = view(request, **kwargs)
    if response.status_code in (200, 304):
        response["ETag"] = tag
        response.headers.setdefault("Cache-Control", FRESH)
    return response


def _tag(request: HttpRequest) -> str:
    """Return a weak ETag that moves with the directory, the address, the day and the software."""
    versions = IndexVersion.objects.order_by("municipality_id")
    parts = (
        *versions.values_list("municipality_id", "version"),
        municipality_of(request).settings_version,
        request.get_host(),
        request.get_full_path(),
        timezone.localdate(),
        omzien.__version__,
    )
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'
