"""Asking a person for help: the three steps, the receipt, and everything that goes wrong."""

import re
from datetime import datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from omzien.areas.queries import forget
from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.messages.actions import deliver_waiting
from omzien.messages.models import Message
from omzien.people.actions.teams import form_team
from omzien.people.models import Account, Mandate, Person, Team
from omzien.people.rules.roles import SYSTEM, Role
from omzien.questions.models import Attempt, Question
from omzien.questions.queries.duty import promised
from omzien.web.asking import receipt, views
from omzien.web.asking.checks import is_phone
from omzien.web.doors import HAT
from tests.signing import member, person, wearing

pytestmark = pytest.mark.django_db
HERE, HOST = "GM1948", "meierijstad.localhost"
STORY = "Sinds mijn man weg is zit ik zo alleen, ik spreek hele dagen niemand."
WHO = {
    "for_whom": "me", "name": "Rina Roos", "phone": "06-5550 0001",
    "email": "rina@voorbeeld.example", "reach_by": "phone", "moment": "na tienen",
}  # fmt: skip
HIDDEN = re.compile(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', re.DOTALL)


@pytest.fixture
def team(world):
    with working_for(HERE):
        form_team(municipality=world.meierijstad, name="Loket", is_default=True, by=SYSTEM)
        area = form_team(
            municipality=world.meierijstad, name="Gebiedsteam Schijndel", phone="0413-555 200",
            villages=[world.schijndel.pk], by=SYSTEM,
        )  # fmt: skip
    member(Role.TEAM_MEMBER, world.meierijstad, team=area, name="Gea Gebied")
    return area


@pytest.fixture
def visitor(resident, team):
    return resident


def text(answer):
    return answer.content.decode()


def carried(answer, after='name="at"'):
    """Return the hidden fields of the form of a step, as a browser sends them back."""
    page = text(answer)
    found = {}
    for name, value in HIDDEN.findall(page[page.index(after) - 40 :]):
        found.setdefault(name, []).append(unescape(value))
    return found


def ticked(answer):
    return re.findall(r'name="topic" value="([^"]+)" checked', text(answer))


def about(client, **more):
    page = client.get("/vraag")
    return client.post("/vraag", carried(page) | {"story": STORY, "place": "Schijndel"} | more)


def who(client, page, **more):
    return client.post("/vraag", carried(page) | {"topic": ticked(page)} | WHO | more)


def to_the_last_step(client, **more):
    return who(client, about(client), **more)


def send(client, page, **more):
    return client.post("/vraag", carried(page) | more)


def questions():
    with working_for(HERE):
        return list(Question.objects.select_related("person", "asked_by", "team", "village"))


def test_somebody_asks_in_three_steps_and_knows_at_once_who_helps(visitor, team):
    second = about(visitor)
    assert "Stap 2 van 3" in text(second) and ticked(second) == ["loneliness"]
    third = who(visitor, second)
    page = text(third)
    assert "Gebiedsteam Schijndel" in page and "0413-555 200" in page and STORY in page
    assert "Niemand buiten dit team leest je vraag" in page and questions() == []
    sent = send(visitor, third)
    assert (sent.status_code, sent["Location"]) == (302, "/vraag/ontvangen")
    (one,) = questions()
    assert (one.team, one.story, one.topics) == (team, STORY, ["loneliness"])
    assert (one.person.name, one.person.phone, one.reach_by) == (
        "Rina Roos", "06-5550 0001", "phone",
    )  # fmt: skip
    receipt = text(visitor.get("/vraag/ontvangen"))
    assert one.reference in receipt and "Gebiedsteam Schijndel" in receipt
    assert "0413-555 200" in receipt and "Uiterlijk" in receipt and "code in de mail" in receipt


def test_the_receipt_names_the_seven_days_for_a_plan_of_one_s_own(visitor):
    send(visitor, to_the_last_step(visitor))
    (one,) = questions()
    last = timezone.localdate(one.asked_at) + timedelta(days=7)
    receipt = text(visitor.get("/vraag/ontvangen"))
    assert "een eigen plan" in receipt and f"uiterlijk {date_format(last, 'l j F')}." in receipt


def test_the_receipt_opens_in_the_browser_that_asked_and_names_nobody(visitor):
    send(visitor, to_the_last_step(visitor))
    receipt = text(visitor.get("/vraag/ontvangen"))
    for word in ("Rina", "5550 0001", "rina@", "alleen"):
        assert word not in receipt
    assert "no-store" in visitor.get("/vraag/ontvangen")["Cache-Control"]
    stranger = Client(HTTP_HOST=HOST).get("/vraag/ontvangen")
    assert (stranger.status_code, stranger["Location"]) == (302, "/vraag")


def test_the_receipt_is_gone_after_an_hour(visitor):
    send(visitor, to_the_last_step(visitor))
    session = visitor.session
    session["asked"] = session["asked"] | {"at": session["asked"]["at"] - 3601}
    session.save()
    assert visitor.get("/vraag/ontvangen").status_code == 302


def test_the_mail_holds_the_number_and_nothing_of_what_it_is_about(visitor):
    send(visitor, to_the_last_step(visitor))
    with working_for(HERE):
        (one,) = Message.objects.all()
    (question,) = questions()
    assert one.recipient == "rina@voorbeeld.example" and question.reference in one.body
    for word in ("Rina", "Roos", "alleen", "loneliness", "enzaam", "5550", "Gebiedsteam"):
        assert word not in one.body + one.subject


def test_without_mail_the_phone_is_the_way(visitor):
    send(visitor, to_the_last_step(visitor, email=""))
    assert "Bel het team en noem het nummer" in text(visitor.get("/vraag/ontvangen"))
    with working_for(HERE):
        assert not Message.objects.exists()


# --- what cannot wait ---------------------------------------------------------------------------

HIT = "mijn man sloeg mij gisteren weer en ik durf niet naar huis"
THURSDAY_NIGHT = datetime(2026, 11, 26, 23, 49, tzinfo=ZoneInfo("Europe/Amsterdam"))


@pytest.mark.parametrize(
    "at,duty,told",
    [
        (THURSDAY_NIGHT, "", "Op vrijdag 27 november vanaf 9.00 uur leest iemand je vraag."),
        (THURSDAY_NIGHT - timedelta(hours=13), "", "Vandaag nog neemt iemand contact met je op."),
        (THURSDAY_NIGHT - timedelta(hours=13), "Loket", "Uiterlijk om 11.49 uur pakt iemand je "),
    ],
)
def test_what_cannot_wait_is_promised_what_happens(visitor, monkeypatch, world, at, duty, told):
    world.meierijstad.settings |= {"duty_team": duty}
    world.meierijstad.save()
    forget()
    for module in (views, receipt):
        monkeypatch.setattr(module, "promised", lambda code, **_now: promised(code, at=at))
    warned = about(visitor, story=HIT)
    second = send(visitor, warned)
    assert "Kunnen we je veilig bellen of mailen?" in text(second)
    third = who(visitor, second, moment="alleen tussen negen en twaalf")
    send(visitor, third)
    for page in (text(third), text(visitor.get("/vraag/ontvangen"))):
        assert told in page and "Uiterlijk maandag" not in page and "uiterlijk maandag" not in page
        for number in ("tel:112", "tel:08002000", "tel:08000113"):
            assert number in page
    (one,) = questions()
    assert one.is_acute and one.best_moment == "alleen tussen negen en twaalf"


def test_a_story_that_became_calm_is_promised_the_term_of_any_question(visitor):
    second = send(visitor, about(visitor, story=HIT))
    first = send(visitor, second, to="about")
    third = who(
        visitor, visitor.post("/vraag", carried(first) | {"story": STORY, "place": "Schijndel"})
    )
    assert "gaat voor" not in text(third) and "neemt uiterlijk" in text(third)


# --- the words stay in the form -----------------------------------------------------------------


def test_no_word_is_in_an_address_a_log_or_a_fact(visitor, caplog):
    caplog.set_level("DEBUG", logger="omzien")
    page = to_the_last_step(visitor)
    sent = send(visitor, page)
    assert 'method="get"' not in text(page)
    assert "?" not in sent["Location"]
    assert "Rina" not in caplog.text and "alleen" not in caplog.text
    with working_for(HERE):
        facts = " ".join(f"{one.details} {one.subject_id} {one.area}" for one in Fact.objects.all())
    assert "Rina" not in facts and "alleen" not in facts and "rina@" not in facts


def test_nothing_is_kept_before_it_is_sent(visitor):
    to_the_last_step(visitor)
    with working_for(HERE):
        assert not Person.objects.filter(memberships=None).exists()
        assert not Question.objects.exists()
    assert "session" not in visitor.cookies


@pytest.mark.parametrize(
    "story",
    ["😀 " * 9_000 + "koffie", "regel een\r\n\r\n  <b>regel</b> \"twee\" & 'drie'", "مرحبا " * 50],
)
def test_a_story_comes_through_all_steps_as_it_was_typed(visitor, story):
    send(visitor, who(visitor, about(visitor, story=story)))
    (one,) = questions()
    assert one.story == re.sub(r" +", " ", story.replace("\r\n", "\n")).strip()


def test_nul_bytes_are_taken_out(visitor):
    send(visitor, who(visitor, about(visitor, story=f"nul\0{STORY}"), name="Ri\0na"))
    (one,) = questions()
    assert one.story == f"nul{STORY}" and one.person.name == "Rina"


def test_twenty_thousand_characters_fit_and_one_more_is_said(visitor):
    long = "ik ben alleen " * 2000
    most = long[:19_999] + "x"
    assert about(visitor, story=most).status_code == 200
    refused = about(visitor, story=most + "y")
    assert refused.status_code == 400 and "20001 tekens" in text(refused) and most in text(refused)


# --- sent twice ---------------------------------------------------------------------------------


def test_sending_twice_asks_once(visitor):
    page = to_the_last_step(visitor)
    send(visitor, page)
    send(visitor, page)
    assert len(questions()) == 1
    with working_for(HERE):
        assert Message.objects.count() == 1 == Person.objects.filter(memberships=None).count()
    assert "Je had deze vraag al verstuurd" in text(visitor.get("/vraag/ontvangen"))


def test_going_back_and_changing_does_not_pretend_that_the_change_came_along(visitor):
    first = about(visitor)
    send(visitor, who(visitor, first))
    visitor.post("/vraag", carried(first) | {"at": "about", "story": "Iets heel anders"})
    (one,) = questions()
    assert one.story == STORY
    assert "niet mee verstuurd" in text(visitor.get("/vraag/ontvangen"))


def test_two_tabs_with_two_questions_are_two(visitor):
    one, two = to_the_last_step(visitor), to_the_last_step(visitor)
    send(visitor, one)
    send(visitor, two)
    assert len(questions()) == 2


def test_a_connection_that_was_lost_goes_on_where_it_was(visitor):
    page = to_the_last_step(visitor)
    for _ in range(3):  # the same step again and again
        page = send(visitor, page, at="who")
        assert page.status_code == 200
    assert send(visitor, page).status_code == 302 and len(questions()) == 1


# --- what is missing or wrong -------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong,said",
    [
        ({"story": "  "}, "Vertel in een paar woorden"),
        ({"place": ""}, "Vul je dorp of postcode in"),
        ({"place": "Qqqqqq"}, "We kennen “Qqqqqq” niet"),
        ({"place": "Uden"}, "hoort bij Maashorst. Woon je daar?"),
        ({"place": "Meierijstad"}, "Dit is groter dan één dorp"),
    ],
)
def test_the_first_step_says_what_is_missing_and_keeps_the_rest(visitor, wrong, said):
    answer = about(visitor, **wrong)
    assert answer.status_code == 400 and said in text(answer)
    assert "<title>Fout:" in text(answer) and (STORY in text(answer)) == ("story" not in wrong)
    if "place" in wrong:
        assert '<option value="schijndel"' in text(answer)


