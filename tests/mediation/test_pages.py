"""Neighbour mediation as pages: each sees the own file, and nobody that of the other."""

import html
import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from omzien.mediation.actions.agreeing import write_agreement
from omzien.mediation.actions.deciding import ease, refuse
from omzien.mediation.actions.mediators import ask_mediators
from omzien.mediation.actions.talks import plan_talk
from omzien.mediation.models import Case, Mediator, Party, Seat, Talk
from omzien.mediation.rules.states import Outcome, Side, State
from omzien.messages.models import Message
from omzien.messages.rights import may_still_go
from omzien.people.logs.models import AccessLine, ProcessingLine
from tests.casework import NOW, a_question
from tests.mediation.world import OTHERS_MAIL, WORDS, a_case, party, up_to
from tests.signing import account, wearing

pytestmark = pytest.mark.django_db
HOST = "meierijstad.localhost"
FORM = {
    "subject": "noise", "words": WORDS, "name": "Nina Nacht", "phone": "06-5550 0009",
    "email": "nina@voorbeeld.example", "street": "Lindelaan 9", "postcode": "5481 AB",
    "other_name": "Otto Okker", "other_street": "Lindelaan 6", "other_postcode": "",
}  # fmt: skip
DANGER = "Hij slaat mij en hij bedreigt me met een mes."


def text(answer):
    """Return a page as a reader gets it."""
    plain = html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
    return " ".join(plain.split())


@pytest.fixture
def visitor():
    return Client(HTTP_HOST=HOST)


@pytest.fixture
def boss(here):
    return wearing(here.coordinator)


def sent(here, **more):
    return FORM | {"village": str(here.town.village.pk), "key": str(uuid4())} | more


# Reporting


def test_a_resident_reports_and_hears_what_comes_next(here, visitor, inside):
    assert "Gedoe met je buren?" in text(visitor.get("/"))
    assert "Gedoe met je buren?" in text(visitor.get("/buurtbemiddeling"))
    done = visitor.post("/buurtbemiddeling", sent(here), follow=True)
    inside()
    case = Case.objects.get()
    assert case.reference in text(done)
    assert "Binnen 5 werkdagen spreekt iemand van buurtbemiddeling je" in text(done)
    told = set(Message.objects.values_list("recipient", flat=True))
    assert told == {"nina@voorbeeld.example", "cor.m@meierijstad.example"}


def test_the_same_form_twice_is_one_case(here, visitor, inside):
    form = sent(here)
    for _ in range(2):
        visitor.post("/buurtbemiddeling", form)
    inside()
    assert Case.objects.count() == 1


def test_what_is_missing_is_said_and_nothing_is_lost(here, visitor, inside):
    answer = visitor.post("/buurtbemiddeling", sent(here, phone="", email="", other_street=""))
    inside()
    assert answer.status_code == 400
    assert "Vul een telefoonnummer of een mailadres in." in text(answer)
    assert "Vul in waar de andere buur woont." in text(answer)
    assert WORDS in text(answer)
    assert not Case.objects.exists()


def test_danger_comes_before_the_form(here, visitor, inside):
    form = sent(here, words=DANGER)
    screen = visitor.post("/buurtbemiddeling", form)
    inside()
    assert not Case.objects.exists()
    assert "112" in text(screen)
    assert "Bij geweld of dreiging past bemiddeling niet" in text(screen)
    calm = re.search(r'name="is_calm" value="([^"]+)"', screen.content.decode())[1]
    back = visitor.post("/buurtbemiddeling", form | {"is_calm": calm, "terug": "1"})
    assert DANGER in text(back)
    visitor.post("/buurtbemiddeling", form | {"is_calm": calm})
    inside()
    assert party(Case.objects.get(), Side.FIRST).in_danger
    case_page = text(wearing(here.coordinator).get(reverse("mediation", args=[_only().pk])))
    assert "woorden over geweld of dreiging" in case_page


def _only():
    from omzien.journal.isolation import choose

    choose("GM1948")
    return Case.objects.get()


