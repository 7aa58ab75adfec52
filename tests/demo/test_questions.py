"""The demonstration's files name only what is there, and show every way a question goes."""

import tomllib
from importlib import resources

from omzien.demo.beside import BESIDE
from omzien.demo.ways import WAYS
from omzien.directory.language.topics import all_topics


def _read(name):
    return tomllib.loads(resources.files("omzien.demo.data").joinpath(name).read_text("utf-8"))


LINES = [line for lines in _read("questions.toml").values() for line in lines]
STEPS = [step for steps in _read("beside.toml").values() for step in steps]


def test_there_are_some_forty_and_every_way_is_gone():
    assert 35 <= len(LINES) <= 50
    assert {step["do"] for line in LINES for step in line.get("way", ())} == set(WAYS)
    assert {step["do"] for step in STEPS} == set(BESIDE)


def test_every_topic_is_known():
    named = {code for line in LINES for code in line["topics"]}
    assert named | {code for step in STEPS for code in step.get("topics", ())} <= set(all_topics())


def test_what_happens_comes_in_order():
    for line in LINES:
        days = [line["ago"], *(step["ago"] for step in line.get("way", ()))]
        assert days == sorted(days, reverse=True), line["name"]
