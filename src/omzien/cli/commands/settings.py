"""`omzien settings`: everything that a municipality chose, to a file and from one."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omzien.areas.models import Municipality


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `settings export` and `settings import`."""
    command = subparsers.add_parser("settings", help="what a municipality chose, as one file")
    command.add_argument("what", choices=["export", "import"])
    command.add_argument("--municipality", required=True, help="CBS code, such as GM1948")
    command.add_argument("--file", type=Path, help="read or write this file, not the terminal")
    command.add_argument("--write", action="store_true", help="import: not only show, also change")
    command.add_argument(
        "--from-other", action="store_true", help="import: the file is of another municipality"
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write or read the file; 1 when refused, 2 when the options are wrong."""
    import django

    django.setup()
    from omzien.areas.models import Municipality
    from omzien.journal.isolation import working_for

    town = Municipality.objects.filter(code=options.municipality.upper()).first()
    if town is None:
        print(f"Gemeente {options.municipality} is niet bekend.", file=sys.stderr)
        return 2
    try:
        with working_for(town.code):
            return _export(town, options) if options.what == "export" else _import(town, options)
    except OSError as error:
        print(f"{options.file}: {error.strerror}.", file=sys.stderr)
        return 1


def _export(town: "Municipality", options: argparse.Namespace) -> int:
    from omzien.choices.file import as_file

    if options.file:
        options.file.write_text(as_file(town), encoding="utf-8")
    else:
        print(as_file(town), end="")
    return 0


def _import(town: "Municipality", options: argparse.Namespace) -> int:
    from omzien.areas.actions.village_edits import VillageRefused
    from omzien.choices.actions import Refused, change_everything
    from omzien.choices.file import MOST_BYTES, plan
    from omzien.people.rules.roles import SYSTEM

    data = _read(options.file, MOST_BYTES + 1)
    try:
        found = plan(town, data)
        for one in found.differences:
            print(f"{one.label}: {one.old or '–'} → {one.new or '–'}")
        if found.of_other and not options.from_other:
            print(f"Dit bestand is van {found.of_other}. Zet er --from-other bij.", file=sys.stderr)
            return 1
        if not options.write:
            print("Dit was een proef. Met --write wordt het overgenomen.")
            return 0
        changed = change_everything(
            municipality=town,
            changes=found.changes,
            villages=found.villages,
            seen=found.seen,
            by=SYSTEM,
        )
    except Refused as refusal:
        for code, sentence in refusal.wrong:
            print(f"{code}: {sentence}" if code else sentence, file=sys.stderr)
        print("Er is niets veranderd.", file=sys.stderr)
        return 1
    except VillageRefused as refusal:
        print(f"De dorpen kloppen niet ({type(refusal).__name__}: {refusal}).", file=sys.stderr)
        return 1
    print(f"Overgenomen; {len(changed)} veranderd.")
    return 0


def _read(file: Path | None, most: int) -> bytes:
    if file is None:
        return sys.stdin.buffer.read(most)
    with file.open("rb") as stream:
        return stream.read(most)
