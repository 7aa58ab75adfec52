"""Whom to call in danger, as a municipality has it."""

from omzien.areas.models import Municipality
from omzien.areas.queries import PLAIN, language_of
from omzien.directory.language import crisis


def lines_of(
    danger: crisis.Kind | None, municipality: Municipality, *, language: str = PLAIN
) -> list[crisis.Line]:
    """Return the numbers for a danger, most urgent first, with the municipality's own desk;
    nothing where there is none. `language`: of who is in it.
    """
    if danger is None:
        return []
    own = municipality.settings
    return crisis.lines(
        danger,
        # In Dutch a municipality may say "u"; the other languages have one form.
        language_of(municipality) if language == PLAIN else language,
        desk=own.get("crisis_desk", ""),
        desk_name=own.get("crisis_desk_name", ""),
    )
