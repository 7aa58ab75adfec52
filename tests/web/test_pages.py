"""The public pages: what a resident sees, and what bad input does not break."""

from urllib.parse import urlencode

import pytest
from django.test import Client
from django.test.client import BOUNDARY, encode_multipart

from omzien.areas.models import Village
from omzien.directory.actions import reindex
from omzien.directory.language.detect import LANGUAGES
from omzien.directory.models import Place, QuestionCount, Service, ServicePlace
from omzien.directory.queries import indexes
from omzien.journal.isolation import SHARED, working_for
from omzien.journal.models import Fact
from omzien.kernel.ladder import Rung
from omzien.people.actions.teams import form_team
from omzien.people.rules.roles import SYSTEM, Role
from tests.signing import member
from tests.worlds import a_service

pytestmark = pytest.mark.django_db
HOST = "meierijstad.localhost"


def ask(client: Client, text: str, **more: object):
    return client.post("/antwoord", {"text": text, **more})


PAGES = [
    "/",
    "/antwoord",
    "/antwoord?topic=debt&place=Schijndel",
    "/gebied",
    "/gebied/schijndel",
    "/agenda",
    "/agenda?gebied=schijndel",
    "/bewaard",
    "/over",
    "/privacy",
    "/toegankelijkheid",
    "/open-data",
    "/op-je-eigen-site",
    "/inbedden",
    "/stijlgids",
    "/gezond",
    "/demo/post",
    "/kaart.json",
    "/gebied/schijndel/agenda.ics",
    "/gebied/schijndel/nieuw.atom",
    "/onderwerp/debt/nieuw.atom",
    "/aanbod/loket-geldzaken",
    "/aanbod/loket-geldzaken/klopt-niet",
    "/aanbod/open-huiskamer-de-kersentuin/agenda.ics",
]


@pytest.mark.parametrize("page", PAGES)
def test_a_resident_opens_every_page(resident, page):
    assert resident.get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_every_page_without_a_municipality_helps_on(world, page):
    assert Client(HTTP_HOST="localhost").get(page).status_code in (200, 404)


def test_the_chooser_names_the_municipalities(world):
    text = Client(HTTP_HOST="localhost").get("/").content.decode()
    assert "Meierijstad" in text and "Maashorst" in text


def test_a_resident_finds_what_helps_and_why(resident):
    answer = ask(resident, "ik heb schulden en een deurwaarder", place="Schijndel")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Loket Geldzaken" in text and "Past bij:" in text and "0413-555 101" in text


def test_the_words_of_a_question_are_in_no_link_and_no_header(resident):
    answer = ask(resident, "bijzonderwoord over schulden")
    links = [part.split('"')[0] for part in answer.content.decode().split('href="')[1:]]
    assert links and not any("bijzonderwoord" in link for link in links)
    assert "bijzonderwoord" not in str(answer.headers)


def test_another_municipalitys_entry_is_not_found(resident):
    assert resident.get("/aanbod/koffie-in-uden").status_code == 404
    assert Client(HTTP_HOST="maashorst.localhost").get("/aanbod/koffie-in-uden").status_code == 200


@pytest.mark.parametrize("page", [one for one in PAGES if "." not in one and one != "/gezond"])
def test_every_page_of_a_demonstration_says_so(resident, settings, page):
    settings.DEMO = True
    assert "Mensen, organisaties en activiteiten op deze site zijn verzonnen" in " ".join(
        resident.get(page).content.decode().split()
    )


@pytest.mark.parametrize(
    "address", ["/gebied/schijndel/agenda.ics", "/gebied/schijndel/nieuw.atom"]
)
def test_a_calendar_and_a_feed_of_invented_entries_say_so(resident, world, address):
    assert "(demonstratie)" not in resident.get(address).content.decode()
    with working_for("GM1948"):
        Service.objects.filter(pk=world.huiskamer.pk).update(is_demo=True)
    assert "(demonstratie)" in resident.get(address).content.decode()


def test_what_has_a_second_place_in_a_village_stands_on_its_page_and_in_its_feeds(resident, world):
    addresses = ("/gebied/veghel", "/gebied/veghel/agenda.ics", "/gebied/veghel/nieuw.atom",
                 "/agenda?gebied=veghel")  # fmt: skip
    title = world.huiskamer.title
    assert not [one for one in addresses if title in resident.get(one).content.decode()]
    with working_for("GM1948"):
        common = {"municipality": world.meierijstad}
        veghel = Village.objects.get(municipality=world.meierijstad, slug="veghel")
        place = Place.objects.create(street="Molenstraat 2", village=veghel, **common)
        ServicePlace.objects.create(service=world.huiskamer, place=place, **common)
        reindex([world.huiskamer])
    indexes.forget()
    assert [one for one in addresses if title in resident.get(one).content.decode()] == [*addresses]
    assert "Molenstraat 2" in resident.get("/gebied/veghel").content.decode()


