"""What is wrong with a request, in the words of RFC 9457 (application/problem+json)."""

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

CONTENT_TYPE = "application/problem+json"


class Problem(Exception):
    """A request cannot be answered; `detail` says in plain words why and what to do.

    `parameter` names the field or query parameter that is at fault.
    """

    def __init__(self, status: int, detail: str, *, parameter: str = "") -> None:
        super().__init__(detail)
        self.status, self.detail, self.parameter = status, detail, parameter
        self.headers: dict[str, str] = {}

    def response(self) -> HttpResponse:
        """Return the answer that tells the problem."""
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        if self.parameter:
            body["parameter"] = self.parameter
        return HttpResponse(
            json.dumps(body, ensure_ascii=False),
            status=self.status,
            content_type=CONTENT_TYPE,
            headers=self.headers | {"Cache-Control": "no-store"},
        )


def bad_value(parameter: str, detail: str) -> Problem:
    """Return the problem of a parameter whose value cannot be read (400)."""
    return Problem(400, f"{parameter}: {detail}", parameter=parameter)


def not_found() -> Problem:
    """Return the problem of an address or number that leads to nothing (404)."""
    return Problem(404, _("Dit bestaat hier niet, of het staat niet meer in de sociale kaart."))
