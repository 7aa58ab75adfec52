"""Reading the demonstration directory (data/*.jsonl) into drafts of entries.

Every person and provider in it is invented, but for seven national help lines and bodies
that stand in it as facts with their public number.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from importlib.resources import files
from typing import Any

from omzien.areas.models import Village
from omzien.directory.actions.entries import Draft
from omzien.directory.importing.rows import Slot
from omzien.kernel.ladder import Rung
from omzien.kernel.recurrence import Recurrence

WRITTEN_ON = date(2026, 6, 15)  # the demo's dates move with today, from this day
NATIONAL, REGIONAL = "landelijk", "regio"


@dataclass(frozen=True)
class DemoEntry:
    """A line of the demonstration directory with the draft it becomes."""

    line: dict[str, Any]
    draft: Draft

    @property
    def is_shared(self) -> bool:
        """National and regional entries belong to no municipality."""
        return self.line["kern"] in (NATIONAL, REGIONAL)


def read(name: str, *, villages: dict[str, Village], on: date) -> Iterator[DemoEntry]:
    """Yield the entries of data file `name` with dates shifted so that they do not age."""
    text = files("omzien.demo").joinpath("data", name).read_text(encoding="utf-8")
    for raw in text.splitlines():
        line = json.loads(raw)
        yield DemoEntry(line, _draft(line, villages.get(line["kern"]), on))


def _draft(line: dict[str, Any], village: Village | None, on: date) -> Draft:
    contact = line["contact"]
    checked = date.fromisoformat(line["last_verified"]) + (on - WRITTEN_ON)
    checked = min(checked, on)
    facts = {
        "audience": line["audience"],
        "languages": line["languages"],
        "age_min": line["age_min"],
        "age_max": line["age_max"],
        "eligibility": line["eligibility"] or "",
        "cost": line["cost"] or "",
        "needs_referral": line["needs_referral"],
        "without_appointment": _walk_in(line),
        "is_meeting_place": line["is_meeting_place"],
        "wheelchair": line["wheelchair"],
        "waiting": line["waiting"] or "",
        "reach": _reach(line["kern"]),
        "village": village,
        "email": contact["email"] or "",
        "website": contact["url"] or "",
        "owner_email": contact["email"] or "",
        "checked_on": checked,
        "contacts_checked_on": checked,
        "is_demo": True,
        "external_id": line["id"],
    }
    return Draft(
        title=line["title"],
        description=line["description"],
        rung=Rung(line["rung"]),
        topics=line["topics"],
        facts=facts,
        phones=[(contact["phone"], "")] if contact["phone"] else [],
        schedules=[_schedule(s, line, on) for s in line["schedule"]],
    )


def _reach(kern: str) -> str:
    return {NATIONAL: "national", REGIONAL: "region"}.get(kern, "municipality")


def _walk_in(line: dict[str, Any]) -> bool | None:
    notes = " ".join(s["note"] or "" for s in line["schedule"])
    text = f"{line['description']} {notes}".casefold()
    if any(
        words in text for words in ("zonder afspraak", "gewoon binnen", "loop binnen", "inloop")
    ):
        return True
    return False if line["needs_referral"] or "afspraak" in text or "aanmelden" in text else None


def _schedule(slot: dict[str, Any], line: dict[str, Any], on: date) -> Slot:
    days = [day.upper() for day in slot["days"]]
    monday = on - timedelta(days=on.weekday() + 28)
    weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    first = monday + timedelta(days=weekdays.index(days[0]))
    rule = {
        "week": f"FREQ=WEEKLY;BYDAY={','.join(days)}",
        "2weeks": f"FREQ=WEEKLY;INTERVAL=2;BYDAY={','.join(days)}",
        "month": f"FREQ=MONTHLY;BYDAY={','.join('1' + d for d in days)}",
    }[slot["every"]]
    recurrence = Recurrence(
        first_on=first,
        starts=time.fromisoformat(slot["from"]),
        ends=time.fromisoformat(slot["to"]) if slot["to"] != "24:00" else time(0),
        rule=rule,
    )
    # Few hours on few days by a club or neighbours is a gathering; the rest is opening hours.
    is_activity = line["rung"] == "community" and len(days) <= 2
    return Slot(recurrence, slot.get("note") or "", is_activity)
