"""No sentence of a person stays in a web process after its answer has left."""

import gc

import pytest
from django.test import Client
from django.test.utils import override_settings

from omzien.areas.models import Municipality
from omzien.areas.queries import resolve
from omzien.directory.language.analysis import LONGEST_KEPT
from omzien.directory.queries import indexes

pytestmark = pytest.mark.django_db
HOST = "meierijstad.localhost"
WORDS = [
    "mijn",
    "buurvrouw",
    "Zwaanhilde",
    "Kwispelaar",
    "van",
    "de",
    "Pastoorstraat",
    "is",
    "eenzaam",
]
ONE_LONG_WORD = "mijnbuurvrouwzwaanhildekwispelaarvandepastoorstraatiseenzaamenkomtnietmeerbuiten"
# Two words of hers next to each other, or the whole run of letters, in any writing.
CANARIES = (
    "zwaanhilde kwispelaar",
    "zwaanhilde+kwispelaar",
    "zwaanhilde%20kwispelaar",
    ONE_LONG_WORD,
)


def texts_alive():
    """Yield every text that anything alive in this process holds on to."""
    gc.collect()
    for thing in gc.get_objects():
        if thing is WORDS or thing is CANARIES:
            continue
        for held in gc.get_referents(thing):
            if issubclass(type(held), str | bytes):  # isinstance would wake lazy objects
                yield thing, held


def remembered():
    found = []
    for holder, held in texts_alive():
        text = held.decode("latin-1") if isinstance(held, bytes) else held
        if len(text) < 20_000 and any(one in text.casefold() for one in CANARIES):
            found.append((type(holder), text[:200]))
    return found


def ask(path, **form):
    client = Client(headers={"host": HOST}, enforce_csrf_checks=False)
    answer = client.post(path, form)
    assert answer.status_code in (200, 302), answer.status_code


def test_the_search_finds_a_sentence_that_is_kept():
    kept = [" ".join(WORDS)]
    assert remembered()
    kept.clear()


@override_settings(DEBUG=False)
def test_a_question_is_forgotten_when_its_answer_has_left(world):
    before = remembered()
    ask("/antwoord", text=" ".join(WORDS), place="Schijndel")
    ask("/antwoord", text=ONE_LONG_WORD, place="")
    ask("/antwoord", text="alleen", place=" ".join(WORDS))
    after = [one for one in remembered() if one not in before]
    assert after == []


def test_a_run_of_letters_longer_than_any_word_is_not_kept():
    assert len(ONE_LONG_WORD) > LONGEST_KEPT


def test_what_is_remembered_of_a_word_has_an_end():
    from omzien.directory.language import analysis, concepts, detect

    for kept in (
        analysis.lemma,
        analysis.stem,
        analysis.is_word,
        analysis.parts,
        analysis.token_forms,
        concepts._read,
        detect.is_dutch_word,
    ):
        assert 0 < kept.cache_info().maxsize <= 200_000
    assert {len(word) for word in analysis.words(ONE_LONG_WORD)} == {LONGEST_KEPT}


def test_what_is_remembered_of_distances_is_of_villages_and_never_of_a_person(world):
    ask("/antwoord", text="eenzaam", place="Schijndel")
    index = next(iter(indexes._kept.values())).index
    kept = index.distances_from.cache_info()
    assert 0 < kept.currsize <= kept.maxsize
    village = resolve("Schijndel", Municipality.objects.get(host=HOST)).point
    ask("/antwoord", text="eenzaam", place=f"{village.lat + 0.0001},{village.lon}")
    assert index.distances_from.cache_info().currsize == kept.currsize
    assert index.distances_from(village).tolist() == pytest.approx(
        index.distances(village).tolist(), nan_ok=True
    )
