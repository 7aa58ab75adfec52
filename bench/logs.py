"""What the access log costs a page that shows a person.

The peer is the same page without the log, in the same run: a small one, with what every
signed-in page has (headers, the transaction for one municipality, row-level security, session,
account, CSRF, the frame), two short queries and a table of ten rows. Ours writes its two lines on the second
connection before it leaves (people/logs/reading.py).

The page that workers really look at, a help question with all around it, is measured the same
way: with its line, and without.

The bar: 15 % of the page's CPU, that of its PostgreSQL backends (both connections) included.
Medians over alternated rounds of ten.
"""

import gc
import inspect
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.test import Client
from django.test.utils import override_settings
from django.urls import include, path
from django.views.decorators.http import require_safe

from bench.clock import Cost, median, rounds_of, undisturbed
from bench.pages import HOST, visit
from omzien.areas.models import Municipality, Village
from omzien.areas.queries import municipality_of_host
from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.people.logs.reading import Operator, note
from omzien.people.models import Account
from omzien.people.models.sessions import SEEN, STARTED
from omzien.people.rules.looking import Result
from omzien.questions.models import Question
from omzien.web.doors import HAT, STRONG, needs
from omzien.web.logged import logged
from omzien.web.questions.question import question_page

ROUNDS = 400
BAR = 0.15
PERSON = uuid.UUID("7d8f0a7e-21c6-4cc1-9a5e-5f4ab1b4aaaa")
SESSION = {"key": ""}
ABOUT: dict[str, Any] = {"object": ("person", PERSON), "purpose": "help"}


def _with_session(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Any:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.COOKIES[settings.SESSION_COOKIE_NAME] = SESSION["key"]
        return get_response(request)

    return middleware


def _about(_request: HttpRequest, key: uuid.UUID) -> Iterable[uuid.UUID]:
    return [key]


def person(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show what a small page about a person needs: who reads, two short lists, ten rows."""
    assert request.user.is_authenticated
    facts = list(Fact.objects.filter(subject_id=str(key)).order_by("-at")[:20])
    villages = list(Village.objects.filter(municipality_id="GM1948").values_list("name")[:10])
    looks = [
        {"day": date(2026, 11, 25), "who": "een verbinder", "what": name, "purpose": len(facts)}
        for (name,) in villages
    ]
    return render(request, "accounts/who_looked.html", {"looks": looks})


logged_person = logged(purpose="help", kind="person", about=_about)(person)
without_line = needs("question.work")(require_safe(inspect.unwrap(question_page)))
urlpatterns = [
    path("zonder/<uuid:key>", person),
    path("vraag-zonder/<uuid:key>", without_line),
    path("met/<uuid:key>", logged_person),
    path("", include("omzien.config.urls")),
]


def _as_worker(client: Client) -> uuid.UUID:
    """Let the session be that of a worker; return a question of the own team."""
    with working_for("GM1948"):
        row = Question.objects.live().filter(holder__isnull=False).order_by("reference")[0]
        holder = row.holder
        assert holder is not None
        client.force_login(holder.person.account)
    session, now = client.session, int(time.time())
    session[HAT], session[STRONG] = f"membership:{holder.pk}", True
    session[SEEN] = session[STARTED] = now
    session.save()
    SESSION["key"] = session.session_key
    return row.pk


def _tell(page: str, without: list[Cost], with_log: list[Cost]) -> None:
    for what, of in {"cost of the log": median, "the same, undisturbed": undisturbed}.items():
        bare, ours = of(without), of(with_log)
        share = ours.whole / bare.whole - 1
        print(
            f"{page + ': ' + what:36} {share:6.1%}  bar {BAR:.0%}; "
            f"this process alone {ours.cpu / bare.cpu - 1:.1%}"
        )


@override_settings(
    ROOT_URLCONF="bench.logs", HTTPS=False, SECURE_SSL_REDIRECT=False, LOG_DATABASE="log"
)
def run() -> None:
    """Print the page with and without its line, and the line alone."""
    if not Municipality.objects.filter(host=HOST).exists():
        print("OVERGESLAGEN: er is geen demonstratie. Draai eerst `omzien demo --no-serve`.")
        return
    municipality_of_host(HOST)
    client = Client()
    client.force_login(Account.objects.order_by("email")[0])
    SESSION["key"] = client.session.session_key
    with override_settings(MIDDLEWARE=["bench.logs._with_session", *settings.MIDDLEWARE]):
        handler = WSGIHandler()
    status, text = visit(handler, f"/met/{PERSON}")
    assert status == 200 and "een verbinder" in text, (status, text[:300])
    reader = Operator("GM1948", key=str(uuid.UUID(int=7)), role="connector")
    works = {
        "peer: the page without its line": lambda: visit(handler, f"/zonder/{PERSON}"),
        "page that shows a person": lambda: visit(handler, f"/met/{PERSON}"),
        "a line alone, about one person": lambda: note(
            reader, about=[PERSON], result=Result.ALLOWED, **ABOUT
        ),
        "a line alone, about fifty persons": lambda: note(
            reader,
            about=[uuid.UUID(int=n) for n in range(50)],
            result=Result.ALLOWED,
            **ABOUT,
        ),
    }
    found = rounds_of(works, rounds=ROUNDS // 10, each=10, aliases=("default", "log"))
    for name, costs in found.items():
        cost = median(costs)
        print(
            f"{name:36} {cost.cpu:6.2f} ms CPU + {cost.server:5.2f} ms of PostgreSQL"
            f"  {cost.wall:6.2f} ms on the clock"
        )
    _tell("small page", *list(found.values())[:2])
    key = _as_worker(client)
    real = {
        "peer: a question without its line": lambda: visit(worker, f"/vraag-zonder/{key}"),
        "a question, as workers see it": lambda: visit(worker, f"/werk/vraag/{key}"),
    }
    with override_settings(MIDDLEWARE=["bench.logs._with_session", *settings.MIDDLEWARE]):
        worker = WSGIHandler()
    for work in real.values():
        status, text = work()
        assert status == 200, (status, text[:300])
    gc.freeze()  # as a process that serves does (config/wsgi.py)
    _tell("question", *rounds_of(real, rounds=20, each=5, aliases=("default", "log")).values())
    client.session.flush()
    connection.close()
    connections["log"].close()


if __name__ == "__main__":
    run()
