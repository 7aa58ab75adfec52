"""Help questions and what belongs to them."""

from omzien.questions.models.attempts import Attempt
from omzien.questions.models.breakglass import BreakGlass
from omzien.questions.models.conversation import Attachment, Note, Post
from omzien.questions.models.questions import Question, QuestionQuerySet
from omzien.questions.models.routes import RoutingRule
from omzien.questions.models.tasks import Task
from omzien.questions.models.texts import StandardText

__all__ = [
    "Attachment",
    "Attempt",
    "BreakGlass",
    "Note",
    "Post",
    "Question",
    "QuestionQuerySet",
    "RoutingRule",
    "StandardText",
    "Task",
]
