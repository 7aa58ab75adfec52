"""From mail to page: owners without an account, editors with one, and what strangers cannot."""

import logging
import re
import time
from datetime import date, timedelta
from datetime import time as dtime
from html import unescape

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from omzien.config.logs import without_links
from omzien.directory.actions.edits import propose_edit, say_stopped, tell_overdue_edits
from omzien.directory.actions.entries import withdraw
from omzien.directory.actions.freshness import NotPublic
from omzien.directory.actions.links import CHANGE, CONFIRM, STOP, WORKS_FOR, token_for
from omzien.directory.actions.parts import set_places
from omzien.directory.actions.reports import report_wrong
from omzien.directory.exporting.sheets import entry_row
from omzien.directory.models import Edit, Place, Provider, Schedule, Service, ServicePlace
from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.messages.models import Message
from omzien.people.actions.starting import PasswordTooShort, start_with
from omzien.people.models import Membership
from omzien.people.rules.roles import Role
from tests.signing import member, wearing

pytestmark = pytest.mark.django_db
EDITORS = "redactie@voorbeeld.example"
HOST, ELSEWHERE = "meierijstad.localhost", "maashorst.localhost"
LONG_AGO = date(2025, 1, 1)
PASSWORD = "een lang wachtwoord"


@pytest.fixture
def stale(world):
    """The desk for money, long unchecked; the world around it."""
    with working_for("GM1948"):
        Service.objects.filter(pk=world.geldzaken.pk).update(
            checked_on=LONG_AGO, contacts_checked_on=LONG_AGO
        )
        return Service.objects.get(pk=world.geldzaken.pk)


@pytest.fixture
def owner():
    return Client(HTTP_HOST=HOST)


@pytest.fixture
def editor(world):
    start_with(
        municipality=world.meierijstad, email="Redactie@voorbeeld.example", name="Riet",
        password=PASSWORD, role=Role.CHIEF_EDITOR,
    )  # fmt: skip
    with working_for("GM1948"):
        return wearing(Membership.objects.select_related("person__account").get())


def fresh(service):
    with working_for("GM1948"):
        return Service.objects.get(pk=service.pk)


def facts(verb):
    with working_for("GM1948"):
        return Fact.objects.filter(verb=verb).count()


def mails(recipient="eigenaar@voorbeeld.example"):
    with working_for("GM1948"):
        return list(Message.objects.filter(recipient=recipient).order_by("created_at"))


def confirm_page(service):
    return f"/bevestig/{token_for(service, CONFIRM)}"


def change_page(service):
    return f"/wijzig/{token_for(service, CHANGE)}"


def form_of(service, **changes):
    return {
        "title": service.title,
        "description": service.description,
        "phones": "0413-555 101",
        **changes,
    }


def expire(monkeypatch):
    now = time.time() + WORKS_FOR.total_seconds() + 60
    monkeypatch.setattr(signing.time, "time", lambda: now)


# Confirming


def test_an_owner_confirms_with_one_button(owner, stale):
    page = owner.get(confirm_page(stale)).content.decode()
    assert "0413-555 101" in page and "Ja, alles klopt nog" in page
    assert fresh(stale).checked_on == LONG_AGO  # looking changed nothing
    assert owner.post(confirm_page(stale)).status_code == 302
    assert fresh(stale).checked_on == timezone.localdate()
    assert "Dank je wel" in owner.get(confirm_page(stale)).content.decode()


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_mail_scanner_that_follows_links_changes_nothing(owner, stale, method):
    for page in (confirm_page(stale), change_page(stale)):
        assert getattr(owner, method)(page).status_code == 200
    assert fresh(stale).checked_on == LONG_AGO
    assert facts("confirm") == facts("propose") == 0


def test_confirming_without_the_forms_own_token_is_refused(stale):
    strict = Client(HTTP_HOST=HOST, enforce_csrf_checks=True)
    assert strict.post(confirm_page(stale)).status_code == 403
    assert fresh(stale).checked_on == LONG_AGO


def test_confirming_twice_is_one_fact(owner, stale):
    for _ in range(2):
        owner.post(confirm_page(stale))
    assert facts("confirm") == 1


def test_an_expired_link_explains_and_mails_a_new_one_to_the_owner_only(owner, stale, monkeypatch):
    page = confirm_page(stale)
    expire(monkeypatch)
    answer = owner.get(page)
    assert answer.status_code == 410 and "60 dagen" in answer.content.decode()
    assert owner.post(page).status_code == 410
    assert fresh(stale).checked_on == LONG_AGO
    for _ in range(2):
        assert "Kijk in je mail" in owner.post(f"{page}/nieuw").content.decode()
    (mail,) = mails()
    link = re.search(r"http://meierijstad\.localhost:8000(/bevestig/\S+)", mail.body)[1]
    assert owner.get(link).status_code == 200


def test_asking_for_many_new_links_is_stopped(owner, stale):
    page = f"{confirm_page(stale)}/nieuw"
    assert [owner.post(page).status_code for _ in range(7)][-1] == 429


@pytest.mark.parametrize("page", ["/bevestig/", "/wijzig/"])
@pytest.mark.parametrize(
    "token", ["x", "a:b:c", "GM1948.0.0:1:x", "%00", "’; DROP TABLE x", "<script>", "x" * 3000]
)
def test_a_made_up_link_is_refused(owner, stale, page, token):
    for path in (page + token, f"{page}{token}/nieuw"):
        assert owner.post(path).status_code == 404
    assert owner.get(page + token).status_code in (404, 410)


def test_a_link_works_for_its_own_purpose_entry_and_municipality_only(owner, stale, world):
    confirm, change = token_for(stale, CONFIRM), token_for(stale, CHANGE)
    assert owner.get(f"/wijzig/{confirm}").status_code == 404
    assert owner.get(f"/bevestig/{change}").status_code == 404
    other = token_for(world.huiskamer, CONFIRM)
    forged = confirm.replace(stale.pk.hex, world.huiskamer.pk.hex)
    assert owner.post(f"/bevestig/{forged}").status_code == 404
    owner.post(f"/bevestig/{other}")
    assert fresh(stale).checked_on == LONG_AGO
    elsewhere = Client(HTTP_HOST=ELSEWHERE)
    assert elsewhere.get(f"/bevestig/{confirm}").status_code == 404
    assert elsewhere.post(f"/bevestig/{confirm}").status_code == 404
    assert fresh(stale).checked_on == LONG_AGO


def test_a_former_owners_link_works_no_more(owner, stale):
    page = confirm_page(stale)
    with working_for("GM1948"):
        Service.objects.filter(pk=stale.pk).update(owner_email="nieuw@voorbeeld.example")
    assert owner.post(page).status_code == 410
    owner.post(f"{page}/nieuw")
    assert mails() == [] and len(mails("nieuw@voorbeeld.example")) == 1


def test_the_page_of_a_link_is_not_kept_or_found_or_rated(owner, stale):
    answer = owner.get(confirm_page(stale))
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert 'name="page"' not in answer.content.decode()


