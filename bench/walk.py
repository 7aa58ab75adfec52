"""How long the walk of every address by every role takes, in full: `tests/wall/test_walk.py`, and
`test_filled.py` with each form as somebody who may would send it.

The bar: three minutes. It is on the clock, with what else the machine does in it.
"""

import os
import subprocess
import sys
import time

from bench.relevance import ROOT

BAR = 180


def run() -> None:
    """Run the walk in a process of its own, and print its seconds."""
    # The settings of a demonstration are not those of a test.
    own = {name: value for name, value in os.environ.items() if not name.startswith("OMZIEN_")}
    own["OMZIEN_WALL_FULL"] = "yes"  # the suite asks a third of the addresses of each role
    began = time.perf_counter()
    words = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/wall/test_walk.py",
        "tests/wall/test_filled.py",
    ]
    done = subprocess.run(words, cwd=ROOT, env=own, capture_output=True, text=True, check=False)
    passed = time.perf_counter() - began
    last = (done.stdout.strip() or "nothing was printed").splitlines()[-1]
    print(f"every address by every role{'':9} {passed:6.0f} s  bar {BAR} s   {last}")
    assert done.returncode == 0, done.stdout[-2000:]
