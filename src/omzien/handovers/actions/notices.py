"""Mails about a handover: that something waits, never what it is about or whom."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from omzien.handovers.actions.linking import link_of, needs_link, token_for
from omzien.handovers.actions.writing import is_covered
from omzien.handovers.mails import MAILS
from omzien.handovers.models import Handover, Meeting
from omzien.handovers.rules.states import State
from omzien.messages.letters import write_to
from omzien.messages.models import Message
from omzien.messages.rights import named, part
from omzien.people.models import Team
from omzien.people.queries.mailboxes import of_coordinators, of_team
from omzien.questions.actions.telling import coordinators, mailboxes
from omzien.questions.models import Question
from omzien.questions.queries.reached import hears_now, sides

# What the mail with a new link says, by where the handover stands.
NEW_LINK = {State.OFFERED: "reminded", State.ACCEPTED: "contact-reminded"}
TO_RECEIVER = frozenset({"offered", "reminded", "contact-reminded"})


def tell_team(handover: Handover, team: Team, what: str, *, mark: str = "") -> None:
    """Tell a team once: by its own mailbox, or else each person that works there now.

    A receiver in which nobody has an account gets, where a mail asks it to do something, the
    link that opens this one handover.
    """
    code = f"team-{what}"
    path = reverse("handover", args=[handover.pk])
    # Of what ended the link tells how, and opens nothing any more.
    by_link = MAILS[code].is_way_in or not handover.is_open
    if team.pk == handover.to_team_id and by_link and needs_link(team):
        path = reverse("handover-link", args=[token_for(link_of(handover))])
    _tell(handover, mailboxes(team), code, what + mark, path)


def tell_coordinators(handover: Handover, what: str, *, team: Team | None = None) -> None:
    """Tell who coordinates the team that owns the question, or another one; or else that team."""
    recipients = coordinators(team or handover.from_team)
    path = reverse("handover", args=[handover.pk])
    _tell(handover, recipients, f"team-{what}", what, path)


def tell_resident(handover: Handover, what: str, *, mark: str = "") -> None:
    """Tell the resident, where there is a mail address; others are called. And who gets mail for
    them: where to look, or, who may not look, that there is something to tell.
    """
    path = reverse("my-sharing", args=[handover.question_id])
    own, others, told = sides(handover.question)
    _tell(handover, own, f"resident-{what}", what + mark, path)
    _tell(handover, others, "proxy-changed", what + mark, path)
    _tell(handover, told, "proxy-told", what + mark, path)


def tell_meeting(meeting: Meeting, handover: Handover, what: str) -> None:
    """Tell the three of a planned talk about it."""
    mark = f":{meeting.pk}"
    for team in (handover.from_team, handover.to_team):
        tell_team(handover, team, what, mark=mark)
    tell_resident(handover, what, mark=mark)


def tell_new_link(handover: Handover, *, mark: str) -> None:
    """Send the link anew, with what the receiver has to do now."""
    what = NEW_LINK.get(State(handover.state), "link-again")
    tell_team(handover, handover.to_team, what, mark=mark)


def way_in(question: Question) -> str:
    """Return the path of the link of who owns a question without an account, or ""."""
    taken = _taken_without_accounts(question)
    return reverse("handover-link", args=[token_for(link_of(taken))]) if taken else ""


def tell_reopened(question: Question) -> None:
    """Tell a team without accounts, and who handed the question over to it, that it is open."""
    taken = _taken_without_accounts(question)
    if taken is not None:
        mark = f":{question.version}"
        tell_team(taken, taken.to_team, "reopened", mark=mark)
        tell_team(taken, taken.from_team, "reopened-there", mark=mark)


def _taken_without_accounts(question: Question) -> Handover | None:
    if not needs_link(question.team):
        return None
    rows = Handover.objects.taken().filter(question=question, to_team=question.team_id)
    rows = rows.select_related("municipality", "from_team", "to_team")
    return rows.order_by("-ended_at").first()


def may_still_go(message: Message) -> bool:
    """Tell whether the recipient of a waiting mail may still get it.

    Of an offer the receiver hears only while it is open and a ground covers it; that it ended
    they hear as long as they work there. A mail that this does not know does not go.
    """
    row = named(Handover, message, "question__person", "from_team", "to_team")
    if row is None:
        return False
    what, now = part(message, 2), timezone.now()
    today = timezone.localdate(now)
    of_resident = f"resident-{what}" in MAILS
    if not of_resident and f"team-{what}" not in MAILS:
        return False
    receivers = set(of_team(row.to_team, on=today))
    if what in TO_RECEIVER:
        return (
            message.recipient in receivers
            and row.is_open
            and is_covered(row.question, row.to_team, now=now)
        )
    others = set(of_team(row.from_team, on=today))
    for team in (row.from_team, row.to_team):
        others |= set(of_coordinators(team, on=today))
    if of_resident:
        others |= hears_now(row.question)
    if what == "withdrawn" or not row.is_open or is_covered(row.question, row.to_team, now=now):
        others |= receivers
    return message.recipient in others


def _tell(handover: Handover, recipients: Iterable[str], code: str, what: str, path: str) -> None:
    write_to(
        recipients,
        MAILS,
        code,
        municipality=handover.municipality,
        key=f"handover:{handover.pk}:{what}",
        path=path,
    )
