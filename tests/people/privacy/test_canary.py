"""One person with a token in every table: after erasing there is no trace, anywhere (V6).

It runs in a process, a folder and a database of its own, so that everything is committed and
the database is read as its administrator reads it, past the wall.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.site import Site
from tests.people.privacy.conftest import TOKENS

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]


def fly(left_out: str = "") -> dict[str, dict[str, list[str]]]:
    site = Site()
    try:
        environment = site.environment() | {
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            "PYTHONWARNINGS": "ignore",
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.people.privacy.flight", left_out],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
        assert lines, done.stdout[-2000:] + done.stderr[-4000:]
        # What goes to the screen of the process is a log too.
        found = json.loads(lines[0][7:])
        screen = done.stderr.lower()
        if heard := [token for token in TOKENS if token in screen]:
            found["after"]["stderr"] = heard
        return found
    finally:
        site.remove()


def test_the_canary_leaves_no_trace():
    found = fly()
    tables = {where for where in found["before"] if where.startswith("table ")}
    assert len(tables) >= 12, found["before"]
    told = {token for where in tables for token in found["before"][where]}
    assert told == set(TOKENS)
    assert found["after"] == {}
    assert found["later"] == {}


@pytest.mark.parametrize("left_out", ["message"])
def test_the_canary_sings_when_a_source_is_left_out(left_out):
    """The negative control: without one source the trace is found."""
    assert fly(left_out)["after"] != {}
