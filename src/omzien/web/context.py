"""What every page knows: the municipality, whether this is a demonstration, the crisis line."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from omzien.people.rules.roles import PUBLIC
from omzien.web.doors import ELSEWHERE
from omzien.web.today.roles import ROLE_NAMES


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the variables that the base template needs."""
    return {
        "municipality": getattr(request, "municipality", None),
        "is_demo": settings.DEMO,
        "hat": (hat := _hat(request)),
        "elsewhere": bool(hat and request.session.get(ELSEWHERE)),
        "follows": bool(hat and getattr(request, "actor", PUBLIC).may("question.follow")),
        # Whether a page says "je" or "u", it is Dutch to a browser and a screen reader.
        "LANGUAGE_CODE": "nl" if (get_language() or "nl").startswith("nl") else get_language(),
    }


def _hat(request: HttpRequest) -> str:
    """Return the role that somebody wears; a visitor without a session costs nothing here."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ""
    actor = getattr(request, "actor", PUBLIC)
    return str(ROLE_NAMES[actor.role]) if actor.person else ""
