"""Pages about privacy: the register for all, one's own data, and what is erased when."""

import csv
import io
import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import BinaryField
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from omzien.choices.actions import change_settings
from omzien.directory.models import Report, Service
from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.kernel.ladder import Rung
from omzien.messages.erasing import officers_for, remind_of_requests
from omzien.messages.models import Message
from omzien.people.actions.teams import form_team
from omzien.people.logs.writing import LogUnavailable
from omzien.people.models import (
    AccessLine,
    Batch,
    BatchLine,
    Hold,
    Mandate,
    MandateInvitation,
    Person,
    SignInCode,
)
from omzien.people.privacy.classes import DataClass, of_model
from omzien.people.privacy.retaining import propose
from omzien.people.rules.retention import answer_by
from omzien.people.rules.roles import IN_A_TEAM, SYSTEM, WITHOUT_MEMBERSHIP, Actor, Role
from omzien.questions.actions.forgetting import END
from omzien.questions.actions.working import close, pick_up
from omzien.questions.models import Task
from omzien.questions.rules.states import Result
from omzien.web.privacy import logs, words
from omzien.web.privacy.sources import SOURCES
from tests.casework import NOW, STORY, a_question, build
from tests.people.privacy.conftest import MAIL, OWN_TEXT, PHONE, hatch, long_ago
from tests.signing import member, person, wearing

HOST = "meierijstad.localhost"
MINE = "/account/gegevens"
KEEP = "/beheer/bewaren"
SURE = {"zeker": "1"}


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def canary(world):
    return hatch(world)


@pytest.fixture
def officer(world):
    return wearing(member(Role.PRIVACY_OFFICER, world.meierijstad, name="Fien Functionaris"))


@pytest.fixture
def policy(world):
    return wearing(member(Role.POLICY_OFFICER, world.meierijstad, name="Bert Beleid"))


@pytest.fixture
def admin(world):
    return wearing(member(Role.TECHNICAL_ADMIN, world.meierijstad, name="Tom Techniek"))


@pytest.fixture
def batch(world):
    with working_for("GM1948"):
        Report.objects.create(
            municipality=world.meierijstad,
            service=world.huiskamer,
            about="other",
            text="geheimpje",
            due_on=timezone.localdate(),
            closed_at=long_ago(),
            outcome="correct",
        )
        [one] = propose(municipality=world.meierijstad, on=timezone.localdate())
    return one


def test_anybody_reads_the_register_from_the_privacy_page(world):
    visitor = Client(HTTP_HOST=HOST)
    assert "/privacy/register" in text(visitor.get("/privacy"))
    page = text(visitor.get("/privacy/register"))
    assert "Accounts en rollen beheren" in page and "directory.Service (email, owner_email)" in page
    assert "Hulp bij een vraag" in page and "questions.Question (" in page
    rows = list(csv.reader(io.StringIO(visitor.get("/privacy/register?vorm=csv").content.decode(
        "utf-8-sig")), delimiter=";"))  # fmt: skip
    assert len(rows) > 8 and {len(row) for row in rows} == {8}
    visitor.cookies["language"] = "en"
    assert "Managing accounts and roles" in text(visitor.get("/privacy/register"))


@pytest.mark.parametrize("page", [MINE, f"{MINE}.json", f"{MINE}.html", KEEP, "/beheer/gegevens"])
def test_a_visitor_signs_in_first(world, page):
    assert Client(HTTP_HOST=HOST).get(page).status_code == 302


@pytest.mark.parametrize("hat", ["person", "membership"])
def test_somebody_sees_and_downloads_all_about_themselves(canary, hat):
    client = wearing(canary.person if hat == "person" else canary.membership)
    page = text(client.get(MINE))
    for mine in ("Kanarie Zangvogel", MAIL, PHONE, "nestreden", "eierwens", "veertekst"):
        assert mine in page
    assert "vluchtwachtwoord" not in page
    file = client.get(f"{MINE}.json")
    assert "attachment" in file["Content-Disposition"]
    data = json.loads(file.content)
    assert data["person"][0]["email"] == MAIL
    readable = text(client.get(f"{MINE}.html"))
    assert MAIL in readable and "<style" not in readable
    assert client.get(f"{MINE}.pdf").status_code == 404
    with working_for("GM1948"):
        facts = Fact.objects.filter(verb="export", subject_id=str(canary.person.pk)).order_by("at")
        assert [f.details["form"] for f in facts] == ["json", "html"]


