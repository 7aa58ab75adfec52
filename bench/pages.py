"""What the answer page costs, beside a bare Django page of as many rows in the same run.

The peer has no middleware, one query of these twenty entries without joins, and a template with
a loop that writes five fields of each. So was the page of the note that the bar of 2 comes from,
and half as heavy again (docs/decisions/0021). Printed beside it, for who compares: the empty
view; a leaner page, of twenty postcodes; and what any Django project would write for these
entries: the middleware of `startproject`, one query with two joins, and a row with a link, the
provider, the village, the first words, the costs and a date.

Ours has everything: headers, the transaction for one municipality, row-level security,
session, CSRF, understanding the question (another one each time), search, filters with
counts, cards. Figure: CPU of this process per request (PostgreSQL's own is not in it),
medians over interleaved rounds. The bar is 2 beside the bare peer.
"""

import gzip
import io
import re
import statistics
import time
from collections.abc import Callable
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import include, path

from bench.relevance import ROOT, read
from omzien.areas.models import Municipality, Postcode
from omzien.areas.queries import municipality_of_host
from omzien.directory.models import Service
from omzien.directory.queries import cards
from omzien.journal.isolation import working_for
from omzien.web.answers import views
from omzien.web.templatetags import kept, omzien

ENTRIES = 20
ROUNDS = 100
HOST = "meierijstad.localhost"
SECRET = "b" * 32
ANSWER = "answer to a question, 20 entries"
QUESTION = {"text": "ik ben vaak alleen en wil mensen ontmoeten", "place": "Veghel"}
STOCK = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
template = engines["django"].from_string
ROWS = template(
    "<!doctype html><html lang='nl'><title>Rows</title><ul>{% for row in rows %}<li>"
    "{{ row.title }} {{ row.description }} {{ row.cost }} {{ row.reach }} {{ row.checked_on }}"
    "</li>{% endfor %}</ul></html>"
)
NUMBERS = template(
    "<!doctype html><html lang='nl'><title>Rows</title><table>{% for row in rows %}<tr>"
    "<td>{{ row.pk }}</td><td>{{ row.pc4 }}</td><td>{{ row.town }}</td><td>{{ row.lat }}</td>"
    "<td>{{ row.lon }}</td></tr>{% endfor %}</table></html>"
)


def empty(_request: HttpRequest) -> HttpResponse:
    """Answer with a word."""
    return HttpResponse("ok")


def bare(_request: HttpRequest) -> HttpResponse:
    """Answer with a list of twenty entries; `run` chose the municipality beforehand."""
    return HttpResponse(ROWS.render({"rows": Service.objects.order_by("title")[:ENTRIES]}))


def lean(_request: HttpRequest) -> HttpResponse:
    """Answer with a table of twenty postcodes."""
    return HttpResponse(NUMBERS.render({"rows": Postcode.objects.order_by("pc4")[:ENTRIES]}))


ENTRY_ROWS = template(
    "<!doctype html><html lang='nl'><title>Rows</title><ul>{% for row in rows %}<li>"
    "<a href=\"{% url 'entry' row.slug %}\">{{ row.title }}</a> {{ row.provider.name }}"
    "{% if row.village %} {{ row.village.name }}{% endif %}"
    "<p>{{ row.description|truncatewords:30 }}</p>{% if row.cost %}{{ row.cost }}{% endif %}"
    "{{ row.checked_on|date:'j F Y' }}</li>{% endfor %}</ul></html>"
)


def plain(_request: HttpRequest) -> HttpResponse:
    """Answer with the same twenty entries as a plain list."""
    with working_for("GM1948"):
        rows = Service.objects.select_related("provider", "village")[:ENTRIES]
        return HttpResponse(ENTRY_ROWS.render({"rows": rows}))


urlpatterns = [
    path("leeg", empty),
    path("kaal", bare),
    path("mager", lean),
    path("gewoon", plain),
    path("", include("omzien.config.urls")),
]


def _environ(method: str, address: str, form: dict[str, str]) -> dict[str, Any]:
    body = urlencode({"csrfmiddlewaretoken": SECRET, **form}).encode() if form else b""
    route, _, query = address.partition("?")
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": route,
        "QUERY_STRING": query,
        "SERVER_NAME": HOST,
        "SERVER_PORT": "80",
        "HTTP_HOST": HOST,
        "HTTP_COOKIE": f"{settings.CSRF_COOKIE_NAME}={SECRET}",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
    }