def test_a_log_never_holds_a_link_that_works(stale):
    path = confirm_page(stale)
    record = logging.makeLogRecord({"msg": "Not Found: %s", "args": (path,)})
    assert without_links(record)
    assert record.getMessage() == "Not Found: /bevestig/…"


# Changing


def test_an_owner_changes_something_and_the_public_page_waits(owner, stale, editor):
    done = owner.post(change_page(stale), form_of(stale, cost="€ 2", phones="0413-555 777, ma-vr"))
    assert done.status_code == 302
    assert "€ 2" not in owner.get("/aanbod/loket-geldzaken").content.decode()
    assert "wacht op de redactie" in owner.get(change_page(stale)).content.decode()
    queue = editor.get("/redactie").content.decode()
    assert "€ 2" in queue and "0413-555 777 (ma-vr)" in queue and "0413-555 101" in queue
    with working_for("GM1948"):
        edit = Edit.objects.get()
    assert editor.post(f"/redactie/wijziging/{edit.pk}/goed").status_code == 302
    page = owner.get("/aanbod/loket-geldzaken").content.decode()
    assert "€ 2" in page and "0413-555 777" in page and "0413-555 101" not in page
    assert "staat op de site" in mails()[-1].subject
    again = editor.post(f"/redactie/wijziging/{edit.pk}/goed", follow=True)
    assert "al behandeld" in again.content.decode()


@pytest.mark.parametrize(
    "field,value,said",
    [
        ("title", "", "Vul de naam in"),
        ("title", "x" * 201, "te lang: 201 tekens"),
        ("description", "   ", "Vertel wat het is"),
        ("phones", "0413-555 101\nbel Piet", "regel 2"),
        ("phones", "12", "is geen nummer"),
        ("email", "geen adres", "is geen mailadres"),
        ("website", "javascript:alert(1)", "geen adres van een website"),
        ("website", "ftp://voorbeeld.example", "geen adres van een website"),
        ("cost", "x" * 300, "300 tekens"),
    ],
)
def test_bad_input_is_explained_and_what_was_typed_stays(owner, stale, field, value, said):
    answer = owner.post(change_page(stale), form_of(stale, waiting="drie weken", **{field: value}))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page and 'href="#id_' in page and "drie weken" in page
    assert page.split("<title>")[1].startswith("Fout:")
    assert facts("propose") == 0


@pytest.mark.parametrize("text", ["\x00null", "‮om", "🙂" * 50, "%s {0} %d", "' OR 1=1 --"])
def test_odd_text_breaks_nothing(owner, stale, text):
    answer = owner.post(change_page(stale), form_of(stale, waiting=text, cost=text))
    assert answer.status_code in (302, 400)
    assert owner.get(change_page(stale)).status_code == 200


def test_html_in_an_edit_is_shown_as_text_to_editors_and_visitors(owner, stale, editor):
    text = "<script>alert(1)</script><b>vet</b>"
    owner.post(change_page(stale), form_of(stale, description=text, title=text, cost=text))
    with working_for("GM1948"):
        edit = Edit.objects.get()
    assert "<script>alert" not in editor.get("/redactie").content.decode()
    editor.post(f"/redactie/wijziging/{edit.pk}/goed")
    for page in ("/aanbod/loket-geldzaken", "/redactie", "/demo/post"):
        shown = editor.get(page).content.decode()
        assert "<script>alert" not in shown and "<b>vet" not in shown
    assert "&lt;script&gt;" in owner.get("/aanbod/loket-geldzaken").content.decode()


def test_a_second_window_does_not_replace_a_change_that_it_did_not_show(owner, stale):
    page = change_page(stale)
    assert 'name="seen" value=""' in owner.get(page).content.decode()
    first = form_of(stale, cost="€ 2", remark="De vrijdag klopt ook niet.", seen="")
    owner.post(page, first)
    late = owner.post(page, form_of(stale, cost="€ 3", seen=""))
    said = late.content.decode()
    assert late.status_code == 400 and "Er is net al iets anders gestuurd" in said
    compared = said[said.index("Is al gestuurd") :]
    assert compared.index("€ 2") < compared.index("€ 3") and "Je ziet haar hieronder" not in said
    with working_for("GM1948"):
        edit = Edit.objects.get()
    assert edit.changes["cost"] == "€ 2"
    assert f'name="seen" value="{edit.pk}"' in said  # so that sending it again is an answer
    known = form_of(stale, cost="€ 3", remark="De vrijdag klopt ook niet.", seen=str(edit.pk))
    assert owner.post(page, known).status_code == 302
    with working_for("GM1948"):
        assert Edit.objects.get(state="waiting").changes["cost"] == "€ 3"
        assert Message.objects.filter(subject__startswith="Wijziging om goed").count() <= 1


def test_the_editors_get_one_mail_about_changes_that_follow_each_other(owner, stale, world):
    world.meierijstad.editors_email = EDITORS
    world.meierijstad.save()
    for number in range(3):
        owner.post(change_page(stale), form_of(stale, cost=f"€ {number}"))
    assert len(mails("redactie@voorbeeld.example")) == 1


def test_a_remark_waits_as_a_report_after_the_change_is_approved(owner, stale, editor):
    owner.post(change_page(stale), form_of(stale, cost="€ 2", remark="De vrijdag klopt niet."))
    with working_for("GM1948"):
        edit = Edit.objects.get()
    editor.post(f"/redactie/wijziging/{edit.pk}/goed")
    queue = editor.get("/redactie").content.decode()
    assert "Meldingen (1)" in queue and "Van de eigenaar: De vrijdag klopt niet." in queue


def test_an_owner_reads_at_the_link_that_a_change_was_not_taken_over(owner, stale, editor):
    owner.post(change_page(stale), form_of(stale, cost="€ 2"))
    with working_for("GM1948"):
        edit = Edit.objects.get()
    editor.post(f"/redactie/wijziging/{edit.pk}/afwijzen", {"reason": "Het bleef gratis."})
    for page in (confirm_page(stale), change_page(stale)):
        said = owner.get(page).content.decode()
        assert "niet overgenomen" in said and "Het bleef gratis." in said


def test_sending_an_unchanged_form_says_so(owner, stale):
    answer = owner.post(change_page(stale), form_of(stale))
    assert answer.status_code == 400 and "niets veranderd" in answer.content.decode()


def test_an_owner_reads_what_visitors_said_behind_the_link(owner, stale, world):
    owner.post("/aanbod/loket-geldzaken/klopt-niet", {"about": "times", "text": "Vrijdag dicht"})
    assert "Vrijdag dicht" in owner.get(change_page(stale)).content.decode()
    assert "Vrijdag dicht" not in mails()[0].body


# What left


