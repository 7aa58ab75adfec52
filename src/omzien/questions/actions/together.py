"""Who holds the pen: the resident, a proxy who may act, or a worker together with them."""

from omzien.people.models import Mandate
from omzien.people.queries.same import is_self
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.models import Question
from omzien.questions.refusals import NeedsResident, NotAllowed, NotLive
from omzien.questions.rules.plans import WithWhom


def acts_for(by: Actor) -> bool:
    """Tell whether a proxy has a mandate to act: looking or talking along writes nothing."""
    return Mandate.objects.held_by(by).filter(what__contains=["act"]).exists()


def is_own(question: Question, by: Actor) -> bool:
    """Tell whether this is the resident's own question, as a resident."""
    return is_self(by, question.person_id)


def holds_pen(question: Question, *, by: Actor, verb: str, together: bool) -> WithWhom:
    """Check that `by` may write something of the resident; return with whom it is written.

    The resident and a proxy write by themselves. A worker of the team that owns the question
    writes only together with the resident, and says so. Raises NotAllowed, NotLive, NeedsResident.
    """
    reach = by.may(verb)
    own = Scope.OWN in reach and is_own(question, by)
    proxy = Scope.MANDATE in reach and by.represents == question.person_id and acts_for(by)
    if by.machine or own or proxy:
        _live(question)
        # Nobody says alone that a worker was there: only a file that is read says so of both.
        return WithWhom.TOGETHER if together and by.machine else WithWhom.SELF
    if Scope.TOGETHER not in reach or not works_on(question, by):
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
