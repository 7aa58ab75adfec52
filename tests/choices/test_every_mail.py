"""Every mail goes out in the words of the municipality, and no other one notices."""

import re
from uuid import uuid4

import pytest
from django.core import mail as outbox
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from omzien.areas.models import Municipality
from omzien.areas.queries import address_of
from omzien.choices.actions import Refused, change_settings
from omzien.choices.mails import MAILS, SECTIONS, example
from omzien.choices.table import settings
from omzien.handovers.actions.linking import link_of, token_for
from omzien.handovers.actions.offering import offer
from omzien.journal.isolation import choose as work_for
from omzien.journal.isolation import working_for
from omzien.messages.letters import write_to
from omzien.messages.mails import shipped, written
from omzien.messages.mandates import ask_proxy
from omzien.messages.models import Message
from omzien.people.actions.grounds import Terms, give_consent
from omzien.people.actions.mandates import Proxy
from omzien.people.actions.teams import form_team
from omzien.people.rules.grounds import Category
from omzien.people.rules.roles import SYSTEM, Role
from omzien.questions.actions.talking import Said, say
from tests.casework import NOW, TODAY, WHAT, a_question, consent
from tests.signing import member, wearing
from tests.web.test_signing_in import browser

pytestmark = pytest.mark.django_db
HERE = "GM1948"
START = "/beheer/instellingen"


