"""Pages of what is acute, worries, early signals, discussions, aftercare and objections."""

import hashlib
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from omzien.areas.queries import forget
from omzien.handovers.actions.answering import decline
from omzien.handovers.queries.moving import package_to_move
from omzien.handovers.rules.states import DeclineReason
from omzien.journal.isolation import working_for
from omzien.kernel.ladder import Rung
from omzien.people.actions.starting import own_organisation
from omzien.people.logs.models import AccessLine
from omzien.people.models import Person
from omzien.people.rules.roles import Role
from omzien.questions.actions.aftercare import run_aftercare, token_for
from omzien.questions.actions.measuring import measure
from omzien.questions.actions.network import Known, draw_tie, share_network
from omzien.questions.actions.notes import write_note
from omzien.questions.actions.plans import Doing, add_action, add_goal
from omzien.questions.actions.talking import Said, say
from omzien.questions.actions.tries import add_try, finish_try
from omzien.questions.actions.working import close, pick_up
from omzien.questions.models import (
    AftercareAnswer,
    Attempt,
    BreakGlass,
    Crisis,
    Discussion,
    EarlySignal,
    Objection,
    Question,
    Reporter,
    Signal,
    Task,
)
from omzien.questions.rules.network import Often, Relation
from omzien.questions.rules.plans import Moment, Who
from omzien.questions.rules.states import Result
from omzien.questions.rules.support import Support
from tests.casework import NOW, STORY, a_member, a_question, an_offer, as_actor, consent
from tests.signing import member, wearing

pytestmark = pytest.mark.django_db
HOST = "meierijstad.localhost"
SOON = f"{timezone.localdate() + timedelta(days=30):%d-%m-%Y}"


@pytest.fixture
def here():
    with working_for("GM1948"):
        yield


@pytest.fixture
def question(town):
    with working_for("GM1948"):
        return a_question(town, now=timezone.now())


@pytest.fixture
def visitor():
    return Client(HTTP_HOST=HOST)


def stored(model):
    with working_for("GM1948"):
        return model.objects.get()


def choose_it(town, **values):
    town.municipality.settings |= values
    town.municipality.save()
    forget()


# --- what is acute ------------------------------------------------------------------------------


def test_the_numbers_stand_before_every_form(town, question, visitor):
    choose_it(town, duty_phone="0413-555 112")
    worker = wearing(town.a.worker)
    for browser, path in (
        (visitor, "/zorgen"),
        (worker, f"/werk/vraag/{question.pk}/acuut"),
        (worker, "/werk/noodinzage"),
    ):
        text = browser.get(path).content.decode().split("<main")[1]
        first_form = text.index('class="nl-button nl-button--primary"')
        for number in ("tel:112", "tel:08002000", "tel:0413555112"):
            assert 0 < text.index(number) < first_form, path


def test_flag_acknowledge_and_end(town, question):
    worker, page = wearing(town.a.worker), f"/werk/vraag/{question.pk}/acuut"
    assert worker.post(page, {"what": "flag", "version": question.version}).status_code == 302
    assert "acuut" in worker.get("/vandaag").content.decode()
    assert question.reference in worker.get("/werk/acuut").content.decode()
    assert worker.post(page, {"what": "acknowledge"}).status_code == 302
    assert worker.post(page, {"what": "step", "step": "2"}).status_code == 302
    answer = worker.post(page, {"what": "end", "reason": ""})
    assert answer.status_code == 400 and "<title>Fout:" in answer.content.decode()
    kept = worker.post(page, {"what": "end", "reason": "Zij is veilig.", "version": "1"})
    assert kept.status_code == 409 and "Zij is veilig." in kept.content.decode()
    assert worker.post(page, {"what": "end", "reason": "Zij is veilig."}).status_code == 302
    assert not stored(Question).is_acute
    assert worker.post(page, {"what": "step", "step": "99"}).status_code == 400


def test_every_page_of_a_question_leads_to_making_it_acute(town, question):
    worker, base = wearing(town.a.worker), f"/werk/vraag/{question.pk}"
    for page in ("", "/gesprek", "/plan", "/overleg", "/acuut"):
        assert f'href="{base}/acuut"' in worker.get(base + page).content.decode(), page


def test_of_two_who_take_it_up_the_second_reads_who_was_first(town, question):
    choose_it(town, duty_team="Team B")
    page = f"/werk/vraag/{question.pk}/acuut"
    first, second = wearing(town.a.worker), wearing(town.b.worker)
    first.post(page, {"what": "flag"})
    seen = first.post(page, {"what": "acknowledge"}, follow=True).content.decode()
    assert "Iedereen ziet nu dat jij het oppakt." in seen
    assert "Wim A pakt het op" in second.get("/werk/acuut").content.decode()
    late = second.post(page, {"what": "acknowledge"}, follow=True).content.decode()
    assert "Een ander was je net voor." in late and "Wim A pakt het op" in late
    assert "dat jij het oppakt" not in late


