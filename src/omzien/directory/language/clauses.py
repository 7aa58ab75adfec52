"""The parts of a story: what is said between two points, or two times "and".

Who is in trouble tells all of it at once, and the need that is most urgent may be said in six
words out of fifty: "and there is no money left for food". Over the whole story such words hardly
weigh; read by themselves they are clear.
"""

import re

from omzien.directory.language.analysis import words

FEWEST = 3  # parts; less is no story
LEAST = 4  # words of a part: less says too little by itself
MOST = 40  # parts that are read
_ENDS = re.compile(r"[.!?;:,()\n…،؛؟]+")
# What joins two parts, folded, in the languages of the questions.
JOINS = frozenset(
    (
        *("en", "maar", "want", "dus", "omdat", "terwijl", "ook", "nu"),
        *("and", "but", "because", "so"),
        *("i", "ale", "bo", "wiec"),
        *("ve", "ama", "fakat", "cunku"),
        *("але", "бо", "і", "та", "тому"),
        *("لكن", "لان"),
    )
)


def parts(text: str) -> list[list[str]]:
    """Return the words of each part of a story; nothing where a text has fewer than `FEWEST`."""
    found: list[list[str]] = []
    for sentence in _ENDS.split(text):
        said: list[str] = []
        for word in words(sentence):
            if word in JOINS and len(said) >= LEAST:
                found.append(said)
                said = []
            said.append(word)
        if found and len(said) < LEAST:
            found[-1] = [*found[-1], *said]
        elif said:
            found.append(said)
    return found[:MOST] if len(found) >= FEWEST else []
