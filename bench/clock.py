"""CPU of works that are compared with each other: of this process, and of its PostgreSQL backends."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connections


@dataclass(frozen=True)
class Cost:
    """Milliseconds per piece of work."""

    cpu: float
    server: float
    wall: float

    @property
    def whole(self) -> float:
        """Return the CPU of both sides."""
        return self.cpu + self.server


def server_cpu(*aliases: str) -> float:
    """Return the CPU milliseconds so far of the backends that work for us, to the microsecond."""
    found = 0.0
    for alias in aliases:
        connections[alias].ensure_connection()
        process = connections[alias].connection.info.backend_pid
        file = Path(f"/proc/{process}/schedstat")
        if file.exists():  # an own server may be on another machine
            found += int(file.read_text(encoding="ascii").split()[0]) / 1e6
    return found


def rounds_of(
    works: dict[str, Callable[[], Any]], *, rounds: int, each: int, aliases: tuple[str, ...]
) -> dict[str, list[Cost]]:
    """Return what each work cost per alternated round; every other round goes backwards."""
    found: dict[str, list[Cost]] = {name: [] for name in works}
    for work in works.values():
        for _ in range(30):
            work()
    for turn in range(rounds):
        for name, work in list(works.items())[:: -1 if turn % 2 else 1]:
            server, began, clock = server_cpu(*aliases), time.process_time(), time.perf_counter()
            for _ in range(each):
                work()
            cpu, wall = time.process_time() - began, time.perf_counter() - clock
            found[name].append(
                Cost(
                    cpu * 1000 / each,
                    (server_cpu(*aliases) - server) / each,
                    wall * 1000 / each,
                )
            )
    return found


def median(found: list[Cost]) -> Cost:
    """Return the median of each figure."""
    return _at(found, statistics.median)


def undisturbed(found: list[Cost]) -> Cost:
    """Return the lowest tenth of each figure: what it costs where nobody else uses the machine.

    Two processes on one core share its caches and its clock, so that CPU time is no constant.
    """
    return _at(found, lambda values: statistics.quantiles(values, n=10)[0])


def _at(found: list[Cost], which: Callable[[list[float]], float]) -> Cost:
    return Cost(*(which([getattr(one, what) for one in found]) for what in Cost.__match_args__))
