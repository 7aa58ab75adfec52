"""Mails about a handover: that something waits, never what it is about or whom."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from omzien.areas.models import Municipality
from omzien.areas.queries import address_of, language_of
from omzien.handovers.models import Handover
from omzien.messages.actions import tell
from omzien.messages.models import Message
from omzien.people.models import Membership, Team
from omzien.people.queries.grounds import covers
from omzien.people.queries.mailboxes import of_team
from omzien.people.rules.grounds import Category
from omzien.people.rules.roles import Role

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
}
TO_RECEIVER = frozenset({"offered", "reminded", "contact-reminded"})
TO_RESIDENT = {
    "handed-over": (
        _("Iemand anders helpt je nu verder"),
        _("Een ander team helpt je nu. In Omzien zie je wie, en wat er met hen is gedeeld."),
    ),
    "withdrawn": (
        _("Er verandert iets aan je vraag"),
        _("Je vraag gaat niet naar een ander team. In Omzien zie je wie je nu helpt."),
    ),
}


def tell_team(handover: Handover, team: Team, what: str) -> None:
    """Tell a team once: by its own mailbox, or else each person that works there now."""
    for recipient in of_team(team, on=timezone.localdate()):
        _tell(handover, recipient, what, TO_TEAM[what], reverse("today"))


def tell_coordinators(handover: Handover, what: str) -> None:
    """Tell who coordinates the team that owns the question."""
    for recipient in sorted(_coordinators(handover)):
        _tell(handover, recipient, what, TO_TEAM[what], reverse("today"))


def tell_resident(handover: Handover, what: str) -> None:
    """Tell the resident, where there is a mail address; others are called."""
    person = handover.question.person
    if person and person.email:
        _tell(handover, person.email, what, TO_RESIDENT[what], reverse("today"))


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
    what, today = parts[2], timezone.localdate()
    if what not in TO_TEAM and what not in TO_RESIDENT:
        return True
    receivers = set(of_team(row.to_team, on=today))
    if what in TO_RECEIVER:
        return message.recipient in receivers and row.is_open and _is_covered(row)
    others = set(of_team(row.from_team, on=today)) | _coordinators(row)
    if what in TO_RESIDENT and row.question.person:
        others.add(row.question.person.email.casefold())
    if what == "withdrawn":
        others |= receivers
    return message.recipient in others


def _is_covered(handover: Handover) -> bool:
    team, person = handover.to_team, handover.question.person_id
    return person is not None and covers(
        person=person,
        category=Category.CONTACT,
        purpose="handover",
        at=timezone.now(),
        team=team.pk,
        organisation=team.organisation_id,
    )


def _coordinators(handover: Handover) -> set[str]:
    live = Membership.objects.live(on=timezone.localdate()).filter(
        team=handover.from_team, role=Role.COORDINATOR
    )
    found = live.exclude(person__email="").values_list("person__email", flat=True)
    return {one.casefold() for one in found}


def _tell(
    handover: Handover, recipient: str, what: str, text: tuple[object, object], path: str
) -> None:
    municipality = Municipality.objects.get(pk=handover.municipality_id)
    with override(language_of(municipality)):
        subject, line = (str(one) for one in text)
        look = _("Kijk in Omzien: %(link)s") % {"link": address_of(municipality) + path}
        bye = _("Groet,\nOmzien %(name)s") % {"name": municipality.name}
        body = "\n\n".join([str(_("Hallo,")), line, look, bye])
    tell(
        municipality=municipality,
        key=f"handover:{handover.pk}:{what}",
        recipient=recipient,
        subject=subject,
        body=body,
    )
