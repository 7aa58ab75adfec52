"""What is erased when: the lists, who approved them, and what is held. Without content."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from omzien.messages.erasing import refuse_request
from omzien.people.models import Batch, BatchLine, Hold
from omzien.people.privacy import holds
from omzien.people.privacy.register import period_text
from omzien.people.privacy.retaining import approve, overview, run, waits_for, who_decide
from omzien.people.refusals import (
    IsHeld,
    NeedsReason,
    NotAllowed,
    NotYet,
    Refused,
    UnknownKey,
    WrongMove,
)
from omzien.people.rules.retention import KINDS, Refusal, answer_by
from omzien.people.rules.roles import Actor
from omzien.web.doors import needs
from omzien.web.privacy.words import BECAUSE
from omzien.web.request import Request, the_row, town_of

MOST_SHOWN = 50
RUN_AT_ONCE = 50  # lines in one request; the worker knows no such limit
STATES = {
    Batch.State.PROPOSED: gettext_lazy("wacht op goedkeuring"),
    Batch.State.APPROVED: gettext_lazy("goedgekeurd"),
    Batch.State.DONE: gettext_lazy("uitgevoerd"),
    Batch.State.REFUSED: gettext_lazy("afgewezen"),
}
WHY_NOT: dict[type[Refused], object] = {
    NotAllowed: gettext_lazy(
        "Dit doet iemand anders: het hoort niet bij jouw rol, of het gaat over jou of over iemand "
        "die dicht bij je staat."
    ),
    WrongMove: gettext_lazy("Een ander was je voor: over deze lijst is al besloten."),
    NotYet: gettext_lazy("Deze lijst mag nog niet worden uitgevoerd."),
    NeedsReason: gettext_lazy("Schrijf op waarom je het wissen tegenhoudt."),
    UnknownKey: gettext_lazy("Er is niets met dit nummer."),
    IsHeld: gettext_lazy("Dit wordt al tegengehouden."),
}


@needs("retention.read")
@require_http_methods(["GET"])
def retention_page(request: Request) -> HttpResponse:
    """Show the terms, what is over them, the lists and the holds."""
    return _retention(request)


def _retention(request: Request, *, at: str = "", said: str = "") -> HttpResponse:
    """Show the page; with what is wrong with the field `at`, if that is so."""
    today, actor = timezone.localdate(), request.actor
    asked = Batch.objects.decided_by(actor).filter(state=Batch.State.PROPOSED)
    mine = set(asked.values_list("pk", flat=True))
    rows = [
        (_(row.kind.name), period_text(row.kind.period), _(row.kind.source), row)
        for row in overview(on=today)
    ]
    context = {
        "rows": rows,
        "lists": [_shown(batch, request, mine) for batch in _batches(request)],
        "holds": [_held(one, actor, today) for one in _holds(request)],
        "may_hold": actor.may_all("retention.hold"),
        "reasons": list(BECAUSE.items()),
        "today": today,
        "fault": at,
        "said": said,
    }
    return render(request, "privacy/retention.html", context, status=400 if at else 200)


@needs("retention.approve")
@require_POST
def approve_list(request: Request, key: UUID) -> HttpResponse:
    """Approve a list."""
    batch = _batch(request, key)
    return _done(
        request, lambda: approve(batch=batch, by=request.actor), _("De lijst is goedgekeurd.")
    )


@needs("retention.approve")
@require_POST
def refuse(request: Request, key: UUID) -> HttpResponse:
    """Refuse a request to be erased, with a reason that the person gets by mail."""
    batch = _batch(request, key)
    because = request.POST.get("reden", "")
    if because not in set(Refusal):
        return _retention(request, at=f"reden-{batch.pk}", said=_("Kies een reden."))
    return _done(
        request,
        lambda: refuse_request(batch=batch, because=Refusal(because), by=request.actor),
        _("Het verzoek is afgewezen. De inwoner krijgt een mail dat er een antwoord is."),
    )


@needs("retention.run")
@require_POST
def run_list(request: Request, key: UUID) -> HttpResponse:
    """Run an approved list."""
    batch = _batch(request, key)

    def act() -> str:
        today = timezone.localdate()
        count = run(batch=batch, on=today, by=request.actor, most=RUN_AT_ONCE)
        said = ngettext("%(n)d ding is gewist.", "%(n)d dingen zijn gewist.", count) % {"n": count}
        batch.refresh_from_db()
        return " ".join([said, *(waits_for(batch) or _left(batch))])

    return _done(request, act, "")


@needs("retention.hold")
@require_POST
def place_hold(request: Request) -> HttpResponse:
    """Hold erasing of a person or of one thing on a list."""
    code = town_of(request).code
    kind, key = request.POST.get("soort", "person"), request.POST.get("nummer", "").strip()
    reason = request.POST.get("reden", "")
    try:
        holds.hold(municipality=code, kind=kind, key=key[:64], reason=reason, by=request.actor)
    except (NeedsReason, UnknownKey, IsHeld, NotAllowed) as refused:
        field = "reden" if isinstance(refused, NeedsReason) else "nummer"
        return _retention(request, at=field, said=str(WHY_NOT[type(refused)]))
    messages.success(request, _("Dit wordt niet gewist zolang jij het tegenhoudt."))
    return HttpResponseRedirect(reverse("retention"))


@needs("retention.hold")
@require_POST
def lift_hold(request: Request, key: UUID) -> HttpResponse:
    """Let go of what was held."""
    held = the_row(Hold.objects.visible_to(request.actor), key)
    return _done(request, lambda: holds.lift(held=held, by=request.actor),
                 _("Dit mag weer worden gewist."))  # fmt: skip


def _left(batch: Batch) -> list[str]:
    """Return in words how much of a list is left."""
    left = batch.lines.filter(state=BatchLine.State.WAITING).count()
    if not left:
        return []
    words = ngettext("%(n)d ding is er nog.", "%(n)d dingen zijn er nog.", left) % {"n": left}
    return [words, _("Druk nog eens, of laat Omzien de rest wissen bij het dagelijkse werk.")]


def _done(request: Request, act: Callable[[], object], said: str) -> HttpResponse:
    """Do it, say how it went, and go back to the page."""
    try:
        result = act()
        messages.success(request, said or str(result))
    except Refused as refused:
        messages.error(request, str(WHY_NOT.get(type(refused), _("Dat lukte niet."))))
    return HttpResponseRedirect(reverse("retention"))


def _batch(request: Request, key: UUID) -> Batch:
    return the_row(Batch.objects.visible_to(request.actor), key)


def _batches(request: Request) -> list[Batch]:
    waiting = Count("lines", filter=Q(lines__state=BatchLine.State.WAITING))
    held = Count("lines", filter=Q(lines__state=BatchLine.State.HELD))
    rows = Batch.objects.visible_to(request.actor)
    rows = rows.annotate(size=Count("lines"), waiting=waiting, kept=held)
    return list(rows[:MOST_SHOWN])


def _holds(request: Request) -> list[Hold]:
    return list(Hold.objects.visible_to(request.actor).standing()[:MOST_SHOWN])


def _held(one: Hold, actor: Actor, today: date) -> dict[str, object]:
    is_asked = actor.may_all("retention.hold")
    may_lift = is_asked and holds.may_hold(one.kind, one.key, by=actor)
    is_for_others = is_asked and not may_lift
    return {
        "held": one,
        "name": _(KINDS[one.kind].name),
        "may_lift": may_lift,
        "is_for_others": is_for_others,
        "others": holds.who_hold(one, on=today) if is_for_others else [],
    }


def _shown(batch: Batch, request: Request, mine: set[UUID]) -> dict[str, object]:
    actor, today = request.actor, timezone.localdate()
    is_ready = batch.state == Batch.State.APPROVED and batch.run_from <= today
    waits = waits_for(batch)
    is_asked = batch.state == Batch.State.PROPOSED and actor.may_all("retention.approve")
    may_decide = batch.pk in mine
    is_for_others = is_asked and not may_decide
    return {
        "batch": batch,
        "name": _(KINDS[batch.kind].name),
        "state": STATES[Batch.State(batch.state)],
        "when": "" if waits else _when(batch, today),
        "waits": waits,
        "answer_by": answer_by(batch.proposed_on) if batch.is_open_request else None,
        "because": BECAUSE[Refusal(batch.refused_because)] if batch.refused_because else "",
        "may_approve": may_decide,
        "is_for_others": is_for_others,
        "others": who_decide(batch, on=today) if is_for_others else [],
        "field": f"reden-{batch.pk}",
        "may_refuse": may_decide and batch.kind == "request",
        "may_run": is_ready and actor.may_all("retention.run"),
        "keys": _keys(batch) if actor.may_all("retention.hold") else [],
    }


def _when(batch: Batch, today: date) -> str:
    """Return when a list is erased, "" where it is not any more."""
    day = date_format(batch.run_from, "j F Y")
    if batch.state == Batch.State.APPROVED and batch.run_from <= today:
        return _("Omzien wist dit zelf bij het dagelijkse werk. Eerder mag ook.")
    if batch.state == Batch.State.APPROVED:
        return _("Omzien wist dit zelf op %(day)s.") % {"day": day}
    if batch.state == Batch.State.PROPOSED and batch.kind == "request":
        return _("Na goedkeuring wist Omzien dit zelf, binnen een dag.")
    if batch.state == Batch.State.PROPOSED:
        return _("Na goedkeuring wist Omzien dit zelf, maar niet voor %(day)s.") % {"day": day}
    return ""


def _keys(batch: Batch) -> list[BatchLine]:
    if batch.state in (Batch.State.DONE, Batch.State.REFUSED):
        return []
    return list(batch.lines.filter(state=BatchLine.State.WAITING)[:MOST_SHOWN])