def test_codes_are_said_in_words(canary):
    page = text(wearing(canary.person).get(MINE))
    assert "verbinder" in page and "nog geen antwoord" in page and "meekijken met de vraag" in page
    for code in (">connector<", ">waiting<", ">sent<", ">look<", ">mandate<"):
        assert code not in page, code


def test_no_heading_stands_alone_and_an_answer_is_no_end(canary):
    with working_for("GM1948"):
        account = canary.person.account
        SignInCode.objects.create(account=account, code_hash="x", expires_at=timezone.now())
        MandateInvitation.objects.filter(resident=canary.person).update(ended_at=timezone.now())
    page = text(wearing(canary.person).get(MINE))
    for shown in (page, text(wearing(canary.person).get(f"{MINE}.html"))):
        assert not re.search(r"</h2>\s*</section>", shown)
        assert "Dit leest alleen een programma." in shown
        assert "Beantwoord of ingetrokken op" in shown


def test_the_file_holds_no_more_than_the_page(canary):
    """Export of u ⊆ screen of u: what a person could read in the file stands on the page."""
    client = wearing(canary.person)
    page = text(client.get(MINE))
    readable = text(client.get(f"{MINE}.html"))
    cells = [part.split("</dd>")[0] for part in readable.split("<dd>")[1:]]
    assert len(cells) > 20
    assert [cell for cell in cells if cell not in page] == []


def test_another_persons_data_is_not_there(canary, world):
    stranger = wearing(person(world.meierijstad, "Vreemde Vogel"))
    assert MAIL not in text(stranger.get(MINE))
    assert stranger.get(f"/beheer/gegevens/{canary.person.pk}").status_code == 404
    assert stranger.post(f"/beheer/gegevens/{canary.person.pk}.json").status_code == 404
    assert stranger.get("/beheer/gegevens").status_code == 404


def test_the_privacy_officer_answers_who_asks(canary, officer):
    empty = officer.post("/beheer/gegevens", {"wie": ""})
    assert empty.status_code == 400 and "Vul een mailadres" in text(empty)
    for phone in (PHONE, "+31 6 98 71 23 45"):
        by_phone = text(officer.post("/beheer/gegevens", {"wie": phone}))
        assert f"/beheer/gegevens/{canary.person.pk}" in by_phone
    assert officer.post("/beheer/gegevens", {"wie": "kwak"}).status_code == 400
    assert "We bewaren niets" in text(officer.post("/beheer/gegevens", {"wie": "x@y.example"}))
    found = text(officer.post("/beheer/gegevens", {"wie": MAIL.upper()}))
    assert f"/beheer/gegevens/{canary.person.pk}" in found


def test_the_officer_sees_how_much_there_is_and_makes_the_file_only_with_a_reason(canary, officer):
    """No stories (mission): what is written about somebody is for that person."""
    where = f"/beheer/gegevens/{canary.person.pk}"
    page = text(officer.get(where))
    assert "Je vragen" in page and "keer" in page and "Gebiedsteam Oost" in page
    for word in (PHONE, MAIL, *OWN_TEXT):
        assert word not in page, word
    looked = officer.get(f"{where}.json")  # a file is made by a form: back to the page of it
    assert looked.status_code == 302 and looked.headers["Location"] in where
    for wrong in ({}, {"reden": "kwak"}):
        refused = officer.post(f"{where}.json", wrong)
        assert (
            refused.status_code == 400
            and "Kies een reden." in text(refused)
            and "zaadjesvraag" not in text(refused)
        )
    file = officer.post(f"{where}.json", {"reden": "asked"})
    assert "zaadjesvraag" in text(file) and "attachment" in file["Content-Disposition"]
    assert officer.post(f"{where}.html", {"reden": "asked"}).status_code == 200
    with working_for("GM1948"):
        facts = Fact.objects.filter(verb="export", subject_id=str(canary.person.pk))
        assert [fact.details["because"] for fact in facts] == ["asked", "asked"]
        told = Message.objects.get(key__startswith="file-made:")
        lines = AccessLine.objects.filter(about=canary.person.pk, purpose="oversight")
        assert lines.filter(action="export", result="allowed").exists()
    assert told.recipient == MAIL and MINE in told.body
    assert "kan het zelf niet ophalen" in text(wearing(canary.person).get(MINE))
    assert not any(word in told.body for word in OWN_TEXT)


