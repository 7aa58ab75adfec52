"""One module per subject; each adds its commands to the parser."""

import argparse
from collections.abc import Callable

from omzien.cli.commands import site

ALL: list[Callable[["argparse._SubParsersAction[argparse.ArgumentParser]"], None]] = [site.add]