def test_without_a_team_nothing_is_there(here, visitor, boss, set_off):
    set_off()
    for path in ("/buurtbemiddeling", "/buurtbemiddeling/verstuurd"):
        assert visitor.get(path).status_code == 404
    assert "Gedoe met je buren?" not in text(visitor.get("/"))
    for client in (boss, wearing(here.town.a.coordinator)):
        assert client.get("/werk/bemiddeling").status_code == 404
    assert wearing(here.town.a.worker).get("/werk/bemiddeling/verwijzen").status_code == 404
    assert wearing(here.volunteers["Eva Eik"]).get("/bemiddelen").status_code == 404


@pytest.fixture
def set_off(here, inside):
    from omzien.areas.queries import forget

    def off():
        inside()
        here.town.municipality.settings["use_mediation"] = False
        here.town.municipality.save()
        forget()

    return off


# Each the own file


def own_pages(client, file):
    """Return all that a neighbour can open about their case: pages, data, exports, calendar."""
    paths = [
        reverse("my-mediation", args=[file.pk]),
        reverse("my-mediations"),
        reverse("my-mediation-talk", args=[file.pk]),
        "/vandaag",
        "/account/gegevens",
        "/account/gegevens/afdruk",
        reverse("own-file", args=["json"]),
        reverse("own-file", args=["html"]),
        "/account/wie-keek",
    ]
    return {path: client.get(path, follow=True).content.decode() for path in paths}


def test_no_neighbour_ever_sees_the_file_of_the_other(here, inside):
    case = up_to(here, State.AGREEING)
    write_agreement(case=case, words="Na elf uur stil.", by=here.boss, now=NOW)
    account(OTHERS_MAIL)
    files = {side: party(case, side) for side in Side}
    files[Side.SECOND].person.account = account(OTHERS_MAIL)
    files[Side.SECOND].person.save()
    secrets = {
        Side.FIRST: ("Rina Roos", "Lindelaan 4", "06-5550 0001", "rina@", "Zeker gezegd"),
        Side.SECOND: ("Otto Okker", "Lindelaan 6", "06-5550 0002", "otto@"),
    }
    Party.objects.filter(pk=files[Side.FIRST].pk).update(
        advice="Zeker gezegd", words="Zeker gezegd"
    )
    for side, other in ((Side.FIRST, Side.SECOND), (Side.SECOND, Side.FIRST)):
        client = wearing(files[side].person)
        seen = own_pages(client, files[side])
        own = "".join(seen.values())
        assert secrets[side][1] in own  # the control: the own one is there
        for path, page in seen.items():
            for secret in secrets[other]:
                assert secret not in html.unescape(page), (side, path, secret)
        theirs = reverse("my-mediation", args=[files[other].pk])
        assert client.get(theirs).status_code == 404
        assert client.post(theirs, {"doe": "stop"}).status_code == 404
        assert client.get(reverse("my-mediation-talk", args=[files[other].pk])).status_code == 404
        assert client.get(reverse("mediation", args=[case.pk])).status_code == 403
        inside()


def test_what_one_writes_changes_no_page_of_the_other(here, inside):
    case = up_to(here, State.SECOND_TALK)
    second = party(case, Side.SECOND)
    second.person.account = account(OTHERS_MAIL)
    second.person.save()
    client = wearing(second.person)

    def plain():
        return [
            re.sub(r'(csrfmiddlewaretoken" value=|nonce=)"[^"]+"|\d\d[.:]\d\d', "", page)
            for page in own_pages(client, second).values()
        ][:4]

    before = plain()
    inside()
    Party.objects.filter(case=case, side=Side.FIRST).update(
        words="Zwaluwnest", advice="Zwaluwnest", name="Zwaluwnest", phone="06-9", street="Ander 1"
    )
    assert plain() == before


def test_the_other_neighbour_reads_where_the_name_came_from(here):
    case = up_to(here, State.SECOND_TALK)
    second = party(case, Side.SECOND)
    second.person.account = account(OTHERS_MAIL)
    second.person.save()
    page = text(wearing(second.person).get(reverse("my-mediation", args=[second.pk])))
    assert "Je naam en adres kregen we van een buur die om bemiddeling vroeg." in page


