"""The resident's own pages and the worker's page of a conversation, as a browser gets them."""

import html
import json
import re
from uuid import uuid4

import pytest
from dateutil.relativedelta import relativedelta
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from omzien.areas.models import Municipality
from omzien.areas.queries.memory import forget
from omzien.handovers.models import Handover
from omzien.journal.isolation import working_for
from omzien.kernel.ladder import Rung
from omzien.messages.mandates import ask_proxy
from omzien.messages.models import Message
from omzien.people.actions.mandates import Proxy, accept_proxy, end_mandate
from omzien.people.actions.memberships import welcome_person
from omzien.people.models import AccessLine, Mandate, MandateInvitation, Person
from omzien.people.refusals import NotAllowed
from omzien.people.rules.roles import SYSTEM, Actor, Role
from omzien.questions.actions.notes import write_note, write_own_note
from omzien.questions.actions.objecting import object_to
from omzien.questions.actions.plans import Doing, add_action, add_goal
from omzien.questions.actions.talking import File, Said, say
from omzien.questions.actions.texts import write_text
from omzien.questions.actions.tries import add_try
from omzien.questions.actions.working import go_on
from omzien.questions.models import Note, Post, Question, StandardText
from omzien.questions.rules.plans import Who
from omzien.web.doors import HAT
from tests.casework import NOW, STORY, a_question, an_offer, consent, later
from tests.signing import account, wearing
from tests.wall.test_walk import HOST
from tests.web.test_asking import carried

pytestmark = pytest.mark.django_db
HERE = "GM1948"


@pytest.fixture
def question(town):
    with working_for(HERE):
        return a_question(town, now=timezone.now())


@pytest.fixture
def rina(town):
    return wearing(town.resident)


@pytest.fixture
def wim(town):
    return wearing(town.a.worker)


def text(answer):
    return answer.content.decode()


def helped(town, *what, name="Bo Buur"):
    """Return the browser of somebody with a mandate, and the mandate."""
    address = f"{name.split()[0].casefold()}@meierijstad.example"
    with working_for(HERE):
        somebody = welcome_person(
            municipality=town.municipality, name=name, email=address,
            account=account(address), by=SYSTEM,
        )  # fmt: skip
        row = ask_proxy(
            resident=town.resident, proxy=Proxy(name=name, email=address, what=what),
            by=town.me, now=NOW,
        )  # fmt: skip
        own = Actor(HERE, Role.RESIDENT, person=somebody.pk)
        mandate = accept_proxy(invitation=row, by=own, now=NOW)
    client = wearing(somebody)
    session = client.session
    session[HAT] = f"mandate:{mandate.pk}"
    session.save()
    return client, mandate


def page(question):
    return f"/mijn-vragen/{question.pk}"


def talk(question):
    return f"/werk/vraag/{question.pk}/gesprek"


# --- coming in -----------------------------------------------------------------------------------


def test_who_is_not_signed_in_signs_in_by_code_and_lands_on_the_question(town, question):
    visitor = Client(HTTP_HOST=HOST)
    answer = visitor.get(page(question))
    assert answer.status_code == 302
    assert answer["Location"] == f"/aanmelden?next={page(question)}"
    assert "code" in text(visitor.get(answer["Location"]))


def test_who_asked_without_an_account_finds_the_question_after_signing_in(world, town, monkeypatch):
    with working_for(HERE):
        asker = welcome_person(
            municipality=town.municipality, name="Nel Nieuw", email="nel@x.example", by=SYSTEM
        )
        found = a_question(town)
        Question.objects.filter(pk=found.pk).update(person=asker)
    sent = {}
    monkeypatch.setattr("omzien.web.accounts.views.send_now", lambda **mail: sent.update(mail))
    visitor = Client(HTTP_HOST=HOST)
    visitor.post("/aanmelden", {"email": "nel@x.example", "next": "/mijn-vragen"})
    code = re.search(r"\b\d{3} ?\d{3}\b", sent["letter"].body)[0]
    answer = visitor.post("/aanmelden/code", {"code": code})
    assert answer["Location"] == "/aanmelden/naam?next=%2Fmijn-vragen"
    answer = visitor.post("/aanmelden/naam", {"name": "Nel", "next": "/mijn-vragen"}, follow=True)
    assert found.reference in text(answer)


