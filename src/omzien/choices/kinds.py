"""Kinds of settings: how each is read from a form or a file, and how it is shown in a field.

A value is a thing that JSON can hold. Reading takes the text of a field; what a file holds is
first shown as such text, so that both go through the same checks. Wrong says in plain Dutch
what is not right.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils.translation import gettext as _

from omzien.kernel.filling import places, unknown
from omzien.kernel.text import clean, one_line

LINE = 200
TEXT = 5_000
MOST_ROWS = 60
LONGEST = 20_000  # no field needs more; a longer one is refused before anything looks at it


class Wrong(Exception):
    """A value that cannot be; says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Limits:
    """What a setting allows within its kind."""

    most: int = LINE
    least_number: int = 0
    most_number: int = 0
    options: Mapping[str, Any] | None = None
    places: tuple[str, ...] = ()
    needed: frozenset[str] = frozenset()
    required: bool = False
    no_addresses: bool = False


def _plain(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError
    return str(value)


def _yes_or_no(value: Any) -> str:
    if not isinstance(value, bool):
        raise TypeError
    return "ja" if value else "nee"


@dataclass(frozen=True)
class Kind:
    """One kind: reads a field's text, shows a value as such text, and how the field looks."""

    read: Callable[[str, Limits], Any]
    show: Callable[[Any], str] = _plain
    rows: str = ""
    widget: str = "text"


_HTML = re.compile(r"<[a-zA-Z/!?]|&(#\d+|#x[0-9a-f]+|[a-z]{2,8});", re.IGNORECASE)
_PHONE = re.compile(r"\+?[0-9][0-9 ().-]{2,24}")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_HOST = re.compile(
    r"https://(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(:[0-9]{2,5})?"
)
# "https:", "www." and "naam.nl"; what shortens words ("o.a.", "m.u.v.") has single letters.
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:/|www\.|[\w@-]+\.[^\W\d_]{2,}", re.IGNORECASE)
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[.:]([0-5][0-9])")
DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_DATES = ("%d-%m-%Y", "%Y-%m-%d")


def _line(raw: str, limits: Limits) -> str:
    return _checked(one_line(raw), limits)


def _text(raw: str, limits: Limits) -> str:
    return _checked(clean(raw), limits)


def _checked(text: str, limits: Limits) -> str:
    if len(text) > limits.most:
        raise Wrong(
            _("Dit is te lang: %(count)s tekens. Het mogen er %(most)s zijn.")
            % {"count": len(text), "most": limits.most}
        )
    if _HTML.search(text):
        raise Wrong(_("Hier kan alleen gewone tekst staan, geen HTML."))
    if limits.required and not text:
        raise Wrong(_("Dit kan niet leeg zijn."))
    return text


def _filled(text: str, limits: Limits) -> str:
    """Check the places of a text of a mail; an empty one goes back to what Omzien ships."""
    if not text:
        return text
    if odd := next(unknown(text, limits.places), ""):
        raise Wrong(
            _("“%(odd)s” is geen invulveld van deze mail. Deze kun je gebruiken: %(known)s.")
            % {"odd": odd, "known": ", ".join(f"{{{name}}}" for name in limits.places)}
        )
    if missing := sorted(limits.needed - places(text)):
        raise Wrong(
            _("In deze tekst moet %(missing)s staan: zonder dat kan de ontvanger niets doen.")
            % {"missing": ", ".join(f"{{{name}}}" for name in missing)}
        )
    return text


def _without_addresses(text: str, limits: Limits) -> str:
    """Refuse what a mail program makes a link of: in a mail that lets in only ours stands."""
    if limits.no_addresses and (found := _ADDRESS.search(text)):
        raise Wrong(
            _("“%(odd)s” is een webadres of mailadres. Dat kan niet in deze mail.")
            % {"odd": found[0][:60]}
        )
    return text


def _way(raw: str, limits: Limits) -> str:
    return _without_addresses(_filled(raw, limits), limits)


def _phone(raw: str, limits: Limits) -> str:
    text = _line(raw, limits)
    if text and not (_PHONE.fullmatch(text) and sum(map(str.isdigit, text)) >= 3):
        raise Wrong(_("Dit is geen telefoonnummer. Een nummer lijkt op 14 0413 of 0413-555 101."))
    return text


def _mail(raw: str, limits: Limits) -> str:
    text = _line(raw, limits)
    try:
        if text:
            EmailValidator()(text)
    except ValidationError:
        raise Wrong(_("Dit is geen mailadres.")) from None
    return text.casefold()


def _url(raw: str, limits: Limits) -> str:
    text = _line(raw, limits)
    try:
        if text:
            URLValidator(schemes=["https", "http"])(text)
    except ValidationError:
        raise Wrong(_("Dit is geen webadres. Een webadres begint met https://.")) from None
    return text


def _number(raw: str, limits: Limits) -> int | None:
    text = raw.strip()
    if not text:
        return None
    is_number = text.isascii() and text.isdecimal() and len(text) < 10
    if not is_number or not limits.least_number <= int(text) <= limits.most_number:
        raise Wrong(
            _("Vul een heel getal in van %(least)s tot en met %(most)s.")
            % {"least": limits.least_number, "most": limits.most_number}
        )
    return int(text)


def _flag(raw: str, limits: Limits) -> bool:
    if raw not in ("ja", "nee"):
        raise Wrong(_("Kies ja of nee."))
    return raw == "ja"


def _choice(raw: str, limits: Limits) -> str | None:
    if not raw:
        return None
    if raw not in (limits.options or {}):
        raise Wrong(_("Dit is geen van de keuzes."))
    return raw


def _colour(raw: str, limits: Limits) -> str | None:
    text = raw.strip().casefold()
    if not text:
        return None
    if not _COLOUR.fullmatch(text):
        raise Wrong(_("Dit is geen kleur. Schrijf een kleur als #14634b."))
    return text


def _rows(raw: str) -> list[str]:
    rows = [row.strip() for row in clean(raw).splitlines() if row.strip()]
    if len(rows) > MOST_ROWS:
        raise Wrong(_("Dit zijn te veel regels. Het mogen er %(most)s zijn.") % {"most": MOST_ROWS})
    return rows


def _hosts(raw: str, limits: Limits) -> list[str]:
    hosts = [row.casefold().rstrip("/") for row in _rows(raw)]
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise Wrong(
                _(
                    "“%(host)s” is geen adres van een site. Schrijf bijvoorbeeld https://www.meer.nl."
                )
                % {"host": host[:60]}
            )
    return sorted(set(hosts))


def _dates(raw: str, limits: Limits) -> list[str]:
    return sorted({_date(row).isoformat() for row in _rows(raw)})


def _date(text: str) -> date:
    for form in _DATES:
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
        if 2000 <= found.year <= 2100:
            return found
    raise Wrong(
        _("“%(text)s” is geen datum. Schrijf een datum als 24-12-2026.") % {"text": text[:40]}
    )


def _show_dates(value: list[str]) -> str:
    return "\n".join(f"{date.fromisoformat(day):%d-%m-%Y}" for day in value)


def _week(raw: str, limits: Limits) -> list[list[str]]:
    """Read one line for each day: "maandag 9.00-12.00", a day twice for a pause at noon."""
    found = [_opening(row) for row in _rows(raw)]
    found.sort(key=lambda one: (DAYS.index(one[0]), one[1]))
    for (day, _starts, ends), (next_day, starts, _ends) in pairwise(found):
        if day == next_day and starts < ends:
            raise Wrong(_("Op %(day)s lopen de tijden door elkaar.") % {"day": day})
    return found


def _opening(row: str) -> list[str]:
    day, _space, times = row.partition(" ")
    parts = [part.strip() for part in re.split("[-–]|tot", times)]
    matches = [_TIME.fullmatch(part) for part in parts]
    if day.casefold() not in DAYS or len(matches) != 2 or not all(matches):
        raise Wrong(
            _("“%(row)s” is niet te lezen. Schrijf op elke regel een dag met tijden: %(example)s.")
            % {"row": row[:60], "example": "maandag 9.00-17.00"}
        )
    starts, ends = (f"{int(m[1]):02}:{m[2]}" for m in matches if m)
    if ends <= starts:
        raise Wrong(
            _("“%(row)s”: de eindtijd ligt niet na de begintijd. Over middernacht kan niet.")
            % {"row": row[:60]}
        )
    return [day.casefold(), starts, ends]


def _show_week(value: list[list[str]]) -> str:
    return "\n".join(f"{day} {clock(starts)}-{clock(ends)}" for day, starts, ends in value)


def clock(text: str) -> str:
    """Return a time as Dutch people write it: "09:00" -> "9.00"."""
    hour, minute = text.split(":")
    return f"{int(hour)}.{minute}"


KINDS: Mapping[str, Kind] = {
    "line": Kind(_line),
    "text": Kind(_text, rows="3"),
    "mail_subject": Kind(lambda raw, limits: _way(_line(raw, limits), limits)),
    "mail_body": Kind(lambda raw, limits: _way(_text(raw, limits), limits), rows="16"),
    "phone": Kind(_phone, widget="tel"),
    "mail": Kind(_mail, widget="email"),
    "url": Kind(_url, widget="url"),
    "number": Kind(_number),
    "flag": Kind(_flag, _yes_or_no, widget="flag"),
    "choice": Kind(_choice, widget="choice"),
    "colour": Kind(_colour),
    "hosts": Kind(_hosts, "\n".join, rows="3"),
    "dates": Kind(_dates, _show_dates, rows="4"),
    "week": Kind(_week, _show_week, rows="6"),
}


def read(kind: str, raw: str, limits: Limits) -> Any:
    """Return the value that a field's text says. Raises Wrong."""
    if len(raw) > LONGEST:
        raise Wrong(_("Dit is veel te lang: %(count)s tekens.") % {"count": len(raw)})
    return KINDS[kind].read(raw.replace("\r\n", "\n"), limits)


def show(kind: str, value: Any) -> str:
    """Return a value as it stands in a field; "" for none. Raises Wrong for a strange value.

    A strange value can only come from a file: a number where words belong, half a list.
    """
    if value is None:
        return ""
    try:
        return KINDS[kind].show(value)
    except (TypeError, ValueError, AttributeError):
        raise Wrong(_("Deze waarde past niet bij de instelling.")) from None
