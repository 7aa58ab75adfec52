"""The JSON object in a request: read, or the problem that says what is wrong with it."""

import json
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from omzien.api.problems import Problem, bad_value

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError


def json_object(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON object of a request, {} when it has no body.

    Raises Problem: 415 when it is not said to be JSON, 400 when it is no JSON object.
    """
    if not request.body.strip():
        return {}
    if request.content_type != "application/json":
        raise Problem(415, _("Stuur je vraag als JSON (Content-Type: application/json)."))
    try:
        body = json.loads(request.body)
        json.dumps(body, ensure_ascii=False).encode()  # refuses half characters such as \ud800
    except (ValueError, RecursionError) as error:
        raise Problem(400, _("Dit is geen JSON die we kunnen lezen.")) from error
    if not isinstance(body, dict):
        raise Problem(400, _("Stuur één JSON-object.")) from None
    return body


def check(body: dict[str, Any], schema: dict[str, Any]) -> None:
    """Raise Problem (400) that names the first field of `body` that breaks its schema."""
    # Loaded at first use: its grammars are 13 MB that most processes never need.
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    error = best_match(Draft202012Validator(schema).iter_errors(body))
    if error is not None:
        raise bad_value(_field(error), _reason(error))


def _field(error: "ValidationError") -> str:
    body: Any = error.instance
    schema: Any = error.schema
    if error.validator == "required":
        return str(next(name for name in schema["required"] if name not in body))
    if error.validator == "additionalProperties":
        return str(next(name for name in body if name not in schema["properties"]))
    return str(error.absolute_path[0]) if error.absolute_path else "body"


def _reason(error: "ValidationError") -> str:
    reasons = {
        "required": _("dit veld ontbreekt."),
        "additionalProperties": _("dit veld kennen we niet."),
        "type": _("de waarde is van de verkeerde soort."),
        "minLength": _("vul dit veld in."),
        "maxLength": _("dit is te lang."),
        "maxItems": _("dit zijn er te veel."),
        "minimum": _("dit getal is te klein."),
        "maximum": _("dit getal is te groot."),
        "pattern": _("dit heeft niet de goede vorm."),
        "enum": _("deze waarde kennen we niet."),
    }
    return reasons.get(str(error.validator), _("deze waarde kan niet."))
