"""The catalogues: every text of the interface is in English, every "je" also says "u"."""

import ast
import gettext
import io
import re

import pytest

from bench import messages
from bench.formal import draft

PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]+>")


@pytest.fixture(scope="module")
def kept():
    return messages.kept()


@pytest.fixture(scope="module")
def formal():
    return messages.kept_formal()


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


@pytest.mark.parametrize("catalogue", ["kept", "formal"])
def test_every_text_is_translated_and_none_is_doubtful(catalogue, request):
    texts = [m for m in request.getfixturevalue(catalogue) if m.id]
    assert [m.id for m in texts if not all(part.strip() for part in forms(m.string))] == []
    assert [m.id for m in texts if m.pluralizable and len(forms(m.string)) != 2] == []
    assert [m.id for m in texts if m.fuzzy] == []


@pytest.mark.parametrize("catalogue", ["kept", "formal"])
def test_a_translation_has_the_same_places_to_fill_in_and_the_same_links(catalogue, request):
    wrong = []
    for message in request.getfixturevalue(catalogue):
        for text, translated in zip(forms(message.id), forms(message.string), strict=True):
            if text and sorted(PLACES.findall(text)) != sorted(PLACES.findall(translated)):
                wrong.append(text)
    assert wrong == []


@pytest.mark.parametrize("catalogue,file", [("kept", "MO"), ("formal", "FORMAL_MO")])
def test_what_is_compiled_is_what_is_kept(catalogue, file, request):
    # Not by bytes: the heading names the version of Babel.
    source = messages.compiled(request.getfixturevalue(catalogue))
    fresh = gettext.GNUTranslations(io.BytesIO(source))._catalog
    with getattr(messages, file).open("rb") as stream:
        shipped = gettext.GNUTranslations(stream)._catalog
    fresh.pop(""), shipped.pop("")
    assert len(fresh) > 150
    assert fresh == shipped, "run make messages"


def test_every_text_that_says_je_also_says_u(formal):
    wanted = {m.id for m in messages.formal() if m.id}
    assert len(wanted) > 150
    assert wanted == {m.id for m in formal if m.id}, "run make messages, then write the u-form"


def test_what_says_u_says_it_right(formal):
    texts = [text for m in formal if m.id for text in forms(m.string)]
    assert [t for t in texts if messages.INFORMAL.search(t)] == []
    assert [t for t in texts if not re.search(r"\b([Uu]w?|zich|[Uu]zelf)\b", t)] == []
    # "U" with the verb of "je" after it in a question, and "uw" where "u" belongs.
    bare = "ben|bedoel|denk|heb|hoor|houd|kijk|kom|krijg|kun|lees|stuur|verander|vink|wil|woon"
    bare += "|zie|zoek"
    assert [t for t in texts if re.search(rf"\b({bare}) u\b", t, re.IGNORECASE)] == []
    owned = "hebt|bent|kunt|ziet|krijgt|mag|moet|niet|wel|kreeg|vindt|meedenkt|heen"
    assert [t for t in texts if re.search(rf"\b[Uu]w ({owned})\b", t)] == []
    assert [t for t in texts if re.search(r"\b[Uu]w[.,?!:]", t)] == []


def test_the_draft_of_the_u_form_knows_subject_object_and_owner():
    text = "Kun je je vraag stellen? We volgen je."
    assert draft(text) == "Kunt u uw vraag stellen? We volgen u."


def test_no_text_hides_behind_a_name_that_is_not_gathered():
    """Only `_` and the names of gettext itself are read; another alias would keep texts Dutch."""
    found = []
    for path in messages.CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
                names = [one.asname for one in node.names if "gettext" in one.name and one.asname]
                found += [f"{path.name}: {name}" for name in names if name != "_"]
    assert found == []
