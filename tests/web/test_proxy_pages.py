"""What somebody with a mandate sees and may do: no more than the mandate says, and for whom."""

import html
import re
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.areas.queries import forget
from omzien.handovers.actions.answering import accept, meet
from omzien.handovers.actions.consenting import ask_resident
from omzien.handovers.actions.leaving import resident_died, resident_lives
from omzien.handovers.models import Handover, OfferDraft
from omzien.handovers.rules.states import ContactKind
from omzien.journal.isolation import working_for
from omzien.kernel.ladder import Rung
from omzien.messages.mandates import ask_proxy
from omzien.messages.models import Message
from omzien.people.actions.mandates import (
    Proxy,
    accept_proxy,
    end_mandate,
    take_back_invitation,
)
from omzien.people.actions.memberships import welcome_person
from omzien.people.logs.looking import lines_about
from omzien.people.models import AccessLine, Mandate, Person
from omzien.people.refusals import AlreadyHas
from omzien.people.rules.grounds import Category
from omzien.people.rules.roles import SYSTEM, Actor, Role
from omzien.questions.actions.asking import ask
from omzien.questions.actions.network import share_network
from omzien.questions.actions.objecting import object_to
from omzien.questions.actions.plans import add_goal
from omzien.questions.actions.receipts import tell_received
from omzien.questions.actions.talking import Said, say
from omzien.questions.actions.working import close, go_on, pick_up, reopen
from omzien.questions.models import Goal, NetworkShare, Objection, Post, Question, Tie
from omzien.questions.refusals import NotAllowed
from omzien.questions.rules.states import Mistake, Result
from omzien.web.doors import HAT
from tests.casework import a_question, an_offer, asked, consent
from tests.signing import person, wearing
from tests.web.test_mine_pages import HERE, helped, page, rich, text

pytestmark = pytest.mark.django_db
COMPLAINT = "Bo bemoeit zich te veel met mij"
WITHOUT_ACT = [("look",), ("look", "talk"), ("talk", "receive")]


@pytest.fixture
def question(town):
    with working_for(HERE):
        return a_question(town, now=timezone.now())


@pytest.fixture
def rina(town):
    return wearing(town.resident)


@pytest.mark.parametrize("what", [*WITHOUT_ACT, tuple(Mandate.What)])
def test_no_mandate_opens_the_file_of_all_about_a_person(town, question, what):
    client, _ = helped(town, *what)
    where = f"/beheer/gegevens/{town.resident.pk}"
    answers = [client.get(where)]
    for end in (".json", ".html"):
        answers.append(client.get(f"{where}{end}", follow=True))  # it sends on to the page above
        answers.append(client.post(f"{where}{end}", {"reden": "asked"}))
    for answer in answers:
        assert answer.status_code in (403, 404) and question.story not in text(answer)


@pytest.mark.parametrize("what", WITHOUT_ACT)
def test_who_does_not_act_neither_objects_nor_reads_what_the_resident_objects_to(
    town, question, rina, what
):
    with working_for(HERE):
        object_to(
            question=question, why=COMPLAINT, key=uuid4(), by=town.me, now=timezone.now()
        )  # fmt: skip
    client, _ = helped(town, *what)
    address = page(question) + "/niet-eens"
    assert address not in text(client.get(page(question)))
    assert address in text(rina.get(page(question))) and COMPLAINT in text(rina.get(address))
    for answer in (client.get(address), client.post(address, {"why": "Namens haar"})):
        assert answer.status_code == 403 and COMPLAINT not in text(answer)
        assert "Dit mag niet met deze machtiging" in text(answer) and page(question) in text(answer)
    with working_for(HERE):
        assert Objection.objects.count() == 1


def test_who_acts_objects_for_the_resident(town, question):
    client, _ = helped(town, "look", "act")
    address = page(question) + "/niet-eens"
    assert address in text(client.get(page(question)))
    assert client.post(address, {"why": "Zij is het niet eens"}).status_code == 302
    assert "Zij is het niet eens" in text(client.get(address))


@pytest.mark.parametrize("what", [*WITHOUT_ACT, ("look", "act")])
def test_the_plan_and_the_sharing_show_only_what_a_proxy_may_do(town, question, what):
    with working_for(HERE):
        add_goal(question=question, words="Weer buiten komen", by=town.me, now=timezone.now())
        consent(town, town.b)
    client, _ = helped(town, *what)
    acts = "act" in what
    for address in (page(question) + "/plan", page(question) + "/delen"):
        shown = text(client.get(address))
        forms = re.findall(r'name="(?:do|doe)" value="([a-z-]+)"', shown)
        assert bool(forms) is acts, (address, forms)
        assert "/mijn-netwerk" not in shown
    sent = {"do": "add-goal", "add-goal-words": "Een doel voor haar"}
    assert client.post(page(question) + "/plan", sent).status_code == (302 if acts else 404)
    with working_for(HERE):
        assert Goal.objects.count() == 1 + acts


