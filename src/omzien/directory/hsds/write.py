"""Our entries as HSDS 3.1 objects. What HSDS cannot say goes in `extra` under our prefix.

A hidden place (a shelter) is never written. HSDS schedules know WEEKLY and MONTHLY only
and no exceptions: a daily rule becomes a week of seven days, a rule that cannot be said
is told in words in `description`, with the whole rule in `omzien_rule`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from omzien.directory.hsds import keeping
from omzien.directory.hsds.ids import made_id
from omzien.directory.hsds.taxonomies import RUNGS, TOPICS, term_out, terms
from omzien.directory.models import Phone, Place, Provider, Schedule, Service, ServicePlace
from omzien.kernel.recurrence import last_day

STATUS = {
    Service.Status.ACTIVE: "active",
    Service.Status.PAUSED: "temporarily closed",
    Service.Status.DRAFT: "inactive",
    Service.Status.WITHDRAWN: "defunct",
}
WEEK = "MO,TU,WE,TH,FR,SA,SU"
EXTENT = {
    "villages": "Kernen",
    "municipality": "Gemeente",
    "region": "Regio",
    "national": "Nederland",
}
WHEELCHAIR = {True: "Rolstoeltoegankelijk", False: "Niet rolstoeltoegankelijk"}


@dataclass(frozen=True)
class Parts:
    """The rows that hang on a service."""

    phones: Sequence[Phone]
    schedules: Sequence[Schedule]
    links: Sequence[ServicePlace]


def service_out(
    service: Service, *, full: bool = True, with_persons: bool = False
) -> dict[str, Any]:
    """Return a service fetched by `with_hsds`, with what its source said beyond our columns.

    Without `full` it holds one-to-one fields only, as lists ask (HSDS API reference).
    Without `with_persons` names of contact persons stay behind: they agreed with the
    source, not with us, that their name is public (GDPR art. 5: data minimisation).
    """
    parts = Parts(
        list(service.phones.all()),
        list(service.schedules.all()),
        list(service.serviceplace_set.all()),
    )
    out = bare_service_out(service, parts, full=full)
    if any(link.place.is_hidden for link in parts.links):
        return out  # the source may name the hidden address anywhere
    return keeping.put_back(
        out, service.extra.get("hsds", {}), full=full, with_persons=with_persons
    )


def bare_service_out(service: Service, parts: Parts, *, full: bool = True) -> dict[str, Any]:
    """Return what our own columns say of a service."""
    plain = _without_empty(
        {
            "id": str(service.pk),
            "organization_id": str(service.provider_id),
            "name": service.title,
            "description": service.description,
            "url": service.website,
            "email": service.email,
            "status": STATUS[Service.Status(service.status)],
            "application_process": _application(service),
            "fees_description": service.cost,
            "wait_time": service.waiting,
            "eligibility_description": _eligibility(service),
            "minimum_age": service.age_min,
            "maximum_age": service.age_max,
            "assured_date": service.checked_on.isoformat() if service.checked_on else None,
            "assurer_email": _assurer(service),
            "alert": "Voorbeeldgegevens: verzonnen." if service.is_demo else "",
            "last_modified": service.changed_at.isoformat(),
            "organization": organization_out(service.provider, full=full),
        }
    )
    plain |= _without_empty(
        {
            "omzien_slug": service.slug,
            "omzien_kept_by": service.kept_by,
            "omzien_needs_referral": service.needs_referral,
            "omzien_is_meeting_place": service.is_meeting_place,
            "omzien_without_appointment": service.without_appointment,
            "omzien_wheelchair": service.wheelchair,
            "omzien_audience": service.audience,
            "omzien_eligibility": service.eligibility if service.audience else "",
            "omzien_keywords": service.keywords,
            "omzien_village": service.village.name if service.village else "",
            "omzien_contacts_checked_on": service.contacts_checked_on.isoformat()
            if service.contacts_checked_on
            else None,
            "omzien_is_demo": service.is_demo or None,
            "omzien_suggested": list(service.extra.get("suggested", ())),
        }
    )
    return plain | (_many(service, parts) if full else {})


def _many(service: Service, parts: Parts) -> dict[str, Any]:
    key = str(service.pk)
    return {
        "phones": [
            _without_empty(
                {
                    "id": made_id("phone", key, phone.position),
                    "service_id": key,
                    "number": phone.number,
                    "description": phone.note,
                }
            )
            for phone in parts.phones
        ],
        "schedules": [
            schedule_out(schedule, key, position)
            for position, schedule in enumerate(parts.schedules)
        ],
        "service_areas": [_area(service)],
        "service_at_locations": [
            at_location_out(link) for link in parts.links if not link.place.is_hidden
        ],
        "languages": [
            {"id": made_id("language", key, code), "service_id": key, "code": code, "name": code}
            for code in service.languages
        ],
        "cost_options": _costs(service),
        "attributes": _attributes(service),
        "capacities": _capacities(service),
    }


def organization_out(provider: Provider, *, full: bool = False) -> dict[str, Any]:
    """Return a provider; HSDS requires a description, so that its kind stands in for one."""
    return _without_empty(
        {
            "id": str(provider.pk),
            "name": provider.name,
            "description": provider.description or f"{provider.name} ({provider.kind})",
            "email": provider.email,
            "website": provider.website,
            "legal_status": provider.kind,
            "phones": [{"id": made_id("phone", provider.pk), "number": provider.phone}]
            if full and provider.phone
            else [],
        }
    )


def location_out(place: Place) -> dict[str, Any]:
    """Return a place that may be shown."""
    key = str(place.pk)
    address = {
        "id": made_id("address", key),
        "location_id": key,
        "address_1": place.street,
        "city": place.town,
        "state_province": "",
        "postal_code": place.postcode,
        "country": "NL",
        "address_type": "physical",
    }
    access = {
        "id": made_id("accessibility", key),
        "location_id": key,
        "description": WHEELCHAIR.get(bool(place.wheelchair), ""),
    }
    return _without_empty(
        {
            "id": key,
            "location_type": "physical",
            "name": place.name,
            "latitude": place.lat,
            "longitude": place.lon,
        }
    ) | {
        "addresses": [address] if place.street or place.postcode or place.town else [],
        "accessibility": [] if place.wheelchair is None else [access],
    }


def at_location_out(link: ServicePlace, *, service: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a service at a place, with the service inside when it is given."""
    out: dict[str, Any] = {
        "id": str(link.pk),
        "service_id": str(link.service_id),
        "location_id": str(link.place_id),
        "location": location_out(link.place),
    }
    return out | ({"service": service} if service else {})