def test_a_place_that_is_not_known_is_chosen_from_the_list(visitor, world):
    page = about(visitor, place="Qqqqqq", village="schijndel")
    assert page.status_code == 200
    send(visitor, who(visitor, page))
    assert questions()[0].village == world.schijndel


@pytest.mark.parametrize(
    "wrong,said",
    [
        ({"for_whom": ""}, "Kies voor wie"),
        ({"for_whom": "koning"}, "Kies voor wie"),
        ({"name": ""}, "Vul je naam in"),
        ({"name": "x" * 121}, "er passen 120 tekens in"),
        ({"phone": ""}, "Vul je telefoonnummer in"),
        ({"phone": "bel me maar"}, "geen telefoonnummer"),
        ({"email": "rina"}, "geen mailadres"),
        ({"reach_by": "mail", "email": ""}, "Vul je mailadres in"),
        ({"reach_by": "visit", "email": "", "phone": ""}, "een telefoonnummer of een mailadres"),
        ({"reach_by": ""}, "Kies hoe we je mogen bereiken"),
        ({"reach_by": "duif"}, "Kies hoe we je mogen bereiken"),
        ({"for_whom": "other", "other_name": "", "knows": "yes"}, "Vul in voor wie"),
        ({"for_whom": "other", "other_name": "Piet"}, "Vertel het eerst aan wie het gaat"),
        ({"for_whom": "other", "other_name": "Piet", "knows": "yes", "other_email": "x"},
         "geen mailadres"),
        ({"moment": "x" * 300}, "er passen 200 tekens in"),
    ],
)  # fmt: skip
def test_the_second_step_says_what_is_missing_and_keeps_the_rest(visitor, wrong, said):
    answer = who(visitor, about(visitor), **wrong)
    assert answer.status_code == 400 and said in text(answer) and "<title>Fout:" in text(answer)
    for name in ("name", "email"):
        assert name in wrong or WHO[name] in text(answer)
    assert carried(answer)["story"] == [STORY]


