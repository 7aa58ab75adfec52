"""`omzien register`, `omzien retention` and `omzien ledger`: what is kept, how long, what went."""

import argparse
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omzien.areas.models import Municipality


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the three commands."""
    register = subparsers.add_parser("register", help="the register of processing (art. 30 AVG)")
    register.add_argument("--format", choices=["md", "csv"], default="md")
    register.add_argument("--language", choices=["nl", "en"], default="nl")
    register.set_defaults(run=run_register)
    retention = subparsers.add_parser("retention", help="what is over its term, and destroying it")
    retention.add_argument("--municipality", help="CBS code; all of them when it is left out")
    way = retention.add_mutually_exclusive_group()
    way.add_argument("--dry-run", action="store_true", help="only count (this is the default)")
    way.add_argument(
        "--run", action="store_true", dest="is_real", help="propose lists, run what was approved"
    )
    retention.set_defaults(run=run_retention)
    ledger = subparsers.add_parser("ledger", help="the ledger of what was erased")
    ledger.add_argument("--apply", type=Path, metavar="FILE", help="erase again what stands in it")
    ledger.set_defaults(run=run_ledger)


def run_register(options: argparse.Namespace) -> int:
    """Print the register."""
    import django

    django.setup()
    from django.apps import apps
    from django.utils import translation

    from omzien.people.privacy.register import as_csv, as_markdown, register

    with translation.override(options.language):
        entries = register(installed={model._meta.label for model in apps.get_models()})
        print(as_csv(entries) if options.format == "csv" else as_markdown(entries), end="")
    return 0


def run_retention(options: argparse.Namespace) -> int:
    """Count what is due, or do the day's work; 2 for an unknown municipality."""
    import django

    django.setup()
    from omzien.journal.isolation import working_for
    from omzien.people.privacy.daily import clean_up, clean_up_shared
    from omzien.people.privacy.retaining import overview

    chosen = list(_municipalities(options.municipality))
    if not chosen:
        print("Deze gemeente is hier niet bekend.", file=sys.stderr)
        return 2
    for municipality in chosen:
        if options.is_real:
            print(
                f"{municipality.name}: gewist: {clean_up(municipality=municipality, on=_today())}"
            )
        with working_for(municipality.code):
            rows = [row for row in overview(on=_today()) if row.due or row.listed]
        print(f"{municipality.name}: {'niets is over zijn termijn' if not rows else ''}".rstrip())
        for row in rows:
            print(
                f"  {row.kind.name}: over de termijn {row.due},"
                f" tegengehouden {row.held}, op een lijst {row.listed}"
            )
    if options.is_real:
        print(f"Sessies en accounts van niemand: {clean_up_shared(on=_today())}")
    return 0


def run_ledger(options: argparse.Namespace) -> int:
    """Bring the file of the ledger up to date, or erase again what a ledger holds."""
    import django

    django.setup()
    from django.conf import settings

    from omzien.cli.commands.backup import after
    from omzien.people.ledger_file import BadLedger, read_file
    from omzien.people.privacy.ended import write_ended
    from omzien.people.privacy.ledger import write_file

    if not options.apply:
        print(f"Bijgeschreven in {settings.LEDGER}: {write_file() + write_ended()}")
        return 0
    try:
        print(after(read_file(options.apply)))
    except (BadLedger, OSError) as error:
        print(f"Deze lijst is niet te lezen: {error}", file=sys.stderr)
        return 1
    return 0


def _municipalities(code: str | None) -> "Iterator[Municipality]":
    from omzien.areas.models import Municipality

    served = Municipality.objects.exclude(host=None).order_by("code")
    yield from served.filter(code=code.upper()) if code else served


def _today() -> date:
    from omzien.kernel.recurrence import ZONE

    return datetime.now(ZONE).date()
