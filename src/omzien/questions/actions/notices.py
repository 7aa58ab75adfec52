"""Mails about a conversation: that there is something to read, never what, of whom or why."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.messages.letters import write_to
from omzien.messages.models import Message
from omzien.messages.rights import named, part
from omzien.people.queries.mailboxes import of_holder, of_team
from omzien.questions.actions.outside import way_in
from omzien.questions.mails import MAILS
from omzien.questions.models import Post, Question
from omzien.questions.queries.reached import hears_now, sides

PREFIX = "conversation"


def tell_resident(post: Post) -> None:
    """Tell the resident, and who may get messages for them, that there is a post."""
    path = reverse("my-question", args=[post.question_id])
    own, others, told = sides(post.question)
    _tell(post, "reply", own, path)
    _tell(post, "reply", others, path, mail="reply-for")
    _tell(post, "reply", told, path, mail="reply-told")


def tell_owner(post: Post, what: str) -> None:
    """Tell who holds the question, or else the team that owns it."""
    path = way_in(post.question) or reverse("conversation", args=[post.question_id])
    _tell(post, what, owners_side(post.question), path)


def owners_side(question: Question) -> set[str]:
    """Return the addresses of the owner, as it is now; an ended question has none."""
    if not question.is_live:
        return set()
    today = timezone.localdate()
    holder = question.holder if question.holder_id else None
    in_team = holder if holder and holder.team_id == question.team_id else None
    return set(of_holder(in_team, on=today) or of_team(question.team, on=today))


def may_still_go(message: Message) -> bool:
    """Tell whether the recipient of a waiting mail may still read what it is about."""
    post = named(Post, message, "question__person", "question__team")
    if post is None:
        return False
    if part(message, 2) == "reply":
        return message.recipient in hears_now(post.question)
    return message.recipient in owners_side(post.question)


def _tell(post: Post, what: str, recipients: Iterable[str], path: str, mail: str = "") -> None:
    write_to(
        recipients,
        MAILS,
        f"{PREFIX}-{mail or what}",
        municipality=Municipality.objects.get(pk=post.municipality_id),
        key=f"{PREFIX}:{post.pk}:{what}",
        path=path,
    )
