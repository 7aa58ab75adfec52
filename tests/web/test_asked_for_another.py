"""Asking for another: what the team sees of who asked, and what who asked sees of the question."""

import html
import json

import pytest
from django.utils import timezone

from omzien.handovers.actions.answering import accept, meet
from omzien.handovers.actions.consenting import ask_resident
from omzien.handovers.actions.offering import Offer, offer
from omzien.handovers.queries.packages import package_of
from omzien.handovers.refusals import NobodyOnline
from omzien.handovers.rules.states import ContactKind
from omzien.journal.isolation import working_for
from omzien.messages.actions import tell
from omzien.messages.mails import Letter
from omzien.messages.mandates import ask_proxy
from omzien.messages.models import Message
from omzien.people.actions.grounds import Terms, give_consent
from omzien.people.actions.mandates import Proxy, suspend_mandate
from omzien.people.actions.memberships import welcome_person
from omzien.people.logs.looking import lines_about
from omzien.people.models import Mandate, Person
from omzien.people.privacy.export import everything_about
from omzien.people.rules.grounds import Category, How
from omzien.people.rules.roles import SYSTEM, Actor, Role
from omzien.questions.actions.asking import Contact, ask
from omzien.questions.actions.plans import add_goal
from omzien.questions.actions.talking import Said, say
from omzien.questions.actions.working import pick_up
from omzien.questions.models import Post, Question
from omzien.questions.rules.states import ReachBy
from omzien.web.doors import HAT
from omzien.web.handovers.forms import ASK
from tests.casework import NOW, STORY, asked
from tests.signing import account, wearing
from tests.wall.test_non_interference import plain
from tests.web.test_mine_pages import HERE, page, talk, text

pytestmark = pytest.mark.django_db
MOTHER, DAUGHTER = "Moe Der", "Do Chter"
PHONE, MAIL = "06-5550 0777", "do@meierijstad.example"


@pytest.fixture
def daughter(town):
    with working_for(HERE):
        return welcome_person(
            municipality=town.municipality, name=DAUGHTER, email=MAIL, phone=PHONE,
            account=account(MAIL), by=SYSTEM,
        )  # fmt: skip


@pytest.fixture
def question(town, daughter):
    """Her mother has no phone and no mail address; the daughter leaves both."""
    with working_for(HERE):
        return ask(
            municipality=town.municipality,
            asked=asked(
                town, contact=Contact(name=MOTHER), reach_by=ReachBy.PHONE,
                asker=Contact(name=DAUGHTER, phone=PHONE, email=MAIL),
            ),
            by=Actor(HERE, Role.RESIDENT, person=daughter.pk),
            now=timezone.now(),
        )  # fmt: skip


def shared(town, question, *categories):
    terms = Terms(
        purpose="handover", categories=[Category.CONTACT, *categories],
        starts_on=timezone.localdate(NOW), teams=[town.b.team], how=How.SPOKEN,
    )  # fmt: skip
    return give_consent(person=question.person, terms=terms, by=town.a.by)


def an_offer(town, question):
    what = Offer(asked="Kan dit?", tried="Niets", best_moment="Morgen", resident_knows=True)
    return offer(question=question, to_team=town.b.team, offer=what, by=town.a.by, now=NOW)


# --- the team --------------------------------------------------------------------------------


def test_the_team_sees_who_asked_and_how_to_reach_them(town, question, daughter):
    found = text(wearing(town.a.worker).get(f"/werk/vraag/{question.pk}"))
    assert DAUGHTER in found and PHONE in found and MAIL in found
    assert "weet de inwoner van de vraag" in found
    assert f"/werk/vraag/{question.pk}/machtigingen" in found
    for other in (town.b.worker, town.c.worker):
        answer = wearing(other).get(f"/werk/vraag/{question.pk}")
        assert answer.status_code == 404 and DAUGHTER not in text(answer)


def test_that_the_team_saw_who_asked_is_in_their_own_log_too(town, question, daughter):
    wearing(town.a.worker).get(f"/werk/vraag/{question.pk}")
    with working_for(HERE):
        for person in (daughter.pk, question.person_id):
            assert lines_about(person).filter(object_id=str(question.pk)).exists()
        assert not lines_about(town.resident.pk).filter(object_id=str(question.pk)).exists()
    assert "keek" in text(wearing(daughter).get("/account/wie-keek"))


