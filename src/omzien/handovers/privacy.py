"""What questions and their handovers hold of a person, and how long.

One table for both apps: a question is forgotten with its handovers, and this is the higher one.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omzien.handovers.actions.ending import end_before_forgetting
from omzien.handovers.models import (
    Consult,
    Handover,
    HandoverLink,
    Involvement,
    Meeting,
    OfferDraft,
    Referral,
    Wait,
)
from omzien.handovers.queries.consents import secret_teams
from omzien.kernel.ladder import Rung
from omzien.people.models import Ground
from omzien.people.privacy.own import by_start
from omzien.people.privacy.registry import Rows, Source, Subject, rows_of
from omzien.questions.actions.forgetting import anonymise, ask_to_end
from omzien.questions.models import (
    AftercareAnswer,
    Attachment,
    Attempt,
    BreakGlass,
    CodeStep,
    ContactAttempt,
    Crisis,
    Discussion,
    Goal,
    Measurement,
    NetworkShare,
    Note,
    Objection,
    PlanAction,
    Post,
    Question,
    SavedFilter,
    StrengthSplit,
    Task,
    Tie,
    YoungCarerSignal,
)
from omzien.questions.rules.states import LIVE, State


def _questions(subject: Subject) -> Rows:
    # Not what they asked for another: that is the file of the other.
    return Question.objects.filter(person=subject.person)


def _asked_for_another(subject: Subject) -> Rows:
    """Return what they asked for somebody else: that they did, and when. The rest is not theirs."""
    rows = Question.objects.filter(asked_by=subject.person).exclude(person=subject.person)
    return rows.only("reference", "asked_at")


def _of_questions(subject: Subject) -> Rows:
    mine = {"question__person": subject.person}
    # What the resident was not told, because of a danger, is no part of it until they are.
    secret = secret_teams(subject.person, Ground.objects.told())
    return rows_of(
        (
            Handover.objects.filter(**mine).select_related("from_team", "to_team"),
            Task.objects.filter(**mine),
            Attempt.objects.filter(**mine),
            Crisis.objects.filter(**mine),
            CodeStep.objects.filter(**mine),
            BreakGlass.objects.filter(**mine, told_at__isnull=False),
            Discussion.objects.filter(
                Q(resident_invited=True) | Q(told_at__isnull=False), **mine
            ).select_related("team"),
            AftercareAnswer.objects.filter(**mine),
            Objection.objects.filter(**mine).select_related("team"),
            ContactAttempt.objects.filter(**mine),
            Referral.objects.filter(**mine),
            Consult.objects.filter(**mine).select_related("from_team", "to_team"),
            Involvement.objects.filter(**mine).exclude(team__in=secret).select_related("team"),
            Wait.objects.filter(**mine).exclude(team__in=secret).select_related("team"),
            OfferDraft.objects.filter(**mine).select_related("to_team"),
            Meeting.objects.filter(handover__question__person=subject.person),
            HandoverLink.objects.filter(handover__question__person=subject.person),
        )
    )


def _plans(subject: Subject) -> Rows:
    mine = {"question__person": subject.person}
    return rows_of(
        (
            Goal.objects.filter(**mine),
            PlanAction.objects.filter(goal__question__person=subject.person),
            StrengthSplit.objects.filter(goal__question__person=subject.person),
            Measurement.objects.filter(**mine),
            YoungCarerSignal.objects.filter(**mine),
        )
    )


def _network(subject: Subject) -> Rows:
    mine = Q(question__person=subject.person) | Q(proxy=subject.person)
    return rows_of((Tie.objects.filter(person=subject.person), NetworkShare.objects.filter(mine)))


def _erase_network(subject: Subject) -> int:
    shares = NetworkShare.objects.filter(proxy=subject.person).delete()[0]
    return int(shares + Tie.objects.filter(person=subject.person).delete()[0])


def _filters(subject: Subject) -> Rows:
    return SavedFilter.objects.filter(membership__person=subject.person)


def _erase_filters(subject: Subject) -> int:
    return SavedFilter.objects.filter(membership__person=subject.person).delete()[0]


def _readings(subject: Subject) -> Rows:
    """Return that they read in an emergency, and when: why is the file of the resident."""
    return _of_reader(subject).only("opened_at", "until")


def _erase_readings(subject: Subject) -> int:
    return _of_reader(subject).delete()[0]  # after a restore only: they block


def _of_reader(subject: Subject) -> QuerySet[BreakGlass]:
    return BreakGlass.objects.filter(membership__person=subject.person)


def _read(subject: Subject) -> str:
    """Say that who read in an emergency is known as long as that question is kept."""
    said = _("Er is meegelezen met de noodknop, bij een vraag die nog bewaard wordt.")
    return str(said) if _of_reader(subject).exists() else ""


def _conversation(subject: Subject) -> Rows:
    mine = {"question__person": subject.person}
    return rows_of((Post.objects.filter(**mine), Attachment.objects.filter(**mine).listed()))


def _notes(subject: Subject) -> Rows:
    return Note.objects.filter(question__person=subject.person).select_related("team")


def _live(subject: Subject) -> str:
    live = Question.objects.live().filter(person=subject.person).order_by("asked_at", "pk")
    rows = live.values_list("reference", "team__name")
    found = ", ".join(f"{reference} ({team})" for reference, team in rows)
    return str(_("Er loopt nog een vraag: %(found)s.") % {"found": found}) if found else ""


def _ask_to_end(subject: Subject, on: date) -> None:
    for question in Question.objects.live().filter(person=subject.person):
        ask_to_end(question, on=on)


def _keeps(person: UUID) -> bool:
    return Question.objects.filter(person=person).exists()


def _erase(subject: Subject) -> int:
    rows = list(Question.objects.filter(person=subject.person))
    for row in rows:
        forget_again(str(row.pk))  # a live one is here after a restore only: it blocks
    Question.objects.filter(asked_by=subject.person).update(asked_by=None)
    return len(rows)


def forget(key: str) -> int:
    """Forget what one ended question and its handovers were about; return how many those were."""
    row = Question.objects.exclude(state__in=[*LIVE, State.ANONYMISED]).filter(pk=key).first()
    if row is None:
        return 0
    Handover.objects.filter(question=row).update(
        asked="", tried="", best_moment="", capacity_reason="-", reason="", suggestion="-",
        contact_name="", dispute="",
    )  # fmt: skip
    HandoverLink.objects.filter(handover__question=row).delete()
    OfferDraft.objects.filter(question=row).delete()
    Meeting.objects.filter(handover__question=row).update(place="-")
    Referral.objects.filter(question=row).update(name="-", what="-", reason="", service=None)
    Consult.objects.filter(question=row).update(text="-", answer="")
    Involvement.objects.filter(question=row).update(part="-", reason="")
    Wait.objects.filter(question=row).update(
        what="-", bridge="-", service=None, skip_reason="", reason=""
    )
    anonymise(question=row)
    return 1


def forget_again(key: str) -> int:
    """Forget a question that came back by a restore, also where it lived in that backup."""
    row = Question.objects.filter(pk=key).first()
    if row is not None and row.is_live:
        end_before_forgetting(question=row, now=timezone.now())
    return forget(key)


def _not_forgotten() -> Iterable[UUID]:
    rows = Question.objects.exclude(state=State.ANONYMISED)
    return rows.values_list("pk", flat=True)


SOURCES = (
    Source("question", _("Je vragen"), _questions, _erase, ("questions.Question",), blocks=_live,
           ask_to_end=_ask_to_end, keeps=_keeps),
    Source("asked-for-another", _("Wat je voor een ander vroeg"), _asked_for_another,
           lambda s: 0, ()),
    Source("handover", _("Wat er met je vragen gebeurde"), _of_questions, lambda s: 0,
           ("handovers.Handover", "questions.Task", "questions.Attempt", "questions.Crisis",
            "questions.CodeStep", "questions.BreakGlass", "questions.Discussion",
            "questions.AftercareAnswer", "questions.Objection", "questions.ContactAttempt",
            "handovers.Referral", "handovers.Consult", "handovers.Involvement",
            "handovers.Wait", "handovers.OfferDraft", "handovers.Meeting",
            "handovers.HandoverLink")),
    Source("emergency", _("Wat je in nood las"), _readings, _erase_readings, (), blocks=_read),
    Source("plan", _("Je plan"), _plans, lambda s: 0,
           ("questions.Goal", "questions.PlanAction", "questions.StrengthSplit",
            "questions.Measurement", "questions.YoungCarerSignal")),
    Source("network", _("De kaart van je mensen"), _network, _erase_network,
           ("questions.Tie", "questions.NetworkShare")),
    Source("filter", _("Lijsten die je bewaarde"), _filters, _erase_filters,
           ("questions.SavedFilter",)),
    Source("conversation", _("Berichten bij je vragen"), _conversation, lambda s: 0,
           ("questions.Post", "questions.Attachment")),
    Source("note", _("Notities bij je vragen"), _notes, lambda s: 0, ("questions.Note",)),
)  # fmt: skip
SHORT = (State.WITHDRAWN, State.UNREACHED)
# What a law asks of the municipality it asks of its own teams, and of no partner's.
MUNICIPAL = Q(team__organisation=None) | Q(team__organisation__as_municipality__isnull=False)
PROVISION = MUNICIPAL & Q(rung_reached=Rung.SPECIALIST)
PLAN = (
    MUNICIPAL & Q(rung_reached=Rung.TEAM) & Q(Exists(Goal.objects.filter(question=OuterRef("pk"))))
)


def _ended(which: Q) -> QuerySet[Question]:
    rows = Question.objects.filter(which, state__in=[State.CLOSED, State.OWN_WAY])
    return Question.objects.filter(pk__in=rows.values("pk"))


def _plain() -> QuerySet[Question]:
    return _ended(~Q(pk__in=_ended(PLAN | PROVISION).values("pk")))


_TERMS = (
    by_start("question", _plain, "ended_at", person="person", destroy=forget),
    by_start("question-plan", lambda: _ended(PLAN), "ended_at", person="person", destroy=forget),
    by_start("question-provision", lambda: _ended(PROVISION), "ended_at", person="person",
             destroy=forget),
    by_start("question-short", lambda: Question.objects.filter(state__in=SHORT), "ended_at",
             person="person", destroy=forget),
)  # fmt: skip
TERMS = tuple(replace(one, every_key=_not_forgotten, again=forget_again) for one in _TERMS)