def test_an_empty_question_says_what_to_do(resident):
    text = ask(resident, "   ").content.decode()
    assert "Typ eerst je vraag" in text


HALF = "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@pytest.mark.parametrize("slip", ["x", "?!?!", "…", "🙂" * 50, "  a ", HALF])
def test_a_slip_of_the_finger_is_asked_again_and_not_answered_at_random(resident, slip):
    answer = ask(resident, slip)
    assert answer.status_code == 400 and "Vertel iets meer" in answer.content.decode()
    assert QuestionCount.objects.count() == 0


def test_what_we_do_not_understand_is_told_and_leads_to_people(resident):
    page = ask(resident, "xyzzy qwrtp", place="Schijndel").content.decode()
    assert "We begrijpen je vraag nog niet" in page and "gaat misschien over" not in page
    assert 'id="mens-kop"' in page and "data-entry" in page
    again = '<details class="no-print" open><summary>Vraag of plaats veranderen'
    assert again in page, "to say it in other words is the next step"
    known = ask(resident, "ik ben eenzaam", place="Schijndel").content.decode()
    assert "We begrijpen je vraag" not in known and again not in known


def test_a_crisis_shows_the_number_first(resident):
    text = ask(resident, "ik wil dood").content.decode().split("<main")[1]
    assert text.index("113 · 0800-0113") < text.index("Dit kan helpen")
    assert "112" in text


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1999,
        "\x00\x01schulden",
        "‮schulden",
        "' OR 1=1 --",
        "<script>alert(1)</script>",
        "%s %d {0}",
    ],
)
def test_bad_input_breaks_nothing(resident, text):
    answer = ask(resident, text, place=text[:90], when="nonsense", topic="nonsense", rung=text)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_a_question_that_is_too_long_is_refused_with_its_length(resident):
    answer = ask(resident, "lang " * 1000)
    assert answer.status_code == 400
    assert "te lang" in answer.content.decode()


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
@pytest.mark.parametrize("address", ["/antwoord", "/vraag", "/mening"])
def test_five_megabytes_of_question_are_refused_and_it_is_said_why(resident, address, kind):
    words = {"q": "x" * 5_000_000}
    body = urlencode(words) if "url" in kind else encode_multipart(BOUNDARY, words)
    answer = resident.post(address, body, content_type=f"{kind}; boundary={BOUNDARY}")
    assert answer.status_code == 413
    assert "Is het een tekst? Maak hem korter" in answer.content.decode()


def test_an_unknown_place_offers_names(resident):
    text = ask(resident, "schulden", place="Schijndl").content.decode()
    assert "Schijndel" in text
    assert "kennen de plaats" in ask(resident, "schulden", place="Qqqq").content.decode()


def test_in_danger_what_helps_best_stands_above_a_lower_rung(resident, world):
    with working_for(SHARED):
        line = a_service(
            None, "113 Zelfmoordpreventie", "113", "organisation", "Bel.", Rung.GENERAL,
            ["suicide"], None, reach="national",
        )  # fmt: skip
        reindex([line])
    with working_for("GM1948"):
        circle = a_service(
            world.meierijstad, "Kring van nabestaanden", "Kring", "informal", "Praten.",
            Rung.COMMUNITY, ["grief", "suicide"], None,
        )  # fmt: skip
        reindex([circle])
    indexes.forget()
    page = ask(resident, "ik maak er een eind aan", place="Schijndel").content.decode()
    assert page.index(line.title) < page.index(circle.title)
    calm = resident.get("/antwoord", {"topic": "suicide", "place": "Schijndel"}).content.decode()
    assert calm.index(circle.title) < calm.index(line.title)


def test_the_answer_names_who_listens_in_the_own_village(resident, world):
    with working_for("GM1948"):
        team = form_team(
            municipality=world.meierijstad, name="Gebiedsteam Schijndel",
            villages=[world.schijndel.pk], by=SYSTEM, phone="0413-555 010",
        )  # fmt: skip
    person = member(Role.CONNECTOR, world.meierijstad, team=team, name="Ans Verbinder").person
    page = ask(resident, "ik ben eenzaam", place="Schijndel").content.decode()
    told = page.split('aria-labelledby="mens-kop"')[1].split("</section>")[0]
    assert person.name in told and 'href="tel:0413555010"' in told
    assert person.name not in ask(resident, "ik ben eenzaam").content.decode()


@pytest.mark.parametrize(
    "group,value", [("only", "free"), ("when", "weekday"), ("rung", "general")]
)
def test_a_filter_narrows_the_answer(resident, group, value):
    answer = ask(resident, "ik ben eenzaam", **{group: value})
    assert answer.status_code == 200
    assert f'value="{value}" checked' in answer.content.decode()


