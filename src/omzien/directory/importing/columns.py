"""The columns of our CSV and XLSX template: what they are called and what goes in them.

They stand in data/template.tsv; the template and docs/handboek/importeren.md follow it.
"""

from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True)
class Column:
    """A column: `key` in the code, `name` in the file, an example, and help for people."""

    key: str
    name: str
    is_required: bool
    example: str
    help: str


def _shipped() -> tuple[Column, ...]:
    text = files("omzien.directory").joinpath("data", "template.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return tuple(
        Column(key, name, required == "yes", example, told)
        for key, name, required, example, told in lines
    )


COLUMNS = _shipped()
NAMES = {column.name: column for column in COLUMNS}
REQUIRED = tuple(column.name for column in COLUMNS if column.is_required)