def test_a_number_stands_once_on_the_page_of_danger(visitor):
    main = text(about(visitor, story=HIT)).split("<main")[1]
    assert main.count("tel:112") == main.count("tel:08002000") == 1


def test_who_is_signed_in_is_not_asked_to_sign_in(visitor, world):
    sanne = wearing(person(world.meierijstad, "Sanne Mulder"))
    send(sanne, who(sanne, about(sanne), name=""))
    receipt = text(sanne.get("/vraag/ontvangen"))
    assert "Bij je vragen zie je wat er gebeurt." in receipt and "Aanmelden" not in receipt
    assert "Meld je aan" not in receipt and "Aanmelden" in text(visitor.get("/vraag"))


def test_of_what_was_sent_no_step_comes_back(visitor):
    second = about(visitor)
    third = who(visitor, second)
    send(visitor, third)
    for page, more in ((second, {}), (second, {"to": "who"}), (third, {"to": "about"})):
        answer = send(visitor, page, **more)
        assert (answer.status_code, answer["Location"]) == (302, "/vraag/ontvangen")
    assert len(questions()) == 1


def test_a_step_cannot_be_skipped(visitor):
    page = carried(about(visitor))
    answer = visitor.post("/vraag", page | {"at": "check"})
    assert answer.status_code == 400 and "Kies voor wie" in text(answer) and questions() == []
    assert visitor.post("/vraag", {"at": "check"}).status_code == 400
    assert visitor.post("/vraag", {"at": "koekoek", "key": "x", "tip": "y"}).status_code == 400


