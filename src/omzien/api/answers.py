"""A JSON answer, written the same everywhere."""

import json
from typing import Any

from django.http import HttpResponse


def as_text(body: Any) -> str:
    """Return JSON without spaces, with letters as they are."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def as_json(body: Any) -> HttpResponse:
    """Return a JSON answer."""
    return HttpResponse(as_text(body), content_type="application/json")
