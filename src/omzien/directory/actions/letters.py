"""What the mails about an entry say. Plain text, in plain words, nothing beyond the entry."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from omzien.areas.models import Municipality
from omzien.areas.queries import address_of
from omzien.directory.actions.links import CHANGE, CONFIRM, link_to
from omzien.directory.models import Edit, Report, Service
from omzien.directory.queries.sayings import shown_of
from omzien.directory.rules import leaves_on, sinks_on

LAST_STEP = 2

P = ParamSpec("P")
R = TypeVar("R")


def in_our_language(write: Callable[P, R]) -> Callable[P, R]:
    """Let a function write its mails in the language of the site, whatever the page is in.

    A visitor who reads the site in English may cause a mail to an owner or an editor. (Django's
    `override` as a decorator would share the language to go back to between threads.)
    """

    @wraps(write)
    def written(*args: P.args, **kwargs: P.kwargs) -> R:
        with override(settings.LANGUAGE_CODE):
            return write(*args, **kwargs)

    return written


@dataclass(frozen=True)
class Letter:
    """A mail before it has a recipient."""

    subject: str
    body: str


@in_our_language
def reminder(service: Service, *, what: str, step: int, due: date, on: date) -> Letter:
    """Ask the owner whether an entry is still right; the last time, say what will happen."""
    asked = {
        "contacts": _("Kijk vooral naar telefoon, mail, website en adres."),
        "all": _("Kijk alles even na."),
    }
    parts = [
        _("Dit aanbod van %(provider)s staat op Omzien: %(title)s")
        % {"provider": service.provider.name, "title": service.title},
        _("Klopt het nog?") + " " + asked[what],
    ]
    if step:
        parts.append(_("Dit had op %(day)s gebeurd moeten zijn.") % {"day": _day(due)})
    if step == LAST_STEP:
        parts.append(
            _(
                "Dit is de laatste herinnering. Vanaf %(sinks)s staat je aanbod lager in de lijst. "
                "Horen we niets? Dan gaat het op %(leaves)s van de site. Je krijgt dan nog bericht."
            )
            % {"sinks": _day(sinks_on(due)), "leaves": _day(leaves_on(due, warned_on=on))}
        )
    parts += [_links(service), _all_of(service)]
    titles = (
        _("Klopt dit nog? %(title)s"),
        _("Nog een keer: klopt dit nog? %(title)s"),
        _("Laatste herinnering: klopt dit nog? %(title)s"),
    )
    return Letter(titles[step] % {"title": service.title}, _letter(service, parts))


@in_our_language
def left(service: Service) -> Letter:
    """Tell the owner that an entry is off the site, and how it comes back."""
    parts = [
        _("Je aanbod staat niet meer op Omzien: %(title)s") % {"title": service.title},
        _("We hebben gevraagd of het nog klopt, en kregen geen antwoord."),
        _("Er is niets weg. Klik op een van de links, dan staat het weer op de site."),
        _links(service),
        _all_of(service),
    ]
    return Letter(
        _("Niet meer op de site: %(title)s") % {"title": service.title}, _letter(service, parts)
    )


@in_our_language
def new_link(service: Service, purpose: str) -> Letter:
    """Send the owner the link that was asked for."""
    parts = [
        _("Er is een nieuwe link gevraagd voor: %(title)s") % {"title": service.title},
        link_to(service, purpose),
        _("De link werkt 60 dagen. Heb je niets gevraagd? Dan hoef je niets te doen."),
    ]
    return Letter(
        _("Je nieuwe link voor %(title)s") % {"title": service.title}, _letter(service, parts)
    )


@in_our_language
def reported(report: Report, about: str) -> Letter:
    """Tell the owner that a visitor says that something is wrong; the words stay on the page."""
    service = report.service
    parts = [
        _("Een bezoeker zegt dat dit aanbod niet klopt: %(title)s") % {"title": service.title},
        _("Het gaat over: %(about)s.") % {"about": about},
        _("Kijk je het na, uiterlijk %(day)s? Wat de bezoeker schreef, lees je bij de links.")
        % {"day": _day(report.due_on)},
        _links(service),
    ]
    return Letter(
        _("Klopt dit niet? %(title)s") % {"title": service.title}, _letter(service, parts)
    )


@in_our_language
def settled(report: Report) -> Letter:
    """Tell the owner what the editors did with what a visitor said."""
    outcomes = {
        Report.Outcome.CHANGED: _("De redactie heeft je aanbod aangepast."),
        Report.Outcome.CORRECT: _("De redactie vindt dat het toch klopt. Er is niets veranderd."),
        Report.Outcome.REMOVED: _("De redactie heeft je aanbod van de site gehaald."),
        Report.Outcome.PASSED_ON: _("De redactie heeft het doorgegeven aan wie erover gaat."),
    }
    service = report.service
    parts = [
        _("Een bezoeker zei dat dit aanbod niet klopte: %(title)s") % {"title": service.title},
        outcomes[Report.Outcome(report.outcome)],
        _("Ben je het er niet mee eens? Antwoord dan op deze mail."),
    ]
    return Letter(
        _("Melding afgehandeld: %(title)s") % {"title": service.title}, _letter(service, parts)
    )


@in_our_language
def decided(edit: Edit) -> Letter:
    """Tell the owner whether a change was approved."""
    title = edit.service.title
    if edit.state == Edit.State.APPROVED:
        parts = [
            _("Je wijziging staat op de site: %(title)s") % {"title": title},
            entry_address(edit.service),
        ]
        subject = _("Je wijziging staat op de site: %(title)s") % {"title": title}
    else:
        parts = [
            _("De redactie heeft je wijziging niet overgenomen: %(title)s") % {"title": title},
            _("De reden: %(reason)s") % {"reason": edit.reason},
            _("Wat er stond, staat er nog. Je kunt een nieuwe wijziging sturen:"),
            link_to(edit.service, CHANGE),
        ]
        subject = _("Je wijziging is niet overgenomen: %(title)s") % {"title": title}
    return Letter(subject, _letter(edit.service, parts))


@in_our_language
def for_editors(municipality: Municipality, *, subject: str, lines: list[str]) -> Letter:
    """Tell the editors something, with the way to their page."""
    page = address_of(municipality) + reverse("editors")
    parts = [*lines, _("Naar de redactie: %(page)s") % {"page": page}]
    return Letter(subject, "\n\n".join(parts) + "\n")


def entry_address(service: Service) -> str:
    """Return the public address of an entry."""
    assert service.municipality is not None
    return address_of(service.municipality) + reverse("entry", args=[service.slug])


def _links(service: Service) -> str:
    return "\n".join(
        [
            _("Alles klopt nog:"),
            link_to(service, CONFIRM),
            "",
            _("Ik wil iets veranderen:"),
            link_to(service, CHANGE),
            "",
            _("Je hebt geen account nodig. De links werken 60 dagen en alleen voor dit aanbod."),
        ]
    )


def _all_of(service: Service) -> str:
    lines = [f"- {one.label}: {one.text}" for one in shown_of(service)]
    return "\n".join([_("Dit staat er nu:"), *lines])


def _letter(service: Service, parts: list[str]) -> str:
    name = service.municipality.name if service.municipality else ""
    closing = _("Groet,") + "\n" + _("de redactie van Omzien %(name)s") % {"name": name}
    return "\n\n".join([_("Hallo,"), *parts, closing]) + "\n"


def _day(day: date) -> str:
    return date_format(day, "j F Y")