def test_a_person_of_another_municipality_is_not_there(officer, world):
    elsewhere = person(world.maashorst, "Uden Uil")
    assert "We bewaren niets" in text(officer.post("/beheer/gegevens", {"wie": elsewhere.email}))
    assert officer.get(f"/beheer/gegevens/{elsewhere.pk}").status_code == 404


def test_asking_to_be_erased_until_it_is_done(
    canary, policy, admin, officer, mailoutbox, django_capture_on_commit_callbacks
):
    client = wearing(canary.person)
    assert "Vraag om mijn gegevens te wissen" in text(client.get(MINE))
    assert "binnen een maand" in text(client.post(f"{MINE}/wissen", SURE, follow=True))
    assert "al gevraagd" in text(client.post(f"{MINE}/wissen", SURE, follow=True))
    with working_for("GM1948"):
        one = Batch.objects.get(kind="request")
    assert "1 lijst om te wissen" in text(policy.get("/vandaag"))
    assert "Er staat niets klaar om te wissen" in text(admin.get("/vandaag"))
    assert "1 lijst wordt straks gewist. Jij kunt dat" in text(officer.get("/vandaag"))
    policy.post(f"{KEEP}/{one.pk}/goedkeuren")
    for who in (admin, officer):
        assert KEEP in text(who.get("/vandaag"))
    assert "1 lijst is goedgekeurd" in text(admin.get("/vandaag"))
    with django_capture_on_commit_callbacks(execute=True):
        done = text(admin.post(f"{KEEP}/{one.pk}/uitvoeren", follow=True))
    assert "1 ding is gewist" in done
    [told] = [mail for mail in mailoutbox if mail.to == [MAIL]]
    assert "is uitgevoerd" in told.subject and "Dat is gedaan" in told.body
    assert not (canary.person.name in told.body or PHONE in told.body)
    with working_for("GM1948"):
        assert not Message.objects.filter(recipient=MAIL).exists()
    with working_for("GM1948"):
        assert not Person.objects.filter(pk=canary.person.pk).exists()
    assert client.get(MINE).status_code == 302


def test_who_decides_on_a_request_hears_of_it_at_once_and_before_its_month_ends(
    canary, policy, officer, world
):
    wearing(canary.person).post(f"{MINE}/wissen", SURE)
    with working_for("GM1948"):
        one = Batch.objects.get(kind="request")
    last = answer_by(one.proposed_on)
    for client in (policy, officer):
        assert f"De maand eindigt op {date_format(last, 'j F Y')}." in text(client.get("/vandaag"))

    def told(code):
        with working_for("GM1948"):
            rows = Message.objects.filter(key=f"{code}:{one.pk}")
            assert not any(word in row.body for row in rows for word in OWN_TEXT)
            return rows.count()

    assert told("erasing-asked") == 2
    for days, count in ((8, 0), (7, 2), (1, 2)):  # each once
        remind_of_requests(municipality=world.meierijstad, on=last - timedelta(days=days))
        assert told("erasing-soon") == count
    policy.post(f"{KEEP}/{one.pk}/goedkeuren")
    with working_for("GM1948"):
        assert officers_for(Batch.objects.get(), on=one.proposed_on)
        Batch.objects.update(state="refused", refused_because="law")
        assert not officers_for(Batch.objects.get(), on=one.proposed_on)


