"""One module per subject; each adds its commands to the parser."""

import argparse
from collections.abc import Callable

from omzien.cli.commands import (
    answer,
    areas,
    backup,
    demo,
    entries,
    handbook,
    log,
    people,
    privacy,
    settings,
    site,
    worker,
)

ALL: list[Callable[["argparse._SubParsersAction[argparse.ArgumentParser]"], None]] = [
    answer.add,
    areas.add,
    backup.add,
    demo.add,
    entries.add,
    handbook.add,
    log.add,
    people.add,
    privacy.add,
    settings.add,
    site.add,
    worker.add,
]