def test_my_questions_shows_mine_and_not_those_of_others(rina, town, question):
    with working_for(HERE):
        other = welcome_person(municipality=town.municipality, name="Ander Mens", by=SYSTEM)
        theirs = a_question(town, story="Iets van een ander")
        Question.objects.filter(pk=theirs.pk).update(person=other)
    shown = text(rina.get("/mijn-vragen"))
    assert question.reference in shown and theirs.reference not in shown
    assert rina.get(page(theirs)).status_code == 404
    assert rina.get(page(theirs) + "/bestand.json").status_code == 404


def test_a_worker_without_that_hat_is_told_so(wim, question):
    assert wim.get("/mijn-vragen").status_code == 403
    assert wim.get(page(question)).status_code == 403


# --- the page ------------------------------------------------------------------------------------


def test_the_page_says_who_where_and_what_next(rina, town, question):
    shown = text(rina.get(page(question)))
    assert "Je vraag is binnen bij Team A." in shown and question.reference in shown
    assert "onafhankelijke cliëntondersteuner" in shown
    assert "De gemeente kan je zeggen wie je kunt bellen." in shown
    with working_for(HERE):
        Person.objects.filter(pk=town.a.worker.person_id).update(phone="0413-555 199")
        go_on(
            question=question, rung=Rung.COMMUNITY, next_action="Samen naar de huiskamer",
            next_on=timezone.localdate(), by=town.a.by, now=timezone.now(),
            skipped="zelf geprobeerd",
        )  # fmt: skip
    shown = text(rina.get(page(question)))
    for part in ("Wim A", "0413-555 199", "Samen naar de huiskamer", "Team A"):
        assert part in shown


def test_the_municipality_names_its_support(rina, question):
    Municipality.objects.filter(code=HERE).update(
        settings={"support_name": "Stichting Naast Je", "support_phone": "0413-555 777"}
    )
    forget()
    shown = text(rina.get(page(question)))
    assert "Stichting Naast Je" in shown and "tel:0413555777" in shown


def test_a_conversation_to_and_fro(rina, wim, town, question):
    shown = text(rina.get(page(question)))
    key = re.search(r'name="key" value="([^"]+)"', shown)[1]
    sent = {"text": "Kan het ook ’s avonds? 😀", "key": key}
    for _ in range(2):
        assert rina.post(page(question), sent).status_code == 302
    with working_for(HERE):
        assert Post.objects.count() == 1
    assert "Kan het ook ’s avonds? 😀" in text(wim.get(talk(question)))
    wim.post(talk(question), {"text": "Dat kan. Welke dag?", "waits": "1"})
    shown = text(rina.get(page(question)))
    assert "Dat kan. Welke dag?" in shown and "We vroegen je iets." in shown
    assert "Gelezen op" in shown


@pytest.mark.parametrize("typed,said", [("", "Schrijf eerst iets op."), ("x" * 20_001, "20000")])
def test_what_was_typed_stays_in_a_wrong_form(rina, wim, question, typed, said):
    for client, path in ((rina, page(question)), (wim, talk(question))):
        answer = client.post(path, {"text": typed, "key": str(uuid4())})
        assert answer.status_code == 400 and said in text(answer)
        assert "<title>Fout:" in text(answer) and typed in text(answer)


def test_a_wrong_file_is_named_and_the_words_stay(rina, question):
    file = SimpleUploadedFile("virus.exe", b"MZ\x00\x01", content_type="image/png")
    answer = rina.post(page(question), {"text": "Kijk eens", "files": [file]})
    assert answer.status_code == 400 and "virus.exe" in text(answer)
    assert "Kijk eens" in text(answer)


def test_a_standard_text_is_filled_in_under_what_was_typed(wim, town, question):
    with working_for(HERE):
        chosen = write_text(
            municipality=town.municipality, title="Welkom",
            body="Dag {voornaam}, je nummer is {referentie}. Groet, {medewerker}", by=SYSTEM,
        )  # fmt: skip
    answer = wim.post(
        talk(question), {"text": "Even dit:", "insert": "1", "standard": str(chosen.pk)}
    )
    said = f"Even dit:\n\nDag Rina, je nummer is {question.reference}. Groet, Wim A"
    assert answer.status_code == 200 and said in text(answer)
    with working_for(HERE):
        assert not Post.objects.exists()
    for odd in ("x", str(uuid4())):
        assert wim.post(talk(question), {"insert": "1", "standard": odd}).status_code == 200


