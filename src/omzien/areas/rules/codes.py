"""CBS area codes: GM1948 (municipality) > WK194802 (wijk) > BU19480225 (buurt).

The first four characters after the letters are the municipality; a big city may have
letters in the rest (BU0363AF01).
"""

import re
from enum import StrEnum

_CODE = re.compile(r"(GM\d{4}|WK\d{4}[0-9A-Z]{2}|BU\d{4}[0-9A-Z]{4})", re.ASCII)
_BARE = re.compile(r"\d{4}[0-9A-Z]{0,4}", re.ASCII)
_DIGITS = re.compile(r"\d{3,8}", re.ASCII)


class Level(StrEnum):
    """Which kind of area a code names; the value is the code's first two letters."""

    MUNICIPALITY = "GM"
    WIJK = "WK"
    BUURT = "BU"

    @property
    def size(self) -> int:
        """Return how many characters follow the letters."""
        return {"GM": 4, "WK": 6, "BU": 8}[self.value]


_BY_SIZE = {level.size: level for level in Level}


def normal_code(text: str, level: Level | None = None) -> str | None:
    """Return `text` as a CBS code, or None when it is none (or of another level).

    Older files leave out the letters ("19480225") and spreadsheets the leading zeros
    (3630000 for 03630000); with `level` known, both are put back.
    """
    code = text.strip().upper()
    if level is not None and _DIGITS.fullmatch(code):
        code = code.zfill(level.size)
    if _BARE.fullmatch(code) and len(code) in _BY_SIZE:
        code = _BY_SIZE[len(code)].value + code
    if not _CODE.fullmatch(code) or (level is not None and code[:2] != level.value):
        return None
    return code


def code_of_wijk(buurt_code: str) -> str:
    """Return the wijk that a buurt lies in: BU19480225 -> WK194802."""
    return "WK" + buurt_code[2:8]


def code_of_municipality(code: str) -> str:
    """Return the municipality that a buurt or wijk lies in: WK194802 -> GM1948."""
    return "GM" + code[2:6]
