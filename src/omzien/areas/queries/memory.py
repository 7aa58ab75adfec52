"""What a process remembers of areas, and how it forgets.

Areas change a few times a year, through an importer in another process. The importer
makes its own process forget at once; the others follow within five minutes.
"""

import time
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

KEEP_SECONDS = 300

P = ParamSpec("P")
T = TypeVar("T")
_FORGETTERS: list[Callable[[], None]] = []


def remembered(maxsize: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep a function's answers for at most five minutes, or until `forget`."""

    def wrap(function: Callable[P, T]) -> Callable[P, T]:
        @lru_cache(maxsize)
        def kept(_age: int, *args: P.args, **kwargs: P.kwargs) -> T:
            return function(*args, **kwargs)

        @wraps(function)
        def ask(*args: P.args, **kwargs: P.kwargs) -> T:
            age = int(time.monotonic() // KEEP_SECONDS)
            return kept(age, *args, **kwargs)  # type: ignore[arg-type]

        forget_with(kept.cache_clear)
        return ask

    return wrap


def forget_with(clear: Callable[[], None]) -> None:
    """Have `forget` call `clear` too."""
    _FORGETTERS.append(clear)


def forget() -> None:
    """Forget everything about areas in this process."""
    for clear in _FORGETTERS:
        clear()