def test_the_answer_takes_at_most_eight_queries(resident, django_assert_max_num_queries):
    ask(resident, "ik ben eenzaam", place="Schijndel")
    # The transaction and its savepoint are not counted by the bar of the answer page.
    with django_assert_max_num_queries(10) as counted:
        ask(resident, "ik ben eenzaam", place="Schijndel")
    work = [q["sql"] for q in counted.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(work) <= 8, work


def test_weak_questions_are_counted_without_their_text(resident):
    ask(resident, "geheimwoord rolstoeldansen", place="Schijndel")
    with working_for("GM1948"):
        rows = list(QuestionCount.objects.all())
        assert {r.kind: r.count for r in rows} == {"asked": 1, "nothing": 1}
        assert "geheimwoord" not in str([vars(r) for r in rows])


def test_a_visitor_reports_a_mistake_and_it_gets_a_clock(resident, world):
    page = "/aanbod/loket-geldzaken/klopt-niet"
    assert resident.post(page, {"about": "", "text": "x"}).status_code == 400
    assert resident.post(page, {"about": "times", "text": "Dicht op vrijdag"}).status_code == 302
    with working_for("GM1948"):
        report = world.geldzaken.reports.get()
        assert report.due_on > report.created_at.date()
        assert Fact.objects.filter(verb="report").count() == 1


def test_a_visitor_keeps_an_entry_without_an_account(resident):
    resident.post("/aanbod/loket-geldzaken/bewaar")
    assert "Loket Geldzaken" in resident.get("/bewaard").content.decode()
    resident.post("/aanbod/loket-geldzaken/bewaar")
    assert "Loket Geldzaken" not in resident.get("/bewaard").content.decode()
    resident.cookies["bewaard"] = "forged:cookie"
    assert resident.get("/bewaard").status_code == 200


def test_a_visitor_rates_a_page_and_is_not_sent_elsewhere(resident):
    good = resident.post("/mening", {"page": "/over", "score": "4", "remark": "fijn"})
    assert good.headers["Location"] == "/over"
    bad = resident.post("/mening", {"page": "https://elders.example/", "score": "4"})
    assert bad.headers["Location"] == "/"
    assert resident.post("/mening", {"page": "/over", "score": "99"}).status_code == 302


def test_headers_keep_a_page_to_itself(resident):
    answer = resident.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "frame-ancestors 'self'" in resident.get("/inbedden").headers["Content-Security-Policy"]


def test_a_page_that_does_not_exist_helps_on(resident):
    answer = resident.get("/bestaat-niet")
    assert answer.status_code == 404
    assert "Deze pagina is er niet" in answer.content.decode()


@pytest.mark.parametrize("question", ["mijn man ademt niet", "ze heeft alle pillen geslikt"])
def test_where_a_body_is_in_danger_the_list_is_folded_below_the_number(resident, question):
    page = resident.post("/antwoord", {"text": question, "place": "Schijndel"}).content.decode()
    assert 'href="tel:112"' in page and page.index("tel:112") < page.index("Is er nu geen gevaar?")
    assert "Je vraag gaat misschien over" not in page
    calm = resident.post("/antwoord", {"text": "ik wil niet meer leven", "place": "Schijndel"})
    assert "Is er nu geen gevaar?" not in calm.content.decode()


def test_the_first_page_says_in_each_language_that_a_question_may_be_in_it(resident):
    page = resident.get("/").content.decode()
    for language in set(LANGUAGES) - {"nl"}:
        assert f'lang="{language}"' in page, language


def test_the_first_page_has_a_way_for_who_comes_to_help(resident):
    page = resident.get("/").content.decode()
    assert "Wil je iets doen voor een ander?" in page and "?topic=volunteering" in page
    assert resident.get("/antwoord?topic=volunteering").status_code == 200


def test_an_answer_leads_to_a_person_before_the_first_card(resident):
    page = ask(resident, "ik heb schulden").content.decode()
    assert page.index('href="#mens-kop"') < page.index("<article")
    assert 'id="mens-kop"' in page
    # In danger nothing stands beside the lines that answer at once.
    assert 'href="#mens-kop"' not in ask(resident, "ik wil niet meer leven").content.decode()


def test_a_page_runs_in_the_direction_of_its_language(resident, settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("ar", "Arabisch")]
    assert (
        '<html lang="ar" dir="rtl">'
        in resident.get("/over", HTTP_ACCEPT_LANGUAGE="ar").content.decode()
    )
    assert '<html lang="nl" dir="ltr">' in resident.get("/over").content.decode()


def test_an_entry_can_be_sent_on_and_leads_to_a_person(resident):
    page = resident.get("/aanbod/loket-geldzaken").content.decode()
    assert "mailto:?subject=" in page and "%2Faanbod%2Floket-geldzaken" in page
    assert "Past dit niet? Vraag een mens om hulp" in page
