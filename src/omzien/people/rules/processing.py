"""The processing activities (verwerkingsactiviteiten) for which personal data is kept and read.

Article 30 of the AVG asks for a register: `people/privacy/register.py` makes it from this table
and from `people/privacy/classes.md`. Every line of the logs names one of these by its code, so
that a person reads why somebody looked. Whether an activity is confidential is a property of
the activity, never of one line: otherwise each reader could hide their own look.
"""

from dataclasses import dataclass

PUBLIC_TASK = "taak van algemeen belang, art. 6 lid 1 onder e AVG"
CARE_TASK = "taak van algemeen belang, art. 6 lid 1 onder e AVG (Wmo 2015)"
DUTY = "wettelijke plicht, art. 6 lid 1 onder c AVG"


@dataclass(frozen=True)
class Activity:
    """One processing activity."""

    code: str
    name: str
    purpose: str
    """What the person reads after "waarom"."""
    ground: str
    """The legal ground, article 6 of the AVG."""
    is_confidential: bool = False
    """The person does not see these lines: it would harm an inquiry or somebody else."""
    persons: str = "inwoners"
    """Whose data it is."""
    recipients: str = "niemand buiten de gemeente"
    """Who gets the data, besides the municipality itself."""
    reads: tuple[str, ...] = ()
    """Activities of which this one reads the data; it keeps none of its own. "*" is all."""