def test_the_log_says_on_whose_behalf_a_proxy_looked(town, question, rina):
    client, mandate = helped(town, "look")
    for address in (page(question), page(question) + "/bestand.json"):
        assert client.get(address).status_code == 200
    assert client.get(page(question) + "/netwerk").status_code in (403, 404)
    assert client.get("/beheer/logboek").status_code == 403
    assert rina.get(page(question)).status_code == 200
    with working_for(HERE):
        theirs = AccessLine.objects.filter(actor=str(mandate.proxy_id)).order_by("number")
        found = [(one.action, one.result, one.on_behalf_of) for one in theirs]
        own = AccessLine.objects.get(actor=str(town.resident.pk))
    for action, result in (("read", "allowed"), ("export", "allowed"), ("read", "refused")):
        assert (action, result, town.resident.pk) in found
    assert {whose for *_, whose in found} == {town.resident.pk}
    assert own.on_behalf_of is None
    shown = text(client.get(page(question) + "/bestand.html"))
    assert "jijzelf (namens iemand anders)" in shown
    own_words = text(rina.get("/account/wie-keek"))
    assert "Bo Buur (namens jou)" in own_words and "namens iemand anders" not in own_words


# --- the way to whom one helps -------------------------------------------------------------------


def as_resident(client, mandate):
    session = client.session
    session[HAT] = f"person:{mandate.proxy_id}"
    session.save()


def test_who_helps_finds_the_way_from_their_own_life(town, question):
    client, mandate = helped(town, "look", "talk")
    as_resident(client, mandate)
    hat = f'name="hat" value="mandate:{mandate.pk}"'
    for address in ("/vandaag", "/mijn-vragen", "/mijn-vragen/machtigingen"):
        shown = text(client.get(address))
        assert hat in shown and "Ga Rina Roos helpen" in shown, address
        assert question.reference not in shown
    for address in (page(question), page(question) + "/plan", page(question) + "/delen"):
        answer = client.get(address)  # as the mail about a message says
        assert answer.status_code == 404 and question.reference not in text(answer)
        assert hat in text(answer) and f'name="next" value="{address}"' in text(answer)
    sent = {"hat": f"mandate:{mandate.pk}", "next": page(question)}
    assert question.reference in text(client.post("/rol/kies", sent, follow=True))
    assert "Ga Rina Roos helpen" not in text(client.get("/vandaag"))


@pytest.mark.parametrize("ends", ["revoked_at", "suspended_at"])
def test_nobody_else_learns_of_a_question(town, question, ends):
    client, mandate = helped(town, "look")
    as_resident(client, mandate)
    with working_for(HERE):
        Mandate.objects.filter(pk=mandate.pk).update(**{ends: timezone.now()})
    stranger = wearing(person(town.municipality, "Vera Vreemd"))
    for somebody in (client, stranger, wearing(town.a.worker)):
        for address in ("/vandaag", page(question)):
            assert "Ga Rina Roos helpen" not in text(somebody.get(address))
    assert client.get(page(question)).status_code == 404
    assert stranger.get(page(question)).status_code == 404
    nothing = f"/mijn-vragen/{uuid4()}"
    assert stranger.get(nothing).status_code == 404


def test_a_question_under_a_name_that_is_not_known_asks_for_that_name(town, question):
    """Toon's address was given for Riek: who reads his mail says her name, or reads nothing."""
    toon = person(town.municipality, "Toon van Esch", "toon@x.example")
    with working_for(HERE):
        riek = welcome_person(
            municipality=town.municipality, name="Riek van Esch", email="toon@x.example", by=SYSTEM
        )
        Question.objects.filter(pk=question.pk).update(person=riek)
    client = wearing(toon)
    assert "Riek" not in text(client.get("/rol"))
    shown = text(client.get("/mijn-vragen"))
    assert "Zeg welke naam" in shown and "Riek" not in shown and question.reference not in shown
    answer = client.get(page(question))
    assert answer.status_code == 302 and answer["Location"].startswith("/aanmelden/naam?next=")
    client.post("/aanmelden/naam", {"name": "Rie"})
    assert client.get(page(question)).status_code == 302
    client.post("/aanmelden/naam", {"name": "riek van esch"})
    answer = client.get(page(question))
    assert "Ga verder als Riek van Esch" in text(answer) and question.reference not in text(answer)
    assert "Zeg welke naam" not in text(client.get("/mijn-vragen"))


