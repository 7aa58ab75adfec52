"""The rules that lead a question to a team, in order, and where a question goes now."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from omzien.areas.models import Municipality, Village
from omzien.directory.language.topics import all_topics
from omzien.people.models import Team
from omzien.questions.actions.routes import add_route, move_route, remove_route
from omzien.questions.models import RoutingRule
from omzien.questions.queries.routing import destinations, read_teams, route_changes, working_rules
from omzien.questions.refusals import HalfASpan, NobodyReads, NotAWorkingTeam, Refused
from omzien.web.doors import needs
from omzien.web.freshness.forms import Key
from omzien.web.request import Request, town_of

DAYS = {
    1: gettext_lazy("maandag"),
    2: gettext_lazy("dinsdag"),
    3: gettext_lazy("woensdag"),
    4: gettext_lazy("donderdag"),
    5: gettext_lazy("vrijdag"),
    6: gettext_lazy("zaterdag"),
    7: gettext_lazy("zondag"),
}
SAID = {
    HalfASpan: gettext_lazy("Vul twee verschillende tijden in, of geen van beide."),
    NotAWorkingTeam: gettext_lazy("Dit team werkt niet meer. Kies een ander team."),
    NobodyReads: gettext_lazy(
        "Bij dit team werkt niemand die de vragen leest. Kies een ander team."
    ),
}
_TIME = gettext_lazy("Vul een tijd in, zoals 17:00.")


@dataclass(frozen=True)
class Shown:
    """One rule in words."""

    key: UUID
    position: int
    team: Team
    villages: tuple[str, ...]
    topics: tuple[str, ...]
    days: tuple[str, ...]
    hours: str
    counts: bool


class RouteForm(forms.Form):
    """A new rule; what is left empty fits everything."""

    team = forms.ModelChoiceField(
        Team.objects.none(), error_messages={"required": gettext_lazy("Kies een team.")}
    )
    villages = forms.ModelMultipleChoiceField(Village.objects.none(), required=False)
    topics = forms.MultipleChoiceField(required=False)
    days = forms.TypedMultipleChoiceField(choices=list(DAYS.items()), coerce=int, required=False)
    starts = forms.TimeField(required=False, error_messages={"invalid": _TIME})
    ends = forms.TimeField(required=False, error_messages={"invalid": _TIME})
    key = Key()

    def __init__(self, *arguments: Any, municipality: Municipality, **more: Any) -> None:
        """Offer the teams and villages of this municipality."""
        super().__init__(*arguments, **more)
        self.fields["team"].queryset = read_teams(municipality)  # type: ignore[attr-defined]
        self.fields["villages"].queryset = municipality.villages.order_by("name")  # type: ignore[attr-defined]
        self.fields["topics"].choices = [(one, one) for one in all_topics()]  # type: ignore[attr-defined]


@needs("rules.apply")
@require_safe
def routes_page(request: Request) -> HttpResponse:
    """Show the rules, and for every village where a question goes now."""
    town = town_of(request)
    rules = shown_rules(request)
    now = timezone.now()
    context = {
        "rules": rules,
        "last": rules[-1].position if rules else 0,
        "now": now,
        "changes": [{"change": one} for one in route_changes(town.pk, now=now)],
        "may_organise": bool(request.actor.may("organisation.manage")),
        "destinations": destinations(town, at=now),
    }
    return render(request, "routing/routes.html", context)


@needs("rules.apply")
@require_http_methods(["GET", "POST"])
def new_route(request: Request) -> HttpResponse:
    """Add a rule after the others."""
    town = town_of(request)
    form = RouteForm(request.POST or None, municipality=town)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        wanted["villages"] = [village.pk for village in wanted["villages"]]
        try:
            add_route(municipality=town, by=request.actor, **wanted)
        except Refused as refusal:
            field = "starts" if isinstance(refusal, HalfASpan) else "team"
            form.add_error(field, str(SAID[type(refusal)]))
        else:
            messages.success(request, _("De regel staat onderaan. Schuif hem zo nodig omhoog."))
            return HttpResponseRedirect(reverse("routes"))
    context = {"form": form, "days": DAYS}
    return render(request, "routing/new.html", context, status=400 if form.errors else 200)


@needs("rules.apply")
@require_POST
def move(request: Request, key: UUID) -> HttpResponse:
    """Move a rule one place up or down."""
    try:
        is_moved = move_route(
            municipality=town_of(request), key=key, up=request.POST.get("way") != "down",
            was=_number(request.POST.get("was", "")), by=request.actor,
        )  # fmt: skip
    except RoutingRule.DoesNotExist:
        raise Http404 from None
    told = _("De volgorde is veranderd.") if is_moved else _("De volgorde is gelijk gebleven.")
    messages.success(request, told)
    return HttpResponseRedirect(reverse("routes"))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None


@needs("rules.apply")
@require_POST
def remove(request: Request, key: UUID) -> HttpResponse:
    """Take a rule away."""
    try:
        remove_route(municipality=town_of(request), key=key, by=request.actor)
    except RoutingRule.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("De regel is weg."))
    return HttpResponseRedirect(reverse("routes"))


def shown_rules(request: Request) -> list[Shown]:
    """Return the rules in words, in their order."""
    town = town_of(request)
    names = dict(town.villages.values_list("pk", "name"))
    rules = RoutingRule.objects.visible_to(request.actor).select_related("team")
    counting = {one.pk for one in working_rules(town)}
    return [
        Shown(
            one.pk,
            one.position,
            one.team,
            tuple(names[key] for key in one.villages if key in names),
            tuple(one.topics),
            tuple(str(DAYS[day]) for day in one.days),
            f"{one.starts:%H:%M}–{one.ends:%H:%M}" if one.starts and one.ends else "",
            one.pk in counting,
        )
        for one in rules.filter(municipality=town).order_by("position")
    ]
