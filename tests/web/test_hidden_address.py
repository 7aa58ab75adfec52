"""A hidden address: nothing of it stands on any page, in any file, feed, map or answer."""

import pytest

from omzien.areas.models import Village
from omzien.cli.main import main
from omzien.directory.actions import reindex
from omzien.directory.models import Place, Schedule, Service, ServicePlace
from omzien.directory.queries import indexes
from omzien.journal.isolation import working_for
from tests.wall.rows import API, PUBLIC
from tests.web.test_pages import ask

pytestmark = pytest.mark.django_db
SLUG = "open-huiskamer-de-kersentuin"
SECRETS = ("Schuilkelder", "Verstopsteeg", "9876", "Stilwoude", "51.70", "5.70")
MORE = [
    f"/aanbod/{SLUG}", f"/aanbod/{SLUG}/agenda.ics", f"/aanbod/{SLUG}/klopt-niet",
    "/antwoord?topic=loneliness&place=Schijndel", "/antwoord?topic=loneliness",
    "/antwoord?topic=loneliness&place=5481", "/agenda?gebied=schijndel", "/gebied/veghel",
    "/onderwerp/loneliness/nieuw.atom", "/onderwerp/loneliness/agenda.ics",
    *(f"{start}/{name}?per_page=500&full=true" for start in ("/hsds/v3", "/uk/v3")
      for name in ("services", "service_at_locations")),
    "/hsds/v3/organizations?full_service=true", "/hsds/v3/services?format=ndjson&full=true",
]  # fmt: skip


@pytest.fixture
def shelter(world, resident):
    """The living room is a shelter: no village, one hidden address in a village of its own."""
    owner = {"municipality_id": "GM1948"}
    with working_for("GM1948"):
        village = Village.objects.create(
            municipality=world.meierijstad, name="Elders", slug="elders"
        )
        Service.objects.filter(pk=world.huiskamer.pk).update(village=None)
        place = Place.objects.create(
            name="Schuilkelder", street="Verstopsteeg 3", postcode="9876 ZZ", town="Stilwoude",
            village=village, lat=51.7012, lon=5.7034, is_hidden=True, **owner,
        )  # fmt: skip
        ServicePlace.objects.create(service=world.huiskamer, place=place, **owner)
        Schedule.objects.filter(service=world.huiskamer).update(rule="FREQ=DAILY")
        reindex([Service.objects.get(pk=world.huiskamer.pk)])
    indexes.forget()
    return world.huiskamer


def test_no_public_address_tells_anything_of_it(shelter, resident):
    resident.post(f"/aanbod/{SLUG}/bewaar")
    seen = 0
    for address in (*PUBLIC.values(), *API.values(), *MORE):
        path = address.replace("{slug}", SLUG).replace("{entry}", str(shelter.pk))
        answer = resident.get(path)
        said = b"".join(answer).decode() if answer.streaming else answer.content.decode()
        seen += SLUG in said or "Kersentuin" in said
        assert [one for one in SECRETS if one in said] == [], path
    assert seen > 12  # it is there: only its address is not
    asked = ask(resident, "alleen", place="Schijndel").content.decode()
    told = resident.post("/api/v1/answer", {"text": "alleen", "place": "Schijndel"},
                         content_type="application/json").content.decode()  # fmt: skip
    assert "Kersentuin" in asked and "Kersentuin" in told
    assert [one for one in SECRETS if one in asked + told] == []


@pytest.mark.parametrize("form", ["csv", "ndjson", "hsds-json"])
def test_no_export_and_no_answer_of_the_command_tells_it(shelter, tmp_path, capsys, form):
    out = tmp_path / f"uit.{form}"
    assert main(["export", "--municipality", "GM1948", "--form", form, "--out", str(out)]) == 0
    written = "".join(one.read_text("utf-8") for one in [out, *out.rglob("*")] if one.is_file())
    assert main(["answer", "alleen", "--place", "Schijndel"]) == 0
    said = capsys.readouterr().out
    assert "Kersentuin" in written and "Kersentuin" in said
    assert [one for one in SECRETS if one in written + said] == []


def test_with_a_village_that_an_editor_chose_it_is_still_at_no_point(shelter, resident, world):
    with working_for("GM1948"):
        Service.objects.filter(pk=shelter.pk).update(village=world.veghel)
        reindex([Service.objects.get(pk=shelter.pk)])
    indexes.forget()
    assert SLUG not in {point["slug"] for point in resident.get("/kaart.json").json()["points"]}
    calendar = resident.get("/gebied/veghel/agenda.ics").content.decode()
    assert "Kersentuin" in calendar and "LOCATION" not in calendar
    given = resident.post("/api/v1/answer", {"text": "alleen", "place": "Veghel"},
                          content_type="application/json").json()  # fmt: skip
    (one,) = [hit for hit in given["entries"] if "Kersentuin" in hit["title"]]
    assert (one["distanceKm"], one["street"]) == (None, "")
