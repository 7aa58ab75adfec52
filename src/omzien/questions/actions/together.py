"""Who holds the pen: the resident, a proxy who may act, or a worker together with them."""

from omzien.people.queries.mandates import decides_for
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.models import Question
from omzien.questions.refusals import NeedsResident, NotAllowed, NotLive
from omzien.questions.rules.plans import WithWhom


def holds_pen(question: Question, *, by: Actor, verb: str, together: bool) -> WithWhom:
    """Check that `by` may write something of the resident; return with whom it is written.

    The resident and a proxy write by themselves. A worker of the team that owns the question
    writes only together with the resident, and says so. Raises NotAllowed, NotLive, NeedsResident.
    """
    if by.machine or decides_for(by, question.person_id, verb=verb):
        _live(question)
        # Nobody says alone that a worker was there: only a file that is read says so of both.
        return WithWhom.TOGETHER if together and by.machine else WithWhom.SELF
    if Scope.TOGETHER not in by.may(verb) or not works_on(question, by):
        raise NotAllowed
    _live(question)
    if not together:
        raise NeedsResident
    return WithWhom.TOGETHER


def works_on(question: Question, by: Actor) -> bool:
    """Tell whether somebody works for the team that owns the question, and may work on it."""
    if by.membership is None or by.team is None or by.team != question.team_id:
        return False
    return (
        Question.objects.visible_to(by, verb="question.work").filter(pk=question.pk).exists()
        or not question.is_live
    )


def _live(question: Question) -> None:
    if not question.is_live:
        raise NotLive
