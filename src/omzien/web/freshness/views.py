"""From the mail to the entry, without an account. Opening a link changes nothing."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from omzien.directory.actions.edits import (
    EDITABLE,
    ChangedMeanwhile,
    NothingChanged,
    confirm_as_owner,
    propose_edit,
    say_stopped,
    values_of,
)
from omzien.directory.actions.freshness import NotPublic, send_new_link
from omzien.directory.actions.links import (
    CHANGE,
    CONFIRM,
    STOP,
    LinkBroken,
    LinkExpired,
    LinkOff,
    entry_of_old_link,
    open_link,
    same_link,
)
from omzien.directory.actions.reports import WRONG
from omzien.directory.models import Edit, Service
from omzien.directory.queries.edits import latest_edits
from omzien.directory.queries.gone import stopped_on
from omzien.directory.queries.sayings import shown_of
from omzien.people.limits import too_many
from omzien.web.freshness.forms import EntryForm, StopForm, initial
from omzien.web.request import Request

MEANWHILE = gettext_lazy(
    "Er is net al iets anders gestuurd, misschien in een ander venster. Wat je nu invulde, staat "
    "nog hieronder. Stuur je het toch? Dan komt het in plaats van dat andere."
)
POSTS_PER_HOUR = 60  # about one entry
LATE = "late"  # the code of that fault
View = Callable[[Request, Service, str], HttpResponse]


def from_mail(purpose: str) -> Callable[[View], Callable[[Request, str], HttpResponse]]:
    """Open the link's entry for a view; explain a link that is broken (404) or too old (410).

    Of an entry that the editors took off the site the owner reads that (410).
    """

    def decorate(view: View) -> Callable[[Request, str], HttpResponse]:
        @wraps(view)
        @never_cache
        @require_http_methods(["GET", "HEAD", "POST"])
        def opened(request: Request, token: str) -> HttpResponse:
            if request.municipality is None:
                raise Http404
            try:
                service = open_link(token, purpose)
                if request.method == "POST" and _posts_too_often(request, service):
                    return render(request, "429.html", status=429)
                response = view(request, service, token)
            except LinkExpired:
                context = {"token": token, "page": f"new-{purpose}"}
                response = render(request, "freshness/expired.html", context, status=410)
            except LinkOff as off:
                response = _off(request, off)
            except LinkBroken:
                response = render(request, "freshness/broken.html", status=404)
            response["X-Robots-Tag"] = "noindex"
            return response

        return opened

    return decorate


def _posts_too_often(request: Request, service: Service) -> bool:
    return too_many(request, "mail-link", per_hour=POSTS_PER_HOUR, by=service.pk)


@from_mail(CONFIRM)
def confirm_page(request: Request, service: Service, token: str) -> HttpResponse:
    """Show all facts with one big button; only the button confirms them."""
    if request.method == "POST":
        confirm_as_owner(service=service, on=timezone.localdate(), by="owner")
        return HttpResponseRedirect(request.path)
    context = {
        "service": service,
        "shown": shown_of(service),
        "is_done": service.left_on is None and service.checked_on == timezone.localdate(),
        "change_token": same_link(token, of=CONFIRM, purpose=CHANGE),
        "stop_token": same_link(token, of=CONFIRM, purpose=STOP),
        "reports": _open_reports(service),
        "edit": latest_edits([service.pk]).get(service.pk),
    }
    return render(request, "freshness/confirm.html", context)


@from_mail(CHANGE)
def change_page(request: Request, service: Service, token: str) -> HttpResponse:
    """Let the owner propose a change; the public page stays as it is until it is approved."""
    context: dict[str, object] = {
        "confirm_token": same_link(token, of=CHANGE, purpose=CONFIRM),
        "stop_token": same_link(token, of=CHANGE, purpose=STOP),
    }
    return propose(request, service, by="owner", context=context)


@from_mail(STOP)
def stop_page(request: Request, service: Service, token: str) -> HttpResponse:
    """Let the owner say that an entry stopped; it stays public until the editors decide."""
    context: dict[str, object] = {"confirm_token": same_link(token, of=STOP, purpose=CONFIRM)}
    return stop(request, service, by="owner", context=context)


def stop(
    request: Request, service: Service, *, by: str, context: dict[str, object]
) -> HttpResponse:
    """Ask whether an entry stopped, and take that to the editors; what is off already says so."""
    if not service.is_public:
        return _off_already(request, service, context)
    waiting = service.edits.filter(state=Edit.State.WAITING).first()
    form = StopForm(request.POST or None)

    def say() -> object:
        why, seen = form.cleaned_data["why"], request.POST.get("seen")
        return say_stopped(service=service, why=why, by=by, seen=seen)

    try:
        if request.method == "POST" and form.is_valid() and _taken(request, form, say):
            return HttpResponseRedirect(request.path)
    except NotPublic:
        return _off_already(request, service, context)
    is_late = form.has_error(NON_FIELD_ERRORS, LATE)
    context |= {
        "service": service,
        "form": form,
        "waiting": waiting,
        "seen": _seen(request, waiting, is_late=is_late),
    }
    status = 400 if form.errors else 200
    return render(request, "freshness/stop.html", context, status=status)


def propose(
    request: Request, service: Service, *, by: str, context: dict[str, object]
) -> HttpResponse:
    """Show the form of an entry, and take what its owner proposes; not of what was taken off."""
    if service.status == Service.Status.WITHDRAWN:
        return _off_already(request, service, context)
    waiting = service.edits.filter(state=Edit.State.WAITING).first()
    proposed = waiting.changes if waiting and not waiting.says_stopped else {}
    values = values_of(service) | proposed
    form = EntryForm(request.POST or None, initial=initial(values))

    def take() -> object:
        seen = request.POST.get("seen")
        return propose_edit(service=service, changes=form.cleaned_data, by=by, seen=seen)

    try:
        if request.method == "POST" and form.is_valid() and _taken(request, form, take):
            messages.success(request, _("Dank je wel. De redactie kijkt ernaar."))
            return HttpResponseRedirect(request.path)
    except NotPublic:
        return _off_already(request, service, context)
    is_late = form.has_error(NON_FIELD_ERRORS, LATE)
    context |= {
        "service": service,
        "form": form,
        "waiting": waiting,
        "is_late": is_late,
        "differs": _differs(form.cleaned_data, values) if is_late else [],
        "seen": _seen(request, waiting, is_late=is_late),
        "edit": latest_edits([service.pk]).get(service.pk),
        "reports": _open_reports(service),
    }
    status = 400 if form.errors else 200
    return render(request, "freshness/change.html", context, status=status)


def _seen(request: Request, waiting: Edit | None, *, is_late: bool) -> str:
    """Return which proposal the owner knows of: that of the opened form, or what the page says."""
    now = str(waiting.pk) if waiting else ""
    return now if is_late else request.POST.get("seen", now)


def _differs(typed: Mapping[str, Any], waits: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return what was typed and what waits already, of each field where these differ."""
    pairs = ((name, waits.get(name), typed[name]) for name in EDITABLE if name in typed)
    return [(name, there, here) for name, there, here in pairs if _plain(there) != _plain(here)]


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [list(pair) for pair in value]
    return value or ""


