"""Taking an import back: all of it is as it was, except what somebody changed since."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from omzien.directory.actions.entries import change, withdraw
from omzien.directory.actions.forgetting import forget_before, forget_run
from omzien.directory.actions.freshness import put_back
from omzien.directory.actions.importing.taking_back import take_back
from omzien.directory.models import (
    ImportBefore,
    ImportRun,
    IndexVersion,
    Place,
    Provider,
    SearchTokens,
    Service,
    ServicePlace,
)
from omzien.directory.queries.import_files import what_goes_back
from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.people.privacy.mentions import Mentions
from omzien.people.privacy.retaining import by_clock
from tests.directory.test_importing import bring as bring

pytestmark = pytest.mark.django_db
# Everything that a second file can change of an entry.
OTHER = {
    "titel": "Koffie en soep", "omschrijving": "Elke vrijdag soep.",
    "onderwerpen": "loneliness", "trede": "algemeen", "telefoon": "0413-555 999",
    "e-mail": "soep@delinde.example", "website": "https://soep.example", "straat": "Soepstraat 9",
    "postcode": "5461jj", "plaats": "Veghel", "rolstoel": "nee", "tijden": "vr 12:00-13:00",
    "kosten": "€ 4", "kern": "Veghel", "e-mail beheerder": "soep@delinde.example",
    "doelgroep": "ouderen", "leeftijd van": "50", "gecontroleerd op": "2026-01-05",
}  # fmt: skip
TIMES = "wo 10:00-12:00 niet op 2026-12-23 ook op 2026-12-24 | vr 22:00-02:00 (dansen)"


def state(model, *out, **only):
    rows = model.objects.filter(**only).values()
    return sorted(str({k: v for k, v in row.items() if k not in out}) for row in rows)


def everything():
    """Return all that an import writes; keys that are made anew and times of change are out."""
    with working_for("GM1948"):
        own = Service.objects.filter(external_id__startswith="A-")
        return {
            "entries": state(Service, "changed_at", pk__in=own),
            "phones": [(str(p), p.note) for one in own for p in one.phones.all()],
            "times": sorted((str(s), s.note, str(s.also_on + s.except_on))
                            for one in own for s in one.schedules.all()),
            "links": state(ServicePlace, service__in=own),
            "places": state(Place, services__in=own),
            "providers": state(Provider, "changed_at", services__in=own),
            "words": state(SearchTokens, "version", service__in=own),
        }  # fmt: skip


def undo(report, on=None):
    with working_for("GM1948"):
        run = ImportRun.objects.get(pk=report.run)
        return take_back(run=run, on=on or timezone.localdate(), by="editor")


def entry(number="A-1"):
    with working_for("GM1948"):
        return Service.objects.get(external_id=number)


def test_everything_that_an_import_changed_is_as_it_was(bring):
    bring({"tijden": TIMES}, {"titel": "Eettafel"})
    before = everything()
    moved = {"titel": "Eettafel", "aanbieder": "Soepgroep"}
    second = bring({"tijden": TIMES} | OTHER, moved, {"titel": "Breien"})
    with working_for("GM1948"):
        assert entry("A-2").provider.name == "Soepgroep"
    assert entry().title == "Koffie en soep" and everything() != before
    found = undo(second)
    assert ([one.title for one in found.off], found.entries_back, found.kept) == (["Breien"], 2, [])
    with working_for("GM1948"):
        gone = Service.objects.get(title="Breien")
        assert not gone.is_public
        assert not Provider.objects.filter(name="Soepgroep").exists()
        assert not Place.objects.filter(street="Soepstraat 9").exists()
        assert not ImportBefore.objects.exists()
        gone.delete()
    assert everything() == before


def test_taking_back_twice_is_once(bring):
    bring()
    second = bring({"kosten": "€ 4"})
    undo(second)
    with working_for("GM1948"):
        change(service=entry(), changes={"cost": "€ 8"}, by="editor")
    again = undo(second)
    assert (again.entries_back, len(again.off)) == (0, 0) and entry().cost == "€ 8"
    with working_for("GM1948"):
        assert Fact.objects.filter(verb="take-back").count() == 1


@pytest.mark.parametrize("touch", ["changed", "withdrawn", "put back"])
def test_what_somebody_changed_since_is_named_and_left_alone(bring, touch):
    bring({}, {"titel": "Eettafel"})
    second = bring({"kosten": "€ 4"}, {"titel": "Eettafel", "kosten": "€ 4"})
    with working_for("GM1948"):
        if touch == "changed":
            change(service=entry(), changes={"waiting": "een week"}, by="editor")
        else:
            withdraw(service=entry(), on=timezone.localdate(), by="editor")
        if touch == "put back":
            put_back(service=entry(), on=timezone.localdate(), by="editor")
        run = ImportRun.objects.get(pk=second.run)
        told = what_goes_back(run)
    found = undo(second)
    for one in (told, found):
        assert [kept.title for kept in one.kept] == ["Koffie-inloop De Linde"]
        assert one.entries_back == 1
    assert (entry().cost, entry("A-2").cost) == ("€ 4", "gratis")
    assert entry().is_public == (touch != "withdrawn")


def test_a_new_entry_that_somebody_mended_stays_on_the_site(bring):
    first = bring({}, {"titel": "Eettafel"})
    with working_for("GM1948"):
        change(service=entry(), changes={"cost": "€ 8"}, by="editor")
    found = undo(first)
    assert [one.title for one in found.kept] == ["Koffie-inloop De Linde"]
    assert entry().is_public and not entry("A-2").is_public


def test_the_mended_file_brings_back_what_went_and_changes_what_came_back(bring):
    bring({})
    second = bring({"kosten": "€ 4"}, {"titel": "Eettafel"})
    undo(second)
    third = bring({"kosten": "€ 5"}, {"titel": "Eettafel"})
    assert (third.new, third.changed) == (0, 2)
    assert entry().cost == "€ 5" and entry("A-2").is_public
    undo(third)
    assert entry().cost == "gratis" and not entry("A-2").is_public


def test_what_an_editor_took_off_after_all_does_not_come_back_by_itself(bring):
    first = bring()
    undo(first, on=timezone.localdate() - timedelta(days=1))
    with working_for("GM1948"):
        put_back(service=entry(), on=timezone.localdate(), by="editor")
        withdraw(service=entry(), on=timezone.localdate(), by="editor")
    bring()
    assert not entry().is_public


def test_two_imports_are_taken_back_the_last_one_first(bring):
    bring()
    before = everything()
    second, third = bring({"kosten": "€ 4"}), bring({"kosten": "€ 5"})
    assert undo(third).entries_back == 1 and entry().cost == "€ 4"
    assert undo(second).entries_back == 1 and everything() == before


def test_an_earlier_import_is_not_taken_back_under_a_later_one(bring):
    bring()
    second = bring({"kosten": "€ 4"})
    bring({"kosten": "€ 5"})
    found = undo(second)
    assert (found.entries_back, len(found.kept)) == (0, 1) and entry().cost == "€ 5"


def test_a_place_where_others_are_too_is_not_moved(bring, world):
    bring({}, {"titel": "Eettafel"})  # both in the Lindestraat
    second = bring({"straat": "Soepstraat 9"}, {"titel": "Eettafel"})
    with working_for("GM1948"):
        change(service=entry("A-2"), changes={"cost": "€ 8"}, by="editor")
    undo(second)
    with working_for("GM1948"):
        streets = {one.places.get().street for one in (entry(), entry("A-2"))}
        assert streets == {"Lindestraat 1"} and Place.objects.count() == 1


def test_a_place_that_all_left_is_theirs_again(bring):
    bring({}, {"titel": "Eettafel"})
    before = everything()
    undo(bring({"straat": "Markt 1"}, {"titel": "Eettafel", "straat": "Markt 2"}))
    assert everything() == before
    with working_for("GM1948"):
        assert [place.street for place in Place.objects.all()] == ["Lindestraat 1"]


def test_another_municipality_sees_nothing_of_what_was(bring):
    bring()
    bring({"kosten": "€ 4"})
    with working_for("GM1991"):
        assert not ImportBefore.objects.exists()
    with working_for("GM1948"):
        assert ImportBefore.objects.count() == 1


def test_a_provider_gets_back_what_a_file_filled_in(bring):
    bring({})
    second = bring({"soort aanbieder": "kerk of moskee"})
    with working_for("GM1948"):
        assert entry().provider.kind == "church"
    undo(second)
    with working_for("GM1948"):
        assert entry().provider.kind == "foundation"


def test_only_what_changes_is_kept_and_for_thirty_days(bring, world):
    bring({"e-mail beheerder": "ans@delinde.example"})
    second = bring({"e-mail beheerder": "ans@delinde.example", "kosten": "€ 4"})
    with working_for("GM1948"):
        kept = ImportBefore.objects.get()
        assert set(kept.before["columns"]) == {"cost", "is_free", "topics"}
        assert "ans@delinde.example" not in str(kept.before)
    today = timezone.localdate()
    by_clock(municipality=world.meierijstad, on=today + timedelta(days=30))
    with working_for("GM1948"):
        assert ImportBefore.objects.count() == 1
    by_clock(municipality=world.meierijstad, on=today + timedelta(days=31))
    with working_for("GM1948"):
        assert not ImportBefore.objects.exists()
        told = what_goes_back(ImportRun.objects.get(pk=second.run))
    assert (told.entries_back, told.forgotten, told.does_something) == (0, 1, False)


def test_who_is_erased_does_not_come_back(bring):
    bring({"e-mail beheerder": "ans@delinde.example"})
    second = bring({"e-mail beheerder": "piet@delinde.example", "kosten": "€ 4"})
    with working_for("GM1948"):
        who = Mentions.of(name="", addresses=["ans@delinde.example"], phone="")
        assert forget_before(who) == 1
        assert "ans@delinde.example" not in str(list(ImportBefore.objects.values()))
    found = undo(second)
    assert (found.entries_back, len(found.kept)) == (0, 1)
    assert entry().owner_email == "piet@delinde.example"


def test_a_trial_and_a_refusal_keep_nothing(bring):
    first = bring()
    bring({"kosten": "€ 4"}, dry_run=True)
    bring({"kosten": "€ 4", "titel": ""})
    with working_for("GM1948"):
        assert not ImportBefore.objects.exists()
        assert forget_run(first.run) == 0


@pytest.mark.parametrize(
    ("what", "most"), [({}, 20), ({"kosten": "€ 4"}, 31), (OTHER | {"aanbieder": "Soepgroep"}, 55)]
)
def test_many_are_taken_back_with_as_many_statements_as_a_few(bring, what, most):
    def taken(number):
        rows = [{"titel": f"Aanbod {number} {one}"} for one in range(number)]
        numbers = [{"nummer": f"A-{number}-{one}"} for one in range(number)]
        before = bring(*(row | one for row, one in zip(rows, numbers, strict=True)))
        again = [row | one | what | {"titel": row["titel"]}
                 for row, one in zip(rows, numbers, strict=True)]  # fmt: skip
        report = bring(*again) if what else before
        with CaptureQueriesContext(connection) as found:
            done = undo(report)
        assert len(done.off) == (0 if what else number)
        assert done.entries_back == (number if what else 0)
        return len(found)

    few, many = taken(2), taken(40)
    assert many <= few <= most


def test_what_goes_back_is_found_by_its_old_words_and_what_goes_off_is_not_found(bring):
    bring({"titel": "Eettafel"})
    second = bring({"titel": "Borduren"}, {"titel": "Breien"})
    undo(second)
    with working_for("GM1948"):
        words = SearchTokens.objects.get(service__external_id="A-1")
        newest = IndexVersion.objects.get(municipality="GM1948").version
        gone = SearchTokens.objects.get(service__external_id="A-2")
    assert "eettafel" in words.tokens and "borduren" not in words.tokens
    assert words.version == newest and gone.version >= newest - 1
    gone = entry("A-2").extra["import"]
    assert gone["taken_back"] == timezone.localdate().isoformat() and "marks" in gone


def test_a_provider_that_gets_its_old_name_back_is_found_by_it(bring):
    bring({"aanbieder": "Linde", "nummer": "A-1", "omschrijving aanbieder": ""})
    with working_for("GM1948"):
        provider = entry().provider
        before = Fact.objects.count()
    second = bring({"aanbieder": "Linde", "e-mail aanbieder": "nieuw@linde.example"})
    undo(second)
    with working_for("GM1948"):
        provider.refresh_from_db()
        assert provider.email == "" and provider.name == "Linde"
        assert SearchTokens.objects.get(service=entry()).version > 1
        assert Fact.objects.count() > before
