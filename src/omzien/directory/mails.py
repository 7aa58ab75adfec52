"""The mails about entries: their texts as Omzien ships them, and the places to fill in.

A municipality may write its own subject and body. Paragraphs are lazy, so that the shipped
text follows the form of address ("je" or "u") of the municipality that sends it.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from omzien.areas.models import Municipality
from omzien.messages.mails import HELLO, Letter, Mail, Place, written
from omzien.messages.mails import PLACES as COMMON

REGARDS = _("Groet,\nde redactie van Omzien {gemeente}")
ABOUT = _("Dit aanbod van {aanbieder} staat op Omzien: {titel}")
ASKED = _("Klopt het nog? {vraag}")
OVERDUE = _("Dit had op {dag} gebeurd moeten zijn.")
OF_ENTRY = ("titel", "aanbieder", "gemeente")
OF_REMINDER = (*OF_ENTRY, "vraag", "dag", "zakt_op", "weg_op", "links", "gegevens")
LINKS = frozenset({"links"})
TO_EDITORS = _("Naar de redactie: {link}")

PLACES: Mapping[str, Place] = {
    **COMMON,
    "titel": Place(_("de naam van het aanbod"), _("Open huiskamer De Kersentuin")),
    "aanbieder": Place(_("wie het aanbiedt"), _("Buurtgroep De Kersentuin")),
    "vraag": Place(_("wat er nagekeken moet worden"), _("Kijk alles even na.")),
    "dag": Place(_("een datum"), _("3 maart 2027")),
    "zakt_op": Place(_("vanaf wanneer het lager in de lijst staat"), _("24 maart 2027")),
    "weg_op": Place(_("wanneer het van de site gaat"), _("1 juni 2027")),
    "links": Place(
        _("de links om te bevestigen en te veranderen"),
        _("Alles klopt nog:\nhttps://voorbeeld.example/bevestig/…"),
    ),
    "gegevens": Place(
        _("alles wat er nu op de site staat"), _("Dit staat er nu:\n- Telefoon: 0413-555 000")
    ),
    "onderwerp": Place(_("waar de melding over gaat"), _("Dagen of tijden")),
    "uitkomst": Place(
        _("wat de redactie met de melding deed"), _("De redactie heeft je aanbod aangepast.")
    ),
    "reden": Place(
        _("waarom de redactie iets afwees, of liet staan"), _("Het adres is van iemand anders.")
    ),
}

MAILS: Mapping[str, Mail] = {
    "reminder-1": Mail(
        _("Aan de eigenaar: klopt het aanbod nog?"),
        _("Klopt dit nog? {titel}"),
        (HELLO, ABOUT, ASKED, "{links}", "{gegevens}", REGARDS),
        OF_REMINDER,
        LINKS,
    ),
    "reminder-2": Mail(
        _("Aan de eigenaar: tweede herinnering"),
        _("Nog een keer: klopt dit nog? {titel}"),
        (HELLO, ABOUT, ASKED, OVERDUE, "{links}", "{gegevens}", REGARDS),
        OF_REMINDER,
        LINKS,
    ),
    "reminder-3": Mail(
        _("Aan de eigenaar: laatste herinnering"),
        _("Laatste herinnering: klopt dit nog? {titel}"),
        (
            HELLO,
            ABOUT,
            ASKED,
            OVERDUE,
            _(
                "Dit is de laatste herinnering. Vanaf {zakt_op} staat je aanbod lager in de lijst. "
                "Horen we niets? Dan gaat het op {weg_op} van de site. Je krijgt dan nog bericht."
            ),
            "{links}",
            "{gegevens}",
            REGARDS,
        ),
        OF_REMINDER,
        LINKS | {"weg_op"},
    ),
    "left": Mail(
        _("Aan de eigenaar: het aanbod is van de site"),
        _("Niet meer op de site: {titel}"),
        (
            HELLO,
            _("Je aanbod staat niet meer op Omzien: {titel}"),
            _("We hebben gevraagd of het nog klopt, en kregen geen antwoord."),
            _("Er is niets weg. Klik op een van de links, dan staat het weer op de site."),
            "{links}",
            "{gegevens}",
            REGARDS,
        ),
        (*OF_ENTRY, "links", "gegevens"),
        LINKS,
    ),
    "taken-off": Mail(
        _("Aan de eigenaar: de redactie haalde het aanbod van de site"),
        _("Van de site gehaald: {titel}"),
        (
            HELLO,
            _("De redactie heeft je aanbod van de site gehaald: {titel}"),
            _("Er is niets weg. Ben je het er niet mee eens? Antwoord dan op deze mail."),
            REGARDS,
        ),
        OF_ENTRY,
    ),
    "put-back": Mail(
        _("Aan de eigenaar: het aanbod staat weer op de site"),
        _("Weer op de site: {titel}"),
        (HELLO, _("Je aanbod staat weer op de site: {titel}"), "{link}", REGARDS),
        (*OF_ENTRY, "link"),
    ),
    "new-link": Mail(
        _("Aan de eigenaar: de nieuwe link"),
        _("Je nieuwe link voor {titel}"),
        (
            HELLO,
            _("Er is een nieuwe link gevraagd voor: {titel}"),
            "{link}",
            _("De link werkt 60 dagen. Heb je niets gevraagd? Dan hoef je niets te doen."),
            REGARDS,
        ),
        (*OF_ENTRY, "link"),
        frozenset({"link"}),
    ),
    "reported": Mail(
        _("Aan de eigenaar: een bezoeker zegt dat iets niet klopt"),
        _("Klopt dit niet? {titel}"),
        (
            HELLO,
            _("Een bezoeker zegt dat dit aanbod niet klopt: {titel}"),
            _("Het gaat over: {onderwerp}."),
            _("Kijk je het na, uiterlijk {dag}? Wat de bezoeker schreef, lees je bij de links."),
            "{links}",
            REGARDS,
        ),
        (*OF_ENTRY, "onderwerp", "dag", "links"),
        LINKS,
    ),
    "settled": Mail(
        _("Aan de eigenaar: de melding is afgehandeld"),
        _("Melding afgehandeld: {titel}"),
        (
            HELLO,
            _("Er was gemeld dat dit aanbod niet klopte: {titel}"),
            "{uitkomst}",
            _("Ben je het er niet mee eens? Antwoord dan op deze mail."),
            REGARDS,
        ),
        (*OF_ENTRY, "uitkomst"),
        frozenset({"uitkomst"}),
    ),
    "approved": Mail(
        _("Aan de eigenaar: de wijziging staat op de site"),
        _("Je wijziging staat op de site: {titel}"),
        (HELLO, _("Je wijziging staat op de site: {titel}"), "{link}", REGARDS),
        (*OF_ENTRY, "link"),
    ),
    "rejected": Mail(
        _("Aan de eigenaar: de wijziging is niet overgenomen"),
        _("Je wijziging is niet overgenomen: {titel}"),
        (
            HELLO,
            _("De redactie heeft je wijziging niet overgenomen: {titel}"),
            _("De reden: {reden}"),
            _("Wat er stond, staat er nog. Je kunt een nieuwe wijziging sturen:"),
            "{link}",
            REGARDS,
        ),
        (*OF_ENTRY, "reden", "link"),
        frozenset({"reden", "link"}),
    ),
    "entry-stays": Mail(
        _("Aan de eigenaar: het aanbod blijft op de site"),
        _("Het blijft op de site: {titel}"),
        (
            HELLO,
            _("Je zei dat dit gestopt is: {titel}"),
            _("De redactie laat het op de site staan. De reden: {reden}"),
            _("Is het toch gestopt? Zeg het dan nog een keer, en schrijf erbij waarom:"),
            "{link}",
            REGARDS,
        ),
        (*OF_ENTRY, "reden", "link"),
        frozenset({"reden", "link"}),
    ),
    "entry-stopped": Mail(
        _("Aan de eigenaar: het aanbod is gestopt en van de site"),
        _("Gestopt en van de site: {titel}"),
        (
            HELLO,
            _("Je zei dat dit gestopt is: {titel}"),
            _("De redactie heeft het van de site gehaald. Dank je wel dat je het zei."),
            _("Er is niets weg. Begin je weer? Antwoord dan op deze mail."),
            REGARDS,
        ),
        OF_ENTRY,
    ),
    "editors-reported": Mail(
        _("Aan de redactie: een bezoeker zegt dat iets niet klopt"),
        _("Melding: {titel}"),
        (
            _("Een bezoeker zegt dat dit niet klopt: {titel}"),
            _("Het gaat over: {onderwerp}."),
            _("Handel het af, uiterlijk {dag}."),
            TO_EDITORS,
        ),
        ("titel", "gemeente", "onderwerp", "dag", "link"),
        frozenset({"link"}),
    ),
    "editors-late": Mail(
        _("Aan de redactie: een melding is te laat"),
        _("Te laat: melding over {titel}"),
        (_("Deze melding had op {dag} klaar moeten zijn: {titel}"), TO_EDITORS),
        ("titel", "gemeente", "dag", "link"),
        frozenset({"link"}),
    ),
    "editors-edit": Mail(
        _("Aan de redactie: een wijziging wacht"),
        _("Wijziging om goed te keuren: {titel}"),
        (_("De eigenaar wil iets veranderen aan: {titel}"), TO_EDITORS),
        ("titel", "gemeente", "link"),
        frozenset({"link"}),
    ),
    "editors-stopped": Mail(
        _("Aan de redactie: de eigenaar zegt dat iets gestopt is"),
        _("Gestopt? {titel}"),
        (
            _("De eigenaar zegt dat dit gestopt is: {titel}"),
            _("Beslis of het van de site gaat, uiterlijk {dag}. Tot dan blijft het staan."),
            TO_EDITORS,
        ),
        ("titel", "gemeente", "dag", "link"),
        frozenset({"link"}),
    ),
    "editors-edit-late": Mail(
        _("Aan de redactie: een wijziging wacht te lang"),
        _("Te laat: wijziging van {titel}"),
        (_("Hierover had op {dag} beslist moeten zijn: {titel}"), TO_EDITORS),
        ("titel", "gemeente", "dag", "link"),
        frozenset({"link"}),
    ),
    "editors-left": Mail(
        _("Aan de redactie: een aanbod is van de site"),
        _("Van de site: {titel}"),
        (
            _("Dit aanbod is van de site gegaan: {titel} ({aanbieder})."),
            _("De eigenaar gaf geen antwoord op onze herinneringen."),
            _("Op de pagina van de redactie kun je het terugzetten."),
            TO_EDITORS,
        ),
        (*OF_ENTRY, "link"),
        frozenset({"link"}),
    ),
}


def letter(code: str, municipality: Municipality | None, values: Mapping[str, str]) -> Letter:
    """Return a mail, filled in: in the municipality's own words where it wrote them."""
    return written(MAILS, code, municipality, values)
