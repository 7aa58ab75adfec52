"""One small named world: two municipalities, two villages each, a few providers and entries.

Meierijstad and Maashorst are real municipalities; every provider here is invented.
"""

from dataclasses import dataclass
from datetime import date, time

from omzien.areas.models import Buurt, Municipality, Postcode, Village
from omzien.directory.models import Domain, Phone, Provider, Schedule, Service, Topic
from omzien.journal.isolation import SHARED, working_for
from omzien.kernel.ladder import Rung
from omzien.kernel.text import slugify, sort_key

TODAY = date(2026, 11, 25)


@dataclass
class World:
    meierijstad: Municipality
    maashorst: Municipality
    schijndel: Village
    veghel: Village
    uden: Village
    huiskamer: Service
    """Community meeting place in Schijndel, about loneliness and carers."""
    geldzaken: Service
    """General money desk of the municipality."""
    luisterlijn: Service
    """National help line, shared by all."""
    udense_koffie: Service
    """Belongs to Maashorst: invisible in Meierijstad."""


def build() -> World:
    meierijstad = Municipality.objects.create(
        code="GM1948", name="Meierijstad", slug="meierijstad", host="meierijstad.localhost"
    )
    maashorst = Municipality.objects.create(
        code="GM1991", name="Maashorst", slug="maashorst", host="maashorst.localhost"
    )
    schijndel = _village(meierijstad, "Schijndel", 51.622, 5.432, "BU19480225")
    veghel = _village(meierijstad, "Veghel", 51.616, 5.548, "BU19480429")
    uden = _village(maashorst, "Uden", 51.661, 5.616, "BU19910501")
    Postcode.objects.create(
        pc4="5481", town="Schijndel", lat=51.622, lon=5.432, buurt_codes=["BU19480225"]
    )
    money = Domain.objects.create(code="money", label_nl="Geld en rondkomen", label_en="Money")
    mind = Domain.objects.create(code="mind", label_nl="Hoofd en gevoel", label_en="Mind")
    Topic.objects.create(code="debt", domain=money, label_nl="Schulden", label_en="Debts")
    Topic.objects.create(
        code="loneliness", domain=mind, label_nl="Eenzaamheid", label_en="Loneliness"
    )
    with working_for("GM1948"):
        huiskamer = a_service(
            meierijstad,
            "Open huiskamer De Kersentuin",
            "Buurtgroep De Kersentuin",
            "initiative",
            "Iedere woensdag koffie en gezelschap. Alleen thuis? Schuif aan, ook als mantelzorger.",
            Rung.COMMUNITY,
            ["loneliness"],
            schijndel,
            is_meeting_place=True,
            wheelchair=True,
            is_free=True,
            cost="gratis",
            without_appointment=True,
        )
        Schedule.objects.create(
            municipality=meierijstad,
            service=huiskamer,
            is_activity=True,
            first_on=date(2026, 1, 7),
            starts=time(10),
            ends=time(12),
            rule="FREQ=WEEKLY;BYDAY=WE",
        )
        geldzaken = a_service(
            meierijstad,
            "Loket Geldzaken",
            "Gemeente, loket Geldzaken",
            "municipality",
            "Hulp bij schulden, rekeningen en beslag op loon.",
            Rung.GENERAL,
            ["debt"],
            veghel,
        )
        Phone.objects.create(municipality=meierijstad, service=geldzaken, number="0413-555 101")
    with working_for("GM1991"):
        udense_koffie = a_service(
            maashorst,
            "Koffie in Uden",
            "Buurt aan Tafel Uden",
            "informal",
            "Koffie met buren in Uden.",
            Rung.COMMUNITY,
            ["loneliness"],
            uden,
        )
    with working_for(SHARED):
        luisterlijn = a_service(
            None,
            "De Luisterlijn",
            "De Luisterlijn",
            "national",
            "Dag en nacht iemand die luistert.",
            Rung.GENERAL,
            ["loneliness"],
            None,
            reach="national",
        )
    return World(
        meierijstad,
        maashorst,
        schijndel,
        veghel,
        uden,
        huiskamer,
        geldzaken,
        luisterlijn,
        udense_koffie,
    )


def _village(municipality: Municipality, name: str, lat: float, lon: float, buurt: str) -> Village:
    Buurt.objects.create(
        code=buurt,
        year=2024,
        name=name,
        wijk_code="WK" + buurt[2:8],
        municipality=municipality,
        lat=lat,
        lon=lon,
        figures={"inhabitants": 1000, "aged_65_plus": 220},
    )
    return Village.objects.create(
        municipality=municipality,
        slug=slugify(name),
        name=name,
        buurt_codes=[buurt],
        lat=lat,
        lon=lon,
    )


def a_service(
    municipality: Municipality | None,
    title: str,
    provider: str,
    kind: str,
    description: str,
    rung: Rung,
    topics: list[str],
    village: Village | None,
    **fields: object,
) -> Service:
    owner = Provider.objects.create(
        municipality=municipality, name=provider, sort_name=sort_key(provider), kind=kind
    )
    return Service.objects.create(
        municipality=municipality,
        provider=owner,
        slug=slugify(title),
        title=title,
        sort_title=sort_key(title),
        description=description,
        rung=rung,
        topics=topics,
        village=village,
        checked_on=TODAY,
        contacts_checked_on=TODAY,
        owner_email="eigenaar@voorbeeld.example",
        languages=["nl"],
        **fields,
    )
