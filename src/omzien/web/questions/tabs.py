"""The pages of one question, and which of them somebody may open."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from omzien.people.rules.roles import Actor
from omzien.questions.models import Question

# The address of a page, how it is called, the verb of its door, and the verbs of which one lets
# the question through.
TABS = (
    ("question", _("Overzicht"), "question.work", ("question.work", "story.read")),
    ("conversation", _("Gesprek"), "question.work", ("question.work",)),
    ("plan", _("Plan"), "plan.read", ("plan.read",)),
    ("offer", _("Overdragen"), "handover.offer", ("handover.offer",)),
    ("along", _("Samen met anderen"), "question.work", ("contact.read",)),
    ("network-of", _("Netwerk"), "ecogram.read", ("plan.read",)),
    ("discussions", _("Overleg"), "question.work", ("question.work",)),
    ("crisis", _("Kan niet wachten"), "question.work", ("question.work",)),
)


def tabs_of(question: Question, actor: Actor) -> list[tuple[str, Any]]:
    """Return the pages of a question that `actor` may open: a link that is refused would be
    logged, and read by the resident as a try to look.

    The team that owns it opens all that its role opens, without a query.
    """
    known: dict[str, bool] = {}

    def lets(verb: str) -> bool:
        if question.is_live and actor.team == question.team_id:
            return True
        if verb not in known:
            known[verb] = Question.objects.lets(actor, verb, question.pk)
        return known[verb]

    return [
        (address, name)
        for address, name, door, verbs in TABS
        if actor.may(door) and any(lets(verb) for verb in verbs)
    ]