def test_chosen_files_are_chosen_again_where_a_page_comes_back(wim, rina, question):
    """A browser never sends chosen files along twice: the page says so."""
    again = "Kies je bestanden opnieuw."
    for client, path in ((wim, talk(question)), (rina, page(question))):
        paper = SimpleUploadedFile("brief.txt", b"Beste")
        assert again in text(client.post(path, {"text": "", "files": paper}))
        assert again not in text(client.get(path))
    paper = SimpleUploadedFile("brief.txt", b"Beste")
    shown = text(wim.post(talk(question), {"text": "Dag", "insert": "1", "files": paper}))
    assert again in shown and "Kies eerst een standaardtekst." in shown and "Dag" in shown


def test_the_manager_and_the_coordinator_keep_standard_texts(town):
    boss = wearing(town.a.coordinator)
    boss.post("/beheer/standaardteksten", {"title": "Afspraak", "body": "Dag {voornaam}"})
    with working_for(HERE):
        made = StandardText.objects.get()
        assert made.team == town.a.team
    path = f"/beheer/standaardteksten/{made.pk}"
    assert "{bsn}" in text(boss.post(path, {"title": "A", "body": "{bsn}"}))
    assert boss.post(path, {"title": "Afspraak maken", "body": "Dag"}).status_code == 302
    assert "Afspraak maken" in text(boss.get("/beheer/standaardteksten"))
    assert wearing(town.b.coordinator).post(path + "/weg").status_code == 404
    assert boss.post(path + "/weg").status_code == 302
    with working_for(HERE):
        assert not StandardText.objects.exists()


# --- side doors ----------------------------------------------------------------------------------


def test_a_file_is_downloaded_and_only_through_its_own_question(rina, wim, town, question):
    with working_for(HERE):
        said = Said(text="De brief", files=[File("brief <b>.txt", b"<script>1</script>")])
        say(question=question, said=said, by=town.me, now=NOW)
        other = a_question(town)
    for client, path in ((rina, page(question)), (wim, f"/werk/vraag/{question.pk}")):
        answer = client.get(path + "/bijlage/1")
        assert answer.status_code == 200 and answer.content == b"<script>1</script>"
        assert answer["Content-Type"].startswith("text/plain")
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"].startswith("no-store")
        assert client.get(path + "/bijlage/2").status_code == 404
        away = path.replace(str(question.pk), str(other.pk))
        assert client.get(away + "/bijlage/1").status_code == 404
    for one in (town.b.worker, town.c.worker, town.b.coordinator):
        stranger = wearing(one)
        assert stranger.get(f"/werk/vraag/{question.pk}/bijlage/1").status_code == 404
        assert stranger.get(talk(question)).status_code == 404
        assert stranger.post(talk(question), {"text": "x"}).status_code == 404


def test_the_receiver_of_an_offer_gets_no_file_and_no_conversation(town, question):
    with working_for(HERE):
        say(question=question, said=Said(text="x", files=[File("a", b"b")]), by=town.me, now=NOW)
        consent(town, town.c)
        an_offer(question, town.c, town)
    receiver = wearing(town.c.worker)
    assert receiver.get(talk(question)).status_code == 404
    assert receiver.get(f"/werk/vraag/{question.pk}/bijlage/1").status_code == 404


def test_each_look_is_logged_about_the_resident_and_shown_to_her(rina, wim, town, question):
    wim.get(talk(question))
    with working_for(HERE):
        line = AccessLine.objects.filter(actor=str(town.a.worker.person_id)).latest("at")
        assert line.about == town.resident.pk and line.object_id == str(question.pk)
    shown = text(rina.get(page(question)))
    assert "een verbinder" in shown and "bekeek de gegevens" in shown


def rich(town, question):
    """Fill everything that the page of a question can show."""
    with working_for(HERE):
        say(
            question=question, said=Said(text="Een <b>vraag</b>", files=[File("brief.txt", b"x")]),
            by=town.me, now=NOW,
        )  # fmt: skip
        say(question=question, said=Said(text="Wanneer?", waits=True), by=town.a.by, now=NOW)
        write_note(question=question, text="Belt liever", key=uuid4(), by=town.a.by, now=NOW)
        write_own_note(question=question, text="Privé-geheim", key=uuid4(), by=town.me, now=NOW)
        consent(town, town.b)
        an_offer(question, town.b, town)
        goal = add_goal(question=question, words="Weer naar buiten", by=town.me, now=NOW)
        walk = Doing(who=Who.RESIDENT, what="Een rondje lopen", rung=Rung.SELF)
        add_action(goal=goal, doing=walk, by=town.me, now=NOW)
        add_try(question=question, rung=Rung.SELF, offer="Wandelclub", by=town.me, now=NOW)
        object_to(question=question, why="Dit wil ik niet", key=uuid4(), by=town.me, now=NOW)


