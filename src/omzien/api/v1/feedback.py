"""An opinion about a page, without anything about who gives it."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from omzien.agenda.actions import rate_page
from omzien.api.bodies import check, json_object
from omzien.api.gate import municipality_of, until_next_hour
from omzien.api.problems import Problem, not_found
from omzien.api.v1.document import schema
from omzien.areas.queries import is_on
from omzien.kernel.text import clean
from omzien.people.limits import too_many

PER_HOUR = 30  # as many as the form on a page allows


def feedback(request: HttpRequest) -> HttpResponse:
    """Keep how satisfied someone is with a page."""
    if not is_on(municipality_of(request), "feedback"):
        raise not_found()
    body = json_object(request)
    check(body, schema("Feedback"))
    if too_many(request, "feedback", per_hour=PER_HOUR):
        refusal = Problem(429, _("Je hebt al vaak je mening gegeven. Probeer het later weer."))
        refusal.headers["Retry-After"] = until_next_hour()
        raise refusal
    rate_page(
        municipality=municipality_of(request),
        page=clean(body["page"]),
        score=int(body["score"]),
        remark=body.get("remark", ""),
    )
    response = HttpResponse(status=204)
    del response["Content-Type"]
    return response
