"""What every page knows: the municipality, whether this is a demonstration, the crisis line."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the variables that the base template needs."""
    return {
        "municipality": getattr(request, "municipality", None),
        "is_demo": settings.DEMO,
    }
