"""Times as people write them in one cell: "wo 10:00-12:00 | op 2026-12-05 14:00-16:00".

Several times are divided by | or by a new line. A time is, in this order:

    [agenda] [elke N weken | elke maand de 1e | dagelijks] [vanaf DATE] days HH:MM-HH:MM
    [t/m DATE] [niet op DATE, DATE] [ook op DATE] [(note)]

or one day (`op DATE HH:MM-HH:MM`), or any rule of RFC 5545
(`vanaf DATE regel FREQ=... HH:MM-HH:MM`). Instead of the clock: "dag en nacht", and then
the days may be left out. It is written back as short as a person would type it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, time, timedelta

from django.utils.translation import gettext as _

from omzien.directory.importing.rows import Slot, Wrong
from omzien.kernel.recurrence import MIDNIGHT, BadRule, Recurrence, check_rule, never_falls
from omzien.kernel.text import clean, fold

DAYS = {"ma": "MO", "di": "TU", "wo": "WE", "do": "TH", "vr": "FR", "za": "SA", "zo": "SU"}
DAYS_OUT = {code: word for word, code in DAYS.items()}
WEEK = list(DAYS.values())
FIRST_MONDAY = date(2024, 1, 1)  # where a weekly rule without "vanaf" begins
ORDINALS = {"1e": "1", "2e": "2", "3e": "3", "4e": "4", "5e": "5", "laatste": "-1"}
ORDINALS_OUT = {number: word for word, number in ORDINALS.items()}
LAST_UNTIL = re.compile(r";UNTIL=(\d{4})(\d{2})(\d{2})$")
MOST_TIMES = 50
MOST_WEEKS = 104
YEARS = range(1900, 2201)

_DAY = "|".join(DAYS)
_DATE = r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}-\d{1,2}-\d{4}"
_TIME = re.compile(
    rf"""
    (?P<agenda>agenda\s+)?
    (?:(?:elke\s+(?P<every>\d+)\s+weken|elke\s+maand\s+de\s+(?P<nth>1e|2e|3e|4e|5e|laatste)
        |(?P<daily>dagelijks|elke\s+dag))\s*,?\s+)?
    (?:(?P<from>vanaf|op)\s+(?P<first>{_DATE})\s+)?
    (?:regel\s+(?P<rule>\S+)\s+|(?P<days>(?:{_DAY})[a-z]*(?:\s*(?:,|-|t/m|tot\s+en\s+met|en)\s*(?:{_DAY})[a-z]*)*)\s*[,:]?\s+)?
    (?:(?P<round>(?:altijd|24\s*/\s*7|dag\s*(?:en|&)\s*nacht|24\s+uur(?:\s+per\s+dag)?
            (?:\s*,?\s*7\s+dagen\s+per\s+week)?)(?:\s+(?:open|bereikbaar))?)
        |(?P<starts>\d{{1,2}}[:.]\d{{2}})\s*(?:-|–|tot)\s*(?P<ends>\d{{1,2}}[:.]\d{{2}})(?:\s+uur)?
        # Hours alone need "uur": 10-12 may be a day.
        |(?P<from_hour>\d{{1,2}})\s*(?:-|–|tot)\s*(?P<to_hour>\d{{1,2}})\s+uur)
    (?:\s+t/m\s+(?P<until>{_DATE}))?
    (?:\s+niet\s+op\s+(?P<not>(?:{_DATE})(?:\s*,\s*(?:{_DATE}))*))?
    (?:\s+ook\s+op\s+(?P<also>(?:{_DATE})(?:\s*,\s*(?:{_DATE}))*))?
    \s*(?:\((?P<note>.*)\))?\s*
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


def read_times(text: str) -> tuple[Slot, ...]:
    """Return the times that a cell tells; raise Wrong for all that cannot be read."""
    parts = [part.strip() for part in re.split(r"\||\n", text) if part.strip()]
    if len(parts) > MOST_TIMES:
        raise Wrong(_("Meer dan %(most)d tijden in één cel.") % {"most": MOST_TIMES})
    found, wrong = [], []
    for part in parts:
        try:
            found.append(_slot(part))
        except Wrong as one:
            wrong.append(one.sentence)
    if wrong:
        raise Wrong(wrong[0], tuple(wrong[1:]))
    return tuple(found)


