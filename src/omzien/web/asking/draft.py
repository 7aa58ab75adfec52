"""A question on its way: what the form carries from step to step, cleaned.

Nothing of it is kept on the server and nothing stands in an address: the words travel in the
form itself, also through a second tab and a lost connection. For the back button our script lets
the browser keep them in the history of the tab, where it keeps what a form posts; no page of it
is stored, so without the script the buttons "Terug" are the way back, and the page says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Self
from uuid import UUID, uuid4

from django.http import QueryDict

from omzien.directory.language.topics import all_topics
from omzien.kernel.text import clean, one_line
from omzien.questions.models.questions import LONGEST_STORY, MOST_TOPICS

MOST_TIPS = 12
LONGEST_LINE = 200
PROXY, RESIDENT = "mandate", "self"
MINE, OTHER = "me", "other"  # for whom somebody asks


@dataclass(frozen=True)
class Draft:
    """What somebody said so far; each name is that of a field of the form."""

    key: str
    story: str = ""
    place: str = ""
    village: str = ""  # a slug, where the place was not understood
    tip: tuple[str, ...] = ()  # what the answer page showed
    tried: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()  # topics that the step before offered
    topic: tuple[str, ...] = ()
    more: str = ""  # one topic that was not offered
    for_whom: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    other_name: str = ""
    other_phone: str = ""
    other_email: str = ""
    knows: str = ""
    is_me: str = ""  # what somebody says of "another" with nearly their own name: "yes" or "no"
    reach_by: str = ""
    moment: str = ""
    is_calm: str = ""  # the kind of danger of which the numbers were shown
    hat: str = ""  # under which the form was filled in
    team: str = ""  # that the last step named
    channel: str = ""  # how it came in, where somebody who works here writes it down
    same: str = ""  # the question of a person that is known already, or "new"
    after: str = ""  # the key of the ended question that it follows

    def but(self, **changes: Any) -> Self:
        """Return the draft with something changed."""
        return replace(self, **changes)

    def pairs(self, *without: str) -> list[tuple[str, str]]:
        """Return names and values as a form carries them along unseen; a list is one value."""
        return list(_pairs(self, without))

    @property
    def topics(self) -> tuple[str, ...]:
        """Return the topics that were chosen."""
        chosen = dict.fromkeys((*self.topic, *([self.more] if self.more else [])))
        return tuple(chosen)[:MOST_TOPICS]


def _pairs(draft: Draft, without: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for field in fields(draft):
        value = getattr(draft, field.name)
        if field.name in without or not value:
            continue
        yield field.name, " ".join(value) if isinstance(value, tuple) else value


def new_key() -> str:
    """Return the key of a form: sent twice with one key is asked once."""
    return str(uuid4())


def begun(data: QueryDict) -> Draft:
    """Return an empty form, which may follow an ended question that the address names."""
    after = data.get("na", "")
    return Draft(key=new_key(), after=after if _is_uuid(after) else "")


def read(data: QueryDict) -> Draft:
    """Return what a form says; whatever it does not know is left out, and never an error."""
    found: dict[str, Any] = {"key": _key(data.get("key", ""))}
    for field in fields(Draft):
        if field.name == "key":
            continue
        if field.default == ():
            found[field.name] = _many(field.name, data.getlist(field.name))
        elif field.name == "story":
            found[field.name] = clean(data.get("story", "")[: LONGEST_STORY * 2])
        else:
            found[field.name] = one_line(data.get(field.name, "")[:1000])
    if found["more"] not in all_topics():
        found["more"] = ""
    found["after"] = found["after"] if _is_uuid(found["after"]) else ""
    return _for_me(found)


def _for_me(found: dict[str, Any]) -> Draft:
    """Return the draft; "another" who turned out to be who asks is nobody else any more."""
    draft = Draft(**found)
    if draft.is_me != "yes":
        return draft
    nobody = dict.fromkeys(("other_name", "other_phone", "other_email", "knows", "is_me"), "")
    return draft.but(for_whom=MINE, **nobody)


def _many(name: str, values: list[str]) -> tuple[str, ...]:
    each = " ".join(values).split()  # ticked one by one, or carried along together
    if name in ("tip", "tried"):
        known = dict.fromkeys(one for one in each if _is_uuid(one))
        return tuple(known)[:MOST_TIPS]
    known = dict.fromkeys(one for one in each if one in all_topics())
    return tuple(known)[: MOST_TOPICS * 2]


def _key(text: str) -> str:
    return text if _is_uuid(text) else new_key()


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
