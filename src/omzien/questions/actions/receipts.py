"""The mail that says that a question came in: a reference, and not a word of what it is about."""

from django.urls import reverse
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.areas.queries import PLAIN
from omzien.messages.letters import write_to
from omzien.people.models import Mandate
from omzien.people.queries.mandates import OPENS
from omzien.questions.mails import MAILS
from omzien.questions.models import Question
from omzien.questions.queries.reached import own_address


def tell_received(question: Question) -> None:
    """Tell who asked, and for whom, that the question is here, in the language of the asker."""
    municipality = Municipality.objects.get(pk=question.municipality_id)
    resident, asker = question.person, question.asked_by
    if resident and resident.email:
        _tell(question, municipality, resident.email, "asked-by-another" if asker else "asked")
    if asker and asker.email and not (resident and resident.email == asker.email):
        opens = Mandate.objects.live(on=timezone.localdate()).filter(what__overlap=OPENS)
        follows = opens.filter(resident=resident, proxy=asker).exists()
        code = "asked-with-mandate" if follows else "asked-for-another"
        _tell(question, municipality, asker.email, code)


def asked_by(question: Question) -> set[str]:
    """Return the addresses of who asked a question, and for whom, as they are now."""
    asker = question.asked_by
    return own_address(question) | ({asker.email} - {""} if asker else set())


def _tell(question: Question, municipality: Municipality, recipient: str, code: str) -> None:
    write_to(
        [recipient],
        MAILS,
        code,
        municipality=municipality,
        key=f"asked:{question.pk}",
        path=reverse("my-questions"),
        language="" if question.language == PLAIN else question.language,
        nummer=question.reference,
    )
