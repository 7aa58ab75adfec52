"""Cells that a spreadsheet would take for a formula: written with an apostrophe before them.

A spreadsheet runs a cell that begins with = + - @ (or a tab or return before it, or the wide
form of these signs). We never evaluate anything; but who opens our export in Excel would.
Numbers and telephone numbers cannot harm and stay as they are. Every CSV leaves through
`Rows`, so that nobody can forget it.
"""

import csv
import re
from collections.abc import Iterable
from typing import IO

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_HARMLESS = re.compile(r"[+-]?[\d .,()/-]*\d", re.ASCII)


def escaped(text: str) -> str:
    """Return `text` as a spreadsheet shows it and never runs it."""
    if text.startswith(_RISKY) and not _HARMLESS.fullmatch(text):
        return f"'{text}"
    return f"'{text}" if text.startswith("'") and text[1:].lstrip("'").startswith(_RISKY) else text


def unescaped(text: str) -> str:
    """Return what `escaped` was given."""
    return text[1:] if text.startswith("'") and text[1:].lstrip("'").startswith(_RISKY) else text


class Rows:
    """Writes rows of CSV into an open stream; each text in them is escaped."""

    def __init__(self, stream: IO[str], *, delimiter: str = ";") -> None:
        self._writer = csv.writer(stream, delimiter=delimiter)

    def row(self, cells: Iterable[object]) -> None:
        """Write one row."""
        self._writer.writerow([escaped(cell) if isinstance(cell, str) else cell for cell in cells])

    def rows(self, many: Iterable[Iterable[object]]) -> None:
        """Write rows."""
        for cells in many:
            self.row(cells)
