"""Forgetting: the file of who said no, that of who is erased, and both of a case long over."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from omzien.mediation.actions.writing import end
from omzien.mediation.models import Agreement, Case, Party, Seat, Talk
from omzien.mediation.rules.nameless import nameless
from omzien.mediation.rules.states import AT, Outcome, Side, State, TalkKind
from omzien.people.rules.roles import SYSTEM


@transaction.atomic
def forget_second(key: str | UUID, *, also_there: bool = False) -> int:
    """Forget a neighbour who said no or stopped; return how many files went.

    With `also_there` one who takes part too: after a restore, in which they did again.
    """
    rows = Party.objects.filter(pk=key, side=Side.SECOND)
    row = (rows if also_there else rows.filter(left_at__isnull=False)).first()
    if row is None:
        return 0
    kinds = [TalkKind.SECOND, TalkKind.JOINT]
    Talk.objects.filter(case=row.case_id, kind__in=kinds).update(place="-")
    Agreement.objects.filter(case=row.case_id).delete()  # as when they said no; after a restore
    row.delete()
    return 1


def forget_party(party: Party) -> None:
    """Forget one neighbour who is erased: their file, and the places of their talks, which may be
    their home. What both agreed is of the other too, who keeps it without them.
    """
    talks = Talk.objects.filter(case=party.case_id, kind__in=sorted(AT[Side(party.side)]))
    talks.update(place="-")
    agreement = Agreement.objects.filter(case=party.case_id).first()
    others = Party.objects.filter(case=party.case_id, left_at=None).exclude(pk=party.pk)
    names = list(others.values_list("name", flat=True))
    if agreement and not (names and all(map(agreement.yes_of, Side))):
        agreement.delete()  # nobody is left who agreed to these words
    elif agreement:
        agreement.words = nameless(
            agreement.words, name=party.name, street=party.street, email=party.email,
            phone=party.phone, not_of=names,
        )  # fmt: skip
        agreement.save(update_fields=["words"])
    party.delete()


@transaction.atomic
def forget_case(key: str | UUID, *, also_live: bool = False) -> int:
    """Forget whom a case that ended was about; what stays is that it was, where, and its class.

    With `also_live` one that runs again after a restore ends first.
    """
    rows = Case.objects.select_related("municipality", "team", "from_team", "village")
    case = rows.filter(pk=key).first()
    if case is not None and case.is_live and also_live:
        case.parties.all().delete()  # nobody hears of it again
        case.from_team = None
        end(case, "expire", Outcome.UNFINISHED, by=SYSTEM, now=timezone.now())
    if case is None or case.state != State.CLOSED:
        return 0
    for model in (Party, Seat, Talk, Agreement):
        model.objects.filter(case=case).delete()
    is_new = case.forgotten_at is None
    case.forgotten_at, case.question = case.forgotten_at or timezone.now(), None
    case.save(update_fields=["forgotten_at", "question"])
    return int(is_new)
