"""An editor brings in a file: tried first, then one button; and everything that is refused."""

import csv
import html
import io
import os
import time
import uuid
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from omzien.cli.commands.worker import one_round
from omzien.directory.actions.entries import change, withdraw
from omzien.directory.actions.importing import files
from omzien.directory.actions.importing.files import forget_old, work_on_waiting
from omzien.directory.models import ImportFile, ImportRun, Place, Service
from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.people.privacy.retaining import by_clock
from omzien.people.rules.roles import PUBLIC
from tests.signing import chief_editor

pytestmark = pytest.mark.django_db
HOST, ELSEWHERE = "meierijstad.localhost", "maashorst.localhost"
PAGE = "/redactie/importeren"
ROW = {
    "nummer": "A-1",
    "titel": "Koffie-inloop De Linde",
    "omschrijving": "Elke woensdag koffie met buren.",
    "aanbieder": "Stichting De Linde",
    "telefoon": "0413-555 120",
    "straat": "Lindestraat 1",
    "postcode": "5481 AB",
    "kern": "Schijndel",
}
UNUSUAL = "Zweefvliegen voor beginners"


@pytest.fixture
def editor(world):
    return chief_editor(world.meierijstad)


def sheet(*rows):
    """Write rows of the template as CSV."""
    rows = [{**ROW, "nummer": f"A-{n}", **row} for n, row in enumerate(rows or [{}], 1)]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(k for row in rows for k in row)), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def upload(client, content, name="aanbod.csv"):
    stream = io.BytesIO(content)
    stream.name = name
    return client.post(PAGE, {"bestand": stream}, follow=True)


def text(answer):
    return " ".join(html.unescape(answer.content.decode()).split())


def kept():
    with working_for("GM1948"):
        return ImportFile.objects.defer(None).select_related("run").get()


def entries():
    with working_for("GM1948"):
        return sorted(
            Service.objects.filter(external_id__startswith="A-").values_list("title", flat=True)
        )


def facts(subject="import-file"):
    with working_for("GM1948"):
        return list(Fact.objects.filter(subject=subject).order_by("at").values_list("verb", flat=1))


def confirm(client, follow=True):
    return client.post(f"{PAGE}/{kept().pk}/op-de-site", follow=follow)


@pytest.fixture
def for_the_worker(monkeypatch):
    """Every file is too big for a request."""
    monkeypatch.setattr(files, "AT_ONCE_BYTES", 0)
    monkeypatch.setattr(files, "AT_ONCE_ROWS", 0)


# The way it should go


def test_a_file_is_tried_and_then_put_on_the_site_with_one_button(editor):
    answer = upload(editor, sheet({}, {"titel": "Eettafel"}))
    assert "Er is nog niets veranderd op de site" in text(answer)
    assert "Zet deze 2 op de site" in text(answer)
    assert entries() == []
    answer = confirm(editor)
    assert "<h1" in text(answer) and "Het staat op de site" in text(answer)
    assert entries() == ["Eettafel", "Koffie-inloop De Linde"]
    found = editor.get("/aanbod/eettafel")
    assert found.status_code == 200


def test_each_step_is_one_fact_and_nothing_of_the_file_stays(editor):
    upload(editor, sheet())
    confirm(editor)
    assert facts() == ["upload", "confirm"]
    assert facts("import-run") == ["import", "import"]  # the trial and the import
    file = kept()
    assert (file.state, file.content, file.faults) == ("done", None, None)
    with working_for("GM1948"):
        assert {run.state for run in ImportRun.objects.all()} == {"checked", "done"}
        assert "Linde" not in str(list(Fact.objects.values_list("details", flat=True)))


def test_a_second_time_only_what_changed_is_offered(editor):
    upload(editor, sheet({}, {"titel": "Eettafel"}))
    confirm(editor)
    answer = text(upload(editor, sheet({}, {"titel": "Eettafel van de buurt"})))
    assert "Zet deze 1 op de site" in answer
    with working_for("GM1948"):
        report = ImportFile.objects.get(state="checked").run.report
    assert (report["new"], report["changed"], report["same"]) == (0, 1, 1)


def test_the_trial_names_what_comes_and_what_changes_into_what(editor):
    answer = text(upload(editor, sheet({"kosten": "gratis"}, {"titel": "Eettafel"})))
    assert "Wat komt erbij?" in answer and "Eettafel" in answer
    done = confirm(editor)
    with working_for("GM1948"):
        placed = Service.objects.get(title="Eettafel")
    assert f"/redactie/aanbod/{placed.pk}" in text(done)
    assert f"/redactie/importeren/{kept().pk}" in text(editor.get(PAGE))
    answer = text(upload(editor, sheet({"kosten": "€ 4"}, {"titel": "Eettafel"})))
    assert "Wat wijzigt er?" in answer and "Kosten" in answer
    assert "gratis" in answer and "€ 4" in answer


