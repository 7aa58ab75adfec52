"""Early signals of partners: read a file, offer a conversation, write down how it ended."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from omzien.areas.actions.reports import Fault
from omzien.areas.models import Municipality
from omzien.areas.queries import Unresolved, resolve
from omzien.directory.importing.rows import Findings
from omzien.directory.importing.table import lines
from omzien.journal.actions import record
from omzien.journal.each import one_by_one
from omzien.journal.isolation import working_for
from omzien.kernel.text import fold, one_line
from omzien.people.actions.memberships import held_live
from omzien.people.actions.teams import the_default_team
from omzien.people.models import Membership, Team
from omzien.people.rules.roles import SYSTEM, Actor, Role, table
from omzien.questions.actions.asking import Asked, ask
from omzien.questions.actions.reminding import remind_each
from omzien.questions.actions.telling import coordinators, say
from omzien.questions.models import EarlySignal, Question
from omzien.questions.queries.routing import routes_of
from omzien.questions.refusals import NotAllowed, WrongState
from omzien.questions.rules.signals import AMOUNTS, EarlyEnd, EarlyKind, amount_class
from omzien.questions.terms import terms_of

KINDS = {
    "huur": EarlyKind.RENT,
    "energie": EarlyKind.ENERGY,
    "water": EarlyKind.WATER,
    "zorgverzekering": EarlyKind.CARE,
    "zorgpremie": EarlyKind.CARE,
}
REQUIRED = ("partner", "soort", "adres", "plaats", "bedrag", "contact op", "herinnering op")
COLUMNS = (*REQUIRED, "naam", "telefoon")
MOST_ROWS = 2000
LENGTHS = {"partner": 120, "adres": 200, "plaats": 80, "naam": 120, "telefoon": 40}
_DAY_FORMS = ("%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y")


class _Odd(Exception):
    """A cell that cannot be used; says why."""


@dataclass(frozen=True)
class Taken:
    """What a file brought. With faults nothing came in; `known` rows were there already."""

    added: int = 0
    known: int = 0
    elsewhere: tuple[str, ...] = ()  # the other teams to which some went
    faults: tuple[Fault, ...] = ()
    more_faults: int = 0


@transaction.atomic
def take_early_signals(
    *, municipality: Municipality, path: Path, by: Actor, now: datetime
) -> Taken:
    """Take the early signals of a file in: all of them, or none when one is wrong.

    Each goes to the team of its village: that of who reads the file in, where it works there or
    where nobody else can, and else as a question does. A place elsewhere is a fault.
    The same signal again is not doubled. Raises NotAllowed.
    """
    if by.team is None or not by.may("early.work"):
        raise NotAllowed
    findings = Findings()
    team_of = _teams(municipality, Team.objects.get(pk=by.team), timezone.localtime(now))
    rows = _read(path, findings, team_of, today=timezone.localdate(now))
    if findings.faulty:
        faults = tuple(findings.faults)
        return Taken(faults=faults, more_faults=findings.faulty - len(faults))
    desk = the_default_team(municipality).pk
    gone = {key for key in sorted({row["team_id"] for row in rows}) if not held_live(key)}
    for row in rows:  # a team may end in this moment; the desk never does
        row["team_id"] = desk if row["team_id"] in gone else row["team_id"]
    term = terms_of(municipality.code).early(timezone.localdate(now))
    before = EarlySignal.objects.filter(municipality=municipality).count()
    EarlySignal.objects.bulk_create(
        (
            EarlySignal(
                municipality=municipality,
                received_at=now,
                received_by=by.key,
                offer_by=term,
                **values,
            )
            for values in rows
        ),
        ignore_conflicts=True,
    )
    added = EarlySignal.objects.filter(municipality=municipality).count() - before
    record(
        verb="import",
        subject="early-signal",
        subject_id=by.team,
        by=by.key,
        municipality=municipality.code,
        added=added,
        known=len(rows) - added,
    )
    others = Team.objects.filter(pk__in={one["team_id"] for one in rows} - {by.team})
    names = tuple(others.order_by("name").values_list("name", flat=True))
    return Taken(added=added, known=len(rows) - added, elsewhere=names)


def _teams(municipality: Municipality, own: Team, at: datetime) -> Callable[[str], UUID]:
    """Return how to find the team of a place; that raises _Odd for a place that is not here."""
    routes = routes_of(municipality, default=the_default_team(municipality).pk)

    @cache
    def team_of(town: str) -> UUID:
        place = resolve(town, municipality)
        named = {"place": town[:60], "name": municipality.name}
        if isinstance(place, Unresolved):
            raise _Odd(_("We kennen “%(place)s” niet in %(name)s.") % named)
        if place.elsewhere:
            raise _Odd(_("“%(place)s” hoort niet bij %(name)s. Haal deze regel weg.") % named)
        if place.village is None:
            raise _Odd(_("Dit is groter dan één dorp. Vul het dorp in."))
        if not own.villages or place.village.id in own.villages:
            return own.pk
        theirs = routes.team_for(place.village.id, [], at)
        can = Membership.objects.at_work(on=at.date()).filter(team=theirs, role__in=_roles())
        return theirs if can.exists() else own.pk  # nobody waits where nobody looks

    return team_of


def _roles() -> list[Role]:
    return [role for role, may in table().items() if may["early.work"]]


def _read(
    path: Path, findings: Findings, team_of: Callable[[str], UUID], *, today: date
) -> list[dict[str, Any]]:
    found = []
    for row, cells in lines(path, findings, known=COLUMNS, required=REQUIRED):
        if not any(cell.strip() for cell in cells.values()):
            continue
        values = _values(row, cells, findings, team_of, today)
        if values is not None:
            found.append(values)
    if not found and not findings.faulty:
        findings.fault(None, "", _("Er staan geen regels in dit bestand."))
    if len(found) > MOST_ROWS:
        findings.fault(
            None, "", _("Meer dan %(most)d regels. Knip het bestand in stukken.")
            % {"most": MOST_ROWS},
        )  # fmt: skip
    return found


def _values(
    row: int,
    cells: Mapping[str, str],
    findings: Findings,
    team_of: Callable[[str], UUID],
    today: date,
) -> dict[str, Any] | None:
    readers: dict[str, Callable[[], Any]] = {
        "partner": lambda: _text(cells, "partner"),
        "soort": lambda: _kind(_text(cells, "soort")),
        "adres": lambda: _text(cells, "adres"),
        "plaats": lambda: _text(cells, "plaats"),
        "team": lambda: team_of(_text(cells, "plaats")),
        "bedrag": lambda: _amount(_text(cells, "bedrag")),
        "contact op": lambda: _day(_text(cells, "contact op"), today),
        "herinnering op": lambda: _day(_text(cells, "herinnering op"), today),
        "naam": lambda: _text(cells, "naam", required=False),
        "telefoon": lambda: _text(cells, "telefoon", required=False),
    }
    read: dict[str, Any] = {}
    for column, reader in readers.items():
        try:
            read[column] = reader()
        except _Odd as odd:
            if column != "team" or "plaats" in read:
                findings.fault(row, "plaats" if column == "team" else column, str(odd))
    if len(read) < len(readers):
        return None
    if read["herinnering op"] < read["contact op"]:
        findings.fault(row, "herinnering op", _("De herinnering ligt vóór het eerste contact."))
        return None
    names = {
        "partner": "partner", "soort": "kind", "adres": "address", "plaats": "town",
        "bedrag": "amount", "contact op": "contacted_on", "herinnering op": "reminded_on",
        "naam": "name", "telefoon": "phone", "team": "team_id",
    }  # fmt: skip
    return {names[column]: value for column, value in read.items()}


def _text(cells: Mapping[str, str], column: str, *, required: bool = True) -> str:
    text = one_line(cells.get(column, ""))
    if required and not text:
        if column in ("contact op", "herinnering op"):
            raise _Odd(
                _("Hier staat niets. Een partner mag pas melden na een eigen contact en een "
                  "herinnering.")
            )  # fmt: skip
        raise _Odd(_("Hier staat niets. Vul dit in."))
    most = LENGTHS.get(column, 60)
    if len(text) > most:
        raise _Odd(
            _("Dit is te lang: %(count)s tekens. Het mogen er %(most)s zijn.")
            % {"count": len(text), "most": most}
        )
    return text


def _kind(text: str) -> EarlyKind:
    found = KINDS.get(fold(text))
    if found is None:
        raise _Odd(
            _("“%(text)s” ken ik niet. Kies uit: %(known)s.")
            % {"text": text[:40], "known": ", ".join(KINDS)}
        )
    return found


def _amount(text: str) -> str:
    if text in AMOUNTS:
        return text
    plain = re.sub(r"[€\s]", "", text)
    if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d{1,2})?", plain) or "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    try:
        if not re.fullmatch(r"\d{1,7}(\.\d{1,2})?", plain):
            raise ValueError(plain)
        return amount_class(float(plain))
    except ValueError:
        raise _Odd(
            _("“%(text)s” is geen bedrag. Schrijf bijvoorbeeld 1.250,00.") % {"text": text[:40]}
        ) from None


def _day(text: str, today: date) -> date:
    for form in _DAY_FORMS:
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
        if found > today:
            raise _Odd(_("Deze dag moet nog komen."))
        if found.year < 2000:
            break
        return found
    raise _Odd(
        _("“%(text)s” is geen datum. Schrijf een datum als 24-12-2026.") % {"text": text[:40]}
    )


@transaction.atomic
def offer_talk(*, signal: EarlySignal, by: Actor, now: datetime) -> EarlySignal:
    """Write down that the resident was offered a conversation. Twice is once. The next day is
    that on which the answer is written down.

    Raises NotAllowed, WrongState.
    """
    row = _locked(signal, by)
    if row.offered_at is None:
        row.offered_at, row.reminded_at = now, None
        row.offer_by = terms_of(row.municipality_id).early(timezone.localdate(now))
        row.save(update_fields=["offered_at", "reminded_at", "offer_by"])
        _note(row, "offer-talk", by)
    return row


@transaction.atomic
def end_talk(*, signal: EarlySignal, end: EarlyEnd, by: Actor, now: datetime) -> EarlySignal:
    """Write down that the resident refuses, or did not answer. The resident may always refuse.

    Raises NotAllowed, WrongState (also while no conversation was offered).
    """
    row = _locked(signal, by)
    if row.offered_at is None or end not in (EarlyEnd.REFUSED, EarlyEnd.NO_ANSWER):
        raise WrongState
    _end(row, end, by, now)
    return row


@transaction.atomic
def accept_talk(*, signal: EarlySignal, asked: Asked, by: Actor, now: datetime) -> Question:
    """Turn it into a question of the resident, who wants the conversation, in their own words.

    Raises NotAllowed, WrongState, and what `ask` raises.
    """
    row = _locked(signal, by)
    if row.offered_at is None:
        raise WrongState
    question = ask(municipality=row.municipality, asked=asked, by=by, now=now)
    row.question = question
    _end(row, EarlyEnd.ACCEPTED, by, now)
    return question


def run_early(municipality: Municipality, now: datetime) -> int:
    """Remind of each early signal that waits for an offer, or for what came of it, longer than
    four weeks, and again each four weeks. An offer that stays silent after that ends as such.
    """
    today = timezone.localdate(now)
    with working_for(municipality.code):
        keys = list(EarlySignal.objects.silent(on=today).values_list("pk", flat=True))

    def end(key: UUID) -> bool:
        rows = EarlySignal.objects.silent(on=today).select_for_update(of=("self",))
        for row in rows.filter(pk=key):
            _end(row, EarlyEnd.NO_ANSWER, SYSTEM, now)
        return True

    one_by_one(municipality.code, "silent-early", keys, end)
    return remind_each(municipality, lambda: EarlySignal.objects.late(on=today), _remind, now=now)


def _remind(row: EarlySignal) -> None:
    path = reverse("early-signals")
    key = f"{row.pk}:{timezone.localdate(row.reminded_at)}"
    say(row.municipality, "early-late", key, coordinators(row.team), path=path)
    _note(row, "remind", SYSTEM)


def _locked(signal: EarlySignal, by: Actor) -> EarlySignal:
    row = EarlySignal.objects.select_for_update(of=("self",)).get(pk=signal.pk)
    if row.team_id != by.team or not by.may("early.work") or by.membership is None:
        raise NotAllowed
    if row.ended_at is not None:
        raise WrongState
    return row


def _end(row: EarlySignal, end: EarlyEnd, by: Actor, now: datetime) -> None:
    row.end, row.ended_at = end, now
    row.save()
    _note(row, str(end), by)


def _note(row: EarlySignal, verb: str, by: Actor) -> None:
    record(
        verb=verb,
        subject="early-signal",
        subject_id=row.pk,
        by=by.key,
        municipality=row.municipality_id,
        kind=row.kind,
    )
