"""The Dutch words that people write in a spreadsheet for what we call by code."""

from functools import lru_cache

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from omzien.directory.importing.rows import Wrong
from omzien.directory.language.topics import all_domains, all_topics
from omzien.kernel.ladder import Rung
from omzien.kernel.text import fold

LEAST_LIKE = 60  # of 100: below this a suggestion would only confuse

RUNGS = {
    "zelf": Rung.SELF,
    "eigen netwerk": Rung.NETWORK,
    "netwerk": Rung.NETWORK,
    "buurt": Rung.COMMUNITY,
    "samen": Rung.COMMUNITY,
    "gemeenschap": Rung.COMMUNITY,
    "algemeen": Rung.GENERAL,
    "algemene voorziening": Rung.GENERAL,
    "wijkteam": Rung.TEAM,
    "team": Rung.TEAM,
    "specialist": Rung.SPECIALIST,
    "gespecialiseerd": Rung.SPECIALIST,
}
RUNG_LABELS = {
    Rung.SELF: "zelf",
    Rung.NETWORK: "netwerk",
    Rung.COMMUNITY: "buurt",
    Rung.GENERAL: "algemeen",
    Rung.TEAM: "wijkteam",
    Rung.SPECIALIST: "specialist",
}
KINDS = {
    "gemeente": "municipality",
    "stichting": "foundation",
    "vereniging": "association",
    "welzijnsorganisatie": "welfare",
    "zorg": "health",
    "onderwijs": "education",
    "bedrijf": "company",
    "kerk of moskee": "church",
    "groep bewoners": "informal",
    "bewonersinitiatief": "initiative",
    "landelijk": "national",
}
STATUSES = {
    "actief": "active",
    "gepauzeerd": "paused",
    "concept": "draft",
    "gestopt": "withdrawn",
}
REACHES = {
    "kern": "villages",
    "gemeente": "municipality",
    "regio": "region",
    "landelijk": "national",
}
_YES = {"ja", "j", "yes", "y", "true", "waar", "1", "x"}
_NO = {"nee", "n", "no", "false", "onwaar", "0"}


def yes_or_no(text: str) -> bool | None:
    """Return what a person means with "ja", "nee" or nothing; raise Wrong for the rest."""
    word = fold(text)
    if not word or word == "onbekend":
        return None
    if word in _YES or word in _NO:
        return word in _YES
    raise Wrong(_('"%(word)s" is geen ja of nee. Vul ja, nee of niets in.') % {"word": text[:40]})


def one_of(text: str, words: dict[str, str]) -> str:
    """Return the code that `text` (a Dutch word or the code itself) stands for."""
    word = fold(text).strip()
    if word in words:
        return str(words[word])
    if word in set(words.values()):
        return word
    near = nearest(word, list(words))
    raise Wrong(
        _('"%(word)s" ken ik niet.%(near)s Kies uit: %(choice)s.')
        % {
            "word": text[:40],
            "near": _(" Bedoel je %(near)s?") % {"near": near} if near else "",
            "choice": ", ".join(dict.fromkeys(words)),
        }
    )


def topic(text: str) -> str:
    """Return the code of the topic that `text` names by code or by Dutch or English label."""
    text = text.strip()
    word = fold(text)
    found = topic_names().get(word)
    if found:
        return found
    if word in _domains():
        raise Wrong(
            _('"%(word)s" is een leefgebied. Kies een onderwerp daarbinnen.') % {"word": text[:60]}
        )
    near = nearest(word, list(topic_names()))
    if not near:
        raise Wrong(
            _('Onderwerp "%(word)s" ken ik niet. Kijk in de lijst met onderwerpen.')
            % {"word": text[:60]}
        )
    code = topic_names()[near]
    raise Wrong(
        _('Onderwerp "%(word)s" ken ik niet. Bedoel je "%(near)s" (%(code)s)?')
        % {"word": text[:60], "near": all_topics()[code].nl, "code": code}
    )


@lru_cache(maxsize=1)
def topic_names() -> dict[str, str]:
    """Return the code of each topic by every name it goes by, folded."""
    found: dict[str, str] = {}
    for info in all_topics().values():
        found |= {fold(info.en): info.code, fold(info.nl): info.code, info.code: info.code}
    return found


def _domains() -> set[str]:
    return {fold(name) for d in all_domains().values() for name in (d.code, d.nl)}


def nearest(word: str, choices: list[str]) -> str:
    """Return the choice that looks most like `word`, or ""."""
    found = process.extractOne(word[:100], choices, scorer=fuzz.WRatio, score_cutoff=LEAST_LIKE)
    return found[0] if found else ""