def test_a_request_is_refused_with_a_reason_and_the_person_hears_it(canary, policy, admin, world):
    client = wearing(canary.person)
    client.post(f"{MINE}/wissen", SURE)
    with working_for("GM1948"):
        one = Batch.objects.get(kind="request")
    assert "Wijs dit verzoek af" in text(policy.get(KEEP))
    where = f"{KEEP}/{one.pk}/afwijzen"
    assert admin.post(where, {"reden": "law"}).status_code == 403
    for wrong in ("", "kwak"):
        answer = policy.post(where, {"reden": wrong})
        assert answer.status_code == 400 and "<title>Fout: " in text(answer)
        assert f'href="#reden-{one.pk}">Kies een reden.' in text(answer)
        assert f'id="reden-{one.pk}"' in text(answer)
    assert "De reden: " in text(policy.post(where, {"reden": "claim"}, follow=True))
    assert "al besloten" in text(policy.post(where, {"reden": "law"}, follow=True))
    assert "al besloten" in text(policy.post(f"{KEEP}/{one.pk}/goedkeuren", follow=True))
    assert "nog niet worden" in text(admin.post(f"{KEEP}/{one.pk}/uitvoeren", follow=True))
    with working_for("GM1948"):
        assert Person.objects.filter(pk=canary.person.pk).exists()
        told = Message.objects.get(key=f"erasing-refused:{one.pk}")
        assert Fact.objects.get(verb="retention-refuse").details["because"] == "claim"
    assert told.recipient == MAIL and MINE in told.body and "klacht" not in told.body
    assert "nodig voor een klacht, een bezwaar" in text(client.get(MINE))
    assert "binnen een maand" in text(
        client.post(f"{MINE}/wissen", SURE, follow=True)
    )  # asked anew


def test_what_is_over_its_term_cannot_be_refused(batch, policy):
    assert "Wijs dit verzoek af" not in text(policy.get(KEEP))
    answer = policy.post(f"{KEEP}/{batch.pk}/afwijzen", {"reden": "law"}, follow=True)
    assert "al besloten" in text(answer)
    with working_for("GM1948"):
        assert Batch.objects.get().state == "proposed"


def test_the_page_says_when_a_list_is_erased(batch, policy):
    day = date_format(batch.run_from, "j F Y")
    assert f"niet voor {day}" in text(policy.get(KEEP))
    policy.post(f"{KEEP}/{batch.pk}/goedkeuren")
    assert f"wist dit zelf op {day}" in text(policy.get(KEEP))


LOG = "/beheer/logboek"


def logged():
    with working_for("GM1948"):
        return list(AccessLine.objects.filter(object_kind="access-log").order_by("number"))


def test_the_privacy_officer_reads_who_looked_and_that_is_logged_too(canary, officer, world):
    wearing(canary.person).get(MINE)
    page = text(officer.get(LOG))
    assert canary.person.name in page and "bekeek" in page and "snavelgeheim" not in page
    [own] = logged()
    assert own.purpose == "oversight" and own.action == "read"
    page = text(officer.get(LOG))  # the first look stands in the second
    assert "Fien Functionaris" in page
    one = str(canary.person.pk)
    assert canary.person.name in text(officer.get(LOG, {"persoon": one}))
    assert logged()[-1].about == canary.person.pk and logged()[-1].action == "search"
    data = text(officer.get(f"/beheer/gegevens/{one}"))
    assert f"{LOG}?wie={one}" in data
    by_name = text(officer.post("/beheer/gegevens", {"wie": "kanarie  ZANGVOGEL"}))
    assert f"/beheer/gegevens/{one}" in by_name
    assert f"{LOG}?persoon={one}" in data and "Nummer van deze persoon" in data


def test_the_log_is_narrowed_and_paged_by_number(canary, officer, world, monkeypatch):
    client = wearing(canary.person)
    for _once in range(3):
        client.get(MINE)
    monkeypatch.setattr(logs, "MOST", 2)
    page = text(officer.get(LOG, {"wie": str(canary.person.pk)}))
    assert page.count("</time>") == 2 and "Oudere regels" in page
    last = re.search(r"wie=[0-9a-f-]+&amp;voor=([0-9]+)", page)
    older = text(officer.get(LOG, {"wie": str(canary.person.pk), "voor": last[1]}))
    assert older.count("</time>") == 1 and "Oudere regels" not in older
    today = timezone.localdate()
    for asked, is_there in [
        ({"dag": f"{today:%d-%m-%Y}"}, True),
        ({"dag": "01-01-2020"}, False),
        ({"doel": "own-data"}, True),
        ({"doel": "inquiry"}, False),
        ({"persoon": "00000000-0000-0000-0000-000000000000"}, False),
    ]:
        answer = officer.get(LOG, asked)
        assert answer.status_code == 200 and ("</time>" in text(answer)) is is_there, asked
    for wrong in ({"wie": "x"}, {"dag": "gisteren"}, {"doel": "kwak"}, {"voor": "-1"}):
        answer = officer.get(LOG, wrong)
        assert answer.status_code == 400 and "</time>" not in text(answer)