def test_topics_are_suggested_and_the_person_decides(visitor):
    page = about(visitor)
    third = who(visitor, page, topic=[], more="debt")
    send(visitor, third)
    assert questions()[0].topics == ["debt"]
    third = who(visitor, about(visitor), topic=["loneliness", "qqq", "debt"])
    back = send(visitor, third, to="who")
    assert set(ticked(back)) == {"loneliness", "debt"} and WHO["name"] in text(back)


def test_too_many_questions_of_one_address_wait_and_nothing_is_lost(visitor):
    for _ in range(10):
        send(visitor, to_the_last_step(visitor))
    refused = send(visitor, to_the_last_step(visitor))
    assert refused.status_code == 429 and STORY in text(refused) and len(questions()) == 10


def test_the_language_changes_without_losing_a_word(visitor):
    page = to_the_last_step(visitor)
    part = text(page)
    part = part[part.index('action="/taal"') : part.index("</form>", part.index('action="/taal"'))]
    fields = {}
    for name, value in HIDDEN.findall(part):
        fields.setdefault(name, []).append(unescape(value))
    answer = visitor.post("/taal", fields | {"taal": "en"})
    assert answer.status_code == 307
    shown = visitor.post("/vraag", fields | {"taal": "en"})
    assert STORY in text(shown) and questions() == []


