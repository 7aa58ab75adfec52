"""The functional manager teaches the search a word that people here use."""

import pytest
from django.test import Client
from django.utils import timezone

from omzien.directory.actions.entries import reindex
from omzien.directory.models import IndexVersion, Synonym
from omzien.directory.queries import indexes
from omzien.directory.search.thesaurus import shipped
from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from tests.signing import chief_editor

HOST = "meierijstad.localhost"


@pytest.fixture
def editor(world):
    with working_for("GM1948"):
        reindex([world.huiskamer, world.geldzaken])
    return chief_editor(world.meierijstad)


def _add(client, word, means):
    return client.post("/redactie/woorden", {"word": word, "means": means}, follow=True)


def test_a_new_word_finds_from_now_on(editor, world):
    with working_for("GM1948"):
        old = IndexVersion.objects.get(municipality=world.meierijstad).version
    answer = _add(editor, "Kletspot", "koffie, gezelschap")
    assert "doet nu mee" in answer.content.decode()
    with working_for("GM1948"):
        assert Synonym.objects.get().means == ["koffie", "gezelschap"]
        assert IndexVersion.objects.get(municipality=world.meierijstad).version > old
        assert Fact.objects.filter(subject="synonym", verb="add").count() == 1
    found = Client(HTTP_HOST=HOST).post("/antwoord", {"text": "kletspot"}, follow=True)
    assert "Kersentuin" in found.content.decode()


def test_an_own_meaning_comes_beside_the_shipped_one(editor):
    _add(editor, "rood staan", "gezelschap")
    key = next(word for word, means in shipped().items() if means == ("schulden", "budget"))
    with working_for("GM1948"):
        _index, thesaurus = indexes.index_for("GM1948", on=timezone.localdate())
    assert thesaurus[key] == ("gezelschap", "schulden", "budget")
    assert shipped()[key] == ("schulden", "budget")


def test_a_word_is_taken_away(editor, world):
    _add(editor, "kletspot", "koffie")
    with working_for("GM1948"):
        key = Synonym.objects.get().pk
    editor.post(f"/redactie/woorden/{key}/weg")
    with working_for("GM1948"):
        assert not Synonym.objects.exists()


@pytest.mark.parametrize(
    ("word", "means"), [("", "koffie"), ("soos", " , ,"), ("=#,", "koffie"), ("x" * 90, "koffie")]
)
def test_a_bad_line_is_explained_and_nothing_is_kept(editor, word, means):
    answer = _add(editor, word, means)
    assert answer.status_code == 400
    assert "<title>Fout:" in answer.content.decode()
    with working_for("GM1948"):
        assert not Synonym.objects.exists()


def test_html_in_a_word_is_shown_as_text(editor):
    _add(editor, "<script>alert(1)</script>", "koffie")
    assert "<script>alert" not in editor.get("/redactie/woorden").content.decode()


def test_a_visitor_may_not_see_or_add_words(world):
    client = Client(HTTP_HOST=HOST)
    assert client.get("/redactie/woorden").status_code == 302
    assert client.post("/redactie/woorden", {"word": "a", "means": "b"}).status_code == 302
    with working_for("GM1948"):
        assert not Synonym.objects.exists()


def test_the_words_of_another_municipality_stay_its_own(editor, world):
    with working_for("GM1991"):
        line = Synonym.objects.create(municipality=world.maashorst, word="bus", means=["vervoer"])
    assert "vervoer" not in editor.get("/redactie/woorden").content.decode()
    assert editor.post(f"/redactie/woorden/{line.pk}/weg").status_code == 404


def test_a_word_that_is_there_is_replaced_only_when_asked_for(editor):
    _add(editor, "soos", "ontmoeting, inloop")
    asked = _add(editor, "Soos", "schulden")
    assert asked.status_code == 400
    page = asked.content.decode()
    assert "staat er al" in page and "ontmoeting, inloop" in page
    with working_for("GM1948"):
        assert Synonym.objects.get().means == ["ontmoeting", "inloop"]
    editor.post("/redactie/woorden", {"word": "soos", "means": "schulden", "replace": "on"})
    with working_for("GM1948"):
        assert Synonym.objects.get().means == ["schulden"]


def test_a_meaning_that_no_entry_has_is_told(editor):
    page = _add(editor, "soos", "koffie, xqzw").content.decode()
    assert "doet nu mee" in page and "in geen enkel aanbod" in page and "niets: xqzw." in page
    assert "in geen enkel aanbod" not in _add(editor, "bakkie", "koffie").content.decode()
