"""Each web process keeps indexes: within a budget, and true within two seconds of a change."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from omzien.areas.models import Municipality
from omzien.directory.actions import add_provider, change, publish, reindex
from omzien.directory.actions.entries import Draft
from omzien.directory.actions.thesaurus import add_words
from omzien.directory.models import IndexVersion, Provider, Service, Synonym
from omzien.directory.queries import indexes
from omzien.directory.search.answer import answer
from omzien.directory.search.thesaurus import shipped
from omzien.journal.isolation import working_for
from omzien.kernel.ladder import Rung
from tests.worlds import TODAY

ROOT = Path(__file__).parents[2]
CODE = "GM9997"

# Another web process, as far as search goes: it asks until the word is found.
OTHER = f"""
import sys, time, django
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from datetime import date
from omzien.directory.queries.indexes import index_for
from omzien.directory.search.answer import answer
from omzien.journal.isolation import working_for

def found():
    with working_for("{CODE}"):
        index, thesaurus = index_for("{CODE}", on=date(2026, 11, 25))
        hits = answer("pannenkoeken", index, thesaurus=thesaurus).hits
        return any(hit.words for hit in hits) or any("pannenkoek" in word for word in thesaurus)

print("found" if found() else "ready", flush=True)
until = time.time() + 20
while not found() and time.time() < until:
    time.sleep(0.02)
print(time.time(), flush=True)
"""


@pytest.fixture(autouse=True)
def _forget():
    indexes.forget()
    yield
    indexes.forget()


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """An entry that other processes can see."""
    with django_db_blocker.unblock():
        own = Municipality.objects.create(code=CODE, name="Proef", slug="proef-9997")
        with working_for(CODE):
            provider = add_provider(
                municipality=own, name="Buurtkeuken", kind="initiative", by="test"
            )
            draft = Draft(title="Samen eten", description="Elke week.", rung=Rung.COMMUNITY)
            service = publish(provider=provider, draft=draft, by="test")
        yield service
        with working_for(CODE):
            Provider.objects.filter(municipality=own).delete()
            Synonym.objects.filter(municipality=own).delete()
            IndexVersion.objects.filter(municipality=own).delete()
        own.delete()
        connection.close()


def _other() -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", OTHER, connection.settings_dict["NAME"]],
        stdout=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "omzien.config.settings",
            "PYTHONPATH": str(ROOT / "src"),
            "OMZIEN_VAR": str(settings.VAR),
            "OMZIEN_DEMO": "1",
        },
    )


def _retitle(service):
    change(service=service, changes={"title": "Pannenkoeken bakken"}, by="test")


def _teach(service):
    town = Municipality.objects.get(pk=CODE)
    add_words(municipality=town, word="pannenkoeken", means="eten", by="test")


@pytest.mark.parametrize("teach", [_retitle, _teach])
def test_every_process_finds_a_changed_entry_or_by_a_new_word_within_two_seconds(committed, teach):
    others = [_other(), _other()]
    assert [other.stdout.readline().strip() for other in others] == ["ready", "ready"]
    with working_for(CODE):
        teach(committed)
    changed = time.time()
    delays = [float(other.communicate(timeout=60)[0]) - changed for other in others]
    assert max(delays) < 2, delays


def _ask(code: str) -> "indexes.Index":
    with working_for(code):
        return indexes.index_for(code, on=TODAY)[0]


def _analyse(*codes: str) -> None:
    for code in codes:
        with working_for(code):
            reindex(Service.objects.filter(municipality=code).select_related("provider"))


@pytest.fixture
def towns(world):
    """Meierijstad with two entries, Maashorst with one, all analysed."""
    _analyse("GM1948", "GM1991")
    return world


def test_an_index_is_built_once_while_nothing_changes(towns, monkeypatch):
    first = _ask("GM1948")
    assert _ask("GM1948") is first
    monkeypatch.setattr(indexes, "CHECK_EVERY", 0)
    assert _ask("GM1948") is first
    with working_for("GM1948"):
        change(service=towns.geldzaken, changes={"cost": "gratis"}, by="test")
    assert _ask("GM1948") is not first


def test_a_change_elsewhere_builds_nothing_here(towns, monkeypatch):
    monkeypatch.setattr(indexes, "CHECK_EVERY", 0)
    first = _ask("GM1948")
    with working_for("GM1991"):
        change(service=towns.udense_koffie, changes={"cost": "gratis"}, by="test")
    assert _ask("GM1948") is first


def test_the_municipality_asked_least_recently_leaves_first(towns, settings):
    settings.INDEX_ENTRIES = 3
    meierijstad, maashorst = _ask("GM1948"), _ask("GM1991")
    assert (len(meierijstad.entries), len(maashorst.entries)) == (2, 1)
    assert _ask("GM1948") is meierijstad and _ask("GM1991") is maashorst
    settings.INDEX_ENTRIES = 2
    with working_for("GM1991"):
        change(service=towns.udense_koffie, changes={"cost": "gratis"}, by="test")
    indexes._kept["GM1991"].looked_at = 0
    assert len(_ask("GM1991").entries) == 1
    assert list(indexes._kept) == ["GM1991"]


def test_one_municipality_always_stays_however_small_the_budget(towns, settings):
    settings.INDEX_ENTRIES = 0
    first = _ask("GM1948")
    assert _ask("GM1948") is first
    assert _ask("GM1991") and list(indexes._kept) == ["GM1991"]


def test_two_municipalities_share_words_and_not_entries(towns):
    meierijstad, maashorst = _ask("GM1948"), _ask("GM1991")
    assert meierijstad.knows("koffie") and maashorst.knows("koffie")
    assert meierijstad.knows("schuld") and not maashorst.knows("schuld")
    assert not maashorst.knows("schulden")
    assert meierijstad.respelled("schuldn") == "schuld"
    assert maashorst.respelled("schuldn") is None


def test_own_words_of_one_municipality_stay_there(towns):
    with working_for("GM1991"):
        Synonym.objects.create(municipality_id="GM1991", word="bakkie", means=["koffie"])
    for code, expected in (("GM1948", False), ("GM1991", True)):
        with working_for(code):
            index, thesaurus = indexes.index_for(code, on=TODAY)
        assert (thesaurus != shipped()) is expected
        assert answer("bakkie", index, thesaurus=thesaurus).hits


def test_an_entry_that_was_never_analysed_is_left_out(world):
    assert _ask("GM1948").entries == ()
