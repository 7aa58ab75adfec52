"""What makes a password weak here: too short, or a word that anybody here would try first.

There are no rules on which characters (ASVS 6.2.5). A known word is no fault by itself: what is
left without it must be more than figures and signs.
"""

import re
from collections.abc import Iterable

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from omzien.people.models import Account, Person

FEWEST_LETTERS = 4  # beside the known words
SHORTEST_PART = 3
WORDS = (
    "aanmelden", "admin", "amsterdam", "april", "augustus", "beheer", "beheerder", "computer",
    "december", "dinsdag", "donderdag", "februari", "geheim", "gemeente", "herfst", "hallo",
    "inloggen", "januari", "juli", "juni", "lente", "login", "maandag", "maart", "mei", "mijn",
    "nederland", "november", "oktober", "omzien", "password", "paswoord", "qwerty", "qwertz",
    "azerty", "asdf", "zxcv", "september", "test", "tijdelijk", "vandaag", "verander", "vrijdag",
    "voetbal", "wachtwoord", "welkom", "welcome", "wijzig", "winter", "woensdag", "zaterdag",
    "zomer", "zondag", "abcd", "jaar", "werk", "account", "iloveyou",
)  # fmt: skip
_DRAWN = str.maketrans("013457@$!", "oieastasi")


class LongEnough(MinimumLengthValidator):
    """Twelve characters, said in the language of the page."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError where it is too short."""
        if len(password) < self.min_length:
            text = _("Dit wachtwoord is te kort. Neem minstens %(n)d tekens.")
            raise ValidationError(text % {"n": self.min_length}, code="password_too_short")


class NotGuessable:
    """More than words that are tried first: Dutch common ones, the municipality, oneself."""

    def validate(self, password: str, user: Account | Person | None = None) -> None:
        """Raise ValidationError where little is left without such words."""
        plain = password.casefold()
        words = sorted({*WORDS, *_own(user)}, key=len, reverse=True)
        known = re.compile("|".join(map(re.escape, words)))
        for text in (plain, plain.translate(_DRAWN)):
            rest, count = known.subn("", text)
            if count and len(re.findall(r"[^\W\d_]", rest)) < FEWEST_LETTERS:
                raise ValidationError(
                    _("Dit wachtwoord is makkelijk te raden. Neem liever vier losse woorden."),
                    code="password_too_common",
                )

    def get_help_text(self) -> str:
        """Return what a form says beforehand."""
        return _("Neem geen woord dat iedereen zou proberen, en niet je eigen naam.")


def _own(user: Account | Person | None) -> Iterable[str]:
    """Return the words of somebody: the parts of names and address, and of the municipality."""
    if user is None:
        return ()
    people = [user] if isinstance(user, Person) else []
    if isinstance(user, Account) and user.pk:
        people = list(Person.objects.filter(account=user).select_related("municipality"))
    texts = [user.email or ""]
    for one in people:
        texts += [one.name, one.email, one.municipality.name]
    parts = re.split(r"[^\w]+", " ".join(texts).casefold())
    return {part for part in parts if len(part) >= SHORTEST_PART}
