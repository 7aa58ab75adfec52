"""The journeys walk every public page; a new page may not stay behind."""

from tests.journeys import pages


def test_every_page_is_walked():
    assert pages.unknown() == [], "add an address to SAMPLES of tests/journeys/pages.py"
    assert len(pages.paths()) >= 20


def test_what_is_no_page_still_exists():
    names = {p.name for p in pages.patterns()}
    assert sorted((pages.NO_PAGE | set(pages.SAMPLES)) - names) == []
