"""One module per subject; each adds its commands to the parser."""

import argparse
from collections.abc import Callable

from omzien.cli.commands import answer, areas, demo, entries, site

ALL: list[Callable[["argparse._SubParsersAction[argparse.ArgumentParser]"], None]] = [
    answer.add,
    areas.add,
    demo.add,
    entries.add,
    site.add,
]
