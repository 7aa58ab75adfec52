"""The whole country comes in: in `make proofs`; the suite brings in what is shipped."""

import os
import tracemalloc

import pytest

from omzien.areas.actions import import_figures, import_outlines, import_postcodes
from omzien.areas.models import Buurt, Municipality

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.proofs,
    pytest.mark.skipif(
        int(os.environ.get("OMZIEN_PROOF_SIZE", "0")) < 10_000, reason="runs in `make proofs`"
    ),
]


def test_the_whole_country_comes_in_and_a_second_run_changes_nothing(shared_areas):
    outlines = shared_areas / "buurten_2024_wgs84.geojson"
    tracemalloc.start()
    report = import_outlines(source=outlines, year=2024, by="system")
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (report.added, report.skipped, report.faults) == (14566, 0, ())
    assert Municipality.objects.count() == 342
    # Streamed: far below the some 90 MB that the parsed file takes.
    assert peak < 40_000_000
    assert import_outlines(source=outlines, year=2024, by="system").unchanged == 14566
    wijken = import_outlines(
        source=shared_areas / "wijken_2024_wgs84.geojson", year=2024, by="system"
    )
    assert (wijken.added, wijken.faults) == (3393, ())


def test_the_figures_and_postcodes_of_the_whole_country_come_in(shared_areas):
    figures = shared_areas / "buurten_kwb2024.csv"
    report = import_figures(source=figures, year=2024, by="system")
    assert (report.added, report.skipped, report.faults) == (14574, 0, ())
    assert import_figures(source=figures, year=2024, by="system").unchanged == 14574
    known = Buurt.objects.filter(figures__inhabitants__isnull=False).count()
    assert known / 14574 > 0.96
    postcodes = import_postcodes(
        source=shared_areas / "4pp.csv",
        buurten=shared_areas / "pc4_naar_buurt_dominant_kwb2024.csv",
        by="system",
    )
    assert (postcodes.added, len(postcodes.faults)) == (4699, 34)