def test_an_import_is_taken_back_with_one_button_and_the_page_says_what_happens(editor):
    upload(editor, sheet({"kosten": "gratis"}, {"titel": "Koor", "kosten": "gratis"}))
    confirm(editor)
    rows = [{"kosten": "€ 4"}, {"titel": "Koor", "kosten": "€ 4"}]
    trial = upload(editor, sheet(*rows, {"titel": "Eettafel"}, {"titel": "Soep"}))
    assert "30 dagen lang terugdraaien" in text(trial)
    with working_for("GM1948"):
        second = ImportFile.objects.get(state="checked")
    page = f"{PAGE}/{second.pk}"
    early = editor.post(f"{page}/terug", follow=True)
    assert "Van dit bestand staat er niets op de site." in text(early)
    editor.post(f"{page}/op-de-site")
    with working_for("GM1948"):
        choir = Service.objects.get(title="Koor")
        change(service=choir, changes={"cost": "€ 6"}, by="x")
    told = text(editor.get(page))
    assert "2 keer nieuw aanbod gaat van de site." in told
    assert "1 gewijzigd aanbod wordt weer zoals het was." in told
    assert f'Het blijft zoals het nu is:</p> <ul><li><a href="/redactie/aanbod/{choir.pk}' in told
    said = text(editor.post(f"{page}/terug", follow=True))
    assert "Deze import is teruggedraaid" in said and "Draai de import terug" not in said
    assert "2 keer nieuw aanbod ging van de site." in said and "<li>Koor</li>" in said
    assert "teruggedraaid</span>" in text(editor.get(PAGE))
    assert editor.get("/aanbod/eettafel").status_code == 410
    assert "gratis" in text(editor.get("/aanbod/koffie-inloop-de-linde"))
    assert "€ 6" in text(editor.get("/aanbod/koor"))
    editor.post(f"{page}/terug")
    with working_for("GM1948"):
        assert Fact.objects.filter(verb="take-back").count() == 1
    again = text(upload(editor, sheet(*rows, {"titel": "Eettafel"})))
    assert "Zet deze 2 op de site" in again  # the price of the coffee, and the meal


def test_what_did_not_happen_when_an_import_was_taken_back_is_not_told(editor):
    def undo():
        with working_for("GM1948"):
            last = ImportFile.objects.filter(state="done").order_by("created_at").last()
        return text(editor.post(f"{PAGE}/{last.pk}/terug", follow=True))

    def bring(cost):
        upload(editor, sheet({"kosten": cost}))
        with working_for("GM1948"):
            waiting = ImportFile.objects.get(state="checked")
        editor.post(f"{PAGE}/{waiting.pk}/op-de-site")

    bring("gratis")
    said = undo()
    assert "1 nieuw aanbod ging van de site." in said and "Dan komt het aanbod weer" in said
    assert "gewijzigd aanbod" not in said
    bring("gratis")
    bring("€ 4")
    said = undo()
    assert "1 gewijzigd aanbod is weer zoals het was." in said
    assert "ging van de site" not in said and "weer op de site" not in said


def test_an_address_that_stays_secret_is_said_and_an_editor_may_show_it(editor):
    upload(editor, sheet({"geheim adres": "ja"}, {"titel": "Eettafel"}))
    confirm(editor)
    trial = text(upload(editor, sheet({"straat": "Lindestraat 3"}, {"titel": "Eettafel"})))
    assert "Bij 1 aanbod houden we een adres uit je bestand geheim." in trial
    assert "Zet het bestand op de site. Open daarna het aanbod" in trial
    assert 'tag--warn">adres blijft geheim' in trial and "Lindestraat 3" not in trial
    with working_for("GM1948"):
        key = ImportFile.objects.get(state="checked").pk
    done = text(editor.post(f"{PAGE}/{key}/op-de-site", follow=True))
    assert "Open dan het aanbod hieronder" in done
    with working_for("GM1948"):
        service = Service.objects.get(title=ROW["titel"])
        assert service.places.get().is_hidden
    assert f"/redactie/aanbod/{service.pk}" in done


def test_an_address_that_another_row_of_the_file_makes_secret_is_said(editor):
    rows = [{"geheim adres": "ja"}, {"titel": "Eettafel", "geheim adres": ""}]
    trial = text(upload(editor, sheet(*rows)))
    assert "Bij 1 aanbod houden we een adres uit je bestand geheim." in trial
    assert "een andere regel in je bestand noemt het geheim" in trial
    assert 'Eettafel</span> <span class="soft">Stichting De Linde</span> <span class="tag' in trial


def test_what_was_changed_here_is_said_when_the_same_file_comes_again(editor):
    upload(editor, sheet({}, {"titel": "Eettafel", "kosten": "gratis"}))
    confirm(editor)
    with working_for("GM1948"):
        change(service=Service.objects.get(title="Eettafel"), changes={"cost": "€ 6"}, by="x")
    answer = text(upload(editor, sheet({}, {"titel": "Eettafel", "kosten": "gratis"})))
    assert "alles staat al zo op de site" not in answer
    assert "Hier veranderd, dus anders dan in je bestand" in answer


def test_a_file_that_changes_nothing_has_no_button(editor):
    upload(editor, sheet())
    confirm(editor)
    answer = text(upload(editor, sheet()))
    assert "Er is niets te doen" in answer and "op de site</button>" not in answer


def test_what_is_no_longer_in_the_file_is_named_and_stays(editor):
    upload(editor, sheet({}, {"titel": UNUSUAL}))
    confirm(editor)
    answer = text(upload(editor, sheet()))
    assert "Niet meer in je bestand: 1" in answer and UNUSUAL in answer
    assert UNUSUAL in entries()


def test_what_looks_double_stands_side_by_side_and_is_never_merged(editor, world):
    with working_for("GM1948"):
        place = Place.objects.create(
            municipality=world.meierijstad, street="Geheimstraat 9", postcode="5481 ZZ",
            is_hidden=True,
        )  # fmt: skip
        world.geldzaken.places.add(place, through_defaults={"municipality": world.meierijstad})
    same = {
        "titel": "Loket geldzaken",
        "aanbieder": "Gemeente, loket Geldzaken",
        "telefoon": "0413-555 101",
    }
    answer = text(upload(editor, sheet(same)))
    assert "Misschien dubbel" in answer and "hetzelfde telefoonnummer" in answer
    assert f"/redactie/aanbod/{world.geldzaken.pk}" in answer
    assert "nieuw, in je bestand" in answer and "Geheimstraat" not in answer
    confirm(editor)
    with working_for("GM1948"):
        assert Service.objects.filter(title__iexact="loket geldzaken").count() == 2
        assert "Geheimstraat" not in str(list(ImportRun.objects.values_list("report", flat=True)))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_comes_back_as_it_was_filled_in(editor, ending):
    answer = editor.get(f"{PAGE}/voorbeeld.{ending}")
    assert answer["Content-Disposition"] == f'attachment; filename="aanbod-voorbeeld.{ending}"'
    if ending == "xlsx":
        assert load_workbook(io.BytesIO(answer.content)).active["B1"].value == "titel"
    assert "Zet deze 1 op de site" in text(upload(editor, answer.content, f"voorbeeld.{ending}"))
    assert editor.get(f"{PAGE}/voorbeeld.exe").status_code == 404