def test_a_neighbour_says_yes_and_stops(here, inside):
    case = up_to(here, State.AGREEING)
    write_agreement(case=case, words="Na elf uur stil.", by=here.boss, now=NOW)
    first, path = party(case, Side.FIRST), ""
    client = wearing(first.person)
    path = reverse("my-mediation", args=[first.pk])
    assert "Na elf uur stil." in text(client.get(path))
    inside()
    case.refresh_from_db()
    old = {"doe": "yes", "yes-version": case.version - 1}
    assert client.post(path, old).status_code == 409
    inside()
    client.post(path, {"doe": "yes", "yes-version": case.version})
    inside()
    assert Case.objects.get(pk=case.pk).agreement.first_yes_at
    case.refresh_from_db()
    client.post(path, {"doe": "stop", "stop-version": case.version})
    inside()
    case.refresh_from_db()
    assert case.outcome == Outcome.STOPPED
    assert "Een buur is gestopt" in text(client.get(path))


# The coordinator


def test_the_coordinator_takes_a_case_to_two_mediators(here, boss, inside):
    case = a_case(here, now=timezone.now())
    path = reverse("mediation", args=[case.pk])
    page = text(boss.get(path))
    assert WORDS in page and "Otto Okker" in page
    inside()
    today = timezone.localdate().strftime("%d-%m-%Y")
    boss.post(path, {"doe": "suit", "suit-version": case.version, "suit-met_on": today})
    inside()
    case.refresh_from_db()
    assert case.state == State.CHOOSING
    page = text(boss.get(path))
    inside()
    assert WORDS not in page
    assert "Bas Buur" in page and "woont in dezelfde straat als een van de buren" in page
    bas = str(here.volunteers["Bas Buur"].pk)
    refused = boss.post(path, {"doe": "ask", "version": case.version, "wie": bas})
    assert refused.status_code == 400
    assert "kan hier niet bemiddelen" in text(refused)
    inside()
    both = [str(here.volunteers[one].pk) for one in ("Eva Eik", "Lea Laan")]
    boss.post(path, {"doe": "ask", "version": case.version, "wie": both})
    inside()
    assert Seat.objects.open().filter(case=case).count() == 2
    stale = boss.post(path, {"doe": "ease", "ease-version": case.version})
    assert stale.status_code == 409


def test_every_page_of_a_case_in_every_state_opens(here, boss, inside):
    for state in (one for one in State if one not in (State.CLOSED, State.COACHING)):
        case = up_to(here, state)
        assert boss.get(reverse("mediation", args=[case.pk])).status_code == 200, state
        inside()
        seat = Seat.objects.open().filter(case=case).select_related("membership").first()
        if seat:
            client = wearing(seat.membership)
            assert client.get(reverse("mediating", args=[seat.pk])).status_code == 200, state
            inside()
        first = party(case, Side.FIRST)
        page = wearing(first.person).get(reverse("my-mediation", args=[first.pk]))
        assert page.status_code == 200, state
        inside()
        ease(case=case, by=here.boss, now=NOW)
    assert boss.get("/werk/bemiddeling").status_code == 200


def test_another_coordinator_sees_nothing(here):
    case = a_case(here)
    other = wearing(here.town.a.coordinator)
    assert other.get("/werk/bemiddeling").status_code == 404
    assert other.get("/werk/bemiddelaars").status_code == 404
    assert other.get(reverse("mediation", args=[case.pk])).status_code == 404


def test_the_coordinator_keeps_where_a_mediator_lives(here, boss, inside):
    key = str(here.volunteers["Lea Laan"].pk)
    form = {"wie": key, f"{key}-street": "Nieuwstraat", f"{key}-postcode": "5466 ZZ"}
    assert boss.post("/werk/bemiddelaars", form).status_code == 302
    inside()
    assert Mediator.objects.get(membership=key).street == "Nieuwstraat"
    bad = boss.post("/werk/bemiddelaars", form | {f"{key}-postcode": "ergens"})
    assert bad.status_code == 400
    inside()
    someone = str(here.town.a.worker.pk)
    assert boss.post("/werk/bemiddelaars", form | {"wie": someone}).status_code == 404


