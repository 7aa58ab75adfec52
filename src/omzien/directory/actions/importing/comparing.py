"""What a file says of an entry, beside what stands here: field by field, and in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from omzien.directory.hsds import keeping
from omzien.directory.hsds.write import Parts, bare_service_out
from omzien.directory.importing.rows import Checked, IncomingPlace, Slot
from omzien.directory.importing.times import write_times
from omzien.directory.importing.words import REACHES, RUNG_LABELS, STATUSES
from omzien.directory.language.topics import all_topics
from omzien.directory.languages import language_names
from omzien.directory.models import Place, Service
from omzien.kernel.text import fold

LONGEST = 300  # characters of a value in a report
# Private, or no text: a report says that it changes, not from what to what.
UNTOLD = frozenset({"owner_email", "source", "village"})
# Who checks an entry or says whether there is room changes no text of it.
NO_TEXT = frozenset({"provider", "source", "checked_on", "contacts_checked_on", "capacity",
                     "capacity_on", "owner_email"})  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One field of an entry: its name in the code, what stands here, what the file says."""

    name: str
    here: str
    file: str


def given(entry: Checked) -> dict[str, Any]:
    """Return the values that a file gives of an entry, by name; what it does not have is out."""
    found: dict[str, Any] = {
        "title": entry.title,
        "description": entry.description,
        "provider": entry.provider,
        "topics": entry.topics,
        "rung": entry.rung and entry.rung.value,
        "phones": entry.phones,
        "schedules": entry.schedules,
        "places": entry.places and [(p, f"{p.left!r}{p.village or ''}") for p in entry.places],
        "source": entry.source,
        **entry.facts,
    }
    if not found.get("owner_email"):
        found["owner_email"] = None  # no export tells it, so an empty one takes nobody away
    return {name: value for name, value in found.items() if value is not None}


def differing(entry: Checked, service: Service, *, had_places: bool) -> set[str]:
    """Return the names of the values that are another here than in the file.

    `service` is fetched by `with_hsds`. A source that did not give its places before takes
    none away, so with it only a place that is not there yet is a difference.
    """
    return {
        name
        for name, value in given(entry).items()
        if not _SAME.get(name, _same_column(name))(value, entry, service, had_places)
    }


def told(
    names: Sequence[str], entry: Checked, service: Service, *, is_secret: bool
) -> tuple[Difference, ...]:
    """Return differences as a report shows them; with `is_secret` no address."""
    file = given(entry)
    found = []
    for name in names:
        if name == "is_free":
            continue  # follows from the cost
        if name in UNTOLD or (is_secret and name == "places"):
            found.append(Difference(name, "", ""))
        elif name == "places":
            found.append(_told_places([place for place, _left in file[name]], service))
        elif name == "provider":
            found.append(Difference(name, service.provider.name, entry.provider.name))
        else:
            here = _here(name, service)
            found.append(Difference(name, _text(name, here), _text(name, file[name])))
    return tuple(found)


def _told_places(file: Sequence[IncomingPlace], service: Service) -> Difference:
    """Return both addresses, or that they differ where one of them is hidden."""
    here = [link.place for link in service.serviceplace_set.all()]
    if any(one.is_hidden for one in here) or any(one.is_hidden for one in file):
        return Difference("places", "", "")
    before, after = _addresses(here), _addresses(file)
    return Difference("places", *(("", "") if before == after else (before, after)))


def _addresses(places: Sequence[Any]) -> str:
    return " | ".join(
        ", ".join(
            part for part in (one.name, one.street, f"{one.postcode} {one.town}".strip()) if part
        )
        for one in places
    )[:LONGEST]


Same = Callable[[Any, Checked, Service, bool], bool]


def _same_column(name: str) -> Same:
    def same(value: Any, _entry: Checked, service: Service, _had: bool) -> bool:  # noqa: FBT001
        return bool(_plain(value) == _plain(_here(name, service)))

    return same


