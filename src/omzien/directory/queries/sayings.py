"""How an entry reads in words, on a page and in a mail: its times and all that is shown of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omzien.directory.models import Service
from omzien.directory.queries.cards import Slot, slot

DAYS = {
    "MO": gettext_lazy("maandag"),
    "TU": gettext_lazy("dinsdag"),
    "WE": gettext_lazy("woensdag"),
    "TH": gettext_lazy("donderdag"),
    "FR": gettext_lazy("vrijdag"),
    "SA": gettext_lazy("zaterdag"),
    "SU": gettext_lazy("zondag"),
}
WORKDAYS = ["MO", "TU", "WE", "TH", "FR"]


def slot_text(slot: Slot) -> str:
    """Return a recurring time as a sentence: "elke woensdag, 10.00 tot 12.00 uur"."""
    recurrence = slot.recurrence
    hours = _("%(from)s tot %(to)s uur") % {
        "from": time_format(recurrence.starts, _("H.i")),
        "to": time_format(recurrence.ends, _("H.i")),
    }
    parts = dict(p.split("=", 1) for p in recurrence.rule.split(";") if "=" in p)
    days = [d for d in parts.get("BYDAY", "").split(",") if d]
    if not parts:
        when = date_format(recurrence.first_on, "j F Y")
    elif parts.get("FREQ") == "MONTHLY" and days:
        when = _("elke eerste %(day)s van de maand") % {"day": _day_names(days)}
        if days[0][:1] != "1":
            when = _("elke maand op %(day)s") % {"day": _day_names(days)}
    elif parts.get("INTERVAL") == "2":
        when = _("om de week op %(day)s") % {"day": _day_names(days)}
    elif len(days) == 7 or parts.get("FREQ") == "DAILY":
        if recurrence.is_day_and_night:
            return _("dag en nacht")
        when = _("elke dag")
    else:
        when = _day_names(days)
    if recurrence.is_day_and_night:
        return _("%(when)s, dag en nacht") % {"when": when}
    return f"{when}, {hours}"


def _day_names(days: list[str]) -> str:
    plain = [d[-2:] for d in days]
    if plain == WORKDAYS:
        return _("maandag tot en met vrijdag")
    names = [str(DAYS[d]) for d in plain if d in DAYS]
    if len(names) <= 1:
        return "".join(names)
    return _("%(days)s en %(last)s") % {"days": ", ".join(names[:-1]), "last": names[-1]}


@dataclass(frozen=True)
class Shown:
    """One thing that the page of an entry shows, in words."""

    label: str
    text: str
    is_written: bool = False
    """Whether the text is the entry's own, in the language of whoever keeps it."""


def shown_of(service: Service) -> list[Shown]:
    """Return all that is shown of an entry whose details were fetched, in reading order."""
    return [
        _written(_("Naam"), service.title),
        _written(_("Van"), service.provider.name),
        _written(_("Wat is het"), service.description),
        *_contacts(service),
        *_places(service),
        *(Shown(_("Wanneer"), _slot_and_note(slot(s))) for s in service.schedules.all()),
        _written(_("Kosten"), service.cost),
        *_for_whom(service),
        _written(_("Wachttijd"), service.waiting),
    ]


def _written(label: str, text: str) -> Shown:
    return Shown(label, text or _("niet ingevuld"), is_written=bool(text))


def _contacts(service: Service) -> Iterator[Shown]:
    numbers = [f"{p.number} ({p.note})" if p.note else p.number for p in service.phones.all()]
    yield Shown(_("Bellen"), ", ".join(numbers) or _("niet ingevuld"))
    yield Shown(_("Mailen"), service.email or _("niet ingevuld"))
    yield Shown(_("Website"), service.website or _("niet ingevuld"))


def _places(service: Service) -> Iterator[Shown]:
    for place in service.places.all():
        if place.is_hidden:
            yield Shown(_("Adres"), _("geheim, staat niet op de site"))
        else:
            where = (place.name, place.street, f"{place.postcode} {place.town}".strip())
            yield _written(_("Adres"), ", ".join(part for part in where if part))


def _for_whom(service: Service) -> Iterator[Shown]:
    if service.audience:
        yield _written(_("Voor wie"), ", ".join(service.audience))
    if service.age_min is not None:
        yield Shown(_("Vanaf"), _("%(age)s jaar") % {"age": service.age_min})
    if service.age_max is not None:
        yield Shown(_("Tot en met"), _("%(age)s jaar") % {"age": service.age_max})
    yield _written(_("Voorwaarden"), service.eligibility)
    yield Shown(_("Verwijzing"), _("nodig") if service.needs_referral else _("niet nodig"))


def _slot_and_note(one: Slot) -> str:
    return f"{slot_text(one)} ({one.note})" if one.note else slot_text(one)
