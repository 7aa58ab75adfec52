"""Commands that import areas: outlines, key figures and postcodes."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from omzien.areas.actions import ImportReport


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `import-areas`."""
    command = subparsers.add_parser(
        "import-areas", help="import outlines, key figures or postcodes (CBS, PDOK, 4pp)"
    )
    command.add_argument("file", nargs="?", type=Path, help="the file; .gz may stay packed")
    command.add_argument("--kind", choices=["outlines", "figures", "postcodes"])
    command.add_argument("--year", type=int, help="the edition, such as 2024")
    command.add_argument("--municipality", help="only this one, such as GM1948")
    command.add_argument("--buurten", type=Path, help="with postcodes: the file postcode to buurt")
    command.add_argument("--dry-run", action="store_true", help="report only, change nothing")
    command.add_argument("--shipped", action="store_true", help="load what comes with Omzien")
    command.set_defaults(run=run_import)


def run_import(options: argparse.Namespace) -> int:
    """Import and report; return 1 when the file was refused, 2 when the options are wrong."""
    if wrong := _wrong(options):
        print(wrong, file=sys.stderr)
        return 2
    django.setup()
    from omzien.areas import actions

    try:
        reports = _import(options)
    except actions.ImportRefused as refused:
        _print(refused.report)
        return 1
    for report in reports:
        _print(report)
    return 0


def _wrong(options: argparse.Namespace) -> str:
    if options.shipped:
        return "--shipped staat op zichzelf." if options.file or options.dry_run else ""
    if options.file is None or options.kind is None:
        return "Noem het bestand en --kind (outlines, figures of postcodes)."
    if options.kind == "postcodes" and options.buurten is None:
        return "Noem bij postcodes ook --buurten: het bestand met de buurten van elke postcode."
    if options.kind != "postcodes" and not (options.year and 1990 <= options.year <= 2100):
        return "Noem het jaar van dit bestand met --year, zoals --year 2024."
    return ""


def _import(options: argparse.Namespace) -> "Sequence[ImportReport]":
    from omzien.areas import actions
    from omzien.areas.rules import Level, normal_code

    if options.shipped:
        return actions.load_shipped(by="system", progress=_progress)
    if options.kind == "postcodes":
        return [
            actions.import_postcodes(
                source=options.file,
                buurten=options.buurten,
                by="system",
                dry_run=options.dry_run,
                progress=_progress,
            )
        ]
    run = actions.import_outlines if options.kind == "outlines" else actions.import_figures
    code = options.municipality
    return [
        run(
            source=options.file,
            year=options.year,
            by="system",
            municipality=(normal_code(code, Level.MUNICIPALITY) or code) if code else None,
            dry_run=options.dry_run,
            progress=_progress,
        )
    ]


def _progress(rows: int) -> None:
    print(f"  {rows} regels …", flush=True)


def _print(report: "ImportReport") -> None:
    title = report.subject if report.year is None else f"{report.subject} {report.year}"
    if report.refused:
        print(f"{title}: geweigerd, er is niets overgenomen.")
    elif report.dry_run:
        print(f"{title}: proef, er is niets overgenomen.")
    else:
        print(f"{title}: overgenomen.")
    print(
        f"  nieuw {report.added}, gewijzigd {report.changed}, "
        f"hetzelfde {report.unchanged}, overgeslagen {report.skipped}"
    )
    for fault in report.faults:
        print(f"  - {fault}")
    if report.more_faults:
        print(f"  … en nog {report.more_faults} meldingen.")