def test_the_page_of_what_left_says_so_and_shows_a_way_on(owner, stale):
    with working_for("GM1948"):
        Service.objects.filter(pk=stale.pk).update(left_on=LONG_AGO)
    answer = owner.get("/aanbod/loket-geldzaken")
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "staat niet meer op de site" in page and "topic=debt" in page
    assert Client(HTTP_HOST=ELSEWHERE).get("/aanbod/loket-geldzaken").status_code == 404
    owner.post(confirm_page(stale))
    assert owner.get("/aanbod/loket-geldzaken").status_code == 200


def test_a_draft_is_not_told(owner, stale):
    with working_for("GM1948"):
        Service.objects.filter(pk=stale.pk).update(status="draft", left_on=LONG_AGO)
    assert owner.get("/aanbod/loket-geldzaken").status_code == 404


def test_a_stale_entry_is_marked_and_says_who_keeps_it(owner, stale):
    page = owner.get("/aanbod/loket-geldzaken").content.decode()
    assert "Al lang niet gecontroleerd" in page and "1 januari 2025" in page
    assert "Bijgehouden door:" in page
    assert "eigenaar@voorbeeld.example" not in page


# Editors


def test_the_queue_asks_a_stranger_to_sign_in(owner, world):
    answer = owner.get("/redactie")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/aanmelden?next=/redactie"


BUTTONS = [
    "/redactie/melding/{key}",
    "/redactie/wijziging/{key}/goed",
    "/redactie/wijziging/{key}/afwijzen",
    "/redactie/aanbod/{key}/klopt",
    "/redactie/aanbod/{key}",
    "/redactie/mail/{key}/opnieuw",
]


@pytest.mark.parametrize("page", ["/redactie", *BUTTONS])
def test_an_editor_of_another_municipality_is_kept_out(world, page):
    elsewhere = member(Role.CHIEF_EDITOR, world.maashorst)
    client = wearing(elsewhere)
    client.defaults["HTTP_HOST"] = HOST
    path = page.format(key=world.geldzaken.pk)
    answer = client.get(path) if page == "/redactie" else client.post(path)
    assert answer.status_code == 302 and answer["Location"].startswith("/rol?")
    assert "nog geen rol" in client.get("/rol").content.decode()


@pytest.mark.parametrize("page", BUTTONS)
def test_a_stranger_presses_no_button(owner, world, page):
    answer = owner.post(page.format(key=world.geldzaken.pk), {"what": "all"})
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/aanmelden")


@pytest.mark.parametrize("page", BUTTONS)
def test_another_municipalitys_rows_are_not_found(editor, world, page):
    assert editor.post(page.format(key=world.udense_koffie.pk)).status_code == 404


def test_an_editor_settles_a_report_with_its_clock(editor, stale, world):
    with working_for("GM1948"):
        report = report_wrong(
            municipality=world.meierijstad,
            service=stale,
            about="contact",
            text="Niemand neemt op",
            on=LONG_AGO,
        )
    assert "Te laat" in editor.get("/redactie").content.decode()
    unclear = editor.post(f"/redactie/melding/{report.pk}", {"outcome": "x"})
    page = unclear.content.decode()
    assert unclear.status_code == 400 and "<title>Fout: " in page
    assert f'href="#uitkomst-{report.pk}">Kies eerst' in page
    assert f'aria-describedby="uitkomst-{report.pk}-fout"' in page
    done = editor.post(f"/redactie/melding/{report.pk}", {"outcome": "changed"}, follow=True)
    assert "afgehandeld" in done.content.decode()
    assert "Niemand neemt op" not in editor.get("/redactie").content.decode()


def test_an_editor_rejects_with_a_reason(editor, stale):
    with working_for("GM1948"):
        edit = propose_edit(service=stale, changes={"title": "KOOP NU"}, by="owner")
    page = f"/redactie/wijziging/{edit.pk}/afwijzen"
    for empty in ({}, {"reason": " "}):
        answer = editor.post(page, empty)
        said = " ".join(answer.content.decode().split())
        assert answer.status_code == 400 and "<title>Fout: Redactie" in said
        assert said.count("Schrijf eerst waarom je de wijziging afwijst.") == 2
        assert f'href="#reden-{edit.pk}"' in said and f'id="reden-{edit.pk}"' in said
        assert "<details open>" in said and 'aria-invalid="true"' in said
    assert "Fout:" not in editor.get("/redactie").content.decode()
    done = editor.post(page, {"reason": "Dit is reclame."}, follow=True)
    assert "De wijziging is afgewezen." in done.content.decode()
    assert "Dit is reclame." in mails()[-1].body


def test_an_editor_confirms_an_entry_without_an_owner_and_gives_it_one(editor, stale):
    with working_for("GM1948"):
        Service.objects.filter(pk=stale.pk).update(owner_email="")
    assert "zonder eigenaar" in editor.get("/redactie").content.decode()
    assert "aanbod heeft aandacht nodig" in editor.get("/vandaag").content.decode()
    editor.post(f"/redactie/aanbod/{stale.pk}/klopt", {"what": "contacts"})
    assert fresh(stale).contacts_checked_on == timezone.localdate()
    assert fresh(stale).checked_on == LONG_AGO
    page = f"/redactie/aanbod/{stale.pk}"
    assert editor.get(page).status_code == 200
    bad = editor.post(page, as_shown(editor, page) | {"owner_email": "x"})
    assert bad.status_code == 400
    given = {"cost": "gratis", "owner_email": "piet@voorbeeld.example"}
    editor.post(page, as_shown(editor, page) | given)
    assert fresh(stale).owner_email == "piet@voorbeeld.example"
    assert fresh(stale).is_free is True


def test_an_editor_finds_every_entry_also_what_is_off_the_site(editor, owner, stale, world):
    with working_for("GM1948"):
        Service.objects.filter(pk=world.huiskamer.pk).update(left_on=LONG_AGO)
    everything = editor.get("/redactie/aanbod").content.decode()
    assert stale.title in everything and world.huiskamer.title in everything
    assert "niet op de site" in everything and "Koffie in Uden" not in everything
    found = editor.get("/redactie/aanbod", {"zoek": stale.title[:6].upper()}).content.decode()
    assert stale.title in found and world.huiskamer.title not in found
    for odd in ({"zoek": "%_'\x00"}, {"pagina": "x"}, {"pagina": "99999"}):
        assert editor.get("/redactie/aanbod", odd).status_code == 200
    link = f"/redactie/aanbod/{stale.pk}"
    assert link in editor.get(f"/aanbod/{stale.slug}").content.decode()
    assert link not in owner.get(f"/aanbod/{stale.slug}").content.decode()


def as_shown(editor, page):
    """Return the form of a page as a browser would send it, when nothing is changed."""
    return in_form(editor.get(page))


def in_form(answer):
    html = answer.content.decode()
    form = re.search(r'<form method="post" class="stack narrow".*?</form>', html, re.DOTALL)[0]
    found = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if 'type="checkbox"' not in tag:
            found[name[1]] = unescape(value[1]) if value else ""
        elif " checked" in tag:
            found.setdefault(name[1], []).append(value[1] if value else "on")
    for name, text in re.findall(
        r'<textarea [^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S
    ):
        found[name] = unescape(text)
    for name, options in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    found.pop("csrfmiddlewaretoken", None)
    return found


