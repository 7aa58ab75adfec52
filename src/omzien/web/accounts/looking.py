"""The page where a person reads who looked at their data."""

from collections.abc import Iterable
from uuid import UUID

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from omzien.people.logs.looking import who_looked
from omzien.people.models import Organisation
from omzien.people.queries.mandates import proxies_of
from omzien.web.doors import needs
from omzien.web.logged import logged
from omzien.web.request import Request


def _own_key(request: Request) -> Iterable[UUID]:
    return [request.actor.person] if request.actor.person else []


@needs("account.manage")
@require_safe
@logged(purpose="own-data", kind="access-log", about=_own_key)
def who_looked_page(request: Request) -> HttpResponseBase:
    """Show who looked at the signed-in person's data."""
    assert request.actor.person is not None
    names = {str(key): name for key, name in Organisation.objects.values_list("pk", "name")}
    looks = who_looked(
        request.actor.person,
        organisation_name=lambda key: names.get(key, ""),
        proxies=proxies_of(request.actor.person),
    )
    return render(request, "accounts/who_looked.html", {"looks": looks})
