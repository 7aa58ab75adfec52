"""Pictures from strangers: decoded, made upright, made small, and written anew.

Nothing of the file that came in goes on: no place where a photo was taken, no name of a camera,
no text behind the picture, no second file hidden in it. What cannot be decoded is no picture.
"""

import io
import warnings
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 10_000_000
MOST_PIXELS = 40_000_000  # a camera makes 12 to 24 million; unpacked that is 160 MB at most
MOST_SIDE = 1600  # pixels of what we keep
_READ = ("JPEG", "PNG", "WEBP")  # no SVG: that is a program; no GIF: that moves


class NoImage(StrEnum):
    """Why a file is refused; the caller says it in a sentence."""

    EMPTY = "empty"
    TOO_MANY_BYTES = "too-many-bytes"
    TOO_MANY_PIXELS = "too-many-pixels"
    NOT_AN_IMAGE = "not-an-image"


class BadImage(ValueError):
    """A file that is not taken as a picture."""

    def __init__(self, why: NoImage) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True)
class CleanImage:
    """A picture that we wrote ourselves."""

    content: bytes
    content_type: str
    ending: str
    width: int
    height: int


def clean_image(content: bytes) -> CleanImage:
    """Return the picture in `content`, written anew without anything else that was in it.

    Its size is read before it is unpacked, so that a bomb costs nothing. Raises BadImage.
    """
    if not content:
        raise BadImage(NoImage.EMPTY)
    if len(content) > MOST_BYTES:
        raise BadImage(NoImage.TOO_MANY_BYTES)
    picture = ImageOps.exif_transpose(_decoded(content))
    picture.thumbnail((MOST_SIDE, MOST_SIDE))
    return _written(picture)


def _decoded(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(content), formats=_READ)
            if picture.width * picture.height > MOST_PIXELS:
                raise BadImage(NoImage.TOO_MANY_PIXELS)
            picture.load()
    except Image.DecompressionBombError as error:
        raise BadImage(NoImage.TOO_MANY_PIXELS) from error
    except (
        UnidentifiedImageError, OSError, SyntaxError, ValueError, TypeError, IndexError,
        KeyError, OverflowError, ZeroDivisionError, EOFError, AttributeError,
    ) as error:  # fmt: skip
        if isinstance(error, BadImage):
            raise
        raise BadImage(NoImage.NOT_AN_IMAGE) from error
    return picture


def _written(picture: Image.Image) -> CleanImage:
    """Copy the pixels alone into a new picture: JPEG, or PNG where something is see-through."""
    is_see_through = picture.has_transparency_data
    mode, form = ("RGBA", "PNG") if is_see_through else ("RGB", "JPEG")
    pixels = picture.convert(mode)
    new = Image.new(mode, pixels.size)
    new.paste(pixels)
    out = io.BytesIO()
    options = {"optimize": True} if is_see_through else {"quality": 82, "progressive": True}
    new.save(out, form, **options)
    return CleanImage(out.getvalue(), f"image/{form.lower()}", f".{form.lower()}", *new.size)
