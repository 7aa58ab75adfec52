"""The tries to reach a resident."""

from omzien.questions.models import ContactAttempt, Question
from omzien.questions.rules.reaching import By, Try


def tries_of(question: Question) -> list[Try]:
    """Return the tries of a question, oldest first."""
    rows = ContactAttempt.objects.filter(question=question)
    return [Try(By(one.channel), one.day, one.reached) for one in rows]
