"""In the demonstration only: choose who you are, without signing in."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from omzien.people.models import Membership, Person
from omzien.people.rules.roles import Role
from omzien.web.doors import HAT, STRONG
from omzien.web.request import Request, is_here
from omzien.web.today.roles import ROLE_NAMES


@require_http_methods(["GET", "HEAD", "POST"])
def choose_role(request: Request) -> HttpResponse:
    """Show everybody that has an account here, and be the one that is chosen."""
    if not settings.DEMO:
        raise Http404
    hats = _hats()
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if request.method == "POST":
        person = hats.get(request.POST.get("hat", ""))
        if person is None or person.account is None:
            raise Http404
        get_adapter().login(request, person.account)
        request.session[HAT], request.session[STRONG] = request.POST["hat"], True
        return HttpResponseRedirect(wanted if is_here(wanted) else reverse("today"))
    context = {"groups": _shown(), "next": wanted}
    return render(request, "today/demo_roles.html", context)


def _memberships() -> list[Membership]:
    live = Membership.objects.live(on=timezone.localdate()).filter(person__account__is_active=True)
    return list(
        live.select_related("person__account", "organisation", "team").order_by(
            "role", "person__name"
        )
    )


def _persons() -> list[Person]:
    return list(Person.objects.filter(account__is_active=True).select_related("account"))


def _hats() -> dict[str, Person]:
    found = {f"person:{one.pk}": one for one in _persons()}
    return found | {f"membership:{one.pk}": one.person for one in _memberships()}


def _shown() -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Return per role: the hat, the name of who wears it, and where that is."""
    groups: dict[str, list[tuple[str, str, str]]] = {}
    memberships = _memberships()
    for one in memberships:
        place = ", ".join(filter(None, [one.organisation.name, one.team.name if one.team else ""]))
        hat = (f"membership:{one.pk}", one.person.name, place)
        groups.setdefault(str(ROLE_NAMES[Role(one.role)]), []).append(hat)
    working = {one.person_id for one in memberships}
    own = [(f"person:{one.pk}", one.name, "") for one in _persons() if one.pk not in working]
    if own:
        groups[str(ROLE_NAMES[Role.RESIDENT])] = own
    return list(groups.items())
