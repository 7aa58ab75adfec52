"""A whole country in one process: 342 municipalities with about 1,170 entries each.

The entries are synthesised from the demonstration: each is one of its 300 with a few words
of its own, in title and description, so that every municipality has another vocabulary.
They stand in a database of their own (`omzien_scale_N`), made once; a run that was stopped
goes on where it was. OMZIEN_BENCH_SERVICES sets the size; 400000 is the figure, the default
is a tenth: as large municipalities, but fewer.

Measured in a process that has loaded what a web process loads: questions scoped to random
municipalities, analysis and the transaction included, beside PostgreSQL full text (`dutch`,
GIN index) over the same rows; the first question in each municipality; memory; and how long
two other processes need to find a changed entry.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omzien.config.settings")
os.environ.setdefault("OMZIEN_DEMO", "1")
django.setup()  # this file is also run by itself, in processes of its own

from django.core.management import call_command
from django.db import connection, connections, models, transaction
from django.utils import timezone

from bench.relevance import ROOT, read
from omzien.areas.models import Municipality, Village
from omzien.config.database import grant
from omzien.demo import corpus
from omzien.directory.actions.entries import load_topics, schedules_of
from omzien.directory.language.analysis import token_forms, words
from omzien.directory.language.topics import all_topics
from omzien.directory.models import (
    IndexVersion,
    Place,
    Provider,
    Schedule,
    SearchTokens,
    Service,
    ServicePlace,
)
from omzien.directory.queries import indexes
from omzien.directory.queries.indexes import index_for
from omzien.directory.rules import is_free
from omzien.directory.search.answer import Answer, Where, answer
from omzien.directory.search.entries import TITLE, topics_of, weighted_tokens
from omzien.journal.isolation import working_for
from omzien.kernel.geo import LatLon
from omzien.kernel.text import slugify, sort_key

FULL, DEFAULT, EACH = 400_000, 40_000, 1170
FORM = 2  # raise it when what is made changes, so that nothing old is measured
VILLAGES, OWN_WORDS, POOL = 12, 8, 20_000
QUESTIONS = 2000
BARS = {"p95": 10.0, "seconds": 2.0, "megabytes": 600}
COUNTED = {"builds": 0}
FILLED = (Provider, Service, SearchTokens, Schedule, Place, ServicePlace, IndexVersion)


@dataclass(frozen=True)
class Sample:
    """One entry of the demonstration, analysed once, from which many are made."""

    line: dict[str, Any]
    service: Service
    schedules: list[Schedule]
    tokens: dict[str, float]
    topics: dict[str, float]


def size() -> int:
    """Return how many entries this run has."""
    return int(os.environ.get("OMZIEN_BENCH_SERVICES", DEFAULT))


def codes() -> list[str]:
    """Return the codes of the municipalities, all of the same size."""
    return [f"GM{9000 + n}" for n in range(min(342, max(1, round(size() / EACH))))]


# Making


def make() -> None:
    """Make the database, or what it lacks."""
    _use(create=True)
    samples = list(_samples())
    pool = _pool()
    shared = [s for s in samples if s.line["kern"] in (corpus.NATIONAL, corpus.REGIONAL)]
    local = [s for s in samples if s not in shared]
    owner = connections["owner"]
    done = set(Municipality.objects.values_list("code", flat=True))
    with owner.cursor() as cursor:
        _walls(cursor, "NO FORCE")
        try:
            if "GM8999" not in done:
                _fill(
                    cursor,
                    Municipality(code="GM8999", name="Nergens", slug="nergens"),
                    shared,
                    pool,
                    len(shared),
                    is_shared=True,
                )
            for number, code in enumerate(codes(), start=1):
                if code not in done:
                    municipality = Municipality(
                        code=code, name=f"Proefstad {code}", slug=code.lower()
                    )
                    _fill(cursor, municipality, local, pool, size() // len(codes()))
                if number % 10 == 0 or number == len(codes()):
                    print(f"\r  made {number} of {len(codes())} municipalities", end="", flush=True)
            print()
            cursor.execute("CREATE INDEX IF NOT EXISTS bench_peer_v ON bench_peer USING gin (v)")
            cursor.execute("CREATE INDEX IF NOT EXISTS bench_peer_m ON bench_peer (municipality)")
            cursor.execute("ANALYZE")
        finally:
            _walls(cursor, "FORCE")
    grant(owner.connection, connections["default"].settings_dict["USER"])


def _use(*, create: bool = False) -> None:
    name = f"omzien_scale{FORM}_{size()}"
    owner = connections["owner"]
    if create:
        with owner.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if not cursor.fetchone():
                cursor.execute(f'CREATE DATABASE "{name}"')
    for alias in ("owner", "default", "log"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
    if not create:
        return
    call_command("migrate", database="owner", interactive=False, verbosity=0)
    grant(owner.connection, connections["default"].settings_dict["USER"])
    load_topics()
    with owner.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS bench_base (id text PRIMARY KEY, long int, v tsvector)"
        )
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS bench_peer (id uuid, municipality text, v tsvector)"
        )
        for line in read(ROOT / "src" / "omzien" / "demo" / "data" / "meierijstad.jsonl"):
            cursor.execute(
                "INSERT INTO bench_base VALUES (%s, %s, to_tsvector('dutch', %s)) ON CONFLICT DO NOTHING",
                [line["id"], len(line["description"]), line["description"]],
            )


def _walls(cursor: Any, how: str) -> None:
    # COPY cannot pass row-level security; only the owner of this database may go round it.
    for model in FILLED:
        cursor.execute(f"ALTER TABLE {model._meta.db_table} {how} ROW LEVEL SECURITY")


def _samples() -> Iterator[Sample]:
    labels = all_topics()
    for demo in corpus.read("meierijstad.jsonl", villages={}, on=date.today()):  # noqa: DTZ011
        line, draft = demo.line, demo.draft
        facts = {k: v for k, v in draft.facts.items() if k != "village"}
        service = Service(
            title=draft.title, description=draft.description, rung=draft.rung,
            topics=list(draft.topics), is_free=is_free(str(facts["cost"])), **facts,
        )  # fmt: skip
        yield Sample(
            line,
            service,
            schedules_of(service, draft.schedules),
            weighted_tokens(
                title=draft.title, provider=line["provider"], description=draft.description,
                audience=" ".join(line["audience"]), eligibility=line["eligibility"] or "",
                topic_labels=" ".join(labels[t].nl for t in draft.topics),
            ),
            topics_of(list(draft.topics), title=draft.title, description=draft.description),
        )  # fmt: skip


def _pool() -> list[str]:
    """Return Dutch words that entries get as their own, in a fixed random order."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    known = DefaultDictionaryFactory().get_dictionary("nl")
    texts = (w.decode() if isinstance(w, bytes) else w for w in known)
    usable = sorted(
        w for w in texts if w.isascii() and w.isalpha() and w.islower() and 4 < len(w) < 14
    )
    return random.Random(1948).sample(usable, POOL)