def test_the_receiver_reaches_a_resident_without_phone_or_mail_through_who_asked(town, question):
    with working_for(HERE):
        shared(town, question)
        handover = an_offer(town, question)
        package = package_of(handover, by=town.b.by)
        assert (package.asker, package.asker_phone, package.asker_email) == (DAUGHTER, PHONE, MAIL)
    assert PHONE in text(wearing(town.b.worker).get(f"/werk/overdracht/{handover.pk}"))
    with working_for(HERE):
        Person.objects.filter(name=MOTHER).update(phone="06-5550 0999")
        package = package_of(handover, by=town.b.by)
        assert (package.asker, package.asker_phone, package.phone) == ("", "", "06-5550 0999")
        assert package_of(handover, by=town.c.by).asker == ""
        # Her mail address does not help who is to call her.
        Person.objects.filter(name=MOTHER).update(phone="", email="moe@meierijstad.example")
        package = package_of(handover, by=town.b.by)
        assert (package.asker_phone, package.email) == (PHONE, "moe@meierijstad.example")


def test_the_preview_shows_how_the_resident_is_reached(town, question):
    sent = {
        "to_team": str(town.b.team.pk), "asked": "Kan dit?", "tried": "x", "best_moment": "y",
        "ground": "heard", "how": "spoken", "doe": "preview", "version": question.version,
    }  # fmt: skip
    found = text(wearing(town.a.worker).post(f"/werk/vraag/{question.pk}/overdragen", sent))
    assert f"via {DAUGHTER}, die de vraag stelde:" in found and PHONE in found


@pytest.mark.parametrize("phone, mail", [("", ""), ("", "moe@meierijstad.example"),
                                         ("06-5550 0999", "")])  # fmt: skip
def test_whoever_a_page_shows_to_reach_the_resident_has_a_line_and_nobody_else(
    town, question, daughter, phone, mail
):
    with working_for(HERE):
        Person.objects.filter(name=MOTHER).update(phone=phone, email=mail)
        shared(town, question)
        handover = an_offer(town, question)
    b, a = wearing(town.b.worker), wearing(town.a.worker)
    sent = OFFERING | {"to_team": str(town.b.team.pk), "version": question.version}
    offering = f"/werk/vraag/{question.pk}/overdragen"
    for look in (
        lambda: b.get(f"/werk/overdracht/{handover.pk}"),
        lambda: b.post(f"/werk/overdracht/{handover.pk}", {"doe": "accept"}),  # with its faults
        lambda: a.get(offering),
        lambda: a.post(offering, sent),
        lambda: a.get(talk(question)),
    ):
        with working_for(HERE):
            before = {one: lines_about(one).count() for one in (daughter.pk, question.person_id)}
        page = text(look())
        with working_for(HERE):
            new = {one: lines_about(one).count() - before[one] for one in before}
        assert new[question.person_id] == 1
        assert bool(new[daughter.pk]) == (DAUGHTER in page), page


def test_the_preview_of_what_is_shared_leaves_a_line_about_whom_it_shows(town, question, daughter):
    """Who may act for the mother reads on her page how a team would reach her."""
    with working_for(HERE):
        Mandate.objects.create(
            municipality=town.municipality, resident=question.person, proxy=town.resident,
            what=["look", "act"], starts_on=timezone.localdate(), confirmed_at=timezone.now(),
        )  # fmt: skip
        ask_resident(
            question=question, to_team=town.b.team, categories=(Category.CONTACT,),
            words={"to_team": str(town.b.team.pk), "asked": "Kan dit?"}, by=town.a.by, now=NOW,
        )  # fmt: skip
        mandate = Mandate.objects.get()
    rina = wearing(town.resident)
    session = rina.session
    session[HAT] = f"mandate:{mandate.pk}"
    session.save()
    shown = text(rina.get(page(question) + "/delen"))
    assert f"via {DAUGHTER}" in shown and PHONE in shown
    with working_for(HERE):
        assert lines_about(daughter.pk).filter(object_id=str(question.pk)).count() == 1


OFFERING = {"asked": "Kan dit?", "tried": "x", "best_moment": "y", "ground": "heard",
            "how": "spoken", "doe": "preview"}  # fmt: skip
CONFLICT = "Bereik de inwoner niet via wie de vraag stelde."


