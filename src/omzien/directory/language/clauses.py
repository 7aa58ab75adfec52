"""The parts of a story: what is said between two points, or two times "and".

Who is in trouble tells all of it at once, and the need that is most urgent may be said in six
words out of fifty: "and there is no money left for food". Over the whole story such words hardly
weigh; read by themselves they are clear.
"""

from collections.abc import Sequence

FEWEST = 3  # parts; less is no story
LEAST = 4  # words of a part: less says too little by itself
MOST = 40  # parts that are read
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


def parts(sentences: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Return of each part of a story, in sentences (`analysis.sentences`), its first word and the
    first word after it, counted from the beginning; nothing where there are fewer than `FEWEST`.
    """
    found: list[tuple[int, int]] = []
    end = 0
    for sentence in sentences:
        begin, end = end, end + len(sentence)
        for number, word in enumerate(sentence, begin):
            if word in JOINS and number - begin >= LEAST:
                found.append((begin, number))
                begin = number
        if found and end - begin < LEAST:
            begin, _ = found.pop()
        found.append((begin, end))
    return found[:MOST] if len(found) >= FEWEST else []