ACTIVITIES = (
    Activity(
        "help",
        "Hulp bij een vraag",
        "om te helpen met een vraag",
        CARE_TASK,
        persons="inwoners met een vraag, en hun naasten",
        recipients="partners aan wie de inwoner de vraag laat doorgeven",
    ),
    Activity(
        "handover",
        "Warm overdragen",
        "om een vraag over te dragen aan iemand die verder helpt",
        "toestemming, art. 6 lid 1 onder a AVG",
        persons="inwoners met een vraag",
        recipients="de partner die verder helpt",
    ),
    Activity(
        "worry",
        "Zorgen om iemand",
        "om na te gaan of iemand hulp nodig heeft",
        CARE_TASK,
        persons="mensen om wie iemand zich zorgen maakt, en wie dat meldt",
    ),
    Activity(
        "early-debt",
        "Vroege signalen van schulden",
        "om een gesprek aan te bieden bij een betaalachterstand",
        "taak van algemeen belang, art. 6 lid 1 onder e AVG (Wet gemeentelijke "
        "schuldhulpverlening, art. 3 lid 1 onder b)",
        persons="inwoners met een betaalachterstand, gemeld door verhuurder, energiebedrijf, "
        "waterbedrijf of zorgverzekeraar",
        recipients="niemand; de partner hoort alleen dat er een gesprek is aangeboden",
    ),
    Activity(
        "mediation",
        "Buurtbemiddeling",
        "om te bemiddelen tussen buren",
        PUBLIC_TASK,
        persons="buren die om bemiddeling vragen, hun buren, en vrijwilligers die bemiddelen",
        recipients="de twee vrijwilligers die bemiddelen",
    ),
    Activity(
        "danger",
        "In nood meelezen bij gevaar",
        "om iemand te beschermen die gevaar loopt",
        "vitaal belang, art. 6 lid 1 onder d AVG (art. 23 AVG, art. 41 UAVG)",
        is_confidential=True,
        persons="inwoners die in gevaar zijn",
        reads=("help",),
    ),
    Activity(
        "volunteering",
        "Vrijwilligers en taken samenbrengen",
        "om vrijwilligers en taken bij elkaar te brengen",
        "overeenkomst, art. 6 lid 1 onder b AVG",
        persons="vrijwilligers, en inwoners die hulp vragen",
        recipients="de organisatie van de taak",
    ),
    Activity(
        "account",
        "Accounts en rollen beheren",
        "om een account of een rol te beheren",
        PUBLIC_TASK,
        persons="mensen met een account of een rol",
        recipients="de organisatie waarvoor iemand een rol heeft",
    ),
    Activity(
        "mandate",
        "Machtigingen bijhouden",
        "om vast te leggen wie iets mag doen voor een inwoner",
        CARE_TASK,
        persons="inwoners en wie zij machtigen",
    ),
    Activity(
        "sharing",
        "Grondslagen voor delen vastleggen",
        "om vast te leggen wat met wie gedeeld mag worden",
        DUTY + " (art. 5 lid 2 en art. 7 AVG)",
        persons="inwoners van wie gegevens worden gedeeld",
        recipients="wie in de grondslag genoemd is",
    ),
    Activity(
        "directory",
        "Het aanbod bijhouden",
        "om te zorgen dat het aanbod op de site klopt",
        PUBLIC_TASK,
        persons="mensen die aanbod bijhouden of daarvan het aanspreekpunt zijn",
        recipients="iedereen, voor de contactgegevens die op de site staan",
    ),
    Activity(
        "feedback",
        "Meldingen en meningen verwerken",
        "om fouten te herstellen en de site beter te maken",
        PUBLIC_TASK,
        persons="bezoekers die iets melden, en mensen die zij noemen",
        recipients="wie het gemelde aanbod bijhoudt",
    ),
    Activity(
        "mail",
        "Mail versturen",
        "om mensen te laten weten wat er is gebeurd",
        PUBLIC_TASK,
        persons="mensen die mail van Omzien krijgen",
        recipients="de mailserver van de gemeente",
    ),
    Activity(
        "own-data",
        "Eigen gegevens inzien en laten wissen",
        "om eigen gegevens in te zien",
        DUTY + " (art. 12, 15, 17 en 20 AVG)",
        persons="mensen die hun gegevens opvragen of laten wissen",
        reads=("*",),
    ),
    Activity(
        "retention",
        "Gegevens wissen op tijd",
        "om gegevens te wissen die niet meer nodig zijn",
        DUTY + " (art. 5 lid 1 onder e AVG en Archiefwet)",
        persons="iedereen van wie gegevens bewaard zijn",
        reads=("*",),
    ),
    Activity(
        "oversight",
        "Toezicht op privacy en beveiliging",
        "om na te gaan of gegevens goed gebruikt zijn",
        DUTY + " (art. 5 lid 2 en 32 AVG)",
        persons="mensen met een rol, en mensen van wie gegevens zijn bekeken",
        recipients="de Autoriteit Persoonsgegevens, als die erom vraagt",
    ),
    Activity(
        "leaving",
        "Gegevens meenemen naar een ander systeem",
        "om de gegevens van de gemeente mee te nemen naar een ander systeem",
        PUBLIC_TASK,
        persons="iedereen van wie gegevens bewaard zijn",
        recipients="de leverancier van het volgende systeem",
        reads=("directory",),
    ),
    Activity(
        "inquiry",
        "Onderzoek naar misbruik of onveiligheid",
        "voor een onderzoek",
        DUTY + " (art. 23 AVG, art. 41 UAVG)",
        is_confidential=True,
        persons="mensen met een rol",
        recipients="de Autoriteit Persoonsgegevens of de politie, als de wet dat eist",
        reads=("oversight",),
    ),
)
BY_CODE = {one.code: one for one in ACTIVITIES}
CONFIDENTIAL = frozenset(one.code for one in ACTIVITIES if one.is_confidential)

# How personal data is kept safe (AVG, article 32); it holds for every activity.
MEASURES = (
    "Elke gemeente ziet alleen de eigen gegevens. De database dwingt dat af.",
    "Wie iets mag zien of doen, staat in één tabel met rollen. Dat wordt bij elk bezoek nagekeken.",
    "Wie met gegevens van anderen werkt, meldt zich aan met een tweede stap.",
    "In logboeken en feiten staat een willekeurig nummer en nooit een naam.",
    "Verbindingen zijn versleuteld. Wachtwoorden worden niet leesbaar bewaard.",
    "Wat niet meer nodig is, wordt gewist. Ook na het terugzetten van een reservekopie.",
)
