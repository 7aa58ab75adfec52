"""Builds the demonstration: two municipalities, their areas, and an invented directory."""

from collections.abc import Callable
from datetime import date

from omzien.areas.actions import load_shipped
from omzien.areas.models import Municipality, Village
from omzien.demo import corpus
from omzien.demo.upkeep import EDITOR, neglect, wonder
from omzien.directory import actions
from omzien.directory.actions.entries import publish
from omzien.directory.models import Place, Provider, Service
from omzien.journal.isolation import SHARED, working_for
from omzien.kernel.geo import LatLon

DIRECTORIES = {"GM1948": "meierijstad.jsonl", "GM1991": "maashorst.jsonl"}
HOSTS = {"GM1948": "meierijstad.localhost", "GM1991": "maashorst.localhost"}
BY = "demo"


def build(*, on: date, say: Callable[[str], None]) -> None:
    """Build what is not there yet; a second run changes nothing."""
    if Municipality.objects.filter(host__in=HOSTS.values()).count() == len(HOSTS) and _is_filled():
        say("De demonstratie staat er al.")
        return
    say("Gebieden laden: gemeenten, wijken, buurten, dorpen, postcodes ...")
    load_shipped(by=BY)
    actions.load_topics()
    for code, host in HOSTS.items():
        Municipality.objects.filter(code=code).update(
            host=host,
            editors_email=EDITOR,
            settings={
                "demo": True,
                "crisis_desk": "0413-555 112",
                "crisis_desk_name": "Spoedloket van de gemeente (demonstratie)",
            },
        )
    for code, name in DIRECTORIES.items():
        say(f"Sociale kaart vullen: {name} ...")
        municipality = Municipality.objects.get(code=code)
        _fill(municipality, name, on)
        neglect(municipality, on=on)
        wonder(municipality, on=on)


def _is_filled() -> bool:
    with working_for("GM1991"):
        return Service.objects.filter(municipality="GM1991").exists()


def _fill(municipality: Municipality, name: str, on: date) -> None:
    villages = {v.name: v for v in municipality.villages.all()}
    entries = list(corpus.read(name, villages=villages, on=on))
    for is_shared, scope in ((True, SHARED), (False, municipality.code)):
        with working_for(scope):
            providers: dict[str, Provider] = {}
            for entry in entries:
                if entry.is_shared == is_shared:
                    _publish(None if is_shared else municipality, entry, providers)


def _publish(
    municipality: Municipality | None, entry: corpus.DemoEntry, providers: dict[str, Provider]
) -> None:
    line = entry.line
    provider = providers.get(line["provider"])
    if provider is None:
        provider = actions.add_provider(
            municipality=municipality,
            name=line["provider"],
            kind=line["provider_kind"],
            by=BY,
            email=line["contact"]["email"] or "",
        )
        providers[line["provider"]] = provider
    service = publish(provider=provider, draft=entry.draft, by=BY)
    if line["address"] and service.village:
        _house(service, line["address"])


def _house(service: Service, street: str) -> None:
    village: Village = service.village  # type: ignore[assignment]
    point = LatLon(village.lat, village.lon) if village.lat and village.lon else None
    place = Place.objects.create(
        municipality_id=service.municipality_id,
        street=street,
        town=village.name,
        village=village,
        lat=point.lat if point else None,
        lon=point.lon if point else None,
        wheelchair=service.wheelchair,
    )
    service.places.add(place, through_defaults={"municipality_id": service.municipality_id})
