"""Whether a municipality's colours can be read: contrast by WCAG 2.2. No Django.

Formula: (lighter + 0.05) / (darker + 0.05), with the relative luminance of both colours.
Source: WCAG 2.2, definitions "contrast ratio" and "relative luminance"; 1.4.3 asks 4.5 for
text (level AA), 1.4.11 asks 3 for parts of controls.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

TEXT, CONTROL = 4.5, 3.0
WHITE, BLACK, PAPER = "#ffffff", "#000000", "#ffffff"
INK, SOFT_INK, SAND = "#1d2b27", "#4a5a55", "#f6f3ec"  # of tokens.css; not to be chosen


@dataclass(frozen=True)
class Pair:
    """Two colours that stand on each other somewhere, by token or by themselves."""

    front: str
    back: str
    least: float


# Everything that the style sheets put on each other with a colour that may be chosen.
PAIRS = (
    Pair("theme_main", PAPER, TEXT),  # links and the borders of buttons in cards
    Pair("theme_main", SAND, TEXT),  # links on the page itself
    Pair(WHITE, "theme_main", TEXT),  # the main button
    Pair("theme_main", "theme_light", TEXT),  # links in notices
    Pair(WHITE, "theme_dark", TEXT),  # the strip on top and the foot
    Pair("theme_dark", "theme_light", TEXT),  # labels, buttons under the pointer
    Pair("theme_dark", SAND, TEXT),  # links under the pointer
    Pair(INK, "theme_light", TEXT),  # text in notices
    Pair(SOFT_INK, "theme_light", TEXT),  # hints in the field for the question
    Pair(BLACK, "theme_accent", TEXT),  # the link to the content
    Pair("theme_accent", "theme_dark", TEXT),  # links in the foot under the pointer
    Pair("theme_accent", INK, CONTROL),  # the ring around what has the focus
)


def luminance(colour: str) -> float:
    """Return the relative luminance of "#rrggbb": 0 for black, 1 for white."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours: 1 for the same, 21 for black on white."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def too_faint(colours: Mapping[str, str]) -> Iterator[tuple[Pair, float]]:
    """Yield each pair that cannot be read well enough, with its ratio."""
    for pair in PAIRS:
        front, back = colours.get(pair.front, pair.front), colours.get(pair.back, pair.back)
        if (ratio := contrast(front, back)) < pair.least:
            yield pair, ratio
