"""Middleware: the transaction for one municipality, and what guards every page."""

from collections.abc import Callable
from functools import cache, partial

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import connection, transaction
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import is_valid_path, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, override

from omzien.areas.queries import PLAIN, language_of, municipality_of_host
from omzien.journal.isolation import choose, choose_and_read, opened
from omzien.people.models.sessions import TEXT_OF_SESSION
from omzien.web.accounts.sessions import end_when_over
from omzien.web.doors import actor_of_request

View = Callable[[HttpRequest], HttpResponseBase]

CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "object-src": "'none'",
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
NO_DEVICES = (
    "accelerometer", "autoplay", "camera", "display-capture", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "serial", "usb",
)  # fmt: skip
OWN_KEYS = ("publickey-credentials-create", "publickey-credentials-get")  # passkeys
PERMISSIONS = ", ".join(
    [*(f"{name}=()" for name in NO_DEVICES), *(f"{name}=(self)" for name in OWN_KEYS)]
)
METHODS = ("GET", "HEAD", "POST", "OPTIONS")


def municipality(get_response: View) -> View:
    """Open the request's transaction and choose the municipality that its host names.

    Django's ATOMIC_REQUESTS opens its transaction after middleware, so that the choice
    would be lost. An answer of 500 rolls everything back.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.municipality = municipality_of_host(request.get_host())  # type: ignore[attr-defined]
        is_nested = connection.in_atomic_block  # a test's own transaction goes on after ours
        with opened(partial(_choose, request)):
            response = get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            elif is_nested:
                choose("")
            return response

    return middleware


def _choose(request: HttpRequest) -> None:
    """Choose the municipality; for who has a session, the same round trip reads it.

    The session is read anew at each request: what was ended is over at the next one.
    """
    town = request.municipality  # type: ignore[attr-defined]
    code = town.code if town else ""
    if key := _session_key(request):
        text = choose_and_read(code, TEXT_OF_SESSION, [key, timezone.now()])
        request.session_text = text  # type: ignore[attr-defined]
    else:
        choose(code)


def _session_key(request: HttpRequest) -> str | None:
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return key if key.isascii() and key.isalnum() else None


class Sessions(SessionMiddleware):
    """Django's own, that hands over what was read with the choice of the municipality.

    What cannot be a key (PostgreSQL refuses a NUL) is no session.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Give the request its session."""
        request.session = self.SessionStore(_session_key(request))
        request.session.beforehand = getattr(request, "session_text", None)  # type: ignore[attr-defined]


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
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.MOST_REQUEST_BYTES:
            return render(request, "413.html", status=413)
        return get_response(request)

    return middleware


def visitor_address(get_response: View) -> View:
    """Let REMOTE_ADDR be the visitor's, where reverse proxies of ours stand in front.

    Each of them adds the address that it saw at the right. What a visitor wrote in the header
    stands further to the left and is never read. Limits per visitor count on it.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if settings.PROXIES > 0:
            seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
            if len(seen) >= settings.PROXIES and (told := seen[-settings.PROXIES].strip()):
                request.META["REMOTE_ADDR"] = told[:64]
        return get_response(request)

    return middleware


def methods(get_response: View) -> View:
    """Refuse methods that no page has. The APIs have a door of their own, with plain words.

    Who opens the address to which a form is sent, by the bar of the browser or after signing in,
    goes to the page above it: an empty answer would leave them with the browser's own error.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(settings.API_PATHS):
            return get_response(request)
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        response = get_response(request)
        is_form = response.status_code == 405 and request.method == "GET"
        return HttpResponseRedirect(_page_above(request.path)) if is_form else response

    return middleware


def _page_above(path: str) -> str:
    """Return the nearest address above one that is there; it may send on to one further up."""
    while path := path.rpartition("/")[0]:
        if is_valid_path(path):
            return path
    return reverse("home")


def headers(get_response: View) -> View:
    """Set the headers that keep a page to itself: no inline script or style, no third party."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if settings.MAINTENANCE and not request.path.startswith("/static/"):
            response: HttpResponseBase = _at_work(request)
        else:
            response = get_response(request)
        own = getattr(response, "content_security_policy", {})
        if "frame-ancestors" in own:
            response.headers.pop("X-Frame-Options", None)
        response.setdefault(
            "Content-Security-Policy",
            _policy(own, https=settings.HTTPS) if own else _ordinary(https=settings.HTTPS),
        )
        response.setdefault("Permissions-Policy", PERMISSIONS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("X-Content-Type-Options", "nosniff")
        response.setdefault("Server", "")  # the server would say its own name here
        if _is_personal(request):
            response.setdefault("Cache-Control", "no-store")
        _leave_nothing(response)
        return response

    return middleware


def _at_work(request: HttpRequest) -> HttpResponse:
    """Answer while the site is down for work: a page for people, a problem for programs."""
    if request.path.startswith(settings.API_PATHS):
        problem = {
            "type": "about:blank",
            "title": "Service Unavailable",
            "status": 503,
            "detail": "De site is zo weer terug. Probeer het over een kwartier nog eens.",
        }
        response: HttpResponse = JsonResponse(
            problem, status=503, content_type="application/problem+json"
        )
        response["Access-Control-Allow-Origin"] = "*"
    else:
        response = render(request, "maintenance.html", status=503)
    response["Retry-After"] = "600"
    response["Cache-Control"] = "no-store"
    return response


def session_limits(get_response: View) -> View:
    """End a session that lasted too long; a visitor without one costs nothing here."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            end_when_over(request)
        return get_response(request)

    return middleware


def actor(get_response: View) -> View:
    """Tell every view who is at the other side; looked up only where somebody asks."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.actor = SimpleLazyObject(lambda: actor_of_request(request))  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def _policy(own: dict[str, str], *, https: bool) -> str:
    policy = CONTENT_SECURITY_POLICY | own
    if https:
        policy = policy | {"upgrade-insecure-requests": ""}
    return "; ".join(f"{name} {sources}".strip() for name, sources in policy.items())


@cache
def _ordinary(*, https: bool) -> str:
    """Return the policy of all but a few pages, written once."""
    return _policy({}, https=https)


def _is_personal(request: HttpRequest) -> bool:
    """Tell whether an answer is somebody's own: signed in, just told something, or a form sent."""
    cookies = (settings.SESSION_COOKIE_NAME, settings.MESSAGES_COOKIE_NAME)
    is_safe = request.method in ("GET", "HEAD")
    return not is_safe or any(name in request.COOKIES for name in cookies)


def _leave_nothing(response: HttpResponseBase) -> None:
    """When a session ends, the browser forgets what it stored for this site."""
    cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
    if cookie is not None and not cookie.value:
        response["Clear-Site-Data"] = '"storage"'
