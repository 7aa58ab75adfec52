"""Forgetting: the file of who said no, and both files of a case that is long over."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from omzien.mediation.models import Agreement, Case, Party, Seat, Talk
from omzien.mediation.rules.states import Side, State, TalkKind


@transaction.atomic
def forget_second(key: str | UUID) -> int:
    """Forget a neighbour who said no or stopped; return how many rows went."""
    row = Party.objects.filter(pk=key, side=Side.SECOND, left_at__isnull=False).first()
    if row is None:
        return 0
    kinds = [TalkKind.SECOND, TalkKind.JOINT]
    Talk.objects.filter(case=row.case_id, kind__in=kinds).update(place="-")
    row.delete()
    return 1


@transaction.atomic
def forget_case(key: str | UUID) -> int:
    """Forget whom a case that ended was about; what stays is that it was, where, and its class."""
    case = Case.objects.filter(pk=key, state=State.CLOSED, forgotten_at=None).first()
    if case is None:
        return 0
    for model in (Party, Seat, Talk, Agreement):
        model.objects.filter(case=case).delete()  # type: ignore[attr-defined]
    case.forgotten_at, case.question = timezone.now(), None
    case.save(update_fields=["forgotten_at", "question"])
    return 1
