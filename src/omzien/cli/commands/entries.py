"""Commands that bring entries in and out, and everything out when a municipality leaves."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from omzien.areas.models import Municipality
    from omzien.directory.actions.importing import EntriesReport


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    command = subparsers.add_parser(
        "import-entries", help="import entries (HSDS, data package, CSV, XLSX, own mapping)"
    )
    command.add_argument("source", type=Path, help="the file, or a folder of CSV files")
    command.add_argument("--municipality", required=True, help="CBS code, such as GM1948")
    command.add_argument("--form", choices=["hsds", "tabular", "table", "mapping"], default="")
    command.add_argument("--mapping", type=Path, help="mapping file (toml), or a shipped name")
    command.add_argument("--write", action="store_true", help="really do it; without: a trial")
    command.set_defaults(run=run_import)
    template = subparsers.add_parser("import-template", help="write the empty template")
    template.add_argument("out", type=Path, help="a name that ends in .csv or .xlsx")
    template.set_defaults(run=run_template)
    export = subparsers.add_parser("export", help="write the public entries in an open form")
    export.add_argument("--municipality", required=True, help="CBS code, such as GM1948")
    export.add_argument(
        "--form", required=True, choices=["hsds-json", "ndjson", "tabular", "csv", "xlsx"]
    )
    export.add_argument("--out", required=True, type=Path)
    export.set_defaults(run=run_export)
    double = subparsers.add_parser("duplicates", help="name entries that may be the same thing")
    double.add_argument("--municipality", required=True, help="CBS code, such as GM1948")
    double.set_defaults(run=run_duplicates)
    shared = subparsers.add_parser(
        "confirm-shared",
        help="name what is offered in the whole country and must be checked; or note that it was",
    )
    shared.add_argument("slugs", nargs="*", metavar="SLUG", help="what was checked, and holds")
    shared.add_argument("--contacts", action="store_true", help="only how to reach it was checked")
    shared.set_defaults(run=run_confirm_shared)
    leave = subparsers.add_parser(
        "exit-export", help="write everything that a municipality owns, to take along"
    )
    leave.add_argument("--municipality", required=True, help="CBS code, such as GM1948")
    leave.add_argument("--out", required=True, type=Path, help="a name that ends in .zip")
    leave.set_defaults(run=run_exit_export)


def run_import(options: argparse.Namespace) -> int:
    """Import and report; return 1 after faults."""
    django.setup()
    from omzien.directory.actions.importing import import_file

    municipality = find_municipality(options.municipality)
    if municipality is None:
        return 1
    report = import_file(
        municipality=municipality,
        path=options.source,
        form=options.form,
        mapping=options.mapping,
        by="system",
        dry_run=not options.write,
        progress=_progress,
    )
    print_report(report, name=options.source.name)
    return 1 if report.refused else 0


def run_confirm_shared(options: argparse.Namespace) -> int:
    """List what of the whole country is due, or note that some of it was checked today.

    Return 1 when nothing has one of the names; then nothing is noted.
    """
    django.setup()
    from django.utils import timezone

    from omzien.directory.actions.freshness import confirm
    from omzien.directory.models import Service
    from omzien.directory.terms import terms_of
    from omzien.journal.isolation import SHARED, working_for
    from omzien.people.rules.roles import PUBLIC

    today = timezone.localdate()
    with working_for(SHARED):
        ours = Service.objects.visible_to(PUBLIC).filter(municipality=None)
        found = list(ours.filter(slug__in=options.slugs)) if options.slugs else []
        if unknown := sorted(set(options.slugs) - {one.slug for one in found}):
            print(f"Dit landelijke aanbod is er niet: {', '.join(unknown)}", file=sys.stderr)
            return 1
        for one in found:
            what = "contacts" if options.contacts else "all"
            confirm(service=one, what=what, on=today, by="system")
            print(f"Nagekeken op {today:%d-%m-%Y}: {one.slug}")
        if not options.slugs:
            due = sorted(ours.due(on=today, terms=terms_of(None)), key=lambda one: one.due_on)
            for one in due:
                print(f"{one.due_on:%d-%m-%Y}  {one.slug}  {one.title}")
            print(f"{len(due)} van {ours.count()} moet nagekeken worden.")
    return 0


def run_template(options: argparse.Namespace) -> int:
    """Write the template with its example row; return 2 for another kind of file."""
    django.setup()
    from omzien.directory.exporting.sheets import write_template

    if options.out.suffix.casefold() not in (".csv", ".xlsx"):
        print("De naam moet eindigen op .csv of .xlsx.", file=sys.stderr)
        return 2
    try:
        write_template(options.out)
    except OSError:
        return _not_written(options.out)
    print(f"Geschreven: {options.out}")
    return 0


def run_export(options: argparse.Namespace) -> int:
    """Export and tell how much; return 1 when that fails."""
    django.setup()
    from omzien.directory.exporting.export import export

    municipality = find_municipality(options.municipality)
    if municipality is None:
        return 1
    try:
        counted = export(municipality=municipality, form=options.form, out=options.out)
    except OSError:
        return _not_written(options.out)
    print(f"Geschreven: {options.out} ({counted} keer aanbod)")
    return 0


def run_duplicates(options: argparse.Namespace) -> int:
    """Print pairs that a person should look at."""
    django.setup()
    from omzien.directory.queries.duplicates import suggested_duplicates
    from omzien.journal.isolation import working_for

    municipality = find_municipality(options.municipality)
    if municipality is None:
        return 1
    with working_for(municipality.code):
        pairs = suggested_duplicates(municipality)
    for pair in pairs:
        print(f"{pair.score:.2f} {pair.first_title} / {pair.second_title}: {', '.join(pair.why)}")
    print(f"{len(pairs)} keer misschien dubbel. Voeg zelf samen als het klopt.")
    return 0


def run_exit_export(options: argparse.Namespace) -> int:
    """Export everything and tell what; return 1 when that fails."""
    django.setup()
    from omzien.directory.exporting.leaving import exit_export
    from omzien.people.logs.reading import LogUnavailable

    if options.out.suffix.casefold() != ".zip":
        print("De naam moet eindigen op .zip.", file=sys.stderr)
        return 2
    municipality = find_municipality(options.municipality)
    if municipality is None:
        return 1
    try:
        counted = exit_export(municipality=municipality, out=options.out, by="system")
    except OSError:
        return _not_written(options.out)
    except LogUnavailable:
        print("Het inzagelog is nu niet te schrijven. Daarom lezen we niets.", file=sys.stderr)
        return 1
    for table, rows in sorted(counted.items()):
        print(f"  {table}: {rows}")
    print(f"Geschreven: {options.out}. Hier staan persoonsgegevens in: bewaar het veilig.")
    return 0


def _not_written(out: Path) -> int:
    print(
        f"{out} kan niet worden geschreven. Bestaat de map, mag je erin schrijven en is er plek?",
        file=sys.stderr,
    )
    return 1


def find_municipality(code: str) -> "Municipality | None":
    """Return the municipality with a CBS code, or say that there is none."""
    from omzien.areas.models import Municipality
    from omzien.areas.rules import Level, normal_code

    found = Municipality.objects.filter(
        code=normal_code(code, Level.MUNICIPALITY) or code[:6]
    ).first()
    if found is None:
        print(f"Gemeente {code} is hier niet bekend.", file=sys.stderr)
    return found


def _progress(what: str, rows: int) -> None:
    words = {"read": "gelezen en nagekeken", "written": "geschreven"}
    print(f"  {rows} {words[what]} …", flush=True)


def print_report(report: "EntriesReport", *, name: str) -> None:
    """Print a report for people."""
    if report.refused:
        print(f"{name}: geweigerd, er is niets overgenomen.")
    elif report.dry_run:
        print(f"{name}: proef, er is niets overgenomen. Met --write neem je het over.")
    else:
        print(f"{name}: overgenomen.")
    print(
        f"  {report.rows} gelezen: nieuw {report.new}, gewijzigd {report.changed}, "
        f"hetzelfde {report.same}, niet meer in de bron {report.missing}"
    )
    if report.suggested_topics or report.suggested_rungs:
        print(
            f"  zonder onderwerp {report.suggested_topics}, zonder trede {report.suggested_rungs}:"
            " wij doen een voorstel, kijk dat na"
        )
    if report.kept_secret:
        print(f"  adres blijft geheim, terwijl de bron dat niet zegt: {report.kept_secret}")
    _print_list("Fouten", [str(f) for f in report.faults], report.more_faults)
    _print_list("Let op", [str(f) for f in report.notes], report.more_notes)
    _print_list(
        "Niet meer in de bron (blijft staan)",
        [f"{m.external_id} {m.title}" for m in report.missing_entries],
        report.missing - len(report.missing_entries),
    )
    _print_list(
        "Misschien dubbel (voeg zelf samen als het klopt)",
        [
            f"{pair.first_title} / {pair.second_title} ({', '.join(pair.why)})"
            for pair in report.duplicates
        ],
        0,
    )


def _print_list(title: str, lines: list[str], more: int) -> None:
    if not lines:
        return
    print(f"{title}:")
    for line in lines:
        print(f"  - {line}")
    if more:
        print(f"  … en nog {more}.")