def a_place(name, street, postcode, town, *, is_hidden=False):
    return {
        "name": name, "street": street, "postcode": postcode, "town": town, "is_hidden": is_hidden
    }  # fmt: skip


def whole(service):
    """Return all of an entry that an editor can see."""
    with working_for("GM1948"):
        found = Service.objects.with_hsds().get(pk=service.pk)
        row = entry_row(found)
        places = [(p.pk, p.is_hidden, p.street) for p in found.places.all()]
    return row, places


def test_a_form_sent_as_it_stands_changes_nothing(editor, world):
    page = f"/redactie/aanbod/{world.huiskamer.pk}"
    with working_for("GM1948"):
        hidden = a_place("De Huiskamer", "Laan 1", "5481 AB", "Schijndel", is_hidden=True)
        set_places(world.huiskamer, [hidden, a_place("", "Plein 2", "", "Veghel")])
        parts = {"audience": ["ouders, broers en zussen"], "keywords": ["thee", "koffie, melk"]}
        Service.objects.filter(pk=world.huiskamer.pk).update(**parts)
    before = whole(world.huiskamer)
    assert editor.post(page, as_shown(editor, page)).status_code == 302
    assert whole(world.huiskamer) == before


def test_languages_are_named_in_the_language_of_the_page_and_read_in_either(editor, stale):
    page = f"/redactie/aanbod/{stale.pk}"
    with working_for("GM1948"):
        Service.objects.filter(pk=stale.pk).update(languages=["nl", "pl", "ti", "xx"])
    before = whole(stale)
    sent = as_shown(editor, page)
    assert sent["languages"] == "Nederlands; Pools; Tigrinya; xx"
    assert editor.post(page, sent).status_code == 302 and whole(stale) == before
    editor.post("/taal", {"taal": "en", "next": "/"})
    sent = as_shown(editor, page)
    assert sent["languages"] == "Dutch; Polish; Tigrinya; xx"
    assert editor.post(page, sent).status_code == 302 and whole(stale) == before
    editor.post(page, as_shown(editor, page) | {"languages": "turkish, OEKRAÏENS; ar"})
    assert fresh(stale).languages == ["nl", "pl", "ti", "xx"]  # beside a ; a comma divides nothing
    editor.post(page, as_shown(editor, page) | {"languages": "turkish, OEKRAÏENS, ar"})
    assert fresh(stale).languages == ["tr", "uk", "ar"]


def test_an_editor_mends_times_and_address_and_hides_it(editor, owner, stale):
    page, public = f"/redactie/aanbod/{stale.pk}", f"/aanbod/{stale.slug}"
    sent = as_shown(editor, page) | {
        "times": "vr 13:00-17:00\nop 2026-12-05 14:00-16:00 (zaal 2)",
        "plek-0-name": "Het Loket", "plek-0-street": "Markt 3", "plek-0-postcode": "5461jj",
        "plek-0-town": "Veghel",
        "languages": "nl; ar", "age_min": "18", "wheelchair": "ja",
    }  # fmt: skip
    assert editor.post(page, sent).status_code == 302
    assert "Markt 3" in owner.get(public).content.decode()
    with working_for("GM1948"):
        now = Service.objects.with_details().get(pk=stale.pk)
        assert [str(slot) for slot in now.schedules.all()] == [
            "13:00-17:00 FREQ=WEEKLY;BYDAY=FR", "14:00-16:00 ",
        ]  # fmt: skip
        (place,) = now.places.all()
        assert (place.postcode, place.village.name) == ("5461 JJ", "Veghel")
        assert (now.languages, now.age_min, now.wheelchair) == (["nl", "ar"], 18, True)
    editor.post(page, as_shown(editor, page) | {"plek-0-is_hidden": "on"})
    assert "Markt 3" not in owner.get(public).content.decode()
    with working_for("GM1948"):
        assert Place.objects.filter(street="Markt 3").count() == 1
    editor.post(page, as_shown(editor, page) | {"plek-0-DELETE": "on"})
    with working_for("GM1948"):
        assert not Place.objects.filter(street="Markt 3").exists()


def places_of(service):
    with working_for("GM1948"):
        return {
            p.street: (p.town, p.village.name if p.village else "", p.is_hidden)
            for p in Service.objects.get(pk=service.pk).places.select_related("village")
        }


def test_an_editor_adds_changes_hides_and_removes_each_place(editor, owner, stale, world):
    page, public = f"/redactie/aanbod/{stale.pk}", f"/aanbod/{stale.slug}"
    first = {"plek-0-street": "Markt 3", "plek-0-town": "Veghel"}
    asked = editor.post(page, as_shown(editor, page) | first | {"more": "1"})
    second = {"plek-1-street": "Plein 2", "plek-1-town": "Schijndel"}
    assert editor.post(page, in_form(asked) | second).status_code == 302
    assert places_of(stale) == {
        "Markt 3": ("Veghel", "Veghel", False), "Plein 2": ("Schijndel", "Schijndel", False),
    }  # fmt: skip
    with working_for("GM1948"):  # somebody else is at the same place
        shared = Place.objects.get(street="Plein 2")
        ServicePlace.objects.create(municipality_id="GM1948", service=world.huiskamer, place=shared)
    form = in_form(editor.post(page, as_shown(editor, page) | {"more": "1"}))
    first = next(n for n in (0, 1) if form[f"plek-{n}-street"] == "Plein 2")
    changed = {
        f"plek-{first}-town": "Veghel", f"plek-{first}-is_hidden": "on",
        f"plek-{1 - first}-DELETE": "on", "plek-2-name": "Buurthuis", "plek-2-street": "Laan 9",
        "plek-2-town": "Elders",
    }  # fmt: skip
    assert editor.post(page, form | changed).status_code == 302
    assert places_of(stale) == {
        "Plein 2": ("Veghel", "Veghel", True), "Laan 9": ("Elders", "", False),
    }  # fmt: skip
    assert places_of(world.huiskamer) == {"Plein 2": ("Schijndel", "Schijndel", False)}
    shown = owner.get(public).content.decode()
    assert "Laan 9" in shown and "Plein 2" not in shown and "Dit adres is geheim" in shown


def test_an_address_beside_a_secret_one_is_secret_until_the_editor_says_otherwise(editor, stale):
    page = f"/redactie/aanbod/{stale.pk}"
    shelter = {"plek-0-street": "Markt 3", "plek-0-is_hidden": "on"}
    editor.post(page, as_shown(editor, page) | shelter)
    asked = editor.post(page, as_shown(editor, page) | {"more": "1"})
    assert "Bij dit aanbod staat een geheim adres" in asked.content.decode()
    form = in_form(asked) | {"plek-1-street": "Plein 2", "plek-1-town": "Veghel"}
    assert form["plek-1-is_hidden"] == ["on"]
    editor.post(page, form)
    assert places_of(stale)["Plein 2"][2] is True
    form = in_form(editor.post(page, as_shown(editor, page) | {"more": "1"}))
    form |= {"plek-2-street": "Laan 9", "plek-2-town": "Veghel"}
    del form["plek-2-is_hidden"]
    editor.post(page, form)
    assert places_of(stale)["Laan 9"][2] is False and places_of(stale)["Plein 2"][2] is True


