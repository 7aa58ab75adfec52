"""The demonstration's people: partners, area teams, and somebody in every role."""

import tomllib
from datetime import date, timedelta
from importlib import resources
from typing import Any

from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.directory.models import Provider
from omzien.journal.isolation import working_for
from omzien.kernel.text import slugify, sort_key
from omzien.people.actions.memberships import appoint, be_away, welcome_person
from omzien.people.actions.reviews import open_due_reviews
from omzien.people.actions.starting import own_organisation
from omzien.people.actions.teams import form_team, found_organisation
from omzien.people.models import Account, Mandate, Membership, Organisation, Person, Team
from omzien.people.rules.roles import DEMO, Role

SINCE_DAYS = 400


def invite_everybody(*, on: date) -> None:
    """Make everybody of `people.toml` who is not there yet; a second run changes nothing."""
    text = resources.files("omzien.demo.data").joinpath("people.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    for municipality in Municipality.objects.filter(code__in=data):
        with working_for(municipality.code):
            if Team.objects.filter(municipality=municipality).exists():
                continue
            _fill(municipality, data["organisations"], data[municipality.code], on)


def _fill(
    municipality: Municipality, partners: list[dict[str, str]], data: dict[str, Any], on: date
) -> None:
    organisations = {one["name"]: _organisation(one, municipality) for one in partners}
    villages = dict(municipality.villages.values_list("slug", "pk"))
    teams = {
        one["name"]: _team(one, municipality, organisations, villages) for one in data["teams"]
    }
    people: dict[str, Person] = {}
    for line in data["people"]:
        people[line["name"]] = person = _person(line, municipality)
        if "role" in line:
            _appoint(person, line, municipality, organisations, teams, on)
        if "proxy_of" in line:
            _mandate(person, people[line["proxy_of"]], on)
    open_due_reviews(municipality=municipality, on=on)


def _organisation(line: dict[str, str], municipality: Municipality) -> Organisation:
    found = Organisation.objects.filter(sort_name=sort_key(line["name"])).first()
    return found or found_organisation(**line, municipality=municipality.code, by=DEMO)


def _team(
    line: dict[str, Any],
    municipality: Municipality,
    organisations: dict[str, Organisation],
    villages: dict[str, int],
) -> Team:
    more = dict(line)
    partner = organisations.get(more.pop("organisation", ""))
    keys = [villages[slug] for slug in more.pop("villages", [])]
    return form_team(
        municipality=municipality, organisation=partner, villages=keys, by=DEMO, **more
    )


def _person(line: dict[str, Any], municipality: Municipality) -> Person:
    address = line.get("email") or f"{slugify(line['name'])}@voorbeeld.example"
    account = Account.objects.filter(email=address).first() or Account.objects.create_user(address)
    return welcome_person(
        municipality=municipality,
        name=line["name"],
        email=address,
        phone=line.get("phone", ""),
        account=account,
        by=DEMO,
    )


def _appoint(
    person: Person,
    line: dict[str, Any],
    municipality: Municipality,
    organisations: dict[str, Organisation],
    teams: dict[str, Team],
    on: date,
) -> Membership:
    organisation = organisations.get(line.get("organisation", "")) or own_organisation(municipality)
    if "provider" in line:
        Provider.objects.filter(name=line["provider"], municipality=municipality).update(
            organisation=organisation
        )
    membership = appoint(
        person=person,
        organisation=organisation,
        role=Role(line["role"]),
        team=teams.get(line.get("team", "")),
        starts_on=on - timedelta(days=SINCE_DAYS),
        by=DEMO,
    )
    if "away" in line:
        first, last = (on + timedelta(days=days) for days in line["away"])
        be_away(membership=membership, first_on=first, last_on=last, by=DEMO)
    return membership


def _mandate(proxy: Person, resident: Person, on: date) -> None:
    Mandate.objects.create(
        municipality_id=resident.municipality_id,
        resident=resident,
        proxy=proxy,
        what=[Mandate.What.LOOK, Mandate.What.TALK],
        starts_on=on,
        ends_on=on + timedelta(days=365),
        confirmed_at=timezone.now(),
    )