def test_hsds_comes_in_too(editor):
    service = (
        b'{"id": "11111111-2222-4333-8444-555555555555", "name": "Eettafel", "status": "active",'
        b' "description": "Samen eten.", "organization": {"id": "x", "name": "De Linde"}}'
    )
    assert "Zet deze 1 op de site" in text(upload(editor, service, "aanbod.JSON"))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("organizations.csv", "id,name,description\no1,De Linde,Buurt\n")
        archive.writestr(
            "services.csv",
            "id,organization_id,name,description,status\ns1,o1,Kaarten,Elke week,active\n",
        )
    assert "Zet deze 1 op de site" in text(upload(editor, packed.getvalue(), "pakket.zip"))


# What is refused, and in which words


def test_a_row_that_is_wrong_refuses_all_and_says_where_and_what_to_do(editor):
    answer = text(upload(editor, sheet({}, {"titel": ""}, {"postcode": "54"})))
    assert "Er is niets overgenomen" in answer and "op de site</button>" not in answer
    assert "Dit veld is leeg. Vul het in." in answer
    assert ">3</td>" in answer and ">4</td>" in answer and "postcode" in answer
    assert confirm(editor).status_code == 200
    assert entries() == []
    file = kept()
    assert file.state == "partly"  # until somebody chooses, for a day
    with working_for("GM1948"):
        report = file.run.report
    assert (report["new"], report["refused_rows"]) == (1, 2)


def good_rows(client, follow=True):
    return client.post(f"{PAGE}/{kept().pk}/op-de-site", {"good": "1"}, follow=follow)


WRONG = [{"titel": "Eettafel"}, {"titel": ""}, {"titel": "Koor", "tijden": "soms"}, {}]


def test_the_good_rows_come_in_by_choice_and_the_wrong_ones_are_listed(editor):
    told = text(upload(editor, sheet(*WRONG)))
    assert "Of neem de goede regels alvast over" in told and "Neem 2 goede regels over" in told
    assert "Er is niets overgenomen" in told and "Wat komt erbij?" in told and entries() == []
    csv_page = f"{PAGE}/{kept().pk}/fouten.csv"
    assert editor.get(csv_page).status_code == 200
    done = text(good_rows(editor))
    assert "De goede regels staan op de site" in done and "2 regels zijn niet overgenomen" in done
    assert entries() == ["Eettafel", "Koffie-inloop De Linde"]  # and of the choir not even half
    faults = editor.get(csv_page).content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(faults), delimiter=";"))
    assert [line[:2] for line in lines[1:]] == [["3", "titel"], ["4", "tijden"]]
    assert kept().content is None
    mended = [{"titel": "Eettafel"}, {"titel": "Soep"}, {"titel": "Koor"}, {}]
    again = text(upload(editor, sheet(*mended)))
    assert "Zet deze 2 op de site" in again


def test_what_stands_here_and_is_wrong_in_the_file_stays_and_is_not_missing(editor):
    upload(editor, sheet({"kosten": "gratis"}, {"titel": "Eettafel"}))
    confirm(editor)
    wrong = {"kosten": "€ 4", "postcode": "54"}
    told = text(upload(editor, sheet(wrong, {"titel": "Eettafel", "kosten": "€ 3"})))
    assert "Neem 1 goede regel over" in told
    with working_for("GM1948"):
        key = ImportFile.objects.get(state="partly").pk
    done = text(editor.post(f"{PAGE}/{key}/op-de-site", {"good": "1"}, follow=True))
    assert "Niet meer in je bestand" not in done
    with working_for("GM1948"):
        costs = Service.objects.filter(external_id__startswith="A-").order_by("external_id")
        assert [one.cost for one in costs] == ["gratis", "€ 3"]
    back = text(editor.post(f"{PAGE}/{key}/terug", follow=True))
    assert "1 gewijzigd aanbod is weer zoals het was." in back


@pytest.mark.parametrize(
    "content,name",
    [
        (sheet({"titel": ""}, {"titel": "", "nummer": "A-9"}), "aanbod.csv"),  # no good row
        (b"naam;omschrijving\nKoffie;Elke dag\n", "aanbod.csv"),  # a fault of the whole file
        (b'{"id": "1"}\n{"id": "2"}\n', "aanbod.ndjson"),  # not made by hand
    ],
)
def test_where_no_rows_are_good_there_is_no_choice(editor, content, name):
    told = text(upload(editor, content, name=name))
    assert "Er is niets overgenomen" in told and "goede regels" not in told
    good_rows(editor)
    assert entries() == [] and kept().state == "refused"


def test_a_worker_takes_the_good_rows_and_a_killed_one_leaves_nothing(
    editor, for_the_worker, monkeypatch
):
    upload(editor, sheet(*WRONG))
    work_on_waiting()
    assert kept().state == "partly"
    good_rows(editor)
    assert (kept().state, kept().good_only) == ("writing", True)
    with monkeypatch.context() as broken:
        broken.setattr(files, "_settle", lambda *_all: 1 / 0)
        work_on_waiting()
    assert (entries(), kept().state) == ([], "writing")
    work_on_waiting()
    assert (len(entries()), kept().state) == (2, "done")


