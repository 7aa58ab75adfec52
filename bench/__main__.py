"""`python -m bench [name ...]`: run all benchmarks, or the named ones."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omzien.config.settings")
os.environ.setdefault("OMZIEN_DEMO", "1")

import django

django.setup()

from bench import (
    areas,
    handover,
    imports,
    inbox,
    latency,
    logs,
    pages,
    relevance,
    routing,
    scale,
    walk,
    wall,
)

ALL = {
    "relevance": relevance.run,
    "latency": latency.run,
    "pages": pages.run,
    "wall": wall.run,
    "walk": walk.run,
    "routing": routing.run,
    "logs": logs.run,
    "handover": handover.run,
    "areas": areas.run,
    "imports": imports.run,
    "inbox": inbox.run,
    "scale": scale.run,
}


def main() -> None:
    """Run the chosen benchmarks."""
    for name in sys.argv[1:] or ALL:
        print(f"\n== {name}")
        ALL[name]()


main()
