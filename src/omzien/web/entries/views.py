"""One entry: plain facts first; keep it, share it, print it, or say that it is wrong."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from omzien.areas.models import Municipality
from omzien.directory.actions.reports import WRONG, report_wrong
from omzien.directory.models import Service
from omzien.directory.queries.calendars import calendar_of
from omzien.directory.queries.cards import card, cards
from omzien.directory.queries.gone import gone_entry
from omzien.directory.terms import terms_of
from omzien.handovers.queries.receivers import answers_of_organisation
from omzien.handovers.rules.responsiveness import Answers
from omzien.people.limits import too_many
from omzien.people.rules.roles import PUBLIC
from omzien.web.doors import switched
from omzien.web.request import Request, town_of

SHORTLIST = "bewaard"  # the salt of its signature
MOST_KEPT = 50


class ReportForm(forms.Form):
    """What is wrong with an entry."""

    about = forms.ChoiceField(choices=list(WRONG.items()))
    text = forms.CharField(required=False, max_length=2000)


def find(request: Request, slug: str) -> Service:
    """Return the entry that the visitor may see, or answer 404."""
    if request.municipality is None:
        raise Http404
    found = Service.objects.visible_to(PUBLIC).with_details().filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


@require_safe
def entry(request: Request, slug: str) -> HttpResponse:
    """Show one entry; of one that left the directory, say so (410) and show a way on."""
    try:
        service = find(request, slug)
    except Http404:
        gone = gone_entry(slug)
        if gone is None:
            raise
        return render(request, "entries/gone.html", {"gone": gone}, status=410)
    now = timezone.localtime()
    context = _context(service, now) | {"is_kept": slug in kept(request), "wrong": WRONG}
    context["answers"] = _answers(service, request, now)
    if request.actor.may("directory.approve") and service.municipality_id:
        context["may_edit"] = service.municipality_id == request.actor.municipality
    return render(request, "entries/entry.html", context)


def _answers(service: Service, request: Request, now: datetime) -> Answers | None:
    """Return how the organisation behind an entry answers when a team asks it to help."""
    whose = service.provider.organisation_id
    if whose is None or request.municipality is None:
        return None
    return answers_of_organisation(whose, request.municipality.pk, now=now)


def _context(service: Service, now: datetime) -> dict[str, Any]:
    return {
        "service": service,
        "card": card(service, now=now),
        "places": [p for p in service.places.all() if not p.is_hidden],
        "has_hidden_place": any(p.is_hidden for p in service.places.all()),
        "phones": service.phones.all(),
    }


@require_safe
def entry_calendar(request: Request, slug: str) -> HttpResponse:
    """Give the times of an entry to the visitor's own calendar (RFC 5545)."""
    service = find(request, slug)
    events = ((service, one) for one in service.schedules.all())
    text = calendar_of(events, name=service.title, origin=_origin(request))
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}.ics"'
    return response


@require_http_methods(["GET", "POST"])
def report_entry(request: Request, slug: str) -> HttpResponse:
    """Take "klopt dit niet?": it goes to the owner and to the editors, with a clock."""
    service = find(request, slug)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if too_many(request, "report", per_hour=10):
            messages.warning(request, _("Je hebt al veel gemeld. Probeer het later weer."))
        else:
            town = town_of(request)
            report_wrong(
                municipality=town,
                service=service,
                on=timezone.localdate(),
                **form.cleaned_data,
            )
            messages.success(request, _thanks(service, town))
        return HttpResponseRedirect(reverse("entry", args=[slug]))
    status = 400 if request.method == "POST" else 200
    context = {"service": service, "form": form, "wrong": WRONG}
    return render(request, "entries/report.html", context, status=status)


def _thanks(service: Service, municipality: Municipality) -> str:
    if municipality.pk != service.municipality_id or not service.owner_email:
        days = terms_of(municipality.pk).report_working_days
        return ngettext(
            "Dank je wel. De redactie krijgt bericht en kijkt er binnen %(days)s werkdag naar.",
            "Dank je wel. De redactie krijgt bericht en kijkt er binnen %(days)s werkdagen naar.",
            days,
        ) % {"days": days}
    return _("Dank je wel. De eigenaar en de redactie krijgen bericht.")


@switched("shortlist")
@require_POST
def keep(request: Request, slug: str) -> HttpResponse:
    """Put an entry on the visitor's own list, or take it off; no account needed."""
    service = find(request, slug)
    now_kept = kept(request)
    if service.slug in now_kept:
        now_kept.remove(service.slug)
        messages.success(request, _("Van je lijst gehaald."))
    else:
        now_kept = [service.slug, *now_kept][:MOST_KEPT]
        messages.success(request, _("Op je lijst gezet. Je vindt hem terug onder Bewaard."))
    response = HttpResponseRedirect(reverse("entry", args=[slug]))
    response.set_cookie(
        settings.SHORTLIST_COOKIE_NAME,
        signing.dumps(now_kept, salt=SHORTLIST),
        max_age=60 * 60 * 24 * 90,
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
    )
    return response


@switched("shortlist")
@require_safe
@never_cache
def shortlist(request: Request) -> HttpResponse:
    """Show what the visitor kept on this device."""
    if request.municipality is None:
        raise Http404
    slugs = kept(request)
    ids = dict(Service.objects.visible_to(PUBLIC).filter(slug__in=slugs).values_list("slug", "pk"))
    ordered = [str(ids[slug]) for slug in slugs if slug in ids]
    shown = cards(ordered, actor=PUBLIC, now=timezone.localtime())
    gone = len(slugs) - len(shown)
    return render(request, "entries/shortlist.html", {"cards": shown, "gone": gone})


def kept(request: Request) -> list[str]:
    """Return the web addresses on the visitor's list; a forged or old cookie counts as empty."""
    try:
        found = signing.loads(
            request.COOKIES.get(settings.SHORTLIST_COOKIE_NAME, ""), salt=SHORTLIST
        )
    except signing.BadSignature:
        return []
    return [str(slug) for slug in found] if isinstance(found, list) else []


def _origin(request: Request) -> str:
    return f"{request.scheme}://{request.get_host()}"
