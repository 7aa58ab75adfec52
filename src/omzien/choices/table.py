"""The one table of settings: what each is called, what it may be, and what holds by itself.

A setting that nobody chose is not stored: it follows what Omzien ships, also after an update.
The code that uses a setting asks for it by its code (`areas/queries/choices.py`).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from omzien.areas.models import Municipality
from omzien.choices.kinds import TEXT, Limits
from omzien.choices.mails import MAILS, SUBJECT_OF_WAY_IN
from omzien.choices.mails import SECTIONS as OF_MAILS
from omzien.directory.language.topics import all_domains, all_topics
from omzien.directory.rules import STANDARD
from omzien.mediation.rules.terms import STANDARD as MEDIATION
from omzien.messages.mails import Mail, shipped
from omzien.questions.rules.terms import STANDARD as HELP


@dataclass(frozen=True)
class Setting:
    """One thing that a municipality may choose.

    `default` is a value, or a function of the municipality where that says "je" or "u".
    """

    code: str
    group: str
    kind: str
    label: Any
    hint: Any = ""
    default: Any = ""
    limits: Limits = field(default_factory=Limits)

    def standard(self, municipality: Municipality) -> Any:
        """Return what holds when nothing was chosen."""
        return self.default(municipality) if callable(self.default) else self.default


@dataclass(frozen=True)
class Group:
    """The settings that stand together on a page."""

    code: str
    section: str
    title: Any
    intro: Any = ""


GENERAL, TOPICS = "general", "topics"
SECTIONS = {
    GENERAL: _("Gemeente en site"),
    "residents": _("Mails aan inwoners"),
    "teams": _("Mails aan teams over vragen"),
    "handovers": _("Mails aan teams over overdrachten"),
    "mediation": _("Mails over buurtbemiddeling"),
    "entries": _("Mails over het aanbod"),
    "way-in": _("Mails over aanmelden"),
    TOPICS: _("Onderwerpen"),
}
GROUPS = (
    Group("gemeente", GENERAL, _("Naam en contact"), _("Inwoners zien dit onderaan elke pagina.")),
    Group(
        "aanspreken",
        GENERAL,
        _("Je of u"),
        _("Zo spreekt de site mensen aan, op elke pagina en in elke mail."),
    ),
    Group(
        "nood",
        GENERAL,
        _("Hulp bij nood"),
        _(
            "Wie vannacht geen bed heeft of uit huis wordt gezet, krijgt dit nummer te zien, "
            "naast de landelijke nummers."
        ),
    ),
    Group(
        "ondersteuning",
        GENERAL,
        _("Onafhankelijke cliëntondersteuning"),
        _(
            "Inwoners zien dit bij hun vraag. De gemeente moet wijzen op gratis, onafhankelijke "
            "ondersteuning (Wmo 2015, artikel 2.3.2 lid 3)."
        ),
    ),
    Group("open", GENERAL, _("Openingstijden en vrije dagen")),
    Group(
        "termijnen",
        GENERAL,
        _("Termijnen"),
        _("Een andere termijn geldt meteen, ook voor aanbod dat al op de site staat."),
    ),
    Group(
        "hulpvragen",
        GENERAL,
        _("Termijnen van hulpvragen"),
        _(
            "Een andere termijn geldt meteen, voor wat daarna begint. Wat al loopt, houdt zijn "
            "dag. Na een vroeg signaal moet binnen vier weken een gesprek zijn aangeboden: dat "
            "staat in de wet (Wgs, artikel 4 lid 1) en is niet te kiezen."
        ),
    ),
    Group(
        "buurtbemiddeling",
        GENERAL,
        _("Buurtbemiddeling"),
        _(
            "Vrijwilligers van dit team bemiddelen tussen buren. Zonder team is er nergens iets "
            "van te zien. Een andere termijn geldt voor wat daarna begint."
        ),
    ),
    Group(
        "onderdelen",
        GENERAL,
        _("Onderdelen van de site"),
        _("Wat uit staat, is nergens meer te vinden. Er gaat niets verloren."),
    ),
    Group(
        "uiterlijk",
        GENERAL,
        _("Kleuren en letter"),
        _("We rekenen na of alles goed te lezen blijft. Is dat niet zo? Dan bewaren we niets."),
    ),
)
FONTS = {
    "atkinson": '"Atkinson Hyperlegible", "Noto Sans", "Segoe UI", system-ui, sans-serif',
    "system": "system-ui, sans-serif",
    "verdana": "Verdana, Geneva, sans-serif",
    "arial": "Arial, Helvetica, sans-serif",
    "georgia": "Georgia, Cambria, serif",
}
FONT_NAMES = {
    "atkinson": _("Atkinson Hyperlegible (zoals Omzien)"),
    "system": _("de letter van het apparaat"),
    "verdana": "Verdana",
    "arial": "Arial",
    "georgia": "Georgia",
}
THEME = {
    "theme_main": "#14634b",
    "theme_dark": "#0c4534",
    "theme_light": "#e4f0ea",
    "theme_accent": "#ffc94d",
    "theme_radius": 10,
    "theme_font": "atkinson",
}
COLOURS = {
    "theme_main": _("Hoofdkleur"),
    "theme_dark": _("Donkere kleur"),
    "theme_light": _("Lichte kleur"),
    "theme_accent": _("Accentkleur"),
}


def _setting(group: str, code: str, kind: str, label: Any, hint: Any = "", **more: Any) -> Setting:
    default = more.pop("default", "")
    return Setting(code, group, kind, label, hint, default, Limits(**more))


def _days(code: str, label: Any, hint: Any, default: int, least: int, most: int) -> Setting:
    return _setting(
        "termijnen", code, "number", label, hint,
        default=default, least_number=least, most_number=most,
    )  # fmt: skip


def _help(name: str, label: Any, hint: Any, least: int, most: int) -> Setting:
    return _setting(
        "hulpvragen", f"question_{name}", "number", label, hint,
        default=getattr(HELP, name), least_number=least, most_number=most,
    )  # fmt: skip


def _mediation(name: str, label: Any, hint: Any, least: int, most: int) -> Setting:
    return _setting(
        "buurtbemiddeling", f"mediation_{name}", "number", label, hint,
        default=getattr(MEDIATION, name), least_number=least, most_number=most,
    )  # fmt: skip


def _switch(feature: str, label: Any, hint: Any) -> Setting:
    return _setting("onderdelen", f"use_{feature}", "flag", label, hint, default=True)


def _own(name: str) -> Callable[[Municipality], str]:
    return lambda municipality: str(getattr(municipality, name))


PLAIN = (
    _setting(
        "gemeente", "name", "line", _("Naam van de gemeente"),
        default=_own("name"), most=80, required=True,
    ),
    _setting(
        "gemeente", "contact_phone", "phone", _("Telefoon"), _("Bijvoorbeeld: 14 0413.")
    ),
    _setting(
        "gemeente", "contact_email", "mail", _("Mailadres voor inwoners"), most=254
    ),
    _setting(
        "gemeente", "contact_address", "text", _("Bezoekadres"),
        _("Straat en nummer op de eerste regel, plaats op de tweede."), most=300,
    ),
    _setting("gemeente", "contact_website", "url", _("Website")),
    _setting(
        "gemeente", "editors_email", "mail", _("Mailadres van de redactie"),
        _("Hier komen meldingen en wijzigingen binnen. Wie een mail van ons beantwoordt, "
          "schrijft naar dit adres."),
        default=_own("editors_email"), most=254,
    ),
    _setting(
        "gemeente", "privacy_email", "mail", _("Mailadres van de privacyfunctionaris (FG)"),
        _("Staat op de pagina Privacy. De wet vraagt dat inwoners dit weten (AVG, artikel 13)."),
        most=254,
    ),
    _setting("gemeente", "privacy_phone", "phone", _("Telefoon van de privacyfunctionaris (FG)")),
    _setting(
        "aanspreken", "address_form", "choice", _("Aanspreekvorm"),
        _("Wat organisaties zelf over hun aanbod schrijven, verandert niet."),
        default="je", options={"je": _("je en jij"), "u": _("u")},
    ),
    _setting(
        "nood", "crisis_desk", "phone", _("Nummer van de crisisdienst of opvang"),
        _("Leeg betekent: alleen de landelijke nummers."),
    ),
    _setting(
        "nood", "crisis_desk_name", "line", _("Naam van de crisisdienst of opvang"), most=80
    ),
    _setting("ondersteuning", "support_name", "line", _("Naam van de organisatie"), most=80),
    _setting("ondersteuning", "support_phone", "phone", _("Telefoon")),
    _setting("ondersteuning", "support_website", "url", _("Website")),
    _setting(
        "nood", "duty_team", "line", _("Team dat meekijkt bij een acute vraag"),
        _("De naam van een team, precies zoals bij Teams. Dat team leest elke acute vraag en kan "
          "laten weten dat het haar oppakt. Leeg betekent: alleen het team van de vraag."),
        most=120,
    ),
    _setting(
        "nood", "duty_phone", "phone", _("Nummer voor een acute vraag"),
        _("Staat waar iemand zorgen om een ander meldt en bij elke acute vraag. Wordt als eerste "
          "gebeld als niemand oppakt."),
    ),
    _setting(
        "open", "desk_hours", "week", _("Openingstijden van de gemeente"),
        _("Op elke regel een dag: maandag 9.00-17.00. Een dag mag twee keer, met een pauze "
          "ertussen. Een dag die er niet staat, is dicht."),
        default=[],
    ),
    _setting(
        "open", "closed_days", "dates", _("Dagen waarop de gemeente dicht is"),
        _("Naast de landelijke feestdagen. Op elke regel een datum: 24-12-2026. "
          "Deze dagen tellen niet mee als werkdag."),
        default=[],
    ),
    _days(
        "report_working_days", _("Werkdagen om een melding af te handelen"),
        _("Van een bezoeker die zegt dat iets niet klopt."),
        STANDARD.report_working_days, 1, 20,
    ),
    _days(
        "contacts_days", _("Dagen tot de contactgegevens weer nagekeken moeten worden"), "",
        STANDARD.contacts_days, 60, 365,
    ),
    _days(
        "all_days", _("Dagen tot alles weer nagekeken moet worden"), "",
        STANDARD.all_days, 180, 730,
    ),
    _days(
        "remind_again_days", _("Dagen na de eerste mail tot de tweede"),
        _("Vanaf deze dag staat bij het aanbod dat het al lang niet is gecontroleerd."),
        STANDARD.reminder_days[1], 7, 60,
    ),
    _days(
        "remind_last_days", _("Dagen na de eerste mail tot de laatste herinnering"),
        _("Vanaf deze dag staat het aanbod lager in de lijst."),
        STANDARD.reminder_days[2], 14, 90,
    ),
    _days(
        "leave_days", _("Dagen na de eerste mail tot het aanbod van de site gaat"),
        _("Altijd minstens 14 dagen na de laatste herinnering."),
        STANDARD.leave_days, 45, 365,
    ),
    _help(
        "reply", _("Werkdagen tot een mens antwoordt"),
        _("De inwoner hoort na het versturen meteen bij welk team de vraag is."), 1, 5,
    ),
    _help(
        "next_step", _("Werkdagen voor een volgende stap als een overdracht terugkomt"), "", 1, 5
    ),
    _help(
        "silent", _("Werkdagen tot een vraag aan de inwoner zonder antwoord opvalt"), "", 3, 20
    ),
    _help(
        "remind", _("Werkdagen tot een herinnering aan wie een overdracht kreeg"),
        _("Ook aan een team dat om raad of om meedoen is gevraagd."), 1, 9,
    ),
    _help(
        "answer", _("Werkdagen tot een overdracht zonder antwoord terugkomt"),
        _("Altijd na de herinnering. Een vraag om raad of om meedoen stopt dan ook."), 2, 10,
    ),
    _help("urgent", _("Hetzelfde, bij een overdracht met spoed"), _("In werkdagen."), 1, 3),
    _help(
        "external_days", _("Dagen tot een overdracht terugkomt van een team zonder account"),
        _("Dat team antwoordt met een link in de mail. Halverwege komt een herinnering."), 7, 28,
    ),
    _help(
        "contact", _("Werkdagen van aannemen tot het eerste gesprek"),
        _(
            "Komt er geen gesprek? Dan komt de vraag terug. Na zoveel dagen vragen we ook hoe een "
            "verwijzing ging."
        ),
        3, 20,
    ),
    _help(
        "give_up", _("Werkdagen van de eerste poging om iemand te bereiken tot het mag stoppen"),
        _("Er hoort ook een brief bij, en minstens drie pogingen op twee manieren."), 10, 30,
    ),
    _help(
        "report_weeks", _("Weken na een overdracht tot de nieuwe eigenaar vertelt hoe het liep"),
        "", 2, 12,
    ),
    _help(
        "reopen_weeks", _("Weken waarin een afgeronde vraag weer open kan"), "", 4, 26
    ),
    _help(
        "waiting_weeks", _("Weken waarin wie op een wachtlijst staat, iets hoort van het team"),
        _("Geldt voor wie er daarna op komt."), 2, 12,
    ),
    _help(
        "triage", _("Werkdagen tot een team een melding van zorgen oppakt"),
        _("Wat acuut is, gaat altijd meteen."), 1, 3,
    ),
    _help(
        "tell", _("Werkdagen tot de persoon om wie het gaat, hoort van een melding of noodinzage"),
        _("De wet vraagt het binnen een maand (AVG, artikel 14 lid 3)."), 1, 10,
    ),
    _help(
        "review", _("Werkdagen tot een noodinzage is nagekeken"),
        _("Nooit meer dan vijf: meelezen in nood is een uitzondering."), 1, 5,
    ),
    _help(
        "objection", _("Werkdagen tot antwoord aan wie het er niet mee eens is"),
        _("Dit is ons eigen antwoord. Voor bezwaar bij de gemeente en voor klachten geldt de wet "
          "(Awb)."), 2, 15,
    ),
    _help(
        "call", _("Werkdagen om te bellen of het is opgelost"),
        _("Als er geen mailadres bekend is."), 1, 10,
    ),
    _help(
        "caseload", _("Werklast waarboven geven een reden vraagt"),
        _("Nieuw telt voor 1, in gesprek voor 2, lopend voor 1 en acuut voor 3. Op de twee hoogste "
          "treden telt een vraag voor 1 meer. Een 0 betekent: geen grens."), 0, 200,
    ),
    _setting(
        "buurtbemiddeling", "mediation_team", "line", _("Team dat bemiddelt tussen buren"),
        _("De naam van een team, precies zoals bij Teams. De coördinator van dat team regelt de "
          "zaken, en de vrijwilligers van dat team bemiddelen. Leeg betekent: er is geen "
          "buurtbemiddeling."),
        most=120,
    ),
    _mediation(
        "intake", _("Werkdagen tot de coördinator de melder spreekt"),
        _("Nooit meer dan vijf: zo werkt buurtbemiddeling overal."), 1, 5,
    ),
    _mediation("choose", _("Werkdagen om twee bemiddelaars te vinden"), "", 1, 10),
    _mediation("answer", _("Werkdagen waarin een bemiddelaar ja of nee zegt"), "", 1, 5),
    _mediation(
        "talk", _("Werkdagen voor een gesprek met één buur"),
        _("Ook voor het vragen van de andere buur."), 3, 20,
    ),
    _mediation(
        "joint", _("Werkdagen voor het gesprek samen"),
        _("Daarna nog eens zoveel voor de afspraken."), 5, 30,
    ),
    _mediation(
        "coach_weeks", _("Weken hulp voor één buur"), _("Als de ander niet meedoet."), 1, 8
    ),
    _mediation(
        "aftercare_weeks", _("Weken van de afspraken tot de nazorg"), _("Twee tot zes weken."),
        2, 6,
    ),
    _mediation(
        "escalate", _("Werkdagen over tijd tot de beheerder hoort dat een zaak stilligt"), "", 1, 10
    ),
    _mediation(
        "give_up", _("Werkdagen over tijd tot een zaak vanzelf stopt"),
        _("Beide buren krijgen daar bericht van."), 10, 60,
    ),
    _switch("mediation", _("Buurtbemiddeling"), _("Alleen te zien met een team dat bemiddelt.")),
    _switch("agenda", _("Agenda"), _("De pagina met activiteiten van deze week.")),
    _switch(
        "feeds", _("Agenda’s en nieuws om te volgen"),
        _("De bestanden (.ics en Atom) waarmee iemand een dorp of een onderwerp volgt."),
    ),
    _switch("shortlist", _("Bewaard"), _("De lijst waarop een bezoeker aanbod bewaart.")),
    _switch(
        "feedback", _("Mening over een pagina"), _("De vraag onderaan elke pagina, en in de API.")
    ),
    _switch("map", _("Kaart"), _("De kaart bij een antwoord.")),
    _switch(
        "embedding", _("De vraagbalk op andere sites"),
        _("Alleen de sites hieronder kunnen hem tonen."),
    ),
    _setting(
        "onderdelen", "embedding_hosts", "hosts", _("Sites die de vraagbalk mogen tonen"),
        _("Op elke regel een adres: https://www.voorbeeld.nl. Met een ster voor alle namen "
          "eronder: https://*.voorbeeld.nl."),
        default=[],
    ),
    _setting(
        "uiterlijk", "theme_main", "colour", COLOURS["theme_main"],
        _("Van knoppen en links."), default=THEME["theme_main"],
    ),
    _setting(
        "uiterlijk", "theme_dark", "colour", COLOURS["theme_dark"],
        _("Van de voet van de pagina, met witte letters erop."), default=THEME["theme_dark"],
    ),
    _setting(
        "uiterlijk", "theme_light", "colour", COLOURS["theme_light"],
        _("Achter berichten en de vraagbalk, met zwarte letters erop."),
        default=THEME["theme_light"],
    ),
    _setting(
        "uiterlijk", "theme_accent", "colour", COLOURS["theme_accent"],
        _("De rand om wat gekozen is met het toetsenbord."), default=THEME["theme_accent"],
    ),
    _setting(
        "uiterlijk", "theme_radius", "number", _("Ronding van hoeken"), _("In pixels."),
        default=THEME["theme_radius"], least_number=0, most_number=24,
    ),
    _setting(
        "uiterlijk", "theme_font", "choice", _("Letter"), default=THEME["theme_font"],
        options=FONT_NAMES,
    ),
)  # fmt: skip


WAY_IN_SUBJECT = _(
    "Het onderwerp is ook te lezen op een telefoon die op slot is. Zet er geen code of link in."
)
WAY_IN_INTRO = _(
    "In deze mail kan geen ander webadres staan dan dat Omzien zelf invult. Zo leert niemand op "
    "een vreemde link te klikken."
)


def _of_mails() -> Iterator[Setting]:
    for code, mail in MAILS.items():
        closed = mail.is_way_in
        in_subject = SUBJECT_OF_WAY_IN if closed else mail.places
        yield Setting(
            f"mail.{code}.subject", f"mail-{code}", "mail_subject", _("Onderwerp"),
            WAY_IN_SUBJECT if closed else "",
            lambda town, mail=mail: shipped(mail, town).subject,
            Limits(most=150, places=in_subject, no_addresses=closed),
        )  # fmt: skip
        yield Setting(
            f"mail.{code}.body", f"mail-{code}", "mail_body", _("Tekst"), "",
            lambda town, mail=mail: shipped(mail, town).body,
            Limits(most=TEXT, needed=mail.needed, places=mail.places, no_addresses=closed),
        )  # fmt: skip


def _of_topics() -> Iterator[Setting]:
    for topic in all_topics().values():
        group = f"onderwerp-{topic.domain}"
        yield Setting(
            f"topic.{topic.code}.label", group, "line", topic.nl, "", topic.nl, Limits(most=80)
        )
        yield Setting(
            f"topic.{topic.code}.text", group, "text", _("Uitleg"),
            _("Eén of twee zinnen boven het antwoord. Mag leeg zijn."), "", Limits(most=400),
        )  # fmt: skip


@cache
def settings() -> Mapping[str, Setting]:
    """Return every setting by its code, in the order of the pages."""
    found = (*PLAIN, *_of_mails(), *_of_topics())
    return {one.code: one for one in found}


def _of_mail(section: str, code: str, mail: Mail) -> Group:
    return Group(f"mail-{code}", section, mail.title, WAY_IN_INTRO if mail.is_way_in else "")


def mail_of(group: Group) -> str:
    """Return the code of the mail that a group holds; "" for another group."""
    return group.code.removeprefix("mail-") if group.section in OF_MAILS else ""


@cache
def groups() -> Mapping[str, Group]:
    """Return every group by its code, in the order of the pages."""
    of_mails = [
        _of_mail(section, code, mail)
        for section, mails in OF_MAILS.items()
        for code, mail in mails.items()
    ]
    of_topics = [Group(f"onderwerp-{d.code}", TOPICS, d.nl) for d in all_domains().values()]
    return {one.code: one for one in (*GROUPS, *of_mails, *of_topics)}


def of_group(group: str) -> list[Setting]:
    """Return the settings of a group."""
    return [one for one in settings().values() if one.group == group]


def value_of(setting: Setting, municipality: Municipality) -> Any:
    """Return what holds for a municipality: what it chose, or the standard."""
    return municipality.settings.get(setting.code, setting.standard(municipality))