def test_who_takes_up_what_is_acute_holds_it_and_the_inbox_names_it_once(town, question):
    worker, page = wearing(town.a.worker), f"/werk/vraag/{question.pk}/acuut"
    told = worker.get(page).content.decode()
    assert "Er is geen ander team dat meeleest." in told and "dienst heeft" not in told
    sent = worker.post(page, {"what": "flag"}, follow=True).content.decode()
    assert "Je team heeft een mail gekregen." in sent and "dienst heeft" not in sent
    for _n in range(2):
        inbox = worker.get("/werk").content.decode()
        assert "Acuut" in inbox and inbox.count(f"/werk/vraag/{question.pk}") == 1
        worker.post(page, {"what": "acknowledge"})
    assert stored(Question).holder_id == town.a.worker.pk
    choose_it(town, duty_team="Team B")
    assert "Team B krijgt ook bericht" in wearing(town.a.worker).get(
        f"/werk/vraag/{again(town).pk}/acuut"
    ).content.decode()  # fmt: skip


def again(town):
    with working_for("GM1948"):
        return a_question(town, now=timezone.now())


def test_an_acute_question_says_where_to_end_it_and_its_receipt_whom_to_call(
    town, question, visitor
):
    worker = wearing(town.a.worker)
    told = {"key": str(question.pk), "at": int(time.time())}

    def receipt(browser, **more):
        session = browser.session
        session["asked"] = told | more
        session.save()
        return browser.get("/vraag/ontvangen").content.decode()

    assert "Kan het niet wachten? Bel." not in receipt(visitor)
    worker.post(f"/werk/vraag/{question.pk}/acuut", {"what": "flag"})
    assert "Kan het niet wachten? Bel." in receipt(visitor)
    assert f"/werk/vraag/{question.pk}" in receipt(worker, for_caller=True)
    seen = worker.get(f"/werk/vraag/{question.pk}").content.decode()
    assert "Wie pakt het gevaar op?" in seen


def test_who_is_on_duty_reads_along_and_acknowledges_only(town, question):
    choose_it(town, duty_team="Team B")
    wearing(town.a.worker).post(f"/werk/vraag/{question.pk}/acuut", {"what": "flag"})
    duty, page = wearing(town.b.worker), f"/werk/vraag/{question.pk}/acuut"
    assert question.reference in duty.get("/werk/acuut").content.decode()
    assert "Maak deze vraag" not in duty.get(page).content.decode()
    assert duty.post(page, {"what": "acknowledge"}).status_code == 302
    assert duty.post(page, {"what": "end", "reason": "gaat weer"}).status_code == 400
    assert stored(Crisis).acknowledged_by == str(town.b.worker.person_id)
    assert wearing(town.c.worker).get(page).status_code == 404


# --- an emergency reading -----------------------------------------------------------------------


def press(browser, question, **more):
    typed = {"reference": question.reference.lower().replace("-", " "), "reason": "Zij valt."}
    return browser.post("/werk/noodinzage", typed | more)


def test_the_button_opens_it_is_logged_as_such_and_shuts_after_four_hours(town, question):
    reader = wearing(town.b.worker)
    page = f"/werk/vraag/{question.pk}/overleg"
    assert press(reader, question, reason="").status_code == 400
    assert press(reader, question, reference="AAAA-AAAA").status_code == 400
    assert press(reader, question).status_code == 302
    with working_for("GM1948"):
        line = AccessLine.objects.filter(result="break-glass").get()
    assert (line.purpose, line.about, line.actor) == (
        "help", town.resident.pk, str(town.b.worker.person_id),
    )  # fmt: skip
    row = stored(BreakGlass)
    assert row.until - row.opened_at == timedelta(hours=4)
    with working_for("GM1948"):
        assert Question.objects.visible_to(town.b.by).exists()
        moment = timezone.now() - timedelta(hours=5)
        BreakGlass.objects.update(opened_at=moment, until=moment + timedelta(hours=4))
        assert not Question.objects.visible_to(town.b.by).exists()
    assert reader.get(page).status_code == 404


def test_danger_is_asked_why_and_hidden_from_the_overview(town, question):
    reader = wearing(town.b.worker)
    assert press(reader, question, is_dangerous="ja").status_code == 400
    press(reader, question, is_dangerous="ja", danger="De partner leest mee.")
    from omzien.people.logs.looking import who_looked

    with working_for("GM1948"):
        assert AccessLine.objects.get(result="break-glass").purpose == "danger"
        seen = who_looked(town.resident.pk, organisation_name=lambda key: "")
    assert not any("noodknop" in look.did for look in seen)


