"""Pure rules of areas: codes, figures, tables and place names. No Django here."""

from omzien.areas.rules.codes import Level, code_of_municipality, code_of_wijk, normal_code
from omzien.areas.rules.figures import (
    FIGURES,
    FIGURES_BY_KEY,
    BadNumber,
    Figure,
    number,
    sum_up,
)
from omzien.areas.rules.names import name_key, within_reach
from omzien.areas.rules.tables import bare_name, columns_of, delimiter_of

__all__ = [
    "FIGURES",
    "FIGURES_BY_KEY",
    "BadNumber",
    "Figure",
    "Level",
    "bare_name",
    "code_of_municipality",
    "code_of_wijk",
    "columns_of",
    "delimiter_of",
    "name_key",
    "normal_code",
    "number",
    "sum_up",
    "within_reach",
]
