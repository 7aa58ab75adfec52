"""Mails about a handover: that something waits, never what it is about or whom."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omzien.areas.models import Municipality
from omzien.handovers.actions.linking import link_of, needs_link, token_for
from omzien.handovers.actions.writing import is_covered
from omzien.handovers.models import Handover
from omzien.messages.letters import tell_shortly
from omzien.messages.models import Message
from omzien.people.models import Team
from omzien.people.queries.mailboxes import of_coordinators, of_team
from omzien.questions.actions.telling import mailboxes

# Of these a receiver without accounts gets the link: each asks it to do something.
WITH_LINK = ("offered", "reminded", "contact-reminded", "report-due")
TO_TEAM = {
    "offered": (
        _("Er is een vraag aangeboden aan je team"),
        _("Een ander team vraagt of je team verder kan helpen. Zeg ja of nee in Omzien."),
    ),
    "reminded": (
        _("Een aangeboden vraag wacht op antwoord"),
        _("Er wacht nog een aangeboden vraag. Zonder antwoord gaat die terug."),
    ),
    "contact-reminded": (
        _("Een inwoner wacht op een eerste gesprek"),
        _("Je team nam een vraag aan. Het eerste gesprek is nog niet vastgelegd."),
    ),
    "accepted": (
        _("Een overdracht is aangenomen"),
        _("Na het eerste gesprek wordt de vraag van hen. Tot dan blijft die van je team."),
    ),
    "declined": (
        _("Een overdracht is afgewezen"),
        _("De vraag blijft van je team. In Omzien staat waarom, en wat nu kan."),
    ),
    "expired": (
        _("Een overdracht kreeg geen antwoord"),
        _("De vraag blijft van je team. Kies in Omzien een volgende stap."),
    ),
    "contact-expired": (
        _("Er kwam geen eerste gesprek"),
        _("De overdracht is gestopt. De vraag is van je team. Kies in Omzien een volgende stap."),
    ),
    "returned": (
        _("Een vraag komt terug"),
        _("De ontvanger geeft de vraag terug. In Omzien staat waarom."),
    ),
    "withdrawn": (
        _("Een overdracht is ingetrokken"),
        _("Er gaat geen vraag over. Staat er niets op je lijst? Dan hoef je niets te doen."),
    ),
    "handed-over": (
        _("Een vraag is overgedragen"),
        _("Het eerste gesprek is geweest. De vraag is nu van het andere team."),
    ),
    "reported-back": (
        _("Een overgedragen vraag heeft een uitkomst"),
        _("Je team droeg een vraag over. In Omzien staat hoe het afliep, zonder inhoud."),
    ),
    "meeting-planned": (
        _("Er is een kennismaking gepland"),
        _("Drie mensen spreken elkaar. Wanneer en waar staat in Omzien, ook voor je agenda."),
    ),
    "meeting-cancelled": (
        _("Een kennismaking gaat niet door"),
        _("Het geplande gesprek is afgezegd. Spreek een nieuw moment af."),
    ),
    "report-due": (
        _("Hoe is het afgelopen?"),
        _("Een tijd geleden kreeg je team een vraag. Zeg met één klik hoe het afliep."),
    ),
    "disputed": (
        _("Een inwoner zegt: dit gesprek was er niet"),
        _("Een eerste gesprek is vastgelegd, maar de inwoner kent het niet. Kijk wat er klopt."),
    ),
    "consent-given": (
        _("De inwoner zegt ja"),
        _("Je vroeg of er gedeeld mag worden. Dat mag. De overdracht staat voor je klaar."),
    ),
    "consent-refused": (
        _("De inwoner zegt nee"),
        _("Je vroeg of er gedeeld mag worden. Dat mag niet. Kies samen een andere stap."),
    ),
    "along-asked": (
        _("Wil je team meedoen?"),
        _("Een ander team vraagt of je team een deel wil doen. Zeg ja of nee in Omzien."),
    ),
    "along-answered": (
        _("Er is antwoord op de vraag om mee te doen"),
        _("In Omzien staat of het andere team meedoet."),
    ),
    "along-ended": (
        _("Het meedoen is klaar"),
        _("Aan deze vraag hoeft je team niets meer te doen."),
    ),
    "advice-asked": (
        _("Een ander team vraagt je raad"),
        _("Er wacht een vraag om raad, zonder naam erbij. Antwoord in Omzien."),
    ),
    "advice-given": (
        _("Er is antwoord op je vraag om raad"),
        _("In Omzien staat wat het andere team zegt."),
    ),
}
TO_RECEIVER = frozenset({"offered", "reminded", "contact-reminded"})
TO_RESIDENT = {
    "consent-asked": (
        _("Mogen we iets over je delen?"),
        _(
            "We willen een ander vragen je te helpen. In Omzien zie je wat die te zien krijgt. "
            "Zeg ja of nee. Niets doen mag ook: dan delen we niets."
        ),
    ),
    "meeting-planned": (
        _("Er is een gesprek met je gepland"),
        _("Wanneer en waar staat in Omzien. Kun je dan niet? Laat het weten."),
    ),
    "meeting-cancelled": (
        _("Een gesprek met je gaat niet door"),
        _("Je hoort wanneer het wel kan."),
    ),
    "handed-over": (
        _("Iemand anders helpt je nu verder"),
        _("Een ander team helpt je nu. In Omzien zie je wie, en wat er met hen is gedeeld."),
    ),
    "withdrawn": (
        _("Er verandert iets aan je vraag"),
        _("Je vraag gaat niet naar een ander team. In Omzien zie je wie je nu helpt."),
    ),
}


def tell_team(handover: Handover, team: Team, what: str, *, mark: str = "") -> None:
    """Tell a team once: by its own mailbox, or else each person that works there now.

    A receiver in which nobody has an account gets the link that opens this one handover.
    """
    path = reverse("handover", args=[handover.pk])
    if team.pk == handover.to_team_id and what in WITH_LINK and needs_link(team):
        path = reverse("handover-link", args=[token_for(link_of(handover))])
    _tell(handover, mailboxes(team), what + mark, TO_TEAM[what], path)


def tell_coordinators(handover: Handover, what: str, *, team: Team | None = None) -> None:
    """Tell who coordinates the team that owns the question, or another one."""
    recipients = _coordinators(team or handover.from_team)
    _tell(handover, recipients, what, TO_TEAM[what], reverse("handover", args=[handover.pk]))


def tell_resident(handover: Handover, what: str, *, mark: str = "") -> None:
    """Tell the resident, where there is a mail address; others are called."""
    person = handover.question.person
    if person and person.email:
        path = reverse("my-sharing", args=[handover.question_id])
        _tell(handover, [person.email], what + mark, TO_RESIDENT[what], path)


def may_still_go(message: Message) -> bool:
    """Tell whether the recipient of a waiting mail may still get it.

    Of an offer the receiver hears only while it is open and a ground covers it; that it ended
    they hear as long as they work there. A mail that this does not know goes.
    """
    parts = message.key.split(":")
    row = (
        Handover.objects.select_related("question__person", "from_team", "to_team")
        .filter(pk=parts[1])
        .first()
    )
    if row is None:
        return False
    what, now = parts[2], timezone.now()
    today = timezone.localdate(now)
    if what not in TO_TEAM and what not in TO_RESIDENT:
        return True
    receivers = set(of_team(row.to_team, on=today))
    if what in TO_RECEIVER:
        return (
            message.recipient in receivers
            and row.is_open
            and is_covered(row.question, row.to_team, now=now)
        )
    others = set(of_team(row.from_team, on=today))
    others |= {one for team in (row.from_team, row.to_team) for one in _coordinators(team)}
    if what in TO_RESIDENT and row.question.person:
        others.add(row.question.person.email.casefold())
    if what == "withdrawn" or not row.is_open or is_covered(row.question, row.to_team, now=now):
        others |= receivers
    return message.recipient in others


def tell_about(
    *, municipality: Municipality, key: str, recipients: Iterable[str], what: str, path: str
) -> None:
    """Tell something of the tables above that belongs to no handover; `key` makes it once."""
    text = TO_TEAM.get(what) or TO_RESIDENT[what]
    tell_shortly(
        municipality=municipality, key=f"{key}:{what}", recipients=recipients, text=text, path=path
    )


def _coordinators(team: Team) -> list[str]:
    return of_coordinators(team, on=timezone.localdate())


def _tell(
    handover: Handover, recipients: Iterable[str], what: str, text: tuple[Any, Any], path: str
) -> None:
    tell_shortly(
        municipality=handover.municipality,
        key=f"handover:{handover.pk}:{what}",
        recipients=recipients,
        text=text,
        path=path,
    )
