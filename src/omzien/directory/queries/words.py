"""Whether a word of the thesaurus leads anywhere."""

from collections.abc import Sequence

from django.db.models import Q

from omzien.areas.models import Municipality
from omzien.directory.language.analysis import tokens
from omzien.directory.models import SearchTokens


def found_nowhere(municipality: Municipality, meanings: Sequence[str]) -> list[str]:
    """Return the meanings of which no word stands in any entry here; a query for each."""
    here = SearchTokens.objects.filter(Q(municipality=municipality) | Q(municipality=None))
    return [
        meaning
        for meaning in meanings
        if not here.filter(tokens__has_any_keys=[t for t, _weight in tokens(meaning)]).exists()
    ]
