"""Who may get a waiting mail about another team's part now, by the first word of its key."""

from collections.abc import Iterable, Mapping

from django.utils import timezone

from omzien.handovers.actions import notices
from omzien.handovers.mails import MAILS
from omzien.handovers.models import Consult, Involvement, Referral, Wait
from omzien.handovers.queries.consents import who_asked
from omzien.messages.models import Message
from omzien.messages.rights import Check, among, is_one_of, named, part
from omzien.people.models import Ground
from omzien.people.queries.mandates import deciding_receivers
from omzien.questions.actions.telling import coordinators, mailboxes
from omzien.questions.models import Question
from omzien.questions.queries.reached import hears_now

# What the team that was asked hears of advice, and of joining in: while there is work in it, and
# that it is over. All else is for the owner.
ASKED_FOR_ADVICE = frozenset({"advice-asked", "advice-reminded"})
WHILE_ALONG = frozenset({"along-asked", "along-reminded", "along-task"})
NO_LONGER_ALONG = "along-ended"
OFF_THE_LIST = frozenset({"team-wait-left", "resident-wait-ended", "proxy-changed", "proxy-told"})


def _advice(message: Message) -> bool:
    row = named(Consult, message, "from_team", "to_team")
    if row is None:
        return False
    if _what(message) in ASKED_FOR_ADVICE:
        return row.ended_at is None and is_one_of(message, mailboxes(row.to_team))
    return is_one_of(message, mailboxes(row.from_team))


def _along(message: Message) -> bool:
    row = named(Involvement, message, "team", "question__team")
    if row is None:
        return False
    what, now = _what(message), timezone.now()
    if what in WHILE_ALONG:
        uncovered = Involvement.objects.uncovered(at=now).filter(pk=row.pk)
        if row.ended_at or uncovered.exists():
            return False
    to_other = what in WHILE_ALONG or what == NO_LONGER_ALONG
    return is_one_of(message, mailboxes(row.team if to_other else row.question.team))


def _ground(message: Message) -> bool:
    """Tell it of what was said of sharing: to the resident's side, or who asked for it."""
    row = named(Ground, message, "person")
    if row is None:
        return False
    if f"team-{part(message, 2)}" in MAILS:
        question = named(Question, message, "team", "holder", place=3)
        return question is not None and is_one_of(message, who_asked(row, question))
    deciding = deciding_receivers(row.person_id, on=timezone.localdate())
    return is_one_of(message, {row.person.email} | deciding)


def _owner(row: Referral) -> Iterable[str]:
    return mailboxes(row.question.team)


def _wait(message: Message) -> bool:
    """Tell it of a waiting list: to the team that is waited for, the resident's side, or the team
    of the question, as long as it is open where there is something to do.
    """
    row = named(Wait, message, "team", "question__team", "question__person")
    if row is None:
        return False
    code = part(message, 2)
    if row.ended_at is not None and code not in OFF_THE_LIST:
        return False
    if code.startswith(("resident-", "proxy-")):
        return message.recipient in hears_now(row.question)
    if code == "team-wait-entered":
        return is_one_of(message, mailboxes(row.team))
    team = row.question.team
    return is_one_of(message, [*mailboxes(team), *coordinators(team)])


def _what(message: Message) -> str:
    return message.key.rpartition(":")[2]


CHECKS: Mapping[str, Check] = {
    "handover": notices.may_still_go,
    "advice": _advice,
    "along": _along,
    "along-stopped": among(Question, lambda row: mailboxes(row.team), "team"),
    "referral": among(Referral, _owner, "question__team"),
    "ground": _ground,
    "wait": _wait,
}
