"""Cells that a spreadsheet would take for a formula: written with an apostrophe before them.

A spreadsheet runs a cell that begins with = + - @ (or a tab or return before it). We never
evaluate anything; but who opens our export in Excel would. Numbers and telephone numbers
cannot harm and stay as they are.
"""

import re

_RISKY = ("=", "+", "-", "@", "\t", "\r")
_HARMLESS = re.compile(r"[+-]?[\d .,()/-]*\d")


def escaped(text: str) -> str:
    """Return `text` as a spreadsheet shows it and never runs it."""
    if text.startswith(_RISKY) and not _HARMLESS.fullmatch(text):
        return f"'{text}"
    return f"'{text}" if text.startswith("'") and text[1:].startswith(_RISKY) else text


def unescaped(text: str) -> str:
    """Return what `escaped` was given."""
    return text[1:] if text.startswith("'") and text[1:].lstrip("'").startswith(_RISKY) else text
