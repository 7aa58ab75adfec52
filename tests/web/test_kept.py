"""What a process keeps of a page: the same for everyone, and never anything of a visitor."""

import re
from datetime import datetime, time, timedelta
from functools import partial

import pytest
from django.template import engines
from django.test import Client

from omzien.areas.models import Municipality
from omzien.areas.queries import _by_host
from omzien.directory.actions import change, withdraw
from omzien.directory.models import Service
from omzien.directory.queries import indexes
from omzien.directory.queries.marks import with_now
from omzien.journal.isolation import working_for
from omzien.kernel.recurrence import ZONE
from omzien.web.templatetags import kept
from tests.web.test_pages import HOST, ask

pytestmark = pytest.mark.django_db
VILLAGE = "/gebied/schijndel"


def written(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


def everything_kept() -> str:
    return "".join(part for parts in kept._kept.values() for part in parts)


def test_a_piece_sees_only_what_it_names():
    source = "{% kept one=one %}[{{ one }}{{ other }}{{ request }}]{% endkept %}"
    assert written(source, one="a", other="secret") == "[a]"


def test_a_piece_is_written_once_for_each_value_it_names():
    page = engines["django"].from_string(
        "{% kept one=one with two=two %}{{ one }} {{ two }} {% endkept %}"
    )
    kept.forget()
    told = [page.render({"one": one, "two": two}) for one in "ab" for two in "xyz"]
    assert told == ["a x ", "a y ", "a z ", "b x ", "b y ", "b z "]
    assert len(kept._kept) == 2


def test_a_hole_is_escaped_and_a_list_fills_its_holes_one_by_one():
    source = "{% kept with text=text many=many %}{{ text }}|{{ many }}|{{ many }}{% endkept %}"
    assert written(source, text="<b>&", many=["<1>", 2]) == "&lt;b&gt;&amp;|&lt;1&gt;|2"


def test_what_is_live_sees_the_whole_page_and_is_written_each_time():
    page = engines["django"].from_string(
        "{% kept one=one %}<{{ one }}{{ other }}>{% live %}{% if other %}{{ one }}{{ other }}"
        "{% kept with other=other %}({{ other }}{% live %}{{ request }}{% endlive %}){% endkept %}"
        "{% endif %}{% endlive %}</{{ one }}>{% endkept %}"
    )
    kept.forget()
    told = [page.render({"one": "a", "other": other, "request": "&"}) for other in ("x", "", "y")]
    assert told == ["<a>ax(x&amp;)</a>", "<a></a>", "<a>ay(y&amp;)</a>"]
    assert "x" not in everything_kept() and "y" not in everything_kept()


def test_a_block_inside_what_is_kept_is_of_the_page_that_extends_it():
    base = engines["django"].from_string(
        "{% kept %}[{% live %}{% block inner %}base{% endblock %}{% endlive %}]{% endkept %}"
    )
    child = engines["django"].from_string(
        "{% extends base %}{% block inner %}{{ block.super }} {{ one }}{% endblock %}"
    )
    assert [child.render({"base": base, "one": one}) for one in "ab"] == ["[base a]", "[base b]"]
    assert base.render({}) == "[base]"


def test_a_tag_that_says_nonsense_is_refused():
    with pytest.raises(Exception, match="kept"):
        written("{% kept one with %}{% endkept %}", one=1)


def test_nothing_of_a_visitor_is_kept(resident):
    kept.forget()
    answer = ask(resident, "bijzonderwoord over schulden", place="Schijndel")
    tokens = re.findall(r'csrfmiddlewaretoken" value="(\w+)"', answer.content.decode())
    assert len(tokens) == 5 and len(set(tokens)) == 1
    everything = everything_kept()
    assert "Pas filters toe" in everything
    assert "bijzonderwoord" not in everything and tokens[0] not in everything


def test_each_visitor_gets_an_own_token(resident):
    def token(client: Client) -> str:
        found = re.search(
            r'csrfmiddlewaretoken" value="(\w+)"', client.get("/over").content.decode()
        )
        return found.group(1)

    other = Client(HTTP_HOST=HOST, enforce_csrf_checks=True)
    assert token(resident) != token(other)
    form = {"csrfmiddlewaretoken": token(other), "page": "/over", "score": "4"}
    assert other.post("/mening", form).status_code == 302


def test_what_is_kept_is_kept_for_each_municipality_and_language(resident):
    pages = [
        (host, language) for host in (HOST, "maashorst.localhost") for language in ("nl", "en")
    ]
    for host, language in pages * 2:
        client = Client(HTTP_HOST=host)
        client.cookies["language"] = language
        text = client.get("/over").content.decode()
        assert f'<html lang="{language}"' in text
        assert ("Mijn dorp of buurt" in text) is (language == "nl")
        assert ("<small>Maashorst</small>" in text) is (host != HOST)


def test_a_renamed_municipality_is_shown_with_its_new_name(resident):
    assert "<small>Meierijstad</small>" in resident.get("/over").content.decode()
    town = Municipality.objects.get(code="GM1948")
    town.name = "Kersenstad"
    town.save()
    _by_host.cache_clear()
    assert "<small>Kersenstad</small>" in resident.get("/over").content.decode()


@pytest.mark.parametrize("page", [VILLAGE, "/antwoord?topic=loneliness&place=Schijndel"])
def test_a_changed_entry_is_shown_at_once(resident, world, page):
    assert "De Kersentuin" in resident.get(page).content.decode()
    with working_for("GM1948"):
        change(service=world.huiskamer, changes={"title": "De Pruimentuin"}, by="test")
    assert "De Pruimentuin" in resident.get(page).content.decode()
    with working_for("GM1948"):
        service = Service.objects.get(pk=world.huiskamer.pk)
        withdraw(service=service, on=datetime.now(ZONE).date(), by="test")
    assert "De Pruimentuin" not in resident.get(page).content.decode()


def test_the_page_of_a_village_takes_six_queries_at_most(resident, django_assert_max_num_queries):
    resident.get(VILLAGE)
    with django_assert_max_num_queries(8) as counted:
        assert "Open huiskamer" in resident.get(VILLAGE).content.decode()
    # The wall around and after, the version of the index now and then, the cards, and the
    # connector with who is away: a name is not kept in memory.
    work = [q["sql"] for q in counted.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(work) <= 6, work


def test_hours_that_are_shared_are_worked_out_once(resident):
    ask(resident, "ik ben eenzaam", place="Schijndel")
    with working_for("GM1948"):
        on = datetime.now(ZONE).date()
        found = indexes.kept_for("GM1948", on=on)
        entry = next(e for e in found.index.entries if e.slots)
        wednesday = datetime.combine(on, datetime.min.time(), ZONE)
        open_hours = [h for h in range(24) if found.is_open(entry, wednesday.replace(hour=h))]
    assert open_hours == ([10, 11] if on.weekday() == 2 else [])


def test_what_is_open_is_kept_until_something_opens_or_closes(resident):
    today = datetime.now(ZONE).date()
    with working_for("GM1948"):
        found = indexes.kept_for("GM1948", on=today + timedelta(days=(2 - today.weekday()) % 7))
        entries, midnight = found.index.entries, datetime.combine(found.built_on, time(), ZONE)
        quarters = [midnight + timedelta(minutes=15 * n) for n in range(96)]
        for now in (*quarters, *reversed(quarters)):
            anew = with_now(found.marks, entries, partial(found.is_open, now=now))
            assert found.marks_at(now).tolist() == anew.tolist()
        assert found.marks_at(quarters[0]) is found.marks_at(quarters[1])
        assert any(found.marks_at(quarters[0]) != found.marks_at(quarters[42]))  # half past ten
