"""Doing many things, each on its own: what goes wrong is logged, and holds up nothing else."""

import logging
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection

from omzien.journal.isolation import working_for

log = logging.getLogger(__name__)
T = TypeVar("T")


@contextmanager
def on_its_own(what: str) -> Iterator[None]:
    """Log an error in this block and go on behind it; the next round tries `what` again.

    Use it around a transaction, not inside one. When the connection to the database is lost the
    error is raised: nothing that comes after would do better.
    """
    try:
        yield
    except Exception as error:
        if not connection.is_usable():
            raise
        log.error("Dit ging mis, en de rest ging door: %s (%s)", what, place_of(error))


def one_by_one(municipality: str, what: str, rows: Iterable[T], do: Callable[[T], int]) -> int:
    """Do something with each row, in a transaction of its own; return the sum of what came of it.

    A row that goes wrong holds up no other. `rows` are keys, or have one. Call it outside
    `working_for`.
    """
    count = 0
    for row in rows:
        name = f"{municipality}, {what}, {getattr(row, 'pk', row)}"
        with on_its_own(name), working_for(municipality):
            count += do(row)
    return count


def place_of(error: Exception) -> str:
    """Return which error it is and where it arose, without its message: that may quote a row."""
    return f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}"
