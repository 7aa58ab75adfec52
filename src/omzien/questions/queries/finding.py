"""The questions of the own team by a number that somebody names on the telephone, or by a name."""

from omzien.kernel.text import fold
from omzien.people.rules.roles import Actor
from omzien.questions.models import Question
from omzien.questions.rules.references import as_reference

MOST = 25  # shown at once
READ = 20_000  # live questions of one team that are looked through for a name


def found_by(typed: str, actor: Actor) -> list[Question]:
    """Return the live questions on which `actor` works that somebody asks about, at most `MOST`:
    the one with this number, or those where each word of `typed` stands in the name of the
    resident or of who asked for them. Only names that `actor` may see are looked through.
    """
    rows = Question.objects.visible_to(actor, verb="question.work")
    shown = rows.select_related("village", "holder__person").defer("story")
    if numbered := list(shown.filter(reference=as_reference(typed))):
        return numbered
    words = fold(typed).split()
    if not words:
        return []
    named = Question.objects.visible_to(actor, verb="contact.read").filter(pk__in=rows.values("pk"))
    names = named.order_by("due_on", "asked_at", "pk").values_list(
        "pk", "person__name", "asked_by__name"
    )
    keys = [
        key
        for key, *theirs in names[:READ]
        if any(all(word in fold(name or "") for word in words) for name in theirs)
    ]
    return list(shown.filter(pk__in=keys[:MOST]).order_by("due_on", "asked_at", "pk"))


def ended_by(typed: str, actor: Actor) -> Question | None:
    """Return what ended with the own team under this number, of which pages show no more than
    that.
    """
    rows = Question.objects.ended_for(actor).filter(reference=as_reference(typed))
    return rows.only("reference", "person_id").first()
