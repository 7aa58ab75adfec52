"""The pages of who coordinates mediation: the cases, one case, and the mediators."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from omzien.mediation.actions.mediators import ask_mediators, keep_mediator, let_go
from omzien.mediation.models import Agreement, Case, Party, Seat, Talk
from omzien.mediation.queries.choosing import candidates
from omzien.mediation.queries.standing import coordinates
from omzien.mediation.refusals import NotAllowed, Refused, Stale, WrongState
from omzien.mediation.rules.states import STAFFED, Side
from omzien.people.models import Membership
from omzien.people.rules.looking import Action
from omzien.people.rules.roles import Role
from omzien.web.doors import needs
from omzien.web.logged import logged, shows, whom_shown
from omzien.web.mediation.doing import Shown, do, of_case, shown
from omzien.web.mediation.forms import HomeForm
from omzien.web.mediation.mine import calendar_file
from omzien.web.mediation.words import (
    BACK,
    CONFLICTS,
    ELSEWHERE,
    OLD,
    OUTCOMES,
    SEATS,
    STATES,
    SUBJECTS,
    TALKS,
    said,
)
from omzien.web.request import Request, the_row, version_of

MOST = 100


def about_case(request: Request, key: uuid.UUID) -> list[uuid.UUID]:
    """Return who both neighbours are, where they are known persons."""
    rows = Party.objects.filter(case=key, person__isnull=False)
    return list(rows.values_list("person", flat=True))


@needs("mediation.coordinate")
@require_safe
def cases_page(request: Request) -> HttpResponse:
    """List the cases that run, the latest day first, and what ended; no names in this list."""
    if not coordinates(request.actor):
        raise Http404
    rows = Case.objects.coordinated_by(request.actor).select_related("village")
    live = [
        (one, SUBJECTS[one.subject], STATES[one.state])
        for one in rows.live().order_by("due_on", "received_at", "pk")[:MOST]
    ]
    ended = rows.filter(ended_at__isnull=False).order_by("-ended_at", "pk")[:MOST]
    context = {
        "rows": live,
        "ended": [(one, SUBJECTS[one.subject], OUTCOMES[one.outcome]) for one in ended],
        "today": timezone.localdate(),
    }
    return render(request, "mediation/cases.html", context)


@needs("mediation.coordinate")
@require_http_methods(["GET", "HEAD", "POST"])
@logged(purpose="mediation", kind="mediation", about=about_case)
def case_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Show a case with the files of both, and take the next step."""
    case = _case(request, key)
    if request.method != "POST":
        return _show(request, case)
    what = request.POST.get("doe", "")
    try:
        if what in ("ask", "let-go"):
            return _of_seats(request, case, what)
        came = do(case, case, request.POST, request.actor, of_case(case))
    except NotAllowed:
        raise Http404 from None
    if came.done:
        messages.success(request, came.done)
        return HttpResponseRedirect(request.path)
    return _show(request, _case(request, key), failed=came.failed, meanwhile=came.meanwhile)


def _case(request: Request, key: uuid.UUID) -> Case:
    rows = Case.objects.coordinated_by(request.actor)
    return the_row(rows.select_related("village", "team", "municipality", "from_team"), key)


def _of_seats(request: Request, case: Case, what: str) -> HttpResponse:
    common: dict[str, Any] = {
        "by": request.actor, "now": timezone.now(), "version": version_of(request.POST)
    }  # fmt: skip
    try:
        if what == "ask":
            keys = [uuid.UUID(one) for one in request.POST.getlist("wie")]
            ask_mediators(case=case, memberships=keys, **common)
            messages.success(request, _("Gevraagd. Ze krijgen bericht, en zeggen ja of nee."))
        else:
            seats = Seat.objects.visible_to(request.actor).filter(case=case)
            let_go(seat=the_row(seats, request.POST.get("plek")), **common)
            messages.success(request, _("Deze bemiddelaar is klaar. Kies een ander."))
    except (Stale, WrongState):
        return _show(request, _case(request, case.pk), meanwhile=True)
    except ValueError:
        raise Http404 from None
    except NotAllowed:
        raise
    except Refused as refusal:
        return _show(request, case, fault=said(refusal))
    return HttpResponseRedirect(request.path)


