"""Help questions and what belongs to them."""

from omzien.questions.models.attempts import Attempt
from omzien.questions.models.breakglass import BreakGlass
from omzien.questions.models.measures import Instrument, Measurement
from omzien.questions.models.network import NetworkShare, Tie, YoungCarerSignal
from omzien.questions.models.plans import Goal, PlanAction, StrengthSplit
from omzien.questions.models.questions import Question, QuestionQuerySet
from omzien.questions.models.routes import RoutingRule
from omzien.questions.models.tasks import Task

__all__ = [
    "Attempt",
    "BreakGlass",
    "Goal",
    "Instrument",
    "Measurement",
    "NetworkShare",
    "PlanAction",
    "Question",
    "QuestionQuerySet",
    "RoutingRule",
    "StrengthSplit",
    "Task",
    "Tie",
    "YoungCarerSignal",
]
