"""CBS key figures from the official semicolon file or from a comma-separated extract."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from omzien.areas import rules
from omzien.areas.actions.reading import Source, Table, read_table
from omzien.areas.actions.reports import ImportReport, Progress, Tally, importing
from omzien.areas.actions.writing import Municipalities, in_batches, model_of, upsert
from omzien.areas.models import Buurt, Wijk
from omzien.kernel.text import clean

Level = rules.Level

_PLACE = {
    "code": (
        "gwb_code_10", "codering", "buurtcode", "bu_code", "wijkcode", "wk_code",
        "wijkenenbuurten", "gwb_code_8", "gwb_code",
    ),
    "name": ("regio", "buurtnaam", "wijknaam", "bu_naam", "wk_naam"),
    "municipality": ("gm_naam", "gemeentenaam"),
    "kind": ("recs", "soortregio"),
}  # fmt: skip
_KINDS = {"buurt": Level.BUURT, "wijk": Level.WIJK}


def import_figures(
    *,
    source: Source,
    year: int,
    by: str,
    municipality: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import key figures of buurten and wijken as the edition of `year`.

    Columns are found by name, never by the number behind it. A missing figure is left
    out, so that unknown never looks like zero; figures that the file has no column for
    stay as they were. Areas that are not known yet are added without an outline. Rows
    for the country and for municipalities are passed over. Raises ImportRefused.
    """
    tally = Tally("figures", year, dry_run)
    with importing(tally, by=by, municipality=municipality):
        table = read_table(source, tally)
        place, columns = _columns(table, tally)
        rows = _areas(table, place, columns, year, municipality, tally)
        in_batches(rows, lambda batch: _write(batch, year, set(columns), tally), progress)
        tally.check_whole(_("In dit bestand staan geen cijfers van buurten of wijken."))
    return tally.report()


def _columns(table: Table, tally: Tally) -> tuple[dict[str, int], dict[str, int]]:
    place, _twice = rules.columns_of(table.header, _PLACE)
    if "code" not in place:
        tally.refuse(
            1,
            "code",
            _(
                "De kolom met de buurtcode ontbreekt (gwb_code_10, Codering of buurtcode). "
                "Kijk of dit het bestand Kerncijfers wijken en buurten is."
            ),
        )
    columns, twice = rules.columns_of(table.header, {f.key: f.names for f in rules.FIGURES})
    if not columns:
        tally.refuse(1, "", _("Geen enkele kolom met cijfers is herkend."))
    for key in twice:
        tally.note(
            1, rules.FIGURES_BY_KEY[key].names[0], _("Deze kolom staat dubbel; de eerste telt.")
        )
    return place, columns


def _areas(
    table: Table,
    place: dict[str, int],
    columns: dict[str, int],
    year: int,
    municipality: str | None,
    tally: Tally,
) -> Iterator[Buurt | Wijk]:
    known = Municipalities()
    seen: set[str] = set()
    for row, cells in table.rows:
        kind = cells[place["kind"]].strip().casefold() if "kind" in place else ""
        raw = cells[place["code"]]
        code = rules.normal_code(raw, _KINDS.get(kind))
        if _is_wider(kind, raw, code) or (code and not _is_of(code, municipality)):
            tally.skipped += 1
            continue
        if code is None:
            tally.skip(
                row,
                table.header[place["code"]],
                _("“%(code)s” is geen code van een buurt of wijk.") % {"code": clean(raw)[:40]},
            )
            continue
        if code in seen:
            tally.skip(
                row,
                table.header[place["code"]],
                _("%(code)s staat dubbel; de eerste telt.") % {"code": code},
            )
            continue
        seen.add(code)
        name = cells[place["name"]] if "name" in place else ""
        owner = cells[place["municipality"]] if "municipality" in place else ""
        known.ensure(rules.code_of_municipality(code), owner)
        yield _area(code, name, year, _figures(row, cells, columns, table.header, tally))


def _is_wider(kind: str, raw: str, code: str | None) -> bool:
    wide = kind in ("gemeente", "land") or raw.strip().upper().startswith("NL")
    return wide or (code is not None and code.startswith(Level.MUNICIPALITY.value))


def _is_of(code: str, municipality: str | None) -> bool:
    return municipality is None or rules.code_of_municipality(code) == municipality


def _figures(
    row: int, cells: list[str], columns: dict[str, int], header: list[str], tally: Tally
) -> dict[str, float]:
    figures: dict[str, float] = {}
    for key, position in columns.items():
        try:
            value = rules.number(cells[position])
        except rules.BadNumber:
            tally.note(
                row,
                header[position],
                _("“%(cell)s” is geen getal; dit cijfer is weggelaten.")
                % {"cell": clean(cells[position])[:40]},
            )
            continue
        if value is not None:
            figures[key] = value
    return figures


def _area(code: str, name: str, year: int, figures: dict[str, float]) -> Buurt | Wijk:
    fields: dict[str, Any] = {
        "code": code,
        "year": year,
        "name": clean(name)[:120] or code,
        "municipality_id": rules.code_of_municipality(code),
        "figures": figures,
    }
    if code.startswith(Level.WIJK.value):
        return Wijk(**fields)
    return Buurt(**fields, wijk_code=rules.code_of_wijk(code))


def _write(batch: list[Buurt | Wijk], year: int, columns: set[str], tally: Tally) -> None:
    for level in (Level.BUURT, Level.WIJK):
        rows: list[Any] = [area for area in batch if area.code[:2] == level.value]
        if not rows:
            continue
        model = model_of(level)
        found = model.objects.filter(year=year, code__in=[row.code for row in rows])
        existing = {area.code: area for area in found.defer("outline")}
        for row in rows:
            if old := existing.get(row.code):
                kept = {key: value for key, value in old.figures.items() if key not in columns}
                row.figures = kept | row.figures
        # The name in an outline is longer: the CSV cuts names at 40 characters.
        upsert(model, rows, existing, key=("code", "year"), fields=["figures"], tally=tally)