def slot(
    *,
    first_on: date,
    starts: time,
    ends: time,
    rule: str = "",
    except_on: Sequence[date] = (),
    also_on: Sequence[date] = (),
    note: str = "",
    is_activity: bool = False,
) -> Slot:
    """Return a slot whose times and rule have been checked; raise Wrong otherwise."""
    if starts == ends and starts != time(0):
        raise Wrong(
            _("Begin en eind zijn allebei %(at)s. Vul een eindtijd in.") % {"at": f"{starts:%H:%M}"}
        )
    odd = next((day for day in (first_on, *except_on, *also_on) if day.year not in YEARS), None)
    if odd:
        raise Wrong(_("De dag %(day)s ligt te ver weg.") % {"day": odd.isoformat()})
    rule = rule.upper().removeprefix("RRULE:")
    if len(rule) > 200:
        raise Wrong(_("De regel voor herhaling is langer dan 200 tekens."))
    try:
        check_rule(rule)
    except (BadRule, OverflowError, RecursionError) as error:
        raise Wrong(
            _('De herhaling "%(rule)s" kan ik niet lezen. Schrijf bijvoorbeeld: wo 10:00-12:00.')
            % {"rule": rule[:60]}
        ) from error
    when = Recurrence(first_on, starts, ends, rule, tuple(except_on), tuple(also_on))
    if never_falls(when):
        raise Wrong(
            _('De herhaling "%(rule)s" valt op geen enkele dag. Schrijf bijvoorbeeld: wo '
              "10:00-12:00.")
            % {"rule": rule[:60]}
        )  # fmt: skip
    return Slot(
        when,
        clean(note)[:300],
        is_activity,
    )


def _slot(text: str) -> Slot:
    found = _TIME.fullmatch(text[:1000])
    if not found:
        raise Wrong(
            _(
                'De tijd "%(text)s" kan ik niet lezen. Schrijf bijvoorbeeld: wo 10:00-12:00, of: '
                "op 2026-12-05 14:00-16:00, of: za en zo dag en nacht."
            )
            % {"text": text[:60]}
        )
    days = _days(found["days"] or "")
    is_round = bool(found["round"])
    first = day_of(found["first"]) if found["first"] else None
    return slot(
        first_on=first or _first(days),
        starts=MIDNIGHT if is_round else _at(found["starts"], found["from_hour"]),
        ends=MIDNIGHT if is_round else _at(found["ends"], found["to_hour"]),
        rule=_rule(found, days, first, text),
        except_on=_dates(found["not"]),
        also_on=_dates(found["also"]),
        note=found["note"] or "",
        is_activity=bool(found["agenda"]),
    )


def _rule(found: "re.Match[str]", days: Sequence[str], first: date | None, text: str) -> str:
    if found["rule"]:
        return str(found["rule"])
    until = f";UNTIL={day_of(found['until']):%Y%m%d}" if found["until"] else ""
    is_one_day = (found["from"] or "").casefold() == "op" and not days
    names_days = days or found["every"] or found["nth"] or is_one_day
    if found["daily"] or (found["round"] and not names_days):
        return f"FREQ=DAILY{until}"
    if is_one_day:
        return ""
    if not days:
        raise Wrong(
            _('Bij de tijd "%(text)s" staat geen dag. Schrijf bijvoorbeeld: wo 10:00-12:00.')
            % {"text": text[:60]}
        )
    if found["nth"]:
        nth = ORDINALS[found["nth"].casefold()]
        return f"FREQ=MONTHLY;BYDAY={','.join(nth + day for day in days)}{until}"
    every = int((found["every"] or "1")[:5])
    if not 1 <= every <= MOST_WEEKS:
        raise Wrong(
            _('"Elke %(weeks)s weken" kan niet. Vul een getal in van 1 tot en met %(most)d.')
            % {"weeks": found["every"][:6], "most": MOST_WEEKS}
        )
    if every > 1:
        if first is None:
            raise Wrong(
                _('Bij "elke %(weeks)s weken" hoort een eerste dag: vanaf 2026-01-09.')
                % {"weeks": every}
            )
        return f"FREQ=WEEKLY;INTERVAL={every};BYDAY={','.join(days)}{until}"
    return f"FREQ=WEEKLY;BYDAY={','.join(days)}{until}"


def _days(text: str) -> list[str]:
    text = re.sub(r"tot\s+en\s+met", "t/m", fold(text))
    words = re.findall(rf"(?:{_DAY})[a-z]*|,|-|t/m|en", text)
    found: list[str] = []
    upto = False
    for word in words:
        if word in ("-", "t/m"):
            upto = True
        elif word not in (",", "en"):
            code = DAYS[word[:2]]
            if upto and found:
                at = WEEK.index(found[-1])
                length = (WEEK.index(code) - at) % 7
                found += [WEEK[(at + step) % 7] for step in range(1, length + 1)]
            else:
                found.append(code)
            upto = False
    return sorted(set(found), key=WEEK.index)


