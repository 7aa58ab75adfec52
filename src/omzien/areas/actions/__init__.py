"""The only writers of areas: importers of outlines, figures and postcodes, and the villages.

Each runs in one transaction: it comes in whole or not at all. A row that cannot be used
is left out and named in the report; a file that cannot be trusted is refused.
"""

from omzien.areas.actions.figures import import_figures
from omzien.areas.actions.outlines import import_outlines
from omzien.areas.actions.postcodes import import_postcodes
from omzien.areas.actions.reports import Fault, ImportRefused, ImportReport, Progress
from omzien.areas.actions.shipped import DATA, load_shipped
from omzien.areas.actions.villages import load_villages

__all__ = [
    "DATA",
    "Fault",
    "ImportRefused",
    "ImportReport",
    "Progress",
    "import_figures",
    "import_outlines",
    "import_postcodes",
    "load_shipped",
    "load_villages",
]
