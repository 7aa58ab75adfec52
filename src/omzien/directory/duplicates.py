"""Suggestions of entries that may be the same thing. Nothing is ever merged by a machine."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pair:
    """Two entries that look alike, how much (0..1), and why, in words."""

    first: str
    second: str
    first_title: str
    second_title: str
    score: float
    why: tuple[str, ...]
