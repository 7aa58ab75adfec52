"""What the access log costs a page that shows a person.

The peer is the same page without the log, in the same run: a small one, with what every
signed-in page has (headers, the transaction for one municipality, row-level security, session,
account, CSRF, the frame), two short queries and a table of ten rows. Ours writes its two lines on the second
connection before it leaves (people/logs/reading.py).

The bar: 15 % of the page's CPU. Figure: CPU of this process per request, medians over
interleaved rounds; PostgreSQL's own CPU and the wait for the disk are told beside it.
"""

import statistics
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
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

from bench.pages import HOST, visit
from omzien.areas.models import Municipality, Village
from omzien.areas.queries import municipality_of_host
from omzien.journal.models import Fact
from omzien.people.logs.reading import Operator, note
from omzien.people.models import Account
from omzien.people.rules.looking import Result
from omzien.web.logged import logged

ROUNDS = 300
BAR = 0.15
PERSON = uuid.UUID("7d8f0a7e-21c6-4cc1-9a5e-5f4ab1b4aaaa")
SESSION = {"key": ""}
ABOUT: dict[str, Any] = {"object": ("person", PERSON), "purpose": "help"}


def _signed_in(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Any:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.COOKIES[settings.SESSION_COOKIE_NAME] = SESSION["key"]
        request.actor = Operator("GM1948", key=str(uuid.UUID(int=7)), role="connector")
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
        {"day": date(2026, 11, 25), "role": "een verbinder", "did": name, "purpose": len(facts)}
        for (name,) in villages
    ]
    return render(request, "accounts/who_looked.html", {"looks": looks})


logged_person = logged(purpose="help", kind="person", about=_about)(person)
urlpatterns = [
    path("zonder/<uuid:key>", person),
    path("met/<uuid:key>", logged_person),
    path("", include("omzien.config.urls")),
]


def _server() -> float:
    """Return the CPU milliseconds so far of the two server processes that work for us."""
    found = 0.0
    for alias in ("default", "log"):
        connections[alias].ensure_connection()
        process = connections[alias].connection.info.backend_pid
        file = Path(f"/proc/{process}/schedstat")
        if file.exists():  # an own server may be on another machine
            found += int(file.read_text(encoding="ascii").split()[0]) / 1e6
    return found


def _medians(works: dict[str, Callable[[], Any]]) -> dict[str, tuple[float, float, float]]:
    """Return median CPU and wall milliseconds of each work, and the server's mean CPU."""
    cpu: dict[str, list[float]] = {name: [] for name in works}
    wall: dict[str, list[float]] = {name: [] for name in works}
    server = dict.fromkeys(works, 0.0)
    for work in works.values():
        for _ in range(30):
            work()
    for _ in range(ROUNDS // 10):
        for name, work in works.items():
            before = _server()
            for _ in range(10):
                began, clock = time.process_time(), time.perf_counter()
                work()
                cpu[name].append((time.process_time() - began) * 1000)
                wall[name].append((time.perf_counter() - clock) * 1000)
            server[name] += _server() - before
    return {
        name: (
            statistics.median(cpu[name]),
            statistics.median(wall[name]),
            server[name] / len(cpu[name]),
        )
        for name in works
    }


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
    with override_settings(MIDDLEWARE=["bench.logs._signed_in", *settings.MIDDLEWARE]):
        handler = WSGIHandler()
    status, text = visit(handler, f"/met/{PERSON}")
    assert status == 200 and "een verbinder" in text, (status, text[:300])
    reader = Operator("GM1948", key=str(uuid.UUID(int=7)), role="connector")
    found = _medians(
        {
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
    )
    for name, (cpu, wall, server) in found.items():
        print(f"{name:36} {cpu:6.2f} ms CPU  {wall:6.2f} ms wall  {server:5.2f} ms CPU of server")
    without, with_log = (found[name] for name in list(found)[:2])
    print(f"{'cost of the log, of the page':36} {with_log[0] / without[0] - 1:6.1%}  bar {BAR:.0%}")
    both = (with_log[0] + with_log[2]) / (without[0] + without[2]) - 1
    print(f"{'the same, with the server':36} {both:6.1%}")
    client.session.flush()
    connection.close()
    connections["log"].close()


if __name__ == "__main__":
    run()
