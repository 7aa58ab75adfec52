"""The filters of an answer as the page shows them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from omzien.directory.languages import language_name_lazy
from omzien.directory.queries.marks import FILTERS

WHEN = {
    "now": _("Nu open"),
    "weekday": _("Doordeweeks"),
    "evening": _("’s Avonds"),
    "weekend": _("In het weekend"),
}
AUDIENCE = {
    "children": _("Kinderen"),
    "young": _("Jongeren"),
    "parents": _("Ouders en gezinnen"),
    "older": _("Ouderen"),
    "carers": _("Mantelzorgers"),
    "newcomers": _("Nieuwkomers"),
    "disability": _("Mensen met een beperking"),
}
RUNGS = {
    "self": _("Zelf doen"),
    "network": _("Met je eigen mensen"),
    "community": _("Buren, vrijwilligers en clubs"),
    "general": _("Hulp waar je zo terechtkunt"),
    "team": _("Het team in je buurt"),
    "specialist": _("Hulp met een besluit of verwijzing"),
}
YES = {
    "free": _("Gratis"),
    "wheelchair": _("Toegankelijk met een rolstoel"),
    "walk_in": _("Zonder afspraak"),
}
GROUPS: dict[str, tuple[Any, dict[str, Any]]] = {
    "when": (_("Wanneer"), WHEN),
    "only": (_("Alleen laten zien"), YES),
    "audience": (_("Voor wie"), AUDIENCE),
    "language": (_("Taal"), {code: language_name_lazy(code) for code in FILTERS["language"]}),
    "rung": (_("Soort hulp"), RUNGS),
}
assert {group: tuple(choices) for group, (_label, choices) in GROUPS.items()} == FILTERS


@dataclass(frozen=True)
class Choice:
    """One filter."""

    value: str
    label: str
    is_on: bool


@dataclass(frozen=True)
class Group:
    """A group of filters."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    is_on: bool


def filter_groups(on: tuple[tuple[str, str], ...]) -> list[Group]:
    """Return the groups of filters with their labels; `on` are the filters that are on."""
    groups = []
    for name, (label, choices) in GROUPS.items():
        shown = tuple(Choice(v, str(text), (name, v) in on) for v, text in choices.items())
        groups.append(Group(name, str(label), shown, any(c.is_on for c in shown)))
    return groups
