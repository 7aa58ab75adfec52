"""Pieces of a page that a process writes once and keeps.

Most of a page is the same for everyone: head, menu, footer, forms. Writing it anew costs more
than finding the answer that it shows. So a template says which piece may be kept, and on
what it depends:

    {% kept village=village with place=question.place %} ... {% endkept %}

The piece sees only the municipality, the language, and what the tag names before `with`; it is
kept for each of these. So nothing of a visitor can get into what is kept. What stands after
`with` differs each time: the piece has a hole where it prints that name, and the hole is filled
in at every request, as the CSRF token always is. A hole can be printed, but not asked or
changed. A list fills its holes one by one.

What needs more than a print stands between `{% live %}` and `{% endlive %}`: it sees the whole
page and is written at every request, as every block of a template that extends this one must be.
"""

import re
import secrets
from collections.abc import Iterator, Mapping
from html import escape
from itertools import count, repeat
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from omzien.areas.queries.memory import forget_with

MOST_KEPT = 20_000_000  # characters; past that we begin anew
SITE = ("municipality", "LANGUAGE_CODE", "LANGUAGE_BIDI")
TOKEN = "csrf_token"  # noqa: S105  # nosec B105 # a name
# Nobody can write the mark of a hole in an entry, because it is another one in each process.
_MARK = secrets.token_hex(8)
_HOLE = re.compile(rf"\[{_MARK}:(\w+)\]")

register = template.Library()
_kept: dict[tuple[Any, ...], list[str]] = {}
_size = 0
_numbers = count()


class Live(template.Node):
    """What is written at every request, in the middle of a piece that is kept."""

    def __init__(self, nodelist: NodeList) -> None:
        """Keep what stands between, under a name of its own."""
        self.nodelist, self.name = nodelist, f"live{next(_numbers)}"

    def render(self, context: Context) -> SafeString:
        """Return the mark of a hole: the piece around it writes what belongs there."""
        return _mark(self.name)

    def resolve(self, context: Context) -> SafeString:
        """Return what stands between, of this request."""
        return self.nodelist.render(context)


class Kept(template.Node):
    """A piece of a page that is written once for each of the values it depends on."""

    child_nodelists = ("lives",)  # where the blocks are that another template could fill

    def __init__(
        self,
        nodelist: NodeList,
        depends: dict[str, FilterExpression],
        holes: dict[str, FilterExpression],
    ) -> None:
        """Keep what the tag said."""
        self.nodelist, self.depends, self.names = nodelist, depends, holes
        lives = [node for node in nodelist.get_nodes_by_type(Live) if isinstance(node, Live)]
        self.lives = NodeList(lives)
        self.holes: dict[str, FilterExpression | Live] = holes | {one.name: one for one in lives}

    def render(self, context: Context) -> SafeString:
        """Return the piece, with its holes filled in."""
        values = {name: asked.resolve(context) for name, asked in self.depends.items()}
        town = context.get("municipality")
        key = (
            self,
            get_language(),
            town and (town.pk, town.settings_version, town.name),
            *values.values(),
        )
        parts = _kept.get(key)
        if parts is None:
            parts = self._written(context, values)
            _keep(key, parts)
        if len(parts) == 1:
            return SafeString(parts[0])  # nosec B703 # its parts were escaped
        return SafeString("".join(_filled(parts, context, self.holes)))  # nosec B703 # its parts were escaped

    def _written(self, context: Context, values: Mapping[str, Any]) -> list[str]:
        """Return the texts between the holes, with the names of the holes among them."""
        site = {name: context.get(name) for name in SITE}
        marks = {name: _mark(name) for name in (TOKEN, *self.names)}
        alone = Context({**site, **marks, **values})
        alone.template = context.template
        return _HOLE.split(self.nodelist.render(alone))


def _mark(name: str) -> SafeString:
    return SafeString(f"[{_MARK}:{name}]")  # nosec B703 # a name of a template


def _keep(key: tuple[Any, ...], parts: list[str]) -> None:
    global _size
    _size += sum(map(len, parts))
    if _size > MOST_KEPT:
        forget()
    _kept[key] = parts


def forget() -> None:
    """Forget every piece that this process keeps."""
    global _size
    _size = 0
    _kept.clear()


forget_with(forget)


def _filled(
    parts: list[str], context: Context, holes: Mapping[str, FilterExpression | Live]
) -> list[str]:
    filled, names = parts.copy(), parts[1::2]
    found: dict[str, Iterator[str]] = {}
    for name in dict.fromkeys(names):
        value = holes[name].resolve(context) if name in holes else str(context.get(name))
        is_many = isinstance(value, list)
        found[name] = map(_printed, value) if is_many else repeat(_printed(value))
    filled[1::2] = [next(found[name]) for name in names]
    return filled


def _printed(value: object) -> str:
    if isinstance(value, SafeString | int):
        return str(value)
    return escape(str(value))


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    """Read `{% kept name=value … with hole=value … %} … {% endkept %}`."""
    bits = token.split_contents()[1:]
    at = bits.index("with") if "with" in bits else len(bits)
    depends, holes = bits[:at], bits[at + 1 :]
    named = [token_kwargs(part, parser) for part in (depends, holes)]
    if depends or holes:  # token_kwargs takes out what it understood
        raise template.TemplateSyntaxError(f"kept: wat is {depends + holes}?")
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(nodelist, *named)


@register.tag
def live(parser: Parser, _token: Token) -> Live:
    """Read `{% live %} … {% endlive %}`, inside `{% kept %}`."""
    nodelist = parser.parse(("endlive",))
    parser.delete_first_token()
    return Live(nodelist)
