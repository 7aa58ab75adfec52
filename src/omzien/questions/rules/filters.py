"""What a list of questions may be narrowed by. Codes and keys only: it stands in an address."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from uuid import UUID

from omzien.questions.rules.states import LIVE

HOLDERS = ("me", "nobody")
ALONG = "along"
DUE = {"late": -1, "today": 0, "week": 7}  # until how many days from today


@dataclass(frozen=True)
class Filter:
    """One list. An empty field narrows nothing."""

    village: str = ""
    topic: str = ""
    state: str = ""
    holder: str = ""  # "me", "nobody" or the key of a colleague's membership
    due: str = ""
    whose: str = ""  # ALONG: of another team, and the own team takes part

    def __bool__(self) -> bool:
        """Tell whether it narrows anything."""
        return any(asdict(self).values())

    def as_dict(self) -> dict[str, str]:
        """Return what was chosen, to keep or to put in an address."""
        return {name: value for name, value in asdict(self).items() if value}


def read(values: Mapping[str, object]) -> Filter:
    """Return the filter that an address or a kept row asks; what it cannot be is left out.

    Of a question of another team one may know its village, and not how it stands there.
    """
    raw = {one.name: values.get(one.name, "") for one in fields(Filter)}
    text = {name: value for name, value in raw.items() if isinstance(value, str)}
    found = {name: value[:60] for name, value in text.items() if "\0" not in value}
    if found.get("state") not in LIVE:
        found.pop("state", None)
    if found.get("due") not in DUE:
        found.pop("due", None)
    holder = found.get("holder", "")
    if holder not in HOLDERS and not _is_key(holder):
        found.pop("holder", None)
    if found.get("whose") != ALONG:
        return Filter(**(found | {"whose": ""}))
    return Filter(village=found.get("village", ""), whose=ALONG)


def _is_key(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


@dataclass(frozen=True)
class Facts:
    """What a filter looks at of one question."""

    village: str
    topics: tuple[str, ...]
    state: str
    holder: str  # a key, or "" when nobody who works now holds it
    due_on: date


def fits(wanted: Filter, one: Facts, *, me: str, on: date) -> bool:
    """Tell whether a question belongs to a list."""
    holder = {"me": me, "nobody": ""}.get(wanted.holder, wanted.holder)
    return (
        wanted.village in ("", one.village)
        and (not wanted.topic or wanted.topic in one.topics)
        and wanted.state in ("", one.state)
        and (not wanted.holder or holder == one.holder)
        and (not wanted.due or one.due_on <= last_day(wanted.due, on=on))
    )


def last_day(due: str, *, on: date) -> date:
    """Return until which day a list goes. Raises KeyError."""
    return on + timedelta(days=DUE[due])