def leaves(found):
    if isinstance(found, dict):
        for one in found.values():
            yield from leaves(one)
    elif isinstance(found, list):
        for one in found:
            yield from leaves(one)
    else:
        yield str(found)


@pytest.mark.parametrize("who", ["resident", "proxy"])
def test_the_download_holds_nothing_that_is_not_on_the_screen(rina, wim, town, question, who):
    """V4: export(u) is a subset of screen(u), for the resident and for who looks along."""
    rich(town, question)
    wim.get(talk(question))
    client = rina if who == "resident" else helped(town, "look")[0]
    client.get(page(question))
    data = client.get(page(question) + "/bestand.json")
    assert data["Content-Disposition"].startswith("attachment")
    pages = [page(question), page(question) + "/plan"]
    pages += [page(question) + "/niet-eens"] if who == "resident" else []
    shown = "".join(text(client.get(one)) for one in pages)
    shown = html.unescape(re.sub(r"<br ?/?>", "", shown))
    found = json.loads(data.content)
    missing = [one for one in leaves(found) if one not in shown]
    assert missing == []
    assert found["goals"][0]["text"] == "Weer naar buiten" and found["tries"] and found["actions"]
    assert ("objections" in found) == (who == "resident")
    assert ("own_notes" in found) == (who == "resident")
    assert ("team_notes" in found) == (who == "resident")
    read = text(client.get(page(question) + "/bestand.html"))
    assert "Een &lt;b&gt;vraag&lt;/b&gt;" in read and STORY in html.unescape(read)
    assert ("Privé-geheim" in read) == (who == "resident")
    assert client.get(page(question) + "/bestand.exe").status_code == 404


def test_page_file_and_log_tell_the_same_of_who_looked(rina, wim, town, question):
    """L3: the overview is the log, filtered on the question and its parts, in every shape."""
    rich(town, question)
    with working_for(HERE):
        slip = Handover.objects.get()
    receiver = wearing(town.b.worker)
    receiver.get(f"/werk/overdracht/{slip.pk}")
    receiver.get(f"/werk/overdracht/{slip.pk}/fhir.json")
    wim.get(talk(question))
    rina.get(page(question))
    rina.get(page(question) + "/bestand.json")
    rina.get(page(question) + "/bestand.html")

    def lines():
        with working_for(HERE):
            keys = [str(question.pk), str(slip.pk)]
            return AccessLine.objects.filter(about=town.resident.pk, object_id__in=keys).count()

    def times(what):
        return sum(int(found[1]) if (found := re.search(r"\((\d+) keer\)$", one)) else 1
                   for one in what)  # fmt: skip

    before = lines()
    shown = html.unescape(text(rina.get(page(question))))
    rows = re.findall(r'data-label="Wie:">(.*?)</td>\s*<td data-label="Wat:">(.*?)</td>', shown)
    assert times(what for _who, what in rows) == before == lines() - 1
    before = lines()
    looks = json.loads(rina.get(page(question) + "/bestand.json").content)["looks"]
    assert times(one["what"] for one in looks) == before
    assert {one["name"] for one in looks} == {who for who, _what in rows}
    receivers = [one for one in looks if one["name"].startswith("iemand van het gebiedsteam")]
    assert len(receivers) == 2, "the receiver read a page and took a file"
    assert any(one["name"] == "jijzelf" for one in looks)
    read = html.unescape(text(rina.get(page(question) + "/bestand.html")))
    assert all(one["name"] in read and one["what"] in read for one in looks if "keer" not in
               one["what"])  # fmt: skip


def test_the_file_to_read_says_who_asked_about_what_and_when(rina, wim, town, question):
    rich(town, question)
    wim.get(talk(question))
    read = html.unescape(text(rina.get(page(question) + "/bestand.html")))
    assert town.resident.name in read and town.resident.phone in read
    assert town.resident.email in read and "Eenzaamheid" in read
    assert not re.search(r"\dT\d\d:\d\d", read), "no moments for machines"
    proxy = helped(town, "look")[0]
    assert town.resident.phone not in text(proxy.get(page(question) + "/bestand.html"))


# --- deciding ------------------------------------------------------------------------------------