def test_a_proxy_reads_beside_the_resident_and_not_instead_of_her(town, question, rina):
    with working_for(HERE):
        said = Said(text="Ik bel je morgen", key=uuid4())
        say(question=question, said=said, by=town.a.by, now=timezone.now())
    client, _ = helped(town, "look")
    assert "Ik bel je morgen" in text(client.get(page(question)))
    assert "1 nieuw bericht" in text(rina.get("/vandaag"))
    assert "las 1 bericht nog niet" in text(client.get("/vandaag"))
    wim = wearing(town.a.worker)
    assert "Gelezen op" not in text(wim.get(f"/werk/vraag/{question.pk}/gesprek"))
    rina.get(page(question))
    assert "Gelezen op" in text(wim.get(f"/werk/vraag/{question.pk}/gesprek"))
    assert "las 1 bericht" not in text(client.get("/vandaag"))


def test_of_who_has_no_account_the_proxy_s_eyes_count(town, question):
    with working_for(HERE):
        said = Said(text="Ik bel je morgen", key=uuid4())
        say(question=question, said=said, by=town.a.by, now=timezone.now())
    client, _ = helped(town, "look")
    with working_for(HERE):
        Person.objects.filter(pk=town.resident.pk).update(account=None)
    client.get(page(question))
    with working_for(HERE):
        assert Post.objects.get().seen_at


# --- what ends is told ---------------------------------------------------------------------------


def mailed(code):
    """Return to whom a mail about a question went."""
    with working_for(HERE):
        rows = Message.objects.filter(key__startswith=f"{code}:")
        return sorted(rows.values_list("recipient", flat=True))


def test_who_promised_something_hears_that_the_resident_stopped(town, question, rina):
    with working_for(HERE):
        pick_up(question=question, by=town.a.by, now=timezone.now())
    helped(town, "look", "receive")
    rina.post(page(question) + "/stop", {"way": "withdraw"})
    assert mailed("stopped") == [town.a.worker.person.email]
    assert mailed("ended") == ["bo@meierijstad.example"]
    with working_for(HERE):
        said = Message.objects.get(key__startswith="stopped:").body
    assert question.reference in said and "/werk/afgerond" in said and "Rina" not in said


def test_who_decides_for_the_resident_tells_the_resident_too(town, question):
    client, _ = helped(town, "look", "act", "receive")
    client.post(page(question) + "/stop", {"way": "own-way"})
    assert mailed("ended") == [town.resident.email]
    assert mailed("stopped")


def test_who_gets_mail_for_the_resident_hears_that_it_was_closed(town, question):
    helped(town, "look", "receive")
    with working_for(HERE):
        pick_up(question=question, by=town.a.by, now=timezone.now())
        close(
            question=question, result=Result.SOLVED, rung_reached=Rung.COMMUNITY, is_told=True,
            by=town.a.by, now=timezone.now(),
        )  # fmt: skip
    assert mailed("ended") == ["bo@meierijstad.example"] and mailed("stopped") == []


@pytest.mark.parametrize("who", ["resident", "proxy"])
def test_the_end_of_a_mandate_is_told_to_the_other(town, question, rina, who):
    client, mandate = helped(town, "look")
    ends = rina if who == "resident" else client
    ends.post("/mijn-vragen/machtigingen/antwoord", {"end": str(mandate.pk)})
    other = town.resident.email if who == "proxy" else "bo@meierijstad.example"
    assert mailed("mandate-over") == [other]
    with working_for(HERE):
        mail = Message.objects.get(key__startswith="mandate-over:")
    assert not re.search("rina|roos|bo buur", mail.subject + mail.body, re.I)
    if who == "resident":
        shown = text(client.get(page(question), follow=True))
        assert "die rol of machtiging is gestopt" in shown


def test_the_resident_reads_who_asked_for_her(town, question, rina):
    els = person(town.municipality, "Els Dochter")
    with working_for(HERE):
        Question.objects.filter(pk=question.pk).update(asked_by=els)
    for path in ("", "/bestand.html", "/bestand.json"):
        assert "Els Dochter" in text(rina.get(page(question) + path)), path


# --- for whom ------------------------------------------------------------------------------------


def test_each_page_says_for_whom_it_is(town, question, rina):
    client, _ = helped(town, *Mandate.What)
    for path in ("", "/plan", "/delen", "/niet-eens"):
        assert "Je helpt Rina Roos." in text(client.get(page(question) + path)), path
        assert "Je helpt" not in text(rina.get(page(question) + path)), path
    for address in ("/vandaag", "/mijn-vragen"):
        assert "De vragen van Rina Roos" in text(client.get(address))


def test_today_of_a_proxy_leads_nowhere_that_is_not_theirs(town, question):
    client, _ = helped(town, *Mandate.What)
    found = re.findall(r'<(?:a|form)[^>]+(?:href|action)="(/[^"]*)"', text(client.get("/vandaag")))
    assert "/werk/nieuwe-vraag" not in found
    assert {one for one in found if client.get(one, follow=True).status_code == 403} == set()


