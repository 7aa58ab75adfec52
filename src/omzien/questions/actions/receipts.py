"""The mail that says that a question came in: a reference, and not a word of what it is about."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from omzien.areas.models import Municipality
from omzien.areas.queries import PLAIN, address_of, language_of
from omzien.messages.actions import tell
from omzien.questions.models import Question


def tell_received(question: Question) -> None:
    """Tell who asked, and for whom, that the question is here (Wmo 2015, art. 2.3.2 lid 1).

    The name of a team may say what a question is about, so it stands on the page only.
    """
    municipality = Municipality.objects.get(pk=question.municipality_id)
    own = language_of(municipality) if question.language == PLAIN else question.language
    resident, asker = question.person, question.asked_by
    with override(own):
        if resident and resident.email:
            opening = _told_resident(is_own=asker is None)
            _tell(question, municipality, resident.email, opening)
        if asker and asker.email and not (resident and resident.email == asker.email):
            _tell(question, municipality, asker.email, _("Je vraag voor een ander is ontvangen."))


def _told_resident(*, is_own: bool) -> str:
    if is_own:
        return _("Je vraag is ontvangen.")
    return _("Iemand die je kent heeft voor jou een vraag gesteld. Die is ontvangen.")


def _tell(question: Question, municipality: Municipality, recipient: str, opening: str) -> None:
    lines = [
        _("Hallo,"),
        opening,
        _("Het nummer van de vraag is %(reference)s. Noem dit nummer als je belt.")
        % {"reference": question.reference},
        _("Wat er met de vraag gebeurt, en wie je helpt, zie je hier. Je krijgt dan een code in "
          "de mail: %(link)s") % {"link": address_of(municipality) + reverse("my-questions")},
        _("Weet je van niets? Dan heeft iemand zich vergist in het mailadres. Je hoeft niets te "
          "doen."),
        _("Groet,\nOmzien %(name)s") % {"name": municipality.name},
    ]  # fmt: skip
    tell(
        municipality=municipality,
        key=f"asked:{question.pk}",
        recipient=recipient,
        subject=_("We hebben je vraag ontvangen"),
        body="\n\n".join(lines),
    )
