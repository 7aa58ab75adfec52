"""A sentence to a resident, or of them to who speaks for them.

Resident and proxy read the same pages of a question. Where "je" would be the resident, the
sentence stands there in both forms, side by side: in code by `said`, in a template by the tag
with that name.

    {% said "Wie helpt je?" "Wie helpt %(whom)s?" %}

`whom` is the first name of the resident, or "de inwoner". Who is meant by "je" in any other
sentence of these pages is who reads it.
"""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext

from omzien.people.rules.roles import Actor
from omzien.questions.models import Question


def whom_of(question: Question, actor: Actor) -> str:
    """Return how a resident is called to who speaks for them; "" for everybody else."""
    if actor.represents is None or question.person is None:
        return ""
    return question.person.first_name or gettext("de inwoner")


def said(whom: str, to: Any, of: Any, **values: object) -> str:
    """Return the sentence `to` the resident, or the one `of` them where there is a `whom`.

    Both are translated texts; `values` are their other places.
    """
    if not whom:
        return str(to) % values
    text = str(of) % {"whom": whom, **values}
    return capfirst(text) if str(of).startswith("%(whom)s") else text
