"""What an import will do, before anything is written: new, changed, the same, missing.

An entry remembers (extra["import"]) which source brought it, and per source a mark of each
value as that source gave it. Only a value whose mark differs is written: what an editor
changed here since stays, unless the source changed the very same field. So does what came
from another source, such as a table that was exported, edited in Excel and brought back.
"""

import uuid
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db.models import Q

from omzien.areas.models import Municipality
from omzien.directory.actions.importing.comparing import (
    NO_TEXT,
    address,
    differing,
    given,
    told,
)
from omzien.directory.actions.importing.report import MOST_MENTIONS, Line, Mention
from omzien.directory.importing.rows import Checked, IncomingPlace
from omzien.directory.models import Place, Service
from omzien.kernel.text import fold

AT_A_TIME = 500  # entries that are compared with what stands here
LISTS = "table"  # the source that many organisations use, each for a list of its own


@dataclass(frozen=True)
class Change:
    """An entry that exists, and the names of the values that its source changed."""

    entry: Checked
    key: str
    names: frozenset[str]
    had_places: bool
    """Whether this source gave its places before; only then may it take them away."""
    comes_back: bool = False
    """Whether it went off the site with an import that was taken back."""


@dataclass
class Plan:
    """The entries of a file, sorted by what has to happen to them.

    Of `noted` only what the source says is kept: it stands here already. What somebody
    changed here since counts as the same, and is told in `lines`.
    """

    new: list[Checked] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    noted: list[Change] = field(default_factory=list)
    same: int = 0
    changed_here: int = 0
    elsewhere: int = 0
    kept_secret: set[int] = field(default_factory=set)
    """The rows with an address that stays secret, of which the file does not say so."""
    missing: list[Mention] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Known:
    """An entry that the municipality can see, as far as an import must know it."""

    key: str
    external_id: str
    title: str
    provider: str
    is_ours: bool
    is_off: bool
    origin: dict[str, Any]


def marks(entry: Checked) -> dict[str, str]:
    """Return a short mark of each value that the source gives."""
    return {name: f"{zlib.crc32(repr(value).encode()):x}" for name, value in given(entry).items()}


def plan(
    municipality: Municipality,
    entries: Iterable[Checked],
    source: str,
    *,
    is_secret: Callable[[IncomingPlace], bool],
    is_apart: bool = False,
) -> Plan:
    """Return what has to happen.

    `is_secret` knows the places that are hidden here, and stay so whatever a row says, and those
    that another row of the file hides.

    An entry is known by our own number, or by its source's. A number such as A-001 stands in
    the lists of many: there the provider or the title must be the same too. With `is_apart`
    the source put its own name before each number.
    """
    known = _known(municipality)
    by_key = {one.key: one for one in known}
    by_number: dict[str, list[Known]] = defaultdict(list)
    for one in known:
        by_number[one.external_id].append(one)
    made = Plan()
    seen, providers = set(), set()

    def pairs() -> Iterator[tuple[Checked, Known]]:
        for entry in entries:
            providers.add(fold(entry.provider.name))
            one = by_key.get(entry.external_id) or _same_list(
                entry, by_number.get(entry.external_id, ()), is_apart=is_apart
            )
            if one is None:
                made.new.append(entry)
                if _stays_secret(entry, (), is_secret):
                    made.kept_secret.add(entry.row)
                continue
            seen.add(one.key)
            yield entry, one

    waiting = pairs()
    while found := list(islice(waiting, AT_A_TIME)):
        _compare(found, source, made, is_secret)
    made.missing = [
        Mention(one.external_id, one.title)
        for one in known
        if one.is_ours
        and not one.is_off
        and one.origin.get("source") == source
        and one.key not in seen
        and (source != LISTS or fold(one.provider) in providers)
    ]
    return made


