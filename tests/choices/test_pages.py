"""The functional manager changes settings on pages; what is chosen shows, and nothing else."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.test import Client

from omzien.areas import queries
from omzien.areas.actions import load_villages
from omzien.areas.models import Buurt, Municipality, SettingVersion, Village
from omzien.areas.queries import choices as memory
from omzien.choices.actions import change_settings
from omzien.directory.actions import letters
from omzien.directory.actions.reports import report_wrong
from omzien.directory.models import Service
from omzien.directory.terms import terms_of
from omzien.journal.actions import record
from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.people.models import Membership, Organisation
from omzien.people.queries.broken_roles import broken_roles
from omzien.people.refusals import NotAllowed
from omzien.people.rules.roles import SYSTEM, Role
from tests.signing import member, wearing
from tests.worlds import TODAY

pytestmark = pytest.mark.django_db
HERE = "GM1948"
START = "/beheer/instellingen"


@pytest.fixture
def manager(world):
    return wearing(member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Fien Beheer"))


@pytest.fixture
def resident(world):
    return Client(HTTP_HOST="meierijstad.localhost")


def text(answer) -> str:
    return answer.content.decode()


def town() -> Municipality:
    return Municipality.objects.get(pk=HERE)


def choose(**values) -> list[str]:
    with working_for(HERE):
        return change_settings(municipality=town(), raw=values, by=SYSTEM)


def facts(subject: str = "settings") -> list[Fact]:
    with working_for(HERE):
        return list(Fact.objects.filter(subject=subject, verb="change").order_by("pk"))


def form(manager, group: str) -> dict[str, str]:
    """Return the fields of a page as a browser would send them back."""
    page = manager.get(f"{START}/{group}").context["form"]
    return {name: page[name].value() for name in page.fields}


def test_the_start_page_leads_to_every_group_and_each_opens(manager):
    page = text(manager.get(START))
    links = re.findall(rf'href="({START}/[^"]+)"', page)
    assert len(links) > 30
    for link in links:
        assert manager.get(link).status_code == 200, link
    assert "Naar de instellingen" in text(manager.get("/vandaag"))


@pytest.mark.parametrize("role", [Role.CHIEF_EDITOR, Role.POLICY_OFFICER, Role.TECHNICAL_ADMIN])
def test_another_role_comes_no_further_than_the_door(world, role):
    other = wearing(member(role, world.meierijstad))
    for path in ("", "/gemeente", "/dorpen", "/dorpen/schijndel", "/bestand", "/geschiedenis"):
        assert other.get(START + path).status_code == 403
    for path in ("/gemeente", "/uiterlijk/terug", "/bestand/neem-over", "/dorpen/schijndel"):
        assert other.post(START + path, {"name": "X"}).status_code == 403
    assert not facts() and town().settings == {}


def test_a_manager_of_another_municipality_changes_nothing_here(world):
    elsewhere = member(Role.FUNCTIONAL_MANAGER, world.maashorst)
    actor = SYSTEM.__class__(municipality="GM1991", role=Role.FUNCTIONAL_MANAGER)
    with pytest.raises(NotAllowed):
        change_settings(municipality=world.meierijstad, raw={"name": "Van ons"}, by=actor)
    assert elsewhere and town().name == "Meierijstad"


def test_a_new_name_of_the_municipality_is_that_of_its_organisation_too(manager, world):
    manager.post(f"{START}/gemeente", form(manager, "gemeente") | {"name": "Meer-Oost"})
    with working_for("GM1948"):
        own = Membership.objects.get(role=Role.FUNCTIONAL_MANAGER).organisation
        assert own.name == "Gemeente Meer-Oost" and own.is_of(town())
        assert not broken_roles(town())
    Organisation.objects.create(name="Gemeente Elders", sort_name="gemeente elders", kind="partner")
    page = manager.post(f"{START}/gemeente", form(manager, "gemeente") | {"name": "Elders"})
    assert page.status_code == 400 and "Er is al een organisatie die zo heet." in text(page)
    assert town().name == "Meer-Oost"


def test_contact_is_chosen_shown_on_every_page_and_told_to_the_journal(manager, resident):
    wanted = form(manager, "gemeente") | {
        "contact_phone": "14 0413",
        "contact_address": "Stadhuisplein 1\n5461 KN Veghel",
        "editors_email": "Redactie@Meer.example",
    }
    page = text(manager.post(f"{START}/gemeente", wanted, follow=True))
    assert "Bewaard. Het geldt meteen." in page
    page = text(resident.get("/over"))
    assert 'href="tel:140413"' in page and "Stadhuisplein 1<br>5461 KN Veghel" in page
    assert town().editors_email == "redactie@meer.example"
    (fact,) = facts()
    assert fact.details["codes"] == ["contact_address", "contact_phone", "editors_email"]
    assert fact.details["role"] == "functional_manager"
    assert "Stadhuis" not in str(fact.details) and "Fien" not in fact.actor
    history = text(manager.get(f"{START}/geschiedenis"))
    assert "Fien Beheer, functioneel beheerder" in history and "Telefoon" in history


def versions():
    with working_for(HERE):
        return list(SettingVersion.objects.order_by("version", "code"))


def test_the_history_says_what_it_was_and_what_it_became(manager):
    choose(contact_phone="14 0413", use_agenda="nee")
    choose(contact_phone="0413-555 100", name="Meierijstad aan de Aa")
    page = unescape(text(manager.get(f"{START}/geschiedenis")))
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "Telefoon: leeg → werd 14 0413" in words
    assert "Telefoon: 14 0413 → werd 0413-555 100" in words
    assert "→ werd nee" in words and "Meierijstad → werd Meierijstad aan de Aa" in words
    kept = [(row.version, row.code, row.old, row.new) for row in versions()]
    assert kept == [
        (1, "contact_phone", None, "14 0413"),
        (1, "use_agenda", None, False),
        (2, "contact_phone", "14 0413", "0413-555 100"),
        (2, "name", "Meierijstad", "Meierijstad aan de Aa"),
    ]
    assert "14 0413" not in str([fact.details for fact in facts()])  # a fact holds no values


def test_one_setting_goes_back_to_an_earlier_value_and_the_others_stay(manager):
    choose(contact_phone="14 0413", use_agenda="nee")
    choose(contact_phone="0413-555 100", name="Meierijstad aan de Aa")
    change = f"{START}/geschiedenis/2"
    page = text(manager.get(change))
    assert "14 0413" in page and page.count("Zet terug zoals het eerst was") == 2
    said = text(manager.post(change, {"code": "contact_phone"}, follow=True))
    assert "weer zoals het was" in said and "teruggezet" in said
    assert town().settings == {"contact_phone": "14 0413", "use_agenda": False}
    assert town().name == "Meierijstad aan de Aa"
    assert facts()[-1].details["how"] == "back"
    assert text(manager.get(change)).count("Zet terug zoals het eerst was") == 1
    assert "Het stond al zo." in text(manager.post(change, {"code": "contact_phone"}, follow=True))
    manager.post(change, {"code": "name"})
    assert town().name == "Meierijstad"
    manager.post(f"{START}/geschiedenis/1", {"code": "contact_phone"})
    assert town().settings == {"use_agenda": False}  # nothing chosen, as before the first change


def test_what_cannot_be_any_more_is_not_put_back(manager):
    choose(all_days="400")
    choose(all_days="300")
    choose(contacts_days="350", all_days="390")
    answer = manager.post(f"{START}/geschiedenis/3", {"code": "all_days"})
    refused = text(answer)
    assert answer.status_code == 400 and "<title>Fout: " in refused
    assert 'href="#all_days">Dit kan nu niet zo.' in refused and 'id="all_days"' in refused
    assert town().settings["all_days"] == 390
    for path, code in (("3", "contact_phone"), ("3", "kwak"), ("3", ""), ("9", "all_days")):
        assert manager.post(f"{START}/geschiedenis/{path}", {"code": code}).status_code == 404
    for path in ("9", "0", "99999999999999999999"):
        assert manager.get(f"{START}/geschiedenis/{path}").status_code == 404


def test_a_change_of_before_there_were_versions_is_still_named(manager):
    with working_for(HERE):
        record(
            verb="change", subject="settings", subject_id=HERE, by="system", municipality=HERE,
            codes=["contact_phone"], role="functional_manager", how="page",
        )  # fmt: skip
    page = text(manager.get(f"{START}/geschiedenis"))
    assert "Telefoon" in page and "Bekijk of zet terug" not in page


def test_each_link_in_the_history_says_which_change_it_opens(manager):
    choose(contact_phone="0413 00 00 01")
    choose(contact_phone="0413 00 00 02")
    fields = {"name": "Veghel-Stad", "also_called": "", "buurten": ["BU19480429"]}
    manager.post(f"{START}/dorpen/veghel", fields)
    page = text(manager.get(f"{START}/geschiedenis"))
    links = re.findall(rf'<a href="{START}/geschiedenis/\d+">(.*?)</a>', page, re.DOTALL)
    names = [" ".join(re.sub(r"<[^>]+>", "", one).split()) for one in links]
    assert len(names) == len(set(names)) == 3
    assert "wijziging 1, Telefoon" in names[-1] and "Veghel-Stad, naam" in names[0]


def test_a_village_says_what_it_was_called(manager):
    fields = {"name": "Veghel-Stad", "also_called": "", "buurten": ["BU19480429"]}
    assert manager.post(f"{START}/dorpen/veghel", fields).status_code == 302
    words = " ".join(re.sub(r"<[^>]+>", " ", text(manager.get(f"{START}/geschiedenis"))).split())
    assert "Veghel-Stad, naam: Veghel → werd Veghel-Stad" in words
    change = f"{START}/geschiedenis/{versions()[-1].version}"
    page = text(manager.get(change))
    assert "Veghel-Stad" in page and 'value="village.veghel.name"' in page
    manager.post(change, {"code": "village.veghel.name"})
    assert Village.objects.get(slug="veghel", municipality=HERE).name == "Veghel"
    assert "Het is nu weer zoals het eerst was." in text(manager.get(change))
    assert facts("village")[-1].details["how"] == "back"
    assert "Het stond al zo." in text(
        manager.post(change, {"code": "village.veghel.name"}, follow=True)
    )


def test_a_village_does_not_go_back_to_a_name_that_another_has_now_or_when_it_is_gone(manager):
    fields = {"name": "Veghel-Stad", "also_called": "", "buurten": ["BU19480429"]}
    manager.post(f"{START}/dorpen/veghel", fields)
    change = f"{START}/geschiedenis/{versions()[-1].version}"
    Village.objects.filter(slug="schijndel", municipality=HERE).update(also_called=["Veghel"])
    answer = manager.post(change, {"code": "village.veghel.name"})
    assert answer.status_code == 400 and "<title>Fout: " in text(answer)
    assert "Een ander dorp heet of heette ook zo." in text(answer)
    Village.objects.filter(slug="veghel", municipality=HERE).update(slug="elders")
    queries.forget()
    page = text(manager.get(change))
    assert "Dit dorp is er niet meer. Daarom kun je dit niet terugzetten." in page
    assert "Zet terug" not in page
    assert manager.post(change, {"code": "village.veghel.name"}).status_code == 400


def test_the_history_shows_what_omzien_ships_and_what_stands_there_now(manager):
    choose(all_days="400", address_form="u", contact_address="Stadhuisplein 1\n5461 KN Veghel")
    choose(all_days="380")
    words = " ".join(re.sub(r"<[^>]+>", " ", text(manager.get(f"{START}/geschiedenis"))).split())
    assert "365 → werd 400" in words and "je en jij → werd u" in words
    assert "leeg → werd Stadhuisplein 1; 5461 KN Veghel" in words
    assert "zoals Omzien het levert" not in words
    page = " ".join(text(manager.get(f"{START}/geschiedenis/1")).split())
    assert "<dt>Nu</dt><dd>380</dd>" in page and page.count("Dit is later nog eens veranderd") == 1
    assert "later nog eens" not in text(manager.get(f"{START}/geschiedenis/2"))
    assert '<input type="hidden" name="seen" value="2">' in page
    choose(all_days="390")  # by a colleague, after this page was made
    answer = manager.post(f"{START}/geschiedenis/1", {"code": "all_days", "seen": "2"})
    assert answer.status_code == 400 and "Intussen is er iets veranderd." in text(answer)
    assert "<dt>Nu</dt><dd>390</dd>" in " ".join(text(answer).split())
    manager.post(f"{START}/geschiedenis/1", {"code": "all_days", "seen": "3"})
    assert "all_days" not in town().settings


def test_versions_are_only_added_and_stand_behind_the_wall(manager, world):
    choose(contact_phone="14 0413")
    for change in (
        lambda: SettingVersion.objects.update(new="999"),
        lambda: SettingVersion.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), working_for(HERE):
            change()
    with working_for("GM1991"):
        assert not SettingVersion.objects.exists()
    there = wearing(member(Role.FUNCTIONAL_MANAGER, world.maashorst, name="Els Elders"))
    assert there.get(f"{START}/geschiedenis/1").status_code == 404
    assert there.post(f"{START}/geschiedenis/1", {"code": "contact_phone"}).status_code == 404


def test_the_same_again_is_no_change_and_no_fact(manager):
    page = text(manager.post(f"{START}/gemeente", form(manager, "gemeente"), follow=True))
    assert "Er is niets veranderd." in page and not facts()
    assert town().settings_version == 0


def test_a_wrong_form_says_what_is_wrong_and_changes_nothing(manager):
    wrong = form(manager, "gemeente") | {"name": " ", "contact_phone": "<b>", "contact_email": "x"}
    answer = manager.post(f"{START}/gemeente", wrong)
    page = text(answer)
    assert answer.status_code == 400 and "<title>Fout:" in page and "&lt;b&gt;" in page
    for sentence in ("Dit kan niet leeg zijn.", "geen HTML", "Dit is geen mailadres."):
        assert page.count(sentence) == 2, sentence  # above the form and at the field
    assert town().name == "Meierijstad" and not facts()


def test_a_huge_or_odd_request_gives_no_error_of_ours(manager):
    assert manager.post(f"{START}/gemeente", {"name": "x" * 5_000_000}).status_code == 413
    assert manager.post(f"{START}/gemeente", {"name": "x" * 100_000}).status_code == 400
    assert manager.post(f"{START}/gemeente", {"name": "nul\0"}).status_code in (302, 400)
    assert manager.get(f"{START}/bestaat-niet").status_code == 404
    assert manager.post(f"{START}/gemeente/terug").status_code == 404


def test_a_form_without_its_token_is_refused(world):
    browser = wearing(member(Role.FUNCTIONAL_MANAGER, world.meierijstad))
    browser.handler.enforce_csrf_checks = True
    assert browser.post(f"{START}/gemeente", {"name": "Kersenstad"}).status_code == 403


def test_terms_hold_at_once_and_must_rise(manager, world):
    page = manager.post(
        f"{START}/termijnen",
        form(manager, "termijnen") | {"remind_last_days": "14", "leave_days": "50"},
    )
    assert page.status_code == 400 and "na de tweede mail" in text(page)
    choose(report_working_days="2", closed_days="26-11-2026", contacts_days="90")
    with working_for(HERE):
        report = report_wrong(
            municipality=town(), service=world.geldzaken, about="times", text="x", on=TODAY
        )
        assert f"{report.due_on}" == "2026-11-30"  # Thursday is closed, then the weekend
        due = Service.objects.get(pk=world.geldzaken.pk).due_on
    assert (due - TODAY).days == 90 and terms_of(HERE).contacts_days == 90
    assert terms_of("GM1991").contacts_days == 180 and terms_of(None).contacts_days == 180


def test_about_tells_the_terms_that_hold(resident):
    assert "binnen 5 werkdagen" in text(resident.get("/over"))
    choose(report_working_days="1")
    page = text(resident.get("/over"))
    assert "binnen 1 werkdag naar" in page and "elke 180 dagen" in page


@pytest.mark.parametrize(
    "feature,paths,sign",
    [
        ("agenda", ["/agenda"], 'href="/agenda"'),
        ("shortlist", ["/bewaard"], 'href="/bewaard"'),
        ("embedding", ["/op-je-eigen-site", "/inbedden"], 'href="/op-je-eigen-site"'),
        ("feedback", [], 'action="/mening"'),
        ("map", ["/kaart.json"], "data-map-open"),
        (
            "feeds",
            ["/gebied/schijndel/agenda.ics", "/gebied/schijndel/nieuw.atom",
             "/onderwerp/debt/nieuw.atom"],
            "nieuw.atom",
        ),
    ],
)  # fmt: skip
def test_what_is_turned_off_is_gone_everywhere(resident, world, feature, paths, sign):
    entry = "/aanbod/open-huiskamer-de-kersentuin"
    pages = ["/", "/gebied/schijndel", "/antwoord?topic=debt", entry]
    assert any(sign in text(resident.get(page)) for page in pages)
    assert all(resident.get(path).status_code == 200 for path in paths)
    choose(**{f"use_{feature}": "nee"})
    assert not any(sign in text(resident.get(page)) for page in pages)
    assert all(resident.get(path).status_code == 404 for path in paths)
    other = Client(HTTP_HOST="maashorst.localhost")
    assert sign in text(other.get("/")) or feature in ("map", "feeds")
    if feature == "feedback":
        body = {"page": "/", "score": 4}
        assert resident.post("/mening", body).status_code == 404
        told = resident.post("/api/v1/feedback", body, content_type="application/json")
        assert told.status_code == 404
    if feature == "shortlist":
        assert resident.post(f"{entry}/bewaar").status_code == 404
    choose(**{f"use_{feature}": "ja"})
    assert town().settings == {} and any(sign in text(resident.get(page)) for page in pages)


def test_embedding_is_for_the_named_sites(manager, resident):
    wanted = form(manager, "onderdelen") | {"embedding_hosts": "https://www.meer.nl"}
    assert manager.post(f"{START}/onderdelen", wanted).status_code == 302
    policy = resident.get("/inbedden")["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://www.meer.nl" in policy


def test_a_topic_gets_the_words_of_the_municipality(manager, resident):
    wanted = form(manager, "onderwerp-money") | {
        "topic.debt.label": "Schulden & zorgen",
        "topic.debt.text": "Hoe eerder, hoe beter.",
    }
    assert manager.post(f"{START}/onderwerp-money", wanted).status_code == 302
    assert set(town().settings) == {"topic.debt.label", "topic.debt.text"}
    page = text(resident.get("/antwoord?topic=debt"))
    assert "<strong>Schulden &amp; zorgen</strong>" in page and "Hoe eerder, hoe beter." in page
    assert "Schulden &amp; zorgen" in text(resident.get("/aanbod/loket-geldzaken"))
    told = resident.post("/api/v1/answer", {"topics": ["debt"]}, content_type="application/json")
    assert told.json()["topics"][0]["label"] == "Schulden & zorgen"
    resident.cookies["language"] = "en"
    assert "<strong>Debts and arrears</strong>" in text(resident.get("/antwoord?topic=debt"))
    other = Client(HTTP_HOST="maashorst.localhost")
    assert "Schulden &amp; zorgen" not in text(other.get("/"))


def test_colours_that_cannot_be_read_are_refused_with_the_ratio(manager):
    wanted = form(manager, "uiterlijk") | {"theme_main": "#7fc4a8"}
    answer = manager.post(f"{START}/uiterlijk", wanted)
    assert answer.status_code == 400
    assert "Letters in Hoofdkleur op Lichte kleur: het contrast is 1,7 op 1" in text(answer)
    assert text(answer).count("het contrast is") == 2  # above the form and at the field
    assert "minstens 4,5 op 1" in text(answer) and town().settings == {}


def test_a_theme_is_a_style_sheet_with_its_version_in_the_name(manager, resident):
    assert "/thema/" not in text(resident.get("/"))
    assert resident.get("/thema/abc.css").status_code == 404
    wanted = form(manager, "uiterlijk") | {"theme_main": "#1a4f8b", "theme_radius": "0"}
    assert manager.post(f"{START}/uiterlijk", wanted).status_code == 302
    page = resident.get("/")
    (path,) = re.findall(r'href="(/thema/\w+\.css)"', text(page))
    assert text(page).index("tokens.css") < text(page).index(path)
    sheet = resident.get(path)
    assert "--omzien-leaf: #1a4f8b;" in text(sheet) and "--omzien-radius: 0px;" in text(sheet)
    assert sheet["Content-Type"].startswith("text/css") and "immutable" in sheet["Cache-Control"]
    assert resident.get("/thema/oud.css")["Cache-Control"] == "no-store"
    assert "style-src 'self'" in page["Content-Security-Policy"]
    assert Client(HTTP_HOST="maashorst.localhost").get(path).status_code == 404
    choose(contact_phone="14 0413")
    assert path in text(resident.get("/"))  # another setting does not make it another sheet
    assert manager.post(f"{START}/uiterlijk/terug").status_code == 302
    assert "/thema/" not in text(resident.get("/"))


def test_a_mail_gets_the_words_of_the_municipality(manager, world):
    page = f"{START}/mail-reported"
    wanted = form(manager, "mail-reported")
    assert "Een bezoeker zegt dat dit aanbod niet klopt: {titel}" in wanted["mail.reported.body"]
    own = {
        "mail.reported.subject": "Vraagje over {titel}",
        "mail.reported.body": "Dag {aanbieder},\n\nGaat over {onderwerp} en {titel}.\n{links}",
    }
    shown = manager.post(page, own | {"preview": "1"})
    assert "Vraagje over Open huiskamer De Kersentuin" in text(shown) and town().settings == {}
    for wrong, said in [("Zonder iets", "moet {links} staan"), ("{links} {dit}", "{dit}")]:
        answer = manager.post(page, own | {"mail.reported.body": wrong})
        assert answer.status_code == 400 and said in text(answer)
    assert manager.post(page, own).status_code == 302
    with working_for(HERE):
        Service.objects.filter(pk=world.geldzaken.pk).update(title="{links} {onderwerp}")
        service = Service.objects.get(pk=world.geldzaken.pk)
        report = report_wrong(
            municipality=town(), service=service, about="times", text="", on=TODAY
        )
        letter = letters.reported(report, "Dagen of tijden")
    assert letter.subject == "Vraagje over {links} {onderwerp}"
    assert letter.body.startswith(
        "Dag Gemeente, loket Geldzaken,\n\nGaat over Dagen of tijden en {links} {onderwerp}.\nAlles"
    )
    assert manager.post(f"{page}/terug").status_code == 302 and town().settings == {}


def test_the_village_gets_a_name_old_names_and_other_buurten(manager, resident, world):
    Buurt.objects.create(
        code="BU19480999", year=2024, name="Nieuwe wijk", wijk_code="WK194809",
        municipality=world.meierijstad, lat=51.7, lon=5.5, figures={"inhabitants": 3000},
    )  # fmt: skip
    queries.forget()
    assert "geen enkel dorp: Nieuwe wijk" in text(manager.get(f"{START}/dorpen"))
    page = text(manager.get(f"{START}/dorpen/schijndel"))
    assert "BU19480225" in page and "Nu bij Veghel" in page and "nu bij geen dorp" in page
    wanted = {
        "name": "Schijndel-Noord",
        "also_called": "Skendel\n Schèndel ",
        "buurten": ["BU19480225", "BU19480999"],
    }
    assert manager.post(f"{START}/dorpen/schijndel", wanted).status_code == 302
    village = Village.objects.get(slug="schijndel", municipality=HERE)
    assert village.also_called == ["Skendel", "Schèndel"] and village.lat == 51.6805
    assert "Elke buurt hoort bij een dorp." in text(manager.get(f"{START}/dorpen"))
    assert "Wat is er in Schijndel-Noord?" in text(resident.get("/gebied/schijndel"))
    assert "in en om Schijndel-Noord" in text(resident.get("/antwoord?topic=debt&place=skendel"))
    (fact,) = facts("village")
    assert fact.details["codes"] == ["name", "also_called", "buurt_codes"]
    history = text(manager.get(f"{START}/geschiedenis"))
    home = Buurt.objects.get(code="BU19480225").name
    for what in ("naam: Schijndel ", "oude namen: leeg ", f"buurten: {home} "):
        assert f"Schijndel-Noord, {what}" in history


def test_loading_the_shipped_villages_again_leaves_what_was_changed_here(manager, tmp_path):
    file = tmp_path / "villages.toml"
    file.write_text(
        '[GM1948]\nname = "Meierijstad"\n[GM1948.villages.Schijndel]\nbuurten = ["BU19480225"]\n'
        '[GM1948.villages.Veghel]\nbuurten = ["BU19480429"]\nalso_called = ["Vechel"]\n'
    )
    assert load_villages(by="system", path=file).changed == 1
    wanted = {"name": "Schijndel", "also_called": "Skendel", "buurten": ["BU19480225"]}
    assert manager.post(f"{START}/dorpen/schijndel", wanted).status_code == 302
    report = load_villages(by="system", path=file)
    assert (report.changed, report.unchanged) == (0, 2)
    assert "paste haar dorpen zelf aan" in str(report.faults[0])
    assert Village.objects.get(slug="schijndel").also_called == ["Skendel"]


@pytest.mark.parametrize(
    "wanted,said",
    [
        ({"name": ""}, "Vul de naam in."),
        ({"name": "..."}, "naam met letters"),
        ({"name": "veghel"}, "heet of heette ook zo"),
        ({"also_called": "Véghel"}, "heet of heette ook zo"),
        ({"also_called": "x" * 81}, "hooguit 80 letters"),
        ({"buurten": []}, "houdt dan geen buurt over"),
        ({"buurten": ["BU19480225", "BU19480429"]}, "Het dorp Veghel houdt dan geen buurt over"),
        ({"buurten": ["BU19480225", "BU19910501"]}, "hoort niet bij deze gemeente"),
        ({"buurten": ["<script>"]}, "hoort niet bij deze gemeente"),
    ],
)
def test_a_wrong_village_is_explained_and_nothing_changes(manager, wanted, said):
    good = {"name": "Schijndel", "also_called": "", "buurten": ["BU19480225"]}
    answer = manager.post(f"{START}/dorpen/schijndel", good | wanted)
    assert answer.status_code == 400 and said in text(answer) and "<script>" not in text(answer)
    assert Village.objects.get(slug="schijndel").buurt_codes == ["BU19480225"]
    assert Village.objects.get(slug="veghel").buurt_codes == ["BU19480429"] and not facts("village")


def test_a_village_of_another_municipality_is_not_there(manager):
    assert manager.get(f"{START}/dorpen/uden").status_code == 404
    assert manager.post(f"{START}/dorpen/uden", {"name": "Van ons"}).status_code == 404


def test_another_process_sees_a_change_within_seconds(resident, monkeypatch):
    """What another process does: it writes to the database and cannot reach our memory."""
    assert "14 0413" not in text(resident.get("/over"))
    assert terms_of(HERE).contacts_days == 180
    Municipality.objects.filter(pk=HERE).update(
        settings={"contact_phone": "14 0413", "contacts_days": 90}, settings_version=7
    )
    assert terms_of(HERE).contacts_days == 180  # still remembered
    monkeypatch.setattr(memory, "_looked_at", memory._looked_at - memory.CHECK_EVERY)
    assert "14 0413" in text(resident.get("/over"))
    assert terms_of(HERE).contacts_days == 90


def test_nothing_is_asked_of_the_database_for_settings_between_two_looks(
    resident, django_assert_max_num_queries
):
    resident.get("/over")
    with django_assert_max_num_queries(6) as counted:
        resident.get("/over")
    assert not [q for q in counted.captured_queries if "areas_municipality" in q["sql"]]


def upload(manager, content: bytes):
    file = SimpleUploadedFile("instellingen.json", content, content_type="application/json")
    return manager.post(f"{START}/bestand", {"file": file})


def take_over(manager, shown, **more):
    fields = re.findall(r'name="(content|seen)" value="([^"]*)"', text(shown))
    return manager.post(
        f"{START}/bestand/neem-over", {name: unescape(value) for name, value in fields} | more
    )


def test_one_file_goes_out_and_comes_back_the_same(manager):
    choose(
        contact_phone="14 0413",
        use_agenda="nee",
        theme_main="#1a4f8b",
        closed_days="24-12-2026",
        desk_hours="maandag 9.00-17.00",
        **{"mail.left.body": "Weg: {titel}\n{links}", "topic.debt.label": "Geldzorgen"},
    )
    before = town().settings
    answer = manager.get(f"{START}/bestand/download")
    assert answer["Content-Disposition"].startswith('attachment; filename="omzien-meierijstad-')
    assert "Niets: alles staat al zo." in text(upload(manager, answer.content))
    for code in before:
        choose(**{code: "ja" if code == "use_agenda" else ""})
    assert town().settings == {}
    shown = upload(manager, answer.content)
    page = text(shown)
    assert town().settings == {} and "Geldzorgen" in page and "Agenda" in page
    assert "#14634b" in page and "#1a4f8b" in page  # old and new
    assert take_over(manager, shown).status_code == 302
    assert town().settings == before
    assert facts()[-1].details["how"] == "file"
    assert "uit een bestand" in text(manager.get(f"{START}/geschiedenis"))


def test_what_a_file_does_not_name_goes_back_and_villages_come_along(manager):
    content = manager.get(f"{START}/bestand/download").content
    choose(contact_phone="14 0413")
    content = content.replace(b'"name": "Veghel"', b'"name": "Veghel-Stad"')
    shown = upload(manager, content)
    assert "Veghel: naam" in text(shown) and "14 0413" in text(shown)
    assert take_over(manager, shown).status_code == 302
    assert town().settings == {} and Village.objects.get(slug="veghel").name == "Veghel-Stad"


def test_a_file_of_another_municipality_asks_first_and_keeps_the_name(manager, world):
    content = manager.get(f"{START}/bestand/download").content
    content = content.replace(b'"GM1948"', b'"GM1991"').replace(b'"Meierijstad"', b'"Maashorst"')
    content = content.replace(b'"settings": {', b'"settings": {"contact_phone": "14 0413",')
    shown = upload(manager, content)
    assert "van een andere gemeente: Maashorst" in text(shown)
    refused = take_over(manager, shown)
    assert refused.status_code == 400 and "Vink aan" in text(refused) and not town().settings
    assert take_over(manager, shown, other="ja").status_code == 302
    assert town().settings == {"contact_phone": "14 0413"} and town().name == "Meierijstad"


def test_a_change_between_looking_and_pressing_is_not_undone(manager):
    content = manager.get(f"{START}/bestand/download").content
    content = content.replace(b'"settings": {', b'"settings": {"contact_phone": "14 0413",')
    shown = upload(manager, content)
    choose(contact_email="info@meer.example")
    answer = take_over(manager, shown)
    assert answer.status_code == 400 and "Intussen is er iets veranderd" in text(answer)
    assert town().settings == {"contact_email": "info@meer.example"}


WHOLE = (
    b'{"file": "omzien-settings", "version": 1, "municipality": {"code": "GM1948", "name": "M"},'
    b' "settings": {%s}, "villages": {%s}}'
)


@pytest.mark.parametrize(
    "content,said",
    [
        (b"", "niet te lezen"),
        (b"\xff\xfe\x00", "niet te lezen"),
        (b"[" * 200_000, "niet te lezen"),
        (b'{"file": NaN}', "niet te lezen"),
        (WHOLE % (rb'"\ud800": 1', b""), "niet te lezen"),
        (b"x" * 5_000_000, "te groot"),
        (b"[]", "geen bestand met instellingen"),
        (b'{"file": "iets"}', "geen bestand met instellingen"),
        (b'{"file": "omzien-settings", "version": 2}', "versie 2. Wij lezen versie 1."),
        (b'{"file": "omzien-settings", "version": 1}', "ontbreekt een deel"),
        (b'{"file": "omzien-settings", "version": 1, "extra": 1}', "kennen we niet: extra"),
        (WHOLE % (b'"grootte": 1', b""), "grootte: Deze instelling kennen we niet."),
        (WHOLE % (b'"contact_phone": {"a": 1}', b""), "Deze waarde past niet"),
        (WHOLE % (b'"contact_phone": "<b>"', b""), "geen HTML"),
        (WHOLE % (b'"use_agenda": "ja"', b""), "Deze waarde past niet"),
        (WHOLE % (b'"contacts_days": 1', b""), "van 60 tot en met 365"),
        (WHOLE % (b'"theme_main": "#ffffff"', b""), "contrast"),
        (WHOLE % (b'"mail.left.body": "{0.a}"', b""), "geen invulveld"),
        (WHOLE % (b"", b'"atlantis": {}'), "kennen we hier niet"),
        (WHOLE % (b"", b'"veghel": {"name": 3}'), "klopt iets niet"),
        (
            WHOLE % (b"", b'"veghel": {"name": "V", "also_called": [1], "buurten": []}'),
            "klopt iets niet",
        ),
    ],
)  # fmt: skip
def test_a_wrong_file_is_explained_and_nothing_changes(manager, content, said):
    answer = upload(manager, content)
    assert answer.status_code == 400 and said in text(answer)
    assert manager.post(f"{START}/bestand").status_code == 400
    assert town().settings == {} and not facts()


def test_a_file_comes_in_whole_or_not_at_all(manager):
    villages = b'"veghel": {"name": "Veghel", "also_called": [], "buurten": ["BU19480225"]}'
    shown = upload(manager, WHOLE % (b'"contact_phone": "14 0413"', villages))
    answer = take_over(manager, shown)
    assert answer.status_code == 400 and "Schijndel houdt dan geen buurt over" in text(answer)
    assert town().settings == {} and not facts()


def test_two_topics_never_get_one_name(manager):
    page = f"{START}/onderwerp-money"
    wanted = form(manager, "onderwerp-money")
    code, other = [name for name in wanted if name.endswith(".label")][:2]
    twice = wanted | {code: wanted[other].upper()}
    answer = manager.post(page, twice)
    assert answer.status_code == 400 and "Een ander onderwerp heet ook zo" in text(answer)
    assert town().settings == {}


def test_a_mail_that_is_emptied_says_that_the_text_of_omzien_stays(manager):
    wanted = form(manager, "mail-reported") | {"mail.reported.body": ""}
    said = text(manager.post(f"{START}/mail-reported", wanted, follow=True))
    assert "Er is niets veranderd. Wat je leeg liet, is zoals Omzien het levert." in said
