"""The `omzien` command: the product's own words first, Django's commands behind `manage`."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code (0 done, 1 refused, 2 wrong use)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omzien.config.settings")
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["manage"]:
        from django.core.management import execute_from_command_line

        execute_from_command_line(["omzien manage", *words[1:]])
        return 0
    from omzien.cli import commands

    parser = argparse.ArgumentParser(prog="omzien", description=__doc__)
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="command")
    for add in commands.ALL:
        add(subparsers)
    options = parser.parse_args(words)
    run: Callable[[argparse.Namespace], int] = options.run
    return run(options)


if __name__ == "__main__":
    sys.exit(main())
