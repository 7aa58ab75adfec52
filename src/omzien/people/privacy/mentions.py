"""Finding somebody in text that others wrote: by address, telephone number and full name.

A first name alone is no mention: it would take words from texts about others.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

ERASED = "[gewist]"
SHORTEST_NAME = 6
FEWEST_DIGITS = 8


@dataclass(frozen=True)
class Mentions:
    """The patterns of one person; they mean the same in Python and in PostgreSQL."""

    patterns: tuple[str, ...]

    @classmethod
    def of(cls, *, name: str, addresses: Iterable[str], phone: str) -> "Mentions":
        """Return what to look for."""
        found = [_whole(re.escape(address)) for address in sorted(addresses)]
        words = name.split()
        if len(words) > 1 and len(name) >= SHORTEST_NAME:
            found.append(_whole(r"\s+".join(map(re.escape, words))))
        digits = re.sub(r"\D", "", phone)
        national = re.sub(r"^(0031|31|0)", "", digits)
        if len(digits) >= FEWEST_DIGITS:
            gap = r"[\s().\-/]*"
            found.append(r"(?<!\d)(?:\+?\s*(?:00)?31|0)?" + gap + gap.join(national) + r"(?!\d)")
        return cls(tuple(found))

    @property
    def pattern(self) -> str:
        """Return one pattern for all, "" when there is nothing to look for."""
        return "|".join(self.patterns)

    def within(self, value: Any) -> bool:
        """Tell whether a text, list, table or file names the person."""
        return bool(self.patterns) and self.without(value) != value

    def without(self, value: Any) -> Any:
        """Return the value with each mention replaced, however deep it lies."""
        if not self.patterns:
            return value
        if isinstance(value, str):
            return re.sub(self.pattern, ERASED, value, flags=re.IGNORECASE)
        if isinstance(value, list | tuple):
            return [self.without(one) for one in value]
        if isinstance(value, dict):
            return {self.without(key): self.without(one) for key, one in value.items()}
        return value


def _whole(pattern: str) -> str:
    return rf"(?<!\w){pattern}(?!\w)"
