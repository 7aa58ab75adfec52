"""How the work is shared out: per person for who works in a team, per team for who makes policy."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from omzien.directory.rules import FEWEST_SHOWN
from omzien.people.rules.roles import Role, Scope
from omzien.questions.queries.caseload import Load, loads_for, totals_for
from omzien.questions.terms import terms_of
from omzien.web.doors import needs
from omzien.web.logged import logged, shows, whom_shown
from omzien.web.request import Request
from omzien.web.today.roles import ROLE_NAMES


@needs("caseload.read")
@require_safe
@logged(purpose="account", kind="caseload", about=whom_shown)
def caseload_page(request: Request) -> HttpResponse:
    """Show one's own load; to a coordinator that of everybody in the own team."""
    most = terms_of(request.actor.municipality).caseload
    loads = loads_for(request.actor, on=timezone.localdate())
    for one in loads:
        shows(request, one.persons)
    context = {
        "rows": [(one, _role(one), bool(most) and one.weight > most) for one in loads],
        "most": most,
        "is_team": Scope.TEAM in request.actor.may("caseload.read"),
        "count": sum(one.count for one in loads),
        "weight": sum(one.weight for one in loads),
    }
    return render(request, "questions/caseload.html", context)


def _role(load: Load) -> str:
    return str(ROLE_NAMES[Role(load.role)]) if load.role else ""


@needs("caseload.totals")
@require_safe
def totals_page(request: Request) -> HttpResponse:
    """Show the load per team, never of a person; small counts are left out for policy."""
    hides = Scope.FIGURES in request.actor.may("caseload.totals")
    rows = [
        (one, None if hides and one.count < FEWEST_SHOWN else one.count)
        for one in totals_for(request.actor)
    ]
    return render(request, "questions/totals.html", {"rows": rows})