def test_share_no_more_ends_what_was_shared(rina, town, question):
    with working_for(HERE):
        ground = consent(town, town.b)
        handover = an_offer(question, town.b, town)
    assert "We vroegen aan Team B" in text(rina.get(page(question)))
    answer = rina.post(page(question) + "/deel-niet-meer", {"ground": str(ground.pk)}, follow=True)
    assert "Vanaf nu ziet Team B niets meer van deze vraag." in text(answer)
    with working_for(HERE):
        assert Handover.objects.get(pk=handover.pk).state == "withdrawn"
    assert "ingetrokken" in text(rina.get(page(question)))
    for odd in ("", "x", str(uuid4())):
        answer = rina.post(page(question) + "/deel-niet-meer", {"ground": odd}, follow=True)
        assert "Deze afspraak is er niet meer." in text(answer)


def test_stop_and_open_again(rina, question):
    path = page(question)
    wrong = rina.post(path + "/stop")
    assert wrong.status_code == 400 and "<title>Fout:" in text(wrong)
    assert text(wrong).count("Kies eerst waarom je stopt.") == 2 and "<details open>" in text(wrong)
    shown = text(rina.post(path + "/stop", {"way": "own-way"}, follow=True))
    assert "Je gaat zelf verder." in shown and "Open mijn vraag weer" in shown
    assert "er is iets veranderd" in text(
        rina.post(path + "/stop", {"way": "own-way"}, follow=True)
    )
    assert rina.post(path, {"text": "Toch nog iets"}).status_code == 400
    assert "Toch nog iets" in text(rina.post(path, {"text": "Toch nog iets"}))
    assert "Je vraag is weer open" in text(rina.post(path + "/weer-open", follow=True))
    assert rina.post(path, {"text": "Toch nog iets"}).status_code == 302


def test_after_six_weeks_asking_again_follows_the_earlier_question(rina, question):
    rina.post(page(question) + "/stop", {"way": "own-way"})
    with working_for(HERE):
        Question.objects.filter(pk=question.pk).update(
            ended_at=later(NOW, days=-50), topics=["debt"]
        )
    assert text(rina.get(page(question))).count(f"/vraag?na={question.pk}") == 2
    told = f"een vervolg op vraag {question.reference}"
    answer = rina.get(f"/vraag?na={question.pk}")
    assert told in text(answer)
    assert question.reference not in text(Client(HTTP_HOST=HOST).get(f"/vraag?na={question.pk}"))
    assert re.search(r'<option value="schijndel" selected', text(answer))
    answer = rina.post("/vraag", carried(answer) | {"story": "Toch weer.", "place": "Schijndel"})
    assert 'value="debt" checked' in text(answer)
    sent = {"for_whom": "me", "phone": "06-5550 0001", "reach_by": "phone"}
    answer = rina.post("/vraag", carried(answer) | sent)
    assert told in text(answer)
    rina.post("/vraag", carried(answer))
    with working_for(HERE):
        again = Question.objects.get(follows=question)
    assert again.person_id == question.person_id
    assert f"vervolg op vraag {question.reference}" in text(rina.get(page(again)))


def test_private_notes_are_kept_and_thrown_away_and_nobody_else_sees_them(
    rina, wim, town, question
):
    path = page(question) + "/notitie"
    rina.post(path, {"text": "Zwaluwgeheim"})
    assert "Zwaluwgeheim" in text(rina.get(page(question)))
    assert "Zwaluwgeheim" not in text(wim.get(talk(question)))
    client, _ = helped(town, *Mandate.What)
    assert "Zwaluwgeheim" not in text(client.get(page(question)))
    assert client.post(path, {"text": "x"}).status_code == 404
    with working_for(HERE):
        key = Note.objects.get().pk
    client.post(path, {"remove": str(key)})
    with working_for(HERE):
        assert Note.objects.exists()
    assert rina.post(path, {"text": ""}).status_code == 400
    rina.post(path, {"remove": "x"})
    rina.post(path, {"remove": str(key)})
    with working_for(HERE):
        assert not Note.objects.exists()


def test_the_resident_reads_what_the_team_wrote_and_a_proxy_does_not(rina, town, question):
    with working_for(HERE):
        write_note(question=question, text="Let op de zoon", key=uuid4(), by=town.a.by, now=NOW)
    assert "Let op de zoon" in text(rina.get(page(question)))
    assert "Let op de zoon" not in text(helped(town, *Mandate.What)[0].get(page(question)))


# --- mandates ------------------------------------------------------------------------------------


