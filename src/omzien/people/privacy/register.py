"""The register of processing activities (art. 30 AVG), made from the tables in the code.

Nobody writes it by hand: what is kept comes from `classes.md`, why and for whom from
`rules/processing.py`, how long from `rules/retention.py`.
"""

import io
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from omzien.kernel.cells import Rows
from omzien.people.privacy.classes import DataClass, FieldClass, personal
from omzien.people.rules.processing import ACTIVITIES, BY_CODE, MEASURES, Activity
from omzien.people.rules.retention import KINDS, Kind, Period

DATA_NAMES = {
    DataClass.WORK: gettext_lazy("gegevens over werk of rol"),
    DataClass.CONTACT: gettext_lazy("contactgegevens"),
    DataClass.IDENTITY: gettext_lazy("wie iemand is en wat die persoon koos"),
    DataClass.SPECIAL: gettext_lazy("bijzondere gegevens, zoals over gezondheid"),
    DataClass.FREE_TEXT: gettext_lazy("tekst waarin iets over mensen kan staan"),
    DataClass.SECRET: gettext_lazy("wachtwoorden en sleutels, onleesbaar bewaard"),
}


@dataclass(frozen=True)
class Entry:
    """One activity as the register shows it."""

    activity: Activity
    data: list[str]
    fields: dict[str, list[str]]
    """Table → fields, with their names in the code."""
    kept: list[Kind]
    reads: list[str]

    @property
    def terms(self) -> list[str]:
        """Return how long what is kept, in words."""
        return [term_text(kind) for kind in self.kept]


def register(*, installed: set[str]) -> list[Entry]:
    """Return the activities that keep or read personal data in the installed tables."""
    found = [_entry(activity, installed) for activity in ACTIVITIES]
    return [entry for entry in found if entry.fields or entry.reads]


def _entry(activity: Activity, installed: set[str]) -> Entry:
    mine = [one for one in personal() if one.activity == activity.code and one.model in installed]
    kinds = dict.fromkeys(one.kind for one in mine)
    names = [code for code in activity.reads if code != "*"]
    everything = [_("alle gegevens in dit register")] if "*" in activity.reads else []
    return Entry(
        activity,
        [str(DATA_NAMES[kind]) for kind in DATA_NAMES if kind in kinds],
        _by_table(mine),
        [KINDS[code] for code in dict.fromkeys(one.keep for one in mine)],
        everything + [_(BY_CODE[code].name) for code in names],
    )


def _by_table(fields: list[FieldClass]) -> dict[str, list[str]]:
    tables: dict[str, list[str]] = {}
    for one in fields:
        tables.setdefault(one.model, []).append(one.field)
    return tables


def term_text(kind: Kind) -> str:
    """Return a term in words: what, how long, from when."""
    return _("%(what)s: %(how_long)s na %(start)s") % {
        "what": _(kind.name),
        "how_long": period_text(kind.period),
        "start": _(kind.starts),
    }


def period_text(period: Period) -> str:
    """Return a period in words."""
    parts = []
    if period.years:
        parts.append(ngettext("%(n)d jaar", "%(n)d jaar", period.years) % {"n": period.years})
    if period.months:
        text = ngettext("%(n)d maand", "%(n)d maanden", period.months)
        parts.append(text % {"n": period.months})
    if period.days:
        parts.append(ngettext("%(n)d dag", "%(n)d dagen", period.days) % {"n": period.days})
    return ", ".join(parts) or _("meteen")


HEADS = (
    gettext_lazy("Verwerking"),
    gettext_lazy("Waarom"),
    gettext_lazy("Grondslag"),
    gettext_lazy("Van wie"),
    gettext_lazy("Welke gegevens"),
    gettext_lazy("Wie krijgt ze"),
    gettext_lazy("Hoe lang"),
    gettext_lazy("Velden"),
)


def cells(entry: Entry) -> list[str]:
    """Return an activity as the cells under HEADS."""
    one = entry.activity
    tables = [f"{table} ({', '.join(fields)})" for table, fields in entry.fields.items()]
    return [
        _(one.name),
        _(one.purpose),
        _(one.ground),
        _(one.persons),
        "; ".join([*entry.data, *entry.reads]),
        _(one.recipients),
        "; ".join(entry.terms),
        "; ".join(tables),
    ]


def as_csv(entries: list[Entry]) -> str:
    """Return the register for a spreadsheet."""
    out = io.StringIO()
    table = Rows(out)
    table.row(str(head) for head in HEADS)
    table.rows(cells(entry) for entry in entries)
    return out.getvalue()


def as_markdown(entries: list[Entry]) -> str:
    """Return the register as a document."""
    lines = [f"# {_('Register van verwerkingen')}", ""]
    for entry in entries:
        name, *rest = cells(entry)
        lines += [f"## {name}", ""]
        lines += [
            f"- **{head}**: {cell}" for head, cell in zip(HEADS[1:], rest, strict=True) if cell
        ]
        lines.append("")
    lines += [f"## {_('Hoe we gegevens beveiligen')}", "", *(f"- {_(one)}" for one in MEASURES)]
    return "\n".join(lines) + "\n"
