"""What goes on paper: no more than the page shows, and the log says that it was printed."""

import re
from uuid import uuid4

import pytest
from django.utils import timezone

from omzien.journal.isolation import working_for
from omzien.people.models import AccessLine, Person
from omzien.questions.actions.emergency import break_glass
from omzien.questions.actions.notes import write_own_note
from omzien.questions.actions.plans import add_goal
from omzien.questions.models import Attempt
from omzien.web.filters import RUNGS
from omzien.web.mine.file import _tried
from tests.casework import STORY, a_question
from tests.signing import person, wearing
from tests.web.test_mine_pages import HERE, helped, text

pytestmark = pytest.mark.django_db
GOAL = "Weer buiten komen"
MINE = {
    "/mijn-vragen/{key}": [STORY, GOAL],
    "/mijn-vragen/{key}/plan": [GOAL],
    "/account/gegevens": [STORY, GOAL],
}
WORK = {"/werk/vraag/{key}": [STORY, "Rina Roos"], "/werk/vraag/{key}/plan": [GOAL]}


@pytest.fixture
def question(town):
    with working_for(HERE):
        found = a_question(town, now=timezone.now())
        add_goal(question=found, words=GOAL, by=town.me, now=timezone.now())
        return found


def printed() -> list[tuple[object, ...]]:
    with working_for(HERE):
        rows = AccessLine.objects.filter(action="print").order_by("number")
        return list(rows.values_list("actor", "result", "about", "on_behalf_of"))


@pytest.mark.parametrize("where", [*MINE, *WORK])
def test_a_print_is_logged_as_one_and_has_no_navigation(town, question, where):
    reader = town.a.worker if where in WORK else town.resident
    client, page = wearing(reader), where.format(key=question.pk)
    assert f'href="{page}/afdruk"' in text(client.get(page))
    assert printed() == []
    answer = client.get(f"{page}/afdruk")
    shown = text(answer)
    assert answer.status_code == 200
    for word in (MINE | WORK)[where]:
        assert word in shown
    assert not re.search(r"<(nav|form|header|footer|aside)\b", shown)
    assert f'<a href="{page}">' in shown and "data-print" in shown
    assert answer["Cache-Control"] and "no-store" in answer["Cache-Control"]
    who = reader.person if where in WORK else reader
    assert printed() == [(str(who.pk), "allowed", town.resident.pk, None)]
    looked = text(wearing(town.resident).get("/account/wie-keek"))
    assert "drukte de gegevens af" in looked


def test_on_paper_the_plan_comes_before_the_long_log_and_each_name_stands_once(town, question):
    wearing(town.resident).get(f"/mijn-vragen/{question.pk}")
    shown = text(wearing(town.resident).get(f"/mijn-vragen/{question.pk}/afdruk"))
    assert shown.index(GOAL) < shown.index("Wie keek")
    assert "om je eigen vraag te volgen" in shown and "om te helpen met een vraag" not in shown
    shown = text(wearing(town.a.worker).get(f"/werk/vraag/{question.pk}/afdruk"))
    assert shown.count("De vraag<") == 1 and "Het verhaal<" in shown


def test_a_proxy_prints_what_they_may_read_and_says_for_whom(town, question):
    with working_for(HERE):
        write_own_note(
            question=question, text="Alleen van mij", key=uuid4(), by=town.me, now=timezone.now()
        )  # fmt: skip
    client, mandate = helped(town, "look")
    shown = text(client.get(f"/mijn-vragen/{question.pk}/afdruk"))
    assert STORY in shown and "Alleen van mij" not in shown
    assert printed() == [(str(mandate.proxy_id), "allowed", town.resident.pk, town.resident.pk)]


def test_nobody_prints_what_they_may_not_read(town, question):
    stranger = person(town.municipality, "Vera Vreemd")
    for reader, pages in ((town.b.worker, WORK), (stranger, MINE)):
        for where in pages:
            if "{key}" in where:
                answer = wearing(reader).get(where.format(key=question.pk) + "/afdruk")
                assert answer.status_code == 404 and STORY not in text(answer)
    assert {result for _who, result, *_ in printed()} == {"refused"}


def test_in_an_emergency_the_print_holds_no_more_than_the_page(town, question):
    with working_for(HERE):
        Person.objects.filter(pk=town.resident.pk).update(phone="0612345678")
        break_glass(
            reference=question.reference, reason="Er is brand", danger="", by=town.b.by,
            now=timezone.now(),
        )  # fmt: skip
    client, page = wearing(town.b.worker), f"/werk/vraag/{question.pk}"
    shown, paper = text(client.get(page)), text(client.get(f"{page}/afdruk"))
    assert STORY in shown and STORY in paper
    assert ("Rina Roos" in shown) is ("Rina Roos" in paper)
    assert ("0612345678" in shown) is ("0612345678" in paper)
    assert [result for _who, result, *_ in printed()] == ["break-glass"]


def test_a_rung_that_was_skipped_is_named():
    skipped = Attempt(rung="community", result=Attempt.Result.SKIPPED, reason="Liever niet")
    row = _tried(skipped)
    assert (row["what"], row["why"]) == (str(RUNGS["community"]), "Liever niet")