def test_roles_without_the_button_have_no_page(town, question):
    for hat in (town.c.worker, town.a.coordinator):
        assert wearing(hat).get("/werk/noodinzage").status_code == 403
    assert wearing(town.resident).get("/werk/noodinzage").status_code == 403


def test_the_review_shows_no_story(town, question, world):
    press(wearing(town.b.worker), question)
    officer = wearing(member(Role.PRIVACY_OFFICER, world.meierijstad, name="Fien F"))
    for browser in (wearing(town.a.coordinator), officer):
        text = browser.get("/werk/noodinzages").content.decode()
        assert question.reference in text and "Zij valt." in text
        assert STORY not in text and "Rina" not in text
    assert question.reference not in wearing(town.b.coordinator).get(
        "/werk/noodinzages"
    ).content.decode()  # fmt: skip
    key = stored(BreakGlass).pk
    page = f"/werk/noodinzages/{key}/nagekeken"
    assert "checked" not in officer.get("/werk/noodinzages").content.decode()
    for wrong in ({"right": "ja", "words": ""}, {"words": "Te vlug."}):
        answer = officer.post(page, wrong)
        assert answer.status_code == 400 and wrong["words"] in answer.content.decode()
    assert stored(BreakGlass).reviewed_at is None
    officer.post(page, {"right": "nee", "words": "Te vlug."})
    assert stored(BreakGlass).was_right is False
    late = officer.post(page, {"right": "ja", "words": "Prima gedaan."})
    assert late.status_code == 409 and "Prima gedaan." in late.content.decode()


def test_a_resident_without_mail_knows_only_when_somebody_told_it(town, question):
    with working_for("GM1948"):
        Person.objects.filter(pk=town.resident.pk).update(email="")
    press(wearing(town.b.worker), question)
    boss, reader = wearing(town.a.coordinator), wearing(town.b.worker)
    banner = f"/werk/vraag/{question.pk}"
    assert "weet het nog niet" in boss.get("/werk/noodinzages").content.decode()
    assert "hoort het nog" in reader.get(banner).content.decode()
    boss.post(f"/werk/taak/{stored(Task).pk}/klaar")
    assert "weet het nog niet" not in boss.get("/werk/noodinzages").content.decode()
    assert "De inwoner ook." in reader.get(banner).content.decode()


def test_a_page_read_in_an_emergency_has_a_banner(town, question, rf, world):
    from django.template.loader import render_to_string

    press(wearing(town.b.worker), question)
    with working_for("GM1948"):
        for by, shown in ((town.b.by, True), (town.a.by, False), (town.b.boss, False)):
            request = rf.get("/", HTTP_HOST=HOST)
            request.actor, request.municipality = by, world.meierijstad
            context = {"question": question, "request": request}
            text = render_to_string("signals/break_glass_banner.html", context)
            assert ("Noodinzage" in text) == shown


# --- worries ------------------------------------------------------------------------------------


def worry(town, **more):
    fields = {"about": "Mevrouw Jansen", "village": town.village.pk, "knows": "no",
              "worry": "De gordijnen zijn al dagen dicht 😟"}  # fmt: skip
    return fields | more


def test_a_visitor_reports_a_worry_without_a_name(town, visitor):
    assert visitor.post("/zorgen", worry(town)).status_code == 302
    assert visitor.get("/zorgen/verstuurd").status_code == 200
    with working_for("GM1948"):
        assert Signal.objects.get().about == "Mevrouw Jansen" and not Reporter.objects.exists()


