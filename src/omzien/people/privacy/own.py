"""What this app itself holds of a person, and which of its rows have a term."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.apps import apps
from django.db.models import DateTimeField, Manager, Model, Q, QuerySet
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omzien.areas.models import Municipality
from omzien.journal.isolation import working_for
from omzien.people.models import (
    Absence,
    Account,
    Ground,
    GroundEvent,
    GroundRecipient,
    Hold,
    Invitation,
    Mandate,
    MandateInvitation,
    Membership,
    Person,
    ReviewLine,
    SamePerson,
    Session,
    SignInCode,
)
from omzien.people.privacy import old_logs
from omzien.people.privacy.erasing import erase_now
from omzien.people.privacy.registry import Candidate, Rows, Source, Subject, Term, sources
from omzien.people.rules.retention import KINDS, is_due

# Whose it is


def _person(subject: Subject) -> Rows:
    return Person.objects.filter(pk=subject.person)


def _account(subject: Subject) -> Rows:
    return Account.objects.filter(pk=subject.account) if subject.account else ()


def _memberships(subject: Subject) -> Rows:
    return Membership.objects.filter(person=subject.person).select_related("organisation", "team")


def _absences(subject: Subject) -> Rows:
    return Absence.objects.filter(membership__person=subject.person)


def _mandates(subject: Subject) -> Rows:
    mine = Q(resident=subject.person) | Q(proxy=subject.person)
    return Mandate.objects.filter(mine).select_related("resident", "proxy")


def _mandate_invitations(subject: Subject) -> Rows:
    mine = Q(resident=subject.person) | Q(email__in=subject.inboxes)
    return MandateInvitation.objects.filter(mine)


def _same(subject: Subject) -> Rows:
    return SamePerson.objects.filter(Q(person=subject.person) | Q(other=subject.person))


def _reviews(subject: Subject) -> Rows:
    return ReviewLine.objects.filter(membership__person=subject.person)


def _grounds(subject: Subject) -> list[Model]:
    known = Ground.objects.told().filter(person=subject.person)
    mine = {"ground__in": known.order_by().values("pk")}
    return [
        *known,
        *GroundRecipient.objects.filter(**mine).select_related("organisation", "team"),
        *GroundEvent.objects.filter(**mine),
    ]


def _sessions(subject: Subject) -> Rows:
    return Session.objects.filter(account=subject.account) if subject.account else ()


def _codes(subject: Subject) -> Rows:
    return SignInCode.objects.filter(account=subject.account) if subject.account else ()


def _invitations(subject: Subject) -> Rows:
    return Invitation.objects.filter(person=subject.person)


# Erasing it


def _delete(find: Callable[[Subject], Rows]) -> Callable[[Subject], int]:
    def erase(subject: Subject) -> int:
        rows = list(find(subject))
        for row in rows:
            row.delete()
        return len(rows)

    return erase


def _erase_holds(subject: Subject) -> int:
    """Forget lifted holds on the person; a standing one would have refused."""
    return Hold.objects.filter(kind="person", key=str(subject.person)).delete()[0]


def _erase_grounds(subject: Subject) -> int:
    return Ground.objects.filter(person=subject.person).delete()[0]


def _nothing(subject: Subject) -> int:
    """Leave it to `erase_person`: it deletes the person and the account themselves, last."""
    return 0


SOURCES = (
    Source("session", _("Waar je bent aangemeld"), _sessions, _delete(_sessions),
           ("people.Session",)),
    Source("code", _("Codes die je per mail kreeg"), _codes, _delete(_codes),
           ("people.SignInCode",)),
    Source("invitation", _("Uitnodigingen"), _invitations, _delete(_invitations),
           ("people.Invitation",)),
    Source("ground", _("Wat je laat delen"), _grounds, _erase_grounds,
           ("people.Ground", "people.GroundRecipient", "people.GroundEvent")),
    Source("mandate", _("Machtigingen"), _mandates, _delete(_mandates), ("people.Mandate",)),
    Source("mandate-invitation", _("Vragen om een machtiging"), _mandate_invitations,
           _delete(_mandate_invitations), ("people.MandateInvitation",)),
    Source("same-person", _("Of je twee keer in Omzien staat"), _same, _delete(_same),
           ("people.SamePerson",)),
    Source("review", _("Nalopen van je rollen"), _reviews, _delete(_reviews),
           ("people.ReviewLine",)),
    Source("absence", _("Afwezigheid"), _absences, _delete(_absences), ("people.Absence",)),
    Source("membership", _("Rollen"), _memberships, _delete(_memberships),
           ("people.Membership",)),
    Source("hold", _("Besluiten over wissen"), lambda subject: (), _erase_holds, ("people.Hold",)),
    Source("person", _("Wie je bent"), _person, _nothing, ("people.Person",)),
    Source("account", _("Je account"), _account, _nothing, ("people.Account",)),
)  # fmt: skip


# What has a term


def before(kind: str, on: date) -> date:
    """Return a day before which a start may be due: coarse, with some days to spare.

    Months have different lengths, so that the exact day is only known by counting forward.
    """
    period = KINDS[kind].period
    back = relativedelta(years=period.years, months=period.months, days=period.days)
    return on - back + timedelta(days=4)


def day_of(value: Any) -> date:
    """Return the Dutch calendar day of a moment or a day."""
    return timezone.localdate(value) if isinstance(value, datetime) else value


def by_start(
    kind: str,
    rows: Callable[[], QuerySet[Any]],
    start: str,
    *,
    person: str = "",
    destroy: Callable[[str], int] | None = None,
) -> Term:
    """Return the term of rows that start to count at one of their own fields.

    In a backup a row may stand as it was before it was over, and so be none of `rows`: after a
    restore all rows of the table are asked.
    """

    def due(on: date) -> Iterator[Candidate]:
        early = rows().filter(**{f"{start}__lt": _like(start, before(kind, on))})
        for key, begin, whose in early.values_list("pk", start, person or "pk").order_by(start):
            if is_due(kind, day_of(begin), on=on):
                yield Candidate(str(key), day_of(begin), whose if person else None)

    def remove(key: str) -> int:
        return int(rows().filter(pk=key).delete()[0])

    def every() -> QuerySet[Any]:
        manager: Manager[Any] = rows().model._default_manager
        return manager.all()

    if destroy:
        return Term(kind, due, destroy, _keys(rows))
    return Term(kind, due, remove, _keys(every), again=_remove(every))


def _like(start: str, day: date) -> Any:
    is_moment = start.endswith("_at")
    return timezone.make_aware(datetime(day.year, day.month, day.day)) if is_moment else day


def _due_persons(on: date) -> Iterator[Candidate]:
    """Yield who has nothing here any more that is kept, and did not sign in for a long time."""
    limit = _like("_at", before("person", on))
    rows = Person.objects.filter(
        created_at__lt=limit, memberships=None, mandates_given=None, mandates_held=None,
        grounds=None,
    ).exclude(account__last_login__gte=limit)  # fmt: skip
    # Who turned out to be the same goes first: with who stays goes all that is theirs.
    rows = rows.exclude(pk__in=SamePerson.objects.opening().values("person"))
    for key, made, seen in rows.values_list("pk", "created_at", "account__last_login"):
        start = day_of(max(made, seen) if seen else made)
        if is_due("person", start, on=on) and not any(one.keeps(key) for one in sources()):
            yield Candidate(str(key), start, key)


def _due_memberships(on: date) -> Iterator[Candidate]:
    """Yield the roles that ended, by themselves or before, and are in no review any more."""
    limit = before("membership", on)
    over = Q(ended_at__lt=_like("_at", limit)) | Q(ends_on__lt=limit)
    # Who read in an emergency is known as long as that question is kept. Questions live in a
    # room above, so they are asked by name.
    readings = apps.get_model("questions", "BreakGlass")._default_manager.values("membership")
    rows = Membership.objects.filter(over, reviews=None).exclude(pk__in=readings)
    for key, ended, last, whose in rows.values_list("pk", "ended_at", "ends_on", "person"):
        start = min(day_of(one) for one in (ended, last) if one)
        if is_due("membership", start, on=on):
            yield Candidate(str(key), start, whose)


def _due_mandates(on: date) -> Iterator[Candidate]:
    limit = before("mandate", on)
    rows = Mandate.objects.filter(Q(revoked_at__lt=_like("_at", limit)) | Q(ends_on__lt=limit))
    for key, ended, last, whose in rows.values_list("pk", "revoked_at", "ends_on", "resident"):
        start = min(day_of(one) for one in (ended, last) if one)
        if is_due("mandate", start, on=on):
            yield Candidate(str(key), start, whose)


def _keys(rows: Callable[[], QuerySet[Any]]) -> Callable[[], Iterable[object]]:
    return lambda: rows().values_list("pk", flat=True)


def _remove(rows: Callable[[], QuerySet[Any]]) -> Callable[[str], int]:
    return lambda key: int(rows().filter(pk=key).delete()[0])


TERMS = (
    old_logs.TERM,
    Term("person", _due_persons, erase_now, _keys(Person.objects.all)),
    Term("membership", _due_memberships, _remove(Membership.objects.all),
         _keys(Membership.objects.all)),
    Term("mandate", _due_mandates, _remove(Mandate.objects.all), _keys(Mandate.objects.all)),
    by_start("mandate-invitation", lambda: MandateInvitation.objects.annotate(
                 over_at=Coalesce("ended_at", Cast("answer_by", DateTimeField()))
             ), "over_at", person="resident"),
    by_start("absence", Absence.objects.all, "last_on", person="membership__person"),
    by_start("review", lambda: ReviewLine.objects.filter(review__closed_at__isnull=False),
             "review__closed_at", person="membership__person"),
    by_start("ground", Ground.objects.all, "until_on", person="person"),
    by_start("hold", lambda: Hold.objects.filter(lifted_at__isnull=False), "lifted_at"),
)  # fmt: skip


# What belongs to no municipality


def clear_sessions(*, now: datetime) -> int:
    """Remove sessions that are over."""
    return int(Session.objects.filter(expire_date__lt=now).delete()[0])


def clear_accounts(*, on: date) -> int:
    """Remove accounts that belong to nobody in any municipality and were not used for a year."""
    rows = Account.objects.filter(created_at__lt=_like("_at", before("account", on)))
    idle = [
        account
        for account in rows
        if is_due("account", day_of(account.last_login or account.created_at), on=on)
    ]
    if not idle:
        return 0
    used: set[object] = set()
    for code in Municipality.objects.values_list("pk", flat=True):
        with working_for(code):
            used |= set(Person.objects.filter(account__in=idle).values_list("account", flat=True))
    gone = [account for account in idle if account.pk not in used]
    for account in gone:
        account.delete()
    return len(gone)
