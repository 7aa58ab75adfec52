"""Typed readers of the environment: the only place that touches `os.environ`.

Every setting may also come from a file: `NAME_FILE` names a file that holds the value,
as container platforms hand over secrets.
"""

import os
from pathlib import Path


class BadSetting(ValueError):
    """A setting is missing or cannot be read; the message names it and says what to do."""


def text(name: str, default: str | None = None) -> str:
    """Return the setting `name` as text.

    Raises BadSetting when it is absent and has no default.
    """
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    value = os.environ.get(name, default)
    if value is None:
        raise BadSetting(f"{name} is not set. Set it in the environment or in {name}_FILE.")
    return value


def flag(name: str, *, default: bool) -> bool:
    """Return the setting `name` as a yes or no (1/0, true/false, yes/no)."""
    value = text(name, "1" if default else "0").casefold()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise BadSetting(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int) -> int:
    """Return the setting `name` as a whole number."""
    value = text(name, str(default))
    if not value.lstrip("-").isdigit():
        raise BadSetting(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def names(name: str, default: str = "") -> list[str]:
    """Return the comma-separated setting `name` as a list without empty parts."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]
