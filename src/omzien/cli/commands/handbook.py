"""`omzien handbook`: write the page of the handbook that is made from the role table."""

import argparse
from pathlib import Path


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `handbook`."""
    command = subparsers.add_parser("handbook", help="write docs/handboek/rollen.md anew")
    command.add_argument("--to", type=Path, default=Path("docs/handboek/rollen.md"))
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the page."""
    import django

    django.setup()
    from omzien.web.people.roles import handbook

    options.to.parent.mkdir(parents=True, exist_ok=True)
    options.to.write_text(handbook(), encoding="utf-8")
    print(f"Geschreven: {options.to}")
    return 0
