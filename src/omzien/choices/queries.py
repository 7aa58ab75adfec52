"""Reads on what a municipality chose: the words of a topic, the theme, and what changed lately."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from omzien.areas.actions.choices import kept_of
from omzien.areas.models import Municipality, SettingVersion
from omzien.areas.queries import villages_of
from omzien.areas.queries.gazetteer import gazetteer
from omzien.areas.queries.results import VillageInfo
from omzien.choices.kinds import Wrong, show
from omzien.choices.names import VILLAGE_FIELDS, name_of
from omzien.choices.table import FONTS, THEME, Setting, settings
from omzien.directory.language.topics import all_topics
from omzien.journal.models import Fact

MOST_SHOWN, MOST_STEPS = 200, 6


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
class Step:
    """What one thing was, became and is now, as texts; of a change of long ago only its name.

    `code` is that of its version. Putting back what it was takes a newer value away where
    `is_newer`; `why_not` says why it cannot be put back at all.
    """

    code: str
    name: str
    old: str = ""
    new: str = ""
    now: str = ""
    can_go_back: bool = False
    is_newer: bool = False
    why_not: str = ""


@dataclass(frozen=True)
class Changed:
    """One change: when, by whom in which role, and what it was about."""

    at: datetime
    by: str  # the random key of a person, or who else
    role: str
    about: str
    steps: tuple[Step, ...]
    how: str
    version: int  # 0 for a change of which no values were kept

    @property
    def more(self) -> int:
        """Return how many settings a list leaves out that shows the first `MOST_STEPS`."""
        return max(len(self.steps) - MOST_STEPS, 0)


def history(municipality: Municipality) -> Iterator[Changed]:
    """Yield the latest changes of settings and villages, newest first."""
    yield from _changed(municipality, _facts(municipality)[:MOST_SHOWN])


def changes_of(municipality: Municipality, version: int) -> list[Changed]:
    """Return what changed at one version: the settings, or a village or more; maybe nothing."""
    return list(_changed(municipality, _facts(municipality).filter(details__version=version)))


def _facts(municipality: Municipality) -> QuerySet[Fact]:
    return Fact.objects.filter(
        municipality=municipality.pk, verb="change", subject__in=["settings", "village"]
    ).order_by("-at", "-pk")


def _changed(municipality: Municipality, facts: Iterable[Fact]) -> Iterator[Changed]:
    found = list(facts)
    wanted = {fact.details.get("version", 0) for fact in found}
    rows = SettingVersion.objects.filter(municipality=municipality.pk, version__in=wanted)
    kept = {(row.version, row.code): row for row in rows}
    villages = {one.slug[:40]: one for one in villages_of(municipality)}
    for fact in found:
        version = fact.details.get("version", 0)
        village = villages.get(fact.subject_id) if fact.subject == "village" else None
        step: Callable[..., Step] = _of_setting
        prefix = ""
        if fact.subject == "village":
            step, prefix = partial(_of_village, village=village), f"village.{fact.subject_id}."
        yield Changed(
            at=fact.at,
            by=fact.actor,
            role=fact.details.get("role", ""),
            about=village.name if village else "",
            steps=tuple(
                step(code, kept.get((version, prefix + code)), municipality)
                for code in fact.details.get("codes", [])
            ),
            how=fact.details.get("how", ""),
            version=version,
        )


def _of_village(
    code: str,
    row: SettingVersion | None,
    municipality: Municipality,
    *,
    village: VillageInfo | None,
) -> Step:
    name = str(VILLAGE_FIELDS.get(code, code))
    if row is None:
        return Step(code, name)
    names = {one.code: one.name for one in gazetteer(municipality.pk).buurten.values()}
    tell = partial(_told_of_village, names=names)
    if village is None:
        gone = _("Dit dorp is er niet meer.")
        return Step(row.code, name, tell(row.old), tell(row.new), why_not=gone)
    now = {
        "name": village.name,
        "also_called": list(village.also_called),
        "buurt_codes": sorted(village.buurt_codes),
    }
    return _step(row, name, tell, now[code])


def _told_of_village(value: Any, names: Mapping[str, str]) -> str:
    """Return a name, or names or buurten one on a line."""
    rows = value if isinstance(value, list) else [value]
    return "\n".join(names.get(one, one) for one in rows) or _("leeg")


def _of_setting(code: str, row: SettingVersion | None, municipality: Municipality) -> Step:
    setting = settings().get(code)
    if row is None:
        return Step(code, name_of(code))
    if setting is None:
        return Step(code, name_of(code), why_not=_("Deze instelling is er niet meer."))
    current = kept_of(municipality, code)
    tell = partial(_told, setting, municipality)
    return _step(row, name_of(code), tell, current)


def _step(row: SettingVersion, name: str, tell: Callable[[Any], str], now: Any) -> Step:
    can_go_back = row.old != now
    return Step(
        row.code,
        name,
        tell(row.old),
        tell(row.new),
        tell(now),
        can_go_back=can_go_back,
        is_newer=can_go_back and row.new != now,
    )


def _told(setting: Setting, municipality: Municipality, value: Any) -> str:
    """Return a value of a setting as people read it; where none was chosen what Omzien ships."""
    if value is None:
        value = setting.standard(municipality)
    if setting.limits.options and value in setting.limits.options:
        return str(setting.limits.options[value])
    try:
        return show(setting.kind, value) or _("leeg")
    except Wrong:  # of a kind that this setting had once
        return str(value)


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
