"""What one step of a handover costs, beside a bare Django view that inserts one row.

Both are views without middleware, asked one after the other, so that neither has a session or a
role to look up. The peer opens a transaction and inserts one row with the fields of a fact. Ours
opens the transaction of a request for one municipality (`journal/isolation.py: opened`), finds the
handover through its gate, locks question and handover, asks the ground, moves, and writes its
fact, its two mails in the outbox, and its two lines with their heads in the log: eight rows.

Bar: 30 % of the peer's rate, in requests per second that the product's own server answers over
one connection that stays open (medians over interleaved rounds, by the clock). So does the note
that the bar comes from: its rates are of served views. What the same costs inside this process,
without a server, is printed too, by the clock and in CPU time: there PostgreSQL has no part.
"""

import statistics
import time
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import include, path
from django.utils import timezone

from bench.pages import visit
from bench.serving import served
from omzien.areas.models import Municipality, Village
from omzien.handovers.actions.answering import accept
from omzien.handovers.actions.offering import Offer, offer
from omzien.handovers.models import Handover
from omzien.journal.isolation import choose, opened, working_for
from omzien.journal.models import Fact
from omzien.messages.models import Message
from omzien.people.gates import by_key
from omzien.people.logs.reading import note
from omzien.people.models import Account, Ground, Membership, Person, Team
from omzien.people.rules.looking import Action, Result
from omzien.people.rules.roles import Actor
from omzien.questions.models import Question, Task

CODE = "GM9995"
ROUNDS, EACH = 40, 5
BAR = 0.30
TOWN: dict[str, Any] = {}
WORDS = Offer(
    asked="Kan zij bij de dagbesteding terecht?",
    tried="Buurvrouw en huiskamer geprobeerd.",
    best_moment="'s ochtends",
    resident_knows=True,
)


def bare(_request: HttpRequest) -> HttpResponse:
    """Insert one row in a transaction."""
    with transaction.atomic():
        choose(CODE)
        Fact.objects.create(
            municipality=CODE, verb="bench", subject="bench", subject_id=str(uuid.uuid4()),
            actor="bench", details={"to": str(uuid.uuid4())},
        )  # fmt: skip
    return HttpResponse("ok")


def _log(by: Actor, kind: str, key: uuid.UUID, person: uuid.UUID | None) -> None:
    note(
        by, purpose="handover", object=(kind, key), action=Action.CHANGE,
        about=[person] if person else [], result=Result.ALLOWED, with_change=True,
    )  # fmt: skip


