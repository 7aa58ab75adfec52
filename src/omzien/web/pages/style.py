"""The style guide: every component once, with what it looks like when something is wrong."""

from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from omzien.directory.models import Service
from omzien.directory.queries.cards import cards
from omzien.people.rules.roles import PUBLIC
from omzien.web.answers.forms import AskForm
from omzien.web.request import Request

WAYS = {"call": _("Bellen"), "mail": _("Mailen")}


class Sample(forms.Form):
    """One field of each kind."""

    prefix = "voorbeeld"

    line = forms.CharField()
    story = forms.CharField(required=False)
    choice = forms.ChoiceField(choices=list(WAYS.items()), required=False)
    option = forms.ChoiceField(choices=list(WAYS.items()), required=False, label=_("Keuze"))
    one_of = forms.ChoiceField(choices=list(WAYS.items()), required=False)
    many_of = forms.MultipleChoiceField(choices=list(WAYS.items()), required=False)
    checks = forms.MultipleChoiceField(choices=list(WAYS.items()), required=False)
    tick = forms.BooleanField(required=False)


@dataclass(frozen=True)
class Clock:
    """What has to be done by a day."""

    due_on: date
    days_left: int


@require_safe
def style_guide(request: Request) -> HttpResponse:
    """Show every component."""
    now = timezone.localtime()
    first = (
        Service.objects.visible_to(PUBLIC).order_by("sort_title", "pk").values_list("pk", flat=True)
    )
    days = (-1, 0, 2)
    context = {
        "form": AskForm(),
        "sample": Sample({"voorbeeld-checks": ["call"]}),
        "cards": cards([str(key) for key in first[:1]], actor=PUBLIC, now=now),
        "clocks": [Clock(now.date() + timedelta(days=one), one) for one in days],
        "ways": WAYS,
        "reports": [(_("Dagen of tijden"), "")],
    }
    return render(request, "pages/style_guide.html", context)