@transaction.atomic(using="owner")
def _fill(
    cursor: Any,
    municipality: Municipality,
    samples: list[Sample],
    pool: list[str],
    number: int,
    *,
    is_shared: bool = False,
) -> None:
    """Write one municipality with `number` entries, all or nothing."""
    chance = random.Random(municipality.code)
    code = None if is_shared else municipality.code
    rows: dict[type[models.Model], list[models.Model]] = {model: [] for model in FILLED}
    providers: dict[str, Provider] = {}
    municipality.save(using="owner")
    villages = [] if is_shared else _villages(municipality, chance)
    for i in range(number):
        sample = samples[i % len(samples)]
        name = sample.line["provider"]
        provider = providers.setdefault(
            name,
            Provider(id=_id(chance), municipality_id=code, name=name, sort_name=sort_key(name)[:120],
                     kind=sample.line["provider_kind"]),
        )  # fmt: skip
        _entry(rows, sample, provider, villages, _own_words(pool, chance), chance, i)
    rows[Provider] = list(providers.values())
    rows[IndexVersion] = [IndexVersion(municipality_id=code)]
    for model in FILLED:
        _copy(cursor, model, rows[model])
    cursor.execute(
        "INSERT INTO bench_peer SELECT s.id, s.municipality_id,"
        " setweight(to_tsvector('dutch', s.title), 'A') || b.v"
        " || to_tsvector('dutch', substr(s.description, b.long + 1))"
        " FROM directory_service s JOIN bench_base b ON b.id = s.external_id"
        " WHERE s.municipality_id IS NOT DISTINCT FROM %s",
        [code],
    )


def _villages(municipality: Municipality, chance: random.Random) -> list[Village]:
    lat, lon = chance.uniform(51, 53), chance.uniform(4.5, 6.5)
    return Village.objects.using("owner").bulk_create(
        Village(
            municipality=municipality, slug=f"kern-{n}", name=f"Kern {n}",
            lat=lat + chance.uniform(-0.1, 0.1), lon=lon + chance.uniform(-0.1, 0.1),
        )
        for n in range(VILLAGES)
    )  # fmt: skip