def _taken(request: Request, form: Form, take: Callable[[], object]) -> bool:
    """Do what a form asks; where that cannot be, let the form say why."""
    if too_many(request, "propose", per_hour=30):
        form.add_error(None, _("Je hebt al veel gestuurd. Probeer het over een uur weer."))
        return False
    try:
        take()
    except NothingChanged:
        form.add_error(None, _("Je hebt niets veranderd. Klopt alles? Bevestig het dan."))
        return False
    except ChangedMeanwhile:
        form.add_error(None, ValidationError(MEANWHILE, code=LATE))
        return False
    return True


@require_POST
@never_cache
def new_link(request: Request, token: str, purpose: str) -> HttpResponse:
    """Mail a new link; only to the owner that the entry has now, whoever pressed the button."""
    if request.municipality is None:
        raise Http404
    if too_many(request, "new-link", per_hour=5):
        return render(request, "freshness/broken.html", {"too_many": True}, status=429)
    try:
        service = entry_of_old_link(token, purpose)
    except LinkOff as off:
        return _off(request, off)
    except LinkBroken:
        return render(request, "freshness/broken.html", status=404)
    send_new_link(service=service, purpose=purpose, on=timezone.localdate())
    return render(request, "freshness/link_sent.html", {"service": service})


def _off(request: Request, off: LinkOff) -> HttpResponse:
    context = {"stopped_on": off.stopped_on, "has_link": True}
    return render(request, "freshness/off.html", context, status=410)


def _off_already(request: Request, service: Service, context: dict[str, object]) -> HttpResponse:
    service.refresh_from_db(fields=["status", "left_on"])
    is_left = service.status != Service.Status.WITHDRAWN
    context |= {"service": service, "stopped_on": stopped_on(service), "is_left": is_left}
    return render(request, "freshness/off.html", context, status=410)


def _open_reports(service: Service) -> list[tuple[str, str]]:
    """Return what visitors said is wrong: here its owner reads the words, not in the mail."""
    rows = service.reports.filter(closed_at=None).order_by("created_at", "pk")
    return [(str(WRONG.get(r.about, WRONG["other"])), r.text) for r in rows[:20]]