def visit(
    handler: WSGIHandler, address: str, form: dict[str, str] | None = None
) -> tuple[int, str]:
    """Have `handler` answer one request; return its status and text."""
    statuses: list[str] = []
    environ = _environ("POST" if form else "GET", address, form or {})
    answer = handler(environ, lambda status, _headers: statuses.append(status))
    text = b"".join(answer).decode()
    answer.close()
    return int(statuses[0][:3]), text


def medians(works: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Return the median CPU milliseconds of each work, taking turns."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        for _ in range(30):
            work()
    for _ in range(ROUNDS):
        for name, work in works.items():
            began = time.process_time()
            work()
            found[name].append((time.process_time() - began) * 1000)
    return {name: statistics.median(times) for name, times in found.items()}


def _show(found: dict[str, float]) -> None:
    peer = next(iter(found.values()))
    for name, milliseconds in found.items():
        bar = "  bar 2" if name == ANSWER else ""
        print(f"{name:36} {milliseconds:6.2f} ms CPU  ratio {milliseconds / peer:5.2f}{bar}")


def kilobytes(text: str, pattern: str) -> float:
    """Return the kB, gzipped, of the files of our own that a page asks for."""
    files = [a.removeprefix(settings.STATIC_URL) for a in re.findall(pattern, text)]
    bodies = [(settings.STATIC_ROOT / name).read_bytes() for name in files]
    return sum(len(gzip.compress(body)) for body in bodies) / 1000


def _questions(ours: WSGIHandler) -> list[dict[str, str]]:
    """Return thirty questions of the own exam that bring a full page."""
    found = []
    for line in read(ROOT / "tests" / "data" / "questions_voices.jsonl"):
        form = {"text": line["text"], "place": "Veghel"}
        if visit(ours, "/antwoord", form)[1].count("data-entry") == ENTRIES:
            found.append(form)
        if len(found) == 30:
            break
    return found


def forget() -> None:
    """Forget the cards that this process made, but not the areas."""
    cards._kept.clear()
    omzien._around_why.cache_clear()
    kept.forget()


@override_settings(ROOT_URLCONF="bench.pages", HTTPS=False, SECURE_SSL_REDIRECT=False)
def run() -> None:
    """Print CPU per request beside the bare page, the queries, and the weight."""
    if not Municipality.objects.filter(host=HOST).exists():
        print("OVERGESLAGEN: er is geen demonstratie. Draai eerst `omzien demo --no-serve`.")
        return
    municipality_of_host(HOST)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('omzien.municipality', 'GM1948', false)")
    ours = WSGIHandler()
    with override_settings(MIDDLEWARE=[]):
        peer = WSGIHandler()
    with override_settings(MIDDLEWARE=STOCK):
        stock = WSGIHandler()
    views.MOST = ENTRIES
    status, text = visit(ours, "/antwoord", QUESTION)
    assert status == 200 and text.count("data-entry") == ENTRIES, (status, text[:300])
    with CaptureQueriesContext(connection) as captured:
        visit(ours, "/antwoord", QUESTION)
    queries = [q["sql"] for q in captured.captured_queries]
    questions = cycle(_questions(ours))
    link = f"/antwoord?{urlencode({'topic': 'loneliness', 'place': 'Veghel'})}"
    found = medians(
        {
            "peer: bare Django page, 20 entries": lambda: visit(peer, "/kaal"),
            "empty view": lambda: visit(peer, "/leeg"),
            "leaner page: 20 postcodes": lambda: visit(peer, "/mager"),
            "usual page: joins, links, dates": lambda: visit(stock, "/gewoon"),
            ANSWER: lambda: visit(ours, "/antwoord", next(questions)),
            "answer of a shared link": lambda: visit(ours, link),
            "village page": lambda: visit(ours, "/gebied/veghel"),
            "page without a list (over)": lambda: visit(ours, "/over"),
        }
    )
    _show(found)
    bare_page = next(iter(found))
    cold = {
        bare_page: lambda: visit(peer, "/kaal"),
        "answer, every card made anew": lambda: (forget(), visit(ours, "/antwoord", QUESTION)),
    }
    _show(medians(cold))
    work = [q for q in queries if "SAVEPOINT" not in q]
    print(f"{'queries of the answer':36} {len(work)}  bar 8")
    css = kilobytes(text, r'<link rel="stylesheet" href="([^"]+)"')
    js = kilobytes(text, r'<script src="([^"]+)"')
    print(f"{'CSS, gzipped':36} {css:.1f} kB  bar 60")
    print(f"{'JavaScript, gzipped':36} {js:.1f} kB  bar 40")
    connection.close()  # it chose a municipality for more than one transaction


if __name__ == "__main__":
    run()