def test_a_resident_asks_somebody_who_says_yes_looks_and_is_stopped(rina, town, question):
    given = {"name": "Bo Buur", "email": "Bo@Buur.example", "what": ["look", "talk"]}
    shown = text(rina.post("/mijn-vragen/machtigingen", given, follow=True))
    assert "We hebben een mail gestuurd" in shown and "Bo Buur" in shown
    with working_for(HERE):
        mail = Message.objects.get(key__startswith="mandate:")
        assert mail.recipient == "bo@buur.example"
        assert not re.search("rina|roos|bo buur", mail.subject + mail.body, re.I)
        bo = welcome_person(
            municipality=town.municipality, name="Bo Buur", email="bo@buur.example",
            account=account("bo@buur.example"), by=SYSTEM,
        )  # fmt: skip
        row = MandateInvitation.objects.get()
    client = wearing(bo)
    shown = text(client.get("/mijn-vragen/machtigingen"))
    assert "Rina vraagt of je wilt helpen" in shown and "Roos" not in shown
    client.post("/mijn-vragen/machtigingen/antwoord", {"accept": str(row.pk)})
    with working_for(HERE):
        mandate = Mandate.objects.get()
    client.post("/rol/kies", {"hat": f"mandate:{mandate.pk}"})
    assert question.reference in text(client.get("/mijn-vragen"))
    assert client.post(page(question), {"text": "Ik denk mee"}).status_code == 302
    assert "met een machtiging" in text(rina.get(page(question)))
    own = text(rina.get("/mijn-vragen/machtigingen"))
    assert "Mag: meekijken" in own and "gemachtigd door de inwoner" not in own
    rina.post("/mijn-vragen/machtigingen/antwoord", {"end": str(mandate.pk)})
    assert client.get(page(question)).status_code == 302


@pytest.mark.parametrize("ends", ["resident", "proxy", "time", "conflict"])
def test_after_a_mandate_ended_the_next_request_is_denied(town, question, ends):
    rich(town, question)
    client, mandate = helped(town, *Mandate.What)
    looks = ["/mijn-vragen", page(question), page(question) + "/bijlage/1",
             page(question) + "/bestand.json", page(question) + "/bestand.html",
             "/mijn-vragen/machtigingen"]  # fmt: skip
    does = [page(question), *(page(question) + "/" + one for one in
            ("notitie", "stop", "weer-open", "deel-niet-meer"))]  # fmt: skip
    assert {client.get(path).status_code for path in looks} == {200}
    with working_for(HERE):
        row = Mandate.objects.filter(pk=mandate.pk)
        if ends == "time":
            row.update(ends_on="2026-01-02", starts_on="2026-01-01")
        elif ends == "conflict":
            row.update(suspended_at=NOW)
        else:
            proxy = Actor(HERE, Role.RESIDENT, person=mandate.proxy_id)
            end_mandate(mandate=mandate, by=town.me if ends == "resident" else proxy, now=NOW)
        before = Post.objects.count(), Question.objects.get(pk=question.pk).state
    for path in looks:
        answer = client.get(path)
        assert answer.status_code == 302 and answer["Location"].startswith("/rol?next="), path
    for path in does:
        answer = client.post(path, {"text": "x", "way": "withdraw"})
        assert answer.status_code == 302 and answer["Location"].startswith("/rol?next="), path
    with working_for(HERE):
        assert before == (Post.objects.count(), Question.objects.get(pk=question.pk).state)


def test_a_mandate_that_ends_while_typing_says_that_nothing_was_sent(town, question):
    client, mandate = helped(town, "talk")
    assert client.get(page(question)).status_code == 200
    with working_for(HERE):
        end_mandate(mandate=mandate, by=town.me, now=NOW)
    answer = client.post(page(question), {"text": "Lang verhaal"}, follow=True)
    assert "is niet verstuurd en niet bewaard" in text(answer)
    assert "machtiging is gestopt" in text(answer)
    with working_for(HERE):
        assert not Post.objects.exists()


def test_who_may_only_look_gets_no_form_and_keeps_the_words(town, question):
    client, _ = helped(town, "look")
    assert "Je mag meekijken." in text(client.get(page(question)))
    answer = client.post(page(question), {"text": "Mijn woorden"})
    assert answer.status_code == 400 and "Mijn woorden" in text(answer)
    shown = text(client.post(page(question) + "/stop", {"way": "withdraw"}, follow=True))
    assert "Je mag dit niet beslissen" in shown
    shown = text(client.post(page(question) + "/weer-open", follow=True))
    assert "Je mag dit niet beslissen" in shown