def _same_provider(value: Any, _entry: Checked, service: Service, _had: bool) -> bool:  # noqa: FBT001
    fields = ("name", "kind", "description", "email", "website", "phone")
    return all(getattr(value, f) in ("", getattr(service.provider, f)) for f in fields)


def _same_topics(value: Any, entry: Checked, service: Service, _had: bool) -> bool:  # noqa: FBT001
    is_suggested = "topics" in service.extra.get("suggested", ())
    if is_suggested and "topics" not in entry.source.get("suggested", ()):
        return not value  # a source that names topics chose them
    return set(value) == set(service.topics)


def _same_places(value: Any, _entry: Checked, service: Service, had: bool) -> bool:  # noqa: FBT001
    there = [link.place for link in service.serviceplace_set.all()]
    file = {address(place) for place, _left in value}
    here = {address(place) for place in there}
    shown = {address(place) for place in there if not place.is_hidden}
    if any(place.is_hidden and address(place) in shown for place, _left in value):
        return False
    at = {address(place): place for place in there}
    # Of one place a table says no more than of the entry itself.
    if len(value) > 1 and any(_differs(place, at.get(address(place))) for place, _left in value):
        return False
    if shown:  # beside these an export leaves the hidden ones out, so no file takes them away
        file, here = file - (here - shown), shown
    return file == here if had else file <= here


def _differs(given: IncomingPlace, here: Place | None) -> bool:
    """Tell whether a file says something else of a place that is here at its address."""
    if here is None:
        return False
    pairs = ((given.village, here.village_id), (given.wheelchair, here.wheelchair))
    return any(None not in pair and pair[0] != pair[1] for pair in pairs)


def _same_source(_value: Any, entry: Checked, service: Service, _had: bool) -> bool:  # noqa: FBT001
    hsds = entry.source.get("hsds")
    if not hsds:
        return True
    parts = Parts(
        list(service.phones.all()),
        list(service.schedules.all()),
        list(service.serviceplace_set.all()),
    )
    kept = keeping.keep(hsds, bare_service_out(service, parts))
    return not kept or kept == service.extra.get("hsds")


_SAME: dict[str, Same] = {
    "provider": _same_provider,
    "topics": _same_topics,
    "places": _same_places,
    "source": _same_source,
}


_WORDS: dict[str, dict[Any, str]] = {
    "rung": {rung.value: word for rung, word in RUNG_LABELS.items()},
    "status": {code: word for word, code in STATUSES.items()},
    "reach": {code: word for word, code in REACHES.items()},
}


def _here(name: str, service: Service) -> Any:
    if name == "phones":
        return tuple((phone.number, phone.note) for phone in service.phones.all())
    if name == "schedules":
        return tuple(
            Slot(slot.recurrence, slot.note, slot.is_activity) for slot in service.schedules.all()
        )
    return getattr(service, "village_id" if name == "village" else name)


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        # The database gives times in an order of its own.
        return sorted(map(repr, value)) if value and isinstance(value[0], Slot) else list(value)
    return value


def address(place: Any) -> tuple[str, ...]:
    """Return by what a place is known: that of a file or that of an entry here."""
    return tuple(fold(part) for part in (place.name, place.street, place.postcode, place.town))


def _text(name: str, value: Any) -> str:
    if name == "phones":
        text = " | ".join(f"{number} ({note})" if note else number for number, note in value)
    elif name == "schedules":
        text = write_times(value)
    elif name in _WORDS:
        text = _WORDS[name].get(value, value)
    elif name == "languages":
        text = language_names(value)
    elif name == "topics":
        labels = all_topics()
        text = "; ".join(labels[code].nl if code in labels else code for code in value)
    elif isinstance(value, list | tuple):
        text = "; ".join(map(str, value))
    elif isinstance(value, bool):
        text = _("ja") if value else _("nee")
    elif isinstance(value, date):
        text = f"{value:%d-%m-%Y}"
    else:
        text = "" if value is None else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
