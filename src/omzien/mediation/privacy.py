"""What neighbour mediation holds of a person, and how long.

A neighbour gets the own file and what both share. The case itself, with who referred it, is only
of who reported it: the other neighbour never reads in a file what that one did.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import partial
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from omzien.mediation.actions.forgetting import forget_case, forget_party, forget_second
from omzien.mediation.actions.notices import tell_coordinator
from omzien.mediation.models import Agreement, Case, Mediator, Party, Seat, Talk
from omzien.mediation.rules.states import AT, LIVE, SHORT, Side, State
from omzien.people.privacy.own import by_start
from omzien.people.privacy.registry import Rows, Source, Subject, by_phone, rows_of


def _files(subject: Subject) -> QuerySet[Party]:
    """Return their files: by who they are, or where nobody is known by an address of theirs, or
    by their number.
    """
    of_nobody = Party.objects.filter(person=None)
    keys = [one.pk for one in by_phone(of_nobody.filter(email=""), subject)]
    by_address = Q(person=None, email__in=subject.addresses - {""})
    return Party.objects.filter(Q(person=subject.person) | by_address | Q(pk__in=keys))


def _found(subject: Subject) -> Rows:
    files = list(_files(subject))
    first = [one.case_id for one in files if one.side == Side.FIRST]
    cases = [one.case_id for one in files]
    return rows_of(
        (
            files,
            Case.objects.filter(pk__in=first),
            *(
                Talk.objects.filter(case=one.case_id, kind__in=sorted(AT[Side(one.side)]))
                for one in files
            ),
            Agreement.objects.filter(case__in=cases),
        )
    )


def _erase(subject: Subject) -> int:
    """Erase their files of what is over: what runs blocks."""
    files = list(_files(subject))
    for one in files:
        forget_party(one)
    return len(files)


def _live(subject: Subject) -> str:
    files = _files(subject).filter(case__state__in=LIVE, left_at=None)
    found = ", ".join(files.values_list("case__reference", flat=True))
    return str(_("Er loopt nog buurtbemiddeling: %(found)s.") % {"found": found}) if found else ""


def _ask_to_end(subject: Subject, on: date) -> None:
    for one in _files(subject).filter(case__state__in=LIVE, left_at=None):
        case = Case.objects.select_related("municipality", "team").get(pk=one.case_id)
        tell_coordinator(case, "end-asked", mark=on.isoformat())


def _keeps(person: UUID) -> bool:
    files = Party.objects.filter(person=person).exists()
    return files or Seat.objects.filter(person=person).exists()


def _mediating(subject: Subject) -> Rows:
    return rows_of(
        (
            Mediator.objects.filter(membership__person=subject.person),
            Seat.objects.filter(person=subject.person),
        )
    )


def _erase_mediating(subject: Subject) -> int:
    seats = Seat.objects.filter(person=subject.person).delete()[0]
    return int(seats + Mediator.objects.filter(membership__person=subject.person).delete()[0])


def _mediates(subject: Subject) -> str:
    rows = Seat.objects.open().filter(person=subject.person)
    return str(_("Deze persoon bemiddelt nog tussen buren.")) if rows.exists() else ""


SOURCES = (
    Source("mediation", _("Je dossier van buurtbemiddeling"), _found, _erase,
           ("mediation.Party", "mediation.Case", "mediation.Talk", "mediation.Agreement"),
           blocks=_live, ask_to_end=_ask_to_end, keeps=_keeps),
    Source("mediating", _("Waar je bemiddelde"), _mediating, _erase_mediating,
           ("mediation.Mediator", "mediation.Seat"), blocks=_mediates),
)  # fmt: skip


def _over(which: Q) -> QuerySet[Case]:
    return Case.objects.filter(which, state=State.CLOSED, forgotten_at=None)


def _left() -> QuerySet[Party]:
    return Party.objects.filter(side=Side.SECOND, left_at__isnull=False)


def _forget_again(key: str) -> int:
    """Forget a case that came back by a restore, also where it lived in that backup."""
    return forget_case(key, also_live=True)


def _forget_second_again(key: str) -> int:
    return forget_second(key, also_there=True)


def _not_forgotten() -> Iterable[UUID]:
    there = Exists(Party.objects.filter(case=OuterRef("pk")))
    return Case.objects.filter(there).values_list("pk", flat=True)


def _seconds() -> Iterable[UUID]:
    return Party.objects.filter(side=Side.SECOND).values_list("pk", flat=True)


_CASES = {"mediation": ~Q(outcome__in=sorted(SHORT)), "mediation-short": Q(outcome__in=SHORT)}
TERMS = (
    *(
        replace(
            by_start(kind, partial(_over, which), "ended_at", destroy=forget_case),
            every_key=_not_forgotten,
            again=_forget_again,
        )
        for kind, which in _CASES.items()
    ),
    replace(
        by_start("mediation-refused", _left, "left_at", destroy=forget_second),
        every_key=_seconds,
        again=_forget_second_again,
    ),
)