def test_the_log_of_another_municipality_is_not_there(canary, officer, world):
    elsewhere = person(world.maashorst, "Els Elders")
    wearing(elsewhere).get(MINE)
    page = text(officer.get(LOG, {"wie": str(elsewhere.pk)}))
    assert "</time>" not in page and "Els Elders" not in text(officer.get(LOG))


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PRIVACY_OFFICER} - WITHOUT_MEMBERSHIP))
def test_the_log_is_for_the_privacy_officer_only(world, role):
    with working_for("GM1948"):
        team = form_team(municipality=world.meierijstad, name="Team", by=SYSTEM)
    place = team if role in IN_A_TEAM else None
    client = wearing(member(role, world.meierijstad, team=place))
    assert client.get(LOG).status_code == 403


def test_without_a_line_in_the_log_the_log_is_not_shown(officer, monkeypatch):
    def away(*_arguments, **_more):
        raise LogUnavailable

    monkeypatch.setattr(logs, "note", away)
    assert officer.get(LOG).status_code == 503


def test_in_a_role_for_work_you_change_first(canary):
    client = wearing(canary.membership)
    assert "Vraag om mijn" not in text(client.get(MINE))
    assert "Wissel eerst" in text(client.post(f"{MINE}/wissen", SURE, follow=True))
    with working_for("GM1948"):
        assert not Batch.objects.exists()


def test_a_list_is_seen_without_content_approved_held_and_not_run_too_early(
    batch, policy, officer, admin
):
    page = text(policy.get(KEEP))
    assert "Melding dat iets niet klopt" in page and "geheimpje" not in page
    assert "Wis nu" not in page
    assert "Keur goed" not in text(admin.get(KEEP))
    assert admin.post(f"{KEEP}/{batch.pk}/goedkeuren").status_code == 403
    assert policy.post(f"{KEEP}/{batch.pk}/uitvoeren").status_code == 403
    assert "nog niet worden uitgevoerd" in text(
        admin.post(f"{KEEP}/{batch.pk}/uitvoeren", follow=True)
    )
    assert "goedgekeurd" in text(policy.post(f"{KEEP}/{batch.pk}/goedkeuren", follow=True))
    assert "was je voor" in text(policy.post(f"{KEEP}/{batch.pk}/goedkeuren", follow=True))
    with working_for("GM1948"):
        key = batch.lines.get().key
    assert key in text(officer.get(KEEP))
    assert key not in text(admin.get(KEEP))
    form = {"soort": "report", "nummer": key, "reden": ""}
    where = f"{KEEP}/vasthouden"
    assert "Schrijf op waarom" in text(officer.post(where, form, follow=True))
    assert "zolang jij" in text(officer.post(where, form | {"reden": "klacht"}, follow=True))
    assert "al tegengehouden" in text(officer.post(where, form | {"reden": "x"}, follow=True))
    for wrong in ({"soort": "kwak"}, {"nummer": "kwak"}, {"nummer": "", "soort": "person"}):
        answer = officer.post(where, form | {"reden": "x"} | wrong, follow=True)
        assert "niets met dit nummer" in text(answer)
    assert policy.post(where, form).status_code == 403
    with working_for("GM1948"):
        held = Hold.objects.get()
    assert "weer worden gewist" in text(officer.post(f"{KEEP}/los/{held.pk}", follow=True))


