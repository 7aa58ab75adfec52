"""The fields of a step as the components of a form show them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from omzien.web.asking.draft import Draft


@dataclass(frozen=True)
class Field:
    """One field: its name, what was typed, and what is wrong with it."""

    html_name: str
    value: str
    errors: tuple[str, ...] = ()

    @property
    def id_for_label(self) -> str:
        """Return the id of the field on the page."""
        return f"id_{self.html_name}"

    @property
    def auto_id(self) -> str:
        """Return the same: the summary of what is wrong leads to it."""
        return self.id_for_label


@dataclass(frozen=True)
class Sheet:
    """The fields of one page, in their order."""

    fields: Mapping[str, Field] = field(default_factory=dict)
    non_field_errors: tuple[str, ...] = ()

    @property
    def errors(self) -> bool:
        """Tell whether something is wrong."""
        return any(one.errors for one in self.fields.values())

    def __getitem__(self, name: str) -> Field:
        """Return a field by its name."""
        return self.fields[name]

    def __iter__(self) -> Iterator[Field]:
        """Go through the fields."""
        return iter(self.fields.values())


def sheet(draft: Draft, names: tuple[str, ...], wrong: Mapping[str, str], **shown: str) -> Sheet:
    """Return the fields with these names; `shown` says what stands there instead."""
    found = {}
    for name in (*names, *(one for one in wrong if one not in names)):
        value = shown.get(name, getattr(draft, name, ""))
        errors = (wrong[name],) if name in wrong else ()
        found[name] = Field(name, value if isinstance(value, str) else "", errors)
    return Sheet(found)
