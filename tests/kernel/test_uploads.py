"""What strangers upload: judged by what it is, and a picture is written anew."""

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from omzien.kernel import images
from omzien.kernel.filekinds import FileKind, kind_of
from omzien.kernel.images import BadImage, NoImage, clean_image

SECRET = b"SECRET-PLACE"


def picture(form="JPEG", size=(60, 40), mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, size, "teal").save(out, form, **options)
    return out.getvalue()


def with_exif():
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()  # maker
    exif[0x0112] = 6  # turned a quarter
    exif[0x8825] = {1: "N", 2: (51.0, 37.0, 0.0)}  # where it was taken
    return picture(exif=exif)


def claiming(width, height):
    """A PNG of some bytes that says that it is huge."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"naam;wat\nx;y\n", "text"),
        ("é;ö\n".encode("cp1252"), "text"),
        ("naam;wat".encode("utf-16"), "text"),
        (b"MZ is een woord", "text"),
        (b"MZ\x90\x00\x03\x00", "program"),
        (b"\x7fELF\x02\x01", "program"),
        (b"#!/bin/sh\n", "program"),
        (b"%PDF-1.7\n", "pdf"),
        (b"PK\x03\x04abc", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old-office"),
        (b"GIF89a", "gif"),
        (picture("PNG"), "png"),
        (picture("JPEG"), "jpeg"),
        (picture("WEBP"), "webp"),
        (bytes(range(256)), "other"),
        (b"\x1f\x8b\x08\x00", "other"),
    ],
)
def test_a_file_is_what_its_content_says(content, kind):
    assert kind_of(content) == FileKind(kind)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_taken_and_written_anew(form):
    made = clean_image(picture(form))
    assert (made.width, made.height, made.content_type) == (60, 40, "image/jpeg")
    assert Image.open(io.BytesIO(made.content)).format == "JPEG" and made.ending == ".jpeg"


def test_a_see_through_picture_stays_see_through():
    made = clean_image(picture("PNG", mode="RGBA"))
    assert made.content_type == "image/png"
    assert Image.open(io.BytesIO(made.content)).mode == "RGBA"


def test_nothing_but_the_picture_goes_on_and_it_stands_upright():
    content = with_exif()
    assert SECRET in content
    made = clean_image(content)
    assert (made.width, made.height) == (40, 60)
    assert SECRET not in made.content
    read = Image.open(io.BytesIO(made.content))
    assert not read.getexif() and "exif" not in read.info


def test_text_colour_profiles_and_what_is_glued_behind_are_left_out():
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", SECRET.decode())
    content = picture("PNG", pnginfo=told, icc_profile=SECRET * 20) + b"<script>" + SECRET
    made = clean_image(content)
    assert SECRET not in made.content and b"<script>" not in made.content
    assert "icc_profile" not in Image.open(io.BytesIO(made.content)).info


def test_a_big_photo_is_made_small():
    made = clean_image(picture(size=(4000, 3000)))
    assert (made.width, made.height) == (images.MOST_SIDE, images.MOST_SIDE * 3 // 4)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", NoImage.EMPTY),
        (b"x" * (images.MOST_BYTES + 1), NoImage.TOO_MANY_BYTES),
        (claiming(50_000, 50_000), NoImage.TOO_MANY_PIXELS),
        (claiming(8_000, 8_000), NoImage.TOO_MANY_PIXELS),
        (claiming(100, 100), NoImage.NOT_AN_IMAGE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", NoImage.NOT_AN_IMAGE),
        (picture("GIF"), NoImage.NOT_AN_IMAGE),
        (picture("TIFF"), NoImage.NOT_AN_IMAGE),
        (b"\xff\xd8\xff" + b"<?php echo 1;" * 50, NoImage.NOT_AN_IMAGE),
        (b"\x89PNG\r\n\x1a\n", NoImage.NOT_AN_IMAGE),
        (b"%PDF-1.7\n", NoImage.NOT_AN_IMAGE),
    ],
)
def test_what_is_no_picture_or_a_bomb_is_refused(content, why):
    with pytest.raises(BadImage) as refused:
        clean_image(content)
    assert refused.value.why == why


@settings(max_examples=150)
@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.integers(0, 700), st.binary(max_size=20))
def test_a_damaged_picture_gives_a_picture_or_a_refusal(form, at, junk):
    content = picture(form)
    try:
        made = clean_image(content[:at] + junk + content[at + len(junk) :])
    except BadImage:
        return
    assert made.content
