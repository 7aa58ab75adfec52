"""How long the walk of every address by every role takes, in full: `tests/wall/test_walk.py`; and
beside it each form as somebody who may would send it, sent by everybody who may not
(`tests/wall/test_filled.py`).

The bar: three minutes, for the walk. It is on the clock, with what else the machine does in it.
"""

import os
import subprocess
import sys
import time

from bench.relevance import ROOT

BAR = 180
WALKS = {
    "every address by every role": ("test_walk.py", f"bar {BAR} s"),
    "every form by who may not": ("test_filled.py", ""),
}


def run() -> None:
    """Run each walk in a process of its own, and print its seconds."""
    # The settings of a demonstration are not those of a test.
    own = {name: value for name, value in os.environ.items() if not name.startswith("OMZIEN_")}
    own["OMZIEN_WALL_FULL"] = "yes"  # the suite asks a third of the addresses of each role
    for name, (file, bar) in WALKS.items():
        began = time.perf_counter()
        words = [
            sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"tests/wall/{file}",
        ]  # fmt: skip
        done = subprocess.run(words, cwd=ROOT, env=own, capture_output=True, text=True, check=False)
        passed = time.perf_counter() - began
        last = (done.stdout.strip() or "nothing was printed").splitlines()[-1]
        print(f"{name:36} {passed:6.0f} s  {bar}   {last}")
        assert done.returncode == 0, done.stdout[-2000:]
