"""Mails about a handover: that something waits, never what it is about or whom."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from omzien.areas.models import Municipality
from omzien.areas.queries import address_of, language_of
from omzien.handovers.models import Handover
from omzien.messages.actions import tell
from omzien.people.models import Membership, Team
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
    for recipient in _mailboxes(team):
        _tell(handover, recipient, what, TO_TEAM[what], reverse("today"))


def tell_coordinators(handover: Handover, what: str) -> None:
    """Tell who coordinates the team that owns the question."""
    live = Membership.objects.live(on=timezone.localdate()).filter(
        team=handover.from_team, role=Role.COORDINATOR
    )
    for recipient in set(live.exclude(person__email="").values_list("person__email", flat=True)):
        _tell(handover, recipient, what, TO_TEAM[what], reverse("today"))


def tell_resident(handover: Handover, what: str) -> None:
    """Tell the resident, where there is a mail address; others are called."""
    person = handover.question.person
    if person and person.email:
        _tell(handover, person.email, what, TO_RESIDENT[what], reverse("today"))


def _mailboxes(team: Team) -> list[str]:
    if team.email:
        return [team.email]
    live = Membership.objects.live(on=timezone.localdate()).filter(team=team)
    live = live.exclude(person__email="").exclude(person__account__is_active=False)
    return sorted(set(live.values_list("person__email", flat=True)))


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