def schedule_out(schedule: Schedule, service_id: str, position: int) -> dict[str, Any]:
    """Return a schedule, with the part of its rule that HSDS can say."""
    rule = dict(part.split("=", 1) for part in schedule.rule.split(";") if "=" in part)
    freq = rule.get("FREQ", "")
    by_day = rule.get("BYDAY", "")
    if freq == "DAILY" and rule.get("INTERVAL", "1") == "1":
        freq, by_day = "WEEKLY", by_day or WEEK
    until = last_day(schedule.recurrence) if schedule.rule else schedule.first_on
    said = freq in ("WEEKLY", "MONTHLY")
    return _without_empty(
        {
            "id": made_id("schedule", service_id, position),
            "service_id": service_id,
            "dtstart": schedule.first_on.isoformat(),
            "until": until.isoformat() if until else None,
            "count": int(rule["COUNT"]) if rule.get("COUNT", "").isdigit() else None,
            "freq": freq if said else None,
            "interval": int(rule["INTERVAL"]) if said and "INTERVAL" in rule else None,
            "byday": by_day if said else None,
            "bymonthday": rule.get("BYMONTHDAY") if said else None,
            "wkst": rule.get("WKST"),
            "opens_at": f"{schedule.starts:%H:%M}",
            "closes_at": f"{schedule.ends:%H:%M}",
            "description": schedule.note,
            "omzien_rule": schedule.rule,
            "omzien_except_on": [day.isoformat() for day in schedule.except_on],
            "omzien_also_on": [day.isoformat() for day in schedule.also_on],
            "omzien_is_activity": schedule.is_activity,
        }
    )


def _area(service: Service) -> dict[str, Any]:
    name = EXTENT[service.reach]
    if service.reach == "municipality" and service.municipality:
        name = service.municipality.name
    if service.reach == "villages" and service.village:
        name = service.village.name
    key = str(service.pk)
    return {
        "id": made_id("area", key),
        "service_id": key,
        "name": name,
        "extent_type": "text",
        "omzien_reach": service.reach,
        "omzien_village_ids": service.village_ids,
    }


def _costs(service: Service) -> list[dict[str, Any]]:
    if not service.cost:
        return []
    key = str(service.pk)
    option: dict[str, Any] = {
        "id": made_id("cost", key),
        "service_id": key,
        "amount_description": service.cost,
    }
    if service.is_free:
        option |= {"option": "gratis", "amount": 0, "currency": "EUR"}
    return [option]


def _attributes(service: Service) -> list[dict[str, Any]]:
    wanted = [(TOPICS, code) for code in service.topics] + [(RUNGS, str(service.rung))]
    key = str(service.pk)
    return [
        {
            "id": made_id("attribute", key, taxonomy, code),
            "link_id": key,
            "link_entity": "service",
            "link_type": "taxonomy_term",
            "value": code,
            "taxonomy_term_id": term.id,
            "taxonomy_term": term_out(term),
        }
        for taxonomy, code in wanted
        if (term := terms().get(made_id(taxonomy, code)))
    ]


def _capacities(service: Service) -> list[dict[str, Any]]:
    if service.capacity is None or service.capacity_on is None:
        return []
    key = str(service.pk)
    return [
        {
            "id": made_id("capacity", key),
            "service_id": key,
            "available": service.capacity,
            "updated": f"{service.capacity_on.isoformat()}T00:00:00Z",
            "unit": {"id": made_id("unit", "place"), "name": "plaats"},
        }
    ]


def _application(service: Service) -> str:
    if service.needs_referral:
        return "Met verwijzing."
    if service.without_appointment is None:
        return ""
    return "Zonder afspraak." if service.without_appointment else "Op afspraak of na aanmelding."


def _assurer(service: Service) -> str:
    """Return the owner's address where it is public already: a private one stays private."""
    public = {service.email, service.provider.email}
    return service.owner_email if service.owner_email in public else ""


def _eligibility(service: Service) -> str:
    return ". ".join(part for part in (service.eligibility, ", ".join(service.audience)) if part)


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", None, [])}