@pytest.fixture
def manager(world):
    return wearing(member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Fien Beheer"))


@pytest.fixture
def town(world, kept_town, copied):
    work_for(HERE)
    return copied(kept_town)


def here():
    return Municipality.objects.get(pk=HERE)


def choose(**values):
    raw = {f"mail.{name}": text for name, text in values.items()}
    with working_for(HERE):
        return change_settings(municipality=here(), raw=raw, by=SYSTEM)


def own(code, body, subject="Van {gemeente}"):
    choose(**{f"{code}.subject": subject, f"{code}.body": body})
    work_for(HERE)


def mailed(prefix):
    return list(Message.objects.filter(key__startswith=prefix).order_by("recipient"))


def test_every_shipped_text_passes_its_own_checks_and_own_words_fill_their_places(world):
    letters = {code: shipped(mail, world.meierijstad) for code, mail in MAILS.items()}
    raw = {}
    for code, letter in letters.items():
        raw |= {f"{code}.subject": letter.subject, f"{code}.body": letter.body + "\n\nToedeloe!"}
    assert choose(**raw) == [f"mail.{code}.body" for code in MAILS]
    for code, mail in MAILS.items():
        filled = written(MAILS, code, here(), dict.fromkeys(mail.places, "Z"))
        assert "{" not in filled.subject + filled.body and "Toedeloe!" in filled.body, code
        shown = example(code, letters[code].subject, letters[code].body, here())
        assert "{" not in shown.subject + shown.body, code
        assert "Toedeloe" not in written(MAILS, code, world.maashorst, {}).body


@pytest.mark.parametrize("code", [code for code, mail in MAILS.items() if mail.is_way_in])
def test_a_mail_that_lets_in_has_no_other_address_and_a_quiet_subject(world, code):
    needed = " ".join(f"{{{name}}}" for name in MAILS[code].needed)
    for name, text in (
        (f"{code}.body", f"{needed} Of kijk op kwaad.nl"),
        (f"{code}.body", f"{needed} {{naam}}"),
        (f"{code}.body", "Zonder iets"),
        (f"{code}.subject", next(f"{{{one}}}" for one in MAILS[code].needed)),
        (f"{code}.subject", "Kijk op kwaad.nl"),
    ):
        with pytest.raises(Refused):
            choose(**{name: text})
    assert settings()[f"mail.{code}.subject"].limits.places == ("gemeente",)


def test_a_notice_without_its_link_or_number_is_refused(world):
    for code, text in (
        ("crisis", "Kijk in Omzien"),
        ("phone-tree", "Kijk in Omzien: {link}"),
        ("asked", "Kijk in Omzien: {link}"),
        ("conversation-reply", "{link} {naam}"),
        ("conversation-reply", "{link} {vraag}"),
        ("signal-picked-up", "Dank je wel! {link}"),
    ):
        with pytest.raises(Refused):
            choose(**{f"{code}.body": text})
    assert choose(**{"signal-picked-up.body": "Dank je wel, namens {gemeente}."})


def test_a_handover_is_offered_in_own_words_also_to_a_team_without_accounts(town):
    own("team-offered", "Zeg eens ja: {link}")
    club = form_team(municipality=here(), name="Club", email="club@voorbeeld.example", by=SYSTEM)
    consent(town, town.b)
    offer(question=a_question(town), to_team=town.b.team, offer=WHAT, by=town.a.by, now=NOW)
    terms = Terms(purpose="handover", categories=[Category.CONTACT], starts_on=TODAY, teams=[club])
    give_consent(person=town.resident, terms=terms, by=town.me)
    row = offer(question=a_question(town), to_team=club, offer=WHAT, by=town.a.by, now=NOW)
    found = mailed("handover:")
    assert {one.subject for one in found} == {"Van Meierijstad"}
    assert all(one.body.startswith("Zeg eens ja: http://") for one in found)
    (to_club,) = [one for one in found if one.recipient == "club@voorbeeld.example"]
    assert reverse("handover-link", args=[token_for(link_of(row))]) in to_club.body


def test_the_code_of_a_handover_goes_out_in_own_words_and_not_in_the_subject(town):
    own("handover-code", "Typ over: {code}")
    club = form_team(municipality=here(), name="Club", email="club@voorbeeld.example", by=SYSTEM)
    terms = Terms(purpose="handover", categories=[Category.CONTACT], starts_on=TODAY, teams=[club])
    give_consent(person=town.resident, terms=terms, by=town.me)
    row = offer(question=a_question(town), to_team=club, offer=WHAT, by=town.a.by, now=NOW)
    path = reverse("handover-link", args=[token_for(link_of(row))])
    browser().post(path, {"doe": "code"})
    sent = outbox.outbox[-1]
    assert re.fullmatch(r"Typ over: \d{6}\n", sent.body) and sent.subject == "Van Meierijstad"


def test_the_receipt_is_in_own_words_but_who_asked_in_english_reads_english(town):
    own("asked", "Binnen: {nummer} {link}")
    dutch, english = a_question(town), a_question(town, language="en")
    (one,) = mailed(f"asked:{dutch.pk}")
    assert one.body.startswith(f"Binnen: {dutch.reference} http://")
    (other,) = mailed(f"asked:{english.pk}")
    assert other.subject == "We have received your question"
    assert f"The number of the question is {english.reference}." in other.body


def test_a_message_and_an_invitation_to_speak_for_somebody_are_in_own_words(town):
    own("conversation-reply", "Post! {link}")
    own("proxy-asked", "Kijk mee: {link}")
    question = a_question(town)
    said = Said(text="Hoe gaat het?", key=uuid4())
    say(question=question, said=said, by=town.a.by, now=NOW)
    (one,) = mailed("conversation:")
    assert one.body.startswith("Post! http://") and "Hoe gaat het" not in one.body
    proxy = Proxy(name="Zus Roos", email="zus@voorbeeld.example", what=["look"])
    ask_proxy(resident=town.resident, proxy=proxy, by=town.me, now=NOW)
    assert [one.body for one in mailed("mandate:")] == [
        f"Kijk mee: {address_of(town.municipality)}{reverse('mandates')}\n"
    ]


def test_many_recipients_cost_one_statement(town):
    def queries(count, key):
        them = [f"n{n}@voorbeeld.example" for n in range(count)]
        with CaptureQueriesContext(connection) as seen:
            write_to(them, MAILS, "crisis", municipality=town.municipality, key=key, path="/x")
        return len(seen)

    queries(1, "warm")
    assert queries(1, "a") == queries(50, "b") == 1
    assert Message.objects.filter(key="b").count() == 50


def test_the_start_page_folds_the_mails_by_what_they_are_about(manager):
    choose(**{"team-offered.body": "Zeg eens ja: {link}"})
    page = manager.get(START).content.decode()
    folds = re.findall(r"<details>(.*?)</details>", page, re.DOTALL)
    assert len(folds) == len(SECTIONS)
    for fold, mails in zip(folds, SECTIONS.values(), strict=True):
        summary, links = fold.split("</summary>")
        assert f"{len(mails)} mails" in summary
        assert re.findall(r"/instellingen/mail-([\w-]+)", links) == list(mails)
        assert ("1 keuze van de gemeente" in summary) == ("team-offered" in mails)


def test_the_page_of_a_notice_shows_its_places_and_a_preview(manager):
    path = f"{START}/mail-phone-tree"
    page = manager.get(path).content.decode()
    assert "{telefoons}" in page and "het nummer om nu te bellen" in page
    wanted = {"mail.phone-tree.subject": "Bel!", "mail.phone-tree.body": "{telefoons} {link}"}
    shown = manager.post(path, wanted | {"preview": "1"}).content.decode()
    assert "0413-555 000 https://voorbeeld.example/" in shown and here().settings == {}
    assert manager.post(path, wanted).status_code == 302
    assert here().settings["mail.phone-tree.subject"] == "Bel!"
    assert manager.post(f"{path}/terug").status_code == 302 and here().settings == {}
