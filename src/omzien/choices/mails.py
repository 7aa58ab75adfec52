"""Every mail that a municipality may write itself, wherever it belongs."""

from collections.abc import Mapping

from django.utils.translation import override

from omzien.areas.models import Municipality
from omzien.areas.queries import language_of
from omzien.directory import mails as of_entries
from omzien.kernel.filling import fill
from omzien.messages import signing_in
from omzien.messages.mails import Letter, Mail, Place

MAILS: Mapping[str, Mail] = {**of_entries.MAILS, **signing_in.MAILS}
PLACES: Mapping[str, Place] = {**of_entries.PLACES, **signing_in.PLACES}
SUBJECT_OF_WAY_IN = ("gemeente",)


def example(code: str, subject: str, body: str, municipality: Municipality) -> Letter:
    """Return a text of a mail with an example in each place."""
    with override(language_of(municipality)):
        values = {name: str(PLACES[name].example) for name in MAILS[code].places}
    values["gemeente"] = municipality.name
    return Letter(fill(subject, values), fill(body, values) + "\n")
