"""What an uploaded file really is, by its content; its name can say anything."""

from enum import StrEnum

_LOOK = 8192  # bytes that are looked at
_TEXT_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_CONTROLS = frozenset(range(32)) - {9, 10, 11, 12, 13, 27}
_FEW = 0.02  # share of control characters that a text from an old machine may hold


class FileKind(StrEnum):
    """The kinds that we tell apart; everything else is OTHER."""

    TEXT = "text"
    ZIP = "zip"  # also xlsx, docx, ods
    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    GIF = "gif"
    PDF = "pdf"
    OLD_OFFICE = "old-office"
    PROGRAM = "program"
    OTHER = "other"


_MAGIC = (
    (b"PK\x03\x04", FileKind.ZIP),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"GIF87a", FileKind.GIF),
    (b"GIF89a", FileKind.GIF),
    (b"%PDF-", FileKind.PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind.OLD_OFFICE),
    (b"MZ", FileKind.PROGRAM),
    (b"\x7fELF", FileKind.PROGRAM),
    (b"#!", FileKind.PROGRAM),
)


def kind_of(content: bytes) -> FileKind:
    """Return what the content is, whatever the file is called."""
    start = content[:_LOOK]
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return FileKind.WEBP
    for magic, kind in _MAGIC:
        # Two letters may begin a text too; a program has bytes that no text has.
        if start.startswith(magic) and (len(magic) > 2 or magic == b"#!" or not _is_text(start)):
            return kind
    return FileKind.TEXT if _is_text(start) else FileKind.OTHER


def _is_text(start: bytes) -> bool:
    if start.startswith(_TEXT_MARKS):
        return True
    odd = sum(byte in _CONTROLS for byte in start)
    return 0 not in start and odd <= _FEW * len(start)
