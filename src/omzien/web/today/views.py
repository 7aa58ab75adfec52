"""Choosing a hat, and landing on what needs me today."""

from urllib.parse import urlsplit
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from omzien.areas.queries import address_of
from omzien.people.models import Person
from omzien.people.queries.hats import Hat, actor_of, hats_of
from omzien.people.rules.roles import Actor
from omzien.questions.models import Question
from omzien.web.accounts.sessions import note_elsewhere, used_password
from omzien.web.doors import HAT, STRONG, needs
from omzien.web.logged import logged, shows, whom_shown
from omzien.web.request import Request, is_here
from omzien.web.today.cards import cards_for
from omzien.web.today.pages import pages_for
from omzien.web.today.roles import ROLE_NAMES

SECOND_STEPS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


@needs("today.read")
@require_safe
def today_page(request: Request) -> HttpResponseBase:
    """Show what waits for somebody in the role that they have now.

    To a proxy it tells of the questions of somebody else: that is logged.
    """
    return (_today_for_another if request.actor.represents else _today)(request)


@logged(purpose="help", kind="question", about=whom_shown)
def _today_for_another(request: Request) -> HttpResponse:
    shows(request, [request.actor.represents])
    return _today(request)


def _today(request: Request) -> HttpResponse:
    cards = cards_for(request.actor, on=timezone.localdate())
    shown = {card.link for card in cards} | {page for card in cards for page, _label in card.more}
    pages = pages_for(request.actor, without=shown)
    context = {"cards": cards, "pages": pages, "role": ROLE_NAMES[request.actor.role]}
    return render(request, "today/today.html", context)


@never_cache
@require_safe
def hats_page(request: Request) -> HttpResponse:
    """Let somebody choose in which role they are here; where there is one role it is put on."""
    if request.municipality is None:
        raise Http404
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    hats = hats_of(request.user.pk, on=timezone.localdate())
    wanted = _wanted(request.GET.get("next", ""))
    only = _only(request, hats)
    if only and not request.session.get(HAT) and not _came_for_own(request, only, wanted, hats):
        return _wear(request, only, wanted)
    elsewhere = note_elsewhere(request, request.user)
    rows = [(hat, ROLE_NAMES[hat.role], _may_wear(request, hat)) for hat in hats]
    context = {
        "rows": rows,
        "municipalities": [(one.name, address_of(one) + reverse("hats")) for one in elsewhere],
        "now": request.session.get(HAT),
        "next": wanted,
        "has_second_step": is_mfa_enabled(request.user, SECOND_STEPS),
        "has_password": used_password(request),
        "can_share": Person.objects.filter(account=request.user.pk).exists(),
    }
    return render(request, "today/hats.html", context)


@require_POST
@never_cache
def put_on(request: Request) -> HttpResponse:
    """Put on a hat of one's own; another one is not there."""
    if request.municipality is None or not request.user.is_authenticated:
        raise Http404
    chosen = request.POST.get("hat", "")
    for hat in hats_of(request.user.pk, on=timezone.localdate()):
        if hat.key == chosen and _may_wear(request, hat):
            return _wear(request, hat, _wanted(request.POST.get("next", "")))
    raise Http404


def _only(request: HttpRequest, hats: list[Hat]) -> Hat | None:
    """Return the hat that needs no choice: the one role given, or the own life without roles."""
    given = [hat for hat in hats if not hat.is_own_life]
    usable = [hat for hat in given or hats if _may_wear(request, hat)]
    return usable[0] if len(usable) == 1 == len(given or hats) else None


def _may_wear(request: HttpRequest, hat: Hat) -> bool:
    return bool(request.session.get(STRONG)) or not hat.needs_second_factor


def _wanted(address: str) -> str:
    return address if is_here(address) else reverse("today")


def _wear(request: HttpRequest, hat: Hat, wanted: str) -> HttpResponse:
    request.session.cycle_key()  # a new right, a new session key (ASVS 7.2.4)
    request.session[HAT] = hat.key
    if _fits(hat, wanted):
        return HttpResponseRedirect(wanted)
    said = _("De pagina die je zocht, hoort niet bij je rol nu (%(role)s). Dit is wat er vandaag "
             "op je wacht.")  # fmt: skip
    messages.info(request, said % {"role": ROLE_NAMES[hat.role]})
    return HttpResponseRedirect(reverse("today"))


def _fits(hat: Hat, address: str) -> bool:
    """Tell whether a page is one for this hat; that of everybody is."""
    try:
        view = resolve(urlsplit(address).path).func
    except Resolver404:
        return True
    verb = getattr(view, "verb", None)
    return verb is None or bool(Actor(role=hat.role).may(verb))


def _came_for_own(request: Request, only: Hat, wanted: str, hats: list[Hat]) -> bool:
    """Tell whether somebody may have come for a question of their own, and not for their role."""
    if _fits(only, wanted) or request.municipality is None:
        return False
    code, today = request.municipality.code, timezone.localdate()
    own = [hat.key for hat in hats if hat.is_own_life]
    account: UUID = request.user.pk  # type: ignore[assignment]
    actors = [actor_of(account, key, municipality=code, is_strong=False, on=today) for key in own]
    return any(Question.objects.visible_to(one).exists() for one in actors if one)