@pytest.mark.parametrize(
    "more,word",
    [({"about": ""}, "om wie"), ({"worry": ""}, "wat je ziet"), ({"village": "999"}, ""),
     ({"email": "geen"}, "geen mailadres"), ({"worry": "x" * 20_001}, "te lang"),
     ({"knows": ""}, "weet"), ({"key": "x"}, "")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(town, visitor, more, word):
    answer = visitor.post("/zorgen", worry(town, where="Kerkstraat") | more)
    text = answer.content.decode()
    assert answer.status_code == 400 and word in text and "Kerkstraat" in text


def test_nul_and_twenty_thousand_characters_are_no_trouble(town, visitor):
    long = "😟" * 19_990 + "\x00x"
    assert visitor.post("/zorgen", worry(town, worry=long)).status_code in (302, 400)


def test_the_team_picks_up_tells_and_leads_to_contact(town, visitor):
    visitor.post("/zorgen", worry(town, name="Bram Buur", email="bram@buur.example"))
    worker, key = wearing(town.a.worker), stored(Signal).pk
    page = f"/werk/signaal/{key}"
    assert "Mevrouw Jansen" in worker.get("/werk/signalen").content.decode()
    assert wearing(town.b.worker).get(page).status_code == 404
    assert worker.post(page, {"what": "pick-up", "version": "1"}).status_code == 302
    assert worker.post(page, {"what": "pick-up", "version": "1"}).status_code in (400, 409)
    assert worker.post(page, {"what": "tell", "told": "nee"}).status_code == 400
    assert worker.post(page, {"what": "tell", "told": "ja"}).status_code == 302
    contact = {"what": "contact", "name": "Joke Jansen", "phone": "06-5550 0007",
               "channel": "phone", "story": "Ik ben zo moe."}  # fmt: skip
    assert worker.post(page, contact | {"story": ""}).status_code == 400
    assert worker.post(page, contact | {"phone": ""}).status_code == 400
    assert worker.post(page, contact).status_code == 302
    assert stored(Question).story == "Ik ben zo moe."
    assert worker.get(page).status_code == 410


def test_nothing_is_said_before_somebody_says_it(town, visitor):
    visitor.post("/zorgen", worry(town, about="Buurvrouw Annie van nummer 12"))
    worker, page = wearing(town.a.worker), f"/werk/signaal/{stored(Signal).pk}"
    worker.post(page, {"what": "pick-up"})
    seen = worker.get(page).content.decode()
    assert "checked" not in seen and "volgens de melder?" in seen
    assert worker.post(page, {"what": "tell"}).status_code == 400
    assert stored(Signal).told_at is None
    worker.post(page, {"what": "tell", "told": "ja"})
    seen = worker.get(page).content.decode()
    assert 'value="ja" checked' in seen and 'value="Buurvrouw Annie' not in seen


@pytest.mark.parametrize("ended,told", [("contact", "maakte van deze melding een vraag"),
                                        ("nothing", "sloot deze melding af")])  # fmt: skip
def test_who_is_too_late_with_a_worry_reads_what_happened_and_keeps_the_words(
    town, visitor, ended, told
):
    visitor.post("/zorgen", worry(town))
    first, second = wearing(town.a.worker), wearing(town.a.coordinator)
    page = f"/werk/signaal/{stored(Signal).pk}"
    first.post(page, {"what": "pick-up"})
    first.post(page, {"what": "tell", "told": "ja"})
    contact = {"what": "contact", "name": "Joke Jansen", "phone": "06-5550 0007",
               "channel": "phone", "story": "Ik ben zo moe."}  # fmt: skip
    assert first.post(page, contact | {"what": ended, "why": "Loos."}).status_code == 302
    late = second.post(page, {"what": "nothing", "why": "Zij wil niet."})
    assert late.status_code == 409 and "Zij wil niet." in late.content.decode()
    assert told in late.content.decode() and second.get(page).status_code == 410
    assert wearing(town.b.worker).get(page).status_code == 404


def test_nothing_comes_of_it_with_a_reason(town, visitor):
    visitor.post("/zorgen", worry(town))
    worker, page = wearing(town.a.worker), f"/werk/signaal/{stored(Signal).pk}"
    worker.post(page, {"what": "pick-up"})
    assert worker.post(page, {"what": "nothing", "why": "Loos."}).status_code == 400
    worker.post(page, {"what": "tell", "told": "nee", "not_because": "Onbekend adres."})
    assert worker.post(page, {"what": "nothing", "why": "Loos."}).status_code == 302


def test_who_was_not_told_is_listed_until_the_team_says_that_they_know(town, visitor):
    visitor.post("/zorgen", worry(town))
    worker, page = wearing(town.a.worker), f"/werk/signaal/{stored(Signal).pk}"
    for form in (
        {"what": "pick-up"}, {"what": "tell", "told": "nee", "not_because": "Haar man leest mee."},
        {"what": "nothing", "why": "Loos."},
    ):  # fmt: skip
        worker.post(page, form)
    section = "De persoon weet dit nog niet"
    listed = worker.get("/werk/signalen").content.decode()
    assert section in listed and "Haar man leest mee." in listed
    assert wearing(town.b.worker).post(page, {"what": "told-now"}).status_code == 404
    said = worker.post(page, {"what": "told-now"}, follow=True).content.decode()
    assert "Opgeschreven: de persoon weet het nu." in said and section not in said
    again = worker.post(page, {"what": "told-now"}, follow=True).content.decode()
    assert "Dit stond al opgeschreven." in again


# --- early signals ------------------------------------------------------------------------------

HEAD = "partner;soort;adres;plaats;bedrag;contact op;herinnering op;naam\n"
ROW = "Area;huur;Kerkstraat 1;Schijndel;640,50;3-11-2026;17-11-2026;J. Jansen\n"


def upload(browser, text, name="x.csv"):
    content = text.encode() if isinstance(text, str) else text
    return browser.post("/werk/vroegsignalen", {"bestand": SimpleUploadedFile(name, content)})


def test_a_file_of_a_partner_and_the_conversation(town):
    worker = wearing(town.b.worker)
    assert upload(worker, HEAD + ROW).status_code == 302
    page = f"/werk/vroegsignaal/{stored(EarlySignal).pk}"
    assert "J. Jansen" in worker.get("/werk/vroegsignalen").content.decode()
    assert wearing(town.a.coordinator).get(page).status_code == 404
    assert worker.post(page, {"what": "refused"}).status_code == 400
    assert worker.post(page, {"what": "offer"}).status_code == 302
    assert worker.post(page, {"what": "accept"}).status_code == 400
    assert worker.post(page, {"what": "refused"}).status_code == 302


def test_each_early_signal_goes_to_the_team_of_its_village(town, world):
    with working_for("GM1948"):
        town.b.team.villages = [world.veghel.pk]
        town.b.team.save()
    worker = wearing(town.a.coordinator)
    rows = ROW + ROW.replace("Schijndel", "Veghel").replace("J. Jansen", "V. Visser")
    seen = upload(worker, HEAD + rows)
    assert seen.status_code == 302
    mine = worker.get("/werk/vroegsignalen").content.decode()
    assert "J. Jansen" in mine and "V. Visser" not in mine and "dorp: Team B" in mine
    assert "V. Visser" in wearing(town.b.worker).get("/werk/vroegsignalen").content.decode()


@pytest.mark.parametrize(
    "place,told", [("Uden", "hoort niet bij"), ("Zzyzx", "We kennen “Zzyzx” niet")]
)
def test_an_early_signal_of_another_municipality_is_a_fault(town, place, told):
    answer = upload(wearing(town.a.coordinator), HEAD + ROW + ROW.replace("Schijndel", place))
    text = answer.content.decode()
    assert answer.status_code == 400 and "regel 3, plaats" in text and told in text
    with working_for("GM1948"):
        assert not EarlySignal.objects.exists()


def test_faults_name_the_line(town):
    answer = upload(wearing(town.b.worker), HEAD + ROW + ROW.replace("17-11-2026", ""))
    text = answer.content.decode()
    assert answer.status_code == 400 and "regel 3, herinnering op" in text
    assert "eigen contact" in text


@pytest.mark.parametrize("content,name", [
    (b"", "x.csv"), (b"x", "x.exe"), (b"PK\x03\x04kapot", "x.xlsx"), (b"\xff\xfe\x00", "x.csv"),
])  # fmt: skip
def test_what_is_no_file_is_refused_in_words(town, content, name):
    answer = upload(wearing(town.b.worker), content, name)
    assert answer.status_code == 400 and "Fout" in answer.content.decode()
    assert wearing(town.b.worker).post("/werk/vroegsignalen").status_code == 400


def test_the_example_comes_in_as_it_is(town):
    worker = wearing(town.b.worker)
    example = worker.get("/werk/vroegsignalen/voorbeeld.csv")
    assert upload(worker, example.content).status_code == 302


# --- discussions --------------------------------------------------------------------------------


def planned(**more):
    return {"purpose": "Wie doet wat?", "day": SOON, "starts": "10.30", "place": "Kern"} | more


def test_plan_a_discussion_and_write_a_decision_down(town, question):
    worker, page = wearing(town.a.worker), f"/werk/vraag/{question.pk}/overleg"
    assert worker.post(page, planned(purpose="")).status_code == 400
    assert worker.post(page, planned(day="1-1-2020")).status_code == 400
    assert worker.post(page, planned(starts="half elf")).status_code == 400
    assert worker.post(page, planned(without="ja")).status_code == 400
    assert worker.post(page, planned(teams=[town.b.team.pk])).status_code == 400
    with working_for("GM1948"):
        consent(town, town.b)
    assert worker.post(page, planned(teams=[town.b.team.pk])).status_code == 302
    row = stored(Discussion)
    decide = f"/werk/overleg/{row.pk}/besluit"
    worker.post(decide, {"what": "Anna belt", "due_on": "geen dag"})
    worker.post(decide, {"what": "Anna belt", "due_on": SOON})
    assert stored(Task).what == "Anna belt"
    assert "Anna belt" in worker.get(page).content.decode()
    invited = wearing(town.b.worker)
    assert "Wie doet wat?" in invited.get("/werk/overleg").content.decode()
    assert invited.get(page).status_code == 404
    assert invited.post(decide, {"what": "x", "due_on": SOON}).status_code == 404


def test_a_name_in_an_anonymous_discussion_is_refused_with_a_hint(town, question):
    worker = wearing(town.a.worker)
    answer = worker.post("/werk/overleg", planned(text="Het gaat om Rina Roos."))
    text = answer.content.decode()
    assert answer.status_code == 400 and "“Rina Roos”" in text and "Het gaat om" in text
    assert worker.post("/werk/overleg", planned(text="Een vrouw.")).status_code == 302
    assert stored(Discussion).question is None


def test_only_who_planned_a_discussion_without_a_name_finds_the_button_to_call_it_off(town):
    worker, invited = wearing(town.a.worker), wearing(town.b.worker)
    worker.post("/werk/overleg", planned(text="Een vrouw.", teams=[town.b.team.pk]))
    row, button = stored(Discussion), "Het gaat niet door"
    assert button in worker.get("/werk/overleg").content.decode()
    seen = invited.get("/werk/overleg").content.decode()
    assert "Wie doet wat?" in seen and button not in seen
    off = {"off": str(row.pk)}
    assert invited.post("/werk/overleg", off).status_code == 404
    assert wearing(town.c.worker).post("/werk/overleg", off).status_code == 404
    assert worker.post("/werk/overleg", {"off": "x"}).status_code == 404
    said = worker.post("/werk/overleg", off, follow=True).content.decode()
    assert "Het overleg gaat niet door. Wie erbij hoort, hoort het." in said
    assert "Wie doet wat?" not in said and stored(Discussion).cancelled_at


# --- aftercare, not agreed, leaving -------------------------------------------------------------


def finish(town, question):
    with working_for("GM1948"):
        long_ago = timezone.now() - timedelta(weeks=6, days=1)
        close(question=question, result=Result.SOLVED, rung_reached=Rung.TEAM, is_told=True,
              by=town.a.by, now=timezone.now())  # fmt: skip
        Question.objects.update(ended_at=long_ago)
    run_aftercare(town.municipality, timezone.now())
    return stored(AftercareAnswer)


def test_the_link_in_the_mail(town, question, visitor):
    answer = finish(town, question)
    page = f"/nazorg/{token_for(answer)}"
    for _look in range(2):
        seen = visitor.get(page)
        assert seen.status_code == 200 and "Rina" not in seen.content.decode()
    assert stored(AftercareAnswer).answered_at is None  # looking changes nothing
    assert visitor.post(page, {"solved": "misschien"}).status_code == 400
    assert visitor.post(page, {"solved": "no"}).status_code == 302
    assert visitor.post(page, {"solved": "yes"}).status_code == 302
    said = visitor.get(page).content.decode()
    assert "Team A" in said and f"/mijn-vragen/{question.pk}" in said
    assert stored(Question).is_live and stored(AftercareAnswer).answer == "no"
    for wrong in ("x", "x:y:z", token_for(answer)[:-2]):
        assert visitor.get(f"/nazorg/{wrong}").status_code == 404
    elsewhere = Client(HTTP_HOST="maashorst.localhost")
    assert elsewhere.get(page).status_code == 404


def test_calling_who_has_no_address(town, question):
    with working_for("GM1948"):
        Person.objects.filter(pk=town.resident.pk).update(email="")
    answer = finish(town, question)
    worker = wearing(town.a.worker)
    text = worker.get("/werk/nazorg").content.decode()
    assert "Rina Roos" in text and STORY not in text
    path = f"/werk/nazorg/{answer.pk}/antwoord"
    assert wearing(town.b.worker).post(path, {"solved": "yes"}).status_code == 404
    worker.post(path, {"solved": "?"})
    assert stored(AftercareAnswer).answered_at is None
    worker.post(path, {"solved": "partly"})
    assert stored(AftercareAnswer).answer == "partly"


def test_who_calls_and_hears_no_is_led_to_the_question(town, question):
    with working_for("GM1948"):
        Person.objects.filter(pk=town.resident.pk).update(email="")
    worker, answer = wearing(town.a.worker), finish(town, question)
    after = worker.post(f"/werk/nazorg/{answer.pk}/antwoord", {"solved": "no"})
    assert after.url == f"/werk/vraag/{question.pk}"
    assert "de vraag is weer open" in worker.get(after.url).content.decode().lower()


def test_not_agreed_is_answered_by_somebody_else(town, question):
    with working_for("GM1948"):
        pick_up(question=question, by=town.a.by, now=timezone.now())
    me, page = wearing(town.resident), f"/mijn-vragen/{question.pk}/niet-eens"
    choose_it(town, support_name="Naast Je", support_phone="0413-555 300")
    text = me.get(page).content.decode()
    assert "Naast Je" in text and "0413-555 300" in text
    assert me.post(page, {"why": ""}).status_code == 400
    assert me.post(page, {"why": "Ik wil dit niet."}).status_code == 302
    answer = f"/werk/bezwaar/{stored(Objection).pk}"
    assert wearing(town.a.worker).get(answer).status_code == 404  # who holds the question
    boss = wearing(town.a.coordinator)
    assert question.reference in boss.get("/werk/bezwaren").content.decode()
    assert boss.post(answer, {"answer": ""}).status_code == 400
    assert boss.post(answer, {"answer": "We praten morgen."}).status_code == 302
    assert boss.post(answer, {"answer": "Toch niet."}).status_code == 400
    assert "We praten morgen." in me.get(page).content.decode()


def test_each_decision_has_its_own_not_agreed(town, question, world):
    now = NOW
    with working_for("GM1948"):
        consent(town, town.b)
        slip = an_offer(question, town.b, town, now=now)
        decline(handover=slip, reason=DeclineReason.FULL, text="Vol.", suggestion="Bureau C.",
                by=town.b.by, now=now)  # fmt: skip
        tried = add_try(question=question, rung=Rung.COMMUNITY, offer="Koffie", by=town.a.by,
                        now=now, skipped="Dat lukt niet meer.")  # fmt: skip
        skipped = Attempt.objects.filter(question=question, result="skipped").first()
        finish_try(attempt=tried, result=Attempt.Result.FAILED, reason="Te ver.", by=town.a.by,
                   now=now)  # fmt: skip
    me, mine = wearing(town.resident), f"/mijn-vragen/{question.pk}"
    for where, over, about in (
        ("", f"aanbod-{slip.pk}", "Team B"),
        ("/plan", f"poging-{skipped.pk}", "Dat lukt niet meer."),
        ("/plan", f"poging-{tried.pk}", "Koffie"),
    ):
        assert f"{mine}/niet-eens?over={over}" in me.get(mine + where).content.decode()
        page = me.get(f"{mine}/niet-eens", {"over": over}).content.decode()
        assert "Dit gaat over:" in page and about in page
    sent = {"why": "Vraag het nog eens.", "over": f"aanbod-{slip.pk}"}
    assert me.post(f"{mine}/niet-eens", sent).status_code == 302
    why = stored(Objection).why
    assert "Team B" in why and why.endswith("Vraag het nog eens.")
    for odd in ("", "x", "aanbod-x", f"aanbod-{question.pk}", "afgerond", f"delen-{slip.pk}"):
        shown = me.get(f"{mine}/niet-eens", {"over": odd}).content.decode()
        assert "Dit gaat over:" not in shown
    with working_for("GM1948"):
        close(question=question, result=Result.NOT, rung_reached=Rung.SELF, is_told=True,
              by=town.a.by, now=now)  # fmt: skip
    assert f"{mine}/niet-eens?over=afgerond" in me.get(mine).content.decode()


def test_not_agreed_stands_beside_what_the_team_did_and_not_beside_what_one_did_oneself(
    town, question
):
    me, mine = wearing(town.resident), f"/mijn-vragen/{question.pk}"
    with working_for("GM1948"):
        own = add_goal(question=question, words="Weer buiten komen", by=town.me, now=NOW)
        theirs = add_goal(question=question, words="Naar de dagbesteding", by=town.a.by, now=NOW,
                          together=True)  # fmt: skip
    plan = me.get(f"{mine}/plan").content.decode()
    assert f"niet-eens?over=doel-{theirs.pk}" in plan and f"doel-{own.pk}" not in plan.replace(
        f'id="doel-{own.pk}"', ""
    ).replace(f'aria-labelledby="doel-{own.pk}"', "")
    page = me.get(f"{mine}/niet-eens", {"over": f"doel-{theirs.pk}"}).content.decode()
    assert "samen opgeschreven: Naar de dagbesteding" in page
    for odd in (f"doel-{own.pk}", "doel-x"):
        assert "Dit gaat over:" not in me.get(f"{mine}/niet-eens", {"over": odd}).content.decode()
    me.post(f"{mine}/stop", {"way": "own-way"})
    ended = me.get(mine).content.decode()
    assert "Je gaat zelf verder." in ended and "over=afgerond" not in ended
    page = me.get(f"{mine}/niet-eens", {"over": "afgerond"}).content.decode()
    assert "Dit gaat over:" not in page


def test_independent_support_is_named_also_when_nobody_chose_it(town, question):
    text = wearing(town.resident).get(f"/mijn-vragen/{question.pk}/niet-eens").content.decode()
    assert "onafhankelijke cliëntondersteuner" in text


def test_somebody_elses_question_is_not_there(town, question, world):
    with working_for("GM1948"):
        other = Person.objects.exclude(pk=town.resident.pk).exclude(account=None).first()
    path = f"/mijn-vragen/{question.pk}/niet-eens"
    assert wearing(other).get(path).status_code == 404


def test_died_asks_to_be_sure(town, question):
    worker, page = wearing(town.a.worker), f"/werk/vraag/{question.pk}/afscheid"
    worker.post(page, {"what": "died"})
    assert stored(Question).is_live
    assert worker.post(page, {"what": "died", "sure": "ja"}).status_code == 302
    assert stored(Question).left == "died"


def test_moved_gives_the_package_and_logs_it(town, question):
    boss, page = wearing(town.a.coordinator), f"/werk/vraag/{question.pk}/afscheid"
    assert boss.post(page, {"what": "moved"}).status_code == 400
    answer = boss.post(page, {"what": "moved", "told": "ja"})
    assert answer.json()["vraag"] == STORY and len(answer["X-Content-SHA256"]) == 64
    with working_for("GM1948"):
        assert AccessLine.objects.filter(action="export", about=town.resident.pk).exists()


def test_who_moved_takes_the_plan_and_the_conversation_along_and_gets_a_receipt(town, question):
    """The map of the own people only where who makes the file may see it."""
    me, now = town.me, timezone.now()
    with working_for("GM1948"):
        somebody = a_member(town.municipality, "Tea Team", own_organisation(town.municipality),
                           Role.TEAM_MEMBER, town.a.team)  # fmt: skip
        share_network(question=question, by=me, now=now)
        known = Known(name="Truus", relation=Relation.NEIGHBOUR, kinds=[Support.PRACTICAL],
                      closeness=1, how_often=Often.WEEKLY)  # fmt: skip
        tie = draw_tie(person=town.resident, known=known, by=me, now=now)
        goal = add_goal(question=question, words="Weer naar buiten", by=me, now=now)
        doing = Doing(who=Who.TIE, what="Samen wandelen", rung=Rung.NETWORK, tie=tie)
        add_action(goal=goal, doing=doing, by=me, now=now)
        say(question=question, said=Said(text="Ik verhuis."), by=me, now=now)
        measure(question=question, instrument="kort", moment=Moment.BEFORE,
                answers={"dag": 1, "mensen": 2}, by=me, now=now)  # fmt: skip
        write_note(question=question, text="Intern.", key=uuid4(), by=town.a.by, now=now)
        coordinators = package_to_move(question, by=town.a.boss)
        assert package_to_move(question, by=as_actor(somebody)).text != coordinators.text
    assert "Truus" not in coordinators.text
    page = f"/werk/vraag/{question.pk}/afscheid"
    worker = wearing(somebody)
    answer = worker.post(page, {"what": "moved", "told": "ja"})
    taken = answer.json()
    (wanted,) = taken["doelen"]
    assert wanted["doel"] == "Weer naar buiten" and wanted["acties"][0]["naam"] == "Truus"
    assert [one["tekst"] for one in taken["berichten"]] == ["Ik verhuis."]
    assert taken["mensen om mij heen"][0]["naam"] == "Truus"
    assert len(taken["metingen"][0]["antwoorden"]) == 2 and "Intern." not in str(taken)
    digest = hashlib.sha256(answer.content).hexdigest()
    assert digest == answer["X-Content-SHA256"]
    assert digest[:12] in worker.get("/vandaag").content.decode()
    resident = wearing(town.resident)
    assert digest in resident.get(f"/mijn-vragen/{question.pk}").content.decode()
    assert digest in resident.get(f"/mijn-vragen/{question.pk}/bestand.json").content.decode()


# --- figures ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path,most",
    [("/werk/acuut", 16), ("/werk/vraag/{key}/acuut", 26), ("/werk/signalen", 16),
     ("/werk/vraag/{key}/overleg", 24), ("/werk/overleg", 22), ("/werk/nazorg", 16),
     ("/werk/bezwaren", 16), ("/vandaag", 40)],
)  # fmt: skip
def test_pages_ask_the_database_few_things(
    town, question, visitor, path, most, django_assert_max_num_queries
):
    coordinator = wearing(town.a.coordinator)
    address = path.format(key=question.pk)
    for _n in range(4):
        visitor.post("/zorgen", worry(town))
        with working_for("GM1948"):
            a_question(town, now=timezone.now(), is_acute=True)
    coordinator.get(address)
    with django_assert_max_num_queries(most):
        assert coordinator.get(address).status_code == 200


def test_every_page_read_by_the_button_says_so_in_the_log(town, question, rf):
    from django.http import HttpResponse

    from omzien.web.logged import logged

    @logged(purpose="help", kind="question", about=lambda request, key: [town.resident.pk])
    def page(request, key):
        return HttpResponse("verhaal")

    press(wearing(town.b.worker), question)
    with working_for("GM1948"):
        AccessLine.objects.count()
        for by, result in ((town.b.by, "break-glass"), (town.a.by, "allowed")):
            request = rf.get("/", HTTP_HOST=HOST)
            request.actor = by
            page(request, key=question.pk)
            assert AccessLine.objects.order_by("-number").first().result == result