def test_reading_a_case_leaves_a_line_about_both(here, boss, inside):
    case = up_to(here, State.SECOND_TALK)
    boss.get(reverse("mediation", args=[case.pk]))
    inside()
    line = AccessLine.objects.filter(object_kind="mediation", object_id=str(case.pk)).last()
    assert line.purpose == "mediation"
    lines = ProcessingLine.objects.filter(access_operation_id=line.operation_id)
    told = set(lines.values_list("data_subject_id", flat=True)) - {None}
    assert len(told) == 2  # of each a line of their own, without who it is


# A mediator


def test_a_mediator_sees_whom_first_and_how_to_reach_them_after_a_yes(here, inside):
    case = up_to(here, State.CHOOSING)
    eva = here.volunteers["Eva Eik"]
    seat = ask_mediators(case=case, memberships=[eva.pk], by=here.boss, now=NOW)[0]
    client, path = wearing(eva), reverse("mediating", args=[seat.pk])
    page = text(client.get(path))
    assert "Rina Roos" in page and "Otto Okker" in page
    assert "06-5550 0001" not in page
    inside()
    case.refresh_from_db()
    without = client.post(path, {"doe": "accept", "accept-version": case.version})
    assert without.status_code == 400
    inside()
    form = {"doe": "accept", "accept-version": case.version, "accept-knows_nobody": "on"}
    assert client.post(path, form).status_code == 302
    assert "06-5550 0001" in text(client.get(path))
    inside()
    case.refresh_from_db()
    form = {"doe": "say-no", "say-no-version": case.version, "say-no-reason": "knows"}
    assert client.post(path, form)["Location"] == "/bemiddelen"
    assert client.get(path).status_code == 404


def test_a_mediator_signs_in_with_a_second_step(here, inside):
    case = up_to(here, State.CHOOSING)
    eva = here.volunteers["Eva Eik"]
    seat = ask_mediators(case=case, memberships=[eva.pk], by=here.boss, now=NOW)[0]
    client = wearing(eva, strong=False)
    assert "1 keer gevraagd" in text(client.get("/vandaag"))
    for name, keys in (("mediations", []), ("mediating", [seat.pk]), ("mediator-talk", [seat.pk])):
        assert client.get(reverse(name, args=keys))["Location"] == "/account"
    page = text(client.get(reverse("mediating", args=[seat.pk]), follow=True))
    assert "Meld je daarvoor aan met een passkey" in page and "Rina Roos" not in page
    form = {"doe": "accept", "accept-version": case.version, "accept-knows_nobody": "on"}
    assert client.post(reverse("mediating", args=[seat.pk]), form)["Location"] == "/account"
    inside()
    seat.refresh_from_db()
    assert seat.state == "asked"


def test_a_mediator_sees_nothing_any_more_when_it_is_over(here, inside):
    case = up_to(here, State.JOINT)
    seat = Seat.objects.open().filter(case=case).select_related("membership").first()
    client = wearing(seat.membership)
    assert client.get(reverse("mediating", args=[seat.pk])).status_code == 200
    inside()
    ease(case=case, by=here.boss, now=NOW)
    assert client.get(reverse("mediating", args=[seat.pk])).status_code == 404
    assert "Otto Okker" not in text(client.get("/bemiddelen"))


def test_a_mediator_never_reads_what_was_written(here, inside):
    case = up_to(here, State.FIRST_TALK)
    Party.objects.filter(case=case, side=Side.FIRST).update(words="Zwaluwnest", advice="Zwaluwnest")
    seat = Seat.objects.open().filter(case=case).select_related("membership").first()
    page = wearing(seat.membership).get(reverse("mediating", args=[seat.pk]))
    assert "Zwaluwnest" not in text(page)


# Calendars


def test_a_calendar_holds_when_and_where_and_no_name(here, boss, inside):
    now = timezone.now()
    case = up_to(here, State.JOINT, now=now)
    talk = plan_talk(
        case=case, starts_at=now + timedelta(days=2), place="Het buurthuis", by=here.boss, now=now
    )
    first = party(case, Side.FIRST)
    seat = Seat.objects.open().filter(case=case).select_related("membership").first()
    mine, mediator = wearing(first.person), wearing(seat.membership)
    found = {
        boss.get(reverse("mediation-talk", args=[case.pk])).content,
        mine.get(reverse("my-mediation-talk", args=[first.pk])).content,
        mediator.get(reverse("mediator-talk", args=[seat.pk])).content,
    }
    assert len(found) == 1
    file = found.pop().decode()
    assert f"DTSTART:{talk.starts_at:%Y%m%dT%H%M%SZ}" in file
    assert "SUMMARY:Gesprek\r\n" in file and "LOCATION:Het buurthuis\r\n" in file
    for secret in ("Roos", "Okker", "buren", "bemidd", "Eva", "Lindelaan"):
        assert secret not in file
    inside()
    Talk.objects.filter(pk=talk.pk).update(cancelled_at=now)
    assert boss.get(reverse("mediation-talk", args=[case.pk])).status_code == 404


