"""Where somebody is, in a small world, and what a process remembers of the areas."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omzien.areas.actions import load_villages
from omzien.areas.models import Village
from omzien.areas.queries import Resolved, Unresolved, memory, resolve
from tests.areas.test_resolve import seen

pytestmark = pytest.mark.django_db


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200) | st.from_regex(r"-?\d{1,3}\.\d+[,; ]-?\d{1,3}\.\d+"))
def test_no_text_raises(world, text):
    assert isinstance(resolve(text, world.meierijstad), Resolved | Unresolved)


def test_without_outlines_and_villages_it_still_answers(world):
    assert seen("Schijndel", world.meierijstad) == ("Schijndel", "Schijndel", "")
    assert seen("51.6221,5.4322", world.meierijstad) == ("Schijndel", "Schijndel", "")
    assert seen("5481 AB", world.meierijstad) == ("5481 Schijndel", "Schijndel", "")
    assert seen("Uden", world.meierijstad) == ("Uden", "Uden", "Maashorst")


def test_an_import_makes_the_process_forget(world, tmp_path):
    resolve("Schijndel", world.meierijstad)
    path = tmp_path / "v.toml"
    path.write_text(
        "[GM1948.villages.Schijndel]\nalso_called = ['Koksdorp']\n"
        "buurten = ['BU19480225', 'BU19480429']"
    )
    load_villages(by="system", path=path)
    assert seen("Koksdorp", world.meierijstad) == ("Schijndel", "Schijndel", "")


def test_another_process_follows_within_five_minutes(world, monkeypatch):
    resolve("Schijndel", world.meierijstad)
    Village.objects.filter(slug="schijndel").update(also_called=["Koksdorp"])
    assert isinstance(resolve("Koksdorp", world.meierijstad), Unresolved)
    later = memory.time.monotonic() + memory.KEEP_SECONDS
    monkeypatch.setattr(memory.time, "monotonic", lambda: later)
    assert seen("Koksdorp", world.meierijstad) == ("Schijndel", "Schijndel", "")
