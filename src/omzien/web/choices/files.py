"""All settings as one file: download it, look at what another one would change, take it over."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from omzien.areas.actions.village_edits import VillageRefused
from omzien.choices.actions import ChangedMeanwhile, Refused, change_everything
from omzien.choices.file import MOST_BYTES, Plan, as_file, plan
from omzien.choices.names import name_of
from omzien.web.choices.villages import said
from omzien.web.doors import needs
from omzien.web.request import Request, town_of


@needs("settings.change")
@require_http_methods(["GET", "POST"])
def file_page(request: Request) -> HttpResponse:
    """Take a file and show what it would change; nothing changes yet."""
    if request.method == "GET":
        return render(request, "choices/file.html")
    uploaded = request.FILES.get("file")
    if uploaded is None:
        return _refused(request, [("", _("Kies eerst een bestand."))])
    # One byte more than a file may have: enough to see that it is too big.
    data = uploaded.read(MOST_BYTES + 1)
    try:
        found = plan(town_of(request), data)
    except Refused as refusal:
        return _refused(request, refusal.wrong)
    return _show(request, found, data.decode("utf-8-sig"))


@needs("settings.change")
@require_POST
def take_over(request: Request) -> HttpResponse:
    """Take over the file that was just looked at: all of it or nothing."""
    town = town_of(request)
    text = request.POST.get("content", "")
    try:
        found = plan(town, text.encode())
        if found.of_other and request.POST.get("other") != "ja":
            return _show(request, found, text, fault=_("Vink aan dat je dit wilt."))
        changed = change_everything(
            municipality=town,
            changes=found.changes,
            villages=found.villages,
            seen=number(request.POST.get("seen", "")),
            by=request.actor,
        )
    except Refused as refusal:
        return _refused(request, refusal.wrong)
    except VillageRefused as refusal:
        return _refused(request, [("", said(refusal))])
    except ChangedMeanwhile:
        fault = _("Intussen is er iets veranderd. Bekijk de verschillen opnieuw.")
        return _show(request, found, text, fault=fault)
    told = _("Het bestand is overgenomen. Het geldt meteen.")
    messages.success(request, told if changed else _("Er is niets veranderd."))
    return HttpResponseRedirect(reverse("settings"))


@needs("settings.change")
@require_safe
def download(request: Request) -> HttpResponse:
    """Give the file."""
    town = town_of(request)
    response = HttpResponse(as_file(town), content_type="application/json; charset=utf-8")
    name = f"omzien-{town.slug}-{timezone.localdate():%Y-%m-%d}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _show(request: Request, found: Plan, text: str, *, fault: str = "") -> HttpResponse:
    context: dict[str, Any] = {"plan": found, "content": text, "fault": fault}
    return render(request, "choices/plan.html", context, status=400 if fault else 200)


def _refused(request: Request, wrong: Any) -> HttpResponse:
    faults = [(name_of(code) if code else "", sentence) for code, sentence in wrong]
    return render(request, "choices/file.html", {"faults": faults}, status=400)


def number(text: str) -> int:
    """Return a version as a form sends it; -1, which none has, for what is no number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
