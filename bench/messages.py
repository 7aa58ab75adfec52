"""The interface texts: gathers them from the code, into the catalogues, and compiles these.

`make messages` (python -m bench.messages) brings src/omzien/web/locale/en/LC_MESSAGES/django.po
up to date and writes django.mo beside it. The same for nl_Formal: the Dutch that says "u", in
which only the texts stand that say "je". A new text stands in the .po without a translation
until a person writes one; tests/house/test_messages.py counts them. A text that is gone is
taken out. No binaries of gettext are needed: Django turns a template into something that
looks like Python (`templatize`), and Babel reads Python.
"""

import io
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
CODE = ROOT / "src" / "omzien"
PO = CODE / "web" / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
FORMAL_PO = CODE / "web" / "locale" / "nl_Formal" / "LC_MESSAGES" / "django.po"
FORMAL_MO = FORMAL_PO.with_suffix(".mo")
HEADER = "# The interface of Omzien in %s. Made by `make messages`; the translations by hand.\n#"
# Words by which a text speaks to somebody informally.
INFORMAL = re.compile(r"\b(je|jij|jou|jouw|jezelf|jullie)\b", re.IGNORECASE)
KEYWORDS = (*DEFAULT_KEYWORDS, "gettext_lazy", "ngettext_lazy", "pgettext_lazy", "npgettext_lazy")
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
# Where "je" is not said to somebody, but is the word that is spoken of.
NAMES_THE_WORD = frozenset({"Je of u", "je en jij"})

# Cotton evaluates :label="_('Naam')" itself; to Django's lexer it is plain text.
_COTTON = re.compile(r""":[\w-]+="_\('([^']*)'\)\"""")

# {% said "to the resident" "of them" %}, of web/said.py; the same holds.
_SAID = re.compile(r"""{%\s*said\s+"([^"]*)"\s+"([^"]*)\"""")

Found = tuple[str, int, Any, str | None]
"""File, line, the text (a pair when it has a plural), its context."""


def extracted() -> Catalog:
    """Return a catalogue of every text that the code hands to gettext, without translations."""
    catalogue = _empty()
    for name, _line, text, context in sorted(_all(), key=lambda found: found[:2]):
        # Only the file: with line numbers every change of code would change the catalogue.
        catalogue.add(text, locations=[(name, None)], context=context)
    return catalogue


def formal() -> Catalog:
    """Return a catalogue of the texts that say "je", without translations."""
    catalogue = _empty(locale="nl", language="Dutch that says “u”")
    for message in extracted():
        is_informal = message.id and INFORMAL.search(" ".join(_forms(message.id)))
        if is_informal and message.id not in NAMES_THE_WORD:
            catalogue.add(message.id, locations=message.locations, context=message.context)
    return catalogue


def _forms(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def kept(path: Path = PO, locale: str = "en") -> Catalog:
    """Return a catalogue as it is kept; by itself the English one."""
    with path.open("rb") as stream:
        return read_po(stream, locale=locale, domain="django")


def kept_formal() -> Catalog:
    """Return the catalogue of the Dutch that says "u" as it is kept."""
    return kept(FORMAL_PO, "nl")


def compiled(catalogue: Catalog) -> bytes:
    """Return the .mo of a catalogue."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def update() -> dict[str, Catalog]:
    """Bring the kept catalogues up to date with the code; no translation is ever guessed."""
    return {
        "en": _update(extracted(), PO, "en"),
        "nl_Formal": _update(formal(), FORMAL_PO, "nl"),
    }


def _update(fresh: Catalog, path: Path, locale: str) -> Catalog:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        old = kept(path, locale)
        for message in fresh:
            known = old.get(message.id, message.context) if message.id else None
            if known:
                message.string = known.string
    with path.open("wb") as stream:
        write_po(stream, fresh, width=100, sort_output=True, omit_header=False)
    # Compile what is kept, so that the test that compares both has the same source.
    path.with_suffix(".mo").write_bytes(compiled(kept(path, locale)))
    return fresh


def _empty(locale: str = "en", language: str = "English") -> Catalog:
    catalogue = Catalog(
        locale=locale,
        domain="django",
        project="Omzien",
        fuzzy=False,
        header_comment=HEADER % language,
    )
    # The time of making would make every run differ.
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    catalogue.last_translator = "Omzien"
    catalogue.language_team = language
    return catalogue


def _all() -> Iterator[Found]:
    for path in sorted(CODE.rglob("*.py")):
        yield from _in_python(path, path.read_text(encoding="utf-8"))
    for path in sorted(CODE.rglob("*.html")):
        yield from _in_template(path)
    yield from _figures()
    yield from _purposes()


def _in_python(path: Path, text: str) -> Iterator[Found]:
    name = path.relative_to(ROOT).as_posix()
    stream = io.BytesIO(text.encode("utf-8"))
    options = {"encoding": "utf-8"}
    for line, function, arguments, _comments in extract_python(stream, KEYWORDS, (), options):
        parts = arguments if isinstance(arguments, tuple) else (arguments,)
        context = parts[0] if function in CONTEXT else None
        texts = parts[1:] if function in CONTEXT else parts
        if not texts or not texts[0]:
            continue
        yield name, line, (texts[:2] if function in PLURAL else texts[0]), context


def _in_template(path: Path) -> Iterator[Found]:
    from django.utils.translation.template import templatize

    text = path.read_text(encoding="utf-8")
    # What is left of the indentation would be wrong Python.
    python = "\n".join(line.strip() for line in templatize(text, origin=str(path)).split("\n"))
    yield from _in_python(path, python)
    for found in (*_COTTON.finditer(text), *_SAID.finditer(text)):
        line = text.count("\n", 0, found.start()) + 1
        for words in found.groups():
            yield path.relative_to(ROOT).as_posix(), line, words, None


def _figures() -> Iterator[Found]:
    """Yield the names of the key figures, which come from a table."""
    from omzien.areas.rules import FIGURES

    for line, figure in enumerate(FIGURES):
        for text in (figure.label, figure.unit):
            yield "src/omzien/areas/rules/figures.py", line, text, None


def _purposes() -> Iterator[Found]:
    """Yield the texts of the register of processing, which come from two tables."""
    from omzien.people.rules.processing import ACTIVITIES, MEASURES
    from omzien.people.rules.retention import KINDS

    line = 0
    for one in ACTIVITIES:
        for text in (one.name, one.purpose, one.ground, one.persons, one.recipients):
            yield "src/omzien/people/rules/processing.py", (line := line + 1), text, None
    for text in MEASURES:
        yield "src/omzien/people/rules/processing.py", (line := line + 1), text, None
    for kind in KINDS.values():
        for text in (kind.name, kind.starts, kind.source):
            yield "src/omzien/people/rules/retention.py", (line := line + 1), text, None


def main() -> None:
    """Update and compile, and say what has no translation yet."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omzien.config.settings")
    django.setup()
    for name, catalogue in update().items():
        missing = untranslated(catalogue)
        print(f"{name}: {len(catalogue)} texts, {len(missing)} without a translation")
        for text in missing:
            print("  ", text)


def untranslated(catalogue: Catalog) -> list[Any]:
    """Return the texts that nobody has translated yet."""
    return [m.id for m in catalogue if m.id and not all(_forms(m.string or ""))]


if __name__ == "__main__":
    main()
