"""The access log for who oversees privacy: who did what with whose data, and why. No stories."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from omzien.people.logs.looking import lines_about
from omzien.people.logs.models import AccessLine, AccessLines
from omzien.people.logs.reading import note, origin_of
from omzien.people.logs.words import purpose_text, role_name
from omzien.people.models import Organisation, Person
from omzien.people.queries.closing import why_shut
from omzien.people.rules.looking import Action, Result
from omzien.people.rules.processing import ACTIVITIES
from omzien.people.rules.roles import Actor
from omzien.web.days import Day
from omzien.web.doors import needs
from omzien.web.people.closing import CAUSES, SHUT
from omzien.web.request import Request

MOST = 50
ACTIONS = {
    Action.READ: gettext_lazy("bekeek"),
    Action.SEARCH: gettext_lazy("zocht"),
    Action.PRINT: gettext_lazy("drukte af"),
    Action.EXPORT: gettext_lazy("zette in een bestand"),
    Action.SEND: gettext_lazy("gaf door"),
    Action.CREATE: gettext_lazy("schreef op"),
    Action.CHANGE: gettext_lazy("veranderde"),
    Action.REMOVE: gettext_lazy("wiste"),
    Action.MERGE: gettext_lazy("voegde samen"),
    Action.SPLIT: gettext_lazy("haalde uit elkaar"),
    Action.SIGN_IN: gettext_lazy("meldde zich aan"),
    Action.SIGN_OUT: gettext_lazy("meldde zich af"),
}
RESULTS = {
    Result.ALLOWED: "",
    Result.REFUSED: gettext_lazy("geweigerd"),
    Result.FAILED: gettext_lazy("mislukt"),
    Result.BREAK_GLASS: gettext_lazy("in nood"),
}
_NOT_A_KEY = {"invalid": gettext_lazy("Dit is geen nummer van een persoon.")}


class LogForm(forms.Form):
    """Which lines: about whom, by whom, on which day, for what, and before which number."""

    persoon = forms.UUIDField(required=False, error_messages=_NOT_A_KEY)
    wie = forms.UUIDField(required=False, error_messages=_NOT_A_KEY)
    dag = Day(required=False)
    doel = forms.ChoiceField(required=False)
    voor = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        """Offer the processing activities."""
        super().__init__(*arguments, **more)
        offered = [(one.code, _(one.name)) for one in ACTIVITIES]
        self.fields["doel"].choices = offered  # type: ignore[attr-defined]


@needs("log.read")
@require_safe
def log_page(request: Request) -> HttpResponse:
    """Show the access log of the own municipality, newest first; this look is in it too."""
    form = LogForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = list(lines_wanted(request.actor, wanted)[: MOST + 1]) if form.is_valid() else []
    lines = found[:MOST]
    about = {wanted["persoon"]} if wanted.get("persoon") else {one.about for one in lines}
    # The line is on disk before a name is read (NEN 7513: who reads the log stands in the log).
    note(
        request.actor,
        purpose="oversight",
        object=("access-log", ""),
        action=Action.SEARCH if any(wanted.values()) else Action.READ,
        result=Result.ALLOWED,
        about=sorted(one for one in about if one),
        origin=origin_of(request),
    )
    context = {"form": form, "rows": _rows(lines)}
    if len(found) > MOST:
        older = request.GET.copy()
        older["voor"] = str(lines[-1].number)
        context["older"] = older.urlencode()
    response = render(request, "privacy/log.html", context, status=400 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


def lines_wanted(actor: Actor, wanted: dict[str, Any]) -> AccessLines:
    """Return the lines that a filled in `LogForm` asks for, newest first."""
    rows = AccessLine.objects.visible_to(actor).filter(municipality=actor.municipality)
    if wanted["persoon"]:
        rows = rows.filter(pk__in=lines_about(wanted["persoon"]).values("pk"))
    if wanted["wie"]:
        rows = rows.filter(actor=str(wanted["wie"]))
    if wanted["dag"]:
        begin, end = (
            timezone.make_aware(datetime.combine(wanted["dag"] + timedelta(days=days), time.min))
            for days in (0, 1)
        )
        rows = rows.filter(at__gte=begin, at__lt=end)  # and not at__date: that has no index
    if wanted["doel"]:
        rows = rows.filter(purpose=wanted["doel"])
    if wanted["voor"]:
        rows = rows.filter(number__lt=wanted["voor"])
    return rows.order_by("-number")


def _rows(lines: list[AccessLine]) -> list[dict[str, Any]]:
    """Return the lines with names where a key still leads to somebody."""
    keys = {key for line in lines for key in (_key(line.actor), line.about) if key}
    names = dict(Person.objects.filter(pk__in=keys).values_list("pk", "name"))
    places = {str(key): name for key, name in Organisation.objects.values_list("pk", "name")}
    shut = {
        key: SHUT[deed] % {"cause": CAUSES[why]} for key, (deed, why) in why_shut(lines).items()
    }
    return [
        {
            "line": line,
            "cause": shut.get(line.pk, ""),
            "who": names.get(_key(line.actor) or UUID(int=0), ""),
            "actor": _key(line.actor),
            "role": role_name(line.role),
            "organisation": places.get(line.organisation, ""),
            "did": ACTIONS[Action(line.action)],
            "result": RESULTS[Result(line.result)],
            "why": purpose_text(line.purpose),
            "whom": names.get(line.about, "") if line.about else "",
        }
        for line in lines
    ]


def _key(actor: str) -> UUID | None:
    """Return the key of a person; None for a visitor or Omzien itself."""
    try:
        return UUID(actor)
    except ValueError:
        return None