def test_the_place_of_another_entry_cannot_be_taken_with_its_key(editor, stale, world):
    with working_for("GM1948"):
        set_places(world.huiskamer, [a_place("", "Plein 2", "", "Schijndel")])
        other = Place.objects.get(street="Plein 2")
    page = f"/redactie/aanbod/{stale.pk}"
    taken = {"plek-0-key": str(other.pk), "plek-0-street": "Plein 3", "plek-0-town": "Veghel"}
    assert editor.post(page, as_shown(editor, page) | taken).status_code == 302
    assert list(places_of(world.huiskamer)) == ["Plein 2"]
    assert list(places_of(stale)) == ["Plein 3"]


@pytest.mark.parametrize(
    "field,value,said",
    [
        ("times", "soms", "kan ik niet lezen"),
        ("plek-0-postcode", "12", "is geen postcode"),
        ("plek-0-village", "999999", "Kies een dorp uit de lijst"),
        ("plek-TOTAL_FORMS", "x", "Kijk de adressen na"),
        ("plek-TOTAL_FORMS", "99999", "Kijk de adressen na"),
        ("age_min", "jong", "geen heel getal"),
        ("languages", "elfs", "geen taal"),
        ("topics", "x", "Kies onderwerpen uit de lijst"),
        ("village", "999999", "Kies een dorp uit de lijst"),
    ],
)
def test_what_an_editor_cannot_have_meant_is_told_at_the_field(editor, stale, field, value, said):
    page = f"/redactie/aanbod/{stale.pk}"
    before = whole(stale)
    answer = editor.post(page, as_shown(editor, page) | {field: value})
    assert answer.status_code == 400 and said in unescape(answer.content.decode())
    assert whole(stale) == before


def test_who_looked_earlier_does_not_undo_what_a_colleague_saved(editor, stale):
    page = f"/redactie/aanbod/{stale.pk}"
    first, second = as_shown(editor, page), as_shown(editor, page)
    editor.post(page, first | {"cost": "€ 6"})
    late = editor.post(page, second | {"waiting": "twee weken"})
    said = unescape(late.content.decode())
    assert (
        late.status_code == 400 and "<title>Fout:" in said and "Intussen is dit veranderd" in said
    )
    assert (fresh(stale).cost, fresh(stale).waiting) == ("€ 6", "")
    assert "<li>Kosten: <span>€ 6</span></li>" in said  # which the second did not touch
    assert "Wachttijd" not in re.search(r'id="fouten".*?<label', said, re.S)[0]
    kept = in_form(late)
    assert (kept["waiting"], kept["cost"]) == ("twee weken", "€ 6") and "Sla toch op" in said
    assert editor.post(page, kept).status_code == 302
    assert (fresh(stale).cost, fresh(stale).waiting) == ("€ 6", "twee weken")


CHANGED = {
    "title": ("Loket A", "Loket B"), "times": ("di 09:00-10:00", "wo 09:00-10:00"),
    "phones": ("0413-555 001", "0413-555 002"), "topics": (["loneliness"], ["budgeting"]),
    "plek-0-street": ("Markt 1", "Plein 2"), "wheelchair": ("ja", "nee"),
    "needs_referral": ("on", "on"), "audience": ("ouderen", "jongeren; ouders"),
    "age_min": ("12", "18"), "rung": ("team", "community"),
}  # fmt: skip


@pytest.mark.parametrize("field", CHANGED)
def test_what_both_changed_stands_side_by_side_and_what_one_changed_stays(editor, stale, field):
    page = f"/redactie/aanbod/{stale.pk}"
    first, second = as_shown(editor, page), as_shown(editor, page)
    theirs, mine = CHANGED[field]
    assert editor.post(page, first | {field: theirs}).status_code == 302
    alone = in_form(editor.post(page, second | {"eligibility": "Vanaf 18"}))
    assert alone[field] in (theirs, [theirs]) and alone["eligibility"] == "Vanaf 18"
    late = editor.post(page, second | {field: mine})
    said = unescape(late.content.decode())
    if theirs == mine:
        assert "Dit veranderde jij ook" not in said
    else:
        assert "Dit veranderde jij ook." in said and said.count('role="group"') == 1
    assert in_form(late)[field] in (mine, [mine])
    assert editor.post(page, in_form(late)).status_code == 302
    assert as_shown(editor, page)[field] in (mine, [mine])


@pytest.mark.parametrize("marks", ["", "x", "[1]", "{", "[" * 1999, '{"title": 1}'])
def test_without_the_marks_of_the_form_everything_typed_is_kept(editor, stale, marks):
    page = f"/redactie/aanbod/{stale.pk}"
    second = as_shown(editor, page) | {"waiting": "een week", "opened_as": marks}
    editor.post(page, as_shown(editor, page) | {"cost": "€ 6"})
    late = editor.post(page, second)
    assert late.status_code == 400 and "€ 6" in late.content.decode()
    assert (in_form(late)["waiting"], in_form(late)["cost"]) == ("een week", second["cost"])


def test_a_save_that_comes_late_is_refused_again_when_it_was_changed_once_more(editor, stale):
    page = f"/redactie/aanbod/{stale.pk}"
    mine = as_shown(editor, page) | {"waiting": "een week", "times": "wo 10:00-12:00"}
    editor.post(page, as_shown(editor, page) | {"times": "di 9:00-10:00"})
    kept = in_form(editor.post(page, mine))
    editor.post(page, as_shown(editor, page) | {"cost": "€ 7"})
    again = editor.post(page, kept)
    assert again.status_code == 400 and in_form(again)["cost"] == "€ 7"
    assert in_form(again)["times"] == "wo 10:00-12:00"  # typed against what was seen
    assert editor.post(page, in_form(again)).status_code == 302


FILLED = {
    "provider": "Breikring Tante Truus", "kind": "informal", "title": "Breien in Veghel",
    "description": "Elke maandag\nbreien.", "rung": "community", "topics": ["loneliness", "hobby"],
    "times": "soms", "needs_referral": "on", "age_min": "oud", "plek-TOTAL_FORMS": "1",
    "plek-INITIAL_FORMS": "0", "plek-0-street": "Markt 1", "plek-0-postcode": "12",
    "plek-0-is_hidden": "on",
}  # fmt: skip