def test_the_answer_to_an_objection_stands_where_the_resident_looks(town, question, rina):
    with working_for(HERE):
        row = object_to(
            question=question, why=COMPLAINT, key=uuid4(), by=town.me, now=timezone.now()
        )
    assert "Lees het antwoord" not in text(rina.get(page(question)))
    with working_for(HERE):
        Objection.objects.filter(pk=row.pk).update(
            answer="We gaan het anders doen", answered_at=timezone.now(), answered_by="x"
        )
    assert "Er is antwoord op 1 bezwaar." in text(rina.get("/vandaag"))
    assert "Lees het antwoord" in text(rina.get(page(question)))
    client, _ = helped(town, "look", "talk")
    assert "bezwaar" not in text(client.get("/vandaag"))
    assert "Lees het antwoord" not in text(client.get(page(question)))


@pytest.mark.parametrize("form", ["stop", "weer-open", "notitie", "deel-niet-meer"])
def test_the_address_of_a_form_leads_to_its_page(town, question, rina, form):
    assert rina.get(f"{page(question)}/{form}")["Location"] == page(question)
    assert rina.get("/mijn-vragen/machtigingen/antwoord")["Location"] == "/mijn-vragen/machtigingen"
    assert rina.put(f"{page(question)}/{form}").status_code == 405
    task = wearing(town.a.worker).get(f"/werk/vraag/{question.pk}/taak")
    assert task["Location"] == f"/werk/vraag/{question.pk}"


# --- mail alone ----------------------------------------------------------------------------------


def test_who_gets_mail_alone_reads_what_they_may_do_and_how_to_ask_for_more(town, question):
    with working_for(HERE):
        other = a_question(town, now=timezone.now())
        Question.objects.filter(pk=other.pk).update(person=town.a.worker.person)
    client, mandate = helped(town, "receive")
    with working_for(HERE):
        said = Said(text="Ik bel je morgen", key=uuid4())
        say(question=question, said=said, by=town.a.by, now=timezone.now())
        mails = {one.recipient: one for one in Message.objects.filter(key__contains=":reply")}
    mail = mails["bo@meierijstad.example"]
    assert "http" not in mail.body, "no link to a page that stays shut"
    assert "Zeg tegen de ander dat er een bericht is." in mail.body
    assert "voor je klaar" in mails[town.resident.email].body
    for hat in ("mandate", "person"):
        if hat == "person":
            as_resident(client, mandate)
        for path in ("", "/plan", "/delen", "/niet-eens", "/bestand.json"):
            answer = client.get(page(question) + path)
            assert answer.status_code == 403, (hat, path)
            shown = text(answer)
            assert "Je krijgt alleen mail" in shown and "Vraag het aan Rina Roos" in shown
            for hidden in (
                question.reference,
                question.story,
                "Ik bel je morgen",
                town.a.team.name,
            ):
                assert hidden not in shown
        for elsewhere in (page(other), f"/mijn-vragen/{uuid4()}"):
            answer = client.get(elsewhere)
            assert answer.status_code == 404 and "Rina" not in text(answer)
    with working_for(HERE):
        Mandate.objects.filter(pk=mandate.pk).update(revoked_at=timezone.now())
    assert client.get(page(question)).status_code == 404


def test_each_link_of_who_gets_mail_alone_leads_somewhere(town, question):
    client, _ = helped(town, "receive")
    for address in ("/vandaag", "/mijn-vragen", "/mijn-vragen/machtigingen"):
        shown = text(client.get(address))
        assert question.reference not in shown and "0 vragen" not in shown
        found = set(re.findall(r'<(?:a|form)[^>]+(?:href|action)="(/[^"#]*)"', shown))
        answers = {one: client.get(one, follow=True).status_code for one in found}
        assert not {one for one, status in answers.items() if status in (403, 404)}, address
    assert "Je krijgt alleen mail" in text(client.get("/mijn-vragen"))


def test_who_gets_mail_alone_is_led_to_what_they_may_and_to_the_municipality(town, question):
    client, _ = helped(town, "receive")
    assert "Naar de vragen" not in text(client.get("/vandaag"))
    assert "Lees wat je mag" in text(client.get("/vandaag"))
    assert "Bel dan" not in text(client.get("/mijn-vragen"))
    Municipality.objects.filter(code=HERE).update(settings={"contact_phone": "14 0413"})
    forget()
    for address in ("/mijn-vragen", page(question)):
        shown = text(client.get(address))
        assert "Bel dan de gemeente:" in shown and 'href="tel:140413"' in shown, address
        assert town.a.team.name not in shown


@pytest.mark.parametrize("what,leads", [(("receive",), False), (("look", "receive"), True)])
def test_a_mail_leads_only_who_may_look_to_the_question(town, question, what, leads):
    helped(town, *what)
    with working_for(HERE):
        said = Said(text="Ik bel je morgen", key=uuid4())
        say(question=question, said=said, by=town.a.by, now=timezone.now())
        pick_up(question=question, by=town.a.by, now=timezone.now())
        close(
            question=question, result=Result.SOLVED, rung_reached=Rung.COMMUNITY, is_told=True,
            by=town.a.by, now=timezone.now(),
        )  # fmt: skip
        mails = list(Message.objects.filter(recipient="bo@meierijstad.example"))
    about = [one for one in mails if re.match(r"(conversation|ended)", one.key)]
    assert len(about) == 2
    assert {page(question) in one.body for one in about} == {leads}