# Who refers


def test_who_refers_reads_the_class_and_no_name(here, inside):
    worker = wearing(here.town.a.worker)
    assert worker.get("/buurtbemiddeling")["Location"] == "/werk/bemiddeling/verwijzen"
    done = worker.post("/werk/bemiddeling/verwijzen", sent(here), follow=True)
    inside()
    case = Case.objects.get()
    assert case.from_team == here.town.a.team
    assert case.reference in text(done)
    ease(case=case, by=here.boss, now=NOW)
    for client in (worker, wearing(here.town.a.coordinator)):
        page = text(client.get("/werk/bemiddeling/verwezen"))
        inside()
        assert "Het is opgelost zonder bemiddeling" in page
        for secret in ("Nina", "Okker", "Lindelaan", "Geluid"):
            assert secret not in page
    told = Message.objects.filter(code="referrer-ended").values_list("recipient", flat=True)
    assert "wim.a@meierijstad.example" in set(told)


def test_a_team_refers_from_a_question_and_only_from_its_own(here, inside):
    question = a_question(here.town)
    worker, path = wearing(here.town.a.worker), "/werk/bemiddeling/verwijzen"
    along = worker.get(reverse("along", args=[question.pk])).content.decode()
    assert f"{path}?vraag={question.pk}" in along
    form = worker.get(path, {"vraag": str(question.pk)})
    assert "Rina Roos" in form.content.decode()
    assert question.story not in form.content.decode()
    worker.post(path, sent(here, vraag=str(question.pk)))
    inside()
    assert Case.objects.get().question == question
    again = worker.post(path, sent(here, vraag=str(question.pk)))
    assert again.status_code == 400
    assert "Voor deze vraag loopt al buurtbemiddeling." in text(again)
    other = wearing(here.town.b.worker)
    assert other.get(path, {"vraag": str(question.pk)}).status_code == 404


# Mails


def test_a_mail_goes_only_to_who_may_still_hear_it(here):
    case = up_to(here, State.SECOND_TALK)
    mails = {one.code: one for one in Message.objects.filter(key__contains="neighbour")}
    joined = mails["neighbour-joined"]
    assert may_still_go(joined)
    asked = Message.objects.filter(code="mediator-asked").first()
    assert may_still_go(asked)
    refuse(case=case, by=here.boss, now=NOW)
    assert not may_still_go(joined)
    ease(case=case, by=here.boss, now=NOW)
    assert not may_still_go(asked)
    assert may_still_go(Message.objects.filter(code="mediator-done").first())


# Data of one person


def test_a_neighbour_downloads_the_own_file_and_that_of_nobody_else(here, inside):
    case = up_to(here, State.JOINT)
    second = party(case, Side.SECOND)
    second.person.account = account(OTHERS_MAIL)
    second.person.save()
    answer = wearing(second.person).get(reverse("own-file", args=["json"]))
    found = json.loads(b"".join(answer) if answer.streaming else answer.content)
    shown = json.dumps(found, ensure_ascii=False)
    assert "Lindelaan 6" in shown
    for secret in ("Rina", "Lindelaan 4", case.reference):
        assert secret not in shown


def test_who_asks_to_be_erased_reads_that_the_neighbour_keeps_what_both_agreed(here, inside):
    kept = "Die houdt de afspraken, zonder jouw naam"
    up_to(here, State.AGREEING)
    me = wearing(here.town.resident)
    assert kept not in text(me.get(reverse("own-data")))
    inside()
    write_agreement(case=Case.objects.get(), words="Stil.", by=here.boss, now=NOW)
    assert kept in text(me.get(reverse("own-data")))