def test_a_new_entry_has_more_places_at_once_and_nothing_is_lost_on_the_way(editor, owner, world):
    page = "/redactie/aanbod/nieuw"
    with working_for("GM1948"):
        before = Service.objects.count()
    asked = editor.post(page, FILLED | {"more": "1", "village": world.schijndel.pk})
    said = asked.content.decode()
    # Nothing is checked yet: that comes when it is saved.
    assert asked.status_code == 200 and "Fout:" not in said and "kan ik niet lezen" not in said
    kept = in_form(asked)
    assert kept["plek-TOTAL_FORMS"] == "2" and kept["village"] == str(world.schijndel.pk)
    same = set(FILLED) - {"plek-TOTAL_FORMS", "plek-INITIAL_FORMS", "needs_referral"}
    assert {n: kept[n] for n in same - {"plek-0-is_hidden", "topics"}} == {
        n: FILLED[n] for n in same - {"plek-0-is_hidden", "topics"}
    }
    assert set(kept["topics"]) == set(FILLED["topics"]) and kept["needs_referral"] == ["on"]
    assert kept["plek-0-is_hidden"] == ["on"]
    third = in_form(editor.post(page, kept | {"plek-1-street": "Plein 2", "more": "1"}))
    assert (third["plek-TOTAL_FORMS"], third["plek-1-street"]) == ("3", "Plein 2")
    with working_for("GM1948"):
        assert Service.objects.count() == before
    right = {
        "times": "dag en nacht", "age_min": "12", "plek-0-postcode": "5461 AA",
        "plek-2-street": "Laan 9",
    }  # fmt: skip
    assert editor.post(page, third | right).status_code == 302
    with working_for("GM1948"):
        made = Service.objects.get(title="Breien in Veghel")
    assert set(places_of(made)) == {"Markt 1", "Plein 2", "Laan 9"}
    assert places_of(made)["Markt 1"][2] is True


def test_each_error_is_one_link_and_every_wrong_time_is_named(editor, world):
    wrong = FILLED | {"times": "soms\nwo 25:00-26:00\nma 9:00-10:00\nmorgen"}
    answer = editor.post("/redactie/aanbod/nieuw", wrong)
    said = unescape(answer.content.decode())
    assert answer.status_code == 400 and "<title>Fout:" in said
    summary = re.search(r'id="fouten".*?</ul>', said, re.S)[0]
    errors = re.findall(r"<li>(.*?)</li>", summary, re.S)
    assert all(re.fullmatch(r'<a href="#[\w-]+">.*</a>', one, re.S) for one in errors), errors
    links = [re.search(r"#([\w-]+)", one)[1] for one in errors]
    assert links == ["id_times", "id_times", "id_times", "id_age_min", "id_plek-0-postcode"]
    for typed in ("soms", "25:00", "morgen"):
        assert sum(typed in one for one in errors) == 1, typed
    assert all(f'id="{link}"' in said for link in links)


def test_only_a_wrong_address_is_an_error_too(editor, stale):
    page = f"/redactie/aanbod/{stale.pk}"
    answer = editor.post(page, as_shown(editor, page) | {"plek-0-postcode": "12"})
    said = unescape(answer.content.decode())
    assert answer.status_code == 400 and "<title>Fout:" in said
    assert '<li><a href="#id_plek-0-postcode">' in said and "Kijk de adressen na" not in said


def test_who_changes_an_entry_reads_what_its_owner_said_of_it(editor, stale):
    page = f"/redactie/aanbod/{stale.pk}"
    assert "De eigenaar zei" not in editor.get(page).content.decode()
    with working_for("GM1948"):
        say_stopped(service=stale, why="Klaar", by="owner")
    said = editor.get(page).content.decode()
    assert "De eigenaar zei op" in said and "dat dit is gestopt" in said
    with working_for("GM1948"):
        propose_edit(service=stale, changes={"cost": "€ 9"}, by="owner")
    said = editor.get(page).content.decode()
    assert "stelde op" in said and "dat dit is gestopt" not in said


@pytest.mark.parametrize("rule", ["FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;BYMONTH=4;BYMONTHDAY=31"])
def test_a_time_that_never_comes_waits_for_the_editors(editor, stale, rule):
    assert "Tijden die niet kloppen" not in editor.get("/redactie").content.decode()
    with working_for("GM1948"):
        Schedule.objects.create(
            municipality_id="GM1948", service=stale, first_on=date(2026, 1, 1),
            starts=dtime(10), ends=dtime(11), rule=rule,
        )  # fmt: skip
    page = editor.get("/redactie").content.decode()
    assert "Tijden die niet kloppen (1)" in page
    assert f'href="/redactie/aanbod/{stale.pk}#id_times"' in page
    assert "1 keer aanbod heeft een tijd die niet klopt." in editor.get("/vandaag").content.decode()
    assert editor.get(f"/redactie/aanbod/{stale.pk}").status_code == 200
    with working_for("GM1948"):
        Service.objects.filter(pk=stale.pk).update(left_on=date(2026, 1, 1))
    assert "Tijden die niet kloppen" not in editor.get("/redactie").content.decode()


def test_topics_that_nobody_looked_at_wait_for_the_editors(editor, stale):
    with working_for("GM1948"):
        Service.objects.filter(pk=stale.pk).update(extra={"suggested": ["topics", "rung"]})
    queue = editor.get("/redactie").content.decode()
    assert "Onderwerp nog door niemand bekeken" in queue and "niet bekeken (1)" in queue
    page = f"/redactie/aanbod/{stale.pk}"
    assert "Deze onderwerpen stelde Omzien voor" in editor.get(page).content.decode()
    editor.post(page, as_shown(editor, page) | {"topics": ["debt", "budgeting"]})
    assert fresh(stale).topics == ["debt", "budgeting"]
    assert fresh(stale).extra == {"suggested": []}
    with working_for("GM1948"):
        assert fresh(stale).search.topics == {"debt": 1.0, "budgeting": 1.0}
    assert "nog door niemand bekeken" not in editor.get("/redactie").content.decode()


def test_an_editor_puts_a_new_entry_on_the_site(editor, owner, world):
    page = "/redactie/aanbod/nieuw"
    assert page in editor.get("/redactie/aanbod").content.decode()
    empty = editor.post(page, {"title": "Breien"})
    assert empty.status_code == 400 and "Vul in wie dit aanbiedt." in empty.content.decode()
    new = {
        "provider": "Breikring Tante Truus", "kind": "informal", "title": "Breien in Veghel",
        "description": "Elke maandag breien.", "rung": "community", "topics": ["loneliness"],
        "times": "agenda ma 10:00-12:00", "plek-TOTAL_FORMS": "1", "plek-INITIAL_FORMS": "0",
        "plek-0-street": "Markt 1", "plek-0-town": "Veghel",
    }  # fmt: skip
    done = editor.post(page, new, follow=True)
    assert "Het staat op de site." in done.content.decode()
    shown = owner.get("/aanbod/breien-in-veghel").content.decode()
    assert "Breikring Tante Truus" in shown and "Markt 1" in shown
    twice = editor.post(page, new)
    assert twice.status_code == 400 and "al aanbod dat zo heet" in twice.content.decode()
    editor.post(page, new | {"provider": "breikring tante truus", "title": "Haken"})
    with working_for("GM1948"):
        made = Service.objects.filter(provider__name="Breikring Tante Truus")
        assert {one.title for one in made} == {"Breien in Veghel", "Haken"}
        assert len({one.provider_id for one in made}) == 1
        assert {one.checked_on for one in made} == {timezone.localdate()}