# --- for another --------------------------------------------------------------------------------

OTHER = {"for_whom": "other", "other_name": "Piet Roos", "knows": "yes"}


def test_somebody_asks_for_another_who_knows(visitor):
    third = to_the_last_step(visitor, **OTHER, other_phone="0413 555 777")
    assert "Piet Roos" in text(third)
    said = " ".join(text(third).split())
    assert "Dan leest Piet Roos alles wat je hier schreef" in said
    assert "Niet je familie" not in said
    assert "Niet je familie" in text(to_the_last_step(visitor))
    send(visitor, third)
    (one,) = questions()
    assert (one.person.name, one.person.phone) == ("Piet Roos", "0413 555 777")
    assert (one.asked_by.name, one.asked_by.email) == ("Rina Roos", "rina@voorbeeld.example")


ANOTHER = {"for_whom": "other", "knows": "yes", "other_phone": "0413 555 777"}


@pytest.mark.parametrize("name", ["Rina Rooss", "rina roos", "Rina"])
def test_who_asks_for_another_with_the_own_name_is_asked_whether_that_is_them(world, team, name):
    me = person(world.meierijstad, "Rina Roos", "rina@meierijstad.example")
    client = wearing(me)
    page = who(client, about(client), other_name=name, **ANOTHER)
    assert page.status_code == 400 and "Ben jij dit?" in text(page) and questions() == []
    page = who(client, page, is_me="yes", other_name=name, **ANOTHER)
    send(client, page)
    (one,) = questions()
    assert one.person == me and one.asked_by is None
    with working_for(HERE):
        assert not Person.objects.filter(phone="0413 555 777").exists()


def test_another_with_nearly_the_own_name_can_be_another(world, team):
    me = person(world.meierijstad, "Rina Roos", "rina@meierijstad.example")
    client = wearing(me)
    page = who(client, about(client), other_name="Rina Rooss", **ANOTHER)
    page = who(client, page, is_me="no", other_name="Rina Rooss", **ANOTHER)
    assert "Voor wie" in text(page)
    send(client, page)
    (one,) = questions()
    assert (one.person.name, one.asked_by) == ("Rina Rooss", me) and one.person != me


def test_a_visitor_is_asked_so_too_and_of_another_name_nobody_is(visitor):
    page = who(visitor, about(visitor), other_name="Rina Rooss", **ANOTHER)
    assert page.status_code == 400 and "Ben jij dit?" in text(page)
    page = who(visitor, about(visitor), other_name="Piet Roos", **ANOTHER)
    assert page.status_code == 200 and "Ben jij dit?" not in text(page)


def test_who_is_worried_finds_another_way(visitor):
    page = text(about(visitor))
    assert "Maak je je zorgen om iemand die dit niet weet?" in page


def test_a_signed_in_resident_types_no_name_and_keeps_the_question(world, team):
    me = person(world.meierijstad, "Rina Roos", "rina@meierijstad.example")
    client = wearing(me)
    page = about(client)
    assert "aangemeld als" in text(page) and 'name="name"' not in text(page)
    send(client, who(client, page, name="Iemand Anders", email="", phone="0413-555 999"))
    (one,) = questions()
    assert one.person == me and one.asked_by is None
    with working_for(HERE):
        me.refresh_from_db()
    assert (me.name, me.phone) == ("Rina Roos", "0413-555 999")


