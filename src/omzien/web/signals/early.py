"""Early signals of partners: a file comes in, a conversation is offered."""

import io
import tempfile
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from omzien.areas.models import Municipality, Village
from omzien.kernel.cells import Rows
from omzien.questions.actions.early import (
    COLUMNS,
    Taken,
    accept_talk,
    end_talk,
    offer_talk,
    take_early_signals,
)
from omzien.questions.models import EarlySignal
from omzien.questions.refusals import NotAllowed, Refused
from omzien.questions.rules.signals import EarlyEnd, EarlyKind
from omzien.web.doors import needs
from omzien.web.logged import logged
from omzien.web.request import Request, the_row, town_of
from omzien.web.signals.refused import said
from omzien.web.signals.worries import ContactForm

KINDS = {
    EarlyKind.RENT: gettext_lazy("huur"),
    EarlyKind.ENERGY: gettext_lazy("energie"),
    EarlyKind.WATER: gettext_lazy("water"),
    EarlyKind.CARE: gettext_lazy("zorgverzekering"),
}
AMOUNTS = {
    "to-250": gettext_lazy("minder dan € 250"),
    "to-500": gettext_lazy("€ 250 tot € 500"),
    "to-1000": gettext_lazy("€ 500 tot € 1.000"),
    "to-2500": gettext_lazy("€ 1.000 tot € 2.500"),
    "over-2500": gettext_lazy("meer dan € 2.500"),
}
EXAMPLE = ("Woonstichting Voorbeeld", "huur", "Kerkstraat 1", "Schijndel", "640,50", "3-11-2026",
           "17-11-2026", "J. Voorbeeld", "06 12 34 56 78")  # fmt: skip
MOST = 100
MOST_BYTES = 2 * 1024 * 1024


@needs("early.work")
@require_http_methods(["GET", "POST"])
@logged(purpose="early-debt", kind="early-signal", about=lambda request: ())
def early_page(request: Request) -> HttpResponse:
    """List to whom a conversation must be offered, and take a file of a partner."""
    taken, fault = Taken(), ""
    if request.method == "POST":
        upload = request.FILES.get("bestand")
        fault = _fault(upload)
        if isinstance(upload, UploadedFile) and not fault:
            taken = _take(request, upload)
            if not taken.faults:
                messages.success(request, _told(taken))
                return HttpResponseRedirect(reverse("early-signals"))
    rows = EarlySignal.objects.visible_to(request.actor).order_by("offer_by", "pk")
    context = {
        "rows": [(one, KINDS[EarlyKind(one.kind)], AMOUNTS[one.amount]) for one in rows[:MOST]],
        "taken": taken,
        "fault": fault,
        "today": timezone.localdate(),
    }
    failed = fault or taken.faults
    return render(request, "signals/early_signals.html", context, status=400 if failed else 200)


def _fault(upload: object) -> str:
    if not isinstance(upload, UploadedFile) or not upload.name:
        return _("Kies een bestand.")
    if Path(upload.name).suffix.casefold() not in (".csv", ".xlsx"):
        return _("De naam van het bestand eindigt op .csv of .xlsx.")
    if (upload.size or 0) > MOST_BYTES:
        return _("Dit bestand is te groot. Het mag 2 MB zijn.")
    return "" if upload.size else _("Dit bestand is leeg.")


def _take(request: Request, upload: "UploadedFile[bytes]") -> Taken:
    """Read the file from a place of its own, which is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{Path(str(upload.name)).suffix.casefold()}"
        path.write_bytes(upload.read())
        return take_early_signals(
            municipality=town_of(request), path=path, by=request.actor, now=timezone.now()
        )


def _told(taken: Taken) -> str:
    text = ngettext("Er is %(n)d signaal bij.", "Er zijn %(n)d signalen bij.", taken.added)
    known = ngettext("%(n)d was er al.", "%(n)d waren er al.", taken.known)
    parts = [text % {"n": taken.added}, *([known % {"n": taken.known}] if taken.known else [])]
    if taken.elsewhere:
        told = _("Een deel ging naar het team van het dorp: %(teams)s.")
        parts.append(told % {"teams": ", ".join(taken.elsewhere)})
    return " ".join(parts)


@needs("early.work")
@require_safe
def template(request: Request) -> HttpResponse:
    """Give an example file that partners fill in."""
    stream = io.StringIO()
    rows = Rows(stream)
    rows.row(COLUMNS)
    rows.row(EXAMPLE)
    response = HttpResponse("\ufeff" + stream.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="vroegsignalen.csv"'
    return response


@needs("early.work")
@require_http_methods(["GET", "POST"])
@logged(purpose="early-debt", kind="early-signal", about=lambda request, key: ())
def early_signal_page(request: Request, key: UUID) -> HttpResponse:
    """Show one early signal, and take how the conversation went."""
    signal = the_row(EarlySignal.objects.visible_to(request.actor), key)
    what = request.POST.get("what", "")
    form = ContactForm(
        request.POST if what == "accept" else None,
        initial={"name": signal.name, "phone": signal.phone},
    )
    village, fault = _village(request, signal), ""
    if request.method == "POST" and (what != "accept" or form.is_valid()):
        try:
            return HttpResponseRedirect(_do(request, signal, what, form, village))
        except NotAllowed:
            raise Http404 from None
        except Refused as refusal:
            fault = said(refusal)
    context = {
        "signal": signal,
        "kind": KINDS[EarlyKind(signal.kind)],
        "amount": AMOUNTS[signal.amount],
        "form": form,
        "fault": fault,
        "villages": _villages(request),
        "village": village,
    }
    failed = fault or form.errors
    return render(request, "signals/early_signal.html", context, status=400 if failed else 200)


def _villages(request: Request) -> list[Village]:
    assert isinstance(request.municipality, Municipality)
    return list(request.municipality.villages.order_by("name"))


def _village(request: Request, signal: EarlySignal) -> Village:
    """Return the chosen village, or the one that the partner named; else the first."""
    villages = _villages(request)
    if not villages:
        raise Http404
    wanted = request.POST.get("village", "")
    for one in villages:
        if str(one.pk) == wanted or (not wanted and one.name.casefold() == signal.town.casefold()):
            return one
    return villages[0]


def _do(
    request: Request, signal: EarlySignal, what: str, form: ContactForm, village: Village
) -> str:
    by, now = request.actor, timezone.now()
    if what == "offer":
        offer_talk(signal=signal, by=by, now=now)
        messages.success(request, _("Genoteerd: je bood een gesprek aan."))
        return request.path
    if what in (EarlyEnd.REFUSED, EarlyEnd.NO_ANSWER):
        end_talk(signal=signal, end=EarlyEnd(what), by=by, now=now)
        messages.success(request, _("Het signaal is afgesloten."))
        return reverse("early-signals")
    if what != "accept":
        raise Http404
    question = accept_talk(signal=signal, asked=form.asked(village), by=by, now=now)
    messages.success(request, _("Er is nu een vraag van deze persoon."))
    return (
        reverse("question", args=[question.pk])
        if by.team == question.team_id
        else reverse("early-signals")
    )