def test_an_editor_takes_an_entry_off_the_site_and_puts_it_back(editor, owner, stale):
    page, public = f"/redactie/aanbod/{stale.pk}", f"/aanbod/{stale.slug}"
    assert f"{page}/weg" in editor.get(page).content.decode()
    assert "Ja, haal het van de site" in editor.get(f"{page}/weg").content.decode()
    assert owner.get(public).status_code == 200  # only the button does it
    for _press in range(2):
        editor.post(f"{page}/weg")
    assert owner.get(public).status_code == 410
    assert [m.subject for m in mails()] == [f"Van de site gehaald: {stale.title}"]
    said = editor.get(page).content.decode()
    assert "staat niet op de site" in said and "staat meteen op de site" not in said
    form = as_shown(editor, page) | {"cost": "€ 1"}
    saved = editor.post(page, form, follow=True).content.decode()
    assert "Opgeslagen. Dit aanbod staat niet op de site." in saved
    for link in (confirm_page(stale), change_page(stale)):
        off = owner.get(link)
        assert off.status_code == 410
        assert "Dit aanbod is van de site gehaald" in off.content.decode()
        assert owner.post(f"{link}/nieuw").status_code == 410
    for _press in range(2):
        editor.post(f"{page}/terug")
    assert owner.get(public).status_code == 200
    assert mails()[-1].subject == f"Weer op de site: {stale.title}" and len(mails()) == 2
    assert owner.get(confirm_page(stale)).status_code == 200


def test_what_a_list_calls_stopped_is_gone_and_not_unknown(editor, owner, stale):
    with working_for("GM1948"):
        Service.objects.filter(pk=stale.pk).update(status="withdrawn", left_on=None)
    assert owner.get(f"/aanbod/{stale.slug}").status_code == 410
    editor.post(f"/redactie/aanbod/{stale.pk}/terug")
    assert owner.get(f"/aanbod/{stale.slug}").status_code == 200


def test_a_report_that_takes_an_entry_off_the_site_asks_once_more(editor, owner, stale, world):
    with working_for("GM1948"):
        report = report_wrong(
            municipality=world.meierijstad, service=stale, about="stopped", text="", on=LONG_AGO
        )
    page = f"/redactie/melding/{report.pk}"
    asked = editor.post(page, {"outcome": "removed"}, follow=True).content.decode()
    assert "Ja, haal het van de site" in asked and fresh(stale).left_on is None
    editor.post(page, {"outcome": "removed", "sure": "1"})
    assert owner.get(f"/aanbod/{stale.slug}").status_code == 410


def test_the_links_on_the_page_of_a_link_end_with_that_link(owner, stale, monkeypatch):
    first = confirm_page(stale)
    now = time.time()
    for days, status in ((40, 200), (59, 200), (61, 410)):
        monkeypatch.setattr(signing.time, "time", lambda days=days: now + days * 86400)
        answer = owner.get(first)
        assert answer.status_code == status
        if status == 200:
            second = re.search(r'"(/wijzig/[^"]+)"', answer.content.decode())[1]
            page = owner.get(second).content.decode()
            third = re.search(r'"(/bevestig/[^"]+)"', page)[1]
    assert (owner.get(second).status_code, owner.get(third).status_code) == (410, 410)


def test_a_short_password_makes_no_editor(world):
    with pytest.raises(PasswordTooShort):
        start_with(
            municipality=world.meierijstad, email="a@b.example", name="A", password="kort",
            role=Role.CHIEF_EDITOR,
        )  # fmt: skip


def test_the_page_of_sent_mail_is_for_the_demonstration_only(owner, stale, settings):
    owner.post(f"{confirm_page(stale)}/nieuw")
    page = owner.get("/demo/post").content.decode()
    assert "eigenaar@voorbeeld.example" in page and "wacht" in page
    settings.DEMO = False
    assert owner.get("/demo/post").status_code == 404


# --- what stopped ---------------------------------------------------------------------------------


def stop_page(service):
    return f"/gestopt/{token_for(service, STOP)}"


def waits(service):
    with working_for("GM1948"):
        return Edit.objects.get(service=service, state=Edit.State.WAITING)


def test_an_owner_says_that_it_stopped_and_it_stays_until_the_editors_decide(owner, stale, editor):
    link = owner.get(confirm_page(stale)).content.decode()
    page = re.search(r"/gestopt/[^\"]+", link)[0]
    assert "Ja, dit is gestopt" in owner.get(page).content.decode()
    for _twice in range(2):
        assert owner.post(page, {"why": "Sinds juni.", "seen": ""}).status_code == 302
    said = owner.get(page).content.decode()
    assert "De redactie beslist uiterlijk" in said and "Ja, dit is gestopt" not in said
    assert owner.get(f"/aanbod/{stale.slug}").status_code == 200

    edit = waits(stale)
    queue = editor.get("/redactie").content.decode()
    assert "De eigenaar zegt dat dit gestopt is." in queue and "Sinds juni." in queue
    assert "nog 5 werkdagen" in queue or "nog 4 werkdagen" in queue
    assert facts("propose") == 1

    editor.post(f"/redactie/wijziging/{edit.pk}/goed")
    gone = owner.get(f"/aanbod/{stale.slug}")
    assert gone.status_code == 410
    assert "Dat zegt wie het aanbood." in gone.content.decode()
    assert "Sinds juni." not in gone.content.decode()
    assert "Gestopt en van de site" in mails()[-1].subject
    assert "Je zei dat het gestopt is" in owner.get(confirm_page(stale)).content.decode()


def test_what_stays_says_why_to_its_owner(owner, stale, editor):
    owner.post(stop_page(stale), {"why": "", "seen": ""})
    assert "<title>Je zei dat dit gestopt is" in owner.get(stop_page(stale)).content.decode()
    page = f"/redactie/wijziging/{waits(stale).pk}/afwijzen"
    refused = editor.post(page)
    assert refused.status_code == 400 and "<title>Fout: " in refused.content.decode()
    assert (
        f'href="#reden-{waits(stale).pk}">Schrijf eerst waarom het blijft staan.'
        in refused.content.decode()
    )
    done = editor.post(page, {"reason": "Ans gaat door."}, follow=True).content.decode()
    assert "Het blijft op de site staan." in done and "wijziging is afgewezen" not in done
    assert owner.get(f"/aanbod/{stale.slug}").status_code == 200
    mail = mails()[-1]
    assert "Het blijft op de site" in mail.subject and "wijziging" not in mail.subject + mail.body
    again = re.search(r"/gestopt/\S+", mail.body)[0]
    assert "Is dit gestopt?" in owner.get(again).content.decode()
    assert "Ans gaat door." in owner.get(confirm_page(stale)).content.decode()
    assert "Ans gaat door." in mails()[-1].body


