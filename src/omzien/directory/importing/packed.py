"""Packed files (zip, xlsx) from strangers: weighed before anything is unpacked."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from omzien.directory.importing.rows import Wrong

MOST_MEMBERS = 500
MOST_BYTES = 300_000_000
MOST_RATIO = 120  # text packs 5 to 20 times; a bomb 1,000 times
SMALL = 5_000_000  # below this a high ratio harms nobody


def is_zip(path: Path) -> bool:
    """Tell whether a file is packed as zip, whatever its name."""
    with path.open("rb") as stream:
        return stream.read(4) == b"PK\x03\x04"


def weight(data: bytes) -> int:
    """Return how many bytes a file says that it holds, unpacked.

    Nobody knows that of gzip beforehand: it weighs the most that may be.
    """
    if data[:2] == b"\x1f\x8b":
        return MOST_BYTES
    if data[:4] != b"PK\x03\x04":
        return len(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError):
        return len(data)


@contextmanager
def unpacked(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip whose size, ratio and number of files have been weighed.

    Raises Wrong for a bomb, a locked file or a broken one. The sizes come from the zip's
    own list; zipfile reads no more of a member than its list says, and checks the CRC.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _weigh(archive.infolist())
            yield archive
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise Wrong(
            _("Het ingepakte bestand is beschadigd of op slot. Maak het opnieuw.")
        ) from error


def _weigh(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise Wrong(
            _("Er zitten %(count)d bestanden in het ingepakte bestand. Meer dan %(most)d mag niet.")
            % {"count": len(members), "most": MOST_MEMBERS}
        )
    total = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if total > MOST_BYTES or (total > SMALL and total / packed > MOST_RATIO):
        raise Wrong(
            _("Uitgepakt is dit bestand veel te groot (%(size)d MB). Er is niets uitgepakt.")
            % {"size": total // 1_000_000}
        )
    for member in members:
        name = PurePosixPath(member.filename)
        if name.is_absolute() or ".." in name.parts:
            raise Wrong(
                _("Het ingepakte bestand heeft een vreemde map: %(name)s.")
                % {"name": member.filename[:60]}
            )
