"""The conversation of a question as a page shows it, and who the resident can turn to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from omzien.people.models import Membership, Person
from omzien.people.queries.covering import stand_ins
from omzien.people.rules.roles import Actor
from omzien.questions.models import Attachment, Note, Post, Question

MOST_SHOWN = 300  # posts on a page; the newest


@dataclass(frozen=True)
class Spoken:
    """One post with who said it. `name` is empty for somebody who is not known any more."""

    post: Post
    name: str
    is_own: bool
    files: list[Attachment] = field(default_factory=list)


@dataclass(frozen=True)
class Written:
    """One note with who wrote it."""

    note: Note
    name: str


@dataclass(frozen=True)
class Helper:
    """Who has a question now: always a team, and somebody of it who works there today."""

    team: str
    phone: str
    email: str
    name: str = ""
    own_phone: str = ""
    stands_in_for: str = ""


def thread(question: Question, actor: Actor) -> list[Spoken]:
    """Return what was said, oldest first, as far as `actor` may read it. Three queries."""
    rows = (
        Post.objects.visible_to(actor).filter(question=question).order_by("-at", "pk")[:MOST_SHOWN]
    )
    posts = list(reversed(rows))
    files: dict[UUID, list[Attachment]] = {}
    for one in Attachment.objects.visible_to(actor).filter(question=question).listed():
        files.setdefault(one.post_id, []).append(one)
    names = names_of(post.author for post in posts)
    return [
        Spoken(
            post,
            names.get(post.author, ""),
            post.author == actor.key,
            files.get(post.pk, []),
        )
        for post in posts
    ]


def for_them(spoken: Iterable[Spoken]) -> list[UUID]:
    """Return who of those that are named spoke for the resident by mandate."""
    said = (one for one in spoken if one.post.side == Post.Side.ASKER and one.name)
    return list(dict.fromkeys(UUID(one.post.author) for one in said))


def notes(question: Question, actor: Actor) -> list[Written]:
    """Return the notes that `actor` may read, oldest first."""
    rows = list(Note.objects.visible_to(actor).filter(question=question).select_related("team"))
    names = names_of(one.author for one in rows)
    return [Written(one, names.get(one.author, "")) for one in rows]


def helper_of(question: Question, *, on: date) -> Helper:
    """Return who has a question now, or who stands in; who left is not named."""
    team, holder = question.team, question.holder
    stand_in = stand_ins(on=on).get(holder.pk, holder) if holder else None
    here = Membership.objects.at_work(on=on).filter(team=question.team_id)
    working = here.filter(pk=stand_in.pk).select_related("person").first() if stand_in else None
    if working is None or holder is None:
        return Helper(team.name, team.phone, team.email)
    away = "" if working == holder else holder.person.name
    me = working.person
    return Helper(team.name, team.phone, team.email, me.name, me.phone, away)


def name_of(key: str) -> str:
    """Return how somebody is called that did something, "" for who is not known any more."""
    return names_of([key]).get(key, "")


def names_of(keys: Iterable[str]) -> dict[str, str]:
    """Return how those are called that did something, by key, as far as they are known."""
    known = []
    for key in set(keys):
        try:
            known.append(UUID(key))
        except ValueError:
            continue  # "system" or "demo"
    rows = Person.objects.filter(pk__in=known).values_list("pk", "name")
    return {str(key): name for key, name in rows}
