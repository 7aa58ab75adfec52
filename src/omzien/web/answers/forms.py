"""The question form: words, place and filters."""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from omzien.directory.language.topics import all_topics
from omzien.directory.queries.marks import FILTERS
from omzien.kernel.text import clean

MOST_CHARACTERS = 2000

WHEN = {
    "now": _("Nu open"),
    "weekday": _("Doordeweeks"),
    "evening": _("’s Avonds"),
    "weekend": _("In het weekend"),
}
AUDIENCE = {
    "children": _("Kinderen"),
    "young": _("Jongeren"),
    "parents": _("Ouders en gezinnen"),
    "older": _("Ouderen"),
    "carers": _("Mantelzorgers"),
    "newcomers": _("Nieuwkomers"),
    "disability": _("Mensen met een beperking"),
}
LANGUAGES = {
    "nl": _("Nederlands"),
    "en": _("Engels"),
    "pl": _("Pools"),
    "tr": _("Turks"),
    "ar": _("Arabisch"),
    "uk": _("Oekraïens"),
}
RUNGS = {
    "self": _("Zelf doen"),
    "network": _("Met je eigen mensen"),
    "community": _("Buren, vrijwilligers en clubs"),
    "general": _("Hulp waar je zo terechtkunt"),
    "team": _("Het team in je buurt"),
    "specialist": _("Hulp met een besluit of verwijzing"),
}
YES = {
    "free": _("Gratis"),
    "wheelchair": _("Toegankelijk met een rolstoel"),
    "walk_in": _("Zonder afspraak"),
}
GROUPS: dict[str, tuple[Any, dict[str, Any]]] = {
    "when": (_("Wanneer"), WHEN),
    "only": (_("Alleen laten zien"), YES),
    "audience": (_("Voor wie"), AUDIENCE),
    "language": (_("Taal"), LANGUAGES),
    "rung": (_("Soort hulp"), RUNGS),
}


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
        return text


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


assert {group: tuple(choices) for group, (_label, choices) in GROUPS.items()} == FILTERS
