"""What leaves for a spreadsheet is never run there, and comes back as it was."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omzien.kernel.cells import Rows, escaped, unescaped

SIGNS = "=+-@\t\r\n＝＋－＠"


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("rest", ["cmd|' /C calc'!A0", "SUM(A1:A9)", 'HYPERLINK("x")', ""])
def test_a_formula_gets_an_apostrophe(sign, rest):
    assert escaped(sign + rest) == f"'{sign}{rest}"
    assert escaped(f"'{sign}{rest}") == f"''{sign}{rest}"


@pytest.mark.parametrize("text", ["+31 413 555 101", "-5", "-0,75", "gewoon", "'s middags", ""])
def test_what_cannot_harm_stays_as_it_is(text):
    assert escaped(text) == text


@given(st.text(alphabet=st.sampled_from(SIGNS + "'a1 "), max_size=12))
def test_every_cell_comes_back_as_it_was(text):
    assert unescaped(escaped(text)) == text
    assert not escaped(text).startswith(tuple(SIGNS)) or escaped(text)[1:].strip(" 1-") == ""


@pytest.mark.parametrize("sign", SIGNS)
def test_rows_escape_every_text_and_leave_numbers(sign):
    out = io.StringIO()
    writer = Rows(out)
    writer.row([f"{sign}kop", 5])
    writer.rows([[f'{sign}x";y', -3], ["a", None]])
    found = list(csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=";"))
    assert found == [[f"'{sign}kop", "5"], [f"'{sign}x\";y", "-3"], ["a", ""]]
