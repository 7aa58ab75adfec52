"""What the editors do. Each button is one action; what somebody else did first is said."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from omzien.directory.actions.edits import (
    AlreadyThere,
    ChangedMeanwhile,
    NoReason,
    add_entry,
    approve_edit,
    edit_entry,
    reject_edit,
    values_of,
)
from omzien.directory.actions.freshness import NotPublic, confirm, put_back, take_off
from omzien.directory.actions.receivers import CHECKS as ABOUT_ENTRIES
from omzien.directory.actions.reports import WRONG, AlreadySettled, NotOurs, settle_report
from omzien.directory.models import Edit, Report, Service
from omzien.directory.queries.editors import MOST, queue
from omzien.kernel.text import one_line
from omzien.messages.actions import try_again
from omzien.messages.queries import failed_mail
from omzien.web.doors import needs
from omzien.web.editors.forms import EditorForm, NewEntryForm, Together, shown, together
from omzien.web.request import Request, the_row, town_of

OUTCOMES = {
    Report.Outcome.CHANGED: gettext_lazy("Aangepast"),
    Report.Outcome.CORRECT: gettext_lazy("Het klopt toch"),
    Report.Outcome.PASSED_ON: gettext_lazy("Doorgegeven"),
    Report.Outcome.REMOVED: gettext_lazy("Aanbod van de site halen"),
}
MOST_MAILS = 50


@dataclass(frozen=True)
class Fault:
    """What is missing of the answer to one report or change: where in the page, and what."""

    at: str
    key: object
    said: str


@needs("directory.approve")
@require_safe
def queue_page(request: Request) -> HttpResponse:
    """Show what waits."""
    return _queue(request)


def _queue(request: Request, *, fault: Fault | None = None) -> HttpResponse:
    """Show what waits, and what is missing of an answer, if anything."""
    context = {
        "fault": fault,
        "queue": queue(town_of(request), on=timezone.localdate()),
        "wrong": WRONG,
        "outcomes": OUTCOMES,
        "failed": failed_mail(ABOUT_ENTRIES)[:MOST_MAILS],
    }
    return render(request, "editors/queue.html", context, status=400 if fault else 200)


@needs("directory.approve")
@require_POST
def settle(request: Request, key: uuid.UUID) -> HttpResponse:
    """Close a report; taking the entry off the site asks once more."""
    reports = Report.objects.filter(municipality=request.municipality)
    report = the_row(reports.select_related("service"), key)
    outcome = request.POST.get("outcome", "")
    if outcome not in Report.Outcome.values:
        said = _("Kies eerst wat er met de melding is gedaan.")
        return _queue(request, fault=Fault("uitkomst", report.pk, said))
    ours = report.service.municipality_id is not None
    if outcome == Report.Outcome.REMOVED and ours and "sure" not in request.POST:
        context = {"service": report.service, "action": request.path, "outcome": outcome}
        return render(request, "editors/take_off.html", context)
    try:
        settle_report(report=report, outcome=outcome, on=timezone.localdate(), by=request.actor.key)
        messages.success(request, _("De melding is afgehandeld. De eigenaar krijgt bericht."))
    except AlreadySettled:
        messages.warning(request, _("Deze melding was al afgehandeld."))
    except NotOurs:
        messages.warning(
            request, _("Dit is landelijk of regionaal aanbod. Dat kun je hier niet weghalen.")
        )
    return _back("meldingen")


@needs("directory.approve")
@require_POST
def approve(request: Request, key: uuid.UUID) -> HttpResponse:
    """Put a proposed change on the site."""
    edit = the_row(Edit.objects.filter(municipality=request.municipality), key)
    try:
        done = approve_edit(edit=edit, by=request.actor.key, on=timezone.localdate())
        if done.says_stopped:
            said = _("Het staat niet meer op de site. De eigenaar krijgt bericht.")
        else:
            said = _("De wijziging staat op de site. De eigenaar krijgt bericht.")
        messages.success(request, said)
    except AlreadySettled:
        messages.warning(request, _("Deze wijziging is al behandeld, of er kwam een nieuwere."))
    return _back("wijzigingen")


@needs("directory.approve")
@require_POST
def reject(request: Request, key: uuid.UUID) -> HttpResponse:
    """Turn down a proposed change, or let stay what would stop, with a reason."""
    edit = the_row(Edit.objects.filter(municipality=request.municipality), key)
    try:
        reject_edit(edit=edit, reason=request.POST.get("reason", ""), by=request.actor.key)
        if edit.says_stopped:
            said = _("Het blijft op de site staan. De eigenaar leest je reden.")
        else:
            said = _("De wijziging is afgewezen. De eigenaar leest je reden.")
        messages.success(request, said)
    except AlreadySettled:
        messages.warning(request, _("Deze wijziging is al behandeld, of er kwam een nieuwere."))
    except NoReason:
        if edit.says_stopped:
            said = _("Schrijf eerst waarom het blijft staan.")
        else:
            said = _("Schrijf eerst waarom je de wijziging afwijst.")
        return _queue(request, fault=Fault("reden", edit.pk, said))
    return _back("wijzigingen")


@needs("directory.approve")
@require_POST
def confirm_entry(request: Request, key: uuid.UUID) -> HttpResponse:
    """Note that an editor checked an entry, for instance by calling."""
    service = _entry(request, key)
    what = "all" if request.POST.get("what") == "all" else "contacts"
    try:
        confirm(service=service, what=what, on=timezone.localdate(), by=request.actor.key)
        messages.success(request, _("Genoteerd: vandaag gecontroleerd."))
    except NotPublic:
        messages.warning(request, _("Dit aanbod is van de site gehaald."))
    return _back("aandacht")


@needs("directory.approve")
@require_safe
def entries_page(request: Request) -> HttpResponse:
    """Show all entries, also those off the site, by a part of their name or of their provider's."""
    wanted = one_line(request.GET.get("zoek", ""), 100)
    rows = Service.objects.visible_to(request.actor).filter(municipality=town_of(request))
    if wanted:
        rows = rows.filter(Q(title__icontains=wanted) | Q(provider__name__icontains=wanted))
    pages = Paginator(rows.select_related("provider").order_by("sort_title", "pk"), MOST)
    page = pages.get_page(request.GET.get("pagina"))
    return render(request, "editors/entries.html", {"page": page, "wanted": wanted})