@pytest.mark.parametrize("what", [("receive",), ("look", "talk")])
def test_who_may_not_ask_in_their_name_hears_it_at_once_with_the_way_on(town, what):
    client, mandate = helped(town, *what)
    answer = client.get("/vraag?dorp=schijndel")
    shown = text(answer)
    assert answer.status_code == 200 and 'name="story"' not in shown
    assert "Rina Roos" in shown and "mag niet met deze machtiging" in shown
    own = {"hat": f"person:{mandate.proxy_id}", "next": "/vraag?dorp=schijndel"}
    assert all(f'name="{name}" value="{value}"' in shown for name, value in own.items())
    assert 'name="story"' in text(client.post("/rol/kies", own, follow=True))


def test_the_first_step_says_for_whom_a_proxy_asks(town, rina):
    client, _ = helped(town, "look", "act")
    assert "Je vraagt dit voor <strong>Rina Roos</strong>" in text(client.get("/vraag"))
    assert "Je vraagt dit voor" not in text(rina.get("/vraag"))


@pytest.mark.parametrize("with_mandate", [True, False])
def test_the_receipt_says_to_who_has_a_mandate_that_they_see_more(town, with_mandate):
    _, mandate = helped(town, "look", "act")
    with working_for(HERE):
        if not with_mandate:
            Mandate.objects.filter(pk=mandate.pk).update(revoked_at=timezone.now())
        question = a_question(town, now=timezone.now())
        question.asked_by = mandate.proxy
        tell_received(question)
        mail = Message.objects.get(recipient="bo@meierijstad.example", key__startswith="asked:")
    assert ("als de ander je machtigt" in mail.body) is not with_mandate


@pytest.mark.parametrize("as_proxy", [True, False])
def test_who_is_asked_again_gets_more_without_losing_what_they_had(town, question, as_proxy):
    client, mandate = helped(town, "receive")
    assert "stopt wat je nu mag" not in text(client.get("/mijn-vragen"))
    with working_for(HERE):
        more = Proxy(name="Bo Buur", email="bo@meierijstad.example", what=["look", "receive"])
        row = ask_proxy(resident=town.resident, proxy=more, by=town.me, now=timezone.now())
    if not as_proxy:
        as_resident(client, mandate)
    today = text(client.get("/vandaag"))
    assert "Wil je iemand helpen?" in today and today.count("De vragen van Rina Roos") <= 1
    sent = client.post("/mijn-vragen/machtigingen/antwoord", {"accept": str(row.pk)}, follow=True)
    assert "Je mag nu helpen." in text(sent)
    with working_for(HERE):
        (now,) = Mandate.objects.filter(resident=town.resident, revoked_at=None)
        assert now.what == ["look", "receive"] and now.pk != mandate.pk
    if as_proxy:
        assert question.reference in text(client.get("/mijn-vragen"))


def test_what_a_judge_or_a_conflict_settled_is_not_undone_by_asking_again(town):
    _, mandate = helped(town, "look")
    for change in ({"suspended_at": timezone.now()}, {"kind": "mentor", "evidence": "ruling"}):
        with working_for(HERE):
            clean = {"suspended_at": None, "kind": "mandate", "evidence": ""}
            Mandate.objects.filter(pk=mandate.pk).update(**(clean | change))
            more = Proxy(name="Bo Buur", email="bo@meierijstad.example", what=["act"])
            row = ask_proxy(resident=town.resident, proxy=more, by=town.me, now=timezone.now())
            own = Actor(HERE, Role.RESIDENT, person=mandate.proxy_id)
            with pytest.raises(AlreadyHas):
                accept_proxy(invitation=row, by=own, now=timezone.now())
            take_back_invitation(invitation=row, by=town.me, now=timezone.now())
            assert Mandate.objects.get(revoked_at=None).pk == mandate.pk


def test_the_page_of_a_proxy_says_once_whom_they_help(town):
    client, _ = helped(town, "look")
    assert text(client.get("/mijn-vragen/machtigingen")).count("Wie help jij?") == 1


# --- who "je" is ---------------------------------------------------------------------------------

INFORMAL = re.compile(r"\b(je|jij|jou|jouw|jezelf)\b", re.I)
# Where "je" is who reads it, or belongs to a name that is the same for everybody.
OF_THE_READER = re.compile(
    r"^(Je helpt Rina|Wat kun je zelf|Wat ga je proberen|Met je eigen mensen|Hulp waar je zo|"
    r"Het team in je buurt|Deze vraag is afgerond\. (Daarom kun je nu|Je kunt het plan)|Je mag:)"
)


