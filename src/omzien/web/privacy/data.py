"""Reading and downloading all about a person, and asking to be erased."""

import json
from contextlib import suppress
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from omzien.messages.erasing import ask_to_be_erased
from omzien.messages.exporting import WHY, make_file
from omzien.people.models import Person
from omzien.people.privacy.export import (
    Outline,
    Part,
    as_data,
    everything_about,
    files_made,
    may_export,
    outline_by,
    outline_of,
    reads_whole,
)
from omzien.people.privacy.mentions import Mentions
from omzien.people.privacy.retaining import (
    open_request,
    refused_request,
    waits_for,
    withdraw_request,
)
from omzien.people.queries.mailboxes import named_in
from omzien.people.refusals import NeedsReason, NotAllowed, WrongMove
from omzien.people.rules.looking import Action, WhyWhole
from omzien.people.rules.retention import Refusal
from omzien.people.rules.roles import Actor, Role, Scope
from omzien.questions.models import Attachment
from omzien.web.asking.checks import is_phone
from omzien.web.doors import needs
from omzien.web.downloads import FORMS, download
from omzien.web.logged import logged, reader_of, shows, whom_shown
from omzien.web.privacy.words import BECAUSE, readable_parts
from omzien.web.request import Request, town_of

MOST_FOUND = 20


def _theirs(request: Request, key: UUID, form: str = "") -> list[UUID]:
    return [key]


own_logged = partial(logged, purpose="own-data", kind="person", about=reader_of)
oversight_logged = partial(logged, purpose="oversight", kind="person", about=_theirs)


@needs("account.manage")
@require_http_methods(["GET"])
@own_logged()
def own_data(request: Request) -> HttpResponse:
    """Show somebody all that is kept about them."""
    person = _person(request, request.actor.person)
    return _page(request, person, is_own=True)


@needs("account.manage")
@require_http_methods(["GET"])
@own_logged(action=Action.EXPORT)
def own_file(request: Request, form: str) -> HttpResponseBase:
    """Give somebody the same as a file."""
    return _file(request, _person(request, request.actor.person), form)


@needs("account.manage")
@require_POST
def ask_erasure(request: Request) -> HttpResponse:
    """Ask to be erased; only in one's own life, not in a role for work."""
    person = _person(request, request.actor.person)
    if not request.POST.get("zeker"):
        messages.error(request, _("Zet eerst een vinkje: wissen kan niet terug."))
        return HttpResponseRedirect(reverse("own-data"))
    try:
        ask_to_be_erased(person=person, on=timezone.localdate(), by=request.actor)
    except NotAllowed:
        messages.error(request, _("Wissel eerst naar je eigen rol als inwoner. Vraag het dan."))
    except WrongMove:
        messages.info(request, _("Je hebt dit al gevraagd. Je hoort het binnen een maand."))
    else:
        messages.success(request, _("Je verzoek is binnen. Je hoort het binnen een maand."))
    return HttpResponseRedirect(reverse("own-data"))


@needs("account.manage")
@require_POST
def withdraw_erasure(request: Request) -> HttpResponse:
    """Take the request to be erased back."""
    person = _person(request, request.actor.person)
    try:
        withdraw_request(person=person, by=request.actor)
    except NotAllowed:
        messages.error(request, _("Wissel eerst naar je eigen rol als inwoner. Vraag het dan."))
    except WrongMove:
        messages.info(request, _("Er is geen verzoek meer om in te trekken."))
    else:
        messages.success(request, _("Je verzoek is ingetrokken. Er wordt niets gewist."))
    return HttpResponseRedirect(reverse("own-data"))


@needs("dossier.export")
@require_http_methods(["GET", "POST"])
@logged(purpose="oversight", kind="person", about=whom_shown, action=Action.SEARCH)
def find_person(request: Request) -> HttpResponse:
    """Let the privacy officer find somebody who asks for their data."""
    if Scope.ALL not in request.actor.may("dossier.export"):
        raise Http404
    if request.method == "GET":
        return render(request, "privacy/find.html", {"found": None})
    asked = request.POST.get("wie", "").strip()
    known_by = _known_by(asked)
    fault = (
        ""
        if known_by
        else _("Vul een mailadres, telefoonnummer, hele naam of nummer van een persoon in.")
    )
    found = _found(**known_by) if known_by else []
    shows(request, (one.pk for one in found))
    outline = _outline(request, **known_by) if known_by and not found else []
    context = {
        "found": [(one, _others(request, one)) for one in found],
        "outline": outline,
        "asked": asked,
        "fault": fault,
    }
    return render(request, "privacy/find.html", context, status=400 if fault else 200)


