"""Text as people type it, made fit to be kept and shown."""

import pytest

from omzien.kernel.text import clean, one_line


@pytest.mark.parametrize(
    "sign", ["\x00", "\x07", "\u202e", "\u2066", "\x1b", "\x85", "\ufffe", "\uffff"]
)
def test_signs_that_nobody_sees_are_taken_out_of_every_line(sign):
    assert one_line(f"Toon{sign} van Esch", 120) == clean(f"Toon{sign} van Esch") == "Toon van Esch"


def test_a_line_has_single_spaces_and_an_end():
    assert one_line("  een\n\nregel\t met  ruimte ", 12) == "een regel me"
