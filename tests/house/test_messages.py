"""The English catalogue: every text of the interface is in it, translated, and compiled."""

import gettext
import io
import re

import pytest

from bench import messages

PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]+>")


@pytest.fixture(scope="module")
def kept():
    return messages.kept()


@pytest.fixture(scope="module")
def wanted():
    return {(m.id, m.context) for m in messages.extracted() if m.id}


def forms(text) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (text,)


def test_extraction_reads_templates_code_components_and_tables(wanted):
    texts = {forms(text)[0] for text, _context in wanted}
    assert len(wanted) > 500
    assert "Laatst gecontroleerd:" in texts  # {% translate %}
    assert "Wat is er in %(name)s?" in texts  # {% blocktranslate %}
    assert "Nog %(n)s mogelijkheid" in texts  # count and plural
    assert "Mailadres van de eigenaar" in texts  # an attribute of a component
    assert "Hulp bij nood" in texts  # in an attribute, with single quotes
    assert "Huishoudens" in texts  # the key figures


def test_the_catalogue_holds_exactly_the_texts_of_the_interface(kept, wanted):
    found = {(m.id, m.context) for m in kept if m.id}
    assert sorted(map(str, wanted - found)) == [], "run make messages, then translate"
    assert sorted(map(str, found - wanted)) == [], "run make messages"


def test_every_text_is_translated_and_none_is_doubtful(kept):
    texts = [m for m in kept if m.id]
    assert [m.id for m in texts if not all(part.strip() for part in forms(m.string))] == []
    assert [m.id for m in texts if m.pluralizable and len(forms(m.string)) != 2] == []
    assert [m.id for m in texts if m.fuzzy] == []


def test_a_translation_has_the_same_places_to_fill_in_and_the_same_links(kept):
    wrong = []
    for message in kept:
        for text, translated in zip(forms(message.id), forms(message.string), strict=True):
            if text and sorted(PLACES.findall(text)) != sorted(PLACES.findall(translated)):
                wrong.append(text)
    assert wrong == []


def test_what_is_compiled_is_what_is_kept(kept):
    # Not by bytes: the heading names the version of Babel.
    fresh = gettext.GNUTranslations(io.BytesIO(messages.compiled(kept)))._catalog
    with messages.MO.open("rb") as stream:
        shipped = gettext.GNUTranslations(stream)._catalog
    fresh.pop(""), shipped.pop("")
    assert len(fresh) > 500
    assert fresh == shipped, "run make messages"
