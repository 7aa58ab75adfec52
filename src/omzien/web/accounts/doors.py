"""Who may open the pages of signing in, and of one's own account."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from omzien.people.limits import too_many

View = Callable[..., HttpResponseBase]
PER_HOUR = 240  # forms of one account


def here(view: View) -> View:
    """Answer only where a municipality is served; nobody keeps the page."""

    @wraps(view)
    @never_cache
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if getattr(request, "municipality", None) is None:
            raise Http404
        return view(request, *args, **kwargs)

    return opened


def own(view: View) -> View:
    """Answer who is signed in, about their own account, whatever role they have on.

    A second step must be set up before a role can be put on, so no role can be asked for here.
    """

    @here
    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        me = request.user.pk
        if request.method == "POST" and too_many(request, "account", per_hour=PER_HOUR, by=me):
            return render(request, "429.html", status=429)
        return view(request, *args, **kwargs)

    opened.verb = "account.manage"  # type: ignore[attr-defined]  # for the walk over all addresses
    return opened


def confirmed(view: View) -> View:
    """Answer who showed a moment ago that it is still them; ask the others (ASVS 5.0, 7.5.1).

    With the password, the app or a passkey where the account has one, else with a new code in
    the mail. Who has the municipality's sign-on alone has nothing to show here.
    """
    strict = reauthentication_required(app="omzien")(view)

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if get_reauthentication_flows(request.user):  # type: ignore[arg-type]
            answer: HttpResponseBase = strict(request, *args, **kwargs)
            return answer
        if request.user.email and not _used_code(request):  # type: ignore[union-attr]
            back = request.get_full_path() if request.method == "GET" else reverse("sessions")
            return redirect_to_login(back, reverse("confirm-by-mail"))
        return view(request, *args, **kwargs)

    return opened


def _used_code(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(one["at"] >= since for one in records)
