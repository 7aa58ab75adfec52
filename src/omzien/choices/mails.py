"""Every mail of Omzien, wherever it belongs: a municipality may write each itself."""

from collections.abc import Mapping

from django.utils.translation import override

from omzien.areas.models import Municipality
from omzien.areas.queries import language_of
from omzien.directory import mails as of_entries
from omzien.handovers import mails as of_handovers
from omzien.kernel.filling import fill
from omzien.mediation import mails as of_mediation
from omzien.messages import erasing, exporting, mandates, signing_in
from omzien.messages.mails import Letter, Mail, Place
from omzien.questions import mails as of_questions

# The mails by whom they go to, or what they are about: the sections of the settings.
SECTIONS: Mapping[str, Mapping[str, Mail]] = {
    "residents": {
        **of_questions.TO_RESIDENT,
        **of_handovers.TO_RESIDENT,
        **of_mediation.TO_RESIDENT,
        **mandates.MAILS,
        **erasing.MAILS,
        **exporting.MAILS,
    },
    "teams": of_questions.TO_TEAM,
    "handovers": of_handovers.TO_TEAM,
    "mediation": of_mediation.TO_WORKERS,
    "entries": of_entries.MAILS,
    "way-in": signing_in.MAILS,
}
MAILS: Mapping[str, Mail] = {
    code: mail for section in SECTIONS.values() for code, mail in section.items()
}
PLACES: Mapping[str, Place] = {**of_entries.PLACES, **of_questions.PLACES, **signing_in.PLACES}
SUBJECT_OF_WAY_IN = ("gemeente",)


def example(code: str, subject: str, body: str, municipality: Municipality) -> Letter:
    """Return a text of a mail with an example in each place."""
    with override(language_of(municipality)):
        values = {name: str(PLACES[name].example) for name in MAILS[code].places}
    values["gemeente"] = municipality.name
    return Letter(fill(subject, values), fill(body, values) + "\n")
