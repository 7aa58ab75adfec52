"""Talking about a question with who is involved, or about a problem without a name."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from omzien.handovers.actions.along import decide_for
from omzien.handovers.models import Involvement
from omzien.handovers.refusals import NeedsWords
from omzien.handovers.rules.along import AlongState
from omzien.people.models import Team
from omzien.questions.actions.discussing import (
    Plan,
    call_off_anonymous,
    call_off_discussion,
    decide,
    move_discussion,
    plan_anonymous,
    plan_discussion,
    tell_of_discussion,
)
from omzien.questions.models import Discussion, Question
from omzien.questions.queries.involved import involved_teams
from omzien.questions.refusals import NeedsNextStep, NotAllowed, Refused
from omzien.web.days import Day
from omzien.web.doors import needs
from omzien.web.freshness.forms import Key, Line, Text
from omzien.web.logged import logged, resident_of
from omzien.web.request import Request, the_row
from omzien.web.signals.finding import found
from omzien.web.signals.refused import said

MOST = 50


class MomentForm(forms.Form):
    """When and where."""

    day = Day()
    starts = forms.TimeField(
        input_formats=["%H:%M", "%H.%M"],
        error_messages={
            "required": gettext_lazy("Vul een tijd in."),
            "invalid": gettext_lazy("Vul een tijd in, zoals 10.30."),
        },
    )
    place = Line(most=200)

    def clean(self) -> dict[str, Any]:
        """Refuse a moment that is past."""
        cleaned = super().clean() or {}
        if cleaned.get("day") and cleaned.get("starts") and self.at < timezone.now():
            self.add_error("day", _("Dit moment is al geweest."))
        return cleaned

    @property
    def at(self) -> datetime:
        """Return the moment."""
        moment = datetime.combine(self.cleaned_data["day"], self.cleaned_data["starts"])
        return timezone.make_aware(moment)


class PlanForm(MomentForm):
    """What for, when, where and with whom."""

    purpose = Line(
        most=300, required=True, missing=gettext_lazy("Schrijf op waarvoor het overleg is.")
    )
    key = Key()
    teams = forms.ModelMultipleChoiceField(Team.objects.none(), required=False)
    field_order = ("purpose",)

    def __init__(self, *arguments: Any, teams: Any, **more: Any) -> None:
        """Offer the teams that may take part."""
        super().__init__(*arguments, **more)
        self.fields["teams"].queryset = teams  # type: ignore[attr-defined]

    def plan(self, **more: Any) -> Plan:
        """Return what is planned."""
        data = self.cleaned_data
        return Plan(
            purpose=data["purpose"],
            at=self.at,
            place=data["place"],
            teams=[team.pk for team in data["teams"]],
            key=data["key"],
            **more,
        )


class AboutQuestion(PlanForm):
    """With the resident, or why not."""

    without = forms.BooleanField(required=False)
    not_invited_because = Line(most=300)

    def clean(self) -> dict[str, Any]:
        """Ask why the resident is not there."""
        cleaned = super().clean()
        if cleaned.get("without") and not cleaned.get("not_invited_because"):
            self.add_error("not_invited_because", _("Schrijf op waarom de inwoner er niet bij is."))
        return cleaned


class Anonymous(PlanForm):
    """A problem, without a name."""

    text = Text(most=5000)


@needs("question.work")
@require_http_methods(["GET", "POST"])
@logged(purpose="help", kind="question", about=resident_of)
def discussions_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Show the discussions of a question, and plan one."""
    question = found(Question.objects.visible_to(request.actor, verb="question.work"), key)
    teams = involved_teams(question, at=timezone.now())
    others = Team.objects.filter(pk__in=[team.pk for team in teams[1:]])
    form = AboutQuestion(request.POST or None, teams=others)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        plan = form.plan(
            invite_resident=not data["without"], not_invited_because=data["not_invited_because"]
        )
        try:
            plan_discussion(question=question, plan=plan, by=request.actor, now=timezone.now())
        except NotAllowed:
            raise Http404 from None
        except Refused as refusal:
            form.add_error("purpose", said(refusal))
        else:
            messages.success(request, _("Het overleg staat vast. Wie erbij hoort, krijgt bericht."))
            return HttpResponseRedirect(request.path)
    rows = Discussion.objects.filter(question=question).prefetch_related(
        "teams__team", "decisions__task__team"
    )
    context = {
        "question": question,
        "form": form,
        "others": others,
        "rows": rows.order_by("-at", "pk")[:MOST],
        "tab": "discussions",
        "fresh_key": uuid.uuid4(),
        "joined": list(_joined(question)),
        "now": timezone.now(),
    }
    status = 400 if form.errors else 200
    return render(request, "discussions/discussions.html", context, status=status)


