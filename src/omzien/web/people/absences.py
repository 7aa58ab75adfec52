"""Being away, and who takes over."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from omzien.people.actions.memberships import (
    be_away,
    be_back,
    may_record_absence,
    name_cover,
)
from omzien.people.models import Absence, Membership
from omzien.people.refusals import AlreadyAway, CoverIsAway, Refused, WrongDates
from omzien.people.rules.roles import Actor, Role, Scope, is_noticed, may_cover
from omzien.web.days import Day
from omzien.web.doors import needs
from omzien.web.logged import logged
from omzien.web.people.refused import said
from omzien.web.request import Request, the_row
from omzien.web.today.roles import ROLE_NAMES

# At which field a refusal is said.
AT: dict[type[Refused], str] = {
    WrongDates: "last_on",
    AlreadyAway: "first_on",
    CoverIsAway: "cover",
}


def _named(membership: Membership) -> str:
    return f"{membership.person.name}, {ROLE_NAMES[Role(membership.role)]}"


class AbsenceForm(forms.Form):
    """Who is away, from when until when, and who takes over."""

    membership = forms.ModelChoiceField(
        Membership.objects.none(), error_messages={"required": gettext_lazy("Kies wie afwezig is.")}
    )
    first_on = Day(missing=gettext_lazy("Vul de eerste dag in."))
    last_on = Day(missing=gettext_lazy("Vul de laatste dag in."))
    cover = forms.ModelChoiceField(Membership.objects.none(), required=False)

    def __init__(self, *arguments: Any, actor: Actor, **more: Any) -> None:
        """Offer the roles for which this actor may record absence."""
        super().__init__(*arguments, **more)
        theirs, covers = _theirs(actor)
        self.fields["membership"].queryset = theirs  # type: ignore[attr-defined]
        self.fields["cover"].queryset = covers  # type: ignore[attr-defined]
        for name in ("membership", "cover"):
            self.fields[name].label_from_instance = _named  # type: ignore[attr-defined]


class CoverForm(forms.Form):
    """Who takes over from somebody who was away without anybody."""

    prefix = "later"
    absence = forms.ModelChoiceField(
        Absence.objects.none(), error_messages={"required": gettext_lazy("Kies wie afwezig is.")}
    )
    cover = forms.ModelChoiceField(
        Membership.objects.none(), error_messages={"required": gettext_lazy("Kies wie vervangt.")}
    )

    def __init__(self, *arguments: Any, actor: Actor, **more: Any) -> None:
        """Offer the absences without anybody to take over that this actor may record."""
        super().__init__(*arguments, **more)
        theirs, covers = _theirs(actor)
        alone = Absence.objects.visible_to(actor).filter(
            membership__in=theirs, cover=None, last_on__gte=timezone.localdate()
        )
        absences: Any = self.fields["absence"]
        absences.queryset = alone.select_related("membership__person")
        absences.label_from_instance = _away_when
        cover: Any = self.fields["cover"]
        cover.queryset, cover.label_from_instance = covers, _named


def _theirs(actor: Actor) -> tuple[QuerySet[Membership], QuerySet[Membership]]:
    """Return the roles for which `actor` may record absence, and those that can take over."""
    live = Membership.objects.visible_to(actor).live(on=timezone.localdate())
    live = live.select_related("person").order_by("person__name", "pk")
    reach = actor.may("absence.record")
    theirs = live if reach & {Scope.ALL, Scope.TEAM} else live.filter(person=actor.person)
    theirs = theirs.filter(role__in=[one for one in Role if is_noticed(one)])
    roles = {one for one in Role for row in theirs if may_cover(Role(row.role), one)}
    return theirs, live.at_work(on=timezone.localdate()).filter(role__in=roles)


def _away_when(absence: Absence) -> str:
    days = (date_format(one, "j F") for one in (absence.first_on, absence.last_on))
    return f"{absence.membership.person.name}, {' – '.join(days)}"


def _everybody(request: Request) -> list[uuid.UUID]:
    roles, covers = _theirs(request.actor)
    away = _coming(request.actor)
    return [
        *roles.values_list("person", flat=True),
        *covers.values_list("person", flat=True),
        *(
            key
            for row in away.values_list("membership__person", "cover__person")
            for key in row
            if key
        ),
    ]


def _coming(actor: Actor) -> QuerySet[Absence]:
    return Absence.objects.visible_to(actor).filter(last_on__gte=timezone.localdate())


@needs("absence.record")
@require_http_methods(["GET", "POST"])
@logged(purpose="account", kind="absence", about=_everybody)
def absences_page(request: Request) -> HttpResponse:
    """Show who is away now and later, and take a new absence, or who takes over after all."""
    is_later = "later-absence" in request.POST
    form = AbsenceForm(None if is_later else request.POST or None, actor=request.actor)
    later = CoverForm(request.POST if is_later else None, actor=request.actor)
    if is_later and later.is_valid():
        try:
            name_cover(by=request.actor, **later.cleaned_data)
        except Refused as refusal:
            later.add_error("cover", said(refusal))
        else:
            messages.success(request, _("De vervanger is bewaard."))
            return HttpResponseRedirect(reverse("absences"))
    if form.is_bound and form.is_valid():
        try:
            be_away(by=request.actor, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(AT.get(type(refusal), "membership"), said(refusal))
        else:
            messages.success(request, _("De afwezigheid is bewaard."))
            return HttpResponseRedirect(reverse("absences"))
    rows = _coming(request.actor).select_related("membership__person", "cover__person")
    context = {
        "form": form,
        "later": later,
        "wrong": later if is_later else form,
        "rows": [
            (
                one,
                ROLE_NAMES[Role(one.membership.role)],
                may_record_absence(request.actor, one.membership),
            )
            for one in rows
        ],
    }
    status = 400 if form.errors or later.errors else 200
    return render(request, "people/absences.html", context, status=status)


@needs("absence.record")
@require_POST
def back(request: Request, key: uuid.UUID) -> HttpResponse:
    """Take an absence back."""
    absence = the_row(Absence.objects.visible_to(request.actor), key)
    try:
        be_back(absence=absence, by=request.actor)
    except Refused:
        raise Http404 from None
    messages.success(request, _("De afwezigheid is weggehaald."))
    return HttpResponseRedirect(reverse("absences"))
