"""Measuring before and after: instruments as data, and what may be said of a change. Pure.

O2: a change comes only from a pair of measurements with the same instrument and version; what was
not answered is missing and never a zero. There is no sum over statements: six sides of a life do
not add up to one number.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

LARGEST_FILE = 64 * 1024
MOST_STATEMENTS, LONGEST_STATEMENT = 60, 300
SCALE = range(2, 12)  # how many steps a scale may have
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")


class BadInstrument(ValueError):
    """A file is no instrument; `problem` is a code, `field` and `row` (from 1) say where."""

    def __init__(self, problem: str, *, field: str = "", row: int = 0) -> None:
        super().__init__(problem)
        self.problem, self.field, self.row = problem, field, row


@dataclass(frozen=True)
class Statement:
    """One statement that is answered with a step of the scale."""

    code: str
    text: str


@dataclass(frozen=True)
class Instrument:
    """A list of statements and its scale, lowest step first. A version never changes."""

    code: str
    version: str
    title: str
    introduction: str
    source: str
    scale: tuple[str, ...]
    statements: tuple[Statement, ...]

    def kept(self, answers: Mapping[str, int]) -> dict[str, int]:
        """Return the answers that are an answer to this instrument."""
        codes = {one.code for one in self.statements}
        steps = range(len(self.scale))
        return {c: value for c, value in answers.items() if c in codes and value in steps}


@dataclass(frozen=True)
class Taken:
    """One time that an instrument was filled in."""

    instrument: str
    version: str
    answers: Mapping[str, int]


@dataclass(frozen=True)
class Change:
    """What one statement was before and after; `by` is None when one of the two is missing."""

    code: str
    before: int | None
    after: int | None

    @property
    def by(self) -> int | None:
        """Return after minus before, in steps of the scale."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True)
class Changes:
    """The change per statement, from how many, and how many are missing."""

    rows: tuple[Change, ...]
    n: int
    missing: int


@dataclass(frozen=True)
class Counted:
    """One statement over many pairs: how many changed which way, and how many say nothing."""

    code: str
    n: int
    missing: int
    up: int
    same: int
    down: int


def is_pair(before: Taken, after: Taken) -> bool:
    """Tell whether two measurements may be compared: same instrument, same version."""
    return (before.instrument, before.version) == (after.instrument, after.version)


def changes(codes: Sequence[str], before: Taken, after: Taken) -> Changes | None:
    """Return the change per statement; None where the two are no pair."""
    if not is_pair(before, after):
        return None
    rows = tuple(Change(c, before.answers.get(c), after.answers.get(c)) for c in codes)
    n = sum(row.by is not None for row in rows)
    return Changes(rows, n, len(rows) - n)


def counted(codes: Sequence[str], pairs: Iterable[tuple[Taken, Taken]]) -> list[Counted]:
    """Return for each statement what the pairs say; no pair of two versions counts at all."""
    found = [one for before, after in pairs if (one := changes(codes, before, after))]
    result = []
    for place, code in enumerate(codes):
        steps = [one.rows[place].by for one in found]
        known = [step for step in steps if step is not None]
        result.append(
            Counted(
                code,
                n=len(known),
                missing=len(steps) - len(known),
                up=sum(step > 0 for step in known),
                same=known.count(0),
                down=sum(step < 0 for step in known),
            )
        )
    return result


@cache
def shipped() -> dict[str, Instrument]:
    """Return the instruments that come with the product, by code, in their order."""
    folder = resources.files("omzien.questions") / "data" / "instruments"
    names = ("kort.toml", "zes-kanten.toml")
    read = [read_instrument((folder / name).read_bytes()) for name in names]
    return {one.code: one for one in read}


def read_instrument(content: bytes) -> Instrument:
    """Return the instrument of a TOML or JSON file. Raises BadInstrument."""
    data = _parsed(content)
    scale = tuple(_texts(data, "scale", most=80))
    if len(scale) not in SCALE:
        raise BadInstrument("scale", field="scale")
    return Instrument(
        code=_text(data, "code", most=40, like=_CODE),
        version=_text(data, "version", most=20, like=_VERSION),
        title=_text(data, "title", most=120),
        introduction=_text(data, "introduction", most=1_000, required=False),
        source=_text(data, "source", most=500),
        scale=scale,
        statements=_statements(data.get("statements")),
    )


def as_data(one: Instrument) -> dict[str, Any]:
    """Return an instrument as the database keeps it; `read_instrument` reads it back."""
    return {
        "code": one.code,
        "version": one.version,
        "title": one.title,
        "introduction": one.introduction,
        "source": one.source,
        "scale": list(one.scale),
        "statements": [{"code": row.code, "text": row.text} for row in one.statements],
    }


def from_data(data: Mapping[str, Any]) -> Instrument:
    """Return the instrument that `as_data` wrote."""
    return read_instrument(json.dumps(data).encode())


def _parsed(content: bytes) -> dict[str, Any]:
    if len(content) > LARGEST_FILE:
        raise BadInstrument("too-large")
    try:
        text = content.decode("utf-8-sig")
        data = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError):
        raise BadInstrument("unreadable") from None
    if not isinstance(data, dict):
        raise BadInstrument("unreadable")
    return data


def _text(
    data: Mapping[str, Any],
    field: str,
    *,
    most: int,
    like: re.Pattern[str] | None = None,
    required: bool = True,
    row: int = 0,
) -> str:
    value = data.get(field, "")
    if not isinstance(value, str) or "\x00" in value:
        raise BadInstrument("no-text", field=field, row=row)
    text = " ".join(value.split())
    if required and not text:
        raise BadInstrument("missing", field=field, row=row)
    if len(text) > most:
        raise BadInstrument("too-long", field=field, row=row)
    if like and not like.fullmatch(text):
        raise BadInstrument("not-a-code", field=field, row=row)
    return text


def _texts(data: Mapping[str, Any], field: str, *, most: int) -> list[str]:
    rows = data.get(field)
    if not isinstance(rows, list):
        raise BadInstrument("missing", field=field)
    return [_text({field: one}, field, most=most, row=n) for n, one in enumerate(rows, start=1)]


def _statements(rows: Any) -> tuple[Statement, ...]:
    if not isinstance(rows, list) or not rows:
        raise BadInstrument("missing", field="statements")
    if len(rows) > MOST_STATEMENTS:
        raise BadInstrument("too-many", field="statements")
    found: list[Statement] = []
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise BadInstrument("no-text", field="statements", row=number)
        code = _text(row, "code", most=40, like=_CODE, row=number)
        if code in {one.code for one in found}:
            raise BadInstrument("twice", field="code", row=number)
        found.append(Statement(code, _text(row, "text", most=LONGEST_STATEMENT, row=number)))
    return tuple(found)
