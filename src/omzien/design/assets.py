"""Collect the style sheets and the map library that npm brought into static files.

`python -m omzien.design.assets` (called by `make assets`). From the Utrecht component
library only the components named here are kept: the whole sheet is 400 kB, a page needs a
tenth of it. Nothing is fetched here, and no municipality's house style is shipped.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
MODULES = ROOT / "node_modules"
TARGET = Path(__file__).parent / "static" / "nlds"
CANDIDATES = ("button", "data-badge", "heading", "link", "paragraph", "skip-link")
UTRECHT = frozenset(
    [
        "alert",
        "accordion",
        "breadcrumb-nav",
        "checkbox",
        "document",
        "form-field",
        "form-field-checkbox",
        "form-field-description",
        "form-field-error-message",
        "form-fieldset",
        "form-label",
        "page-body",
        "page-content",
        "page-footer",
        "page-header",
        "page-layout",
        "pagination",
        "radio-button",
        "root",
        "select",
        "status-badge",
        "surface",
        "table",
        "textarea",
        "textbox",
        "separator",
    ]
)
_BLOCK = re.compile(r"\.utrecht-([a-z-]+?)(?:--|__|[^a-z-]|$)")


def collect() -> None:
    """Write `components.css`, the Leaflet files and the licences into static/nlds."""
    if not MODULES.exists():
        sys.exit("node_modules ontbreekt: voer eerst `make assets` uit.")
    TARGET.mkdir(parents=True, exist_ok=True)
    sheets = [
        (MODULES / "@nl-design-system-candidate" / f"{name}-css" / "dist" / f"{name}.css")
        for name in CANDIDATES
    ]
    css = [re.sub(r"/\*# sourceMappingURL.*?\*/", "", sheet.read_text("utf-8")) for sheet in sheets]
    utrecht = MODULES / "@utrecht" / "component-library-css"
    css.append("".join(kept((utrecht / "dist" / "index.css").read_text("utf-8"))))
    (TARGET / "components.css").write_text("\n".join(css), encoding="utf-8")
    shutil.copy(utrecht / "LICENSE.md", TARGET / "LICENSE-nl-design-system.md")
    leaflet = MODULES / "leaflet"
    for name in ("leaflet.js", "leaflet.css"):
        text = (leaflet / "dist" / name).read_text("utf-8")
        text = re.sub(r"//# sourceMappingURL=.*", "", text)
        (TARGET / name).write_text(text, encoding="utf-8")
    shutil.copytree(leaflet / "dist" / "images", TARGET / "images", dirs_exist_ok=True)
    shutil.copy(leaflet / "LICENSE", TARGET / "LICENSE-leaflet.txt")
    (TARGET / "ready").touch()


def kept(css: str) -> Iterator[str]:
    """Yield the rules of `css` that style a component of UTRECHT, also inside @media."""
    for head, body in rules(css):
        if head.startswith(("@media", "@supports")):
            inner = "".join(kept(body))
            if inner:
                yield f"{head}{{{inner}}}\n"
        elif head.startswith("@"):
            continue
        else:
            selectors = [s for s in head.split(",") if set(_BLOCK.findall(s)) <= UTRECHT]
            if selectors and any(_BLOCK.search(s) for s in selectors):
                yield f"{','.join(selectors)}{{{body}}}\n"


def rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield (head, body) of each rule at the top of `css`, comments left out."""
    text = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    start = position = 0
    while (opening := text.find("{", position)) >= 0:
        head = text[start:opening].rsplit(";", 1)[-1].strip()
        depth, position = 1, opening + 1
        while depth and position < len(text):
            depth += {"{": 1, "}": -1}.get(text[position], 0)
            position += 1
        yield head, text[opening + 1 : position - 1].strip()
        start = position


if __name__ == "__main__":
    collect()