def test_on_ones_own_request_somebody_else_decides_and_the_page_says_who(world):
    mine = member(Role.POLICY_OFFICER, world.meierijstad, name="Bert Beleid")
    client = wearing(mine)
    wearing(mine.person).post(f"{MINE}/wissen", SURE)
    with working_for("GM1948"):
        one = Batch.objects.get(kind="request")
    page = text(client.get(KEEP))
    assert "Er is nu niemand anders die dit mag" in page
    other = wearing(member(Role.POLICY_OFFICER, world.meierijstad, name="Dora Dossier"))
    page = text(client.get(KEEP))
    assert "Over dit verzoek beslis jij niet" in page and "Dora Dossier" in page
    assert f"{one.pk}/goedkeuren" not in page and f"{one.pk}/afwijzen" not in page
    assert "om te wissen wacht op jou" not in text(client.get("/vandaag"))
    answer = client.post(f"{KEEP}/{one.pk}/goedkeuren", follow=True)
    assert "Dit doet iemand anders" in text(answer)
    answer = client.post(f"{KEEP}/{one.pk}/afwijzen", {"reden": "law"}, follow=True)
    assert "Dit doet iemand anders" in text(answer)
    assert "goedgekeurd" in text(other.post(f"{KEEP}/{one.pk}/goedkeuren", follow=True))


def test_who_oversees_does_not_let_go_what_is_about_themselves(world):
    mine = member(Role.PRIVACY_OFFICER, world.meierijstad, name="Fien Functionaris")
    other = wearing(member(Role.PRIVACY_OFFICER, world.meierijstad, name="Gijs Toezicht"))
    form = {"soort": "person", "nummer": str(mine.person_id), "reden": "klacht"}
    client = wearing(mine)
    answer = client.post(f"{KEEP}/vasthouden", form)
    assert answer.status_code == 400 and "Dit doet iemand anders" in text(answer)
    other.post(f"{KEEP}/vasthouden", form)
    page = text(client.get(KEEP))
    assert "Dit laat jij niet los" in page and "Gijs Toezicht" in page
    with working_for("GM1948"):
        assert f"/los/{Hold.objects.get().pk}" not in page


def test_who_oversees_does_not_look_into_the_data_of_who_is_close_to_them(canary, world):
    mine = member(Role.PRIVACY_OFFICER, world.meierijstad, name="Fien Functionaris")
    member(Role.PRIVACY_OFFICER, world.meierijstad, name="Gijs Toezicht")
    with working_for("GM1948"):
        Mandate.objects.create(
            municipality=world.meierijstad, resident=canary.person, proxy=mine.person,
            what=["look"], starts_on=timezone.localdate(), confirmed_at=timezone.now(),
        )  # fmt: skip
    client, where = wearing(mine), f"/beheer/gegevens/{canary.person.pk}"
    found = text(client.post("/beheer/gegevens", {"wie": MAIL}))
    assert "Deze persoon staat dicht bij je" in found and "Gijs Toezicht" in found
    assert where not in found
    assert client.get(where).status_code == 404
    assert client.post(f"{where}.json", {"reden": "asked"}).status_code == 404


def test_a_long_list_is_run_in_parts_and_the_page_says_how_far(
    world, policy, admin, batch, monkeypatch
):
    monkeypatch.setattr("omzien.web.privacy.retention.RUN_AT_ONCE", 1)
    with working_for("GM1948"):
        line = batch.lines.get()
        BatchLine.objects.create(
            municipality=world.meierijstad, batch=batch, key=str(uuid4()), last_day=line.last_day
        )
        Batch.objects.update(run_from=timezone.localdate())
    policy.post(f"{KEEP}/{batch.pk}/goedkeuren")
    page = text(admin.post(f"{KEEP}/{batch.pk}/uitvoeren", follow=True))
    assert "1 ding is er nog. Druk nog eens" in page
    assert "1 ding is er nog" not in text(admin.post(f"{KEEP}/{batch.pk}/uitvoeren", follow=True))
    with working_for("GM1948"):
        batch.refresh_from_db()
    assert batch.state == Batch.State.DONE


def test_a_list_of_another_municipality_is_not_there(batch, world):
    other = wearing(member(Role.POLICY_OFFICER, world.maashorst, name="Ans Anders"))
    assert other.post(f"{KEEP}/{batch.pk}/goedkeuren").status_code == 404
    assert "Melding dat iets niet klopt</h3>" not in text(other.get(KEEP))


