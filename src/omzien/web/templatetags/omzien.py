"""How the domain reads on a page: times, distances, freshness, rungs."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from html import escape
from itertools import groupby
from operator import itemgetter
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from omzien.areas.models import Municipality
from omzien.areas.queries import is_on
from omzien.choices.kinds import clock
from omzien.choices.queries import theme_colour, theme_version, topic_label
from omzien.directory.actions.reports import WRONG
from omzien.directory.importing.checks import FACTS
from omzien.directory.queries.cards import Card
from omzien.directory.queries.indexes import drop_when_changed
from omzien.directory.queries.sayings import slot_text
from omzien.directory.rules import FEWEST_SHOWN, Freshness, Terms
from omzien.directory.search.answer import Hit
from omzien.directory.terms import terms_of
from omzien.kernel.recurrence import Occurrence
from omzien.kernel.text import dial
from omzien.people.queries.connectors import Connector
from omzien.questions.models import Question
from omzien.questions.rules.terms import STANDARD as HELP
from omzien.questions.rules.terms import Terms as HelpTerms
from omzien.questions.terms import terms_of as help_terms_of
from omzien.web import plan_words
from omzien.web import said as speaking
from omzien.web.filters import RUNGS, filter_groups
from omzien.web.questions.tabs import tabs_of
from omzien.web.values import value_text

DUTCH = "nl"
PER_RUNG = 3

register = template.Library()
register.filter(slot_text)


@register.simple_tag(takes_context=True)
def question_tabs(context: dict[str, Any], question: Question) -> list[tuple[str, Any]]:
    """Return the pages of a question that the reader may open: (address, name)."""
    return tabs_of(question, context["request"].actor)


@register.simple_tag(takes_context=True)
def said(context: dict[str, Any], to: str, of: str, **values: object) -> str:
    """Return a sentence to the resident of a question, or of them to who speaks for them."""
    request, question = context.get("request"), context.get("question")
    whom = speaking.whom_of(question, request.actor) if request and question else ""
    return speaking.said(whom, "" if whom else _(to), _(of) if whom else "", **values)


@register.filter
def over(key: object, kind: str) -> str:
    """Return how an address names one decision (web/aftercare/decisions.py)."""
    return f"{kind}-{key}"


@register.filter
def occurrence_text(occurrence: Occurrence) -> str:
    """Return one time: "woensdag 2 december, 10.00 uur", with vandaag and morgen."""
    starts = timezone.localtime(occurrence.starts_at)
    days = (starts.date() - timezone.localdate()).days
    day = date_format(starts, "l j F")
    if days == 0:
        day = _("vandaag")
    elif days == 1:
        day = _("morgen")
    if occurrence.is_day_and_night:
        return _("%(when)s, dag en nacht") % {"when": day}
    return _("%(day)s om %(time)s uur") % {"day": day, "time": time_format(starts.time(), _("H.i"))}


@register.filter
def clock_text(moment: datetime) -> str:
    """Return a time of the day: "10.00 uur"."""
    shown = time_format(timezone.localtime(moment).time(), _("H.i"))
    return _("%(time)s uur") % {"time": shown}


@register.simple_tag
def in_dutch() -> str:
    """Return the attribute that says that what follows is Dutch, where the page is not.

    What an entry says is never translated, so a screen reader must know how to read it aloud.
    """
    if (get_language() or DUTCH).startswith(DUTCH):
        return ""
    return mark_safe(f' lang="{DUTCH}"')  # noqa: S308  # nosec B308 B703 # its parts were escaped


@register.simple_tag
def today() -> date:
    """Return the day that it is here, for what a page keeps until it is over."""
    return timezone.localdate()


@register.filter
def in_one_line(text: str) -> str:
    """Return the lines of a text as one, with a mark between them."""
    return "; ".join(line for line in text.splitlines() if line.strip())


@register.filter
def km_text(km: float | None) -> str:
    """Return a distance in words; "" when it is not known."""
    if km is None:
        return ""
    if km < 1:
        return _("dichtbij")
    return _("ongeveer %(km)s km") % {"km": round(km)}


@register.filter
def checked_text(day: date | None) -> str:
    """Return when an entry was last checked."""
    if day is None:
        return _("nog niet gecontroleerd")
    return date_format(day, "j F Y")


@register.filter
def is_stale(value: Freshness) -> bool:
    """Tell whether an entry must carry a mark."""
    return value in (Freshness.STALE, Freshness.SUNK, Freshness.LEFT)


FIELDS = {
    "title": gettext_lazy("Naam"),
    "description": gettext_lazy("Wat is het?"),
    "cost": gettext_lazy("Kosten"),
    "eligibility": gettext_lazy("Voorwaarden"),
    "waiting": gettext_lazy("Wachttijd"),
    "phones": gettext_lazy("Telefoon"),
    "email": gettext_lazy("Mailadres voor bezoekers"),
    "website": gettext_lazy("Website"),
    "remark": gettext_lazy("Klopt er nog iets anders niet?"),
    "stopped": gettext_lazy("Gestopt"),
    "provider": gettext_lazy("Aanbieder"),
    "topics": gettext_lazy("Onderwerpen"),
    "rung": gettext_lazy("Trede"),
    "schedules": gettext_lazy("Dagen en tijden"),
    "places": gettext_lazy("Adres"),
    "owner_email": gettext_lazy("Mailadres van de eigenaar"),
    "source": gettext_lazy("Wat alleen de bron heeft"),
    "village": gettext_lazy("Dorp of kern"),
}


@register.filter
def field_label(name: str) -> str:
    """Return how a field of an entry is called on a page."""
    if name in FIELDS:
        return str(FIELDS[name])
    return FACTS[name][0].capitalize() if name in FACTS else name


register.filter(value_text)


@register.filter
def wrong_label(about: str) -> str:
    """Return what a report is about, in words."""
    return str(WRONG.get(about, WRONG["other"]))


@register.filter
def mail_state(state: str) -> str:
    """Return how far a mail is, in words."""
    words = {"waiting": _("wacht"), "sent": _("verstuurd"), "failed": _("kwam niet aan")}
    return words.get(state, state)


register.filter(topic_label)


@register.filter
def topic_labels(codes: Iterable[str], municipality: Municipality | None = None) -> SafeString:
    """Return the labels of topics after each other, each of them strong."""
    labels = ((topic_label(code, municipality),) for code in codes)
    return format_html_join(", ", "<strong>{}</strong>", labels)


@register.filter
def uses(municipality: Municipality | None, feature: str) -> bool:
    """Tell whether a part of the site is on."""
    return is_on(municipality, feature)


@register.filter
def mediates(municipality: Municipality | None) -> bool:
    """Tell whether a municipality says that it has neighbour mediation."""
    chosen = municipality.settings if municipality else {}
    return bool(chosen.get("mediation_team")) and is_on(municipality, "mediation")


register.filter(theme_version)
register.filter(theme_colour)


@register.simple_tag
def terms(municipality: Municipality | None) -> Terms:
    """Return the terms that a page tells of."""
    return terms_of(municipality.pk if municipality else None)


@register.simple_tag
def help_terms(municipality: Municipality | None) -> HelpTerms:
    """Return the terms of help questions that a page tells of."""
    return help_terms_of(municipality.pk) if municipality else HELP


DAY_NAMES = {
    "maandag": gettext_lazy("maandag"),
    "dinsdag": gettext_lazy("dinsdag"),
    "woensdag": gettext_lazy("woensdag"),
    "donderdag": gettext_lazy("donderdag"),
    "vrijdag": gettext_lazy("vrijdag"),
    "zaterdag": gettext_lazy("zaterdag"),
    "zondag": gettext_lazy("zondag"),
}


@register.filter
def hours_text(municipality: Municipality) -> list[str]:
    """Return when the desk of a municipality is open, a line for each day."""
    lines = []
    for day, found in groupby(municipality.settings.get("desk_hours", []), key=itemgetter(0)):
        spans = [f"{clock(starts)}–{clock(ends)}" for _day, starts, ends in found]
        lines.append(f"{DAY_NAMES[day]} {', '.join(spans)}")
    return lines


@register.filter
def rung_label(rung: str) -> str:
    """Return how a rung is called on a page."""
    return str(RUNGS[rung])


register.filter(filter_groups)


@register.filter
def hidden(pairs: Iterable[tuple[str, str]]) -> SafeString:
    """Return names and values as a form carries them along unseen."""
    return SafeString(  # nosec B703 # its parts were escaped
        "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, value in pairs
        )
    )


def why_text(hit: Hit, labels: Mapping[str, str], language: str | None) -> str:
    """Return why an entry stands in the answer: its topics by their labels, the asker's words, the
    distance.
    """
    parts = []
    if hit.topics:
        parts.append(_fits(language) % ", ".join([labels[topic] for topic in hit.topics]))
    if hit.words:
        parts.append(_your_words(language) % ", ".join(hit.words))
    if hit.km is not None:
        parts.append(_distance(round(hit.km) if hit.km >= 1 else 0.0, language))
    return " ".join(parts)


@lru_cache(maxsize=10)
def _fits(_language: str | None) -> str:
    return _("Past bij: %s.")


@lru_cache(maxsize=10)
def _your_words(_language: str | None) -> str:
    return _("Je woorden: %s.")


@lru_cache(maxsize=1_000)
def _distance(km: float, _language: str | None) -> str:
    return _("Afstand: %s.") % km_text(km)


@register.filter
def local(moment: datetime) -> datetime:
    """Return a moment in Dutch time."""
    return timezone.localtime(moment)


register.filter("dial", dial)


@register.filter
def who_listens(people: Iterable[Connector]) -> SafeString:
    """Return who listens in a village, each with how to reach them."""
    lines = []
    for one in people:
        address, shown = (
            (f"tel:{dial(one.phone)}", one.phone)
            if one.phone
            else (f"mailto:{one.email}", one.email)
        )
        link = f'<a href="{escape(address)}">{escape(shown)}</a>'
        lines.append(
            f"<p><strong>{escape(one.name)}</strong>, {escape(one.organisation)}: {link}</p>"
        )
    return SafeString("".join(lines))  # nosec B703 # its parts were escaped


def card_html(card: Card, why: str, language: str | None, today: date) -> SafeString:
    """Return a card of the answer, with why it stands there.

    Twenty cards are most of the work of an answer, and all but the why is the same in every
    answer; so a process keeps what it wrote (templates/cards/card.html).
    """
    above, below = _around_why(card, language, today)
    reason = f'<p class="why small">{escape(why)}</p>' if why else ""
    return SafeString(f"{above}{reason}{below}")  # nosec B703 # its parts were escaped


@lru_cache(maxsize=5_000)
def _around_why(card: Card, _language: str | None, _today: date) -> tuple[SafeString, SafeString]:
    text = render_to_string("cards/card.html", {"card": card, "why": SafeString("<!-- why -->")})
    above, below = text.split("<!-- why -->")
    return SafeString(above), SafeString(below)  # nosec B703 # its parts were escaped


drop_when_changed(_around_why.cache_clear)


def rung_html(number: int, rung: str, found: list[SafeString], language: str | None) -> SafeString:
    """Return one rung of the answer: the cards of the best few options, and the rest folded."""
    best, more = found[:PER_RUNG], found[PER_RUNG:]
    above, between, below = _around_cards(number, rung, len(more), language)
    return SafeString("".join((above, *best, between, *more, below)))  # nosec B703 # its parts were escaped


@lru_cache(maxsize=1_000)
def _around_cards(
    number: int, rung: str, folded: int, _language: str | None
) -> tuple[str, str, str]:
    best, more = SafeString("<!-- best -->"), SafeString("<!-- more -->")
    said = {"number": number, "rung": rung, "n": folded, "best": best, "more": more}
    above, _best, rest = render_to_string("cards/rung.html", said).partition(best)
    between, _more, below = rest.partition(more)
    return above, between, below


@register.filter
def count_text(count: int | None) -> str:
    """Return a count, or that it is too small to tell."""
    return _("minder dan %(count)d") % {"count": FEWEST_SHOWN} if count is None else str(count)


@register.filter
def question_village(name: str) -> str:
    """Return from where was asked, in words."""
    return name or _("geen dorp gekozen")


@register.filter
def question_topic(code: str, municipality: Municipality | None = None) -> str:
    """Return what was asked about, in words."""
    return topic_label(code, municipality) if code else _("geen onderwerp herkend")


ALIKE = {
    "titel lijkt": gettext_lazy("de naam lijkt erop"),
    "zelfde titel": gettext_lazy("dezelfde naam"),
    "zelfde aanbieder": gettext_lazy("dezelfde aanbieder"),
    "zelfde telefoon": gettext_lazy("hetzelfde telefoonnummer"),
    "zelfde e-mail": gettext_lazy("hetzelfde mailadres"),
    "zelfde website": gettext_lazy("dezelfde website"),
    "zelfde adres": gettext_lazy("hetzelfde adres"),
}


@register.filter
def alike_text(why: list[str]) -> str:
    """Return why two entries may be the same, in words."""
    return ", ".join(str(ALIKE.get(one, one)) for one in why)


@register.filter
def named(code: str, table: str) -> str:
    """Return how a code of a plan is called: the table is one of web/plan_words.py."""
    return str(getattr(plan_words, table)[code])
