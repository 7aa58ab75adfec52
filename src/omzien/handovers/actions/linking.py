"""The link for a receiver without accounts: making it, and getting in with a code.

The token in the mail is a keyed hash of the row's random key, so that a reminder can carry it
again while the database holds only a hash of it. It opens nothing: the code goes to the mailbox
of the receiving team, works in the browser that asked for it, and lets that browser in for
twelve hours, while the clock of the handover runs. It ends when somebody of the team can sign in,
and when nobody used it for a year; a mail about the question then brings a new one.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from omzien.handovers.models import Handover, HandoverLink
from omzien.handovers.refusals import LinkBroken, LinkInUse, LinkOver, NotAllowed, TooManyCodes
from omzien.handovers.rules.links import (
    CODE_WORKS,
    CODES_COME_BACK,
    IDLE_FOR,
    MOST_CODES,
    MOST_TRIES,
    OPEN_FOR,
    REPORTS_FOR,
    Outcome,
    is_in,
    is_taken,
)
from omzien.handovers.rules.states import State
from omzien.journal.actions import record
from omzien.kernel.text import one_line
from omzien.people.gates import by_key
from omzien.people.models import Membership, Team
from omzien.people.rules.roles import Actor


def needs_link(team: Team) -> bool:
    """Tell whether a team has a mailbox and nobody who can sign in."""
    if not team.email:
        return False
    return not Membership.objects.at_work(on=timezone.localdate()).filter(team=team).exists()


def link_of(handover: Handover) -> HandoverLink:
    """Return the link of a handover, made anew where there is none, or nobody used it for long."""
    found = HandoverLink.objects.filter(handover=handover).first()
    if found and _is_idle(found, timezone.now()):
        found.delete()
        found = None
    return found or _make(handover)


def token_for(link: HandoverLink) -> str:
    """Return what stands in the mail: also after a change of the secret key the same."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    tokens = [_text(_keyed(f"handover-link {link.pk}", key)) for key in keys]
    return next((one for one in tokens if _token_hash(one) == link.token_hash), tokens[0])


@transaction.atomic
def new_link(*, handover: Handover, by: Actor) -> HandoverLink:
    """Make a link that takes the place of the old one, which works no more.

    Raises NotAllowed when `by` is not of the sender.
    """
    row = by_key(Handover.objects.visible_to(by), handover.pk, lock=("self",))
    if row is None or by.team != row.from_team_id or not by.may("handover.offer"):
        raise NotAllowed
    HandoverLink.objects.filter(handover=row).delete()
    record(
        verb="new-link", subject="handover", subject_id=row.pk, by=by.key,
        municipality=row.municipality_id,
    )  # fmt: skip
    return _make(row)


def open_link(token: str, *, now: datetime) -> HandoverLink:
    """Return the link of a token. Looking changes nothing. Raises LinkBroken and LinkOver."""
    found = (
        HandoverLink.objects.select_related(
            "handover__to_team", "handover__from_team", "handover__question"
        )
        .filter(token_hash=_token_hash(token[:100]))
        .first()
    )
    if found is None:
        raise LinkBroken
    if not _works(found, now):
        raise LinkOver(found.handover)
    return found


def browser_hash(link: HandoverLink, secret: str) -> str:
    """Return how a link knows a browser: by a hash of the secret in its session."""
    return _keyed(f"handover-browser {link.pk} {secret}").hex() if secret else ""


@transaction.atomic
def ask_code(*, link: HandoverLink, secret: str, now: datetime) -> str:
    """Make a code for one browser; return the six digits, which are kept nowhere.

    Whoever has the link can use up its codes, so that a day without one gives them back.
    Raises LinkOver, LinkInUse, TooManyCodes.
    """
    row = _locked(link, now)
    mine = browser_hash(row, secret)
    if is_taken(holder=row.browser_hash, until=row.open_until, browser=mine, now=now):
        raise LinkInUse
    if row.code_until is not None and row.code_until + CODES_COME_BACK <= now:
        row.codes = 0
    if row.codes >= MOST_CODES:
        raise TooManyCodes
    digits = f"{secrets.randbelow(1_000_000):06}"
    row.code_hash, row.code_until = _code_hash(row.pk, digits), now + CODE_WORKS
    row.asked_by, row.tries = mine, 0
    row.codes += 1
    row.save()
    return digits


