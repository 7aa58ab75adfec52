"""What the clocks ask in each round: mostly nothing is due, so what that costs counts."""

from datetime import date
from typing import Any

from django.db.models import Model, QuerySet

from omzien.people.kept import kept


@kept
def at_the_clock(code: str, day: date, *, of: type[Model], what: str) -> QuerySet[Any]:
    """Return the rows of a municipality (CBS code) for which it is `what` on a day: the name of a
    set of theirs, such as "due".
    """
    rows = of._default_manager.filter(municipality=code)
    found: QuerySet[Any] = getattr(rows, what)(on=day)
    return found
