"""The table of OWASP ASVS is whole, says nothing that is not there, and names its proof."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "security" / "asvs.md"
NUMBERS = ROOT / "tests" / "data" / "asvs_5.0.0_levels_1_and_2.txt"
STATUSES = {"met", "partly", "planned", "not applicable"}
ROW = re.compile(r"^\| (V[\d.]+) \| ([12]) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.M)
TEST = re.compile(r"`(tests/[\w/.]+)::(test_\w+)`")
LINK = re.compile(r"\]\(([^)]+)\)")


def rows():
    return ROW.findall(PAGE.read_text(encoding="utf-8"))


def exists(path, name):
    file = ROOT / path
    return file.is_file() and re.search(rf"^def {name}\(", file.read_text(encoding="utf-8"), re.M)


def test_every_requirement_is_there_exactly_once_with_its_level():
    lines = NUMBERS.read_text(encoding="utf-8").splitlines()
    wanted = [tuple(line.split()) for line in lines if not line.startswith("#")]
    assert len(wanted) == 253
    assert [(number, level) for number, level, *_rest in rows()] == wanted


def test_every_line_of_a_table_is_read():
    lines = [x for x in PAGE.read_text(encoding="utf-8").splitlines() if x.startswith("| V")]
    assert len(lines) == len(rows())


def test_a_status_is_one_of_four_and_each_is_in_our_own_words():
    assert {status for _n, _l, _short, status, _proof in rows()} <= STATUSES
    for number, _level, short, _status, _proof in rows():
        assert 3 <= len(short) <= 80 and "Verify that" not in short, number


def test_what_is_met_names_a_test_and_what_is_not_says_why():
    for number, _level, _short, status, proof in rows():
        if status == "met":
            assert TEST.search(proof), number
        else:
            assert len(proof) >= 7, number


def test_every_test_that_is_named_exists():
    named = set(TEST.findall(PAGE.read_text(encoding="utf-8")))
    assert len(named) > 60
    assert sorted(f"{path}::{name}" for path, name in named if not exists(path, name)) == []
    assert len(re.findall(r"::test_", PAGE.read_text(encoding="utf-8"))) == len(
        TEST.findall(PAGE.read_text(encoding="utf-8"))
    ), "a test stands without its path or quotes"


def test_no_link_is_dead():
    for page in PAGE.parent.glob("*.md"):
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            if not link.startswith("https://"):
                assert (page.parent / link.split("#")[0]).exists(), f"{page.name}: {link}"