@needs("question.work")
@require_POST
def decide_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Write a decision down as a task of the question that a discussion is about."""
    discussion = _of_own_question(request, key)
    try:
        decided: dict[str, Any] = {
            "discussion": discussion,
            "what": request.POST.get("what", ""),
            "due_on": Day().clean(request.POST.get("due_on", "")),
            "key": Key().clean(request.POST.get("key", "")),
            "by": request.actor,
            "now": timezone.now(),
        }
        if part := request.POST.get("part", ""):
            decide_for(involvement=_part(discussion, part), **decided)
        else:
            decide(**decided)
    except forms.ValidationError as error:
        messages.error(request, error.messages[0])
    except NeedsWords:
        messages.error(request, said(NeedsNextStep()))
    except Refused as refusal:
        messages.error(request, said(refusal))
    else:
        messages.success(request, _("Het besluit staat bij de taken van de vraag."))
    return HttpResponseRedirect(reverse("discussions", args=[discussion.question_id]))


@needs("question.work")
@require_POST
def change_discussion(request: Request, key: uuid.UUID) -> HttpResponse:
    """Move a discussion that is still ahead, or call it off; or write down that the resident knows
    by now of one without them.
    """
    discussion = _of_own_question(request, key)
    form = MomentForm(request.POST)
    by, now = request.actor, timezone.now()
    try:
        if "told" in request.POST:
            tell_of_discussion(discussion=discussion, by=by, now=now)
            messages.success(request, _("Opgeschreven: de inwoner weet dit nu, en leest het ook."))
        elif "off" in request.POST:
            call_off_discussion(discussion=discussion, by=by, now=now)
            messages.success(request, _("Het overleg gaat niet door. Wie erbij hoort, hoort het."))
        elif form.is_valid():
            place = form.cleaned_data["place"]
            move_discussion(discussion=discussion, at=form.at, place=place, by=by, now=now)
            messages.success(request, _("Het overleg is verplaatst. Wie erbij hoort, hoort het."))
        else:
            messages.error(
                request, " ".join(str(one) for all_ in form.errors.values() for one in all_)
            )
    except NotAllowed:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, said(refusal))
    return HttpResponseRedirect(reverse("discussions", args=[discussion.question_id]))


def _joined(question: Question) -> Any:
    """Return the parts of the teams that can get a task of a question."""
    rows = Involvement.objects.filter(question=question, state=AlongState.ALONG)
    return rows.select_related("team").order_by("team__name")


def _part(discussion: Discussion, key: str) -> Involvement:
    """Return the part that a form names, also one that ended since; one of another question is
    not there.
    """
    return the_row(Involvement.objects.filter(question=discussion.question), key)


def _of_own_question(request: Request, key: uuid.UUID) -> Discussion:
    mine = Question.objects.visible_to(request.actor, verb="question.work")
    rows = Discussion.objects.filter(question__in=mine).select_related("question")
    return the_row(rows, key)


@needs("question.work")
@require_http_methods(["GET", "POST"])
@logged(purpose="help", kind="discussion", about=lambda request: _persons(request))
def anonymous_page(request: Request) -> HttpResponse:
    """Show to which discussions the team is invited; plan one without a name, or call it off."""
    key = request.actor.team
    team = Team.objects.filter(pk=key).first() if key else None
    if team is None:
        raise Http404
    if "off" in request.POST:
        return _call_off(request, request.POST["off"])
    teams = Team.objects.live().filter(municipality=request.municipality).exclude(pk=team.pk)
    form = Anonymous(request.POST or None, teams=teams)
    if request.method == "POST" and form.is_valid():
        plan = form.plan(text=form.cleaned_data["text"])
        try:
            plan_anonymous(team=team, plan=plan, by=request.actor, now=timezone.now())
        except Refused as refusal:
            form.add_error("text", said(refusal))
        else:
            messages.success(request, _("Het overleg staat vast. De teams krijgen bericht."))
            return HttpResponseRedirect(request.path)
    rows = _coming(request)[:MOST]
    context = {"form": form, "rows": rows, "teams": teams, "team": team, "now": timezone.now()}
    status = 400 if form.errors else 200
    return render(request, "discussions/anonymous.html", context, status=status)


def _call_off(request: Request, key: str) -> HttpResponse:
    rows = Discussion.objects.visible_to(request.actor).anonymous()
    try:
        row = rows.filter(pk=uuid.UUID(key)).first()
    except ValueError:
        row = None
    if row is None:
        raise Http404
    try:
        call_off_anonymous(discussion=row, by=request.actor, now=timezone.now())
        messages.success(request, _("Het overleg gaat niet door. Wie erbij hoort, hoort het."))
    except NotAllowed:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, said(refusal))
    return HttpResponseRedirect(request.path)


def _coming(request: Request) -> Any:
    day = timezone.now() - timedelta(days=1)
    rows = Discussion.objects.visible_to(request.actor).coming(at=day)
    return (
        rows.select_related("team", "question").prefetch_related("teams__team").order_by("at", "pk")
    )


def _persons(request: Request) -> list[uuid.UUID]:
    persons = _coming(request).values_list("question__person", flat=True)[:MOST]
    return [one for one in persons if one]
