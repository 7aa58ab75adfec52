"""The emergency button, and looking over afterwards who pressed it."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from omzien.people.limits import too_many
from omzien.people.logs.reading import note, origin_of
from omzien.people.rules.looking import Action, Result
from omzien.people.rules.processing import CONFIDENTIAL
from omzien.questions.actions.emergency import (
    break_glass,
    review_emergency,
    still_to_tell,
    tell_now,
)
from omzien.questions.models import BreakGlass, Question
from omzien.questions.refusals import AlreadyReads, NotAllowed, Refused, WrongState
from omzien.questions.rules.references import as_reference
from omzien.web.doors import needs
from omzien.web.freshness.forms import Line
from omzien.web.logged import logged, resident_of, shows, whom_shown
from omzien.web.request import Request, the_row
from omzien.web.signals.finding import stale
from omzien.web.signals.refused import said

MOST = 100
PRESSES_PER_HOUR = 20  # each may be in an emergency; more is a search


class EmergencyForm(forms.Form):
    """Which question, why now, and whether telling the resident would be dangerous."""

    reference = Line(
        most=20, required=True, missing=gettext_lazy("Vul het kenmerk van de vraag in.")
    )
    reason = Line(
        most=500, required=True, missing=gettext_lazy("Schrijf op waarom je nu moet lezen.")
    )
    is_dangerous = forms.BooleanField(required=False)
    danger = Line(most=300)

    def clean(self) -> dict[str, object]:
        """Ask why, where telling is said to be dangerous."""
        cleaned = super().clean() or {}
        if cleaned.get("is_dangerous") and not cleaned.get("danger"):
            self.add_error("danger", _("Schrijf op waarom vertellen gevaarlijk is."))
        return cleaned


@needs("story.emergency")
@require_http_methods(["GET", "POST"])
def break_glass_page(request: Request) -> HttpResponse:
    """Open a question of another team for four hours."""
    form = EmergencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if too_many(request, "emergency", per_hour=PRESSES_PER_HOUR, by=request.actor.person):
            return render(request, "429.html", status=429)
        try:
            return HttpResponseRedirect(
                reverse("question", args=[_open(request, form.cleaned_data)])
            )
        except AlreadyReads as known:
            return redirect("question", key=known.key)
        except NotAllowed:
            _note_refusal(request, form.cleaned_data["reference"])
            form.add_error("reference", _("Er is geen lopende vraag met dit kenmerk."))
        except Refused as refusal:
            form.add_error("reason", said(refusal))
    context = {"form": form}
    return render(request, "signals/break_glass.html", context, status=400 if form.errors else 200)


def _open(request: Request, wanted: dict[str, str]) -> UUID:
    """Press the button; the line in the log is on disk before anything can be read."""
    danger = wanted["danger"] if wanted["is_dangerous"] else ""
    row = break_glass(
        reference=wanted["reference"],
        reason=wanted["reason"],
        danger=danger,
        by=request.actor,
        now=timezone.now(),
    )
    note(
        request.actor,
        purpose=row.activity,
        object=("question", row.question_id),
        action=Action.READ,
        about=resident_of(request, row.question_id),
        origin=origin_of(request),
        result=Result.BREAK_GLASS,
    )
    messages.warning(request, _("Je leest mee tot over vier uur. De coördinator weet ervan."))
    return row.question_id


def _note_refusal(request: Request, reference: str) -> None:
    """Log a try that opened nothing: whoever tries one number after another looks for somebody."""
    rows = Question.objects.filter(reference=as_reference(reference))
    found = rows.values_list("pk", flat=True).first()
    note(
        request.actor,
        purpose="help",
        object=("question", found or ""),
        about=resident_of(request, found) if found else [],
        origin=origin_of(request),
        result=Result.REFUSED,
    )


@needs("emergency.review")
@require_safe
@logged(purpose="oversight", kind="emergency", about=whom_shown)
def emergencies_page(request: Request) -> HttpResponse:
    """List who read in an emergency, without a word of the story; what waits stands first."""
    return _reviews(request)


def _reviews(request: Request, failed: UUID | None = None, fault: str = "") -> HttpResponse:
    """Show the list; `failed` is what could not be kept as it was typed, with why."""
    rows = BreakGlass.objects.visible_to(request.actor).select_related(
        "question__team", "membership__person", "membership__team"
    )
    waiting = list(rows.to_review().order_by("review_by", "pk")[:MOST])
    done = list(rows.exclude(reviewed_at=None).order_by("-reviewed_at", "pk")[:20])
    for one in (*waiting, *done):
        # Whom it is dangerous to tell would read of it in this line.
        whose = None if one.activity in CONFIDENTIAL else one.question.person_id
        shows(request, (one.membership.person_id, whose))
    untold = list(rows.untold().order_by("reviewed_at", "pk")[:MOST])
    for one in untold:
        shows(request, [one.membership.person_id])
    typed = (request.POST.get("right", ""), request.POST.get("words", ""), fault)
    context = {
        "waiting": [(one, *(typed if one.pk == failed else ("", "", ""))) for one in waiting],
        "to_tell": still_to_tell(one.question_id for one in waiting),
        "failed": failed,
        "done": done,
        "untold": untold,
        "today": timezone.localdate(),
    }
    status = 400 if failed else 200
    return render(request, "signals/emergencies.html", context, status=status)


@needs("emergency.review")
@require_POST
@logged(purpose="oversight", kind="emergency", about=whom_shown)
def review_page(request: Request, key: UUID) -> HttpResponse:
    """Take the judgement of who looks an emergency reading over."""
    reading = the_row(BreakGlass.objects.visible_to(request.actor), key)
    if "tell-now" in request.POST:
        return _told(request, reading)
    if request.POST.get("right") not in ("ja", "nee"):
        return _reviews(request, key, _("Kies of het terecht was."))
    try:
        review_emergency(
            reading=reading,
            was_right=request.POST.get("right") == "ja",
            words=request.POST.get("words", ""),
            tell=bool(request.POST.get("tell")),
            by=request.actor,
            now=timezone.now(),
        )
    except WrongState:
        happened = _("Een ander keek deze noodinzage net na.")
        back = reverse("emergency-readings")
        return stale(request, request.POST.get("words", ""), back, happened=happened)
    except Refused as refusal:
        return _reviews(request, key, said(refusal))
    messages.success(request, _("De noodinzage is nagekeken."))
    return HttpResponseRedirect(reverse("emergency-readings"))


def _told(request: Request, reading: BreakGlass) -> HttpResponse:
    """Tell the resident after all of a reading that was looked over before."""
    try:
        tell_now(reading=reading, by=request.actor, now=timezone.now())
    except WrongState:
        messages.info(request, _("De inwoner weet dit al."))
    except Refused as refusal:
        messages.error(request, said(refusal))
    else:
        messages.success(request, _("De inwoner krijgt nu bericht, of het team vertelt het."))
    return HttpResponseRedirect(reverse("emergency-readings"))