@pytest.fixture
def proxy(world, team):
    old = person(world.meierijstad, "Jan Oud", "jan@meierijstad.example")
    helper = person(world.meierijstad, "Dora Dochter", "dora@meierijstad.example")
    with working_for(HERE):
        mandate = Mandate.objects.create(
            municipality=world.meierijstad, resident=old, proxy=helper,
            what=["look", "talk", "act"], starts_on=timezone.localdate(),
            confirmed_at=timezone.now(),
        )  # fmt: skip
    client = wearing(helper)
    session = client.session
    session[HAT] = f"mandate:{mandate.pk}"
    session.save()
    return client, mandate, old, helper


def test_a_proxy_asks_in_the_name_of_who_gave_the_mandate(proxy):
    client, _mandate, old, helper = proxy
    page = about(client)
    assert "Jan Oud" in text(page) and 'name="for_whom"' not in text(page)
    send(client, who(client, page, for_whom=""))
    (one,) = questions()
    assert (one.person, one.asked_by) == (old, helper)


def test_a_mandate_that_ends_while_typing_is_said_and_nothing_is_lost(proxy):
    client, mandate, _resident, _helper = proxy
    page = who(client, about(client), for_whom="")
    with working_for(HERE):
        Mandate.objects.filter(pk=mandate.pk).update(revoked_at=timezone.now())
    answer = send(client, page)
    assert answer.status_code == 400 and "Je machtiging geldt niet meer" in text(answer)
    assert carried(answer)["story"] == [STORY] and questions() == []
    assert "Jan Oud" not in text(answer)


def test_a_mandate_that_became_one_to_look_does_not_let_somebody_ask(proxy):
    client, mandate, _resident, _helper = proxy
    page = who(client, about(client), for_whom="")
    with working_for(HERE):
        Mandate.objects.filter(pk=mandate.pk).update(what=["look"])
    answer = send(client, page)
    assert answer.status_code == 400 and "niet in hun naam vragen" in text(answer)
    assert questions() == []


def test_two_people_with_one_address_are_two_and_the_code_asks_who_you_are(visitor, world):
    send(visitor, to_the_last_step(visitor))
    send(visitor, to_the_last_step(visitor, name="Rob Roos", phone="06-5550 0002"))
    with working_for(HERE):
        assert Person.objects.filter(account=None).count() == 2
        sent_before = Message.objects.count()
    deliver_waiting()
    mail.outbox.clear()
    visitor.post("/aanmelden", {"email": "rina@voorbeeld.example"})
    digits = re.search(r"\b(\d{6})\b", mail.outbox[-1].body)[1]
    says = visitor.post("/aanmelden/code", {"code": digits}, follow=True)
    assert "Hoe heet je?" in text(says) and "Roos" not in text(says)
    visitor.post("/aanmelden/naam", {"name": "rina roos"})
    visitor.get("/rol")  # one role: it is put on
    page = text(visitor.get("/rol"))
    assert "Rina Roos" in page and "Rob" not in page
    with working_for(HERE):
        rina, rob = Question.objects.order_by("asked_at").values_list("reference", flat=True)
    mine = text(visitor.get("/mijn-vragen"))
    assert rina in mine and rob not in mine
    visitor.post("/aanmelden/naam", {"name": "Rob"})
    assert "Rob Roos" in text(visitor.get("/rol"))
    with working_for(HERE):
        owner = Account.objects.get(email="rina@voorbeeld.example")
        assert owner.persons.count() == 2
        assert Message.objects.count() == sent_before