def _own_words(pool: list[str], chance: random.Random) -> list[str]:
    # Squaring makes the first words of the pool common and the last ones rare.
    return [pool[int(len(pool) * chance.random() ** 2)] for _ in range(OWN_WORDS)]


def _entry(
    rows: dict[type[models.Model], list[models.Model]],
    sample: Sample,
    provider: Provider,
    villages: list[Village],
    own: list[str],
    chance: random.Random,
    number: int,
) -> None:
    village = chance.choice(villages) if villages else None
    title = f"{sample.service.title} {own[0]}"[:200]
    base = {f.attname: getattr(sample.service, f.attname) for f in Service._meta.concrete_fields}
    now = timezone.now()
    service = Service(
        **{
            **base,
            "id": _id(chance),
            "municipality_id": provider.municipality_id,
            "provider_id": provider.id,
            "slug": f"{slugify(title)[:80]}-{number}",
            "title": title,
            "sort_title": sort_key(title)[:120],
            "description": f"{sample.service.description} {' '.join(own[1:])}.",
            "village_id": village.pk if village else None,
            "created_at": now,
            "changed_at": now,
        }
    )
    tokens = dict(sample.tokens)
    for place, word in enumerate(own):
        for token, weight in token_forms(word):
            tokens[token] = tokens.get(token, 0.0) + weight * (1.0 if place else TITLE)
    owner = {"municipality_id": provider.municipality_id, "service_id": service.id}
    tokens = {token: round(amount, 2) for token, amount in tokens.items()}
    rows[Service].append(service)
    rows[SearchTokens].append(SearchTokens(tokens=tokens, topics=sample.topics, **owner))
    for s in sample.schedules:
        starts = s.starts.replace(minute=chance.choice((0, 15, 30, 45)))
        row = Schedule(
            first_on=s.first_on + timedelta(weeks=chance.randrange(-52, 1)), starts=starts, ends=s.ends,
            rule=s.rule, note=s.note, is_activity=s.is_activity, **owner,
        )  # fmt: skip
        rows[Schedule].append(row)
    if village and sample.line["address"]:
        place_row = Place(
            id=_id(chance), municipality_id=provider.municipality_id,
            street=sample.line["address"], town=village.name, village_id=village.pk,
            lat=village.lat + chance.uniform(-0.01, 0.01), lon=village.lon + chance.uniform(-0.01, 0.01),
        )  # fmt: skip
        rows[Place].append(place_row)
        rows[ServicePlace].append(ServicePlace(id=_id(chance), place_id=place_row.id, **owner))


def _id(chance: random.Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)


def _copy(cursor: Any, model: type[models.Model], rows: list[models.Model]) -> None:
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]
    now = timezone.now()
    names = ", ".join(f.column for f in fields)
    with cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as copy:
        for row in rows:
            values = [getattr(row, f.attname) for f in fields]
            copy.write_row(
                [
                    json.dumps(v) if isinstance(v, dict) else
                    now if v is None and f.column.endswith("_at") else
                    str(v) if isinstance(v, str) else v
                    for f, v in zip(fields, values, strict=True)
                ]
            )  # fmt: skip


# Measuring


def memory(name: str = "VmRSS") -> float:
    """Return the megabytes of this process (`VmHWM`: the most it ever had)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    return 0.0


def ask(code: str, text: str, where: Where) -> Answer:
    """Answer a question as a page does: transaction, index, analysis, ranking."""
    with working_for(code):
        return search(code, text, where)


def search(code: str, text: str, where: Where) -> Answer:
    """Answer a question inside a transaction that works for the municipality."""
    index, thesaurus = index_for(code, on=timezone.localdate())
    return answer(text, index, where=where, thesaurus=thesaurus)


def timed_search(code: str, text: str, where: Where) -> float:
    """Return the milliseconds of the search alone, without opening the transaction."""
    with working_for(code):
        return timed(lambda: search(code, text, where))


def ask_peer(code: str, text: str) -> list[Any]:
    """Ask PostgreSQL full text in the rows of a municipality and the shared ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM bench_peer, websearch_to_tsquery('dutch', %s) q"
            " WHERE (municipality = %s OR municipality IS NULL) AND v @@ q"
            " ORDER BY ts_rank(v, q) DESC LIMIT 30",
            [" or ".join(words(text)), code],
        )
        return cursor.fetchall()


def timed(work: Callable[[], Any], clock: Callable[[], float] = time.perf_counter) -> float:
    """Return the milliseconds that `work` takes."""
    began = clock()
    work()
    return (clock() - began) * 1000


def _builds() -> int:
    return COUNTED["builds"]


def _count_builds() -> None:
    build = indexes.build

    def counted(*arguments: Any) -> Any:
        COUNTED["builds"] += 1
        return build(*arguments)

    indexes.build = counted


