"""Our topics and our ladder as HSDS taxonomies."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from omzien.directory.hsds.ids import made_id
from omzien.directory.language.topics import all_domains, all_topics
from omzien.kernel.ladder import LADDER

TOPICS, RUNGS = "omzien-topics", "omzien-ladder"
RUNG_MEANING = {
    "self": "Wat iemand zelf kan doen, met uitleg of een hulpmiddel.",
    "network": "Hulp uit het eigen netwerk: familie, vrienden, buren.",
    "community": "Samen in de buurt: ontmoeting, vrijwilligers, initiatieven van bewoners.",
    "general": "Algemene voorziening: vrij toegankelijk, zonder onderzoek vooraf.",
    "team": "Het wijkteam of sociaal team kijkt mee.",
    "specialist": "Gespecialiseerde hulp, meestal met verwijzing of besluit.",
}


@dataclass(frozen=True)
class Term:
    """A term of a taxonomy. `parent` is the key of a term of the same taxonomy, or ""."""

    taxonomy: str
    key: str
    name: str
    description: str
    parent: str = ""

    @property
    def id(self) -> str:
        """Return the UUID of the term."""
        return made_id(self.taxonomy, self.key)


def taxonomies() -> list[dict[str, Any]]:
    """Return both taxonomies as HSDS objects."""
    return [
        {
            "id": made_id(TOPICS),
            "name": "Onderwerpen",
            "description": "Leefgebieden en onderwerpen van de sociale kaart.",
            "version": "1",
        },
        {
            "id": made_id(RUNGS),
            "name": "Ladder",
            "description": "Zes treden, van zelf doen tot gespecialiseerde hulp (Wmo 2015).",
            "version": "1",
        },
    ]


@lru_cache(maxsize=1)
def terms() -> dict[str, Term]:
    """Return every term by its UUID, parents first."""
    found = [
        Term(TOPICS, f"domain-{domain.code}", domain.nl, f"Leefgebied: {domain.nl}.")
        for domain in all_domains().values()
    ]
    found += [
        Term(TOPICS, topic.code, topic.nl, f"Onderwerp: {topic.nl}.", f"domain-{topic.domain}")
        for topic in all_topics().values()
    ]
    found += [Term(RUNGS, rung, rung, RUNG_MEANING[rung]) for rung in LADDER]
    return {term.id: term for term in found}


def topics_of_term(term_id: str) -> tuple[str, ...]:
    """Return the topic codes that a term stands for: one, or all of a domain; else none."""
    term = terms().get(term_id)
    if term is None or term.taxonomy != TOPICS:
        return ()
    if term.parent:
        return (term.key,)
    return tuple(t.code for t in all_topics().values() if f"domain-{t.domain}" == term.key)


def term_out(term: Term) -> dict[str, Any]:
    """Return a term as an HSDS object."""
    out = {
        "id": term.id,
        "code": term.key,
        "name": term.name,
        "description": term.description,
        "taxonomy": "Onderwerpen" if term.taxonomy == TOPICS else "Ladder",
        "taxonomy_id": made_id(term.taxonomy),
        "language": "nl",
    }
    return out | ({"parent_id": made_id(term.taxonomy, term.parent)} if term.parent else {})