def _compare(
    found: list[tuple[Checked, Known]],
    source: str,
    made: Plan,
    is_secret: Callable[[IncomingPlace], bool],
) -> None:
    """Sort entries that are known; in three queries for all of them."""
    services = Service.objects.with_hsds().in_bulk([one.key for _entry, one in found])
    by_key = {str(key): service for key, service in services.items()}
    for entry, one in found:
        if not one.is_ours:
            made.elsewhere += 1
            continue
        service, then = by_key[one.key], one.origin.get("marks", {}).get(source, {})
        had_places = "places" in then
        other = differing(entry, service, had_places=had_places)
        said = {name for name, mark in marks(entry).items() if mark != then.get(name)}
        comes_back = _is_off(service) and one.origin.get("taken_back") == str(service.left_on)
        change = Change(entry, one.key, frozenset(said & other), had_places, comes_back)
        if change.names or comes_back:
            made.changed.append(change)
            here = [link.place for link in service.serviceplace_set.all()]
            if "places" in change.names and _stays_secret(entry, here, is_secret):
                made.kept_secret.add(entry.row)
            _tell(made, "changed", service, entry, change.names, comes_back=comes_back)
            continue
        made.same += 1
        if _becomes_secret(entry, service, is_secret):
            made.kept_secret.add(entry.row)
            _tell(made, "changed", service, entry, ())
        if said:
            made.noted.append(change)
        since = other - NO_TEXT
        if _is_off(service) or since:
            made.changed_here += 1
            _tell(made, "here", service, entry, since)


def _tell(
    made: Plan,
    what: str,
    service: Service,
    entry: Checked,
    names: Iterable[str],
    *,
    comes_back: bool = False,
) -> None:
    is_kept_secret = what == "changed" and entry.row in made.kept_secret
    if is_kept_secret or len(made.lines) < MOST_MENTIONS:
        differences = told(sorted(names), entry, service, is_secret=is_kept_secret)
        made.lines.append(
            Line(
                what,
                service.title,
                service.provider.name,
                str(service.pk),
                differences,
                is_off=_is_off(service),
                comes_back=comes_back,
                is_kept_secret=is_kept_secret,
            )
        )


def _stays_secret(
    entry: Checked, here: Sequence[Place], is_secret: Callable[[IncomingPlace], bool]
) -> bool:
    """Tell whether an address of a file stays secret unasked: it stands here so, or beside such."""
    known = {address(place) for place in here}
    beside = any(place.is_hidden for place in here)
    return any(
        is_secret(place) or (beside and address(place) not in known)
        for place in entry.places or ()
        if not place.is_hidden
    )


def _becomes_secret(
    entry: Checked, service: Service, is_secret: Callable[[IncomingPlace], bool]
) -> bool:
    """Tell whether another row of the file hides what of this entry stands on the site now."""
    here = [link.place for link in service.serviceplace_set.all()]
    shown = {address(place) for place in here if not place.is_hidden}
    return any(address(place) in shown and is_secret(place) for place in entry.places or ())


def _is_off(service: Service) -> bool:
    return service.left_on is not None or service.status == Service.Status.WITHDRAWN


def _same_list(entry: Checked, there: Iterable[Known], *, is_apart: bool) -> Known | None:
    """Return the entry of which a number speaks, and not one of another list."""
    there = list(there)
    if is_apart or _is_unique(entry.external_id):
        return there[0] if there else None
    provider, title = fold(entry.provider.name), fold(entry.title)
    of_provider = [one for one in there if fold(one.provider) == provider]
    return next(iter(of_provider or [o for o in there if fold(o.title) == title]), None)


def _is_unique(number: str) -> bool:
    with suppress(ValueError):
        return bool(uuid.UUID(number))
    return False


def _known(municipality: Municipality) -> list[Known]:
    seen = Q(municipality=municipality) | Q(municipality=None)
    rows = Service.objects.filter(seen).values_list(
        "id", "external_id", "title", "provider__name", "municipality", "left_on", "status",
        "extra__import",
    )  # fmt: skip
    gone = Service.Status.WITHDRAWN
    return [
        Known(
            key=str(key),
            external_id=number,
            title=title,
            provider=provider,
            is_ours=owner is not None,
            is_off=left_on is not None or status == gone,
            origin=origin or {},
        )
        for key, number, title, provider, owner, left_on, status, origin in rows
    ]