def said_to(client, question):
    """Yield each sentence with "je" on the pages of a question, without head and foot."""
    for path in ("", "/plan", "/delen", "/niet-eens", "/bestand.html"):
        shown = text(client.get(page(question) + path))
        shown = re.sub(r"<(script|style|nav|header|footer)\b.*?</\1>", "", shown, flags=re.DOTALL)
        shown = re.sub(r"^.*<main\b", "<main", shown, flags=re.DOTALL)
        shown = re.sub(r"</?(a|strong|span|time|button|em)\b[^>]*>", "", shown)
        for line in re.split(r"<[^>]+>", shown):
            if INFORMAL.search(line):
                yield html.unescape(" ".join(line.split()))


def test_of_a_resident_pages_speak_to_them_and_to_a_proxy_about_them(town, question, rina):
    rich(town, question)
    client, _ = helped(town, *Mandate.What)
    slip, today = Handover.objects.all(), timezone.localdate()

    def both():
        """Look where the question stands now."""
        assert [one for one in said_to(client, question) if not OF_THE_READER.match(one)] == []
        assert any("je vraag" in one.lower() for one in said_to(rina, question))
        return text(client.get(page(question))), text(rina.get(page(question)))

    def at(step):
        with working_for(HERE):
            step(timezone.now())
        return both()

    of_her, to_her = both()
    assert "Rina heeft recht op gratis hulp" in of_her and "Je hebt recht op" in to_her
    at(lambda now: accept(handover=slip.get(), contact_name="Wim", by=town.b.by, now=now))
    of_her, to_her = at(lambda now: meet(
        handover=slip.get(), met_on=today, met_by=ContactKind.PHONE, resident_was_there=False,
        by=town.b.by, now=now,
    ))  # fmt: skip
    assert "Team B heeft de vraag van Rina nu." in of_her and "Wie helpt Rina?" in of_her
    assert "Team B heeft je vraag nu." in to_her and "Wie helpt je?" in to_her
    row = Question.objects.all()
    at(lambda now: go_on(question=row.get(), rung=Rung.SELF, next_action="Bellen", next_on=today,
                         by=town.b.by, now=now))  # fmt: skip
    of_her, to_her = at(lambda now: close(
        question=row.get(), result=Result.SOLVED, rung_reached=Rung.SELF, is_told=True,
        by=town.b.by, now=now,
    ))  # fmt: skip
    assert "De vraag van Rina is afgerond." in of_her and "Je vraag is afgerond." in to_her


def test_who_has_no_first_name_is_called_the_resident(town, question):
    with working_for(HERE):
        Person.objects.filter(pk=town.resident.pk).update(first_name="")
    client, _ = helped(town, "look", "act")
    shown = text(client.get(page(question)))
    assert "De inwoner heeft recht op gratis hulp" in shown
    assert "Iemand van het team neemt contact op met de inwoner." in shown


def test_what_is_for_the_resident_is_not_for_the_proxy(town, question):
    rich(town, question)
    client, _ = helped(town, *Mandate.What)
    assert "1 actie in het plan is voor wie jij helpt." in text(client.get("/vandaag"))
    assert "1 actie in het plan is voor jou." in text(wearing(town.resident).get("/vandaag"))


@pytest.mark.parametrize("what", [*WITHOUT_ACT, ("look", "act")])
def test_a_proxy_reads_to_whom_the_question_was_offered(town, question, what):
    with working_for(HERE):
        consent(town, town.b)
        slip = an_offer(question, town.b, town, now=timezone.now())
    client, _ = helped(town, *what)
    assert "We vroegen aan Team B of zij Rina verder helpen." in text(client.get(page(question)))
    shown = text(client.get(page(question) + "/delen"))
    assert "Team B" in shown and "aan niemand anders aangeboden" not in shown
    assert ("Rina wil dit niet" in shown) is ("act" in what)
    sent = {"doe": "withdraw", "over": str(slip.pk)}
    answer = client.post(page(question) + "/delen", sent)
    assert answer.status_code == (302 if "act" in what else 404)
    with working_for(HERE):
        slip.refresh_from_db()
    assert (slip.state == "withdrawn") is ("act" in what)


# --- who decided ---------------------------------------------------------------------------------


def asked_to_share(town, question):
    words = {"asked": "Kan zij meedoen?", "tried": "Buur.", "best_moment": "ochtend"}
    with working_for(HERE):
        return ask_resident(
            question=question, to_team=town.b.team, categories=(Category.STORY,),
            words={"to_team": str(town.b.team.pk), **words}, by=town.a.by, now=timezone.now(),
        )  # fmt: skip


def told_of(ground):
    """Return the mails to the resident about what somebody else said for them."""
    with working_for(HERE):
        rows = Message.objects.filter(key__startswith=f"ground:{ground.pk}:proxy-")
        return {one.key.split(":")[2]: one for one in rows}


