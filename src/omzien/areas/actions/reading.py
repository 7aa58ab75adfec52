"""Opening files that anybody may have made: size limits, encodings, half files."""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from omzien.areas import rules
from omzien.areas.actions.reports import Tally

# The official outlines of all buurten, not simplified, are some 300 MB of GeoJSON.
MOST_GEOJSON = 800_000_000
MOST_CSV = 100_000_000
csv.field_size_limit(MOST_CSV)  # how long a cell may be is told by who reads it

MOST_DEPTH = 2_000
_BRACKETS = b"[{]}"
_UP_OR_DOWN = bytes.maketrans(_BRACKETS, b"\x01\x01\x00\x00")
_NO_BRACKETS = bytes(set(range(256)) - set(_BRACKETS))

Source = Path | str | BinaryIO
"""A path, or an open binary stream. Either may be gzip."""


class TooBig(Exception):
    """More bytes came out of a file than any real one holds (also: a zip bomb)."""


class Limited(io.RawIOBase):
    """A stream that ends in TooBig after `most` bytes."""

    def __init__(self, stream: BinaryIO, most: int) -> None:
        super().__init__()
        self._stream = stream
        self._left = most

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: object) -> int:
        """Read into `buffer`; raise TooBig past the limit."""
        view = memoryview(buffer)  # type: ignore[arg-type]
        chunk = self._stream.read(len(view))
        self._left -= len(chunk)
        if self._left < 0:
            raise TooBig
        view[: len(chunk)] = chunk
        return len(chunk)


class TooDeep(ValueError):
    """JSON is nested deeper than any real file, which would take a parser hours."""


class Shallow(io.RawIOBase):
    """A JSON stream that ends in TooDeep where brackets nest past MOST_DEPTH.

    Brackets inside texts count too; the limit is far above what names could add.
    """

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self._depth = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: object) -> int:
        """Read into `buffer`; raise TooDeep past the limit."""
        view = memoryview(buffer)  # type: ignore[arg-type]
        chunk = self._stream.read(len(view))
        steps = chunk.translate(_UP_OR_DOWN, _NO_BRACKETS)
        opens = steps.count(1)
        if self._depth + opens > MOST_DEPTH:
            deepest = max(accumulate((2 * step - 1 for step in steps), initial=self._depth))
            if deepest > MOST_DEPTH:
                raise TooDeep
        self._depth += 2 * opens - len(steps)
        view[: len(chunk)] = chunk
        return len(chunk)


@contextmanager
def opened(source: Source, most: int, tally: Tally) -> Iterator[BinaryIO]:
    """Open `source` for reading at most `most` bytes, unpacked; refuse what cannot be read."""
    try:
        if isinstance(source, Path | str):
            with Path(source).open("rb") as stream:
                yield _unpacked(stream, most)
        else:
            yield _unpacked(source, most)
    except TooBig:
        tally.refuse(
            None,
            "",
            _("Het bestand is groter dan %(size)d MB. Knip het in stukken en probeer opnieuw.")
            % {"size": most // 1_000_000},
        )
    except (gzip.BadGzipFile, EOFError, zlib.error):
        tally.refuse(None, "", _("Het ingepakte bestand (gz) is beschadigd. Haal het opnieuw op."))
    except OSError as error:
        tally.refuse(
            None,
            "",
            _("Het bestand kan niet worden gelezen (%(reason)s). Kijk of de naam klopt.")
            % {"reason": error.strerror or type(error).__name__},
        )


def _unpacked(stream: BinaryIO, most: int) -> BinaryIO:
    head = io.BufferedReader(Limited(stream, most), 1 << 16)
    if head.peek(2)[:2] != b"\x1f\x8b":
        return head
    return io.BufferedReader(Limited(gzip.GzipFile(fileobj=head), most), 1 << 16)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Table:
    """A CSV's header and its rows, each with its line number; no row is short."""

    header: list[str]
    rows: list[tuple[int, list[str]]]


# How Excel tells its own divider, in the first line.
_TOLD = re.compile(r'"?sep=([;,|\t])"?(?=[\r\n])', re.IGNORECASE)


def read_table(source: Source, tally: Tally) -> Table:
    """Read a CSV file whole, whatever its delimiter and encoding; refuse half a file.

    A row with too few or too many cells is skipped with a fault, but as last row it
    means that the file was cut off.
    """
    with opened(source, MOST_CSV, tally) as stream:
        data = stream.read()
    text = _decoded(data, tally)
    told = _TOLD.match(text)  # the line stays, so that rows keep their number
    delimiter = told[1] if told else rules.delimiter_of(text.split("\n", 1)[0])
    text = text[told.end() :] if told else text
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: list[tuple[int, list[str]]] = []
    try:
        lines.extend((reader.line_num, cells) for cells in reader if any(map(str.strip, cells)))
    except csv.Error:
        tally.refuse(
            reader.line_num,
            "",
            _("Hier is een aanhalingsteken niet gesloten, of het bestand is afgebroken."),
        )
    if not lines:
        tally.refuse(None, "", _("Het bestand is leeg."))
    header = [cell.strip() for cell in lines[0][1]]
    return Table(header, _whole_rows(lines[1:], len(header), tally))


def _whole_rows(
    lines: list[tuple[int, list[str]]], width: int, tally: Tally
) -> list[tuple[int, list[str]]]:
    good = []
    for row, cells in lines:
        if len(cells) > width and not any(map(str.strip, cells[width:])):
            cells = cells[:width]
        if len(cells) == width:
            good.append((row, cells))
            continue
        if row == lines[-1][0] and len(cells) < width:
            tally.refuse(
                row,
                "",
                _(
                    "De laatste regel heeft %(found)d velden in plaats van %(wanted)d: het bestand "
                    "is afgebroken. Haal het opnieuw op. Er is niets overgenomen."
                )
                % {"found": len(cells), "wanted": width},
            )
        tally.skip(
            row,
            "",
            _("Deze regel heeft %(found)d velden in plaats van %(wanted)d en is overgeslagen.")
            % {"found": len(cells), "wanted": width},
        )
    return good


def _decoded(data: bytes, tally: Tally) -> str:
    if data[:4] == b"PK\x03\x04":
        tally.refuse(
            None, "", _("Dit is een Excel- of zipbestand. Bewaar het als CSV en probeer opnieuw.")
        )
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    return tally.refuse(
        None, "", _("De tekens in dit bestand zijn niet te lezen. Bewaar het als CSV in UTF-8.")
    )
