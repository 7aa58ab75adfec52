"""Importing many services beside the least that writing them can cost, in the same run.

Ours reads a CSV in our template, checks every field, plans, analyses the words for search,
and writes services, providers, phones, times, places and search tokens in one transaction.

The peer gets the same rows as ready model instances, search tokens included: it writes them
by bare COPY into an unprotected temporary table like ours (COPY into a table behind
row-level security is not possible) and by the ORM's bulk_create into the real tables. It
reads no file, checks nothing, analyses nothing and compares nothing. The goal is 30 % of
its rate. Set the number of services with OMZIEN_BENCH_SERVICES (100000 for the record).
"""

import csv
import json
import os
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SERVICES = int(os.environ.get("OMZIEN_BENCH_SERVICES", "5000"))
GOAL = 0.30
CODE = "GM1948"
ROOT = Path(__file__).parents[1]
BATCH = 2000


def run() -> None:
    """Print both times and the ratio."""
    from django.db import transaction

    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        path = Path(folder) / "aanbod.csv"
        synthesise(path, SERVICES)
        municipality = _municipality()
        print(f"{SERVICES} services, {path.stat().st_size / 1e6:.0f} MB")
        ours = _ours(path, municipality)
        again = _ours(path, municipality)
        copied, created = _peer()
        transaction.set_rollback(True)
    peer = copied + created
    print(f"{'omzien: file to searchable entries':44} {ours:7.1f} s {SERVICES / ours:8.0f} per s")
    print(f"{'omzien: the same file again':44} {again:7.1f} s {SERVICES / again:8.0f} per s")
    print(f"{'peer: bare COPY':44} {copied:7.1f} s {SERVICES / copied:8.0f} per s")
    print(f"{'peer: ORM bulk_create':44} {created:7.1f} s {SERVICES / created:8.0f} per s")
    print(f"{'peer: both':44} {peer:7.1f} s {SERVICES / peer:8.0f} per s")
    print(
        f"ratio to both: {peer / ours:.0%} (goal {GOAL:.0%}); to bulk_create alone: {created / ours:.0%}; to COPY alone: {copied / ours:.0%}"
    )


def synthesise(path: Path, count: int) -> None:
    """Write a filled template: texts of the demonstration, shuffled so that none is the same."""
    from omzien.directory.exporting.sheets import HEADER

    rng = random.Random(20261125)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, HEADER, delimiter=";", restval="")
        writer.writeheader()
        writer.writerows(_rows(rng, count))


def _rows(rng: random.Random, count: int) -> Iterator[dict[str, Any]]:
    text = (ROOT / "src/omzien/demo/data/meierijstad.jsonl").read_text(encoding="utf-8")
    base = [json.loads(line) for line in text.splitlines()]
    sentences = [s for line in base for s in line["description"].split(". ") if 20 < len(s) < 200]
    for number in range(count):
        one, other = rng.choice(base), rng.choice(base)
        yield {
            "nummer": f"B{number}",
            "titel": f"{one['title']} {other['provider'].split()[-1]} {number}",
            "omschrijving": ". ".join(rng.sample(sentences, 4)) + ".",
            "aanbieder": f"{other['provider']} {number % max(1, count // 4)}",
            "soort aanbieder": "stichting",
            "onderwerpen": "; ".join(one["topics"]),
            "trede": "algemeen",
            "telefoon": f"0413-{rng.randrange(100000, 999999)}",
            "e-mail": f"post{number}@voorbeeld.example",
            "straat": f"Dorpsstraat {number % 500}",
            "postcode": f"{5000 + number % 999} AB",
            "plaats": "Schijndel",
            "tijden": rng.choice(["ma-vr 09:00-17:00", "wo 10:00-12:00", "agenda do 19:30-22:00"]),
            "kosten": rng.choice(["gratis", "2 euro", ""]),
            "doelgroep": "; ".join(one["audience"]),
            "talen": "nl",
        }


def _municipality() -> Any:
    from omzien.areas.models import Municipality

    found, _new = Municipality.objects.get_or_create(
        code=CODE, defaults={"name": "Meierijstad", "slug": "meierijstad"}
    )
    return found


def _ours(path: Path, municipality: Any) -> float:
    from omzien.directory.actions.importing import import_file

    began = time.perf_counter()
    report = import_file(municipality=municipality, path=path, by="bench", dry_run=False)
    took = time.perf_counter() - began
    if report.refused:
        raise SystemExit(f"refused: {report.faults[0]}")
    return took


def _peer() -> tuple[float, float]:
    """Take our rows out, write them by COPY and by the ORM; return both times."""
    from django.db.models import Model

    from omzien.directory.models import (
        Phone,
        Place,
        Provider,
        Schedule,
        SearchTokens,
        Service,
        ServicePlace,
    )
    from omzien.journal.isolation import working_for

    models: list[type[Model]] = [
        Provider, Service, Place, ServicePlace, Phone, Schedule, SearchTokens,
    ]  # fmt: skip
    copied = created = 0.0
    with working_for(CODE):
        rows = {model: list(_rows_of(model)) for model in models}
        for model in reversed(models):
            owned = model._base_manager.filter(municipality_id=CODE)
            owned._raw_delete(owned.db)
        for model in models:
            copied += _copy(model, rows[model])
        for model in models:
            created += _bulk_create(model, rows[model])
    return copied, created


def _rows_of(model: Any) -> Any:
    rows = model._base_manager.filter(municipality_id=CODE)
    if hasattr(model, "service"):
        return (
            rows.filter(service__external_id__startswith="B")
            if model.__name__ != "Service"
            else rows
        )
    return rows


def _copy(model: Any, things: list[Any]) -> float:
    from django.db import connection
    from django.db.models import AutoField, JSONField
    from psycopg.types.json import Jsonb

    fields = [f for f in model._meta.concrete_fields if not isinstance(f, AutoField)]
    names = ", ".join(f.column for f in fields)
    json_at = {f.attname for f in fields if isinstance(f, JSONField)}
    rows = [
        tuple(
            Jsonb(getattr(thing, f.attname)) if f.attname in json_at else getattr(thing, f.attname)
            for f in fields
        )
        for thing in things
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE bench_copy AS SELECT {names} FROM {model._meta.db_table}"
            " WITH NO DATA"
        )
        began = time.perf_counter()
        with cursor.copy(f"COPY bench_copy ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        took = time.perf_counter() - began
        cursor.execute("DROP TABLE bench_copy")
    return took


def _bulk_create(model: Any, things: list[Any]) -> float:
    from django.db.models import AutoField

    for thing in things:
        thing._state.adding = True
        if isinstance(model._meta.pk, AutoField):
            thing.pk = None
    began = time.perf_counter()
    model._base_manager.bulk_create(things, batch_size=BATCH)
    return time.perf_counter() - began


if __name__ == "__main__":
    run()
