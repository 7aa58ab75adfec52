"""A directory of forty entries, with all that must never come out beside it."""

import copy
import os
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from omzien.directory.actions import load_topics, reindex
from omzien.directory.language.topics import codes
from omzien.directory.models import Phone, Place, Provider, Schedule, Service, ServicePlace
from omzien.directory.queries import indexes
from omzien.journal.isolation import SHARED, working_for
from omzien.kernel.ladder import LADDER
from tests.worlds import World, build

SHARED_DATA = Path(os.environ.get("OMZIEN_SHARED", Path(__file__).parents[3] / "shared"))
HOST = "meierijstad.localhost"
ENTRIES = 40
RULES = ("FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=DAILY", "FREQ=MONTHLY;BYDAY=1TU", "", "FREQ=YEARLY")


@dataclass
class Directory:
    world: World
    entries: list[Service]
    draft: Service
    withdrawn: Service
    left: Service
    hidden: ServicePlace
    shown: ServicePlace


@pytest.fixture(scope="session")
def shared_hsds():
    folder = SHARED_DATA / "data" / "hsds"
    if not folder.exists():
        pytest.skip(f"OVERGESLAGEN: geen gedeelde data in {folder} (zet OMZIEN_SHARED)")
    return folder


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """The directory, once for a file: each test undoes only what it did itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _build(build())
        transaction.set_rollback(True)


@pytest.fixture
def directory(built, db):
    return copy.deepcopy(built)


@pytest.fixture
def world(directory):
    return directory.world


def _build(world):
    load_topics()
    with working_for("GM1948"):
        entries = [_entry(world, number) for number in range(ENTRIES)]
        kept = _kept_back(world)
        places = _places(world, entries)
    for code in ("GM1948", "GM1991", SHARED):
        with working_for(code):
            owner = None if code == SHARED else code
            reindex(Service.objects.filter(municipality_id=owner).select_related("provider"))
    indexes.forget()
    return Directory(world, entries, *kept, *places)


@pytest.fixture
def client(directory):
    return Client(HTTP_HOST=HOST)


def _entry(world, number, **facts):
    provider = Provider.objects.create(
        municipality=world.meierijstad,
        name=f"Aanbieder {number:02}",
        sort_name=f"aanbieder {number:02}",
        kind=Provider.Kind.values[number % 11],
        website="https://www.aanbieder.example/over%20ons" if number % 3 else "",
        email="info@aanbieder.example" if number % 2 else "",
    )
    all_codes = codes()
    facts = {
        "topics": [all_codes[number % len(all_codes)]],
        "rung": LADDER[number % 6],
        "age_min": number if number % 4 == 0 else None,
        "age_max": number + 20 if number % 4 == 0 else None,
        "cost": "gratis" if number % 2 else "€ 2,50 per keer",
        "is_free": bool(number % 2),
        "capacity": 3 if number % 5 == 0 else None,
        "capacity_on": date(2026, 11, 1) if number % 5 == 0 else None,
        "checked_on": date(2026, 11, 1) if number % 3 else None,
        "status": Service.Status.PAUSED if number == 7 else Service.Status.ACTIVE,
        "languages": ["nl", "pl"],
        "website": "https://www.aanbieder.example/aanbod" if number % 2 else "",
        "reach": Service.Reach.VILLAGES if number % 4 == 1 else Service.Reach.MUNICIPALITY,
        "village_ids": [(world.schijndel if number % 8 == 1 else world.veghel).pk],
        "village": world.schijndel if number % 2 else world.veghel,
    } | facts
    service = Service.objects.create(
        municipality=world.meierijstad,
        provider=provider,
        slug=f"aanbod-{number:02}",
        title=f"Aanbod {number:02}",
        sort_title=f"aanbod {number:02}",
        description=f'Beschrijving van nummer {number}, met "tekens" & é.',
        **facts,
    )
    owner = {"municipality": world.meierijstad, "service": service}
    Phone.objects.create(number="0413-555 100", note="op werkdagen", **owner)
    Schedule.objects.create(
        first_on=date(2026, 1, 5),
        starts=time(9 + number % 10),
        ends=time(11 + number % 10),
        rule=RULES[number % 5],
        **owner,
    )
    return service


def _kept_back(world):
    draft = _entry(world, 90, status=Service.Status.DRAFT)
    withdrawn = _entry(world, 91, status=Service.Status.WITHDRAWN)
    left = _entry(world, 92, left_on=date(2026, 1, 1))
    return draft, withdrawn, left


def _places(world, entries):
    owner = {"municipality": world.meierijstad}
    for number, service in enumerate(entries[:30]):
        place = Place.objects.create(
            name=f"Plek {number}",
            street=f"Kerkstraat {number}",
            postcode="5481 AB" if number % 2 else "",
            town="Schijndel",
            lat=51.622 + number / 1000,
            lon=5.432,
            wheelchair=(True, False, None)[number % 3],
            **owner,
        )
        shown = ServicePlace.objects.create(service=service, place=place, **owner)
    secret = Place.objects.create(
        name="Blijf", street="Geheimlaan 1", town="Veghel", lat=51.622, lon=5.432, is_hidden=True,
        **owner,
    )  # fmt: skip
    hidden = ServicePlace.objects.create(service=entries[0], place=secret, **owner)
    return hidden, shown
