"""`omzien log`: check the chains of the logs, and hand a log to the privacy officer."""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from omzien.cli.commands.entries import find_municipality

if TYPE_CHECKING:
    from omzien.areas.models import Municipality
    from omzien.people.logs.chain import Report

NAMES = {"access": "inzagelog", "processing": "verwerkingenlog"}
DAMAGE = {
    "changed": "regel {n} is gewijzigd",
    "removed": "regel {n} is weggehaald",
    "inserted": "regel {n} is ertussen gezet",
    "reordered": "regel {n} staat op een andere plaats",
    "cut off": "vanaf regel {n} is het einde weg",
    "head changed": "de kop is weg of gewijzigd, na regel {n}",
}


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `log check` and `log export`."""
    command = subparsers.add_parser("log", help="check or export the access and processing logs")
    verbs = command.add_subparsers(dest="verb", required=True, metavar="verb")
    check = verbs.add_parser("check", help="find out whether somebody tampered with a log")
    check.add_argument("--municipality", help="CBS code; without it all of them")
    check.add_argument(
        "--against", action="append", default=[], metavar="HASH",
        help="a head hash of an earlier check, kept elsewhere; may be given more than once",
    )  # fmt: skip
    check.set_defaults(run=run_check)
    export = verbs.add_parser("export", help="write a log to a file, for the privacy officer")
    export.add_argument("log", choices=list(NAMES))
    export.add_argument("out", type=Path)
    export.add_argument("--municipality", required=True, help="CBS code")
    export.add_argument("--form", choices=["ndjson", "csv"], default="ndjson")
    export.set_defaults(run=run_export)


def run_check(options: argparse.Namespace) -> int:
    """Walk the chains; 0 when all is well, 1 when something is wrong, 2 for a wrong option."""
    import django

    django.setup()
    from omzien.areas.models import Municipality

    against = [text.strip().lower() for text in options.against]
    if wrong := [text for text in against if not re.fullmatch("[0-9a-f]{64}", text)]:
        print(f"“{wrong[0]}” is geen kop: dat zijn 64 tekens, 0-9 en a-f.", file=sys.stderr)
        return 2
    chosen = list(Municipality.objects.order_by("name"))
    if options.municipality:
        one = find_municipality(options.municipality)
        if one is None:
            return 1
        chosen = [one]
    missing = set(against)
    is_sound = True
    for municipality, report in _reports(chosen, against):
        missing -= report.found
        is_sound = is_sound and report.damage is None
        if report.lines or report.damage or options.municipality or municipality.host:
            print(f"{municipality.name}, {NAMES[report.log]}: {_told(report)}")
    for text in sorted(missing):
        print(f"De bewaarde kop {text} staat in geen van deze logs: er is iets herschreven.")
    return 0 if is_sound and not missing else 1


def _reports(
    chosen: "list[Municipality]", against: list[str]
) -> "Iterator[tuple[Municipality, Report]]":
    from omzien.people.logs.chain import LOGS, check

    for municipality in chosen:
        for log in LOGS:
            yield municipality, check(log, municipality.code, against=against)


def _told(report: "Report") -> str:
    if report.damage:
        return f"NIET IN ORDE: {DAMAGE[report.damage].format(n=report.number)}."
    if not report.lines:
        return "nog leeg."
    lines = "1 regel" if report.lines == 1 else f"{report.lines} regels"
    return f"{lines}, in orde. Kop: {report.head}"


def run_export(options: argparse.Namespace) -> int:
    """Write one log to a file that only its owner can read; 1 when that fails."""
    import django

    django.setup()
    from omzien.people.logs.exporting import export
    from omzien.people.logs.reading import LogUnavailable, Operator

    municipality = find_municipality(options.municipality)
    if municipality is None:
        return 1
    try:
        options.out.touch(mode=0o600)
        with options.out.open("w", encoding="utf-8", newline="") as stream:
            count = export(
                Operator(municipality.code), municipality, options.log, options.form, stream
            )
    except OSError as error:
        print(f"{options.out} kan niet worden geschreven: {error.strerror}.", file=sys.stderr)
        return 1
    except LogUnavailable:
        print(
            "Het inzagelog kan nu niet worden geschreven. Daarom lezen we niets.", file=sys.stderr
        )
        return 1
    print(f"Geschreven: {options.out} ({count} regels). Bewaar het veilig.")
    return 0