@pytest.mark.parametrize("end", ["suspended", "ended after that", "by another name"])
def test_nobody_is_sent_to_who_is_in_conflict_with_the_resident(town, question, daughter, end):
    def pages():
        seen = [
            text(wearing(town.b.worker).get(f"/werk/overdracht/{handover.pk}")),
            text(wearing(town.a.worker).post(
                f"/werk/vraag/{question.pk}/overdragen",
                OFFERING | {"to_team": str(town.b.team.pk), "version": question.version},
            )),
            text(wearing(town.a.worker).get(talk(question))),
        ]  # fmt: skip
        return [(PHONE in one, CONFLICT in one) for one in seen]

    with working_for(HERE):
        shared(town, question)
        proxy = daughter
        if end == "by another name":
            proxy = welcome_person(municipality=town.municipality, name="Door C", email=MAIL,
                                   account=daughter.account, by=SYSTEM)  # fmt: skip
        mandate = Mandate.objects.create(
            municipality=town.municipality, resident=question.person, proxy=proxy, what=["look"],
            starts_on=timezone.localdate(), confirmed_at=timezone.now(),
        )  # fmt: skip
        handover = an_offer(town, question)
    assert pages() == [(True, False)] * 3
    with working_for(HERE):
        suspend_mandate(mandate=mandate, is_on=True, by=town.a.boss, now=timezone.now())
        if end == "ended after that":
            Mandate.objects.update(revoked_at=timezone.now())
    assert pages() == [(False, True)] * 3
    assert CONFLICT in text(wearing(town.a.worker).get(f"/werk/vraag/{question.pk}"))
    with working_for(HERE):  # and trusted again
        Mandate.objects.update(suspended_at=None, revoked_at=None)
    assert pages() == [(True, False)] * 3


# --- no mail address ----------------------------------------------------------------------------


def test_a_message_to_who_has_no_mail_address_says_so(town, question, daughter):
    wim = wearing(town.a.worker)
    found = html.unescape(text(wim.get(talk(question))))
    assert f"{MOTHER} heeft geen mailadres: bel." in found and f"via {DAUGHTER}" in found
    assert "krijgt een mail" not in found and 'name="waits"' not in found
    wim.post(talk(question), {"text": "Dag", "waits": "1"})
    with working_for(HERE):
        assert Post.objects.get().answer_by is None
    assert "We wachten op een antwoord" not in text(wim.get(talk(question)))
    with working_for(HERE):
        Person.objects.filter(name=MOTHER).update(email="moe@meierijstad.example")
    found = text(wim.get(talk(question)))
    assert "krijgt een mail" in found and 'name="waits"' in found


def test_consent_is_not_asked_online_of_who_has_no_mail_address(town, question):
    with working_for(HERE), pytest.raises(NobodyOnline):
        ask_resident(
            question=question, to_team=town.b.team, categories=(Category.CONTACT,), words={},
            by=town.a.by, now=timezone.now(),
        )  # fmt: skip
    wim, path = wearing(town.a.worker), f"/werk/vraag/{question.pk}/overdragen"
    found = text(wim.get(path))
    assert "online vragen kan niet" in found and f'value="{ASK}"' not in found
    with working_for(HERE):
        Person.objects.filter(name=MOTHER).update(email="moe@meierijstad.example")
    assert f'value="{ASK}"' in text(wim.get(path))


# --- who asked ----------------------------------------------------------------------------------


def test_who_asked_sees_how_far_it_is_and_whom_to_call(town, question, daughter):
    do = wearing(daughter)
    found = text(do.get("/mijn-vragen"))
    assert question.reference in found and "ontvangen" in found and "Team A" in found
    assert "moet de ander je machtigen" in found
    with working_for(HERE):
        pick_up(question=question, by=town.a.by, now=timezone.now())
    assert "opgepakt" in text(do.get("/mijn-vragen"))
    assert do.get(page(question)).status_code == 404
    for more in ("/plan", "/delen", "/bestand.json"):
        assert do.get(page(question) + more).status_code in (403, 404)


def test_who_asked_sees_the_same_whatever_is_said_planned_or_known(town, question, daughter):
    """Two worlds that differ in the file of the other look the same to who asked."""
    do = wearing(daughter)
    seen = [do.get(path) for path in ("/mijn-vragen", "/vandaag", page(question))]
    with working_for(HERE):
        say(question=question, said=Said(text="Zwaluwnest"), by=town.a.by, now=timezone.now())
        add_goal(question=question, words="Zwaluwnest", by=town.a.by, now=NOW, together=True)
        Question.objects.filter(pk=question.pk).update(
            story="Zwaluwnest", next_action="Zwaluwnest", topics=["debts"], best_moment="Zwaluwnest"
        )
        Person.objects.filter(name=MOTHER).update(name="Zwaluwnest", phone="06-5550 0998")
    after = [do.get(path) for path in ("/mijn-vragen", "/vandaag", page(question))]
    assert [plain(one) for one in seen] == [plain(one) for one in after]
    assert STORY not in text(seen[0]) and MOTHER not in text(seen[0])