@pytest.mark.parametrize("answer,word", [("yes", "ja"), ("no", "nee")])
def test_what_a_proxy_says_is_theirs_on_each_page_and_the_resident_gets_a_mail(
    town, question, rina, answer, word
):
    ground = asked_to_share(town, question)
    client, _ = helped(town, "look", "act")
    client.post(page(question) + "/delen", {"doe": answer, "over": str(ground.pk)})
    by_name = "Bo Buur, die voor je mag beslissen"
    for path in ("", "/delen"):
        assert by_name in text(rina.get(page(question) + path)), path
        assert "Bo Buur, die voor Rina mag beslissen" in text(client.get(page(question) + path))
    assert "Bo Buur" in text(rina.get(page(question) + "/bestand.html"))
    wim = wearing(town.a.worker)
    offer = text(wim.get(f"/werk/vraag/{question.pk}/overdragen"))
    said = "Bo Buur zei ja" if answer == "yes" else "Bo Buur zei op"
    assert said in offer and "<strong>De inwoner zei" not in offer
    history = text(wim.get(f"/werk/vraag/{question.pk}"))
    assert f"Bo Buur, namens de inwoner, zei {word} tegen delen" in history
    mail = told_of(ground)[f"proxy-said-{answer}"]
    assert mail.recipient == town.resident.email and page(question) + "/delen" in mail.body
    assert f"zei {word}" in mail.body
    hidden = f"rina|roos|bo buur|{town.b.team.name}|{question.reference}"
    assert not re.search(hidden, mail.subject + mail.body, re.I)


def test_who_spoke_or_decided_for_a_resident_has_a_line_for_who_else_looks(town, question, rina):
    """Not for who looks, nor where the resident looks: who has a mandate does not hear of that."""
    ground = asked_to_share(town, question)
    client, mandate = helped(town, *Mandate.What)
    client.post(page(question) + "/delen", {"doe": "yes", "over": str(ground.pk)})
    with working_for(HERE):
        sent = Said(text="Zij slaapt slecht", key=uuid4())
        bo = Actor(HERE, Role.PROXY, person=mandate.proxy_id, represents=town.resident.pk)
        say(question=question, said=sent, by=bo, now=timezone.now())
    other, _ = helped(town, "look", "act", name="Dora Bus")
    wim, work = wearing(town.a.worker), f"/werk/vraag/{question.pk}"
    mine = page(question)
    looks = [(one, path) for one in (other, rina, client) for path in (
        mine, mine + "/delen", mine + "/bestand.html", mine + "/bestand.json", mine + "/afdruk",
    )]  # fmt: skip
    looks += [(wim, work + path) for path in ("", "/overdragen", "/gesprek")]
    named = 0
    for who, path in looks:
        with working_for(HERE):
            before = lines_about(mandate.proxy_id).count()
        answer = who.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200 and "Bo Buur" in body.decode(errors="ignore"), path
        with working_for(HERE):
            new = lines_about(mandate.proxy_id).count() - before
        named += who in (other, wim)
        assert new == (who in (other, wim)), path
    assert named == 8


@pytest.mark.parametrize("way", ["my-sharing", "share-no-more"])
def test_what_a_proxy_takes_back_is_theirs_and_told(town, question, rina, way):
    with working_for(HERE):
        ground = consent(town, town.b)
    client, _ = helped(town, "look", "act")
    sent = {"doe": "stop", "over": str(ground.pk), "ground": str(ground.pk)}
    client.post(reverse(way, args=[question.pk]), sent)
    assert "Dat deed Bo Buur" in text(rina.get(page(question) + "/delen"))
    assert set(told_of(ground)) == {"proxy-took-back"}


def test_what_the_resident_says_is_hers_and_is_mailed_to_nobody(town, question, rina):
    helped(town, "look", "act")
    ground = asked_to_share(town, question)
    rina.post(page(question) + "/delen", {"doe": "yes", "over": str(ground.pk)})
    assert "Dat deed" not in text(rina.get(page(question) + "/delen"))
    offer = text(wearing(town.a.worker).get(f"/werk/vraag/{question.pk}/overdragen"))
    assert "De inwoner zei ja." in offer and "Bo Buur" not in offer
    assert told_of(ground) == {}


@pytest.mark.parametrize("knew", [True, False])
def test_the_yes_of_a_proxy_does_not_say_that_the_resident_knows(town, question, knew):
    ground = asked_to_share(town, question)
    with working_for(HERE):
        draft = OfferDraft.objects.get()
        draft.words["resident_knows"] = knew
        draft.save()
    client, _ = helped(town, "look", "act")
    client.post(page(question) + "/delen", {"doe": "yes", "over": str(ground.pk)})
    offer = wearing(town.a.worker).get(f"/werk/vraag/{question.pk}/overdragen")
    assert offer.context["form"]["resident_knows"].value() is knew