def test_who_confirms_takes_back_that_it_stopped(owner, stale, editor):
    owner.post(stop_page(stale), {"why": "", "seen": ""})
    edit = waits(stale)
    owner.post(confirm_page(stale))
    assert fresh(stale).checked_on == timezone.localdate()
    editor.post(f"/redactie/wijziging/{edit.pk}/goed")
    assert owner.get(f"/aanbod/{stale.slug}").status_code == 200


def test_saying_that_it_stopped_drops_no_change_that_was_not_shown(owner, stale):
    owner.post(change_page(stale), form_of(stale, title="Geldloket"))
    answer = owner.post(stop_page(stale), {"why": "", "seen": ""})
    assert answer.status_code == 400 and "in een ander venster" in answer.content.decode()
    shown = owner.get(stop_page(stale)).content.decode()
    assert "Er wacht nog een wijziging van je" in shown
    owner.post(stop_page(stale), {"why": "", "seen": str(waits(stale).pk)})
    assert waits(stale).says_stopped


def test_what_was_put_back_is_not_called_stopped_when_it_goes_again(owner, stale, editor):
    owner.post(stop_page(stale), {"why": "", "seen": ""})
    editor.post(f"/redactie/wijziging/{waits(stale).pk}/goed")
    with working_for("GM1948"):
        Edit.objects.update(decided_at=timezone.now() - timedelta(days=3))
    editor.post(f"/redactie/aanbod/{stale.pk}/terug")
    editor.post(f"/redactie/aanbod/{stale.pk}/weg")
    assert "Dat zegt wie het aanbood" not in owner.get(f"/aanbod/{stale.slug}").content.decode()


def test_the_editors_hear_once_that_a_proposal_waits_too_long(owner, stale, world):
    world.meierijstad.editors_email = EDITORS
    world.meierijstad.save()
    owner.post(stop_page(stale), {"why": "", "seen": ""})
    with working_for("GM1948"):
        due = waits(stale).due_on
        assert tell_overdue_edits(municipality=world.meierijstad, on=due) == 0
        for _twice in range(2):
            tell_overdue_edits(municipality=world.meierijstad, on=due + timedelta(days=1))
    late = [m for m in mails(EDITORS) if m.subject.startswith("Te laat: wijziging")]
    assert len(late) == 1
    assert any(m.subject.startswith("Gestopt?") for m in mails(EDITORS))


@pytest.fixture
def petra(world, stale):
    """Somebody who keeps the entries of the organisation that offers the desk for money."""
    keeper = member(Role.EDITOR, world.meierijstad, name="Petra Redacteur")
    world.meierijstad.editors_email = EDITORS
    world.meierijstad.save()
    with working_for("GM1948"):
        Provider.objects.filter(pk=stale.provider_id).update(organisation=keeper.organisation)
    return wearing(keeper)


def nothing_happened():
    with working_for("GM1948"):
        assert not Edit.objects.filter(state=Edit.State.WAITING).exists()
    assert not [m for m in mails(EDITORS) if m.subject.startswith(("Gestopt?", "Wijziging"))]


def test_of_what_was_taken_off_the_owner_is_told_and_nothing_is_sent(editor, petra, stale):
    editor.post(f"/redactie/aanbod/{stale.pk}/weg")
    own = f"/mijn-aanbod/{stale.pk}"
    for page, given in ((own, form_of(stale, title="Anders")), (f"{own}/gestopt", {"why": ""})):
        for answer in (petra.get(page), petra.post(page, {**given, "seen": ""})):
            said = answer.content.decode()
            assert answer.status_code == 410 and "van de site gehaald" in said
            assert "Bel of mail de redactie" in said and "Tot die tijd" not in said
    nothing_happened()


def test_what_left_by_itself_does_not_stop_once_more(petra, owner, stale):
    with working_for("GM1948"):
        Service.objects.filter(pk=stale.pk).update(left_on=LONG_AGO)
    for answer in (petra.get(f"/mijn-aanbod/{stale.pk}/gestopt"), owner.get(stop_page(stale)),
                   owner.post(stop_page(stale), {"why": "", "seen": ""})):  # fmt: skip
        said = answer.content.decode()
        assert answer.status_code == 410 and "staat niet meer op de site" in said
        assert "De redactie heeft dit gedaan" not in said
    back = re.search(r"/bevestig/[^\"]+", said)[0]
    nothing_happened()
    change = owner.get(change_page(stale)).content.decode()
    assert "Dan staat het er weer" in change and "Tot die tijd" not in change
    owner.post(back)
    assert owner.get(f"/aanbod/{stale.slug}").status_code == 200


def test_who_had_the_page_open_while_it_went_is_told_too(stale):
    with working_for("GM1948"):
        withdraw(service=stale, on=timezone.localdate(), by="editor")
        with pytest.raises(NotPublic):  # what was read before it went
            say_stopped(service=stale, why="", by="owner")
        with pytest.raises(NotPublic):
            propose_edit(service=stale, changes={"title": "Anders"}, by="owner")
    nothing_happened()


def test_today_tells_an_owner_what_there_is(editor, petra, stale):
    def today():
        return " ".join(unescape(petra.get("/vandaag").content.decode()).split())

    assert "1 aanbod moet je weer controleren." in today()
    own, right = f"/mijn-aanbod/{stale.pk}", "Je hoeft nu niets te controleren."
    petra.post(f"{own}/klopt")
    assert right in today()
    long_ago = timezone.localdate() - timedelta(days=80)
    with working_for("GM1948"):
        mine = Service.objects.filter(pk=stale.pk)
        mine.update(checked_on=long_ago, contacts_checked_on=long_ago)
    said = today()
    assert f"Het langst geleden gecontroleerd: {date_format(long_ago, 'j F Y')}." in said
    assert "pas nog" not in said and "van de site" not in said
    petra.post(own, as_shown(petra, own) | {"title": "Loket Geld", "seen": ""})
    assert "1 wijziging van je ligt bij de redactie." in today() and right not in today()
    petra.post(f"{own}/gestopt", {"why": "", "seen": waits(stale).pk})
    said = today()
    assert "zei je dat het gestopt is. De redactie beslist." in said and right not in said
    editor.post(f"/redactie/wijziging/{waits(stale).pk}/afwijzen", {"reason": "Ans gaat door."})
    assert "De redactie laat staan wat je gestopt noemde. Kijk waarom." in today()
    editor.post(f"/redactie/aanbod/{stale.pk}/weg")
    said = today()
    assert "Er staat nu niets van jouw organisatie op de site." in said
    assert "1 aanbod ging in de laatste 60 dagen van de site." in said
    own_page = unescape(petra.get("/mijn-aanbod").content.decode())
    assert "staat er nog niets op de site" not in own_page
    assert right not in said and "Kijk waarom" not in said
