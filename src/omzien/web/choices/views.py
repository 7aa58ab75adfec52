"""The start page of the settings, the page of a group, and what changed lately."""

import re
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from omzien.areas.actions.village_edits import VillageRefused
from omzien.areas.models import Municipality, SettingVersion
from omzien.choices.actions import ChangedMeanwhile, Refused, change_settings, checked, put_back
from omzien.choices.kinds import show
from omzien.choices.mails import MAILS, PLACES, example
from omzien.choices.mails import SECTIONS as OF_MAILS
from omzien.choices.queries import changes_of, history, homeless_buurten
from omzien.choices.table import SECTIONS, Group, groups, mail_of, of_group, settings
from omzien.messages.mails import Letter
from omzien.people.models import Person
from omzien.web.choices.files import number
from omzien.web.choices.forms import GroupForm
from omzien.web.choices.villages import said as said_of_village
from omzien.web.doors import needs
from omzien.web.logged import logged, shows, whom_shown
from omzien.web.request import Request, town_of
from omzien.web.today.roles import ROLE_NAMES

MOST_VERSIONS = 2**31 - 1
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@needs("settings.change")
@require_safe
def start_page(request: Request) -> HttpResponse:
    """List the groups, with how much of each the municipality chose itself; mails are folded."""
    town = town_of(request)
    own = set(town.settings)
    sections = []
    for name, found in groupby(groups().values(), key=lambda group: group.section):
        rows = [(group, _chosen(group, own)) for group in found]
        count = sum(chosen for _group, chosen in rows)
        sections.append((SECTIONS[name], name in OF_MAILS, rows, count))
    context = {"sections": sections, "homeless": homeless_buurten(town)}
    return render(request, "choices/start.html", context)


def _chosen(group: Group, own: set[str]) -> int:
    return sum(one.code in own for one in of_group(group.code))


@needs("settings.change")
@require_http_methods(["GET", "POST"])
def group_page(request: Request, code: str) -> HttpResponse:
    """Show the settings of a group and change them; a mail can be looked at first."""
    town = town_of(request)
    group = _group(code)
    form = GroupForm(request.POST or None, group=code, municipality=town)
    wants_preview = "preview" in request.POST
    preview = None
    if request.method == "POST" and form.is_valid():
        if wants_preview:
            preview = _preview(group, form, town)
        elif _save(request, form):
            return HttpResponseRedirect(reverse("settings-group", args=[code]))
    context = {
        "form": form,
        "group": group,
        "preview": preview,
        "places": _places(group),
        "is_own": _chosen(group, set(town.settings)) > 0,
        "can_reset": _can_reset(group),
    }
    return render(request, "choices/group.html", context, status=400 if form.errors else 200)


def _save(request: Request, form: GroupForm) -> bool:
    town = town_of(request)
    try:
        changed = change_settings(municipality=town, raw=form.raw(), by=request.actor)
    except Refused as refusal:
        form.refuse(refusal)
        return False
    said = _("Bewaard. Het geldt meteen.") if changed else _("Er is niets veranderd.")
    empty = [code for code, text in form.raw().items() if not text.strip()]
    if any(_ships(code, town) for code in empty):
        said += " " + _("Wat je leeg liet, is zoals Omzien het levert.")
    messages.success(request, said)
    return True


@needs("settings.change")
@require_POST
def reset(request: Request, code: str) -> HttpResponse:
    """Take back what the municipality chose in a group: what Omzien ships holds again."""
    if not _can_reset(_group(code)):
        raise Http404
    nothing = {one.code: "" for one in of_group(code)}
    change_settings(municipality=town_of(request), raw=nothing, by=request.actor, how="reset")
    messages.success(request, _("Het is weer zoals Omzien het levert."))
    return HttpResponseRedirect(reverse("settings-group", args=[code]))


@needs("settings.change")
@require_safe
@logged(purpose="account", kind="settings", about=whom_shown)
def history_page(request: Request) -> HttpResponse:
    """Show what changed: when, by whom in which role, which settings, and from what to what."""
    changes = list(history(town_of(request)))
    keys = {one.by for one in changes if KEY.fullmatch(one.by)}  # a machine has no name
    people = Person.objects.visible_to(request.actor).filter(pk__in=keys).in_bulk()
    shows(request, people)
    names = {str(key): one.name for key, one in people.items()}
    rows = [(one, names.get(one.by, ""), ROLE_NAMES.get(one.role, "")) for one in changes]
    return render(request, "choices/history.html", {"rows": rows})


@needs("settings.change")
@require_http_methods(["GET", "HEAD", "POST"])
def change_page(request: Request, version: int) -> HttpResponse:
    """Show all that changed at once, in full, and put one setting back to what it was before."""
    if version > MOST_VERSIONS:
        raise Http404
    if request.method == "POST":
        return _put_back(request, version)
    return _change(request, version)


def _change(request: Request, version: int, fault: tuple[str, str] | None = None) -> HttpResponse:
    """Show a change; `fault` says which part of it cannot be put back, and why."""
    town = town_of(request)
    found = changes_of(town, version)
    if not found:
        raise Http404
    context = {
        "changes": found,
        "first": found[0],
        "fault": fault,
        "seen": town.settings_version,
    }
    return render(request, "choices/change.html", context, status=400 if fault else 200)


def _put_back(request: Request, version: int) -> HttpResponse:
    code = request.POST.get("code", "")
    try:
        changed = put_back(
            municipality=town_of(request),
            version=version,
            code=code,
            by=request.actor,
            seen=number(request.POST["seen"]) if "seen" in request.POST else None,
        )
    except ChangedMeanwhile:
        return _change(
            request, version, (code, _("Intussen is er iets veranderd. Kijk wat er nu staat."))
        )
    except (SettingVersion.DoesNotExist, KeyError):
        raise Http404 from None
    except Refused as refusal:
        why = " ".join(str(sentence) for _code, sentence in refusal.wrong)
        return _change(request, version, (code, _("Dit kan nu niet zo. %(why)s") % {"why": why}))
    except VillageRefused as refusal:
        why = said_of_village(refusal)
        return _change(request, version, (code, _("Dit kan nu niet zo. %(why)s") % {"why": why}))
    said = _("Het is weer zoals het was. Het geldt meteen.") if changed else _("Het stond al zo.")
    messages.success(request, said)
    return HttpResponseRedirect(reverse("settings-history"))


def _group(code: str) -> Group:
    if code not in groups():
        raise Http404
    return groups()[code]


def _ships(code: str, municipality: Municipality) -> bool:
    """Tell whether Omzien has a text or value of its own for a setting."""
    setting = settings()[code]
    return bool(show(setting.kind, setting.standard(municipality)).strip())


def _can_reset(group: Group) -> bool:
    return bool(mail_of(group)) or group.code == "uiterlijk"


def _places(group: Group) -> list[tuple[str, Any, bool]]:
    code = mail_of(group)
    if not code:
        return []
    mail = MAILS[code]
    return [(f"{{{one}}}", PLACES[one].meaning, one in mail.needed) for one in mail.places]


def _preview(group: Group, form: GroupForm, municipality: Municipality) -> Letter | None:
    """Return the mail as it would be; None, with the reasons in the form, where it cannot be."""
    code, raw = mail_of(group), form.raw()
    if not code:
        return None
    try:
        checked(municipality, raw)
    except Refused as refusal:
        form.refuse(refusal)
        return None
    return example(code, raw[f"mail.{code}.subject"], raw[f"mail.{code}.body"], municipality)
