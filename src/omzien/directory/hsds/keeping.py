"""What a source says in HSDS and we have no column for: kept whole and put back on the way out.

At import each value of the source is compared with what our own columns say (`keep`). Where
they differ, the source's value is kept with a mark of ours. It stands as long as ours is what
it was at the import: an editor who changes a phone number is not overruled by an old file.
"""

import json
import zlib
from collections.abc import Mapping
from typing import Any

from omzien.directory.hsds.ids import made_id

# Set by us, never by a source.
OURS = {"id", "last_modified", "organization_id", "service_id", "location_id"}
# What HSDS has for contact persons. `assurer_email` has a rule of its own in write.py.
PERSONAL = ("contacts", "attention", "assurer_email")
NESTED = "organization"
OUR_TAXONOMIES = ("Onderwerpen", "Ladder")


def keep(source: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of `source` our output `ours` does not say, with marks of what ours says."""
    values: dict[str, Any] = {}
    was: dict[str, str] = {}
    for key, value in source.items():
        if key in OURS or key == NESTED or value in (None, "", [], {}):
            continue
        if _same(value, ours.get(key)):
            continue
        values[key] = value
        if key in ours:
            was[key] = _mark(ours[key])
    kept: dict[str, Any] = {"values": values, "was": was} if values else {}
    inner = source.get(NESTED)
    if isinstance(inner, Mapping):
        below = keep(inner, ours.get(NESTED) or {})
        if below:
            kept[NESTED] = below
    return kept


def put_back(
    ours: dict[str, Any], kept: Mapping[str, Any], *, full: bool, with_persons: bool
) -> dict[str, Any]:
    """Return `ours` with what was kept of the source, where ours is still what it was."""
    out = dict(ours)
    was = kept.get("was", {})
    for key, value in kept.get("values", {}).items():
        if not full and isinstance(value, list | dict):
            continue
        if key == "attributes":
            out[key] = _numbered(_united(value, ours.get(key) or []), out["id"], key)
        elif (key in ours and was.get(key) == _mark(ours[key])) or key not in {**ours, **was}:
            out[key] = _numbered(_linked(value, ours.get(key), ours), out["id"], key)
    if NESTED in kept and NESTED in out:
        out[NESTED] = put_back(out[NESTED], kept[NESTED], full=full, with_persons=with_persons)
    return out if with_persons else _without_persons(out, ours)


def _same(one: Any, other: Any) -> bool:
    if other is None or not isinstance(one, list | Mapping):
        return bool(one == other)
    return bool(_bare(one) == _bare(other))


def _mark(value: Any) -> str:
    text = json.dumps(_bare(value), sort_keys=True, ensure_ascii=True, default=str)
    return f"{zlib.crc32(text.encode()):08x}"


def _bare(value: Any) -> Any:
    """Return a value without ids and empty parts, which differ without meaning anything."""
    if isinstance(value, Mapping):
        bare = {k: _bare(v) for k, v in value.items() if k not in OURS}
        return {k: v for k, v in bare.items() if v not in (None, "", [], {})}
    if isinstance(value, list):
        return [_bare(part) for part in value]
    return value


def _united(kept: Any, ours: list[dict[str, Any]]) -> Any:
    """Our topics and rung beside the source's own classification."""
    if not isinstance(kept, list):
        return ours
    terms = [(item, item.get("taxonomy_term") or {}) for item in kept if isinstance(item, dict)]
    return [*ours, *(item for item, term in terms if term.get("taxonomy") not in OUR_TAXONOMIES)]


def _linked(kept: Any, ours: Any, owner: Mapping[str, Any]) -> Any:
    """Return a kept value whose ids are ours wherever we number the same thing."""
    if isinstance(kept, list) and isinstance(ours, list) and len(kept) == len(ours):
        return [_linked(k, o, owner) for k, o in zip(kept, ours, strict=True)]
    if isinstance(kept, Mapping):
        mine = ours if isinstance(ours, Mapping) else {}
        out = {k: _linked(v, mine.get(k), owner) for k, v in kept.items()}
        out |= {k: mine[k] for k in OURS if k in mine}
        if "service_id" in out:
            out["service_id"] = owner["id"]
        return out
    if isinstance(kept, list):
        return [_linked(k, None, owner) for k in kept]
    return kept


def _numbered(value: Any, *path: object) -> Any:
    """Give every object an id, which HSDS requires and a source may have left out."""
    if isinstance(value, Mapping):
        inner = {k: _numbered(v, *path, k) for k, v in value.items()}
        return inner if inner.get("id") else {"id": made_id(*path), **inner}
    if isinstance(value, list):
        return [_numbered(part, *path, number) for number, part in enumerate(value)]
    return value


def _without_persons(value: Any, ours: Any) -> Any:
    if isinstance(value, Mapping):
        mine = ours if isinstance(ours, Mapping) else {}
        return {
            k: _without_persons(v, mine.get(k))
            for k, v in value.items()
            if k not in PERSONAL or k in mine
        }
    if isinstance(value, list):
        return [_without_persons(part, None) for part in value]
    return value
