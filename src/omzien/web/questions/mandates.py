"""Who speaks for the resident of a question: seen by the team, recorded when it is by law."""

import uuid

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from omzien.people.actions.mandates import BY_LAW, Proxy
from omzien.people.models import Mandate, MandateInvitation
from omzien.people.refusals import (
    AlreadyEnded,
    AlreadyHas,
    MoneyOnly,
    NeedsBirthday,
    NeedsChild,
    SpeaksAlone,
    WrongBirthday,
    WrongDates,
    WrongPaper,
)
from omzien.people.refusals import NotAllowed as PeopleNotAllowed
from omzien.people.refusals import Refused as PeopleRefused
from omzien.people.rules.parents import Child
from omzien.questions.actions.mandates import (
    record_legal_mandate,
    suspend_for,
    take_back_legal_mandate,
)
from omzien.questions.models import Question
from omzien.questions.refusals import NotAllowed, NotLive
from omzien.web.days import Day
from omzien.web.doors import needs
from omzien.web.logged import logged, shows, whom_shown
from omzien.web.people.mandate_words import EVIDENCE, KINDS, LEGAL, SCOPES, scopes_text
from omzien.web.people.refused import said
from omzien.web.questions.conversation import about, find
from omzien.web.request import Request, row_of

# The field at which a refusal stands.
FIELDS: dict[type[PeopleRefused], str] = {
    NeedsBirthday: "born_on", SpeaksAlone: "born_on", NeedsChild: "child_agrees",
    WrongBirthday: "born_on", WrongPaper: "evidence", WrongDates: "ends_on", MoneyOnly: "what",
}  # fmt: skip


class LegalForm(forms.Form):
    """Who speaks by law, and which paper was looked at."""

    name = forms.CharField(
        max_length=120, error_messages={"required": gettext_lazy("Vul een naam in.")}
    )
    email = forms.EmailField(
        error_messages={
            "required": gettext_lazy("Vul een mailadres in."),
            "invalid": gettext_lazy("Dit is geen mailadres."),
        }
    )
    kind = forms.ChoiceField(
        choices=[(one, KINDS[one]) for one in LEGAL],
        error_messages={"required": gettext_lazy("Kies wat deze persoon is.")},
    )
    evidence = forms.ChoiceField(
        choices=list(EVIDENCE.items()),
        error_messages={"required": gettext_lazy("Kies welk papier je zag.")},
    )
    what = forms.MultipleChoiceField(
        choices=list(SCOPES.items()),
        error_messages={"required": gettext_lazy("Kies wat deze persoon mag.")},
    )
    born_on = Day(required=False)
    child_agrees = forms.BooleanField(required=False)
    ends_on = Day(required=False)


def _who_speaks(request: Request, key: uuid.UUID) -> list[uuid.UUID]:
    """Return whose question it is, and who speaks for them as far as the page shows it."""
    return [*about(request, key), *whom_shown(request)]


@needs("mandate.record")
@require_http_methods(["GET", "HEAD", "POST"])
@logged(purpose="mandate", kind="question", about=_who_speaks)
def mandates_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Show who speaks for a resident; record who does so by law."""
    question = find(request, key, verb="mandate.record")
    back = HttpResponseRedirect(reverse("question-mandates", args=[key]))
    if "take-back" in request.POST:
        _take_back(request, question)
        return back
    form = LegalForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _recorded(request, question, form):
        return back
    rows = Mandate.objects.filter(resident=question.person_id, revoked_at=None)
    held = list(rows.select_related("proxy"))
    shows(request, (one.proxy_id for one in held))
    today = timezone.localdate()
    invited = MandateInvitation.objects.open(on=today).filter(resident=question.person_id)
    context = {
        "question": question,
        "tab": "mandates",
        "form": form,
        "scopes": SCOPES,
        "rows": [(one, KINDS[one.kind], scopes_text(one.what)) for one in held],
        "invited": [(one, KINDS[one.kind], one.kind in BY_LAW) for one in invited],
        "may_suspend": bool(request.actor.may("mandate.suspend")),
    }
    return render(request, "questions/mandates.html", context, status=400 if form.errors else 200)


@needs("mandate.suspend")
@require_POST
@logged(purpose="mandate", kind="question", about=_who_speaks)
def suspend(request: Request, key: uuid.UUID) -> HttpResponse:
    """Suspend a mandate of this resident, or let it hold again."""
    question = find(request, key, verb="mandate.suspend")
    back = HttpResponseRedirect(reverse("question-mandates", args=[key]))
    given = Mandate.objects.filter(resident=question.person_id)
    row = row_of(given, request.POST.get("mandate"))
    if row is None:
        messages.error(request, _("Deze machtiging is er niet meer."))
        return back
    shows(request, [row.proxy_id])
    is_on = request.POST.get("what") != "resume"
    try:
        suspend_for(
            question=question, mandate=row, is_on=is_on, by=request.actor, now=timezone.now()
        )
    except (NotAllowed, NotLive):
        raise Http404 from None
    except PeopleRefused as refusal:
        messages.error(request, said(refusal))
    else:
        done = _("De machtiging staat stil.") if is_on else _("De machtiging werkt weer.")
        messages.success(request, done)
    return back


def _recorded(request: Request, question: Question, form: LegalForm) -> bool:
    given = form.cleaned_data
    proxy = Proxy(
        name=given["name"],
        email=given["email"],
        what=given["what"],
        ends_on=given["ends_on"],
        child=Child(given["born_on"], given["child_agrees"]) if given["born_on"] else None,
    )
    try:
        asked = record_legal_mandate(
            question=question,
            proxy=proxy,
            kind=Mandate.Kind(given["kind"]),
            evidence=Mandate.Evidence(given["evidence"]),
            by=request.actor,
            now=timezone.now(),
        )
    except (NotAllowed, NotLive):
        raise Http404 from None
    except PeopleRefused as refusal:
        form.add_error(FIELDS.get(type(refusal), "email"), _said(refusal))
        return False
    messages.success(request, _("Vastgelegd. Deze persoon kan zich nu aanmelden en ja zeggen."))
    if asked.ends_on and asked.ends_on != given["ends_on"]:
        day = date_format(asked.ends_on, "j F Y")
        until = _("De machtiging loopt tot en met %(day)s. Daarna wordt het kind 12 of 16 jaar.")
        messages.info(request, until % {"day": day})
    return True


def _said(refusal: PeopleRefused) -> str:
    if isinstance(refusal, AlreadyHas):
        return _("Deze persoon is al gevraagd en heeft nog niet geantwoord. Zie hierboven.")
    return said(refusal)


def _take_back(request: Request, question: Question) -> None:
    """Take back an invitation of this page that was a mistake."""
    asked = MandateInvitation.objects.filter(resident=question.person_id)
    row = row_of(asked, request.POST.get("take-back"))
    try:
        if row is None:
            raise AlreadyEnded
        take_back_legal_mandate(
            question=question, invitation=row, by=request.actor, now=timezone.now()
        )
    except AlreadyEnded:
        messages.info(request, _("Dit is er niet meer: het was al gestopt of beantwoord."))
    except (NotAllowed, NotLive, PeopleNotAllowed):
        raise Http404 from None
    else:
        messages.success(request, _("De vraag aan deze persoon is ingetrokken."))
