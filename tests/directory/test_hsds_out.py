"""An entry in the words of HSDS."""

from datetime import date, time

from omzien.directory.hsds.taxonomies import terms, topics_of_term
from omzien.directory.hsds.write import service_out
from omzien.directory.models import Place, Schedule, Service, ServicePlace
from omzien.journal.isolation import working_for


def _out(service):
    return service_out(Service.objects.with_hsds().get(pk=service.pk))


def test_the_living_room_comes_out_with_its_times_topics_and_rung(world):
    with working_for("GM1948"):
        out = _out(world.huiskamer)
    assert out["status"] == "active"
    assert out["assured_date"] == "2026-11-25"
    assert out["schedules"][0]["freq"] == "WEEKLY"
    assert out["schedules"][0]["byday"] == "WE"
    assert {a["value"] for a in out["attributes"]} == {"loneliness", "community"}
    assert out["organization"]["description"]


def test_the_private_address_of_an_owner_is_not_told(world):
    with working_for("GM1948"):
        assert "assurer_email" not in _out(world.huiskamer)


def test_a_hidden_place_never_comes_out(world):
    with working_for("GM1948"):
        place = Place.objects.create(
            municipality=world.meierijstad, street="Geheimlaan 1", town="Veghel", is_hidden=True
        )
        ServicePlace.objects.create(
            municipality=world.meierijstad, service=world.geldzaken, place=place
        )
        assert "Geheimlaan" not in str(_out(world.geldzaken))


def test_a_daily_rule_is_said_as_a_week_and_a_yearly_rule_in_our_own_field(world):
    with working_for("GM1948"):
        for rule in ("FREQ=DAILY", "FREQ=YEARLY"):
            Schedule.objects.create(
                municipality=world.meierijstad,
                service=world.geldzaken,
                first_on=date(2026, 1, 1),
                starts=time(9),
                ends=time(10),
                rule=rule,
            )
        daily, yearly = _out(world.geldzaken)["schedules"]
    assert (daily["freq"], daily["byday"]) == ("WEEKLY", "MO,TU,WE,TH,FR,SA,SU")
    assert "freq" not in yearly
    assert yearly["omzien_rule"] == "FREQ=YEARLY"


def test_a_domain_stands_for_all_its_topics(world):
    by_key = {term.key: term.id for term in terms().values()}
    assert topics_of_term(by_key["debt"]) == ("debt",)
    assert "debt" in topics_of_term(by_key["domain-money"])
    assert topics_of_term("niets") == ()
