"""The demonstration's upkeep: old entries, reports and a change that waits."""

from datetime import date, timedelta
from itertools import product

from omzien.areas.models import Municipality
from omzien.directory.actions.counting import count_question
from omzien.directory.actions.edits import propose_edit
from omzien.directory.actions.reports import report_wrong
from omzien.directory.models import QuestionCount, Service
from omzien.directory.rules import CONTACTS_DAYS
from omzien.journal.isolation import working_for

EDITOR = "redactie@voorbeeld.example"

# Days since the contacts had to be checked, for as many entries without a worker until now.
OVERDUE = (0, 3, 14, 16, 21, 25, 40, 60, 80, 95)
WITHOUT_OWNER = 2
# About what was asked, how well that went, and how often at most.
WONDERED = (
    ("transport", QuestionCount.Kind.WEAK, 9),
    ("transport", QuestionCount.Kind.ASKED, 6),
    ("dutch-language", QuestionCount.Kind.NOTHING, 7),
    ("loneliness", QuestionCount.Kind.ASKED, 14),
    ("loneliness", QuestionCount.Kind.WEAK, 2),
    ("debt", QuestionCount.Kind.ASKED, 8),
    ("", QuestionCount.Kind.NOTHING, 6),
)


def neglect(municipality: Municipality, *, on: date) -> None:
    """Let some entries of a municipality grow old and let visitors and owners speak up."""
    with working_for(municipality.code):
        own = Service.objects.filter(municipality=municipality, status=Service.Status.ACTIVE)
        # From the end of the alphabet, so that the best known examples stay fresh.
        chosen = list(own.exclude(owner_email="").order_by("-sort_title")[: len(OVERDUE) + 4])
        for service, over in zip(chosen, OVERDUE, strict=False):
            checked = on - timedelta(days=CONTACTS_DAYS + over)
            Service.objects.filter(pk=service.pk).update(
                checked_on=checked, contacts_checked_on=checked
            )
        alone = [service.pk for service in chosen[1 : 1 + WITHOUT_OWNER]]
        Service.objects.filter(pk__in=alone).update(owner_email="")
        for service in chosen[len(OVERDUE) :][:2]:
            propose_edit(
                service=service,
                changes={
                    "cost": "€ 2,50 per keer",
                    "waiting": "ongeveer twee weken",
                    "phones": [["0413-555 777", "alleen ’s ochtends"]],
                    "remark": "De tijden op vrijdag kloppen ook niet meer.",
                },
                by="owner",
            )
        about = (("times", "Op vrijdag is het dicht.", 0), ("contact", "Er neemt niemand op.", 12))
        for service, (kind, text, days) in zip(chosen[-2:], about, strict=False):
            report_wrong(
                municipality=municipality,
                service=service,
                about=kind,
                text=text,
                on=on - timedelta(days=days),
            )


def wonder(municipality: Municipality, *, on: date) -> None:
    """Let residents have asked about things in the last months, some of it in vain."""
    villages = [village.slug for village in municipality.villages.order_by("slug")[:4]]
    with working_for(municipality.code):
        for ago, village in product((0, 31), [*villages, ""]):
            for topic, found, times in WONDERED:
                # A little different per village and month, and the same at each build.
                for _one in range(max(0, times - 2 * villages.index(village) if village else 3)):
                    count_question(
                        municipality=municipality,
                        area=village,
                        topic=topic,
                        found=found,
                        on=on - timedelta(days=ago),
                    )