@transaction.atomic
def use_code(*, link: HandoverLink, typed: str, secret: str, now: datetime) -> Outcome:
    """Try a code. The row is locked, so that tries at one moment are counted one by one.

    An outcome is returned, not raised, so that the try is kept. Raises LinkOver, LinkInUse.
    """
    row = _locked(link, now)
    mine = browser_hash(row, secret)
    if is_taken(holder=row.browser_hash, until=row.open_until, browser=mine, now=now):
        raise LinkInUse
    if not row.code_hash or row.code_until is None or row.code_until < now:
        return Outcome.EXPIRED
    if not mine or row.asked_by != mine:
        return Outcome.EXPIRED
    if row.tries >= MOST_TRIES:
        return Outcome.SPENT
    digits = "".join(character for character in typed if character.isalnum())
    if not hmac.compare_digest(row.code_hash, _code_hash(row.pk, digits)):
        row.tries += 1
        row.save(update_fields=["tries"])
        return Outcome.SPENT if row.tries >= MOST_TRIES else Outcome.WRONG
    row.code_hash, row.code_until, row.asked_by, row.codes = "", None, "", 0
    row.browser_hash, row.open_until = mine, now + OPEN_FOR
    row.save()
    _note(row, "link-opened")
    return Outcome.RIGHT


def actor_of_link(link: HandoverLink, *, secret: str, now: datetime) -> Actor | None:
    """Return who is at the other side of a link, or None where no code was typed here.

    The role is "public": the role table gives nothing. Only Handover.visible_to,
    Question.visible_to (reading, with a ground) and as_receiver know `handover`, and each asks
    for exactly this one.
    """
    mine = browser_hash(link, secret)
    if not is_in(holder=link.browser_hash, until=link.open_until, browser=mine, now=now):
        return None
    handover = link.handover
    return Actor(
        link.municipality_id,
        organisation=handover.to_team.organisation_id,
        team=handover.to_team_id,
        handover=handover.pk,
    )


@transaction.atomic
def sign_by(*, link: HandoverLink, name: str) -> None:
    """Keep who typed an answer: the team has no accounts, so that a name is all there is."""
    HandoverLink.objects.filter(pk=link.pk).update(name=one_line(name, 120))


def _make(handover: Handover) -> HandoverLink:
    link = HandoverLink(
        municipality_id=handover.municipality_id, handover=handover, made_at=timezone.now()
    )
    link.token_hash = _token_hash(token_for(link))
    link.save()
    return link


def _works(link: HandoverLink, now: datetime) -> bool:
    handover, today = link.handover, timezone.localdate(now)
    # Who can sign in does so, with the second step of their role: the old door is shut.
    if _is_idle(link, now) or not needs_link(handover.to_team):
        return False
    if handover.is_open:
        return handover.due_on is not None and today <= handover.due_on
    if handover.is_theirs:  # a team without accounts has no other page to help from
        return True
    reports = handover.state == State.HANDED_OVER and handover.report_on is not None
    return reports and today <= handover.report_on + REPORTS_FOR  # type: ignore[operator]


def _is_idle(link: HandoverLink, now: datetime) -> bool:
    used = max(link.made_at, link.open_until or link.made_at)
    return used + IDLE_FOR < now


def _locked(link: HandoverLink, now: datetime) -> HandoverLink:
    found = HandoverLink.objects.select_for_update(of=("self",)).filter(pk=link.pk)
    row = found.select_related("handover__question", "handover__to_team").first()
    if row is None or not _works(row, now):
        raise LinkOver(row.handover if row else None)
    return row


def _note(link: HandoverLink, verb: str) -> None:
    record(
        verb=verb, subject="handover", subject_id=link.handover_id,
        by=str(link.handover_id), municipality=link.municipality_id,
    )  # fmt: skip


def _keyed(text: str, key: str = "") -> bytes:
    return hmac.new((key or settings.SECRET_KEY).encode(), text.encode(), hashlib.sha256).digest()


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _code_hash(key: UUID, digits: str) -> str:
    return _keyed(f"handover-code {key} {digits}").hex()
