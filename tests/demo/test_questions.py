"""The demonstration's questions name only what is there, and show every way a question goes."""

import tomllib
from importlib import resources

from omzien.demo.questions import WAYS
from omzien.directory.language.topics import all_topics

TEXT = resources.files("omzien.demo.data").joinpath("questions.toml").read_text("utf-8")
LINES = [line for lines in tomllib.loads(TEXT).values() for line in lines]


def test_there_are_some_forty_and_every_way_is_gone():
    assert 35 <= len(LINES) <= 50
    assert {step["do"] for line in LINES for step in line.get("way", ())} == set(WAYS)


def test_every_topic_is_known():
    assert {code for line in LINES for code in line["topics"]} <= set(all_topics())


def test_what_happens_comes_in_order():
    for line in LINES:
        days = [line["ago"], *(step["ago"] for step in line.get("way", ()))]
        assert days == sorted(days, reverse=True), line["name"]
