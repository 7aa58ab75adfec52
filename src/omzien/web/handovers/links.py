"""The page behind the link in the mail, for a team without accounts.

First a code that goes to the mailbox of the team, then the handover; in one browser at a time.
"""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from omzien.handovers.actions.linking import (
    actor_of_link,
    ask_code,
    needs_link,
    open_link,
    sign_by,
    use_code,
)
from omzien.handovers.mails import MAILS
from omzien.handovers.models import Handover, HandoverLink
from omzien.handovers.refusals import (
    LinkBroken,
    LinkInUse,
    LinkOver,
    NotAllowed,
    TooManyCodes,
)
from omzien.handovers.rules.links import Outcome
from omzien.messages.direct import MailAway, send_now
from omzien.messages.mails import written
from omzien.people.limits import too_many
from omzien.people.rules.looking import Action
from omzien.web.handovers.doing import do
from omzien.web.handovers.exports import file_of
from omzien.web.handovers.forms import CodeForm
from omzien.web.handovers.standing import about_handover, again, context_of, seen
from omzien.web.handovers.words import TYPED, gone
from omzien.web.logged import logged
from omzien.web.request import Request, town_of

BROWSER = "link_browser"  # in the session: what tells this browser from others
FORMS_PER_HOUR = 240  # by one link
TEMPLATE = "handovers/by_link.html"
View = Callable[[Request, HandoverLink], HttpResponse]


def by_link(view: View) -> Callable[[Request, str], HttpResponse]:
    """Find the link of a token for a view; explain one that is broken (404) or over (410)."""

    @wraps(view)
    @never_cache
    def opened(request: Request, token: str) -> HttpResponse:
        if request.municipality is None:
            raise Http404
        response = _answer(request, token, view)
        # No Referrer-Policy of its own: with `no-referrer` a browser posts with `Origin: null`, and
        # every form of this page is refused (403). The site's `same-origin` tells nobody else.
        response["X-Robots-Tag"] = "noindex"
        return response

    return opened


def _answer(request: Request, token: str, view: View) -> HttpResponse:
    try:
        link = open_link(token, now=timezone.now())
    except LinkBroken:
        return render(request, "handovers/link_broken.html", status=404)
    except LinkOver as over:
        return _over(request, over.handover)
    try:
        return view(request, link)
    except LinkOver:
        return _over(request, Handover.objects.filter(pk=link.handover_id).first())
    except LinkInUse:
        context = {"sender": link.handover.from_team}
        return render(request, "handovers/link_in_use.html", context, status=409)


def _over(request: Request, handover: Handover | None) -> HttpResponse:
    context: dict[str, Any] = {"handover": handover}
    if handover and not needs_link(handover.to_team):
        context["signs_in"] = True
    elif handover and handover.is_theirs:  # so nobody used the link for long
        context["asks"] = handover.from_team
    elif handover:
        context["gone"] = gone(handover)
    return render(request, "handovers/link_over.html", context, status=410)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def link_page(request: Request, link: HandoverLink) -> HttpResponse:
    """Let somebody in by a code, and show the handover only then."""
    secret = request.session.get(BROWSER, "")
    actor = actor_of_link(link, secret=secret, now=timezone.now())
    if actor is not None:
        request.actor = actor
        try:
            return cast(HttpResponse, inside(request, key=link.handover_id, link=link))
        except Http404:  # the ground is gone, or the move is not theirs: there is nothing to see
            raise LinkOver from None
    if request.method == "POST" and request.POST.get("doe") == "code":
        return _send_code(request, link)
    return _enter_code(request, link, secret)


@require_safe
@by_link
def link_calendar(request: Request, link: HandoverLink) -> HttpResponse:
    """Give the talk of three as a calendar file, to the browser that is in."""
    secret = request.session.get(BROWSER, "")
    actor = actor_of_link(link, secret=secret, now=timezone.now())
    if actor is None:
        raise Http404
    request.actor = actor
    return cast(HttpResponse, talk_inside(request, key=link.handover_id))


@logged(purpose="handover", kind="handover", about=about_handover, action=Action.EXPORT)
def talk_inside(request: Request, key: Any) -> HttpResponse:
    """Give the talk of a handover as a file, to who is in."""
    return file_of(request, seen(request.actor, key))


@logged(purpose="handover", kind="handover", about=lambda r, key, link: about_handover(r, key))
def inside(request: Request, key: Any, link: HandoverLink) -> HttpResponse:
    """Show the handover of a link, and do what it is for."""
    row = seen(request.actor, key)
    if row is None:
        raise Http404
    if request.method != "POST":
        return render(request, TEMPLATE, context_of(request, row))
    if too_many(request, "link-forms", per_hour=FORMS_PER_HOUR, by=link.pk):
        return render(request, "429.html", status=429)
    try:
        outcome = do(row, request.POST, request.actor)
    except NotAllowed:
        raise Http404 from None
    if not outcome.done:
        return again(request, key, outcome, TEMPLATE)
    data = outcome.form.cleaned_data if outcome.form else {}
    sign_by(link=link, name=data.get("signed") or data.get("contact_name", ""))
    messages.success(request, outcome.done)
    return HttpResponseRedirect(request.path)


def _send_code(request: Request, link: HandoverLink) -> HttpResponse:
    if too_many(request, "handover-code", per_hour=20):
        return _code_page(request, CodeForm(), said=_("Je vroeg te vaak een code."), status=429)
    secret = request.session.get(BROWSER) or secrets.token_urlsafe(24)
    try:
        digits = ask_code(link=link, secret=secret, now=timezone.now())
    except TooManyCodes:
        sender = link.handover.from_team
        said = _(
            "Er is te vaak een code gevraagd. Morgen kan het weer. Kan het niet wachten? Bel "
            "%(team)s en vraag om een nieuwe link."
        ) % {"team": f"{sender.name} ({sender.phone})" if sender.phone else sender.name}
        return _code_page(request, CodeForm(), said=said, status=429)
    town = town_of(request)
    letter = written(MAILS, "handover-code", town, {"code": digits})
    address = link.handover.to_team.email
    try:
        send_now(municipality=town, recipient=address, letter=letter)
    except MailAway:
        said = _("De mail kan nu niet weg. Probeer het over een paar minuten weer.")
        return _code_page(request, CodeForm(), said=said, status=503)
    request.session[BROWSER] = secret
    request.session["link_asked"] = str(link.pk)
    return HttpResponseRedirect(request.path)


def _enter_code(request: Request, link: HandoverLink, secret: str) -> HttpResponse:
    if request.method != "POST":
        return _code_page(request, CodeForm(), has_asked=_has_asked(request, link))
    form = CodeForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data["code"]
        outcome = use_code(link=link, typed=typed, secret=secret, now=timezone.now())
        if outcome == Outcome.RIGHT:
            request.session.cycle_key()  # a new right, a new session key (ASVS 7.2.4)
            return HttpResponseRedirect(request.path)
        form.add_error("code", TYPED[outcome])
        if outcome != Outcome.WRONG:  # only a new code helps
            return _code_page(request, form, is_over=True, status=400)
    return _code_page(request, form, has_asked=True, status=400)


def _has_asked(request: Request, link: HandoverLink) -> bool:
    return bool(request.session.get("link_asked") == str(link.pk))


def _code_page(
    request: Request, form: CodeForm, *, status: int = 200, **more: str | bool
) -> HttpResponse:
    context = {"form": form, "said": "", "has_asked": False, "is_over": False, **more}
    return render(request, "handovers/link_code.html", context, status=status)
