"""The style sheet of a municipality with colours of its own. Others have none to fetch."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from omzien.choices.queries import theme_css, theme_version
from omzien.web.request import Request

YEAR = 365 * 24 * 60 * 60


@require_safe
def stylesheet(request: Request, version: str) -> HttpResponse:
    """Give the tokens. The name holds the version, so a browser may keep it for a year.

    Another version is asked for just after a change, from a page that was made before it: then
    the newest is right too, but nobody may keep it under that name.
    """
    current = theme_version(request.municipality)
    if request.municipality is None or not current:
        raise Http404
    response = HttpResponse(theme_css(request.municipality), content_type="text/css; charset=utf-8")
    is_current = version == current
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable" if is_current else "no-store"
    return response
