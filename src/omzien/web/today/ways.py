"""The lists and pages of who works on questions, for those who may open them: one table."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from omzien.people.rules.roles import Actor

WAYS = (  # verb, address, label
    ("question.work", "work-list", _("Alle vragen van het team")),
    ("contact.confirm", "handovers", _("Overdrachten")),
    ("question.work", "anonymous-discussions", _("Overleg")),
    ("question.close", "closed-questions", _("Afgerond")),
    ("signal.work", "signals", _("Zorgen om iemand")),
    ("caseload.read", "caseload", _("Werklast")),
    ("question.ask_for_other", "ask-for", _("Nieuwe vraag voor een inwoner")),
    ("texts.change", "standard-texts", _("Standaardteksten")),
)


def ways(actor: Actor, *verbs: str) -> tuple[tuple[str, str], ...]:
    """Return the address and label of each that `actor` may open; of these verbs, if named."""
    return tuple(
        (reverse(page), str(label))
        for verb, page, label in WAYS
        if actor.may(verb) and verb in (verbs or (verb,))
    )
