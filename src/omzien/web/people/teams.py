"""Teams and organisations, kept by the functional manager."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from omzien.areas.models import Municipality, Village
from omzien.directory.actions.providers import tie_provider, untie_provider
from omzien.directory.duplicates import are_named_alike, bare_name
from omzien.directory.models import Provider, Service
from omzien.handovers.actions.organisations import end_organisation
from omzien.handovers.actions.teams import archive_team, change_team, form_team
from omzien.kernel.text import fold
from omzien.people.actions.teams import (
    found_organisation,
    rename_organisation,
    reopen_organisation,
)
from omzien.people.models import Organisation, Team
from omzien.people.queries.connectors import without_connector
from omzien.people.queries.organisations import working_elsewhere
from omzien.people.refusals import OrganisationWorks, Refused
from omzien.people.rules.roles import PUBLIC
from omzien.questions.queries.routing import (
    destinations,
    read_teams,
    teams_all_away,
    teams_without_reader,
)
from omzien.questions.refusals import TeamOwnsWork
from omzien.web.doors import needs
from omzien.web.freshness.forms import Line
from omzien.web.people.refused import said
from omzien.web.request import Request, the_row, town_of

KINDS = {
    Organisation.Kind.PARTNER: gettext_lazy("partner"),
    Organisation.Kind.ASSOCIATION: gettext_lazy("vereniging"),
    Organisation.Kind.COMPANY: gettext_lazy("bedrijf"),
    Organisation.Kind.INFORMAL: gettext_lazy("groep bewoners of initiatief"),
    Organisation.Kind.MUNICIPALITY: gettext_lazy("gemeente"),
}


# What keeps a team or an organisation from ending.
WORK = {
    "role": gettext_lazy("Mensen met een rol voor deze organisatie"),
    "team": gettext_lazy("Teams van deze organisatie"),
    "question": gettext_lazy("Vragen van inwoners"),
    "handover": gettext_lazy("Overdrachten die nog lopen, van deze vragen"),
    "along": gettext_lazy("Vragen van een ander team waaraan wordt meegewerkt"),
    "advice": gettext_lazy("Vragen van een ander team waarover advies is gevraagd"),
    "wait": gettext_lazy("Vragen van een ander team die op een plek wachten, sinds"),
    "route": gettext_lazy("Regels die naar dit team wijzen"),
    "signal": gettext_lazy("Zorgen om iemand, gemeld op"),
    "untold": gettext_lazy("Zorgen waarvan de inwoner nog niet weet, gemeld op"),
    "early-signal": gettext_lazy("Vroege signalen, met een gesprek uiterlijk op"),
    "mediation": gettext_lazy("Zaken van buurtbemiddeling"),
    "objection": gettext_lazy("Wie het niet eens is, bij deze vragen"),
    "duty": gettext_lazy("Dienst voor wat acuut is"),
    "entry": gettext_lazy("Aanbod op de site"),
}


class TeamForm(forms.Form):
    """The name, the villages and the contact data of a team."""

    name = Line(most=120, required=True, missing=gettext_lazy("Vul de naam van het team in."))
    organisation = forms.ModelChoiceField(Organisation.objects.live(), required=False)
    villages = forms.ModelMultipleChoiceField(Village.objects.none(), required=False)
    phone = Line(most=40)
    email = forms.EmailField(
        required=False, error_messages={"invalid": gettext_lazy("Dit is geen mailadres.")}
    )

    def __init__(self, *arguments: Any, municipality: Municipality, **more: Any) -> None:
        """Offer the villages of this municipality."""
        super().__init__(*arguments, **more)
        self.fields["villages"].queryset = municipality.villages.order_by("name")  # type: ignore[attr-defined]


class NameForm(forms.Form):
    """What an organisation is called."""

    name = Line(most=120, required=True, missing=gettext_lazy("Vul de naam in."))


class TieForm(forms.Form):
    """Which provider of the social map an organisation is."""

    prefix = "tie"
    provider = forms.ModelChoiceField(
        Provider.objects.none(), error_messages={"required": gettext_lazy("Kies een aanbieder.")}
    )

    def __init__(self, *arguments: Any, organisation: Organisation, town: str, **more: Any) -> None:
        """Offer the providers of this municipality that are no organisation yet; the one that is
        called alike is chosen already.
        """
        super().__init__(*arguments, **more)
        free = _providers(town, None)
        field: Any = self.fields["provider"]
        field.queryset = free.order_by("sort_name", "pk")
        alike = [one for one in field.queryset if are_named_alike(one.name, organisation.name)]
        # Of two that are alike nobody can say beforehand which is meant.
        same = [one for one in alike if fold(one.name) == fold(organisation.name)] or alike
        field.initial = same[0] if len(same) == 1 else None


class OrganisationForm(NameForm):
    """A new partner."""

    kind = forms.ChoiceField(
        choices=list(KINDS.items()), error_messages={"required": gettext_lazy("Kies een soort.")}
    )


@needs("organisation.manage")
@require_safe
def teams_page(request: Request) -> HttpResponse:
    """Show the teams, and the villages without a connector."""
    town = town_of(request)
    villages = dict(town.villages.values_list("pk", "name"))
    teams = Team.objects.visible_to(request.actor).live().select_related("organisation")
    context = {
        "teams": [
            (team, [villages[key] for key in team.villages if key in villages]) for team in teams
        ],
        "unread": teams_without_reader(town.code, on=timezone.localdate()),
        "all_away": teams_all_away(town.code, on=timezone.localdate()),
        "without": without_connector(town.code, on=timezone.localdate()),
    }
    return render(request, "people/teams.html", context)


@needs("organisation.manage")
@require_http_methods(["GET", "POST"])
def team_page(request: Request, key: uuid.UUID | None = None) -> HttpResponse:
    """Form a team, or change one."""
    team = _team(request, key) if key else None
    form = TeamForm(request.POST or None, initial=_initial(team), municipality=town_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            saved, moved = _save(request, team, form.cleaned_data)
        except Refused as refusal:
            form.add_error("name", said(refusal))
        else:
            messages.success(request, _("Het team is bewaard."))
            _say_where(request, saved, moved)
            return HttpResponseRedirect(reverse("teams"))
    context = {"form": form, "team": team}
    return render(request, "people/team.html", context, status=400 if form.errors else 200)


@needs("organisation.manage")
@require_POST
def archive(request: Request, key: uuid.UUID) -> HttpResponse:
    """Let a team end; what it still owns is shown, and then it stays."""
    team = _team(request, key)
    try:
        archive_team(team=team, by=request.actor)
    except TeamOwnsWork as refusal:
        context = {"team": team, "work": _by_kind(refusal.what)}
        return render(request, "people/team_in_use.html", context, status=409)
    except Refused as refusal:
        messages.error(request, said(refusal))
    else:
        messages.success(request, _("Het team is opgeheven."))
    return HttpResponseRedirect(reverse("teams"))


@needs("organisation.manage")
@require_http_methods(["GET", "POST"])
def organisations_page(request: Request) -> HttpResponse:
    """Show the organisations, and take a new one."""
    town = town_of(request)
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found_organisation(municipality=town.code, by=request.actor, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("name", said(refusal))
        else:
            messages.success(request, _("De organisatie is toegevoegd."))
            return HttpResponseRedirect(reverse("organisations"))
    alike = _untied_alike(town.pk)
    rows = [
        (
            one,
            KINDS[Organisation.Kind(one.kind)],
            None if one.as_municipality_id or one.ended_at else alike.get(one.pk),
        )
        for one in Organisation.objects.all()
    ]
    status = 400 if form.errors else 200
    return render(request, "people/organisations.html", {"form": form, "rows": rows}, status=status)


@needs("organisation.manage")
@require_http_methods(["GET", "POST"])
def organisation_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Say which entries are an organisation's, and give it another name; from here it ends too, or
    is chosen again. What works in other municipalities too keeps its name and does not end.
    """
    town = town_of(request)
    organisation = _organisation(request, key, works_elsewhere=True)
    ties = "tie" in request.POST
    if "untie" in request.POST:
        return _untied(request, organisation)
    tie = TieForm(request.POST if ties else None, organisation=organisation, town=town.pk)
    if ties and tie.is_valid() and _tied(request, organisation, tie):
        return HttpResponseRedirect(reverse("organisation", args=[key]))
    form = NameForm(None if ties else request.POST or None, initial={"name": organisation.name})
    if form.is_bound and form.is_valid():
        try:
            rename_organisation(
                organisation=organisation,
                municipality=town,
                by=request.actor,
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error("name", said(refusal))
        else:
            messages.success(request, _("De organisatie heet nu anders."))
            return HttpResponseRedirect(reverse("organisations"))
    providers = _providers(town.pk, organisation)
    context = {
        "form": form,
        "organisation": organisation,
        "tie": tie,
        "providers": providers,
        "works_elsewhere": organisation.pk in working_elsewhere(town),
    }
    status = 400 if form.errors or tie.errors else 200
    return render(request, "people/organisation.html", context, status=status)


def _untied_alike(town: str) -> dict[uuid.UUID, Provider]:
    """Return the provider that may be an organisation by its name, of those without a provider."""
    tied = Provider.objects.filter(municipality=town).exclude(organisation=None)
    taken = set(tied.values_list("organisation", flat=True))
    free = {bare_name(one.name): one for one in _providers(town, None)}
    return {
        one.pk: free[bare_name(one.name)]
        for one in Organisation.objects.all()
        if one.pk not in taken and bare_name(one.name) in free
    }


def _providers(town: str, organisation: Organisation | None) -> QuerySet[Provider]:
    """Return the providers of a municipality (CBS code) that are an organisation; for None those
    that are none yet, as far as the site shows them.
    """
    found = Provider.objects.filter(municipality=town, organisation=organisation)
    if organisation is not None:
        return found
    return found.filter(pk__in=Service.objects.visible_to(PUBLIC).order_by().values("provider"))


def _tied(request: Request, organisation: Organisation, form: TieForm) -> bool:
    provider = form.cleaned_data["provider"]
    try:
        tie_provider(provider=provider, organisation=organisation, by=request.actor)
    except Refused as refusal:
        form.add_error("provider", said(refusal))
        return False
    messages.success(request, _("Het aanbod van %(name)s hoort nu hierbij.") % {"name": provider})
    return True


def _untied(request: Request, organisation: Organisation) -> HttpResponse:
    try:
        wanted = uuid.UUID(request.POST["untie"])
    except ValueError:
        raise Http404 from None
    provider = _providers(town_of(request).pk, organisation).filter(pk=wanted).first()
    if provider is not None:
        untie_provider(provider=provider, by=request.actor)
    messages.success(request, _("Dat aanbod hoort niet meer bij deze organisatie."))
    return HttpResponseRedirect(reverse("organisation", args=[organisation.pk]))


@needs("organisation.manage")
@require_POST
def end(request: Request, key: uuid.UUID) -> HttpResponse:
    """Let an organisation end; what it still has is shown, and then it stays."""
    organisation = _organisation(request, key)
    try:
        end_organisation(organisation=organisation, municipality=town_of(request), by=request.actor)
    except OrganisationWorks as refusal:
        context = {"organisation": organisation, "work": _by_kind(refusal.what)}
        return render(request, "people/organisation_in_use.html", context, status=409)
    except Refused as refusal:
        messages.error(request, said(refusal))
    else:
        messages.success(request, _("De organisatie is opgeheven. Niemand kan haar nog kiezen."))
    return HttpResponseRedirect(reverse("organisations"))


@needs("organisation.manage")
@require_POST
def reopen(request: Request, key: uuid.UUID) -> HttpResponse:
    """Let an organisation that ended be chosen again."""
    organisation = _organisation(request, key)
    reopen_organisation(organisation=organisation, municipality=town_of(request), by=request.actor)
    messages.success(request, _("De organisatie is weer te kiezen."))
    return HttpResponseRedirect(reverse("organisations"))


def _organisation(
    request: Request, key: uuid.UUID, *, works_elsewhere: bool = False
) -> Organisation:
    """Return an organisation that is no municipality; only with `works_elsewhere` one that does."""
    organisation = Organisation.objects.filter(pk=key, as_municipality=None).first()
    if organisation is None:
        raise Http404
    if not works_elsewhere and organisation.pk in working_elsewhere(town_of(request)):
        raise Http404
    return organisation


def _by_kind(what: Iterable[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """Return per kind of work what it is, each once."""
    found: dict[str, dict[str, None]] = {kind: {} for kind in WORK}
    for kind, name in what:
        found[kind][name] = None
    return [(str(WORK[kind]), list(names)) for kind, names in found.items() if names]


def _team(request: Request, key: uuid.UUID) -> Team:
    return the_row(Team.objects.visible_to(request.actor).live(), key)


def _initial(team: Team | None) -> dict[str, Any]:
    if team is None:
        return {}
    return {
        "name": team.name,
        "villages": team.villages,
        "phone": team.phone,
        "email": team.email,
    }


def _say_where(request: Request, team: Team, villages: Iterable[str]) -> None:
    """Say where the questions go of villages that came to a team or left it, and that they do not
    come to a team that nobody reads.
    """
    town = town_of(request)
    found = destinations(town, at=timezone.now()) if villages else None
    read = set(read_teams(town)) if found else set()
    if found and team.villages and team not in read:
        said = _(
            "Bij %(team)s werkt nog niemand die vragen leest. Geef daar iemand een rol: zolang "
            "gaan nieuwe vragen naar een ander team."
        )
        messages.warning(request, said % {"team": team.name})
    for one in found or []:
        if one.village not in villages:
            continue
        names = {"village": one.village, "team": one.team.name}
        if one.team in read:
            said = _("Nieuwe vragen uit %(village)s gaan nu naar %(team)s.")
            messages.success(request, said % names)
        else:
            said = _(
                "Nieuwe vragen uit %(village)s gaan nu naar %(team)s. Daar werkt niemand die ze "
                "leest. Geef daar iemand een rol, of kies een ander team voor dit dorp."
            )
            messages.warning(request, said % names)


def _save(request: Request, team: Team | None, wanted: dict[str, Any]) -> tuple[Team, set[str]]:
    """Form or change a team; return it, and the names of the villages that came or went."""
    before = set(team.villages) if team else set()
    named = {village.pk: village.name for village in wanted["villages"]}
    town = town_of(request)
    if gone := before - set(named):
        rows = town.villages.filter(pk__in=gone)
        named |= dict(rows.values_list("pk", "name"))
    organisation = wanted.pop("organisation")
    wanted["villages"] = [village.pk for village in wanted["villages"]]
    if team:
        saved = change_team(team=team, by=request.actor, **wanted)
        is_area = team.organisation_id is None
    else:
        saved = form_team(
            municipality=town, organisation=organisation, by=request.actor,
            **wanted,
        )  # fmt: skip
        is_area = organisation is None
    moved = before ^ set(wanted["villages"]) if is_area else set()
    return saved, {name for key, name in named.items() if key in moved}
