"""Doors: a view says which verb it needs, and the role table says who may come in.

`needs` guards pages. What somebody may see on a page is up to `visible_to`; an object that is
not there for them gives 404, so that nobody learns that it exists.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from omzien.areas.queries import is_on
from omzien.people.limits import too_many
from omzien.people.logs.reading import note, origin_of
from omzien.people.queries.hats import actor_of
from omzien.people.rules.looking import Result
from omzien.people.rules.roles import PUBLIC, STRONG_VERBS, Actor, verbs
from omzien.web.other_hats import other_way
from omzien.web.request import Request
from omzien.web.went_on import went_on

HAT = "hat"  # in the session: which hat is on
STRONG = "strong"  # in the session: signed in with a second factor or municipal sign-on
OWN_FORMS_PER_HOUR = 240
ELSEWHERE = "elsewhere"  # in the session: this account has a role in another municipality too

View = Callable[..., HttpResponseBase]


def needs(verb: str) -> Callable[[View], View]:
    """Return the decorator that lets in who may do `verb`.

    Others sign in, choose a hat, set up a second step where the verb asks for one, or read that
    this page is not for their role. The page is never kept by a browser or a proxy. Raises
    KeyError at import for an unknown verb.
    """
    if verb not in verbs():
        raise KeyError(verb)

    def decorate(view: View) -> View:
        @wraps(view)
        @never_cache
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.municipality is None:
                raise Http404
            if not request.actor.may(verb) or _is_weak(request, verb):
                return _turned_away(request, verb)
            if _posts_too_often(request):
                return render(request, "429.html", status=429)
            try:
                return view(request, *args, **kwargs)
            except Http404:
                if answer := _not_there(request, verb, kwargs.get("key", "")):
                    return answer
                raise

        guarded.verb = verb  # type: ignore[attr-defined]  # the walk over all addresses reads it
        return guarded

    return decorate


def _not_there(request: Request, verb: str, key: object) -> HttpResponse | None:
    """Return what is said of a thing that is not there for this reader, or None for nothing; it
    is logged as refused, but where it is theirs in another role.
    """
    question = key if isinstance(key, UUID) else None
    answer = other_way(request, question) if question else None
    if answer and answer.status_code != HTTPStatus.FORBIDDEN:
        return answer
    _note_refusal(request, verb, key)
    return answer or (went_on(request, question) if question else None)


def _posts_too_often(request: Request) -> bool:
    """Tell whether somebody sends more forms of their own life than anybody fills in. Nobody gave
    them that role: an address is enough, and each form may be a mail or work for somebody.
    """
    me, is_at_work = request.actor.person, request.actor.membership is not None
    if request.method != "POST" or me is None or is_at_work:
        return False
    return too_many(request, "own-forms", per_hour=OWN_FORMS_PER_HOUR, by=me)


def switched(feature: str) -> Callable[[View], View]:
    """Return the decorator for a page of a part of the site that a municipality may turn off."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not is_on(request.municipality, feature):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _turned_away(request: Request, verb: str) -> HttpResponse:
    wanted = request.get_full_path() if request.method == "GET" else reverse("today")
    if request.method == "POST" and not request.actor.person:
        # A mandate may end, or a session, while somebody types: say that nothing was kept.
        messages.warning(
            request,
            _("Wat je deed, is niet verstuurd en niet bewaard: je bent afgemeld, of je rol of "
              "machtiging is gestopt."),
        )  # fmt: skip
    if not request.user.is_authenticated:
        return redirect_to_login(wanted)
    if not request.actor.person:
        if request.method == "GET" and request.session.get(HAT):
            messages.info(request, _("Je bent niet meer in de rol van daarnet: die rol of "
                                     "machtiging is gestopt."))  # fmt: skip
        return redirect_to_login(wanted, reverse("hats"))
    if request.actor.may(verb):
        return _to_second_step(request)
    _note_refusal(request, verb, "")
    return render(request, "403_role.html", status=403)


def _is_weak(request: Request, verb: str) -> bool:
    return verb in STRONG_VERBS and not request.session.get(STRONG)


def _to_second_step(request: Request) -> HttpResponse:
    messages.info(
        request,
        _("Wie bemiddelt, leest over twee buren. Meld je daarvoor aan met een passkey, of met je "
          "wachtwoord en een tweede stap. Heb je die nog niet? Stel ze hier in. Meld je daarna af, "
          "en weer aan."),
    )  # fmt: skip
    return HttpResponseRedirect(reverse("account"))


def _note_refusal(request: Request, verb: str, key: object) -> None:
    """Log what was refused (BIO2 8.15.01, ASVS 16.3.2); the line outlives a rolled back request."""
    note(
        request.actor,
        purpose="oversight",
        object=(verb, key),
        result=Result.REFUSED,
        origin=origin_of(request),
    )


def actor_of_request(request: HttpRequest) -> Actor:
    """Return who is at the other side, asked anew at every request."""
    municipality = getattr(request, "municipality", None)
    if municipality is None:
        return PUBLIC
    nobody = Actor(municipality.code)
    hat = request.session.get(HAT)
    if not hat or not request.user.is_authenticated:
        return nobody
    is_strong = bool(request.session.get(STRONG))
    found = actor_of(
        request.user.pk,
        hat,
        municipality=municipality.code,
        is_strong=is_strong,
        on=timezone.localdate(),
    )
    return found or nobody
