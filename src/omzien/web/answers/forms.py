"""The question form: words, place and filters."""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from omzien.directory.language.topics import all_topics
from omzien.kernel.text import clean
from omzien.web.filters import GROUPS

MOST_CHARACTERS = 2000


@dataclass(frozen=True)
class Asked:
    """A question as it was asked, cleaned."""

    text: str = ""
    place: str = ""
    topics: tuple[str, ...] = ()
    filters: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def on(self) -> tuple[tuple[str, str], ...]:
        """Return the filters that are on, each with its group."""
        return tuple((group, value) for group, values in self.filters.items() for value in values)

    @property
    def chosen(self) -> tuple[tuple[str, str], ...]:
        """Return the chosen topics as a form carries them."""
        return tuple(("topic", topic) for topic in self.topics)


class AskForm(forms.Form):
    """The words and the place of a question."""

    text = forms.CharField(required=False, strip=True)
    place = forms.CharField(required=False, max_length=100, strip=True)

    def clean_text(self) -> str:
        """Return the question; refuse one that is too long to be read."""
        text = str(self.cleaned_data["text"])
        if len(text) > MOST_CHARACTERS:
            raise forms.ValidationError(
                _("Je vraag is te lang: %(count)s tekens. Vertel het in hooguit %(most)s tekens."),
                params={"count": len(text), "most": MOST_CHARACTERS},
            )
        if text and not says_something(text):
            raise forms.ValidationError(_("Vertel iets meer, in een paar woorden. Wat is er?"))
        return text


def says_something(text: str) -> bool:
    """Tell whether a text can be a question: one letter, or signs alone, is a slip of a finger."""
    return sum(map(str.isalnum, text)) > 1


def asked(data: Any) -> Asked:
    """Return the place, topics and filters in `data` (a QueryDict).

    What is unknown (an old topic, a filter that no longer exists) is left out, so that a
    shared link keeps working.
    """
    filters = {
        group: frozenset(v for v in data.getlist(group) if v in choices)
        for group, (_label, choices) in GROUPS.items()
    }
    return Asked(
        place=clean(data.get("place", ""))[:100],
        topics=tuple(t for t in data.getlist("topic") if t in all_topics())[:5],
        filters=filters,
    )