@pytest.mark.parametrize(
    "wrong,said",
    [
        ({"name": ""}, "Vul een naam in."),
        ({"email": "x"}, "Dit is geen mailadres."),
        ({"what": []}, "Kies wat deze persoon mag."),
        ({"what": ["king"]}, "king"),
        ({"ends_on": "1-1-2020"}, "De laatste dag ligt voor de eerste dag."),
        ({"ends_on": "gauw"}, "Vul een datum in"),
    ],
)
def test_a_wrong_form_for_a_mandate_is_explained(rina, town, wrong, said):
    given = {"name": "Bo Buur", "email": "bo@buur.example", "what": ["look"]} | wrong
    answer = rina.post("/mijn-vragen/machtigingen", given)
    assert answer.status_code == 400 and said in text(answer)
    with working_for(HERE):
        assert not MandateInvitation.objects.exists()


def test_nobody_writes_down_that_they_speak_for_a_resident_themselves(wim, town, question):
    """A worker with a private name on the same account would read on as a representative."""
    path, me = f"/werk/vraag/{question.pk}/machtigingen", town.a.worker.person
    given = {"name": "Wim", "email": me.account.email.upper(), "kind": "curator",
             "evidence": "ruling", "what": ["look", "act"]}  # fmt: skip
    answer = wim.post(path, given)
    assert answer.status_code == 400 and "Dit ben je zelf." in text(answer)
    wim.post(path, given | {"email": "anders@x.example"})
    with working_for(HERE):
        private = Person.objects.create(
            municipality=town.municipality, name="Wim Privé", account=me.account
        )
        MandateInvitation.objects.update(email=me.account.email)  # as if it had been theirs then
        with pytest.raises(NotAllowed):
            accept_proxy(
                invitation=MandateInvitation.objects.get(),
                by=Actor(HERE, Role.RESIDENT, person=private.pk), now=NOW,
            )  # fmt: skip
        assert not Mandate.objects.exists()


def test_a_mandate_by_law_is_recorded_by_the_team_and_stopped_by_the_coordinator(
    rina, wim, town, question
):
    path = f"/werk/vraag/{question.pk}/machtigingen"
    given = {"name": "Cura Tor", "email": "cura@x.example", "kind": "curator",
             "evidence": "ruling", "what": ["look", "act"]}  # fmt: skip
    assert "Kies welk papier" in text(wim.post(path, given | {"evidence": ""}))
    assert "Cura Tor" in text(wim.post(path, given, follow=True))
    assert wearing(town.b.worker).post(path, given).status_code == 404
    with working_for(HERE):
        cura = welcome_person(
            municipality=town.municipality, name="Cura Tor", email="cura@x.example",
            account=account("cura@x.example"), by=SYSTEM,
        )  # fmt: skip
        mandate = accept_proxy(
            invitation=MandateInvitation.objects.get(),
            by=Actor(HERE, Role.RESIDENT, person=cura.pk), now=NOW,
        )  # fmt: skip
    shown = text(rina.post(
        "/mijn-vragen/machtigingen/antwoord", {"end": str(mandate.pk)}, follow=True
    ))  # fmt: skip
    assert "kun je hier niet stoppen" in shown
    assert wim.post(path + "/stil", {"mandate": str(mandate.pk)}).status_code == 403
    boss = wearing(town.a.coordinator)
    assert "Staat stil" in text(
        boss.post(path + "/stil", {"mandate": str(mandate.pk)}, follow=True)
    )
    for odd in ("", "x", str(uuid4())):
        answer = boss.post(path + "/stil", {"mandate": odd}, follow=True)
        assert "Deze machtiging is er niet meer." in text(answer)


def test_on_the_highest_rung_the_resident_reads_until_when_the_research_is(rina, town, question):
    where, day = page(question), timezone.localdate() + relativedelta(weeks=6)
    said = f"klaar op of voor {day.day} "
    for rung in (Rung.TEAM, Rung.SPECIALIST):
        with working_for(HERE):
            go_on(question=question, rung=rung, next_action="Huisbezoek", skipped="x",
                  next_on=timezone.localdate(), by=town.a.by, now=timezone.now())  # fmt: skip
        assert (said in text(rina.get(where))) is (rung == Rung.SPECIALIST)


def years_ago(years, **more):
    return timezone.localdate() - relativedelta(years=years, **more)