# --- who looked ----------------------------------------------------------------------------------


def test_the_resident_reads_each_proxy_by_name_and_a_proxy_reads_no_other(town, question, rina):
    bo, mandate = helped(town, "look", "act")
    dora, _ = helped(town, "receive", name="Dora Bus")
    bo.get(page(question))
    dora.get("/mijn-vragen")
    for path in (page(question), page(question) + "/bestand.html", "/account/wie-keek"):
        shown = text(rina.get(path))
        assert "Bo Buur (namens jou)" in shown, path
        if path.startswith("/account"):
            assert "Dora Bus (namens jou)" in shown
    looked = bo.get(page(question)).context["dossier"].looks
    assert {one.who for one in looked} == {"jijzelf (namens iemand anders)", "een inwoner"}
    with working_for(HERE):
        Mandate.objects.filter(pk=mandate.pk).update(revoked_at=timezone.now())
    assert "Bo Buur (namens jou)" in text(rina.get("/account/wie-keek"))


def test_who_spoke_for_a_resident_who_died_reads_and_asks_nothing_more(town, question):
    client, mandate = helped(town, "look", "act")
    own = Actor(HERE, Role.PROXY, person=mandate.proxy_id, represents=town.resident.pk)
    assert question.story in text(client.get(page(question)))
    with working_for(HERE):
        resident_died(question=question, by=town.a.by, now=timezone.now())
        assert not Question.objects.visible_to(own).exists()
        with pytest.raises(NotAllowed):
            ask(municipality=town.municipality, asked=asked(town), person=town.resident, by=own,
                now=timezone.now())  # fmt: skip
    assert question.story not in text(client.get(page(question)))
    with working_for(HERE):
        resident_lives(question=question, mistake=Mistake.WRONG_NEWS, by=town.a.boss,
                       now=timezone.now())  # fmt: skip
    assert question.story in text(client.get(page(question)))


def test_a_mandate_that_a_coordinator_suspended_before_a_death_stays_so(town, question):
    client, mandate = helped(town, "look")
    with working_for(HERE):
        Mandate.objects.filter(pk=mandate.pk).update(suspended_at=timezone.now())
        resident_died(question=question, by=town.a.by, now=timezone.now())
        resident_lives(question=question, mistake=Mistake.WRONG_NEWS, by=town.a.boss,
                       now=timezone.now())  # fmt: skip
    assert question.story not in text(client.get(page(question)))


def test_a_later_mandate_of_the_same_person_shows_no_map_that_was_shared_before(town, question):
    with working_for(HERE):
        Tie.objects.create(
            municipality=town.municipality, person=town.resident, name="Piet", relation="friend",
            kinds=[], closeness=1, how_often="often", created_at=timezone.now(),
        )  # fmt: skip
        proxy = welcome_person(municipality=town.municipality, name="Dora D", by=SYSTEM)
        own = Actor(HERE, Role.PROXY, person=proxy.pk, represents=town.resident.pk)

        def mandate():
            return Mandate.objects.create(
                municipality=town.municipality, resident=town.resident, proxy=proxy, what=["look"],
                starts_on=timezone.localdate(), confirmed_at=timezone.now(),
            )  # fmt: skip

        def share():
            share_network(question=question, by=town.me, now=timezone.now(), proxy=proxy)

        first = mandate()
        share()
        assert Tie.objects.visible_to(own).exists()
        end_mandate(mandate=first, by=town.me, now=timezone.now())
        assert not Tie.objects.visible_to(own).exists()
        mandate()
        assert not Tie.objects.visible_to(own).exists() and not NetworkShare.objects.open().exists()
        share()
        assert Tie.objects.visible_to(own).exists() and NetworkShare.objects.count() == 2


@pytest.mark.parametrize("how", ["away and back", "closed and opened"])
def test_a_team_that_has_the_question_again_sees_no_map_that_was_shared_before(town, question, how):
    now = timezone.now() + timezone.timedelta(minutes=1)
    with working_for(HERE):
        share_network(question=question, by=town.me, now=now)
        if how == "away and back":
            for to in (town.b, town.a):
                consent(town, to)
                slip = an_offer(question, to, town, now=now)
                accept(handover=slip, contact_name="Wim", by=to.by, now=now)
                meet(handover=slip, met_on=timezone.localdate(now), met_by=ContactKind.PHONE,
                     resident_was_there=True, by=to.by, now=now)  # fmt: skip
                question.refresh_from_db()
        else:
            close(question=question, result=Result.SOLVED, rung_reached=Rung.SELF, is_told=True,
                  by=town.a.by, now=now)  # fmt: skip
            reopen(question=question, by=town.me, now=now)
        assert not NetworkShare.objects.reaching(town.a.by).exists()
        assert not NetworkShare.objects.open().exists()
        share_network(question=question, by=town.me, now=now)
        assert NetworkShare.objects.reaching(town.a.by).exists()