def test_the_name_of_a_team_that_took_it_over_is_not_told(town, question, daughter):
    with working_for(HERE):
        shared(town, question)
        handover = an_offer(town, question)
        accept(handover=handover, contact_name="Wim B", by=town.b.by, now=NOW)
        meet(
            handover=handover, met_on=timezone.localdate(NOW), met_by=ContactKind.PHONE,
            resident_was_there=True, by=town.b.by, now=NOW,
        )  # fmt: skip
    found = text(wearing(daughter).get("/mijn-vragen"))
    assert "Loket" in found and "Team A" not in found and "Team B" not in found


def test_what_somebody_asked_for_another_is_not_in_their_own_file(town, question, daughter):
    me = Actor(HERE, Role.RESIDENT, person=daughter.pk)
    with working_for(HERE):
        parts = everything_about(person=daughter, by=me)
        assert [one.code for one in parts if STORY in str(one)] == []
        mother = Actor(HERE, Role.RESIDENT, person=question.person_id)
        assert STORY in str(everything_about(person=question.person, by=mother))


def test_others_and_workers_see_nothing_of_what_she_asked(town, question):
    for somebody in (town.resident, town.b.worker.person):
        assert question.reference not in text(wearing(somebody).get("/mijn-vragen"))


def test_that_she_looked_is_in_the_log_of_her_mother(town, question, daughter):
    wearing(daughter).get("/mijn-vragen")
    with working_for(HERE):
        assert lines_about(question.person_id).filter(actor=str(daughter.pk)).exists()


def test_the_mail_to_who_asked_promises_no_more(town, question):
    with working_for(HERE):
        mail = Message.objects.get(recipient=MAIL)
    assert "alleen als de ander je machtigt" in mail.body and "wie je helpt" not in mail.body


# --- the own data of who asked ------------------------------------------------------------------


def test_the_own_data_of_who_asked_has_her_mail_her_invitation_and_that_she_asked(
    town, question, daughter
):
    """Also where her address was given for her mother: what is in her own inbox she read."""
    with working_for(HERE):
        address = Person.objects.get(pk=daughter.pk).account.email
        Person.objects.filter(name=MOTHER).update(email=address)
        tell(
            municipality=town.municipality, key="post:proef", recipients=[address],
            letter=Letter("Er is een bericht", "Kijk in Omzien."),
        )  # fmt: skip
        ask_proxy(
            resident=town.resident, proxy=Proxy(name=DAUGHTER, email=address, what=("look",)),
            by=town.me, now=timezone.now(),
        )  # fmt: skip
        story = Question.objects.get(pk=question.pk).story
    client = wearing(daughter)
    found = json.loads(client.get("/account/gegevens.json").content)
    assert "Er is een bericht" in [one.get("subject") for one in found["message"]]
    assert [one["email"] for one in found["mandate-invitation"]] == [address]
    (asked,) = found["asked-for-another"]
    assert asked["reference"] == question.reference and asked["asked_at"]
    assert set(asked) == {"table", "id", "reference", "asked_at"}
    for form in ("", ".html", ".json"):
        shown = html.unescape(text(client.get(f"/account/gegevens{form}")))
        assert question.reference in shown or form == "", form
        assert story not in shown and MOTHER not in shown, form


def test_who_has_no_number_at_all_is_reached_by_the_mail_of_who_asked(town, question, daughter):
    with working_for(HERE):
        Person.objects.filter(name=DAUGHTER).update(phone="")
        Person.objects.filter(name=MOTHER).update(phone="")
        Question.objects.update(reach_by=ReachBy.MAIL)
    wim = wearing(town.a.worker)
    found = html.unescape(text(wim.get(talk(question))))
    assert f"{MOTHER} heeft geen mailadres en geen telefoon." in found
    assert f"Mail {DAUGHTER}, die de vraag stelde" in found and f"mailto:{MAIL}" in found
    said = text(wim.get(f"/werk/vraag/{question.pk}"))
    assert said.index("stelde de vraag voor") < said.index("Liefst") and said.count("Liefst") == 1
