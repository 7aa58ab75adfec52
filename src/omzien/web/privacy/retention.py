"""What is erased when: the lists, who approved them, and what is held. Without content."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from omzien.people.models import Batch, BatchLine, Hold
from omzien.people.privacy import holds
from omzien.people.privacy.register import period_text
from omzien.people.privacy.retaining import approve, overview, run
from omzien.people.refusals import (
    IsHeld,
    NeedsReason,
    NotAllowed,
    NotYet,
    Refused,
    UnknownKey,
    WrongMove,
)
from omzien.people.rules.retention import KINDS
from omzien.web.doors import needs
from omzien.web.request import Request

MOST_SHOWN = 50
STATES = {
    Batch.State.PROPOSED: gettext_lazy("wacht op goedkeuring"),
    Batch.State.APPROVED: gettext_lazy("goedgekeurd"),
    Batch.State.DONE: gettext_lazy("uitgevoerd"),
}
WHY_NOT: dict[type[Refused], object] = {
    NotAllowed: gettext_lazy("Dit hoort niet bij jouw rol."),
    WrongMove: gettext_lazy("Een ander was je voor: deze lijst is al goedgekeurd."),
    NotYet: gettext_lazy("Deze lijst mag nog niet worden uitgevoerd."),
    NeedsReason: gettext_lazy("Schrijf op waarom je het wissen tegenhoudt."),
    UnknownKey: gettext_lazy("Er is niets met dit nummer."),
    IsHeld: gettext_lazy("Dit wordt al tegengehouden."),
}


@needs("retention.read")
@require_http_methods(["GET"])
def retention_page(request: Request) -> HttpResponse:
    """Show the terms, what is over them, the lists and the holds."""
    today, actor = timezone.localdate(), request.actor
    rows = [
        (_(row.kind.name), period_text(row.kind.period), _(row.kind.source), row)
        for row in overview(on=today)
    ]
    context = {
        "rows": rows,
        "lists": [_shown(batch, request) for batch in _batches(request)],
        "holds": [(one, _(KINDS[one.kind].name)) for one in _holds(request)],
        "may_hold": actor.may_all("retention.hold"),
        "today": today,
    }
    return render(request, "privacy/retention.html", context)


@needs("retention.approve")
@require_POST
def approve_list(request: Request, key: UUID) -> HttpResponse:
    """Approve a list."""
    batch = _batch(request, key)
    return _done(
        request, lambda: approve(batch=batch, by=request.actor), _("De lijst is goedgekeurd.")
    )


@needs("retention.run")
@require_POST
def run_list(request: Request, key: UUID) -> HttpResponse:
    """Run an approved list."""
    batch = _batch(request, key)

    def act() -> str:
        count = run(batch=batch, on=timezone.localdate(), by=request.actor)
        return ngettext("%(n)d ding is gewist.", "%(n)d dingen zijn gewist.", count) % {"n": count}

    return _done(request, act, "")


@needs("retention.hold")
@require_POST
def place_hold(request: Request) -> HttpResponse:
    """Hold erasing of a person or of one thing on a list."""
    assert request.municipality is not None
    code = request.municipality.code
    kind, key = request.POST.get("soort", "person"), request.POST.get("nummer", "").strip()
    return _done(
        request,
        lambda: holds.hold(
            municipality=code,
            kind=kind,
            key=key[:64],
            reason=request.POST.get("reden", ""),
            by=request.actor,
        ),
        _("Dit wordt niet gewist zolang jij het tegenhoudt."),
    )


@needs("retention.hold")
@require_POST
def lift_hold(request: Request, key: UUID) -> HttpResponse:
    """Let go of what was held."""
    held = Hold.objects.visible_to(request.actor).filter(pk=key).first()
    if held is None:
        raise Http404
    return _done(request, lambda: holds.lift(held=held, by=request.actor),
                 _("Dit mag weer worden gewist."))  # fmt: skip


def _done(request: Request, act: Callable[[], object], said: str) -> HttpResponse:
    """Do it, say how it went, and go back to the page."""
    try:
        result = act()
        messages.success(request, said or str(result))
    except Refused as refused:
        messages.error(request, str(WHY_NOT.get(type(refused), _("Dat lukte niet."))))
    return HttpResponseRedirect(reverse("retention"))


def _batch(request: Request, key: UUID) -> Batch:
    batch = Batch.objects.visible_to(request.actor).filter(pk=key).first()
    if batch is None:
        raise Http404
    return batch


def _batches(request: Request) -> list[Batch]:
    waiting = Count("lines", filter=Q(lines__state=BatchLine.State.WAITING))
    held = Count("lines", filter=Q(lines__state=BatchLine.State.HELD))
    rows = Batch.objects.visible_to(request.actor)
    rows = rows.annotate(size=Count("lines"), waiting=waiting, kept=held)
    return list(rows[:MOST_SHOWN])


def _holds(request: Request) -> list[Hold]:
    return list(Hold.objects.visible_to(request.actor).standing()[:MOST_SHOWN])


def _shown(batch: Batch, request: Request) -> dict[str, object]:
    actor, today = request.actor, timezone.localdate()
    is_open = batch.state == Batch.State.APPROVED and batch.run_from <= today
    return {
        "batch": batch,
        "name": _(KINDS[batch.kind].name),
        "state": STATES[Batch.State(batch.state)],
        "may_approve": batch.state == Batch.State.PROPOSED and actor.may_all("retention.approve"),
        "may_run": is_open and actor.may_all("retention.run"),
        "keys": _keys(batch) if actor.may_all("retention.hold") else [],
    }


def _keys(batch: Batch) -> list[BatchLine]:
    if batch.state == Batch.State.DONE:
        return []
    return list(batch.lines.filter(state=BatchLine.State.WAITING)[:MOST_SHOWN])