def show(label: str, found: list[float], bar: str = "") -> None:
    """Print median and 95th percentile."""
    p95 = statistics.quantiles(found, n=20)[-1]
    print(f"{label:46} median {statistics.median(found):7.2f} ms  p95 {p95:7.2f} ms  {bar}")


def measure() -> None:
    """Measure in this process, which must have made nothing."""
    import omzien.config.urls
    import omzien.config.wsgi  # noqa: F401  what a web process loads

    _use()
    _count_builds()
    chance = random.Random(1)
    texts = [q["text"] for q in read(ROOT / "tests" / "data" / "questions_voices.jsonl")]
    places = {code: _places(code) for code in codes()}
    for text in texts:
        ask(codes()[0], text, Where())
    print(f"{'memory, one municipality visited':46} {memory():7.0f} MB")
    order = chance.sample(codes()[1:], len(codes()) - 1)
    cold = [timed(lambda c=code: ask(c, chance.choice(texts), Where())) for code in order]
    if len(cold) > 1:
        show(f"first question in a municipality (n {len(cold)})", cold)
    print(f"{'memory, all municipalities visited':46} {memory():7.0f} MB  bar {BARS['megabytes']}")
    asked = [
        (c := chance.choice(codes()), chance.choice(texts), chance.choice(places[c]))
        for _ in range(QUESTIONS)
    ]
    built = _builds()
    ours = [timed_search(*a) for a in asked]
    show(f"scoped search (n {QUESTIONS})", ours, f"bar p95 {BARS['p95']:.0f}")
    print(f"{'  of these, had to build the index first':46} {_builds() - built}")
    show("  with its transaction", [timed(lambda a=a: ask(*a)) for a in asked])
    show("  the same, CPU", [timed(lambda a=a: ask(*a), time.process_time) for a in asked])
    peer = [timed(lambda a=a: ask_peer(a[0], a[1])) for a in asked[:500]]
    show("peer: PostgreSQL dutch, GIN (n 500)", peer)
    print(
        f"{'ratio of p95 to the peer':46} {statistics.quantiles(ours, n=20)[-1] / statistics.quantiles(peer, n=20)[-1]:7.2f}"
    )
    print(
        f"{'memory at the end, and the most ever':46} {memory():7.0f} MB {memory('VmHWM'):7.0f} MB"
    )


def _places(code: str) -> list[Where]:
    villages = Village.objects.filter(municipality=code)
    return [Where(v.slug, LatLon(v.lat, v.lon)) for v in villages if v.lat and v.lon]


# Another process finds a change


def watch(code: str, word: str) -> None:
    """Ask for `word` until it is found; say "ready" first and the moment at the end."""
    _use()
    ask(code, word, Where())
    print("ready", flush=True)
    until = time.time() + 30
    while time.time() < until:
        found = ask(code, word, Where())
        if found.hits and word in found.hits[0].words:
            print(time.time(), flush=True)
            return
        time.sleep(0.02)


def refresh() -> None:
    """Print how long two other processes need to find an entry that was changed."""
    from omzien.directory.actions import change

    _use()
    delays = []
    for number in range(5):
        code, word = codes()[number % len(codes())], f"zwevegoor{uuid.uuid4().hex[:6]}"
        others = [_other("watch", code, word) for _ in range(2)]
        for other in others:
            assert other.stdout and other.stdout.readline().strip() == "ready"
        with working_for(code):
            service = Service.objects.filter(municipality=code).order_by("pk")[number]
            change(service=service, changes={"title": f"Nieuw {word}"}, by="bench")
        changed = time.time()
        delays += [float(other.communicate(timeout=60)[0]) - changed for other in others]
    print(
        f"{'changed entry found by two other processes':46} longest {max(delays):5.2f} s  bar {BARS['seconds']:.0f} s"
    )


def _other(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "bench.scale", *arguments],
        stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip


def run() -> None:
    """Make what is lacking, then measure in a process of its own."""
    print(f"{size():,} services in {len(codes())} municipalities"
          + ("" if size() >= FULL else f" (the figure is {FULL:,} in 342: OMZIEN_BENCH_SERVICES={FULL})"))  # fmt: skip
    began = time.perf_counter()
    make()
    print(f"  {time.perf_counter() - began:.0f} s to make what was lacking", flush=True)
    for step in ("measure", "refresh"):
        subprocess.run([sys.executable, "-m", "bench.scale", step], check=True, cwd=ROOT)


if __name__ == "__main__":
    {"measure": measure, "refresh": refresh, "watch": watch, "make": make}[sys.argv[1]](
        *sys.argv[2:]
    )
