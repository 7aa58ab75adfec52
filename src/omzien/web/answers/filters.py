"""The filters as the page shows them."""

from dataclasses import dataclass

from omzien.web.answers.forms import GROUPS


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
