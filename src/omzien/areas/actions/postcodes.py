"""Four-digit postcodes: their centres (4pp) and the buurten they lie in (CBS)."""

import re
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from omzien.areas import rules
from omzien.areas.actions.reading import Source, read_table
from omzien.areas.actions.reports import ImportReport, Progress, Tally, importing
from omzien.areas.actions.writing import in_batches, upsert
from omzien.areas.models import Postcode
from omzien.kernel.geo import BOUNDS
from omzien.kernel.text import clean

_PC4 = re.compile(r"[1-9]\d{3}", re.ASCII)
_CENTRES = {
    "pc4": ("postcode", "pc4"),
    "town": ("woonplaats", "town"),
    "lat": ("latitude", "lat"),
    "lon": ("longitude", "lon"),
}
_BUURTEN = {"pc4": ("postcode", "pc4"), "code": ("buurtcode", "bu_code", "gwb_code_10")}


def import_postcodes(
    *,
    source: Source,
    buurten: Source,
    by: str,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import postcodes from `source` (4pp.csv) and their buurten from `buurten`.

    A buurten row whose postcode has no centre is skipped with a fault. The order of the
    buurten is the file's. Raises ImportRefused.
    """
    tally = Tally("postcodes", None, dry_run)
    with importing(tally, by=by):
        lies_in = _buurten(buurten, tally)
        rows = _postcodes(source, lies_in, tally)
        in_batches(rows, lambda batch: _write(batch, tally), progress)
        for pc4, (row, _codes) in lies_in.items():
            tally.skip(row, "postcode", _("Postcode %(pc4)s heeft geen middelpunt.") % {"pc4": pc4})
        tally.check_whole(_("In dit bestand staan geen postcodes."))
    return tally.report()


def _buurten(source: Source, tally: Tally) -> dict[str, tuple[int, list[str]]]:
    table = read_table(source, tally)
    at = _places(table.header, _BUURTEN, tally)
    found: dict[str, tuple[int, list[str]]] = {}
    for row, cells in table.rows:
        pc4 = _pc4(cells[at["pc4"]])
        code = rules.normal_code(cells[at["code"]], rules.Level.BUURT)
        if pc4 is None or code is None:
            tally.skip(
                row,
                "postcode" if pc4 is None else "buurtcode",
                _("“%(text)s” wordt niet herkend.")
                % {"text": clean(cells[at["pc4"] if pc4 is None else at["code"]])[:40]},
            )
            continue
        codes = found.setdefault(pc4, (row, []))[1]
        if code not in codes:
            codes.append(code)
    return found


def _postcodes(
    source: Source, lies_in: dict[str, tuple[int, list[str]]], tally: Tally
) -> Iterator[Postcode]:
    table = read_table(source, tally)
    at = _places(table.header, _CENTRES, tally)
    seen: set[str] = set()
    for row, cells in table.rows:
        pc4 = _pc4(cells[at["pc4"]])
        if pc4 is None or pc4 in seen:
            text = clean(cells[at["pc4"]])[:40]
            tally.skip(
                row,
                "postcode",
                _("“%(text)s” is geen postcode of staat dubbel.") % {"text": text},
            )
            continue
        centre = _centre(cells[at["lat"]], cells[at["lon"]])
        if centre is None:
            tally.skip(row, "latitude", _("Dit middelpunt ligt niet in Nederland."))
            continue
        seen.add(pc4)
        yield Postcode(
            pc4=pc4,
            town=clean(cells[at["town"]])[:80],
            lat=centre[0],
            lon=centre[1],
            buurt_codes=lies_in.pop(pc4, (0, []))[1],
        )


def _places(
    header: list[str], names: Mapping[str, tuple[str, ...]], tally: Tally
) -> dict[str, int]:
    at, _twice = rules.columns_of(header, names)
    for key, wanted in names.items():
        if key not in at:
            tally.refuse(1, wanted[0], _("Deze kolom ontbreekt in het bestand."))
    return at


def _pc4(text: str) -> str | None:
    return text.strip() if _PC4.fullmatch(text.strip()) else None


def _centre(lat: str, lon: str) -> tuple[float, float] | None:
    try:
        y, x = rules.number(lat), rules.number(lon)
    except rules.BadNumber:
        return None
    if y is None or x is None or not (BOUNDS[0] < x < BOUNDS[2] and BOUNDS[1] < y < BOUNDS[3]):
        return None
    return float(y), float(x)


def _write(batch: list[Postcode], tally: Tally) -> None:
    existing = Postcode.objects.in_bulk([row.pc4 for row in batch])
    upsert(
        Postcode,
        batch,
        existing,
        key=("pc4",),
        fields=["town", "lat", "lon", "buurt_codes"],
        tally=tally,
    )
