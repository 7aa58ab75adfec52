"""The role table, as a policy officer and a resident can read it."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from omzien.people.rules.roles import Line, Role, Scope, lines
from omzien.web.today.roles import ROLE_NAMES

SCOPE_NAMES = {
    Scope.ALL: _("ja"),
    Scope.OWN: _("het eigene"),
    Scope.MANDATE: _("zover de machtiging reikt"),
    Scope.SHARED: _("wat de inwoner deelt"),
    Scope.TOGETHER: _("samen met de inwoner"),
    Scope.MATCHED: _("na een koppeling"),
    Scope.TEAM: _("van het eigen team"),
    Scope.GROUND: _("met een grondslag of open overdracht"),
    Scope.BREAK_GLASS: _("in nood, met melding"),
    Scope.COMPLAINT: _("bij een klacht"),
    Scope.FIGURES: _("alleen cijfers"),
}


HANDBOOK_HEAD = """# Wie mag wat, per rol

Deze bladzijde is gemaakt uit de roltabel (`people/rules/roles.md`) met `omzien handbook`.
Wat hier niet staat, mag een rol niet. Iemand werkt in één rol tegelijk.
"""


@require_safe
def roles_page(request: HttpRequest) -> HttpResponse:
    """Show for each thing that one can do who may do it, and how far."""
    groups = [
        (name, [(line.title, _who(line)) for line in group])
        for name, group in groupby(lines(), key=lambda line: line.group)
    ]
    return render(request, "people/roles.html", {"groups": groups})


def _who(line: Line) -> list[tuple[str, str]]:
    """Return (role, how far) of the roles that may; the order of scopes is that of the legend."""
    return [(str(ROLE_NAMES[role]), _far(scopes)) for role, scopes in line.scopes.items() if scopes]


def _far(scopes: frozenset[Scope]) -> str:
    return ", ".join(str(SCOPE_NAMES[scope]) for scope in Scope if scope in scopes)


def handbook() -> str:
    """Return the page of the handbook: for each role what it may do. Dutch, markdown."""
    with override("nl"):
        parts = [HANDBOOK_HEAD, *(_of_role(role) for role in Role)]
    return "\n".join(parts)


def _of_role(role: Role) -> str:
    rows = [f"- {line.title}: {_far(line.scopes[role])}" for line in lines() if line.scopes[role]]
    return "\n".join([f"## {str(ROLE_NAMES[role]).capitalize()}", "", *rows, ""])
