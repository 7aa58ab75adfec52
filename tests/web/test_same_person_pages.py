"""The same person twice, as a browser gets it: the box, the page, the way back, the resident."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from omzien.messages.models import Message
from omzien.people.actions.grounds import Terms, ask_consent, give_consent
from omzien.people.logs.looking import lines_about
from omzien.people.models import Ground, SamePerson
from omzien.people.rules.grounds import Category
from omzien.people.rules.looking import Action
from omzien.questions.models import Objection, Question
from tests.casework import NOW, later
from tests.handovers.conftest import at_desk as at_desk
from tests.handovers.conftest import inside as inside
from tests.handovers.conftest import text
from tests.people.test_same_person import a_question_of, again, join, only_at, own
from tests.people.test_same_person import town as town
from tests.people.test_same_person import two as two
from tests.worlds import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(two):
    return Question.objects.get(person=two[0])


@pytest.fixture
def theirs(two):
    return Question.objects.get(person=two[1])


@pytest.fixture
def wim(town, at_desk):
    return at_desk(town.a.worker)


def page(question):
    return f"/werk/vraag/{question.pk}"


def same(question):
    return f"{page(question)}/zelfde-persoon"


def test_a_worker_reads_that_it_may_be_the_same_and_decides(town, two, mine, theirs, wim, at_desk):
    assert f"Misschien is dit dezelfde persoon: vraag {theirs.reference}." in text(
        wim.get(page(mine))
    )
    shown = text(wim.get(same(mine)))
    assert (
        theirs.reference in shown and "30 dagen lang" in shown and not SamePerson.objects.exists()
    )
    answer = wim.post(same(mine), {"other": str(theirs.pk), "how": "asked"})
    assert answer.status_code == 302 and answer["Location"] == page(mine)
    link = SamePerson.objects.get()
    assert (link.person, link.other, link.how) == (*two, "asked")
    for one, another in ((mine, theirs), (theirs, mine)):
        assert f"Dit is dezelfde persoon als bij vraag {another.reference}." in text(
            wim.get(page(one))
        )
    rina = at_desk(town.resident)
    assert theirs.reference in text(rina.get("/mijn-vragen"))
    seen = text(rina.get(f"/mijn-vragen/{theirs.pk}"))
    assert "Deze vraag is samengevoegd met je andere vragen op" in seen and "Zeg het" in seen
    assert "samengevoegd" not in text(rina.get(f"/mijn-vragen/{mine.pk}"))
    answer = wim.post(same(mine), {"link": str(link.pk)})
    assert answer.status_code == 302
    assert rina.get(f"/mijn-vragen/{theirs.pk}").status_code == 404
    assert theirs.reference not in text(rina.get("/mijn-vragen"))
    assert "Misschien is dit dezelfde persoon" in text(wim.get(page(mine)))
    for person in two:  # each reads back that it was done
        done = set(lines_about(person.pk).values_list("action", flat=True))
        assert {Action.MERGE, Action.SPLIT} <= done


def test_the_resident_follows_talks_and_objects_there(town, two, theirs, at_desk):
    rina = at_desk(town.resident)
    address = f"/mijn-vragen/{theirs.pk}"
    others = ("object", "my-sharing", "my-plan")
    paths = [address, f"{address}/bestand.json", *(reverse(n, args=[theirs.pk]) for n in others)]
    assert [rina.get(path).status_code for path in paths] == [404] * len(paths)
    join(town, two)
    assert [rina.get(path).status_code for path in paths] == [200] * len(paths)
    assert rina.post(address, {"text": "Ik ben het."}).status_code == 302
    assert theirs.posts.get().side == "resident"
    assert rina.post(paths[2], {"why": "Niet van mij."}).status_code == 302
    assert "Niet van mij." in text(rina.get(paths[2]))
    assert Objection.objects.get().question == theirs


def test_consent_that_was_asked_of_the_other_is_not_hers_to_give_and_hers_to_take_back(
    town, two, theirs, at_desk
):
    terms = Terms(purpose="handover", categories=[Category.CONTACT], starts_on=TODAY,
                  teams=[town.b.team])  # fmt: skip
    ask_consent(person=two[1], terms=terms, by=town.a.by)
    given = give_consent(person=two[1], terms=terms, by=own(town, two[1]))
    join(town, two)
    rina, sharing = at_desk(town.resident), reverse("my-sharing", args=[theirs.pk])
    assert 'value="yes"' not in rina.get(sharing).content.decode()
    asked = Ground.objects.exclude(pk=given.pk).get()
    assert rina.post(sharing, {"doe": "yes", "over": str(asked.pk)}).status_code == 404
    assert rina.post(sharing, {"doe": "stop", "over": str(given.pk)}).status_code == 302
    assert not Ground.objects.holding(at=timezone.now()).exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Kies een vraag."),
        ({"other": "x", "how": "asked"}, "Deze vraag staat niet in de lijst."),
        ({"other": "mine", "how": "asked"}, "Deze vraag staat niet in de lijst."),
        ({"other": "theirs"}, "Kies hoe je dit weet."),
        ({"other": "theirs", "how": "guessed"}, "Kies hoe je dit weet."),
        ({"other": "\x00", "how": "\x00"}, "Deze vraag staat niet in de lijst."),
    ],
)
def test_nonsense_is_answered_in_words(mine, theirs, wim, sent, said):
    keys = {"mine": str(mine.pk), "theirs": str(theirs.pk)}
    answer = wim.post(same(mine), {name: keys.get(one, one) for name, one in sent.items()})
    assert answer.status_code == 400 and said in text(answer)
    assert not SamePerson.objects.exists()


@pytest.mark.parametrize("link", ["", "x", "\x00", "00000000-0000-0000-0000-000000000000"])
def test_a_link_that_is_not_there_was_undone(mine, wim, link):
    assert wim.post(same(mine), {"link": link}).status_code == 302
    assert "Dit was al losgemaakt." in text(wim.get(same(mine)))


def test_a_team_that_works_on_one_of_them_undoes_it_and_reads_nothing_of_the_other(
    town, two, theirs, at_desk
):
    link = join(town, two)
    moved = only_at(town, two[0], town.b)
    wim = at_desk(town.b.worker)
    for path in (page(moved), same(moved)):
        shown = text(wim.get(path))
        assert "stond twee keer in Omzien" in shown and theirs.reference not in shown
    assert wim.get(page(theirs)).status_code == wim.get(same(theirs)).status_code == 404
    assert wim.post(same(moved), {"link": str(link.pk)}).status_code == 302
    assert not SamePerson.objects.live().exists()


def test_after_thirty_days_it_says_whom_to_ask(town, two, mine, wim):
    link = join(town, two)
    SamePerson.objects.update(merged_at=later(NOW, days=-40))
    shown = text(wim.get(same(mine)))
    assert "Losmaken kon tot en met" in shown and "Maak los" not in shown
    assert wim.post(same(mine), {"link": str(link.pk)}).status_code == 302
    assert "privacyfunctionaris" in text(wim.get(same(mine)))
    assert SamePerson.objects.live().exists()


def test_a_third_who_belongs_to_somebody_is_refused_in_words(town, two, mine, wim):
    third, fourth = again(town), again(town, name="Ada Anders", phone="")
    a_question_of(town, fourth)
    found = a_question_of(town, third)
    join(town, (fourth, third))
    answer = wim.post(same(mine), {"other": str(found.pk), "how": "asked"})
    assert answer.status_code == 400 and "hoort al bij iemand" in text(answer)


def test_who_has_another_name_and_number_is_joined_by_the_reference(town, mine, wim):
    other = again(town, name="Rinie van Elders", phone="06-5550 9999")
    theirs = a_question_of(town, other)
    assert theirs.reference not in text(wim.get(same(mine)))
    typed = f" {theirs.reference.lower().replace('-', ' ')} "
    answer = wim.post(same(mine), {"reference": typed, "how": "shown"})
    assert answer.status_code == 302 and answer["Location"] == page(mine)
    link = SamePerson.objects.get()
    assert {link.person, link.other} == {mine.person, other} and link.how == "shown"
    for person in (mine.person, other):
        assert Action.MERGE in set(lines_about(person.pk).values_list("action", flat=True))
    assert wim.post(same(mine), {"link": str(link.pk)}).status_code == 302
    assert not SamePerson.objects.live().exists()


def test_a_reference_that_one_may_not_read_is_answered_as_one_that_is_not_there(town, mine, wim):
    other = again(town, name="Ada Anders", phone="06-5550 9999")
    hidden = a_question_of(town, other, desk=town.b)
    pages = []
    for typed in (hidden.reference, "AAAA-AAAA"):
        answer = wim.post(same(mine), {"reference": typed, "how": "asked"})
        assert answer.status_code == 400 and "Er is geen vraag met dit nummer" in text(answer)
        pages.append(re.sub(r'value="\w{64}"', "", text(answer).replace(typed, "…")))
    assert pages[0] == pages[1] and not SamePerson.objects.exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"reference": "mine", "how": "asked"}, "Dit is al dezelfde persoon."),
        ({"reference": "x", "how": "asked"}, "Er is geen vraag met dit nummer"),
        ({"reference": "\x00", "how": "asked"}, "Fout:"),
        ({"reference": "x" * 300, "how": "asked"}, "Fout:"),
        ({"reference": "theirs", "other": "theirs", "how": "asked"}, "niet allebei"),
        ({"reference": "theirs"}, "Kies hoe je dit weet."),
    ],
)
def test_a_wrong_reference_is_answered_in_words(mine, theirs, wim, sent, said):
    known = {"mine": mine, "theirs": theirs}
    form = {
        name: getattr(known[one], "pk" if name == "other" else "reference") if one in known else one
        for name, one in sent.items()
    }
    answer = wim.post(same(mine), form)
    assert answer.status_code == 400 and said in answer.content.decode()
    assert not SamePerson.objects.exists()


def test_other_teams_and_visitors_find_nothing(town, mine, at_desk):
    for desk in (town.b, town.c):
        client = at_desk(desk.worker)
        assert client.get(same(mine)).status_code == client.post(same(mine)).status_code == 404
    assert at_desk(town.resident).get(same(mine)).status_code == 403


def test_the_box_costs_two_queries_whatever_is_found(town, two, mine, wim, monkeypatch):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from omzien.questions.queries.same import Alike
    from omzien.web.questions import overview

    wim.get(page(mine))
    with CaptureQueriesContext(connection) as with_box:
        wim.get(page(mine))
    join(town, two)
    with CaptureQueriesContext(connection) as joined:
        wim.get(page(mine))
    monkeypatch.setattr(overview, "alike", lambda question, actor: Alike())
    with CaptureQueriesContext(connection) as without:
        wim.get(page(mine))
    assert len(with_box) == len(joined) == len(without) + 2
    assert Message.objects.filter(key__startswith="same-person:").count() == 1
