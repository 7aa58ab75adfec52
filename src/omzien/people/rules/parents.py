"""Until when a parent speaks for a child: alone, together with the child, or no more. Pure.

Under twelve a parent decides; from twelve the child says yes too; from sixteen it decides itself
(casework notes 3.8, after the ages of health care and youth law; to be confirmed in the DPIA).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

TOGETHER_FROM, ALONE_FROM = 12, 16


@dataclass(frozen=True)
class Child:
    """What is asked about the child: when it was born, and whether it says yes itself."""

    born_on: date
    agrees: bool = False


def age(child: Child, *, on: date) -> int:
    """Return the years of a child on a day. Raises ValueError for who is not born yet."""
    if child.born_on > on:
        raise ValueError(child.born_on)
    return relativedelta(on, child.born_on).years


def last_day(child: Child, *, on: date) -> date | None:
    """Return the last day of what a parent may do now; None where the child decides itself.

    It ends the day before the next of the two birthdays: from then on it is another mandate.
    """
    for years in (TOGETHER_FROM, ALONE_FROM):
        if age(child, on=on) < years:
            return child.born_on + relativedelta(years=years) - timedelta(days=1)
    return None


def must_agree(child: Child, *, on: date) -> bool:
    """Tell whether the child has to say yes too."""
    return TOGETHER_FROM <= age(child, on=on) < ALONE_FROM
