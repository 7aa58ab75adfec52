"""The page where a person reads who looked at their data."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http.response import HttpResponseBase
from django.shortcuts import render

from omzien.people.logs.looking import who_looked
from omzien.web.logged import logged, reader_of
from omzien.web.request import Request

NOBODY = ("visitor", "system")


def who_looked_page(request: Request) -> HttpResponseBase:
    """Show the signed-in person who looked; send others to the page to sign in."""
    if reader_of(request).key in NOBODY:
        return redirect_to_login(request.path, settings.LOGIN_URL)
    return _own_page(request)


def _own_key(request: Request) -> Iterable[str]:
    return [reader_of(request).key]


@logged(purpose="own-data", kind="access-log", about=_own_key)
def _own_page(request: Request) -> HttpResponseBase:
    person = reader_of(request).key
    looks = who_looked(person, organisation_name=_organisation_name)
    return render(request, "accounts/who_looked.html", {"looks": looks})


def _organisation_name(_key: str) -> str:
    """Return the name of an organisation; there are none before people.Organisation is."""
    return ""