@needs("directory.approve")
@require_http_methods(["GET", "POST"])
def edit_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Let an editor change an entry at once, and say who its owner is."""
    service = _entry(request, key)
    form = EditorForm(
        request.POST or None,
        initial=shown(service, values_of(service)),
        municipality=town_of(request),
    )
    meanwhile: Together | None = None
    if "more" in request.POST:
        form = form.with_another_place()
    elif request.method == "POST" and form.is_valid():
        try:
            return _saved(request, service, form)
        except ChangedMeanwhile:
            meanwhile = together(form, service)
            form = meanwhile.form
    context = {
        "service": service,
        "form": form,
        "waiting": service.edits.filter(state=Edit.State.WAITING).first(),
        "meanwhile": meanwhile,
        "is_suggested": "topics" in service.extra.get("suggested", ()),
    }
    is_wrong = meanwhile or (form.is_bound and not form.is_valid())
    return render(request, "editors/change.html", context, status=400 if is_wrong else 200)


def _saved(request: Request, service: Service, form: EditorForm) -> HttpResponse:
    edit_entry(
        service=service,
        changes=form.changes,
        by=request.actor.key,
        seen=form.cleaned_data["seen"],
    )
    if service.is_public:
        messages.success(request, _("De wijziging staat op de site."))
    else:
        messages.success(request, _("Opgeslagen. Dit aanbod staat niet op de site."))
    return HttpResponseRedirect(reverse("editor-change", args=[service.pk]))


@needs("directory.approve")
@require_http_methods(["GET", "POST"])
def new_page(request: Request) -> HttpResponse:
    """Let an editor put a new entry on the site."""
    town = town_of(request)
    form = NewEntryForm(request.POST or None, municipality=town)
    context: dict[str, Any] = {}
    if "more" in request.POST:
        form = form.with_another_place()
    elif request.method == "POST" and form.is_valid():
        try:
            service = add_entry(
                municipality=town,
                provider=form.cleaned_data["provider"],
                kind=form.cleaned_data["kind"],
                changes=form.changes,
                by=request.actor.key,
                on=timezone.localdate(),
            )
        except AlreadyThere as there:
            form.add_error("title", _("Deze aanbieder heeft al aanbod dat zo heet."))
            context["there"] = there.service
        else:
            messages.success(request, _("Het staat op de site."))
            return HttpResponseRedirect(reverse("editor-change", args=[service.pk]))
    context["form"] = form
    is_wrong = form.is_bound and not form.is_valid()
    return render(request, "editors/new.html", context, status=400 if is_wrong else 200)


@needs("directory.approve")
@require_http_methods(["GET", "POST"])
def take_off_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Ask whether an entry must go off the site; the button does it."""
    service = _entry(request, key)
    if request.method == "POST":
        take_off(service=service, on=timezone.localdate(), by=request.actor.key)
        messages.success(request, _("Het staat niet meer op de site. De eigenaar krijgt bericht."))
        return HttpResponseRedirect(reverse("editor-change", args=[key]))
    context = {"service": service, "action": request.path}
    return render(request, "editors/take_off.html", context)


@needs("directory.approve")
@require_POST
def put_entry_back(request: Request, key: uuid.UUID) -> HttpResponse:
    """Put an entry on the site again."""
    put_back(service=_entry(request, key), on=timezone.localdate(), by=request.actor.key)
    messages.success(request, _("Het staat weer op de site. De eigenaar krijgt bericht."))
    return HttpResponseRedirect(reverse("editor-change", args=[key]))


@needs("directory.approve")
@require_POST
def mail_again(request: Request, key: uuid.UUID) -> HttpResponse:
    """Send a mail that did not arrive once more."""
    try_again(message=the_row(failed_mail(ABOUT_ENTRIES), key))
    messages.success(request, _("De mail gaat opnieuw de deur uit."))
    return _back("mail")


def _entry(request: Request, key: uuid.UUID) -> Service:
    own = Service.objects.visible_to(request.actor).filter(municipality=request.municipality)
    service: Service = the_row(own.with_details(), key)
    return service


def _back(part: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('editors')}#{part}")
