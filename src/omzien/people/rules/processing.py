"""The processing activities (verwerkingsactiviteiten) for which personal data may be read.

Article 30 of the AVG asks for a register. Every line of the logs names one of these by its
code, so that a person reads why somebody looked. Whether an activity is confidential is a
property of the activity, never of one line: otherwise each reader could hide their own look.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Activity:
    """One processing activity. `keep_years` is the retention term in calendar years."""

    code: str
    name: str
    purpose: str
    """What the person reads after "waarom"."""
    ground: str
    """The legal ground, article 6 of the AVG."""
    keep_years: int
    is_confidential: bool = False
    """The person does not see these lines: it would harm an inquiry or somebody else."""


ACTIVITIES = (
    Activity(
        "help",
        "Hulp bij een vraag",
        "om te helpen met een vraag",
        "taak van algemeen belang, art. 6 lid 1 onder e AVG (Wmo 2015)",
        5,
    ),
    Activity(
        "handover",
        "Warm overdragen",
        "om een vraag over te dragen aan iemand die verder helpt",
        "toestemming, art. 6 lid 1 onder a AVG",
        5,
    ),
    Activity(
        "volunteering",
        "Vrijwilligers en taken samenbrengen",
        "om vrijwilligers en taken bij elkaar te brengen",
        "overeenkomst, art. 6 lid 1 onder b AVG",
        2,
    ),
    Activity(
        "account",
        "Accounts en rollen beheren",
        "om een account of een rol te beheren",
        "taak van algemeen belang, art. 6 lid 1 onder e AVG",
        2,
    ),
    Activity(
        "own-data",
        "Eigen gegevens inzien",
        "om eigen gegevens in te zien",
        "wettelijke plicht, art. 6 lid 1 onder c AVG (art. 15 AVG)",
        5,
    ),
    Activity(
        "oversight",
        "Toezicht op privacy en beveiliging",
        "om na te gaan of gegevens goed gebruikt zijn",
        "wettelijke plicht, art. 6 lid 1 onder c AVG (art. 5 lid 2 en 32 AVG)",
        5,
    ),
    Activity(
        "leaving",
        "Gegevens meenemen naar een ander systeem",
        "om de gegevens van de gemeente mee te nemen naar een ander systeem",
        "taak van algemeen belang, art. 6 lid 1 onder e AVG",
        5,
    ),
    Activity(
        "inquiry",
        "Onderzoek naar misbruik of onveiligheid",
        "voor een onderzoek",
        "wettelijke plicht, art. 6 lid 1 onder c AVG (art. 23 AVG, art. 41 UAVG)",
        5,
        is_confidential=True,
    ),
)
BY_CODE = {one.code: one for one in ACTIVITIES}
CONFIDENTIAL = frozenset(one.code for one in ACTIVITIES if one.is_confidential)
