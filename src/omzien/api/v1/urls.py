"""Addresses of our own API."""

from email.utils import parseaddr

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path

from omzien.api.answers import as_json
from omzien.api.gate import municipality_of, open_door
from omzien.api.problems import not_found
from omzien.api.v1.answer import answer_question
from omzien.api.v1.areas import area, areas
from omzien.api.v1.document import VERSION, document
from omzien.api.v1.feedback import feedback

START = "/api/v1"
read = open_door("GET", "HEAD", version=VERSION)
post = open_door("POST", version=VERSION)


def openapi(request: HttpRequest) -> HttpResponse:
    """Give the OpenAPI document."""
    municipality = municipality_of(request)
    return as_json(
        document(
            server=request.build_absolute_uri(START),
            name=municipality.name,
            page=request.build_absolute_uri("/open-data"),
            email=municipality.editors_email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        )
    )


def nothing(request: HttpRequest, **_rest: str) -> HttpResponse:
    """Say that an address under the API leads nowhere."""
    raise not_found()


urlpatterns = [
    path("api/v1/openapi.json", read(openapi), name="api-openapi"),
    path("api/v1/areas", read(areas)),
    path("api/v1/areas/<str:slug>", read(area)),
    path("api/v1/answer", post(answer_question)),
    path("api/v1/feedback", post(feedback)),
    re_path(r"^api/v1(?:/.*)?$", read(nothing)),
]
