"""Finding the question of who calls: by number or by a name, within the own team."""

import pytest
from django.urls import reverse

from omzien.journal.isolation import choose, working_for
from omzien.kernel.ladder import Rung
from omzien.people.models import AccessLine
from omzien.people.rules.looking import Action
from omzien.questions.actions.working import close, pick_up
from omzien.questions.rules.states import Result
from tests.casework import NOW, a_question
from tests.signing import wearing

pytestmark = pytest.mark.django_db
HERE = "GM1948"
ADDRESS = "/werk/zoek"


@pytest.fixture
def town(world, kept_town, copied):
    with working_for(HERE):
        yield copied(kept_town)


def found(hat, typed):
    """Return the page of a search by somebody."""
    answer = wearing(hat).post(ADDRESS, {"wat": typed})
    choose(HERE)
    return answer


def link(question):
    return reverse("question", args=[question.pk]).encode()


def test_a_number_is_found_as_somebody_says_it(town):
    question = a_question(town)
    said = question.reference.replace("-", " ").lower()
    assert link(question) in found(town.a.worker, said).content


def test_a_name_is_found_by_its_words_in_any_order_and_without_accents(town):
    town.resident.name = "Noëlla van den Berg"
    town.resident.save()
    question = a_question(town)
    for typed in ("noella", "BERG Noella", "van den berg"):
        assert link(question) in found(town.a.worker, typed).content, typed
    assert link(question) not in found(town.a.worker, "Noella Smit").content


def test_another_team_finds_nothing_and_reads_the_same_as_of_nobody(town):
    question = a_question(town)
    theirs = found(town.b.worker, town.resident.name)
    nobody = found(town.b.worker, "Zeker Niemand")
    assert link(question) not in theirs.content
    assert b"geen lopende vraag" in theirs.content
    assert theirs.status_code == nobody.status_code == 200
    assert link(question) not in found(town.b.worker, question.reference).content


def test_what_ended_is_found_by_number_only_and_opens_nothing(town):
    question = a_question(town)
    pick_up(question=question, by=town.a.by, now=NOW)
    close(
        question=question, result=Result.SOLVED, rung_reached=Rung.SELF, is_told=True,
        by=town.a.by, now=NOW,
    )  # fmt: skip
    by_number = found(town.a.worker, question.reference)
    assert "is afgerond" in by_number.content.decode()
    assert town.resident.name not in by_number.content.decode()
    assert link(question) not in by_number.content
    assert "is afgerond" not in found(town.a.worker, town.resident.name).content.decode()


def test_a_search_is_logged_about_whom_it_showed(town):
    a_question(town)
    found(town.a.worker, town.resident.name)
    line = AccessLine.objects.filter(action=Action.SEARCH).latest("number")
    assert line.about == town.resident.pk
    assert town.resident.name not in str(vars(line))


def test_nothing_typed_says_what_to_do_and_a_long_text_is_no_fault(town):
    empty = found(town.a.worker, "   ")
    assert empty.status_code == 400
    assert "Vul een nummer of een naam in" in empty.content.decode()
    assert found(town.a.worker, "x" * 20_000).status_code == 200
    assert found(town.a.worker, "\x00\u202e<script>").status_code in (200, 400)