def test_a_stranger_puts_nobody_in_an_account_and_one_s_own_name_is_known(visitor, world):
    """Anybody may fill in any address: a name goes with an account when its owner has it."""
    mien = person(world.meierijstad, "Mien Jansen", "mien@voorbeeld.example")
    client = wearing(mien)
    for n in range(6):
        other = Client(HTTP_HOST=HOST)
        send(other, to_the_last_step(other, name=f"Nep {n}", email="mien@voorbeeld.example"))
    assert "Nep" not in text(client.get("/rol"))
    other = Client(HTTP_HOST=HOST)
    send(other, to_the_last_step(other, name="Mien", email="mien@voorbeeld.example"))
    with working_for(HERE):
        assert Person.objects.get(name="Mien").account_id == mien.account_id
    asked = text(client.post("/aanmelden/naam", {"name": "Piet Jansen"}))
    assert "onder een andere naam" in asked and "Nep" not in asked
    as_new = {"name": "Piet Jansen", "meant": "new"}
    assert client.post("/aanmelden/naam", as_new).status_code == 302
    assert "Piet Jansen" in text(client.get("/rol"))


# --- danger -------------------------------------------------------------------------------------

DANGER = "Mijn man slaat mij en de kinderen en ik ben bang dat hij vannacht weer slaat."


def test_the_numbers_come_before_the_form_goes_on_and_the_question_is_urgent(visitor):
    page = about(visitor, story=DANGER)
    assert "Praat nu met iemand" in text(page) and "tel:112" in text(page)
    assert "0800-2000" in text(page) and "Stap 2" not in text(page)
    second = visitor.post("/vraag", carried(page))
    assert "Stap 2 van 3" in text(second)
    third = who(visitor, second)
    assert "tel:112" in text(third)
    send(visitor, third)
    (one,) = questions()
    assert one.is_acute and one.due_on == promised(HERE, at=one.asked_at).opens.date()


def test_danger_at_the_end_of_a_long_story_is_read_too(visitor):
    page = about(visitor, story="Ik wandel graag in het bos met de hond. " * 400 + DANGER)
    assert "Praat nu met iemand" in text(page)


# --- routes change meanwhile --------------------------------------------------------------------


def test_a_team_that_ended_meanwhile_is_named_anew_and_the_question_lands(visitor, team):
    page = to_the_last_step(visitor)
    with working_for(HERE):
        Team.objects.filter(pk=team.pk).update(archived_at=timezone.now())
    again = send(visitor, page)
    assert again.status_code == 409 and "Je vraag gaat nu naar Loket" in text(again)
    assert questions() == []
    assert send(visitor, again).status_code == 302
    assert questions()[0].team.name == "Loket"


def test_a_municipality_without_any_team_still_takes_the_question(world):
    client = Client(HTTP_HOST=HOST)
    send(client, to_the_last_step(client))
    assert questions()[0].team.name == "Loket Meierijstad"


# --- from the answer ----------------------------------------------------------------------------


def test_what_the_answer_suggested_travels_along_and_what_was_tried_is_kept(visitor, world):
    answer = visitor.post("/antwoord", {"text": STORY, "place": "Schijndel"})
    fields = carried(answer, after='value="answer"')
    assert fields["story"] == [STORY] and str(world.huiskamer.pk) in fields["tip"][0].split()
    first = visitor.post("/vraag", fields)
    assert "Open huiskamer" in text(first) and STORY in text(first)
    more = {"story": STORY, "place": "Schijndel", "tried": [str(world.huiskamer.pk)]}
    send(visitor, who(visitor, visitor.post("/vraag", carried(first) | more)))
    with working_for(HERE):
        (one,) = Attempt.objects.all()
    assert (one.offer, one.service, one.rung, one.by_resident) == (
        world.huiskamer.title, world.huiskamer.pk, world.huiskamer.rung, True,
    )  # fmt: skip


def test_a_forged_tip_is_left_out(visitor, world):
    page = about(visitor, tip=[str(world.udense_koffie.pk), "x"], tried=["x", HERE])
    send(visitor, who(visitor, page))
    with working_for(HERE):
        assert not Attempt.objects.exists()


def test_the_pages_ask_the_database_little(visitor, django_assert_max_num_queries):
    about(visitor)
    with django_assert_max_num_queries(22):
        second = about(visitor)
    with django_assert_max_num_queries(24):
        third = who(visitor, second)
    with django_assert_max_num_queries(54):
        send(visitor, third)
    with django_assert_max_num_queries(6):
        visitor.get("/vraag/ontvangen")