def accepting(_request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Accept one handover, with all that belongs to it."""
    with opened(partial(choose, CODE)):
        by = TOWN["receiver"]
        found = by_key(Handover.objects.visible_to(by), key)
        row = accept(handover=found, contact_name="Wim", by=by, now=timezone.now())
        _log(by, "handover", row.pk, row.question.person_id)
    return HttpResponse("ok")


def offering(_request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Offer one question, with all that belongs to it."""
    with opened(partial(choose, CODE)):
        by = TOWN["sender"]
        found = by_key(Question.objects.visible_to(by, verb="handover.offer"), key)
        offer(question=found, to_team=TOWN["team"], offer=WORDS, by=by, now=timezone.now())
        _log(by, "question", key, found.person_id)
    return HttpResponse("ok")


urlpatterns = [
    path("kaal", bare),
    path("neem-aan/<uuid:key>", accepting),
    path("bied-aan/<uuid:key>", offering),
    path("", include("omzien.config.urls")),
]


def _town() -> list[uuid.UUID]:
    """Build a town with questions that can be offered; return their keys."""
    from tests.casework import a_question, build, consent

    own, _ = Municipality.objects.get_or_create(
        code=CODE,
        defaults={"name": "Meting", "slug": "meting-9995", "host": "meting-9995.localhost"},
    )
    village, _ = Village.objects.get_or_create(
        municipality=own, slug="meting", defaults={"name": "Meting", "lat": 51.6, "lon": 5.4}
    )
    with working_for(CODE):
        town = build(own, village)
        consent(town, town.b, starts_on=timezone.localdate())
        TOWN.update(sender=town.a.by, receiver=town.b.by, team=town.b.team)
        count = 2 * (ROUNDS + 4) * EACH  # without a server, and with it
        found = [a_question(town, now=timezone.now()).pk for _ in range(count)]
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")  # as the autovacuum does within the first minute
    return found


def _forget() -> None:
    with working_for(CODE):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('omzien.erasing', 'on', true)")
        for model in (Task, Handover, Question, Message, Ground, Membership, Person, Team):
            model.objects.filter(municipality=CODE).delete()
    Account.objects.filter(email__endswith="@meting-9995.example").delete()
    Village.objects.filter(municipality=CODE).delete()
    Municipality.objects.filter(code=CODE).delete()


def _medians(works: dict[str, Callable[[], Any]]) -> dict[str, tuple[float, float]]:
    """Return of each work the median seconds by the clock, and of CPU, taking turns."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            for _ in range(EACH):
                began, used = time.perf_counter(), time.process_time()
                work()
                times[name].append((time.perf_counter() - began, time.process_time() - used))
    medians = {
        name: [statistics.median(one) for one in zip(*t, strict=True)] for name, t in times.items()
    }
    return {name: (clock, cpu) for name, (clock, cpu) in medians.items()}


@override_settings(
    ROOT_URLCONF="bench.handover", HTTPS=False, SECURE_SSL_REDIRECT=False, LOG_DATABASE="log",
    MIDDLEWARE=[], ALLOWED_HOSTS=["*"],
)  # fmt: skip
def run() -> None:
    """Print the rates, their ratio, and the queries of a step."""
    handler = WSGIHandler()
    _forget()
    try:
        keys = _town()
        half = len(keys) // 2
        with served(handler) as ask:
            _show("served", _steps(ask, keys[:half]), f"  bar {BAR:.0%}")
        _show("in this process", _steps(lambda address: visit(handler, address)[0], keys[half:]))
        _count()
    finally:
        _forget()
        connection.close()
        connections["log"].close()


def _steps(ask: Callable[[str], int], keys: list[uuid.UUID]) -> dict[str, tuple[float, float]]:
    """Return the medians of offering and accepting questions, each with its peer."""

    def do(address: str) -> None:
        status = ask(address)
        assert status == 200, (address, status)

    def slip_of(question: uuid.UUID) -> uuid.UUID:
        with working_for(CODE):
            return Handover.objects.open().get(question=question).pk

    warm, rest = keys[: 4 * EACH], keys[4 * EACH :]
    for key in warm:
        do("/kaal")
        do(f"/bied-aan/{key}")
        do(f"/neem-aan/{slip_of(key)}")
    questions = iter(rest)
    found = _medians(
        {"bare": lambda: do("/kaal"), "offer": lambda: do(f"/bied-aan/{next(questions)}")}
    )
    slips = iter([slip_of(key) for key in rest])
    return found | _medians(
        {
            "bare, beside accepting": lambda: do("/kaal"),
            "accept": lambda: do(f"/neem-aan/{next(slips)}"),
        }
    )


def _show(where: str, found: dict[str, tuple[float, float]], bar: str = "") -> None:
    print(f"-- {where}")
    for peer, step in (("bare", "offer"), ("bare, beside accepting", "accept")):
        (bare, bare_cpu), (ours, cpu) = found[peer], found[step]
        of_cpu = "" if bar else f"; {cpu * 1000:.2f} beside {bare_cpu * 1000:.2f} ms CPU"
        print(f"peer: view that inserts one row      {1 / bare:7.0f} requests/s")
        print(f"{step:36} {1 / ours:7.0f} requests/s  {bare / ours:6.1%}{bar}{of_cpu}")


def _count() -> None:
    with working_for(CODE):
        slip = Handover.objects.open().filter(state="accepted").first()
        assert slip is not None
        from omzien.handovers.actions.answering import return_question

        return_question(handover=slip, reason="x", by=TOWN["receiver"], now=timezone.now())
        question = slip.question
        with CaptureQueriesContext(connection) as seen:
            row = offer(
                question=question,
                to_team=TOWN["team"],
                offer=WORDS,
                by=TOWN["sender"],
                now=timezone.now(),
            )
        with CaptureQueriesContext(connection) as then:
            accept(handover=row, contact_name="Wim", by=TOWN["receiver"], now=timezone.now())
    for name, queries in (("queries of an offer", seen), ("queries of accepting", then)):
        print(f"{name:36} {len(queries):7}")
    import os

    if os.environ.get("OMZIEN_BENCH_QUERIES"):
        for one in [*seen.captured_queries, {"sql": "----"}, *then.captured_queries]:
            print("   ", one["sql"][:200])


if __name__ == "__main__":
    run()
