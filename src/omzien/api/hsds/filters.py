"""Which services a client asks for: all parameters count; of a repeated one any value will do."""

from collections.abc import Callable
from math import cos, radians
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from omzien.api.hsds.asked import Asked
from omzien.api.problems import bad_value
from omzien.areas.models import Municipality, Postcode
from omzien.areas.queries import villages_of
from omzien.areas.rules import code_of_municipality
from omzien.directory.hsds.ids import made_id
from omzien.directory.hsds.taxonomies import RUNGS, TOPICS, terms, topics_of_term
from omzien.directory.models import Schedule, Service, ServicePlace, ServiceQuerySet
from omzien.directory.queries.indexes import index_for
from omzien.directory.search.answer import matching
from omzien.kernel.geo import LatLon
from omzien.people.rules.roles import PUBLIC

KM_PER_DEGREE = 111.2
WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def services(asked: Asked, municipality: Municipality) -> ServiceQuerySet:
    """Return the services that everybody may see and that pass every filter."""
    found = Service.objects.visible_to(PUBLIC)
    for name, condition in CONDITIONS.items():
        if name in asked:
            found = found.filter(condition(asked[name]))
    if {"start_time", "end_time", "day"} & asked.keys():
        found = found.filter(Exists(_times(asked)))
    if "postcode" in asked:
        found = found.filter(_usable_at(asked, municipality))
    return found


def best_first(text: str, municipality: Municipality) -> list[str]:
    """Return the ids of the services that our own search finds for `text`, best first."""
    index, thesaurus = index_for(municipality.code, on=timezone.localdate())
    return matching(text, index, thesaurus)


def points_near(asked: Asked) -> list[tuple[str, str]]:
    """Return (service at place, service) for the places within `proximity` of `postcode`."""
    centre = _postcode(asked["postcode"])
    middle, km = LatLon(centre.lat, centre.lon), asked["proximity"] / 1000
    north = km / KM_PER_DEGREE + 0.001
    east = north / cos(radians(middle.lat))
    rows = ServicePlace.objects.filter(
        place__is_hidden=False,
        place__lat__range=(middle.lat - north, middle.lat + north),
        place__lon__range=(middle.lon - east, middle.lon + east),
    ).values_list("pk", "service_id", "place__lat", "place__lon")
    return [
        (str(pk), str(service))
        for pk, service, lat, lon in rows
        if lat is not None and lon is not None and middle.km_to(LatLon(lat, lon)) <= km
    ]


def _terms(wanted: list[str]) -> Q:
    topics = [code for term in wanted for code in topics_of_term(term)]
    rungs = [
        terms()[term].key for term in wanted if term in terms() and terms()[term].taxonomy == RUNGS
    ]
    return Q(topics__overlap=topics) | Q(rung__in=rungs)


def _taxonomies(wanted: list[str]) -> Q:
    if made_id(RUNGS) in wanted:  # every service stands on a rung
        return Q()
    return ~Q(topics=[]) if made_id(TOPICS) in wanted else Q(pk__in=[])


CONDITIONS: dict[str, Callable[[Any], Q]] = {
    "taxonomy_term_id": _terms,
    "taxonomy_id": _taxonomies,
    "organization_id": lambda ids: Q(provider_id__in=ids),
    "modified_after": lambda moment: Q(changed_at__gte=moment),
    "minimum_age": lambda age: Q(age_min__gte=age),
    "maximum_age": lambda age: Q(age_max__lte=age),
}


def _times(asked: Asked) -> Any:
    """Return the times of a service that start, end and fall on the asked day, all at once."""
    found = Schedule.objects.filter(service=OuterRef("pk"))
    if "start_time" in asked:
        found = found.filter(starts__gte=asked["start_time"])
    if "end_time" in asked:  # what runs past midnight ends later than any time of its day
        found = found.filter(ends__lte=asked["end_time"], ends__gt=F("starts"))
    if "day" in asked:
        day = Q()
        for wanted in asked["day"]:
            day |= _on_day(wanted)
        found = found.filter(day)
    return found


def _on_day(day: str) -> Q:
    """Return the rules that fall on a day: by name, daily, or as often as the first day says."""
    named = Q(rule__regex=rf"BYDAY=[^;]*{day}")
    unnamed = ~Q(rule__contains="BYDAY=")
    weekday = (WEEK.index(day) + 1) % 7 + 1  # Django counts from Sunday = 1
    by_first = (Q(rule="") | Q(rule__contains="FREQ=WEEKLY")) & Q(first_on__week_day=weekday)
    return named | (unnamed & (Q(rule__contains="FREQ=DAILY") | by_first))


def _usable_at(asked: Asked, municipality: Municipality) -> Q:
    """Return what can be used at a postcode: near it, or else offered to who lives there."""
    if "proximity" in asked:
        return Q(pk__in={service for _link, service in points_near(asked)})
    postcode = _postcode(asked["postcode"])
    covered = Q(reach=Service.Reach.NATIONAL)
    if municipality.code in {code_of_municipality(code) for code in postcode.buurt_codes}:
        here = set(postcode.buurt_codes)
        villages = [v.id for v in villages_of(municipality) if here & set(v.buurt_codes)]
        covered |= Q(reach__in=[Service.Reach.MUNICIPALITY, Service.Reach.REGION])
        covered |= Q(reach=Service.Reach.VILLAGES) & (
            Q(village_ids__overlap=villages) | Q(village_ids=[])
        )
    return covered


def _postcode(pc4: str) -> Postcode:
    found = Postcode.objects.filter(pk=pc4).first()
    if found is None:
        raise bad_value("postcode", _("deze postcode kennen we niet."))
    return found
