"""References that can be read out over the phone."""

import secrets
from collections.abc import Callable

LETTERS = "ACDEFGHJKLMNPQRTUVWXY34679"  # no B/8, I/1, O/0, S/5, Z/2: they sound or look alike
LENGTH = 8


def new_reference(is_taken: Callable[[str], bool]) -> str:
    """Return a reference such as "K7P4-WQ9D" that is not taken; it cannot be guessed.

    26^8 possibilities: with a million questions the chance that one guess hits is 1 in 200,000,
    and a reference alone opens nothing.
    """
    while True:
        letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        reference = f"{letters[:4]}-{letters[4:]}"
        if not is_taken(reference):
            return reference


def as_reference(typed: str) -> str:
    """Return what somebody typed in the form that references have."""
    letters = "".join(character for character in typed.upper() if character.isalnum())
    return f"{letters[:4]}-{letters[4:]}"
