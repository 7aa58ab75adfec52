"""The words of all entries of this process, each with a number, shared by every index.

Neighbouring municipalities use the same words: written once, an index only needs numbers.
"""

import threading
from collections.abc import Iterable

NEAR_LENGTHS = range(-2, 3)  # how many letters a misspelled word may have too many or too few

_lock = threading.Lock()
_numbers: dict[str, int] = {}
_alike: dict[tuple[str, int], list[str]] = {}  # by first letter and length, for spelling


def number_of(token: str) -> int:
    """Return the number of `token`, or -1 when no entry ever held it."""
    return _numbers.get(token, -1)


def numbers_for(tokens: Iterable[str]) -> list[int]:
    """Return the number of each token; a new token gets the next one."""
    wanted = list(tokens)
    with _lock:
        for token in set(wanted) - _numbers.keys():
            _numbers[token] = len(_numbers)
            if token.isalpha() and len(token) > 3:
                _alike.setdefault((token[0], len(token)), []).append(token)
    return [_numbers[token] for token in wanted]


def alike(word: str) -> list[str]:
    """Return the known words that begin with the same letter and are about as long."""
    return [w for more in NEAR_LENGTHS for w in _alike.get((word[0], len(word) + more), ())]