def _show(
    request: Request,
    case: Case,
    *,
    failed: Shown | None = None,
    meanwhile: bool = False,
    fault: str = "",
) -> HttpResponse:
    actor, parties = request.actor, {one.side: one for one in case.parties.all()}
    seats = Seat.objects.visible_to(actor).filter(case=case).select_related("person")
    talks = Talk.objects.visible_to(actor).filter(case=case, cancelled_at=None)
    is_choosing = case.state in STAFFED and seats.open().count() < 2
    today = timezone.localdate()
    first = parties.get(Side.FIRST)
    context = {
        "case": case,
        "first": first,
        "second": parties.get(Side.SECOND),
        "subject": SUBJECTS[case.subject],
        "stands": STATES[case.state],
        "outcome": OUTCOMES.get(case.outcome, ""),
        "elsewhere": ELSEWHERE.get(first.elsewhere, "") if first else "",
        "is_late": case.due_on is not None and case.due_on < today,
        "seats": [(one, SEATS[one.state], BACK.get(one.reason, "")) for one in seats],
        "candidates": [
            (one, [CONFLICTS[why] for why in one.conflicts])
            for one in (candidates(case, on=today) if is_choosing else [])
        ],
        "is_choosing": is_choosing,
        "talks": [(one, TALKS[one.kind]) for one in talks],
        "agreement": Agreement.objects.visible_to(actor).filter(case=case).first(),
        "doings": shown(case, of_case(case), failed),
        "meanwhile": OLD if meanwhile else "",
        "fault": fault,
    }
    status = 409 if meanwhile else 400 if failed or fault else 200
    return render(request, "mediation/case.html", context, status=status)


@needs("mediation.coordinate")
@require_safe
@logged(purpose="mediation", kind="mediation", about=about_case, action=Action.EXPORT)
def case_calendar(request: Request, key: uuid.UUID) -> HttpResponse:
    """Give the planned talk of a case to its coordinator."""
    case = _case(request, key)
    return calendar_file(Talk.objects.visible_to(request.actor).planned().filter(case=case).first())


@needs("mediation.coordinate")
@require_http_methods(["GET", "HEAD", "POST"])
@logged(purpose="mediation", kind="mediators", about=whom_shown)
def mediators_page(request: Request) -> HttpResponse:
    """List the volunteers of the team, and keep where each lives and whether they learn."""
    if not coordinates(request.actor):
        raise Http404
    rows = Membership.objects.live(on=timezone.localdate()).filter(
        team=request.actor.team, role=Role.VOLUNTEER
    )
    found = list(rows.select_related("person", "mediator").order_by("person__name", "pk"))
    shows(request, [one.person_id for one in found])
    key = request.POST.get("wie", "")
    forms = {}
    for one in found:
        home = getattr(one, "mediator", None)
        names = ("street", "postcode", "is_experienced")
        known = {name: getattr(home, name) for name in names} if home else {}
        data = request.POST if key == str(one.pk) else None
        forms[one.pk] = HomeForm(data, initial=known, prefix=str(one.pk))
    chosen = next((one for one in found if str(one.pk) == key), None)
    if request.method == "POST":
        if chosen is None:
            raise Http404
        form = forms[chosen.pk]
        if form.is_valid():
            try:
                keep_mediator(membership=chosen, by=request.actor, **form.cleaned_data)
            except NotAllowed:
                raise Http404 from None
            except Refused as refusal:
                form.add_error("postcode", said(refusal))
            else:
                messages.success(request, _("Bewaard."))
                return HttpResponseRedirect(reverse("mediators"))
    failed = forms[chosen.pk] if chosen and forms[chosen.pk].errors else None
    context = {"rows": [(one, forms[one.pk]) for one in found], "failed": failed}
    return render(request, "mediation/mediators.html", context, status=400 if failed else 200)
