"""An entry on its way in, and what is found wrong on the way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from omzien.areas.actions.reports import MOST_FAULTS, Fault
from omzien.kernel.ladder import Rung
from omzien.kernel.recurrence import Recurrence
from omzien.kernel.text import clean

Progress = Callable[[str, int], None]
"""Called now and then with the step (READ, WRITTEN or BACK) and how many rows are done."""
READ, WRITTEN, BACK = "read", "written", "back"


@dataclass(eq=False)  # not frozen: Python writes a traceback into an error on its way
class Wrong(Exception):
    """A value cannot be used; `sentence` says why and what to do, `more` what else is wrong."""

    sentence: str
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slot:
    """A time of opening, or an activity that goes on the agenda."""

    recurrence: Recurrence
    note: str = ""
    is_activity: bool = False


@dataclass(frozen=True)
class IncomingPlace:
    """Where it happens. `left` holds what the source says and we have no column for.

    `village` is there where the source names one for each place: a name, and checked its key.
    """

    name: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""
    lat: Any = None
    lon: Any = None
    wheelchair: bool | None = None
    is_hidden: bool = False
    country: str = "NL"
    village: Any = field(default=None, repr=False)
    left: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class IncomingProvider:
    """Who offers it. `external_id` is how the source numbers the provider."""

    name: str = ""
    kind: str = ""
    description: str = ""
    email: str = ""
    website: str = ""
    phone: str = ""
    external_id: str = ""


@dataclass(frozen=True)
class Incoming:
    """One entry as a reader found it: values are still raw, checks makes them true.

    `facts` are columns of Service that the source has, raw. A part that is None is one
    that the source does not have: what stands in the directory then stays. `source` is
    what the source says and we have no column for (see hsds.keeping).
    """

    row: int
    title: str
    description: str
    provider: IncomingProvider
    external_id: str = ""
    topics: tuple[str, ...] | None = None
    rung: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    phones: tuple[tuple[str, str], ...] | None = None
    schedules: tuple[Slot, ...] | None = None
    places: tuple[IncomingPlace, ...] | None = None
    slug: str = ""
    source: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """An entry that may come in: every value has the type of its column."""

    row: int
    external_id: str
    title: str
    description: str
    provider: IncomingProvider
    topics: tuple[str, ...] | None
    rung: Rung | None
    facts: dict[str, Any]
    phones: tuple[tuple[str, str], ...] | None
    schedules: tuple[Slot, ...] | None
    places: tuple[IncomingPlace, ...] | None
    slug: str
    source: Mapping[str, Any]
    left_out: Mapping[str, str]
    """Faulty values of forgiven fields, as the source gave them."""


@dataclass
class Findings:
    """Faults, which stop an import, and notes, which do not; of each the first `most` are kept.

    A faulty value of a field in `forgiving` is left out of the entry and noted: for
    sources that we cannot mend. It stays with the entry as the source gave it.
    """

    forgiving: frozenset[str] = frozenset()
    most: int = MOST_FAULTS
    rows: set[int] = field(default_factory=set)
    """The rows with a fault, however many faults are kept."""
    of_whole: bool = False
    """Whether a fault is of the file itself and not of one row."""
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    faulty: int = 0
    noted: int = 0

    def fault(self, row: int | None, name: str, sentence: str) -> None:
        """Keep a fault: nothing will be written."""
        self.faulty += 1
        if row is None:
            self.of_whole = True
        else:
            self.rows.add(row)
        if len(self.faults) < self.most:
            self.faults.append(Fault(row, clean(name), clean(sentence)))

    def note(self, row: int | None, name: str, sentence: str) -> None:
        """Keep something that a person should know and that stops nothing."""
        self.noted += 1
        if len(self.notes) < self.most:
            self.notes.append(Fault(row, clean(name), clean(sentence)))

    def wrong(self, row: int | None, name: str, sentence: str, *, key: str) -> None:
        """Keep what is wrong with field `key`: a note where it is forgiven, else a fault."""
        (self.note if key in self.forgiving else self.fault)(row, name, sentence)
