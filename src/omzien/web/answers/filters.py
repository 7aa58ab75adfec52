"""Which entries pass the filters, and how many would with one more."""

from collections.abc import Callable
from dataclasses import dataclass

from omzien.directory.search.entries import Entry
from omzien.web.answers.forms import GROUPS, Asked

Test = Callable[[Entry], bool]


@dataclass(frozen=True)
class Choice:
    """One filter as the page shows it, with how many answers it leaves."""

    value: str
    label: str
    count: str
    is_on: bool


@dataclass(frozen=True)
class Group:
    """A group of filters."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    is_on: bool


WEEKDAYS = frozenset({"mo", "tu", "we", "th", "fr"})


def tests(is_open: Callable[[Entry], bool]) -> dict[str, Callable[[str], Test]]:
    """Return for each group the test that a value makes."""
    when: dict[str, Test] = {
        "now": is_open,
        "weekday": lambda e: bool(e.times & WEEKDAYS),
        "evening": lambda e: "evening" in e.times,
        "weekend": lambda e: "weekend" in e.times,
    }
    only: dict[str, Test] = {
        "free": lambda e: e.is_free is True,
        "wheelchair": lambda e: e.wheelchair is True,
        "walk_in": lambda e: e.without_appointment is True,
    }
    return {
        "when": lambda value: when[value],
        "only": lambda value: only[value],
        "audience": lambda value: lambda e: not e.audience or value in e.audience,
        "language": lambda value: lambda e: value in e.languages,
        "rung": lambda value: lambda e: e.rung == value,
    }


def passes(entry: Entry, asked: Asked, by_group: dict[str, Callable[[str], Test]]) -> bool:
    """Tell whether an entry passes: every group counts; within a group any value will do.

    "Only" is the exception: gratis and zonder afspraak must both hold.
    """
    for group, values in asked.filters.items():
        if not values:
            continue
        found = [by_group[group](value)(entry) for value in values]
        if not (all(found) if group == "only" else any(found)):
            return False
    return True


def counted(
    entries: list[Entry], asked: Asked, by_group: dict[str, Callable[[str], Test]]
) -> list[Group]:
    """Return the filter groups with, for each value, how many of `entries` it would leave."""
    groups = []
    for name, (label, choices) in GROUPS.items():
        on = asked.filters.get(name, frozenset())
        # Within "only" all must hold, so what is on there narrows the counts of its own group.
        others = {**asked.filters, name: on if name == "only" else frozenset()}
        left = [entry for entry in entries if passes(entry, Asked(filters=others), by_group)]
        shown = []
        for value, text in choices.items():
            count = sum(map(by_group[name](value), left))
            shown.append(Choice(value, str(text), str(count), value in on))
        groups.append(Group(name, str(label), tuple(shown), bool(on)))
    return groups
