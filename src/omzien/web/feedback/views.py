"""Keeps an opinion about a page and brings the visitor back to it."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from omzien.agenda.actions import rate_page
from omzien.people.limits import too_many
from omzien.web.doors import switched
from omzien.web.request import Request, is_here, town_of


class FeedbackForm(forms.Form):
    """A score from 1 to 5, and maybe a remark."""

    page = forms.CharField(max_length=200)
    score = forms.IntegerField(min_value=1, max_value=5)
    remark = forms.CharField(required=False, max_length=2000)


@switched("feedback")
@require_POST
def feedback(request: Request) -> HttpResponse:
    """Keep the opinion; say thanks, or say what is missing."""
    town = town_of(request)
    form = FeedbackForm(request.POST)
    if too_many(request, "feedback", per_hour=30):
        messages.warning(request, _("Je hebt al vaak je mening gegeven. Probeer het later weer."))
    elif not form.is_valid():
        messages.error(request, _("Kies eerst hoe tevreden je bent. Daarna kun je versturen."))
    else:
        rate_page(municipality=town, **form.cleaned_data)
        messages.success(request, _("Dank je wel voor je mening."))
    back = request.POST.get("page", "/")
    if back == "/antwoord" or not is_here(back):
        back = "/"
    return HttpResponseRedirect(back)
