"""What each field of each table holds, read from `classes.md`, the only place it is said."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from omzien.people.rules.processing import BY_CODE
from omzien.people.rules.retention import KINDS


class DataClass(StrEnum):
    """The kind of data in a field, from harmless to never shown."""

    NONE = "none"
    TECHNICAL = "technical"
    PUBLIC = "public"
    WORK = "work-contact"
    CONTACT = "contact"
    IDENTITY = "identity"
    SPECIAL = "special"
    FREE_TEXT = "free-text"
    SECRET = "secret"  # noqa: S105  # nosec B105 # the name of a kind


PERSONAL = frozenset(DataClass) - {DataClass.NONE, DataClass.TECHNICAL, DataClass.PUBLIC}


class BadClasses(ValueError):
    """`classes.md` cannot be read; the message names the line."""


@dataclass(frozen=True)
class FieldClass:
    """One field: `model` is a label such as "people.Person"."""

    model: str
    field: str
    kind: DataClass
    activity: str = ""
    keep: str = ""

    @property
    def is_personal(self) -> bool:
        """Tell whether the field holds data about a human being."""
        return self.kind in PERSONAL


@cache
def classes() -> dict[tuple[str, str], FieldClass]:
    """Return (model label, field) → what it is. Raises BadClasses."""
    here = resources.files("omzien.people.privacy").joinpath("classes.md")
    return {(one.model, one.field): one for one in read(here.read_text(encoding="utf-8"))}


def of_model(label: str) -> dict[str, FieldClass]:
    """Return field → what it is, for one model."""
    return {field: one for (model, field), one in classes().items() if model == label}


def personal() -> list[FieldClass]:
    """Return the fields with data about human beings, in the order of the table."""
    return [one for one in classes().values() if one.is_personal]


def read(text: str) -> list[FieldClass]:
    """Read the table: a heading per model, a row per group of fields.

    Raises BadClasses for an unknown kind, activity or term, a personal field without activity
    or term, and a field that stands twice.
    """
    found: list[FieldClass] = []
    seen: set[tuple[str, str]] = set()
    model = ""
    for number, raw in enumerate(text.splitlines(), start=1):
        if raw.startswith("## "):
            model = raw[3:].strip()
        elif model and raw.startswith("|") and not raw.startswith(("|---", "| velden |")):
            for one in _row(model, raw, number):
                if (one.model, one.field) in seen:
                    raise BadClasses(f"classes.md, line {number}: {one.field} stands twice")
                seen.add((one.model, one.field))
                found.append(one)
    return found


def _row(model: str, raw: str, number: int) -> Iterator[FieldClass]:
    cells = [cell.strip() for cell in raw.strip()[1:-1].split("|")]
    if len(cells) != 4:
        raise BadClasses(f"classes.md, line {number}: {len(cells)} cells instead of 4")
    fields, kind, activity, keep = cells
    if kind not in set(DataClass):
        raise BadClasses(f"classes.md, line {number}: unknown kind {kind!r}")
    if DataClass(kind) in PERSONAL and not (activity in BY_CODE and keep in KINDS):
        raise BadClasses(f"classes.md, line {number}: which activity and term? {activity} {keep}")
    if DataClass(kind) not in PERSONAL and (activity or keep):
        raise BadClasses(f"classes.md, line {number}: not about a person, so no activity or term")
    for field in fields.split(","):
        yield FieldClass(model, field.strip(), DataClass(kind), activity, keep)
