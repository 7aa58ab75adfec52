"""Who may open the pages of signing in, and of one's own account."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

View = Callable[..., HttpResponseBase]


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
        return view(request, *args, **kwargs)

    opened.verb = "account.manage"  # type: ignore[attr-defined]  # for the walk over all addresses
    return opened
