"""Loading everything that comes with the product (data/SOURCES.md)."""

from pathlib import Path

from omzien.areas.actions.figures import import_figures
from omzien.areas.actions.outlines import import_outlines
from omzien.areas.actions.postcodes import import_postcodes
from omzien.areas.actions.reports import ImportReport, Progress
from omzien.areas.actions.villages import load_villages
from omzien.journal.isolation import SHARED, working_for

DATA = Path(__file__).parents[1] / "data"
YEAR = 2024


def load_shipped(*, by: str, progress: Progress | None = None) -> tuple[ImportReport, ...]:
    """Load the shipped outlines, figures, postcodes and villages: all or nothing.

    Loading twice changes nothing.
    """
    with working_for(SHARED):
        outlines = [
            import_outlines(source=DATA / name, year=YEAR, by=by, progress=progress)
            for name in ("buurten_2024.geojson", "wijken_2024.geojson")
        ]
        figures = [
            import_figures(source=DATA / name, year=YEAR, by=by, progress=progress)
            for name in ("kerncijfers_buurten_2024.csv", "kerncijfers_wijken_2024.csv")
        ]
        postcodes = import_postcodes(
            source=DATA / "postcodes.csv.gz",
            buurten=DATA / "postcode_buurten_2024.csv.gz",
            by=by,
            progress=progress,
        )
        return (*outlines, *figures, postcodes, load_villages(by=by))
