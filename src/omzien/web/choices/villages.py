"""The villages: how they are called, also in the past, and which buurten belong to them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from omzien.areas.actions.village_edits import (
    NameTaken,
    NoName,
    NothingLeft,
    SameVillage,
    TwoHomes,
    UnknownBuurt,
    UnknownVillage,
    VillageRefused,
)
from omzien.areas.queries import villages_of
from omzien.areas.queries.results import VillageInfo
from omzien.choices.actions import VillageInUse, change_village, remove_village
from omzien.choices.queries import buurten_for, homeless_buurten
from omzien.kernel.text import clean
from omzien.web.doors import needs
from omzien.web.freshness.forms import Line, Text
from omzien.web.request import Request, town_of

MOST_NAMES, LONGEST_NAME = 20, 80
SAID: dict[type[VillageRefused], Any] = {
    NoName: gettext_lazy("Vul een naam met letters in."),
    NameTaken: gettext_lazy("Een ander dorp heet of heette ook zo."),
    NothingLeft: gettext_lazy(
        "Het dorp %(about)s houdt dan geen buurt over. Elk dorp heeft minstens één buurt."
    ),
    UnknownBuurt: gettext_lazy("De buurt %(about)s hoort niet bij deze gemeente."),
    UnknownVillage: gettext_lazy("Kies een dorp uit de lijst."),
    SameVillage: gettext_lazy("Kies een ander dorp. De buurten moeten ergens heen."),
    TwoHomes: gettext_lazy("De buurt %(about)s staat bij twee dorpen."),
}
USES = {
    "question": gettext_lazy("Vragen die nog lopen"),
    "ended": gettext_lazy("Aantal eerdere vragen"),
    "team": gettext_lazy("Teams die hier werken"),
    "route": gettext_lazy("Regels over wie een vraag krijgt"),
    "role": gettext_lazy("Aantal mensen met een rol in dit dorp"),
    "entry": gettext_lazy("Aanbod in dit dorp"),
}


def said(refusal: VillageRefused) -> str:
    """Return the sentence for a refusal."""
    return str(SAID[type(refusal)]) % {"about": clean(refusal.about)[:80]}


class VillageForm(forms.Form):
    """One village."""

    name = Line(most=LONGEST_NAME, required=True, missing=gettext_lazy("Vul de naam in."))
    also_called = Text(most=2_000)

    def clean_also_called(self) -> list[str]:
        """Return the names, one per line."""
        text: str = self.cleaned_data["also_called"]
        names = [" ".join(row.split()) for row in text.splitlines() if row.strip()]
        if len(names) > MOST_NAMES or any(len(name) > LONGEST_NAME for name in names):
            raise forms.ValidationError(
                _("Vul hooguit %(most)s namen in, elk van hooguit %(long)s letters.")
                % {"most": MOST_NAMES, "long": LONGEST_NAME}
            )
        return names


@needs("settings.change")
@require_safe
def villages_page(request: Request) -> HttpResponse:
    """List the villages, and the buurten that belong to none."""
    town = town_of(request)
    context = {
        "villages": villages_of(town),
        "homeless": homeless_buurten(town),
    }
    return render(request, "choices/villages.html", context)


@needs("settings.change")
@require_http_methods(["GET", "POST"])
def village_page(request: Request, slug: str) -> HttpResponse:
    """Change one village."""
    village = _village(request, slug)
    form = VillageForm(request.POST or None, initial=_initial(village))
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_village(
                municipality=town_of(request),
                slug=slug,
                buurt_codes=[clean(code)[:10] for code in request.POST.getlist("buurten")],
                by=request.actor,
                **form.cleaned_data,
            )
        except VillageRefused as refusal:
            form.add_error(
                "name" if isinstance(refusal, NoName | NameTaken) else None, said(refusal)
            )
        else:
            told = _("Bewaard. Het geldt meteen.") if changed else _("Er is niets veranderd.")
            messages.success(request, told)
            return HttpResponseRedirect(reverse("villages"))
    return _show(request, village, form)


def _initial(village: VillageInfo) -> dict[str, str]:
    return {"name": village.name, "also_called": "\n".join(village.also_called)}


def _show(
    request: Request, village: VillageInfo, form: VillageForm, fault: str = ""
) -> HttpResponse:
    """Show a village; `fault` says why it cannot be taken away."""
    town = town_of(request)
    chosen = set(request.POST.getlist("buurten")) if form.errors else set(village.buurt_codes)
    context = {
        "fault": fault,
        "form": form,
        "village": village,
        "buurten": buurten_for(town, village),
        "chosen": chosen,
        "others": [one for one in villages_of(town) if one.slug != village.slug],
    }
    return render(
        request, "choices/village.html", context, status=400 if fault or form.errors else 200
    )


@needs("settings.change")
@require_POST
def remove(request: Request, slug: str) -> HttpResponse:
    """Take a village away; what still belongs to it is shown, and then it stays."""
    village = _village(request, slug)
    into = clean(request.POST.get("into", ""))[:80]
    try:
        remove_village(municipality=town_of(request), slug=slug, into=into, by=request.actor)
    except VillageInUse as refusal:
        uses = [(USES[kind], names) for kind, names in refusal.what]
        context = {"village": village, "uses": uses}
        return render(request, "choices/village_in_use.html", context, status=409)
    except VillageRefused as refusal:
        return _show(request, village, VillageForm(initial=_initial(village)), said(refusal))
    messages.success(request, _("Het dorp is weg. Zijn buurten zijn verhuisd."))
    return HttpResponseRedirect(reverse("villages"))


def _village(request: Request, slug: str) -> VillageInfo:
    for village in villages_of(town_of(request)):
        if village.slug == slug:
            return village
    raise Http404