def test_a_file_with_wrong_rows_goes_after_a_day_too(editor, world):
    upload(editor, sheet(*WRONG))
    later = timezone.now() + timedelta(days=1, minutes=1)
    assert forget_old(municipality=world.meierijstad, now=later) == 1
    assert (kept().state, kept().content, kept().faults) == ("gone", None, None)


def test_the_page_of_an_import_stays_for_thirty_days_to_take_it_back(editor, world):
    upload(editor, sheet())
    confirm(editor)
    today = timezone.localdate()
    by_clock(municipality=world.meierijstad, on=today + timedelta(days=30))
    assert "Draai de import terug" in text(editor.get(f"{PAGE}/{kept().pk}"))
    by_clock(municipality=world.meierijstad, on=today + timedelta(days=31))
    with working_for("GM1948"):
        assert not ImportFile.objects.exists()


def test_all_faults_can_be_downloaded_and_the_page_shows_the_first_hundred(editor):
    answer = text(upload(editor, sheet(*[{"titel": ""}] * 250)))
    assert "Je ziet de eerste 100 van 250" in answer
    assert answer.count("Dit veld is leeg. Vul het in.") == 100
    given = editor.get(f"{PAGE}/{kept().pk}/fouten.csv")
    rows = list(csv.reader(io.StringIO(given.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["regel", "veld", "wat is er mis en wat kun je doen"]
    assert len(rows) == 251
    assert rows[250] == ["251", "titel", "Dit veld is leeg. Vul het in."]


def test_a_list_of_faults_never_runs_in_a_spreadsheet(editor):
    upload(editor, sheet({"onderwerpen": "=HYPERLINK(1)", "kern": "=1+1"}))
    given = editor.get(f"{PAGE}/{kept().pk}/fouten.csv").content.decode("utf-8-sig")
    for cell in (cell for row in csv.reader(io.StringIO(given), delimiter=";") for cell in row):
        assert not cell.startswith(("=", "+", "-", "@"))


def formula():
    book = Workbook()
    book.active.append(["titel", "omschrijving", "aanbieder"])
    book.active.append(["=1+1", "Koffie", "De Linde"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 60_000_000)
    return out.getvalue()


def escaping():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../services.csv", "id,name\n1,x\n")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("kolommen.csv", b"naam;wat\nx;y\n", 'De kolom "titel" ontbreekt'),
        ("alleen-kop.csv", b"titel;omschrijving;aanbieder\n", "Er staat geen aanbod in"),
        ("half.csv", b'titel;omschrijving;aanbieder\n"Koffie;x', "aanhalingsteken"),
        ("half.xlsx", b"PK\x03\x04" + bytes(200), "beschadigd"),
        ("formule.xlsx", formula(), "Hier staat een formule"),
        ("half.json", b'[{"id": "1", "name": ', "Er is niets overgenomen"),
        ("tekst.json", b"dit is geen json", "Er is niets overgenomen"),
        ("half.zip", b"PK\x03\x04xxxx", "beschadigd of op slot"),
        ("vreemd.zip", escaping(), "vreemde map"),
    ],
)
def test_a_broken_file_is_explained_and_nothing_is_kept_of_it(editor, name, content, said):
    answer = upload(editor, content, name)
    assert answer.status_code == 200
    assert "Er klopt iets niet" in text(answer) and said in text(answer)
    file = kept()
    assert (file.state, file.content) == ("refused", None)
    assert entries() == []


def test_a_bomb_is_weighed_and_never_unpacked(editor):
    answer = upload(editor, bomb(), "bom.xlsx")
    assert "wacht op zijn beurt" in text(answer)  # it says that it is big: the worker's
    work_on_waiting()
    assert "Uitgepakt is dit bestand veel te groot" in text(editor.get(f"{PAGE}/{kept().pk}"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("aanbod.csv", b"", "leeg"),
        ("aanbod.csv", b" \n ", "leeg"),
        ("aanbod.xls", b"x", "Bewaar het als .xlsx"),
        ("aanbod.exe", b"x", "Dit soort bestand lezen we niet"),
        ("aanbod", b"x", "Dit soort bestand lezen we niet"),
        ("rommel.csv", bytes(range(256)) * 20, "het is geen .csv"),
        ("plaatje.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(200), "het is geen .xlsx"),
        ("programma.csv", b"MZ\x90\x00\x03" + bytes(200), "het is geen .csv"),
        ("spreadsheet.csv", b"PK\x03\x04" + bytes(200), "het is geen .csv"),
        ("oud.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(200), "het is geen .xlsx"),
        ("geen.zip", b"dit is geen zip", "het is geen .zip"),
        ("groot.csv", b"x" * (20 * 1024 * 1024 + 1), "groter dan 20 MB"),
    ],
)
def test_what_we_do_not_take_is_said_at_the_field(editor, name, content, said):
    answer = upload(editor, content, name)
    assert answer.status_code == 400
    assert said in text(answer) and 'aria-invalid="true"' in text(answer)
    assert "<title>Fout:" in text(answer)
    with working_for("GM1948"):
        assert not ImportFile.objects.exists()


@pytest.mark.parametrize("data", [{}, {"bestand": "geen bestand"}])
def test_a_form_without_a_file_is_explained(editor, data):
    answer = editor.post(PAGE, data)
    assert answer.status_code == 400 and "Kies eerst een bestand" in text(answer)


def test_a_request_bigger_than_any_file_is_not_read_at_all(editor):
    answer = editor.post(
        PAGE, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="99000000"
    )
    assert answer.status_code == 413 and "20 MB" in text(answer)


def test_html_in_a_file_is_shown_as_text(editor):
    evil = "<script>alert(1)</script>"
    upload(editor, sheet({"titel": evil, "kern": evil}), f"{evil}.csv")
    page = editor.get(f"{PAGE}/{kept().pk}")
    assert "<script>alert" not in page.content.decode()


def test_no_more_than_five_files_wait(editor):
    for number in range(5):
        upload(editor, sheet({"titel": f"Koffie {number}"}))
    answer = upload(editor, sheet({"titel": "Thee"}))
    assert answer.status_code == 400 and "wachten al 5 bestanden" in text(answer)


# Who may


def test_a_visitor_may_do_nothing(editor):
    upload(editor, sheet())
    key = kept().pk
    visitor = Client(HTTP_HOST=HOST)
    for page in (PAGE, f"{PAGE}/{key}", f"{PAGE}/{key}/fouten.csv", f"{PAGE}/voorbeeld.csv"):
        answer = visitor.get(page)
        assert answer.status_code == 302 and answer["Location"].startswith("/aanmelden")
    for page in (f"{PAGE}/{key}/op-de-site", f"{PAGE}/{key}/weg", PAGE):
        assert visitor.post(page).status_code == 302
    assert entries() == [] and kept().state == "checked"


def test_an_editor_of_another_municipality_sees_and_does_nothing(editor, world):
    upload(editor, sheet())
    key = kept().pk
    stranger = chief_editor(world.maashorst)
    assert "aanbod.csv" not in text(stranger.get(PAGE))
    for page in (f"{PAGE}/{key}", f"{PAGE}/{key}/fouten.csv"):
        assert stranger.get(page).status_code == 404
    for page in (f"{PAGE}/{key}/op-de-site", f"{PAGE}/{key}/weg"):
        assert stranger.post(page).status_code == 404
    here = Client(HTTP_HOST=HOST)
    here.cookies = stranger.cookies
    assert here.get(f"{PAGE}/{key}")["Location"].startswith("/rol?")
    assert here.post(f"{PAGE}/{key}/op-de-site")["Location"].startswith("/rol?")
    assert kept().state == "checked"


def test_buttons_only_listen_to_a_form_with_its_own_token(editor):
    upload(editor, sheet())
    key = kept().pk
    for page in (f"{PAGE}/{key}/op-de-site", f"{PAGE}/{key}/weg"):
        assert editor.get(page)["Location"].startswith(PAGE)
    strict = Client(HTTP_HOST=HOST, enforce_csrf_checks=True)
    strict.cookies = editor.cookies
    assert strict.post(f"{PAGE}/{key}/op-de-site").status_code == 403
    assert kept().state == "checked"


def test_a_file_that_never_was_is_not_found(editor):
    assert editor.get(f"{PAGE}/{uuid.uuid4()}").status_code == 404
    assert editor.post(f"{PAGE}/{uuid.uuid4()}/op-de-site").status_code == 404
    upload(editor, sheet())
    assert editor.get(f"{PAGE}/{kept().pk}/fouten.csv").status_code == 404  # it has none


# Twice, too late, thrown away


def test_the_same_file_sent_twice_waits_once(editor):
    first, second = upload(editor, sheet()), upload(editor, sheet())
    assert first.redirect_chain == second.redirect_chain
    assert facts() == ["upload"]


def test_a_file_that_waits_is_tried_anew_when_it_is_sent_again(editor):
    """What its first trial said is not true any more once an import was taken back."""
    upload(editor, sheet())
    first = kept()
    confirm(editor)
    both = sheet({}, {"titel": "Eettafel"})
    upload(editor, both)
    with working_for("GM1948"):
        waiting = ImportFile.objects.get(state="checked")
    confirmed = editor.post(f"{PAGE}/{waiting.pk}/op-de-site", follow=True)
    assert "Het staat op de site" in text(confirmed)
    assert "Er is niets te doen: alles staat al zo" in text(upload(editor, both))
    editor.post(f"{PAGE}/{first.pk}/terug")
    again = upload(editor, both)
    assert "Zet deze 1 op de site" in text(again) and "Koffie-inloop De Linde" in text(again)
    with working_for("GM1948"):
        waiting = ImportFile.objects.get(state="checked")
        assert not Service.objects.get(external_id="A-1").is_public
    editor.post(f"{PAGE}/{waiting.pk}/op-de-site")
    with working_for("GM1948"):
        assert Service.objects.get(external_id="A-1").is_public


AGAIN = "Kijk mijn bestand opnieuw na"


def test_a_trial_says_that_it_may_be_untrue_and_is_made_anew_by_a_button(editor):
    upload(editor, sheet())
    first = kept()
    confirm(editor)
    trial = upload(editor, sheet({}, {"titel": "Eettafel"}))
    page = trial.redirect_chain[-1][0]
    assert "Zet deze 1 op de site" in text(trial) and AGAIN not in text(trial)
    editor.post(f"{PAGE}/{first.pk}/terug")
    old = text(editor.get(page))
    assert "Sinds deze proef is er hier iets veranderd." in old and AGAIN in old
    fresh = text(editor.post(f"{page}/op-de-site", {"again": "1"}, follow=True))
    assert "We hebben je bestand opnieuw nagekeken." in fresh
    assert "Zet deze 2 op de site" in fresh and AGAIN not in fresh and entries() == [ROW["titel"]]


def test_what_turns_out_otherwise_than_the_page_said_does_not_happen_unseen(editor):
    upload(editor, sheet())
    first = kept()
    confirm(editor)
    page = upload(editor, sheet({}, {"titel": "Eettafel"})).redirect_chain[-1][0]
    editor.post(f"{PAGE}/{first.pk}/terug")
    looked = text(editor.post(f"{page}/op-de-site", follow=True))
    assert "opnieuw nagekeken" in looked and "Zet deze 2 op de site" in looked
    assert entries() == [ROW["titel"]]
    assert "Het staat op de site" in text(editor.post(f"{page}/op-de-site", follow=True))
    assert entries() == ["Eettafel", ROW["titel"]]


def test_what_changed_beside_a_file_does_not_keep_it_from_the_site(editor, world):
    page = upload(editor, sheet()).redirect_chain[-1][0]
    with working_for("GM1948"):
        change(service=world.huiskamer, changes={"cost": "€ 6"}, by="x")
    assert AGAIN in text(editor.get(page))
    assert "Het staat op de site" in text(editor.post(f"{page}/op-de-site", follow=True))


def test_a_trial_of_a_big_file_is_made_anew_by_the_worker(editor, world, for_the_worker):
    page = upload(editor, sheet()).redirect_chain[-1][0]
    work_on_waiting()
    with working_for("GM1948"):
        change(service=world.huiskamer, changes={"cost": "€ 6"}, by="x")
    waits = text(editor.post(f"{page}/op-de-site", {"again": "1"}, follow=True))
    assert "We kijken je bestand na" in waits and "opnieuw nagekeken" not in waits
    work_on_waiting()
    assert "Zet deze 1 op de site" in text(editor.get(page))


def test_what_is_off_the_site_is_not_said_to_stay_on_it(editor):
    upload(editor, sheet({}, {"titel": "Eettafel"}, {"titel": "Koor"}))
    confirm(editor)
    with working_for("GM1948"):
        withdraw(service=Service.objects.get(title="Koor"), on=timezone.localdate(), by="x")
    said = text(upload(editor, sheet({})))
    assert "Niet meer in je bestand: 1" in said and "Eettafel" in said and "Koor" not in said


def test_what_came_back_with_a_file_goes_off_again_and_that_is_said(editor):
    upload(editor, sheet({"kosten": "gratis"}))
    first = kept()
    confirm(editor)
    editor.post(f"{PAGE}/{first.pk}/terug")
    trial = upload(editor, sheet({"kosten": "€ 4"}))
    page = trial.redirect_chain[-1][0]
    counts = 'Waarvan terug op de site</th><td class="number">1</td><td class="soft">'
    assert f"{counts}komt weer" in text(trial) and "niet op de site<" not in text(trial)
    assert 'class="tag">komt weer op de site' in text(trial)
    editor.post(f"{page}/op-de-site")
    told = text(editor.get(page))
    assert f"{counts}staat weer" in told and 'class="tag">weer op de site' in told
    assert "1 aanbod dat met dit bestand weer op de site kwam, gaat er weer af." in told
    assert "wordt weer zoals het was" not in told
    said = text(editor.post(f"{page}/terug", follow=True))
    assert "ging er weer af" in said and "Dan komt het aanbod weer op de site." in said
    with working_for("GM1948"):
        assert not Service.objects.get(external_id="A-1").is_public


def test_a_file_under_a_later_one_says_which_to_take_back_first(editor):
    pages = []
    for cost, name in (("gratis", "een.csv"), ("€ 4", "twee.csv"), ("€ 5", "drie.csv")):
        pages.append(upload(editor, sheet({"kosten": cost}), name).redirect_chain[-1][0])
        editor.post(f"{pages[-1]}/op-de-site")
    said = text(editor.get(pages[1]))
    assert "Een later bestand veranderde hier iets van: drie.csv. Draai dat eerst terug." in said
    assert "Een later bestand" not in text(editor.get(pages[2]))
    editor.post(f"{pages[2]}/terug")
    said = text(editor.get(pages[1]))
    assert "Een later bestand" not in said and "Draai de import terug" in said


def test_rows_that_were_refused_are_counted_with_what_went_on_the_site(editor):
    page = upload(editor, sheet({}, {"titel": "", "nummer": "A-9"})).redirect_chain[-1][0]
    editor.post(f"{page}/op-de-site", {"good": "1"})
    assert "1 nieuw, 0 gewijzigd, 0 hetzelfde, 1 geweigerd" in text(editor.get(PAGE))


def test_pressed_twice_it_is_imported_once(editor):
    upload(editor, sheet())
    confirm(editor)
    answer = confirm(editor)
    assert "Je had al op de knop gedrukt" in text(answer)
    assert entries() == ["Koffie-inloop De Linde"]
    assert facts("import-run") == ["import", "import"]


def test_a_file_that_was_thrown_away_is_gone(editor):
    upload(editor, sheet())
    key = kept().pk
    assert "weggegooid" in text(editor.post(f"{PAGE}/{key}/weg", follow=True))
    page = editor.get(f"{PAGE}/{key}")
    assert page.status_code == 410 and "Stuur het opnieuw" in text(page)
    assert "kan niet meer" in text(confirm(editor))
    assert "er niet meer" in text(editor.post(f"{PAGE}/{key}/weg", follow=True))
    assert entries() == [] and kept().content is None
    assert facts() == ["upload", "discard"]
    assert "Zet deze 1 op de site" in text(upload(editor, sheet()))


def test_a_file_of_yesterday_is_gone_also_before_it_is_swept_up(editor, world):
    upload(editor, sheet())
    with working_for("GM1948"):
        ImportFile.objects.update(created_at=timezone.now() - timedelta(days=1))
    assert "kan niet meer" in text(confirm(editor))
    assert editor.get(f"{PAGE}/{kept().pk}").status_code == 410
    assert "aanbod.csv" not in text(editor.get(PAGE))
    assert forget_old(municipality=world.meierijstad, now=timezone.now()) == 1
    assert forget_old(municipality=world.meierijstad, now=timezone.now()) == 0
    assert (kept().state, kept().content) == ("gone", None)
    assert facts() == ["upload", "expire"]


def test_the_faults_of_a_refused_file_go_after_a_day(editor, world):
    upload(editor, sheet({"titel": ""}))
    with working_for("GM1948"):
        ImportFile.objects.update(created_at=timezone.now() - timedelta(days=1))
    assert editor.get(f"{PAGE}/{kept().pk}/fouten.csv").status_code == 404
    forget_old(municipality=world.meierijstad, now=timezone.now())
    assert kept().faults is None


def test_what_changed_here_since_the_trial_refuses_the_import_whole(editor, world):
    upload(editor, sheet({}, {"kern": "Veghel"}))
    with working_for("GM1948"):
        Service.objects.filter(village=world.veghel).update(village=None)
    world.veghel.delete()
    answer = text(confirm(editor))
    assert "Bij de proef klopte het nog" in answer and "Veghel" in answer
    assert entries() == []


# What is too big for a request


def test_a_big_file_waits_for_the_worker_and_the_page_tells_how_far(editor, for_the_worker):
    answer = upload(editor, sheet({}, {"titel": "Eettafel"}))
    assert "wacht op zijn beurt" in text(answer) and 'http-equiv="refresh"' in text(answer)
    quiet = editor.get(f"{PAGE}/{kept().pk}?stil")
    assert 'http-equiv="refresh"' not in text(quiet)
    with working_for("GM1948"):
        ImportFile.objects.update(step="read", rows_done=1000, rows_total=2500)
    assert "1000 van 2500" in text(editor.get(f"{PAGE}/{kept().pk}"))
    assert "bestanden ingelezen: 1" in one_round()
    assert "Zet deze 2 op de site" in text(editor.get(f"{PAGE}/{kept().pk}"))
    assert "We zetten het op de site" in text(confirm(editor))
    assert entries() == []
    assert "Je had al op de knop gedrukt" in text(confirm(editor))
    assert work_on_waiting() == 1
    assert entries() == ["Eettafel", "Koffie-inloop De Linde"]
    assert work_on_waiting() == 0
    assert facts() == ["upload", "confirm"]


@pytest.fixture
def second_import(editor, for_the_worker):
    """A second file changed the price and brought a choir; its page."""
    upload(editor, sheet({"kosten": "gratis"}))
    work_on_waiting()
    confirm(editor)
    upload(editor, sheet({"kosten": "€ 4"}, {"titel": "Koor"}))
    work_on_waiting()
    with working_for("GM1948"):
        page = f"{PAGE}/{ImportFile.objects.get(state='checked').pk}"
    editor.post(f"{page}/op-de-site")
    work_on_waiting()
    assert costs() == [("Koffie-inloop De Linde", "€ 4"), ("Koor", "")]
    return page


def costs():
    with working_for("GM1948"):
        own = Service.objects.visible_to(PUBLIC).filter(external_id__startswith="A-")
        return sorted(own.values_list("title", "cost"))


def test_a_big_import_is_taken_back_by_the_worker_and_the_page_tells_how_far(
    editor, second_import, monkeypatch
):
    before = costs()
    said = text(editor.post(f"{second_import}/terug", follow=True))
    assert "We draaien de import terug" in said and 'http-equiv="refresh"' in said
    assert "weg</button>" not in said and costs() == before
    assert "wordt teruggedraaid</span>" in text(editor.get(PAGE))
    again = text(editor.post(f"{second_import}/terug", follow=True))
    assert "Je had al op de knop gedrukt" in again
    assert "kan niet meer" in text(editor.post(f"{second_import}/op-de-site", follow=True))
    with working_for("GM1948"):
        ImportFile.objects.filter(state="undoing").update(step="back", rows_done=1)
    assert "Terugzetten: <strong>1 van 2</strong>" in text(editor.get(second_import))
    told = []
    monkeypatch.setattr(files.Teller, "step", lambda _self, name, rows: told.append((name, rows)))
    assert "bestanden ingelezen: 1" in one_round()
    assert told == [("back", 2)]
    assert costs() == [("Koffie-inloop De Linde", "gratis")]
    assert "Deze import is teruggedraaid" in text(editor.get(second_import))
    assert "Deze import is teruggedraaid" in text(
        editor.post(f"{second_import}/terug", follow=True)
    )
    assert work_on_waiting() == 0
    assert facts()[-2:] == ["confirm", "ask-back"]
    assert facts("import-run").count("take-back") == 1


def test_a_worker_that_is_killed_while_taking_back_leaves_all_as_it_was(
    editor, second_import, monkeypatch, caplog
):
    before = costs()
    editor.post(f"{second_import}/terug")
    really = files.take_back

    def killed(**arguments):
        really(**arguments)
        raise RuntimeError(ROW["straat"])

    monkeypatch.setattr(files, "take_back", killed)
    for _try in range(5):
        assert work_on_waiting() == 0
        assert costs() == before
        assert "We draaien de import terug" in text(editor.get(second_import))
    work_on_waiting()
    stuck = text(editor.get(second_import))
    assert "Terugdraaien lukte niet" in stuck and "Draai de import terug" in stuck
    assert costs() == before and "Lindestraat" not in caplog.text
    monkeypatch.setattr(files, "take_back", really)
    editor.post(f"{second_import}/terug")
    assert work_on_waiting() == 1
    assert costs() == [("Koffie-inloop De Linde", "gratis")]


def test_an_import_that_waits_to_be_taken_back_is_not_swept_up(editor, second_import, world):
    editor.post(f"{second_import}/terug")
    later = timezone.now() + timedelta(days=40)
    forget_old(municipality=world.meierijstad, now=later)
    by_clock(municipality=world.meierijstad, on=later.date())
    assert "We draaien de import terug" in text(editor.get(second_import))
    work_on_waiting()
    assert costs() == [("Koffie-inloop De Linde", "gratis")]


def test_a_file_is_answered_in_the_language_of_who_sent_it(editor, for_the_worker):
    editor.cookies["language"] = "en"
    upload(editor, sheet({"titel": ""}))
    work_on_waiting()
    assert "Dit veld is leeg" not in text(editor.get(f"{PAGE}/{kept().pk}"))


def test_reasons_in_another_language_than_the_page_say_so_and_come_in_the_other(editor):
    page = upload(editor, sheet({}, {"titel": ""})).redirect_chain[-1][0]
    assert "Dit veld is leeg" in text(editor.get(page))
    editor.cookies["language"] = "en"
    answer = editor.get(page)
    assert '<tbody lang="nl">' in text(answer) and "reasons are in Dutch" in text(answer)
    again = editor.post(f"{page}/op-de-site", {"again": "1"}, follow=True)
    assert "This field is empty" in text(again) and "are in Dutch" not in text(again)
    assert "<tbody lang=" not in text(again)
    assert entries() == []
    csv_file = editor.get(f"{page}/fouten.csv").content.decode("utf-8-sig")
    assert "This field is empty" in csv_file


def test_a_file_sent_again_is_answered_in_the_language_of_now(editor):
    upload(editor, sheet({}, {"titel": ""}))
    editor.cookies["language"] = "en"
    assert "This field is empty" in text(upload(editor, sheet({}, {"titel": ""})))


def test_what_is_refused_for_good_says_in_which_language_its_reasons_are(editor):
    page = upload(editor, sheet({"titel": ""})).redirect_chain[-1][0]
    editor.cookies["language"] = "en"
    said = text(editor.get(page))
    assert "reasons are in Dutch" in said and "Send the file again" in said
    assert 'name="again"' not in said


def test_who_reads_that_a_topic_is_unknown_finds_the_list(editor):
    said = text(upload(editor, sheet({"onderwerpen": "qqqqqq"})))
    assert "Kijk in de lijst met onderwerpen." in said
    assert f'href="{PAGE}#onderwerpen"' in said
    listed = text(editor.get(PAGE))
    assert 'id="onderwerpen"' in listed and "Eenzaamheid en contact" in listed
    assert f'href="{PAGE}#onderwerpen"' not in text(upload(editor, sheet({"postcode": "x"})))


def test_who_throws_a_file_away_while_it_is_written_keeps_the_site_as_it_was(
    editor, for_the_worker, monkeypatch
):
    upload(editor, sheet())
    work_on_waiting()
    confirm(editor)
    really = files.import_file

    def meanwhile(**arguments):
        report = really(**arguments)
        files.discard_file(file=kept(), by="test")
        return report

    monkeypatch.setattr(files, "import_file", meanwhile)
    work_on_waiting()
    assert entries() == []
    with working_for("GM1948"):
        assert not ImportRun.objects.filter(state="done").exists()


def test_an_unforeseen_error_leaves_all_as_it_was_and_is_tried_five_times(
    editor, for_the_worker, monkeypatch, caplog
):
    upload(editor, sheet())
    work_on_waiting()
    confirm(editor)
    really = files.import_file

    def broken(**arguments):
        really(**arguments)
        raise RuntimeError(ROW["straat"])

    monkeypatch.setattr(files, "import_file", broken)
    for _try in range(5):
        assert work_on_waiting() == 0
        assert kept().state == "writing" and entries() == []
    work_on_waiting()
    assert (kept().state, kept().content) == ("failed", None)
    assert "Dit ligt niet aan jou" in text(editor.get(f"{PAGE}/{kept().pk}"))
    assert "Lindestraat" not in caplog.text and "RuntimeError" in caplog.text


def test_a_small_file_that_goes_wrong_at_once_is_left_to_the_worker(editor, monkeypatch):
    really = files.import_file
    monkeypatch.setattr(files, "import_file", lambda **arguments: 1 / 0)
    assert "wacht op zijn beurt" in text(upload(editor, sheet()))
    monkeypatch.setattr(files, "import_file", really)
    work_on_waiting()
    assert "Zet deze 1 op de site" in text(editor.get(f"{PAGE}/{kept().pk}"))


def test_the_files_own_folder_is_private_and_empty_afterwards(editor, settings, tmp_path):
    settings.VAR = tmp_path
    upload(editor, sheet())
    folder = tmp_path / "reading"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert list(folder.iterdir()) == []


def test_what_a_killed_process_left_there_goes_after_a_day(editor, settings, tmp_path):
    settings.VAR = tmp_path
    for name, age in (("old", 25), ("new", 1)):
        left = tmp_path / "reading" / name
        left.mkdir(parents=True)
        (left / "bestand.csv").write_bytes(sheet())
        moment = time.time() - age * 3600
        os.utime(left, (moment, moment))
    work_on_waiting()
    assert [left.name for left in (tmp_path / "reading").iterdir()] == ["new"]


# How much it asks of the database


def test_the_pages_take_a_fixed_number_of_queries(editor, django_assert_num_queries):
    for number in range(4):
        upload(editor, sheet({"titel": f"Koffie {number}", "nummer": f"B-{number}"}))
    with working_for("GM1948"):
        key = ImportFile.objects.filter(state="checked").first().pk
    editor.get(PAGE)
    # The transaction, its municipality with the session (2), who looks (3), what waits, the last
    # imports.
    with django_assert_num_queries(7):
        editor.get(PAGE)
    editor.post(f"{PAGE}/{key}/op-de-site")
    with django_assert_num_queries(8):  # and the files of those imports
        editor.get(PAGE)
    with django_assert_num_queries(8):  # the file, what it added and what it changed
        editor.get(f"{PAGE}/{key}")
