"""Working days: Monday to Friday, without the Dutch public holidays and days that are named.

Public holidays are those of the Algemene termijnenwet, art. 3: a term never ends on one.
"""

from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache

MONDAY_TO_FRIDAY = range(5)


def easter(year: int) -> date:
    """Return Easter Sunday of a year in the Gregorian calendar.

    Source: the anonymous algorithm in Meeus, Astronomical Algorithms (1991), chapter 8.
    """
    golden = year % 19
    century, rest = divmod(year, 100)
    leaps, left = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * left + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=200)
def public_holidays(year: int) -> frozenset[date]:
    """Return the days on which by law no term ends (Algemene termijnenwet, art. 3)."""
    sunday = easter(year)
    moving = (-2, 1, 39, 50)  # Good Friday, Easter Monday, Ascension, Whit Monday
    king = date(year, 4, 27)
    if king.weekday() == 6:
        king -= timedelta(days=1)
    fixed = (date(year, 1, 1), king, date(year, 5, 5), date(year, 12, 25), date(year, 12, 26))
    return frozenset(fixed) | {sunday + timedelta(days=days) for days in moving}


def is_working_day(day: date, closed: Collection[date] = ()) -> bool:
    """Tell whether people work on a day; `closed` are the days that an office adds."""
    is_free = day in public_holidays(day.year) or day in closed
    return day.weekday() in MONDAY_TO_FRIDAY and not is_free


def add_working_days(day: date, count: int, closed: Collection[date] = ()) -> date:
    """Return the day that lies `count` working days after `day`."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day, closed)
    return day


def working_days_until(day: date, *, on: date, closed: Collection[date] = ()) -> int:
    """Return how many working days are left until `day`; below zero when it is past."""
    first, last = sorted((on, day))
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    count = sum(is_working_day(one, closed) for one in days)
    return count if day >= on else -max(count, 1)
