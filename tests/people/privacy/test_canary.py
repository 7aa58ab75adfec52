"""One person with a token in every table: after erasing there is no trace, anywhere (V6).

It runs in a process, a folder and a database of its own, so that everything is committed and
the database is read as its administrator reads it, past the wall.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from omzien.journal.isolation import working_for
from omzien.people.privacy.classes import DataClass, classes
from omzien.people.privacy.erasing import erase_person
from omzien.people.rules.roles import SYSTEM
from tests.journeys.site import Site
from tests.people.privacy.conftest import TOKENS

pytestmark = pytest.mark.slow
MODELS = {model._meta.label: model for model in apps.get_models()}
ROOT = Path(__file__).parents[3]


def fly(left_out: str = "") -> dict[str, dict[str, list[str]]]:
    site = Site()
    try:
        environment = site.environment() | {
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            "PYTHONWARNINGS": "ignore",
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.people.privacy.flight", left_out],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
        assert lines, done.stdout[-2000:] + done.stderr[-4000:]
        # What goes to the screen of the process is a log too.
        found = json.loads(lines[0][7:])
        screen = done.stderr.lower()
        if heard := [token for token in TOKENS if token in screen]:
            found["after"]["stderr"] = heard
        return found
    finally:
        site.remove()


# Where the canary is not: nobody writes there.
LOG = "codes and random keys only, which PostgreSQL checks; kept by law"
NOT_THERE = {
    **dict.fromkeys((("people.AccessLine", name) for name in (
        "action", "actor", "address_hash", "channel", "organisation", "result", "role")), LOG),
    **dict.fromkeys((("people.ProcessingLine", name) for name in (
        "data_subject_id", "name", "processing_activity", "resource")), LOG),
    ("mediation.Case", "reference"): "made at random, and of nobody once it is forgotten",
    ("mediation.Mediator", "postcode"): "too short for a word; the street stands beside it",
    ("mediation.Party", "postcode"): "too short for a word; the street stands beside it",
    ("people.Ground", "purpose"): "a code of a table",
    ("people.Person", "first_name"): "the first word of the name",
    ("people.Person", "language"): "a code of a table",
    ("questions.Question", "reference"): "made at random, and of nobody once it is anonymous",
}  # fmt: skip
WORDS = {DataClass.FREE_TEXT, DataClass.CONTACT, DataClass.WORK, DataClass.IDENTITY}


def holds_words(model, name: str) -> bool:
    """Tell whether a column can hold what somebody types: choices, days and keys cannot."""
    field = model._meta.get_field(name)
    kinds = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
    return isinstance(field, kinds) and not field.choices and not field.is_relation


def columns() -> Iterator[tuple[str, str, str, str]]:
    """Yield model, field, table and column of all in which somebody can write about a person."""
    for (label, name), one in classes().items():
        model = MODELS.get(label)
        if model and one.kind in WORDS and holds_words(model, name):
            yield label, name, model._meta.db_table, model._meta.get_field(name).column


def written() -> set[tuple[str, str]]:
    """Return the fields in which a word of the canary stands now."""
    found = set()
    with working_for("GM1948"), connection.cursor() as cursor:
        for label, name, table, column in columns():
            cursor.execute(f'SELECT "{column}"::text FROM "{table}"')
            text = " ".join(str(row[0]) for row in cursor.fetchall()).lower()
            if any(token in text or token.encode().hex() in text for token in TOKENS):
                found.add((label, name))
    return found


@pytest.mark.django_db
def test_the_canary_is_in_each_field_in_which_somebody_can_write(canary):
    fields = {(label, name) for label, name, *_ in columns()}
    assert fields - written() == set(NOT_THERE), "hatch() in conftest.py, or a reason here"


# What is emptied with a question, table by table; what hangs on another goes with that.
EMPTIED = (
    "questions.Task", "questions.Attempt", "questions.Crisis", "questions.BreakGlass",
    "questions.Discussion", "questions.Goal", "questions.Note", "questions.Objection",
    "questions.Post", "questions.Signal", "questions.EarlySignal", "questions.YoungCarerSignal",
    "handovers.Handover", "handovers.HandoverLink", "handovers.OfferDraft", "handovers.Meeting",
    "handovers.Referral", "handovers.Consult", "handovers.Involvement",
    "handovers.Wait",
)  # fmt: skip


@pytest.mark.django_db
def test_a_table_that_is_forgotten_is_noticed(canary, monkeypatch):
    """The negative control of each table: what changes and removes its rows does nothing."""
    update, delete = models.QuerySet.update, models.QuerySet.delete
    left_out = ""
    monkeypatch.setattr(
        models.QuerySet, "update",
        lambda rows, **new: 0 if rows.model._meta.label == left_out else update(rows, **new),
    )  # fmt: skip
    monkeypatch.setattr(
        models.QuerySet, "delete",
        lambda rows: (0, {}) if rows.model._meta.label == left_out else delete(rows),
    )  # fmt: skip
    found = {}
    for left_out in ("", *EMPTIED):
        with transaction.atomic():
            with working_for("GM1948"):
                erase_person(
                    person=canary.again(), reason="request", on=timezone.localdate(), by=SYSTEM
                )
            found[left_out] = {label for label, _name in written()}
            transaction.set_rollback(True)
    assert found.pop("") == set()
    assert {table for table, kept in found.items() if table not in kept} == set()


def test_the_canary_leaves_no_trace():
    found = fly()
    tables = {where for where in found["before"] if where.startswith("table ")}
    assert len(tables) >= 12, found["before"]
    told = {token for where in tables for token in found["before"][where]}
    assert told == set(TOKENS)
    assert found["after"] == {}
    assert found["later"] == {}


@pytest.mark.parametrize("left_out", ["message"])
def test_the_canary_sings_when_a_source_is_left_out(left_out):
    """The negative control: without one source the trace is found."""
    assert fly(left_out)["after"] != {}