@needs("dossier.export")
@require_http_methods(["GET"])
@oversight_logged()
def data_of(request: Request, key: UUID) -> HttpResponse:
    """Show the privacy officer how much there is about a person."""
    return _page(request, _person(request, key), is_own=False)


@needs("dossier.export")
@require_POST
@oversight_logged(action=Action.EXPORT)
def file_of(request: Request, key: UUID, form: str) -> HttpResponseBase:
    """Give all about a person as a file: to a proxy, or to the privacy officer who says why."""
    person, why = _person(request, key), request.POST.get("reden", "")
    try:
        return _file(request, person, form, WhyWhole(why) if why in set(WhyWhole) else None)
    except NeedsReason:
        return _page(request, person, is_own=False, fault=_("Kies een reden."))


def _person(request: Request, key: UUID | None) -> Person:
    rows = Person.objects.select_related("account", "municipality")
    person = rows.filter(pk=key).first() if key else None
    if person is None:
        raise Http404
    return person


def _page(request: Request, person: Person, *, is_own: bool, fault: str = "") -> HttpResponse:
    whole = reads_whole(request.actor, person.pk)
    try:
        shown = (
            _whole(everything_about(person=person, by=request.actor))
            if whole
            else {"outline": outline_of(person=person, by=request.actor), "reasons": WHY.items()}
        )
    except NotAllowed:
        raise Http404 from None
    refused = refused_request(person.pk) if is_own else None
    asked = open_request(person.pk) if is_own else None
    context = {
        "refused": refused,
        "because": BECAUSE[Refusal(refused.refused_because)] if refused else "",
        **shown,
        "fault": fault,
        "made": [(at, WHY[why]) for at, why in files_made(person.pk)] if is_own else [],
        "person": person,
        "may_see_log": not is_own and request.actor.may_all("log.read"),
        "is_own": is_own,
        "may_ask": is_own and Scope.OWN in request.actor.may("retention.request"),
        "asked": asked,
        "waits": waits_for(asked) if asked else [],
    }
    return render(request, "privacy/data.html", context, status=400 if fault else 200)


def _whole(parts: list[Part]) -> dict[str, object]:
    kinds = {kind for part in parts for kind, _cells in part.rows}
    return {"parts": readable_parts(parts), "agreed": "mediation.Agreement" in kinds}


def _file(
    request: Request, person: Person, form: str, because: WhyWhole | None = None
) -> HttpResponseBase:
    """Return all about a person as a file. Raises NeedsReason."""
    if form not in FORMS:
        raise Http404
    try:
        parts = make_file(person=person, form=form, by=request.actor, because=because)
    except NotAllowed:
        raise Http404 from None
    context = {"parts": readable_parts(parts), "day": timezone.localdate()}
    texts = {
        "html": lambda: render_to_string("privacy/data_file.html", context, request),
        "json": lambda: json.dumps(as_data(parts), ensure_ascii=False, indent=2),
    }
    # Whoever makes it, in whichever role: it holds what the person themselves may open.
    themselves = Actor(person.municipality_id, Role.RESIDENT, person=person.pk)
    files = Attachment.objects.visible_to(themselves).filter(question__person=person)
    return download("gegevens", form, texts, files)


def _others(request: Request, person: Person) -> str:
    """Return who looks instead, where somebody may not: it is about who is close to them."""
    if may_export(request.actor, person.pk):
        return ""
    on, code = timezone.localdate(), person.municipality_id
    names = named_in(Role.PRIVACY_OFFICER, code, on=on, about=[person.pk])
    return ", ".join(names) or _("niemand nu; vraag de functioneel beheerder om hulp")


def _known_by(asked: str) -> dict[str, str]:
    """Return by what somebody is looked for, and what; {} where it is none of these."""
    with suppress(ValueError):
        return {"key": str(UUID(asked))}
    with suppress(ValidationError):
        validate_email(asked)
        return {"address": asked}
    if is_phone(asked):
        return {"phone": asked}
    return {"name": " ".join(asked.split())} if len(asked.split()) > 1 else {}


def _found(key: str = "", address: str = "", phone: str = "", name: str = "") -> list[Person]:
    if name:
        wanted = Q(name__iexact=name)
    elif phone:
        pattern = Mentions.of(name="", addresses=(), phone=phone).pattern
        wanted = Q(phone__iregex=pattern)
    elif address:
        wanted = Q(email__iexact=address) | Q(account__email__iexact=address)
    else:
        wanted = Q(pk=key)
    return list(Person.objects.filter(wanted)[:MOST_FOUND])


def _outline(
    request: Request, key: str = "", address: str = "", phone: str = "", name: str = ""
) -> list[Outline]:
    """Return what there is by an address or number that no person has; nothing else names one."""
    if key or name:
        return []
    code = town_of(request).code
    return outline_by(municipality=code, by=request.actor, address=address, phone=phone)
