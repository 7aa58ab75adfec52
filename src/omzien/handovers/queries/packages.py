"""What a receiver sees of a question: one shape for the page, and for the preview before it."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from omzien.handovers.models import Handover
from omzien.people.rules.grounds import Category
from omzien.people.rules.roles import Actor
from omzien.questions.models import Question
from omzien.questions.queries.reached import is_in_conflict, is_reached, stands_in_for
from omzien.questions.rules.states import ReachBy


@dataclass(frozen=True)
class Package:
    """The words of the sender, and of the resident what the ground lets through."""

    asked: str
    tried: str
    best_moment: str
    is_urgent: bool
    has_contact: bool
    has_story: bool
    name: str = ""
    phone: str = ""
    email: str = ""
    reach_by: ReachBy | None = None
    # Who asked it for them, where the resident has no phone and no mail address.
    asker: str = ""
    is_in_conflict: bool = False  # that person, with the resident: then not by them
    asker_phone: str = ""
    asker_email: str = ""
    asker_key: UUID | None = None  # for the access log
    story: str = ""


def package_of(handover: Handover, *, by: Actor) -> Package:
    """Return what `by` sees of a handover now, through the gate of the question (2 queries)."""
    known = Question.objects.filter(pk=handover.question_id)
    contact = known.visible_to(by, verb="contact.read").select_related("person", "asked_by").first()
    story = known.visible_to(by, verb="story.read").values_list("story", flat=True).first()
    return _package(
        handover.asked,
        handover.tried,
        handover.best_moment,
        is_urgent=handover.is_urgent,
        contact=contact,
        story=story,
    )


def preview_of(
    question: Question, *, words: dict[str, str], categories: Collection[Category]
) -> Package:
    """Return what a receiver would see with these words and a ground for `categories`."""
    return _package(
        words.get("asked", ""),
        words.get("tried", ""),
        words.get("best_moment", ""),
        is_urgent=bool(words.get("is_urgent")),
        contact=question if Category.CONTACT in categories else None,
        story=question.story if Category.STORY in categories else None,
    )


def _package(
    asked: str,
    tried: str,
    best_moment: str,
    *,
    is_urgent: bool,
    contact: Question | None,
    story: str | None,
) -> Package:
    person = contact.person if contact else None
    asker = stands_in_for(contact) if contact else None
    return Package(
        asked=asked,
        tried=tried,
        best_moment=best_moment,
        is_urgent=is_urgent,
        has_contact=person is not None,
        has_story=story is not None,
        name=person.name if person else "",
        phone=person.phone if person else "",
        email=person.email if person else "",
        reach_by=ReachBy(contact.reach_by) if contact else None,
        asker=asker.name if asker else "",
        is_in_conflict=contact is not None and not is_reached(contact) and is_in_conflict(contact),
        asker_phone=asker.phone if asker else "",
        asker_email=asker.email if asker else "",
        asker_key=asker.pk if asker else None,
        story=story or "",
    )
