"""Middleware: the transaction for one municipality, and the security headers."""

from collections.abc import Callable

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, override

from omzien.areas.queries import PLAIN, language_of, municipality_of_host
from omzien.journal.isolation import choose
from omzien.web.doors import actor_of_request

View = Callable[[HttpRequest], HttpResponseBase]

CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "manifest-src": "'self'",
}


def municipality(get_response: View) -> View:
    """Open the request's transaction and choose the municipality that its host names.

    Django's ATOMIC_REQUESTS opens its transaction after middleware, so that the choice
    would be lost. An answer of 500 rolls everything back.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.municipality = municipality_of_host(request.get_host())  # type: ignore[attr-defined]
        is_nested = connection.in_atomic_block  # a test's own transaction goes on after ours
        with transaction.atomic():
            choose(request.municipality.code if request.municipality else "")  # type: ignore[attr-defined]
            response = get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            elif is_nested:
                choose("")
            return response

    return middleware


def address_form(get_response: View) -> View:
    """Let Dutch pages say "je" or "u", as the municipality chose; other languages stay.

    To the browser both are Dutch: the middleware of Django around us tells it the language.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if get_language() != PLAIN:
            return get_response(request)
        with override(language_of(request.municipality)):  # type: ignore[attr-defined]
            return get_response(request)

    return middleware


def size_limit(get_response: View) -> View:
    """Refuse a request that is bigger than any form of ours, before anything of it is read.

    Without a length Django reads no body at all. A little more than the biggest file passes,
    so that the form itself can say what is wrong.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        length = request.headers.get("Content-Length") or "0"
        if length.isdecimal() and int(length) > settings.MOST_REQUEST_BYTES:
            return render(request, "413.html", status=413)
        return get_response(request)

    return middleware


def headers(get_response: View) -> View:
    """Set the headers that keep a page to itself: no inline script or style, no third party."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if settings.MAINTENANCE and not request.path.startswith("/static/"):
            response: HttpResponseBase = render(request, "maintenance.html", status=503)
            response["Retry-After"] = "600"
        else:
            response = get_response(request)
        policy = dict(CONTENT_SECURITY_POLICY)
        policy.update(getattr(response, "content_security_policy", {}))
        if "frame-ancestors" in getattr(response, "content_security_policy", {}):
            response.headers.pop("X-Frame-Options", None)
        response.setdefault(
            "Content-Security-Policy", "; ".join(f"{k} {v}" for k, v in policy.items())
        )
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)")
        return response

    return middleware


def actor(get_response: View) -> View:
    """Tell every view who is at the other side; looked up only where somebody asks."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.actor = SimpleLazyObject(lambda: actor_of_request(request))  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