@pytest.mark.parametrize(
    "role", [Role.CHIEF_EDITOR, Role.FUNCTIONAL_MANAGER, Role.VOLUNTEER, Role.INITIATOR]
)
def test_the_lists_are_not_for_others(world, role):
    client = wearing(member(role, world.meierijstad, name="Noor Niet"))
    assert client.get(KEEP).status_code == 403


def test_an_approved_request_says_why_it_waits_until_the_question_is_ended(
    world, policy, admin, officer, mailoutbox, django_capture_on_commit_callbacks
):
    """Nobody is told that they were erased while a question runs; who can end that hears it."""
    with working_for("GM1948"):
        town = build(world.meierijstad, world.schijndel)
        question = a_question(town)
        pick_up(question=question, by=town.a.by, now=NOW)
    sjaan = wearing(town.resident)
    sjaan.post(f"{MINE}/wissen", SURE)
    with working_for("GM1948"):
        one = Batch.objects.get(kind="request")
    why = f"Er loopt nog een vraag: {question.reference} (Team A)."
    day = date_format(answer_by(one.proposed_on), "j F Y")
    before = text(policy.get(KEEP))
    assert why in before and f"eindigt op {day}" in before and "Wis nu" not in before
    assert STORY not in before and "Rina" not in before
    policy.post(f"{KEEP}/{one.pk}/goedkeuren")
    for _twice in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            done = text(admin.post(f"{KEEP}/{one.pk}/uitvoeren", follow=True))
    assert "0 dingen zijn gewist." in done and done.count(why) == 2 and "Gewist:" not in done
    assert not [mail for mail in mailoutbox if "uitgevoerd" in mail.subject]
    for client in (policy, officer):
        today = text(client.get("/vandaag"))
        assert "1 verzoek is nog niet klaar" in today and day in today
    mine = text(sjaan.get(MINE))
    assert why in mine and "Het wissen wacht nog" in mine
    with working_for("GM1948"):
        told = Message.objects.get(key=f"erasing-waits:{one.pk}")
        task = Task.objects.get(question=question, what=END)
        assert told.recipient == town.resident.email and MINE in told.body
        assert (task.holder, task.team) == (town.a.worker, town.a.team)
    assert "alle gegevens te wissen" in text(wearing(town.a.worker).get("/werk"))
    with working_for("GM1948"):
        close(question=question, result=Result.SOLVED, rung_reached=Rung.COMMUNITY, is_told=True,
              by=town.a.by, now=NOW)  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        assert "1 ding is gewist" in text(admin.post(f"{KEEP}/{one.pk}/uitvoeren", follow=True))
    with working_for("GM1948"):
        assert not Person.objects.filter(pk=town.resident.pk).exists()
    assert "nog niet uitgevoerd" not in text(policy.get("/vandaag"))


def test_a_request_that_is_held_says_so(canary, policy, admin, officer):
    client = wearing(canary.person)
    client.post(f"{MINE}/wissen", SURE)
    with working_for("GM1948"):
        one = Batch.objects.get(kind="request")
    form = {"soort": "person", "nummer": str(canary.person.pk), "reden": "klacht"}
    officer.post(f"{KEEP}/vasthouden", form)
    policy.post(f"{KEEP}/{one.pk}/goedkeuren")
    done = text(admin.post(f"{KEEP}/{one.pk}/uitvoeren", follow=True))
    assert "houdt het wissen nu tegen" in done and "houdt het wissen nu tegen" in text(
        client.get(MINE)
    )
    with working_for("GM1948"):
        assert Message.objects.filter(key=f"erasing-waits:{one.pk}", recipient=MAIL).exists()


def test_what_is_about_somebody_stands_on_the_page_and_not_in_the_file_alone():
    """By classes.md: of each table in an export, each field about a human being has a label."""
    missing = []
    for label in (model for source in SOURCES for model in source.models):
        for name, one in of_model(label).items():
            field = apps.get_model(label)._meta.get_field(name)
            is_key = isinstance(field, BinaryField) or field.related_model is Person
            if not one.is_personal or one.kind == DataClass.SECRET or is_key:
                continue
            if name in words.ONLY_IN_FILE or not words._label(label, name):
                missing.append(f"{label}.{name}")
    # Shown to nobody: another's file, in which others could be named.
    others = ("directory.ImportFile", "directory.ImportBefore")
    assert [one for one in missing if not one.startswith(others)] == []


