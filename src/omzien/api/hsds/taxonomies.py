"""Taxonomies and their terms: our topics, and the ladder. They are shipped, not stored."""

from collections.abc import Iterable, Sequence

from omzien.api.hsds.asked import PAGING, Asked
from omzien.api.hsds.resource import Key, Resource, Thing
from omzien.areas.models import Municipality
from omzien.directory.hsds import taxonomies
from omzien.kernel.text import fold


def taxonomy_keys(asked: Asked, _municipality: Municipality) -> list[Key]:
    """Return the taxonomies asked for."""
    return [Key(t["id"]) for t in _holding(taxonomies.taxonomies(), asked)]


def write_taxonomies(ids: Sequence[str], _asked: Asked) -> list[Thing]:
    """Return taxonomies as HSDS objects."""
    by_id = {t["id"]: t for t in taxonomies.taxonomies()}
    return [by_id[i] for i in ids if i in by_id]


def term_keys(asked: Asked, _municipality: Municipality) -> list[Key]:
    """Return the terms asked for, parents first."""
    found: Iterable[Thing] = [taxonomies.term_out(t) for t in taxonomies.terms().values()]
    for name in ("taxonomy_id", "parent_id"):
        if name in asked:
            found = [t for t in found if t.get(name) in asked[name]]
    if asked.get("top_only"):
        found = [t for t in found if "parent_id" not in t]
    return [Key(t["id"]) for t in _holding(found, asked)]


def write_terms(ids: Sequence[str], _asked: Asked) -> list[Thing]:
    """Return terms as HSDS objects."""
    by_id = taxonomies.terms()
    return [taxonomies.term_out(by_id[i]) for i in ids if i in by_id]


def _holding(things: Iterable[Thing], asked: Asked) -> list[Thing]:
    words = fold(asked.get("search", "")).split()
    return [t for t in things if all(w in fold(f"{t['name']} {t['description']}") for w in words)]


TAXONOMIES = Resource("taxonomies", "Taxonomy", PAGING, taxonomy_keys, write_taxonomies)
TAXONOMY_TERMS = Resource(
    "taxonomy_terms",
    "TaxonomyTerm",
    (*PAGING, "taxonomy_id", "top_only", "parent_id"),
    term_keys,
    write_terms,
)
