"""Files of handovers: FHIR Tasks, and the talk of three for a calendar. The gate of the pages."""

import json
import uuid
from collections.abc import Iterable

from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from omzien.areas.queries import address_of
from omzien.handovers.models import Handover, Meeting
from omzien.handovers.queries.calendars import calendar_of
from omzien.handovers.queries.fhir import task_of
from omzien.people.rules.looking import Action
from omzien.web.doors import needs
from omzien.web.handovers.sharing import own_question
from omzien.web.handovers.standing import about_handover, seen
from omzien.web.handovers.words import DECLINED
from omzien.web.logged import logged, resident_of
from omzien.web.request import Request

MOST = 1000
FHIR = "application/fhir+json; charset=utf-8"


@needs("contact.confirm")
@require_safe
@logged(purpose="handover", kind="handover", about=about_handover, action=Action.EXPORT)
def one_file(request: Request, key: uuid.UUID) -> HttpResponse:
    """Give one handover as a FHIR Task."""
    row = seen(request.actor, key)
    if row is None:
        raise Http404
    return JsonResponse(_task(row), content_type=FHIR, json_dumps_params={"ensure_ascii": False})


def _about_all(request: Request) -> Iterable[uuid.UUID]:
    rows = Handover.objects.visible_to(request.actor).filter(question__person__isnull=False)
    newest = rows.order_by("-offered_at", "pk").values_list("question__person", flat=True)[:MOST]
    return list(dict.fromkeys(newest))


@needs("contact.confirm")
@require_safe
@logged(purpose="handover", kind="handover", about=_about_all, action=Action.EXPORT)
def team_file(request: Request) -> HttpResponse:
    """Give the handovers of the team, one Task per line, newest first."""
    rows = Handover.objects.visible_to(request.actor).order_by("-offered_at", "pk")
    rows = rows.select_related("from_team", "to_team", "question", "municipality")[:MOST]
    lines = (json.dumps(_task(one), ensure_ascii=False, default=str) for one in rows)
    text = "".join(f"{line}\n" for line in lines)
    return HttpResponse(text, content_type="application/fhir+ndjson; charset=utf-8")


def _task(row: Handover) -> dict[str, object]:
    declined = {str(one): str(text) for one, text in DECLINED.items()}
    return task_of(row, base=address_of(row.municipality), declined=declined)


@needs("contact.confirm")
@require_safe
@logged(purpose="handover", kind="handover", about=about_handover, action=Action.EXPORT)
def calendar(request: Request, key: uuid.UUID) -> HttpResponse:
    """Give the talk of three to sender or receiver."""
    return file_of(request, seen(request.actor, key))


@needs("consent.give")
@require_safe
@logged(purpose="handover", kind="question", about=resident_of, action=Action.EXPORT)
def own_calendar(request: Request, key: uuid.UUID) -> HttpResponse:
    """Give the talk of three to the resident."""
    question = own_question(request, key)
    rows = Handover.objects.visible_to(request.actor).filter(question=question)
    return file_of(request, rows.open().first())


def file_of(request: Request, row: Handover | None) -> HttpResponse:
    """Return the planned talk of a handover as a calendar file; 404 where there is none."""
    meeting = Meeting.objects.planned().filter(handover=row).first() if row else None
    if meeting is None:
        raise Http404
    text = calendar_of(meeting, title=_("Kennismaking"))
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="kennismaking.ics"'
    return response