def test_a_question_is_whole_on_the_page_and_in_the_file_to_read(world):
    with working_for("GM1948"):
        town = build(world.meierijstad, world.schijndel)
        question = a_question(town)
        day = date_format(question.due_on, "j F Y")
    client = wearing(town.resident)
    for where in (MINE, f"{MINE}.html"):
        page = text(client.get(where))
        for mine in (STORY, question.reference, "Eenzaamheid", day, "Team A", "bellen"):
            assert mine in page, (where, mine)
        assert "loneliness" not in page and ">phone<" not in page


def test_the_officer_hears_of_an_address_without_a_person(world, officer):
    """The owner of an entry, and who was mailed, is no person here, and is kept all the same."""
    owner = "eigenaar@uil.example"
    with working_for("GM1948"):
        Service.objects.filter(pk=world.huiskamer.pk).update(owner_email=owner)
        Message.objects.create(municipality=world.meierijstad, key="k", recipient=owner,
                               subject="Geheimpje", body="Geheimpje")  # fmt: skip
    found = text(officer.post("/beheer/gegevens", {"wie": owner.upper()}))
    assert "We bewaren niets" not in found and "Geheimpje" not in found
    assert "Aanbod dat je bijhoudt" in found and "Mail aan jou" in found
    assert "Aanbod dat" in text(officer.post("/beheer/gegevens", {"wie": "0413-555 101"}))
    for nobody in ("niemand@uil.example", "06-5550 9999"):
        assert "We bewaren niets" in text(officer.post("/beheer/gegevens", {"wie": nobody}))


def test_the_privacy_page_says_what_a_question_to_a_person_keeps_and_whom_to_ask(world):
    visitor = Client(HTTP_HOST=HOST)
    page = text(visitor.get("/privacy"))
    assert "je naam, hoe we je bereiken, je verhaal" in page and "(FG)" not in page
    assert "bewaren we alles nog 1 jaar" in page and "Dan nog 3 maanden" in page
    with working_for("GM1948"):
        change_settings(
            municipality=world.meierijstad, by=SYSTEM,
            raw={"privacy_email": "fg@meierijstad.example", "privacy_phone": "14 0413"},
        )  # fmt: skip
    page = text(visitor.get("/privacy"))
    assert "(FG)" in page and 'href="mailto:fg@meierijstad.example"' in page and "14 0413" in page


def test_a_request_is_confirmed_and_may_be_withdrawn_until_it_is_done(canary, policy):
    client = wearing(canary.person)
    assert "Zet eerst een vinkje" in text(client.post(f"{MINE}/wissen", follow=True))
    client.post(f"{MINE}/wissen", SURE)
    with working_for("GM1948"):
        policy.post(f"{KEEP}/{Batch.objects.get().pk}/goedkeuren")
    at_work = wearing(canary.membership)
    assert "Wissel eerst" in text(at_work.post(f"{MINE}/wissen/intrekken", follow=True))
    assert "Trek je verzoek in" in text(client.get(MINE))
    assert "Er wordt niets gewist" in text(client.post(f"{MINE}/wissen/intrekken", follow=True))
    assert "geen verzoek meer" in text(client.post(f"{MINE}/wissen/intrekken", follow=True))
    with working_for("GM1948"):
        assert not Batch.objects.exists() and Person.objects.filter(pk=canary.person.pk).exists()
        assert Fact.objects.filter(verb="retention-withdraw").count() == 1


def test_a_day_of_the_log_is_asked_so_that_its_index_can_be_used(world):
    with working_for("GM1948"), connection.cursor() as cursor:
        officer = Actor("GM1948", Role.PRIVACY_OFFICER)
        asked = {"persoon": None, "wie": None, "doel": "", "voor": None}
        rows = logs.lines_wanted(officer, asked | {"dag": timezone.localdate()})
        assert "AT TIME ZONE" not in str(rows.query) and '"at" >=' in str(rows.query)
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'access_at'")
        assert "brin (at)" in cursor.fetchone()[0]