@pytest.mark.parametrize(
    "number, is_one",
    [
        ("06 12 34 56 7", False), ("06 12 34 56 78", True), ("0413-123456", True),
        ("+31 6 12345678", True), ("+31 (0)6 12345678", True), ("0031612345678", True),
        ("+31 6 1234567", False), ("06123456789", False), ("+32 470 12 34 56", True),
        ("0032 470 12 34 56", True), ("+49 30 1234", True), ("0800-0113", True), ("140413", True),
        ("12345678", False), ("0000000000", False), ("bel maar", False), ("+", False),
    ],
)  # fmt: skip
def test_a_telephone_number_is_one_that_can_be_dialled(number, is_one):
    assert is_phone(number) is is_one


def test_who_reads_along_by_a_mandate_is_named_before_sending(world, team):
    def mandate(proxy, *what):
        Mandate.objects.create(
            municipality=world.meierijstad, resident=anna, proxy=proxy, what=list(what),
            starts_on=timezone.localdate(), confirmed_at=timezone.now(),
        )  # fmt: skip

    with working_for(HERE):
        anna, bo, cor = (
            person(world.meierijstad, name) for name in ("Anna", "Bo Buur", "Cor Post")
        )
        mandate(cor, "receive")
    third = text(to_the_last_step(wearing(anna), reach_by="phone"))
    assert "Niemand buiten dit team leest je vraag" in third and "Cor Post" not in third
    with working_for(HERE):
        mandate(bo, "look")
    third = text(to_the_last_step(wearing(anna), reach_by="phone"))
    assert "leest deze vraag ook: Bo Buur." in third and "Cor Post" not in third
    assert "Niet je familie" not in third


def test_a_proxy_is_told_that_others_read_along_and_not_who(world, team):
    with working_for(HERE):
        anna, bo, cor = (
            person(world.meierijstad, name) for name in ("Anna", "Bo Buur", "Cor Post")
        )
        for proxy, what in ((bo, ["look", "act"]), (cor, ["look"])):
            Mandate.objects.create(
                municipality=world.meierijstad, resident=anna, proxy=proxy, what=what,
                starts_on=timezone.localdate(), confirmed_at=timezone.now(),
            )  # fmt: skip
        mandate = Mandate.objects.get(proxy=bo)
    client = wearing(bo)
    session = client.session
    session[HAT] = f"mandate:{mandate.pk}"
    session.save()
    third = text(to_the_last_step(client, reach_by="phone"))
    assert "Er kijken nog anderen voor Anna mee." in third and "Cor Post" not in third
    with working_for(HERE):
        Mandate.objects.filter(proxy=cor).delete()
    third = text(to_the_last_step(client, reach_by="phone"))
    assert "nog anderen" not in third and "Niemand" not in third[: third.index("Anna")]


def test_who_asks_for_another_is_promised_what_they_get(visitor):
    other = {"for_whom": "other", "other_name": "Sem", "knows": "yes"}
    page = to_the_last_step(visitor, **other)
    assert "Is Sem je kind en nog geen 12 jaar? Dan beslis jij." in text(page)
    send(visitor, page)
    receipt = text(visitor.get("/vraag/ontvangen"))
    assert "Het team kijkt met de ander wat helpt." in receipt
    for promise in ("zonder dat je het weet", "een eigen plan", "dat je de vraag niet meer hebt"):
        assert promise not in receipt


def test_what_is_wrong_stands_in_the_order_of_the_page(visitor):
    wrong = {"for_whom": "other", "name": "", "phone": "", "email": "x", "reach_by": "phone"}
    page = text(to_the_last_step(visitor, **wrong))
    summary = page[page.index('id="fouten"') :].partition("</ul></div>")[0]
    order = re.findall(r'href="#id_(\w+)"', summary)
    assert order == ["other_name", "knows", "name", "phone", "email"]
