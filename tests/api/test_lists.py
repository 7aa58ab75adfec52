"""What a client may ask of a list, and that the answer is what was asked."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from omzien.areas.models import Postcode
from omzien.directory.hsds.ids import made_id
from omzien.directory.hsds.taxonomies import RUNGS, TOPICS, terms
from omzien.directory.models import Schedule, Service
from omzien.directory.queries import indexes
from omzien.journal.isolation import working_for
from tests.api.conftest import ENTRIES

pytestmark = pytest.mark.django_db
SERVICES, LINKS = "/hsds/v3/services", "/hsds/v3/service_at_locations"
THINGS = ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms")
ALL = ENTRIES + 3  # with the living room, the money desk and the national help line
TERM = {term.key: term.id for term in terms().values()}


def total(client, path, **asked):
    return client.get(path, asked).json()["total_items"]


def names(client, path, **asked):
    return [s["name"] for s in client.get(path, asked | {"per_page": 500}).json()["contents"]]


def test_a_list_has_twenty_on_a_page_and_goes_by_title(client):
    page = client.get(SERVICES).json()
    assert (page["total_items"], page["total_pages"], page["size"]) == (ALL, 3, 20)
    assert [s["name"] for s in page["contents"]][:2] == ["Aanbod 00", "Aanbod 01"]


def test_a_page_past_the_end_is_empty_and_not_the_last(client):
    page = client.get(SERVICES, {"page": 999999999}).json()
    assert page["contents"] == [] and page["empty"] and not page["last_page"]
    assert page["total_items"] == ALL


def test_nothing_found_is_one_empty_page(client):
    page = client.get(SERVICES, {"organization_id": made_id("nobody")}).json()
    assert (page["total_items"], page["total_pages"], page["size"]) == (0, 0, 0)
    assert page["first_page"] and page["last_page"] and page["empty"]


@pytest.mark.parametrize(
    "path",
    [*(f"/hsds/v3/{one}" for one in THINGS),
     # The profile of the United Kingdom has no list of organisations.
     *(f"/uk/v3/{one}" for one in THINGS if one != "organizations")],
)  # fmt: skip
def test_on_each_list_both_spellings_of_per_page_work_and_a_posted_search_is_the_same(client, path):
    full = client.get(path, {"per_page": 500}).json()
    for name in ("per_page", "perPage"):
        assert client.get(path, {name: 2}).json()["size"] == min(2, full["total_items"])
    words = {"search": "eenzaam", "per_page": 3}
    posted = client.post(path, words, content_type="application/json")
    assert posted.json() == client.get(path, words).json()
    assert posted["Cache-Control"] == "no-store"


def test_search_uses_our_own_search_engine_best_first(client):
    found = names(client, SERVICES, search="eenzaam en alleen thuis")
    assert "Open huiskamer De Kersentuin" in found[:3]
    assert "Loket Geldzaken" not in found
    assert names(client, SERVICES, search="qqxyzzyqq") == []


def test_search_in_the_other_lists(client):
    assert names(client, "/hsds/v3/organizations", search="kersentuin DE") == [
        "Buurtgroep De Kersentuin"
    ]
    assert names(client, "/hsds/v3/taxonomies", search="trede") == ["Ladder"]
    assert "Schulden" in " ".join(names(client, "/hsds/v3/taxonomy_terms", search="schuld"))
    assert total(client, LINKS, search="Aanbod 03") >= 1


def test_a_topic_a_domain_and_a_rung_are_terms(client):
    one = set(names(client, SERVICES, taxonomy_term_id=TERM["debt"]))
    domain = set(names(client, SERVICES, taxonomy_term_id=TERM["domain-money"]))
    assert "Loket Geldzaken" in one and one < domain
    rung = set(names(client, SERVICES, taxonomy_term_id=TERM["team"]))
    assert {f"Aanbod {n:02}" for n in range(ENTRIES) if n % 6 == 4} == rung


def test_different_parameters_all_count_and_of_a_repeated_one_any_will_do(client):
    team, self_ = TERM["team"], TERM["self"]
    both = set(names(client, SERVICES, taxonomy_term_id=[team, self_]))
    assert both == set(names(client, SERVICES, taxonomy_term_id=team)) | set(
        names(client, SERVICES, taxonomy_term_id=self_)
    )
    assert names(client, SERVICES, taxonomy_term_id=team, organization_id=made_id("x")) == []


def test_taxonomies_filter_services_and_organizations(client):
    assert total(client, SERVICES, taxonomy_id=made_id(RUNGS)) == ALL
    assert total(client, SERVICES, taxonomy_id=made_id(TOPICS)) == ALL
    assert total(client, SERVICES, taxonomy_id=made_id("no-such")) == 0
    assert total(client, "/hsds/v3/organizations", taxonomy_term_id=TERM["debt"]) >= 1
    assert total(client, "/hsds/v3/organizations", taxonomy_id=made_id("no-such")) == 0


def test_terms_by_taxonomy_by_parent_and_at_the_top(client):
    path = "/hsds/v3/taxonomy_terms"
    assert total(client, path, taxonomy_id=made_id(RUNGS)) == 6
    children = client.get(path, {"parent_id": TERM["domain-money"]}).json()["contents"]
    assert "debt" in {term["code"] for term in children}
    tops = client.get(path, {"top_only": "true", "per_page": 500}).json()["contents"]
    assert all("parent_id" not in term for term in tops)
    assert "money" not in {term["code"] for term in tops}


def test_an_organization_has_its_services_short_or_in_full(client, directory):
    number = str(directory.world.huiskamer.provider_id)
    assert names(client, SERVICES, organization_id=number) == ["Open huiskamer De Kersentuin"]
    path = f"/hsds/v3/organizations/{number}"
    short = client.get(path).json()["services"][0]
    assert "schedules" not in short
    full = client.get(path, {"full_service": "true"}).json()["services"][0]
    assert full["schedules"][0]["byday"] == "WE"


def test_modified_after_means_on_or_after(client, directory):
    service = directory.entries[3]
    with working_for("GM1948"):
        Service.objects.filter(pk=service.pk).update(changed_at="2026-11-25T09:00:00Z")

    def ask(moment):
        mine = {"organization_id": str(service.provider_id), "modified_after": moment}
        return total(client, SERVICES, **mine)

    assert ask("2026-11-25T09:00:00Z") == ask("2026-11-25T10:00:00+01:00") == 1
    assert ask("2026-11-25") == ask("2026-11-25T09:00:00") == 1
    assert ask("2026-11-25T09:00:01Z") == ask("2026-11-26") == 0
    # The plus of a zone that was not encoded arrives as a space.
    lost = client.get(f"{SERVICES}?modified_after=2026-11-25T10:00:00+01:00")
    assert lost.status_code == 200


def test_minimal_gives_numbers_and_moments_on_one_page(client):
    page = client.get(SERVICES, {"minimal": "true", "per_page": 5, "page": 2}).json()
    assert page["size"] == page["total_items"] == ALL and page["total_pages"] == 1
    assert all(set(thing) == {"id", "last_modified"} for thing in page["contents"])


def test_ndjson_streams_everything_a_line_each(client):
    for name in ("services", "organizations", "service_at_locations", "taxonomy_terms"):
        path = f"/hsds/v3/{name}"
        answer = client.get(path, {"format": "ndjson", "per_page": 3})
        assert answer.streaming and answer["Content-Type"].startswith("application/x-ndjson")
        lines = [json.loads(line) for line in answer.getvalue().decode().splitlines()]
        assert lines == client.get(path, {"per_page": 500}).json()["contents"]


def test_ndjson_works_after_the_transaction_of_the_request(client, monkeypatch):
    monkeypatch.setattr("omzien.api.hsds.views.AT_ONCE", 7)
    answer = client.get(SERVICES, {"format": "ndjson", "full": "true"})
    lines = [json.loads(line) for line in answer.getvalue().decode().splitlines()]
    assert len(lines) == ALL and all(line["attributes"] for line in lines)


def test_a_posted_search_is_the_same_search_with_the_words_in_the_body(client):
    words = {"search": "eenzaam", "per_page": 5, "taxonomy_id": [made_id(TOPICS)]}
    posted = client.post(SERVICES, words, content_type="application/json")
    assert posted.json() == client.get(SERVICES, words).json()
    assert posted["Cache-Control"] == "no-store"
    assert client.post(SERVICES, b"", content_type="application/json").json()["size"] == 20


def test_near_a_postcode(client):
    near = client.get(LINKS, {"postcode": "5481 AB", "proximity": 1200, "per_page": 500}).json()
    streets = [link["location"]["name"] for link in near["contents"]]
    assert streets and all(int(s.split()[1]) <= 10 for s in streets)
    assert total(client, LINKS, postcode="5481", proximity=0) == 1
    assert total(client, SERVICES, postcode="5481", proximity="1200") == near["total_items"]


def test_with_only_a_postcode_what_serves_that_village(client, directory):
    found = set(names(client, SERVICES, postcode="5481"))
    assert {"De Luisterlijn", "Loket Geldzaken", "Aanbod 00", "Aanbod 01"} <= found
    assert "Aanbod 05" not in found  # for Veghel only
    links = client.get(LINKS, {"postcode": "5481ab", "per_page": 500}).json()["contents"]
    assert {link["service"]["name"] for link in links} < found


def test_outside_the_municipality_only_what_is_national(client, directory):
    Postcode.objects.create(
        pc4="5401", town="Uden", lat=51.66, lon=5.61, buurt_codes=["BU19910501"]
    )
    assert names(client, SERVICES, postcode="5401") == ["De Luisterlijn"]


def test_ages_of_the_uk_profile(client):
    uk = "/uk/v3/services"
    assert names(client, uk, minimum_age=30) == ["Aanbod 32", "Aanbod 36"]
    assert names(client, uk, maximum_age="24") == ["Aanbod 00", "Aanbod 04"]
    assert names(client, uk, minimum_age=4, maximum_age=28) == ["Aanbod 04", "Aanbod 08"]
    assert total(client, SERVICES, minimum_age=30) == ALL  # not a parameter of HSDS itself


def test_days_and_times_of_the_uk_profile(client, directory):
    with working_for("GM1948"):
        Schedule.objects.exclude(service=directory.world.huiskamer).update(rule="FREQ=YEARLY")
    uk = "/uk/v3/services"
    huiskamer = ["Open huiskamer De Kersentuin"]
    assert names(client, uk, day="WE", start_time="10:00", end_time="12:00") == huiskamer
    assert names(client, uk, day="wednesday") == huiskamer
    assert names(client, uk, day=["MO", "WE"]) == huiskamer
    assert names(client, uk, day="TH") == []
    assert names(client, uk, day="WE", start_time="10:01") == []
    assert names(client, uk, day="WE", end_time="11:59:59") == []


RULE_DAYS = {
    "": {"MO"},
    "FREQ=DAILY": {"MO", "TU", "WE", "TH", "FR", "SA", "SU"},
    "FREQ=WEEKLY": {"MO"},
    "FREQ=WEEKLY;BYDAY=TU,FR;INTERVAL=2": {"TU", "FR"},
    "FREQ=MONTHLY;BYDAY=1SA": {"SA"},
    "FREQ=MONTHLY;BYMONTHDAY=3": set(),
}


def test_on_which_days_a_rule_falls(client, directory):
    for rule, days in RULE_DAYS.items():
        with working_for("GM1948"):
            Schedule.objects.exclude(service=directory.entries[0]).delete()
            Schedule.objects.update(rule=rule, first_on="2026-01-05")  # a Monday
        week = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
        assert {d for d in week if total(client, "/uk/v3/services", day=d)} == days, rule


def test_a_night_shift_does_not_end_early(client, directory):
    with working_for("GM1948"):
        Schedule.objects.exclude(service=directory.entries[0]).delete()
        Schedule.objects.update(starts="22:00", ends="02:00")
    assert total(client, "/uk/v3/services", end_time="23:00") == 0


QUERIES = {
    "services": 6,
    "services?full=true": 6,
    "services?postcode=5481&proximity=5000": 8,
    "services?search=eenzaam": 7,
    "organizations": 3,
    "organizations?full_service=true": 7,
    "service_at_locations": 7,
    "service_at_locations?full=true": 7,
    "taxonomy_terms": 1,
}


def test_a_list_asks_few_queries_whatever_its_length(client, monkeypatch):
    monkeypatch.setattr(indexes, "CHECK_EVERY", 0)  # else a slow run looks once more than a fast
    client.get("/hsds/v3/services?search=eenzaam")  # the index is in memory
    for path, queries in QUERIES.items():
        counts = []
        for per_page in (5, 500):
            join = "&" if "?" in path else "?"
            with CaptureQueriesContext(connection) as asked:
                client.get(f"/hsds/v3/{path}{join}per_page={per_page}")
            counts.append(sum("directory_" in q["sql"] or "areas_" in q["sql"] for q in asked))
        assert counts == [queries, queries], (path, counts)
