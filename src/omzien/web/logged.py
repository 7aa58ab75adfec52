"""Pages that show person data: the log line is on disk before the page leaves.

@logged(purpose="help", kind="question", about=resident_of)
def question(request, key): ...
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from omzien.people.kept import kept
from omzien.people.logs.reading import LogUnavailable, note, origin_of
from omzien.people.queries.same import is_self
from omzien.people.rules.looking import Action, Result
from omzien.questions.actions.emergency import reading_now
from omzien.questions.models import BreakGlass, Question
from omzien.web.request import Request

P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponseBase]
RETRY_SECONDS = 60
LEADS_ON = (302, 303)
SHOWN = "persons_shown"  # on the request: whose data the page shows


def logged(
    *,
    purpose: str,
    kind: str,
    about: Callable[..., Iterable[UUID | str]],
    action: Action = Action.READ,
) -> Callable[[View[P]], View[P]]:
    """Let a page be logged as a reading of person data, by what came of it.

    `about` gets what the view gets and returns the keys of the persons; the argument `key` of the
    view is the id of the object. The page is made first and leaves only
    when its line is written; what it wrote to the database is rolled back otherwise. The line of
    a change that leads on to another page comes on disk with that change. A refusal (403, or 404
    for what the reader may not know of) is logged as one.

    Raises LogUnavailable, which the middleware below turns into a page.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def inner(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            began = timezone.now()

            def write(result: Result, *, with_change: bool = False) -> None:
                reading = _in_emergency(request, kwargs.get("key"), result)
                note(
                    request.actor,
                    purpose=reading.activity if reading else purpose,
                    object=(kind, kwargs.get("key", "")),
                    action=action,
                    about=about(request, *args, **kwargs),
                    origin=origin_of(request),
                    result=Result.BREAK_GLASS if reading else result,
                    began=began,
                    with_change=with_change,
                )

            try:
                response = view(request, *args, **kwargs)
            except (PermissionDenied, Http404):
                write(Result.REFUSED)
                raise
            except LogUnavailable:
                raise
            except Exception:
                write(Result.FAILED)
                raise
            # A file is whole before it leaves; another stream is still made while it does.
            if response.streaming and not isinstance(response, FileResponse):
                raise TypeError("a stream leaves before its line: use reading() in the view")
            # What was changed and only leads on shows nothing by itself.
            is_change = request.method == "POST" and response.status_code in LEADS_ON
            write(_result(response.status_code), with_change=is_change)
            response.setdefault("Cache-Control", "no-store")
            return response

        return inner

    return decorate


def _in_emergency(request: Request, key: object, result: Result) -> BreakGlass | None:
    """Return the emergency reading by which a question was read, if that is how."""
    if result != Result.ALLOWED or not isinstance(key, UUID):
        return None
    return reading_now(request.actor, key, at=timezone.now())


def shows(request: HttpRequest, persons: Iterable[UUID | None]) -> None:
    """Remember, while a page is made, whose data it shows: for `about=whom_shown`."""
    found = getattr(request, SHOWN, {})
    setattr(request, SHOWN, found | dict.fromkeys(one for one in persons if one))


def whom_shown(request: HttpRequest, *_more: object, **_named: object) -> list[UUID]:
    """Return whom the view said to show: for `about` of a list, or of what somebody finds."""
    return list(getattr(request, SHOWN, {}))


def reader_of(request: Request, **_named: object) -> list[UUID]:
    """Return who reads: for `about` of a page about oneself."""
    return [request.actor.person] if request.actor.person else []


def resident_of(request: Request, key: UUID, *more: object, **named: object) -> list[UUID]:
    """Return whose question it is, for `about`: also where the reader may not see it."""
    return [person for (person,) in _resident(key)]


@kept
def _resident(question: UUID) -> QuerySet[Question, tuple[UUID]]:
    return Question.objects.filter(pk=question, person__isnull=False).values_list("person")


def shows_beside(request: Request, resident: UUID | None, them: Iterable[UUID]) -> None:
    """Remember who spoke or decided for a resident by mandate, as `shows`, but not who looks.
    Nor anybody where the resident looks: who has a mandate does not hear of that.
    """
    if not is_self(request.actor, resident):
        shows(request, (one for one in them if one != request.actor.person))


def reached_of(request: Request, key: UUID, *more: object, **named: object) -> list[UUID]:
    """Return whose question it is, and whom else the page `shows`: who is reached for them, or
    decided for them.
    """
    return [*resident_of(request, key), *whom_shown(request)]


def _result(status: int) -> Result:
    if status in (401, 403, 404, 410):
        return Result.REFUSED
    return Result.FAILED if status >= 500 else Result.ALLOWED


def log_unavailable(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Tell in plain words that a page cannot be shown now, when its reading cannot be logged."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    middleware.process_exception = _explain  # type: ignore[attr-defined]
    return middleware


def _explain(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    if not isinstance(exception, LogUnavailable):
        return None
    response = render(request, "503.html", status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response
