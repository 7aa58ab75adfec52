"""Villages and their figures."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from omzien.areas.models import Buurt, Municipality
from omzien.areas.queries.gazetteer import gazetteer
from omzien.areas.queries.memory import remembered
from omzien.areas.queries.results import VillageInfo
from omzien.areas.rules import FIGURES, sum_up


@dataclass(frozen=True)
class FigureRow:
    """One figure of a village. `unknown` of its buurten lack it, so a count is at least this."""

    key: str
    label: str
    unit: str
    value: float | None
    unknown: int


@dataclass(frozen=True)
class VillageFigures:
    """A village's figures of one year; `year` None and no rows when there are none."""

    year: int | None
    buurten: int
    rows: tuple[FigureRow, ...]

    def get(self, key: str) -> FigureRow | None:
        """Return one figure by its key, or None when it is not known for any buurt."""
        return next((row for row in self.rows if row.key == key), None)


def villages_of(municipality: Municipality) -> tuple[VillageInfo, ...]:
    """Return the municipality's villages by name."""
    return gazetteer(municipality.code).villages


def village_page_figures(village: VillageInfo) -> VillageFigures:
    """Return the newest CBS figures of a village, added up over its buurten.

    One query, and then none for five minutes.
    Source: CBS Kerncijfers wijken en buurten; formulas in `areas/rules/figures.py`.
    """
    return _figures(village, get_language())


@remembered(256)
def _figures(village: VillageInfo, _language: str | None) -> VillageFigures:
    rows = list(
        Buurt.objects.filter(code__in=village.buurt_codes).values_list("year", "code", "figures")
    )
    year = max((year for year, _code, figures in rows if figures), default=None)
    if year is None:
        return VillageFigures(None, len(village.buurt_codes), ())
    by_code = {code: figures for found, code, figures in rows if found == year}
    # A buurt that this edition lacks is as unknown as one without figures.
    buurten = [by_code.get(code, {}) for code in village.buurt_codes]
    found_rows = []
    for figure in FIGURES:
        value, unknown = sum_up(figure, buurten)
        if value is not None:
            found_rows.append(
                FigureRow(figure.key, _(figure.label), _(figure.unit), value, unknown)
            )
    return VillageFigures(year, len(buurten), tuple(found_rows))
