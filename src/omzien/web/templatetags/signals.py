"""What the pages of a question show: an emergency, who stands by, what is unread."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.questions.actions.emergency import reading_now, still_to_tell
from omzien.questions.models import BreakGlass, Post, Question
from omzien.questions.queries.duty import duty_phone_of

register = template.Library()


@dataclass(frozen=True)
class Help:
    """A name, a number and a web address; each may be empty."""

    name: str
    phone: str
    website: str


@register.simple_tag(takes_context=True)
def emergency_of(context: dict[str, Any], question: Question) -> BreakGlass | None:
    """Return the emergency reading by which this reader sees the question, if that is how."""
    return reading_now(context["request"].actor, question.pk, at=timezone.now())


@register.simple_tag
def is_still_to_tell(reading: BreakGlass) -> bool:
    """Tell whether the resident does not know yet of an emergency reading that is no secret."""
    return bool(still_to_tell([reading.question_id]))


@register.simple_tag(takes_context=True)
def unread(context: dict[str, Any], question: Question) -> int:
    """Return how many posts of the resident nobody of the team opened yet."""
    rows = Post.objects.visible_to(context["request"].actor).from_resident().unseen()
    return rows.filter(question=question).count()


@register.simple_tag
def duty_phone(municipality: Municipality | None) -> str:
    """Return the number for what is acute, "" when none was chosen."""
    return duty_phone_of(municipality.pk) if municipality else ""


@register.simple_tag
def client_support(municipality: Municipality | None) -> Help:
    """Return who stands by a resident, independent of the municipality and for nothing."""
    chosen = municipality.settings if municipality else {}
    return Help(*(chosen.get(f"support_{part}", "") for part in ("name", "phone", "website")))