def _first(days: Sequence[str]) -> date:
    return FIRST_MONDAY + timedelta(days=WEEK.index(days[0]) if days else 0)


def _at(text: str | None, hour: str | None) -> time:
    return clock(text or f"{hour}:00")


def clock(text: str) -> time:
    """Return a time of day; 24:00 is midnight."""
    hour, minute = (int(part) for part in re.split("[:.]", text)[:2])
    if (hour, minute) == (24, 0):
        return time(0)
    try:
        return time(hour, minute)
    except ValueError as error:
        raise Wrong(
            _("De tijd %(at)s bestaat niet. Gebruik 00:00 tot en met 24:00.") % {"at": text[:10]}
        ) from error


def day_of(text: str) -> date:
    """Return the day written as 2026-12-05 or 5-12-2026."""
    parts = [int(part) for part in re.findall(r"\d+", text)[:3]]
    try:
        if re.match(r"\d{4}-", text):
            return date(parts[0], parts[1], parts[2])
        return date(parts[2], parts[1], parts[0])
    except (ValueError, IndexError) as error:
        raise Wrong(
            _('De dag "%(day)s" bestaat niet. Schrijf bijvoorbeeld 2026-12-05.')
            % {"day": text[:20]}
        ) from error


def _dates(text: str | None) -> tuple[date, ...]:
    return tuple(day_of(part) for part in re.findall(_DATE, text or ""))


def write_times(slots: Iterable[Slot]) -> str:
    """Return times as `read_times` reads them."""
    return " | ".join(_written(one) for one in slots)


def _written(one: Slot) -> str:
    when = one.recurrence
    ended = LAST_UNTIL.search(when.rule)
    days, until = _when(replace(when, rule=when.rule[: ended.start()]) if ended else when), ""
    if ended and "regel" not in days:
        until = "t/m " + "-".join(ended.groups())
    elif ended:
        days = _when(when)
    is_round = when.starts == when.ends == MIDNIGHT
    if is_round and days == ["dagelijks"]:
        days = []
    clock = "dag en nacht" if is_round else f"{when.starts:%H:%M}-{when.ends:%H:%M}"
    note = one.note.replace("|", "/").replace("\n", " ")
    words = [
        "agenda" if one.is_activity else "",
        *days,
        clock,
        until,
        "niet op " + _dates_out(when.except_on) if when.except_on else "",
        "ook op " + _dates_out(when.also_on) if when.also_on else "",
        f"({note})" if note else "",
    ]
    return " ".join(word for word in words if word)


def _when(when: Recurrence) -> list[str]:
    """Return the days of a recurrence that does not end, in words."""
    since = ["vanaf", when.first_on.isoformat()]
    if not when.rule:
        return ["op", when.first_on.isoformat()]
    parts = dict(part.split("=", 1) for part in when.rule.split(";") if "=" in part)
    days = parts.get("BYDAY", "").split(",")
    every, nth = parts.get("INTERVAL", ""), ORDINALS_OUT.get(days[0][:-2])
    if nth:
        days = [days[0][-2:]]
    known = set(days) <= set(WEEK)
    usual = when.first_on == _first(days if known else ())  # what is read where nobody says "vanaf"
    if when.rule == "FREQ=DAILY":
        return ["dagelijks"] if usual else ["dagelijks", *since]
    if known and when.rule == f"FREQ=WEEKLY;BYDAY={','.join(days)}":
        return [_days_out(days)] if usual else [*since, _days_out(days)]
    if known and when.rule == f"FREQ=WEEKLY;INTERVAL={every};BYDAY={','.join(days)}":
        return [f"elke {every} weken", *since, _days_out(days)]
    if nth and when.rule == f"FREQ=MONTHLY;BYDAY={ORDINALS[nth]}{days[0]}":
        return [f"elke maand de {nth}", *([] if usual else since), _days_out(days)]
    return [*since, "regel", when.rule]


def _days_out(days: Sequence[str]) -> str:
    """Return days as "ma-vr, zo": three or more in a row as a range."""
    runs: list[list[str]] = []
    for day in days:
        if runs and WEEK.index(day) == WEEK.index(runs[-1][-1]) + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    words = [[DAYS_OUT[day] for day in run] for run in runs]
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(run) for run in words)


def _dates_out(days: Iterable[date]) -> str:
    return ", ".join(day.isoformat() for day in days)
