"""Help questions and what belongs to them."""

from omzien.questions.models.aftercare import AftercareAnswer, Objection
from omzien.questions.models.attempts import Attempt
from omzien.questions.models.breakglass import BreakGlass
from omzien.questions.models.conversation import Attachment, Note, Post
from omzien.questions.models.crisis import CodeStep, Crisis
from omzien.questions.models.discussions import Decision, Discussion, DiscussionTeam
from omzien.questions.models.measures import Instrument, Measurement
from omzien.questions.models.network import NetworkShare, Tie, YoungCarerSignal
from omzien.questions.models.plans import Goal, PlanAction, StrengthSplit
from omzien.questions.models.questions import Question, QuestionQuerySet
from omzien.questions.models.routes import RouteProposal, RoutingRule
from omzien.questions.models.signals import EarlySignal, Reporter, Signal
from omzien.questions.models.tasks import Task
from omzien.questions.models.texts import StandardText
from omzien.questions.models.working import ContactAttempt, SavedFilter

__all__ = [
    "AftercareAnswer",
    "Attachment",
    "Attempt",
    "BreakGlass",
    "CodeStep",
    "ContactAttempt",
    "Crisis",
    "Decision",
    "Discussion",
    "DiscussionTeam",
    "EarlySignal",
    "Goal",
    "Instrument",
    "Measurement",
    "NetworkShare",
    "Note",
    "Objection",
    "PlanAction",
    "Post",
    "Question",
    "QuestionQuerySet",
    "Reporter",
    "RouteProposal",
    "RoutingRule",
    "SavedFilter",
    "Signal",
    "StandardText",
    "StrengthSplit",
    "Task",
    "Tie",
    "YoungCarerSignal",
]