@pytest.mark.parametrize(
    "kind,born,agrees,said,until",
    [
        ("parent", None, "", "Vul in wanneer het kind is geboren", None),
        ("parent", years_ago(-1), "", "moet nog komen", None),
        ("parent", years_ago(11), "", "", years_ago(-1, days=1)),
        ("parent", years_ago(12), "", "moet dit zelf ook goed vinden", None),
        ("parent", years_ago(12), "on", "", years_ago(-4, days=1)),
        ("parent", years_ago(15), "on", "", years_ago(-1, days=1)),
        ("parent", years_ago(16), "on", "Vanaf 16 jaar beslist iemand zelf", None),
        ("mentor", None, "", "", None),
        ("administrator", None, "", "", None),
    ],
)
def test_a_parent_speaks_by_the_age_of_the_child_and_the_others_until_it_is_stopped(
    wim, town, question, kind, born, agrees, said, until
):
    given = {"name": "Ou Der", "email": "ou@der.example", "kind": kind, "evidence": "register",
             "what": ["look"], "born_on": f"{born:%d-%m-%Y}" if born else "",
             "child_agrees": agrees}  # fmt: skip
    answer = wim.post(f"/werk/vraag/{question.pk}/machtigingen", given)
    assert answer.status_code == (400 if said else 302) and said in text(answer)
    with working_for(HERE):
        found = MandateInvitation.objects.first()
        assert (found is None) == bool(said)
        assert not found or found.ends_on == until


def test_who_speaks_by_law_is_taken_back_asked_once_and_shown_with_the_last_day(
    rina, wim, town, question
):
    path = f"/werk/vraag/{question.pk}/machtigingen"
    given = {"name": "Ou Der", "email": "ou@der.example", "kind": "mentor",
             "evidence": "passport", "what": ["look"]}  # fmt: skip
    wrong = wim.post(path, given)
    assert wrong.status_code == 400 and "passen alleen bij een ouder" in text(wrong)
    born, last = years_ago(5), years_ago(-7, days=1)
    given |= {"kind": "parent", "born_on": f"{born:%d-%m-%Y}", "ends_on": "31-12-2040"}
    said = text(wim.post(path, given, follow=True))
    day = date_format(last, "j F Y")
    assert said.count(f"De machtiging loopt tot en met {day}.") == 2
    assert "is al gevraagd en heeft nog niet geantwoord" in text(wim.post(path, given))
    with working_for(HERE):
        asked = MandateInvitation.objects.get()
        parent = welcome_person(
            municipality=town.municipality, name="Ou Der", email="ou@der.example",
            account=account("ou@der.example"), by=SYSTEM,
        )  # fmt: skip
    said = text(wearing(parent).get("/mijn-vragen/machtigingen"))
    assert "Spreek je voor Rina?" in said and "ouder met gezag" in said
    assert "vraagt of je wilt helpen" not in said
    sent = {"take-back": str(asked.pk)}
    assert wearing(town.b.worker).post(path, sent).status_code == 404
    rina.post("/mijn-vragen/machtigingen/antwoord", sent)
    assert "Gevraagd aan Ou Der" in text(wim.get(path))
    said = text(wim.post(path, sent, follow=True))
    assert "is ingetrokken" in said and "Gevraagd aan Ou Der" not in said
    assert "Dit is er niet meer" in text(wim.post(path, sent, follow=True))
    assert "Spreek je voor Rina?" not in text(wearing(parent).get("/mijn-vragen/machtigingen"))


@pytest.mark.parametrize("sent", [{}, {"accept": "x"}, {"end": "x"}, {"accept": str(uuid4())}])
def test_an_answer_about_nothing_does_nothing(rina, sent):
    assert rina.post("/mijn-vragen/machtigingen/antwoord", sent).status_code == 302


# --- size ----------------------------------------------------------------------------------------


def test_a_long_conversation_costs_no_more_queries(
    rina, wim, town, question, django_assert_max_num_queries
):
    rich(town, question)
    rina.get(page(question))
    wim.get(talk(question))
    with django_assert_max_num_queries(35):
        rina.get(page(question))
    with django_assert_max_num_queries(24):
        wim.get(talk(question))
    with working_for(HERE):
        for number in range(30):
            by = town.me if number % 2 else town.a.by
            file = [File("a.txt", b"x")]
            say(question=question, said=Said(text=f"{number}", files=file), by=by,
                now=later(NOW, minutes=number))  # fmt: skip
            write_note(question=question, text=f"{number}", key=uuid4(), by=town.a.by, now=NOW)
    rina.get(page(question))
    wim.get(talk(question))
    with django_assert_max_num_queries(35):
        rina.get(page(question))
    with django_assert_max_num_queries(24):
        wim.get(talk(question))
