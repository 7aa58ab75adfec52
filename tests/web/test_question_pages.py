"""What editors see of questions: counts, never texts, and never a small one."""

import csv
import html
import io
from datetime import date

import pytest
from django.test import Client

from omzien.directory.actions.counting import count_question
from omzien.directory.models import QuestionCount
from omzien.directory.queries.questions import questions
from omzien.journal.isolation import working_for
from omzien.web.editors import questions as pages
from tests.signing import chief_editor

pytestmark = pytest.mark.django_db
HOST = "meierijstad.localhost"
PAGE = "/redactie/vragen"
TODAY = date(2026, 11, 25)
ASKED, WEAK, NOTHING = QuestionCount.Kind.ASKED, QuestionCount.Kind.WEAK, QuestionCount.Kind.NOTHING


@pytest.fixture
def editor(world, monkeypatch):
    monkeypatch.setattr(pages.timezone, "localdate", lambda: TODAY)
    return chief_editor(world.meierijstad)


@pytest.fixture
def ask(world):
    """Let a question be asked some times."""

    def run(times, found=ASKED, topic="debt", area="schijndel", on=TODAY, of=None):
        municipality = of or world.meierijstad
        with working_for(municipality.code):
            for _one in range(times):
                count_question(
                    municipality=municipality, area=area, topic=topic, found=found, on=on
                )

    return run


def text(answer):
    return " ".join(html.unescape(answer.content.decode()).split())


def exported(editor, period="3"):
    content = editor.get(f"{PAGE}.csv?periode={period}").content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content), delimiter=";"))


def test_an_editor_sees_what_was_asked_and_what_found_little_largest_first(editor, ask):
    ask(6, WEAK, topic="loneliness")
    ask(3, topic="loneliness")
    ask(4, WEAK)
    ask(5, NOTHING)
    ask(8, area="veghel")
    answer = text(editor.get(PAGE))
    assert "geen aantallen mensen" in answer and "bewaren we niet" in answer
    assert exported(editor)[1:] == [
        ["2026-11", "Schijndel", "Schulden en betalingsachterstand", "9", "9"],
        ["2026-11", "Schijndel", "Eenzaamheid en contact", "9", "6"],
        ["2026-11", "Veghel", "Schulden en betalingsachterstand", "8", "0"],
    ]
    assert answer.index(">9</td>") < answer.index(">6</td>") < answer.index(">8</td>")


def test_counts_below_five_are_never_shown_and_nothing_tells_them(editor, ask):
    ask(4)
    ask(1, WEAK, topic="loneliness")
    ask(3, NOTHING, topic="transport")
    ask(20, topic="transport")
    rows = exported(editor)[1:]
    assert [row[3:] for row in rows] == [
        ["23", "minder dan 5"],
        ["minder dan 5", "minder dan 5"],
        ["minder dan 5", "0"],
    ]
    answer = text(editor.get(PAGE))
    assert answer.count(">minder dan 5</td>") == 4
    for count in ("1", "3", "4", "24"):
        assert f">{count}</td>" not in answer


def test_small_counts_stand_in_no_order_of_size(world, ask):
    ask(1, WEAK, topic="debt")
    ask(4, WEAK, topic="loneliness")
    with working_for("GM1948"):
        rows = questions(world.meierijstad, first=date(2026, 11, 1), last=date(2026, 11, 1))
    assert [row.topic for row in rows] == ["debt", "loneliness"]


def test_months_are_never_added_up(editor, ask):
    for month in (9, 10, 11):
        ask(4, WEAK, on=date(2026, month, 3))
    rows = exported(editor)[1:]
    assert [row[0] for row in rows] == ["2026-11", "2026-10", "2026-09"]
    assert {row[4] for row in rows} == {"minder dan 5"}


@pytest.mark.parametrize(
    ("period", "months"),
    [
        ("0", ["2026-11"]),
        ("1", ["2026-10"]),
        ("3", ["2026-11", "2026-10", "2026-09"]),
        ("12", ["2026-11", "2026-10", "2026-09", "2025-12"]),
        ("' OR 1=1", ["2026-11", "2026-10", "2026-09"]),
        ("", ["2026-11", "2026-10", "2026-09"]),
    ],
)
def test_the_period_can_be_chosen_and_nonsense_means_the_usual_one(editor, ask, period, months):
    for on in (date(2026, 11, 1), date(2026, 10, 31), date(2026, 9, 1), date(2025, 12, 9),
               date(2025, 11, 30)):  # fmt: skip
        ask(5, on=on)
    assert [row[0] for row in exported(editor, period)[1:]] == months
    assert editor.get(PAGE, {"periode": period}).status_code == 200


def test_an_empty_period_says_what_to_do(editor):
    assert "Kies een andere periode" in text(editor.get(PAGE))
    assert len(exported(editor)) == 1


def test_what_has_no_village_or_topic_is_said_in_words(editor, ask):
    ask(5, WEAK, topic="", area="")
    answer = text(editor.get(PAGE))
    assert "geen dorp gekozen" in answer and "geen onderwerp herkend" in answer


def test_a_village_that_looks_like_a_formula_runs_in_no_spreadsheet(editor, ask):
    ask(5, WEAK, area="=1+1", topic="@x")
    assert exported(editor)[1][1:3] == ["'=1+1", "'@x"]


def test_only_the_editors_of_this_municipality_see_counts(editor, ask, world):
    ask(7, WEAK, of=world.maashorst, area="uden")
    assert "Uden" not in text(editor.get(PAGE)) and len(exported(editor)) == 1
    visitor = Client(HTTP_HOST=HOST)
    for page in (PAGE, f"{PAGE}.csv"):
        assert visitor.get(page).status_code == 302
        assert editor.post(page).status_code == 405
    elsewhere = Client(HTTP_HOST="maashorst.localhost")
    elsewhere.cookies = editor.cookies
    assert elsewhere.get(PAGE)["Location"].startswith("/rol?")
    assert elsewhere.get(f"{PAGE}.csv")["Location"].startswith("/rol?")


def test_a_question_about_danger_is_not_counted(world):
    Client(HTTP_HOST=HOST).post("/antwoord", {"text": "ik wil niet meer leven"})
    with working_for("GM1948"):
        assert not QuestionCount.objects.exists()


def test_the_page_takes_a_fixed_number_of_queries(editor, ask, django_assert_num_queries):
    for topic in ("debt", "loneliness", "transport"):
        ask(5, WEAK, topic=topic)
    editor.get(PAGE)
    # The transaction, its municipality with the session (2), who looks (3), the counts.
    with django_assert_num_queries(6):
        editor.get(PAGE)
