"""The style guide shows every component, so that who builds sees what there is."""

import re
from pathlib import Path

import pytest

from omzien import web

HERE = Path(next(iter(web.__path__))) / "templates"
BY_OTHERS = {
    "ask_topics": "check boxes and a select, as the fields are",
    "checked": "on the card",
    "edit_came_of": "notices only",
    "editor_buttons": "buttons only; they need an entry of somebody who is signed in",
    "editor_fields": "made of the fields",
    "entry_fields": "made of the fields",
    "fault": "the error summary with one line",
    "import_counts": "the table",
    "import_double": "the comparison",
    "import_line": "the comparison",
    "import_side": "lines of text",
    "page_feedback": "at the foot of every page, also of this one",
    "place_fields": "made of the fields",
}


@pytest.mark.parametrize("name", sorted(one.stem for one in (HERE / "cotton").glob("*.html")))
def test_every_component_stands_in_the_style_guide(name):
    page = (HERE / "pages" / "style_guide.html").read_text()
    shown = set(re.findall(r"<c-([a-z-]+)", page))
    assert (name.replace("_", "-") in shown) != (name in BY_OTHERS)
