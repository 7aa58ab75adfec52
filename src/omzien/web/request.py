"""A request as our own middleware hands it to a view."""

from django.http import HttpRequest

from omzien.areas.models import Municipality


class Request(HttpRequest):
    """A request that knows which municipality its host name serves, if any."""

    municipality: Municipality | None
