"""All that a municipality chose as one file, and what such a file would change.

The file is JSON, made to be read by people too. It holds only what differs from what Omzien
ships: what a file does not name goes back to that. Villages that a file does not name stay.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from omzien.areas.actions.choices import COLUMNS
from omzien.areas.models import Municipality, Village
from omzien.choices.actions import Refused, checked
from omzien.choices.kinds import Wrong, show
from omzien.choices.names import VILLAGE_FIELDS, name_of
from omzien.choices.table import settings, value_of
from omzien.kernel.text import clean

NAME, VERSION = "omzien-settings", 1
MOST_BYTES = 1_000_000
KEYS = frozenset({"file", "version", "municipality", "settings", "villages"})
OF_VILLAGE = {"name": str, "also_called": list, "buurten": list}


@dataclass(frozen=True)
class Difference:
    """One thing that a file would change, as texts."""

    code: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Plan:
    """What a file would do to a municipality. `of_other` names the municipality it came from."""

    changes: Mapping[str, Any]
    villages: Mapping[str, dict[str, object]]
    differences: tuple[Difference, ...]
    of_other: str
    seen: int


def as_file(municipality: Municipality) -> str:
    """Return the file of a municipality."""
    content = {
        "file": NAME,
        "version": VERSION,
        "municipality": {"code": municipality.pk, "name": municipality.name},
        "settings": _own(municipality),
        "villages": {
            one.slug: {
                "name": one.name,
                "also_called": one.also_called,
                "buurten": sorted(one.buurt_codes),
            }
            for one in Village.objects.filter(municipality=municipality).order_by("slug")
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _own(municipality: Municipality) -> dict[str, Any]:
    columns = {code: getattr(municipality, code) for code in COLUMNS}
    known = {k: v for k, v in sorted(municipality.settings.items()) if k in settings()}
    return {code: value for code, value in columns.items() if value} | known


def plan(municipality: Municipality, data: bytes) -> Plan:
    """Return what a file would change; nothing is written. Raises Refused."""
    content = _content(data)
    origin = content["municipality"]
    is_other = origin["code"] != municipality.pk
    raw = _raw(content["settings"], municipality, is_other=is_other)
    changes = checked(municipality, raw)
    villages = {} if is_other else dict(_villages(content.get("villages", {}), municipality))
    return Plan(
        changes=changes,
        villages=villages,
        differences=(
            *_of_settings(municipality, changes),
            *_of_villages(municipality, villages),
        ),
        of_other=clean(origin["name"])[:80] if is_other else "",
        seen=municipality.settings_version,
    )


def _content(data: bytes) -> dict[str, Any]:
    """Return what the file holds, when it has the right shape."""
    if len(data) > MOST_BYTES:
        raise _refused(_("Het bestand is te groot. Een bestand met instellingen is hooguit 1 MB."))
    try:
        content = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
        json.dumps(content, ensure_ascii=False).encode()  # refuses half characters such as \ud800
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise _refused(
            _("Dit bestand is niet te lezen. Het is beschadigd of geen bestand met instellingen.")
        ) from None
    if not isinstance(content, dict) or content.get("file") != NAME:
        raise _refused(_("Dit is geen bestand met instellingen van Omzien."))
    if content.get("version") != VERSION:
        raise _refused(
            _("Dit bestand heeft versie %(theirs)s. Wij lezen versie %(ours)s.")
            % {"theirs": str(content.get("version"))[:20], "ours": VERSION}
        )
    if odd := sorted(str(key)[:40] for key in set(content) - KEYS):
        raise _refused(_("Dit onderdeel kennen we niet: %(what)s.") % {"what": ", ".join(odd[:5])})
    origin = content.get("municipality")
    is_whole = (
        isinstance(origin, dict)
        and all(isinstance(origin.get(key), str) for key in ("code", "name"))
        and isinstance(content.get("settings"), dict)
        and isinstance(content.get("villages", {}), dict)
    )
    if not is_whole:
        raise _refused(_("In dit bestand ontbreekt een deel. Haal het opnieuw op."))
    return content


def _no_number(_text: str) -> None:
    raise ValueError


def _raw(own: Mapping[str, Any], municipality: Municipality, *, is_other: bool) -> dict[str, str]:
    """Return what the file says as the texts of fields; "" for all that it does not name.

    From another municipality neither the name nor the address of the editors comes along.
    """
    if odd := sorted(key for key in own if key not in settings()):
        raise Refused([(key[:60], _("Deze instelling kennen we niet.")) for key in odd[:20]])
    raw: dict[str, str] = {}
    wrong: list[tuple[str, str]] = []
    for code, setting in settings().items():
        if code in COLUMNS and (is_other or code not in own):
            raw[code] = getattr(municipality, code)
            continue
        value = own.get(code, setting.standard(municipality))
        try:
            raw[code] = show(setting.kind, value)
        except Wrong as no:
            wrong.append((code, no.sentence))
    if wrong:
        raise Refused(wrong)
    return raw


def _villages(
    named: Mapping[str, Any], municipality: Municipality
) -> Iterator[tuple[str, dict[str, object]]]:
    known = set(Village.objects.filter(municipality=municipality).values_list("slug", flat=True))
    for slug, village in named.items():
        if slug not in known:
            raise _refused(_("Het dorp “%(name)s” kennen we hier niet.") % {"name": slug[:60]})
        is_whole = isinstance(village, dict) and all(
            isinstance(village.get(key), kind) for key, kind in OF_VILLAGE.items()
        )
        words = [*village["also_called"], *village["buurten"]] if is_whole else [None]
        if not all(isinstance(word, str) and len(word) <= 80 for word in words):
            raise _refused(_("Bij het dorp “%(name)s” klopt iets niet.") % {"name": slug[:60]})
        yield (
            slug,
            {
                "name": clean(village["name"])[:80],
                "also_called": [clean(word) for word in village["also_called"] if clean(word)],
                "buurt_codes": sorted(set(village["buurten"])),
            },
        )


def _of_settings(municipality: Municipality, changes: Mapping[str, Any]) -> Iterator[Difference]:
    for code, value in changes.items():
        setting = settings()[code]
        new = setting.standard(municipality) if value is None else value
        old = value_of(setting, municipality)
        if code in COLUMNS:
            old = getattr(municipality, code)
        if old != new:
            texts = (show(setting.kind, one) for one in (old, new))
            yield Difference(code, name_of(code), *texts)


def _of_villages(
    municipality: Municipality, wanted: Mapping[str, dict[str, object]]
) -> Iterator[Difference]:
    for one in Village.objects.filter(municipality=municipality, slug__in=list(wanted)):
        old = {
            "name": one.name,
            "also_called": list(one.also_called),
            "buurt_codes": sorted(one.buurt_codes),
        }
        for field, value in wanted[one.slug].items():
            if old[field] != value:
                label = f"{one.name}: {VILLAGE_FIELDS[field]}"
                yield Difference(one.slug, label, _told(old[field]), _told(value))


def _told(value: object) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _refused(sentence: str) -> Refused:
    return Refused([("", sentence)])
