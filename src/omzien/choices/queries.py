"""Reads on what a municipality chose: the words of a topic, the theme, and what changed lately."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from omzien.areas.models import Municipality
from omzien.areas.queries import villages_of
from omzien.areas.queries.gazetteer import gazetteer
from omzien.areas.queries.results import VillageInfo
from omzien.choices.names import VILLAGE_FIELDS, name_of
from omzien.choices.table import FONTS, THEME
from omzien.directory.language.topics import all_topics
from omzien.journal.models import Fact

MOST_SHOWN = 200


def topic_label(code: str, municipality: Municipality | None = None) -> str:
    """Return how a topic is called: in Dutch as the municipality likes, in English as shipped."""
    topic = all_topics().get(code)
    if topic is None:
        return code
    if get_language() == "en":
        return topic.en
    return dutch_label(code, municipality)


def dutch_label(code: str, municipality: Municipality | None) -> str:
    """Return how a municipality calls a topic, whatever the language of the page."""
    own = municipality.settings.get(f"topic.{code}.label") if municipality else None
    return str(own or all_topics()[code].nl)


def topic_text(code: str, municipality: Municipality | None) -> str:
    """Return what a municipality says of a topic, above its answer; "" for nothing."""
    if municipality is None:
        return ""
    return str(municipality.settings.get(f"topic.{code}.text", ""))


def theme_version(municipality: Municipality | None) -> str:
    """Return the name of the municipality's style sheet; "" when it looks as shipped."""
    own = _own_theme(municipality)
    if not own:
        return ""
    return hashlib.sha256(repr(sorted(own.items())).encode()).hexdigest()[:12]


def theme_css(municipality: Municipality) -> str:
    """Return the style sheet: only tokens, only from values that were checked when chosen."""
    values = THEME | _own_theme(municipality)
    tokens = {
        "--omzien-leaf": values["theme_main"],
        "--omzien-leaf-dark": values["theme_dark"],
        "--omzien-leaf-light": values["theme_light"],
        "--omzien-sun": values["theme_accent"],
        "--omzien-radius": f"{values['theme_radius']}px",
        "--omzien-font": FONTS[str(values["theme_font"])],
    }
    body = "".join(f"  {name}: {value};\n" for name, value in tokens.items())
    return f":root {{\n{body}}}\n"


def theme_colour(municipality: Municipality | None) -> str:
    """Return the colour that a browser gives its own bars around the page."""
    return str((THEME | _own_theme(municipality))["theme_dark"])


def _own_theme(municipality: Municipality | None) -> dict[str, object]:
    own = municipality.settings if municipality else {}
    return {code: own[code] for code in THEME if code in own}


@dataclass(frozen=True)
class Changed:
    """One change: when, by whom in which role, and what it was about; never what it says."""

    at: datetime
    by: str  # the random key of a person, or who else
    role: str
    about: str
    names: tuple[str, ...]
    more: int
    how: str


def history(municipality: Municipality) -> Iterator[Changed]:
    """Yield the latest changes of settings and villages, newest first."""
    facts = Fact.objects.filter(
        municipality=municipality.pk, verb="change", subject__in=["settings", "village"]
    ).order_by("-at", "-pk")
    villages = {one.slug[:40]: one.name for one in villages_of(municipality)}
    for fact in facts[:MOST_SHOWN]:
        codes = fact.details.get("codes", [])
        about = villages.get(fact.subject_id, "") if fact.subject == "village" else ""
        yield Changed(
            fact.at,
            fact.actor,
            fact.details.get("role", ""),
            about,
            tuple(_name(code, fact.subject) for code in codes[:6]),
            max(len(codes) - 6, 0),
            fact.details.get("how", ""),
        )


def _name(code: str, subject: str) -> str:
    return str(VILLAGE_FIELDS.get(code, code)) if subject == "village" else name_of(code)


@dataclass(frozen=True)
class BuurtChoice:
    """A buurt on the page of a village: whether it belongs to it, or to which other one."""

    code: str
    name: str
    is_here: bool
    other: str


def buurten_for(municipality: Municipality, village: VillageInfo) -> list[BuurtChoice]:
    """Return all buurten, first those of the village, then those of none, then the others."""
    found = []
    for buurt in gazetteer(municipality.pk).buurten.values():
        home = buurt.village
        is_here = home is not None and home.slug == village.slug
        other = home.name if home and not is_here else ""
        found.append(BuurtChoice(buurt.code, buurt.name, is_here, other))
    return sorted(found, key=lambda one: (not one.is_here, one.other, one.name))


def homeless_buurten(municipality: Municipality) -> list[str]:
    """Return the names of the buurten that belong to no village."""
    buurten = gazetteer(municipality.pk).buurten.values()
    return sorted(buurt.name for buurt in buurten if buurt.village is None)
