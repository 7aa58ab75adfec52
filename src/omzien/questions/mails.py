"""The mails about a question: that something waits, never what it is about, of whom or why.

A municipality may write its own words. No mail has a place for more than its link, the number
of the question, or the phone to call.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from omzien.messages.mails import HELLO, REGARDS, Mail, Place, notice
from omzien.messages.mails import PLACES as COMMON

READ = _("Lees het in Omzien: {link}")

PLACES: Mapping[str, Place] = {
    **COMMON,
    "nummer": Place(_("het nummer van de vraag"), "K7P4-WQ9D"),
    "telefoons": Place(_("het nummer om nu te bellen"), "0413-555 000"),
}


FOLLOW = _(
    "Wat er met de vraag gebeurt, en wie je helpt, zie je hier. Je krijgt dan een "
    "code in de mail: {link}"
)


def _receipt(title: Any, opening: Any, follow: Any = FOLLOW) -> Mail:
    """Return the mail that says that a question came in (Wmo 2015, art. 2.3.2 lid 1).

    The name of a team may say what a question is about, so it stands on the page only.
    """
    return Mail(
        title,
        _("We hebben je vraag ontvangen"),
        (
            HELLO,
            opening,
            _("Het nummer van de vraag is {nummer}. Noem dit nummer als je belt."),
            follow,
            _(
                "Weet je van niets? Dan heeft iemand zich vergist in het mailadres. Je hoeft "
                "niets te doen."
            ),
            REGARDS,
        ),
        ("nummer", "link", "gemeente"),
        frozenset({"nummer", "link"}),
    )


TO_RESIDENT: Mapping[str, Mail] = {
    "asked": _receipt(
        _("Aan de inwoner: de vraag is ontvangen"),
        _("Je vraag is ontvangen."),
    ),
    "asked-by-another": _receipt(
        _("Aan de inwoner: iemand anders stelde een vraag voor hen"),
        _("Iemand die je kent heeft voor jou een vraag gesteld. Die is ontvangen."),
    ),
    "asked-for-another": _receipt(
        _("Aan wie voor een ander vraagt: de vraag is ontvangen"),
        _("Je vraag voor een ander is ontvangen."),
        _(
            "Of de vraag is opgepakt, zie je hier. Je krijgt dan een code in de mail. Meer zie je "
            "alleen als de ander je machtigt: {link}"
        ),
    ),
    "asked-with-mandate": _receipt(
        _("Aan wie met een machtiging voor een ander vraagt: de vraag is ontvangen"),
        _("Je vraag voor een ander is ontvangen."),
        _(
            "Wat er met de vraag gebeurt, en wie er helpt, zie je hier. Je krijgt dan een code in "
            "de mail: {link}"
        ),
    ),
    "conversation-reply": notice(
        _("Aan de inwoner: er is een bericht"),
        _("Er is een bericht voor je"),
        _("Er staat een bericht voor je klaar. Wat erin staat, mailen we niet: dat is privé."),
        look=READ,
    ),
    "conversation-reply-for": notice(
        _("Aan wie mail krijgt voor de inwoner: er is een bericht"),
        _("Er is een bericht voor wie je helpt"),
        _(
            "Er staat een bericht klaar voor iemand die je helpt. Wat erin staat, mailen we niet: "
            "dat is privé."
        ),
        look=READ,
    ),
    "conversation-reply-told": notice(
        _("Aan wie alleen mail krijgt voor de inwoner: er is een bericht"),
        _("Er is een bericht voor wie je helpt"),
        _(
            "Er staat een bericht klaar voor iemand die je helpt. Je kunt het zelf niet lezen. "
            "Zeg tegen de ander dat er een bericht is."
        ),
        look="",
    ),
    "emergency-told": notice(
        _("Aan de inwoner: iemand las de vraag in nood"),
        _("Iemand las je vraag in nood"),
        _(
            "Iemand van een ander team las je vraag, omdat wachten niet kon. In Omzien zie je "
            "wie dat was."
        ),
    ),
    "discussion-resident": notice(
        _("Aan de inwoner: een uitnodiging voor een overleg"),
        _("Je bent uitgenodigd voor een overleg over je vraag"),
        _("In Omzien zie je wanneer het is, waar, en wie er komen. Je mag iemand meenemen."),
    ),
    "discussion-resident-changed": notice(
        _("Aan de inwoner: een overleg is verplaatst of gaat niet door"),
        _("Er verandert iets aan een overleg over je vraag"),
        _("Een overleg is verplaatst of gaat niet door. In Omzien zie je wat er nu gepland is."),
    ),
    "discussion-off-resident": notice(
        _("Aan de inwoner: een overleg gaat niet door"),
        _("Het overleg over je vraag gaat niet door"),
        _("Je was uitgenodigd voor een overleg. De vraag is gestopt. Je hoeft niet te komen."),
    ),
    "discussion-untold": notice(
        _("Aan wie de vraag heeft: de inwoner weet nog niet van een overleg"),
        _("Weet de inwoner van het overleg?"),
        _(
            "Er was een overleg zonder de inwoner, en die weet dat nog niet. Kan het nu wel? "
            "Vertel het, en schrijf dat op in Omzien."
        ),
    ),
    "ended": notice(
        _("Aan de inwoner, of wie voor hen mail krijgt: een vraag is afgerond of gestopt"),
        _("Een vraag is afgerond of gestopt"),
        _("In Omzien zie je hoe de vraag eindigde, en tot wanneer die weer open kan."),
    ),
    "ended-told": notice(
        _("Aan wie alleen mail krijgt voor de inwoner: een vraag is afgerond of gestopt"),
        _("Een vraag is afgerond of gestopt"),
        _(
            "Een vraag van iemand die je helpt, is afgerond of gestopt. Zeg het tegen de ander. "
            "Die ziet in Omzien hoe de vraag eindigde."
        ),
        look="",
    ),
    "objection-answered": notice(
        _("Aan de inwoner: antwoord op het bezwaar"),
        _("Er is antwoord op je bezwaar"),
        _("In Omzien lees je het antwoord, en wat je kunt doen als je het er niet mee eens bent."),
    ),
    "aftercare-mail": notice(
        _("Aan de inwoner: is het opgelost?"),
        _("Is het opgelost?"),
        _(
            "Een tijd geleden rondden we je vraag af. Hoe gaat het nu? Je antwoord kost één "
            "minuut. De link werkt twee weken."
        ),
        is_way_in=True,
    ),
    "same-person": notice(
        _("Aan de inwoner: twee vragen horen bij elkaar"),
        _("Twee van je vragen horen nu bij elkaar"),
        _(
            "Je stond twee keer in Omzien. Daarom hebben we je vragen samengevoegd. "
            "Klopt dat niet? Zeg het dan in Omzien bij je vraag, of bel het team. "
            "We maken het weer los."
        ),
    ),
    "two-persons": notice(
        _("Aan de inwoner: de vragen zijn weer los van elkaar"),
        _("Je vragen zijn weer los van elkaar"),
        _(
            "We hadden vragen samengevoegd. Dat hebben we teruggedraaid. Klopt dat niet? Bel dan "
            "het team."
        ),
    ),
    "signal-picked-up": notice(
        _("Aan de melder: de melding van zorgen is opgepakt"),
        _("Je melding is opgepakt"),
        _(
            "Dank je wel dat je je zorgen deelde. Iemand van het team heeft je melding opgepakt. "
            "Meer mogen we je niet vertellen. Zo beschermen we de ander."
        ),
        look="",
    ),
}
TO_TEAM: Mapping[str, Mail] = {
    "crisis": notice(
        _("Aan het team: een vraag is acuut"),
        _("Een vraag is acuut"),
        _("Er is een acute vraag. Kijk nu in Omzien en laat weten dat je hem oppakt."),
    ),
    "phone-tree": notice(
        _("Aan de coördinator: niemand pakte een acute vraag op"),
        _("Niemand heeft een acute vraag opgepakt"),
        _(
            "Een acute vraag wacht. Niemand liet weten dat die hem oppakt. Bel nu: {telefoons}. "
            "In Omzien staat wie je daarna kunt bellen."
        ),
        "telefoons",
    ),
    "emergency": notice(
        _("Aan de coördinator: iemand las een vraag in nood"),
        _("Iemand las een vraag in nood"),
        _(
            "Iemand van een ander team opende een vraag met de noodknop. Kijk in Omzien na of dat "
            "terecht was. Daar staat ook tot wanneer dat kan."
        ),
    ),
    "emergency-late": notice(
        _("Aan de coördinator: een noodinzage is nog niet nagekeken"),
        _("Een noodinzage is nog niet nagekeken"),
        _("De termijn is voorbij. Kijk de noodinzage in Omzien na."),
    ),
    "emergency-untold": notice(
        _("Aan de coördinator en wie toezicht houdt: de inwoner weet nog niet van een noodinzage"),
        _("Kan de inwoner het nu weten?"),
        _(
            "Een inwoner weet nog niet dat iemand de vraag in nood las. Dat was toen gevaarlijk. "
            "Is het gevaar voorbij? Vertel het dan, in Omzien."
        ),
    ),
    "signal": notice(
        _("Aan het team: een melding van zorgen"),
        _("Iemand maakt zich zorgen om een ander"),
        _("Er is een melding voor je team. In Omzien staat tot wanneer je haar kunt oppakken."),
    ),
    "signal-late": notice(
        _("Aan de coördinator: een melding van zorgen wacht te lang"),
        _("Een melding wacht te lang"),
        _("Een melding van zorgen om iemand is over de termijn. Kijk in Omzien wat er nodig is."),
    ),
    "signal-untold": notice(
        _("Aan de coördinator: iemand weet nog niet van een melding van zorgen"),
        _("Kan deze persoon het nu weten?"),
        _(
            "Iemand weet nog niet dat een ander zich zorgen maakte. Vertellen kon toen niet. "
            "Kan het nu wel? Vertel het dan, en schrijf dat op in Omzien."
        ),
    ),
    "early-late": notice(
        _("Aan de coördinator: een signaal van een partner wacht te lang"),
        _("Een signaal van een partner wacht te lang"),
        _(
            "Een signaal van een partner wacht langer dan vier weken. Kijk in Omzien of er een "
            "gesprek is aangeboden, en schrijf op hoe dat afliep."
        ),
    ),
    "discussion": notice(
        _("Aan het team: een uitnodiging voor een overleg"),
        _("Je team is uitgenodigd voor een overleg"),
        _("In Omzien staat wanneer het is, waar, en waarvoor."),
    ),
    "discussion-changed": notice(
        _("Aan het team: een overleg is verplaatst of gaat niet door"),
        _("Er verandert iets aan een overleg"),
        _("Een overleg is verplaatst of gaat niet door. In Omzien zie je wat er nu gepland is."),
    ),
    "discussion-off": notice(
        _("Aan het team: een overleg gaat niet door"),
        _("Een overleg gaat niet door"),
        _("Je team was uitgenodigd voor een overleg. Dat gaat niet door: de vraag is gestopt."),
    ),
    "discussion-without": notice(
        _("Aan het team: je team hoeft niet meer bij een overleg te zijn"),
        _("Je team doet niet meer mee aan een overleg"),
        _("Je team was uitgenodigd. Dat hoeft niet meer. Haal het uit je agenda."),
    ),
    "aftercare-call": notice(
        _("Aan het team: bel iemand om te vragen of het is opgelost"),
        _("Bel iemand: is het opgelost?"),
        _(
            "Iemand met een afgeronde vraag krijgt geen mail van ons. Bel om te vragen hoe het "
            "nu gaat."
        ),
    ),
    "reopened": notice(
        _("Aan het team: een vraag is weer open"),
        _("Een vraag is weer open"),
        _("Een inwoner heeft weer hulp nodig. De vraag staat weer bij je team."),
    ),
    "stopped": notice(
        _("Aan het team: een inwoner stopte de vraag"),
        _("Een inwoner stopte de vraag"),
        _(
            "Vraag {nummer} is gestopt door de inwoner, of door wie namens hen beslist. Wat je "
            "had afgesproken, hoeft niet meer."
        ),
        "nummer",
    ),
    "given": notice(
        _("Aan een collega: een vraag is nu van jou"),
        _("Je hebt een vraag gekregen"),
        _("Een collega gaf je een vraag. In Omzien zie je wat er nodig is."),
    ),
    "objection": notice(
        _("Aan wie antwoord geeft: iemand is het niet eens met een besluit"),
        _("Iemand is het niet eens met een besluit"),
        _(
            "Jij geeft antwoord, want jij bent niet degene die de vraag vasthoudt. In Omzien staat "
            "tot wanneer dat kan."
        ),
    ),
    "objection-late": notice(
        _("Aan de coördinator: een bezwaar heeft nog geen antwoord"),
        _("Een bezwaar heeft nog geen antwoord"),
        _("De termijn is voorbij. Kijk in Omzien wie antwoord geeft."),
    ),
    "route-proposed": notice(
        _("Aan de beleidsmedewerker: een voorstel voor een andere route"),
        _("Een coördinator stelt een andere route voor"),
        _("In Omzien staat welk team welke vragen zou krijgen. Zeg daar ja of nee."),
    ),
    "route-answered": notice(
        _("Aan de coördinator: antwoord op het voorstel voor een andere route"),
        _("Er is antwoord op het voorstel voor een andere route"),
        _("In Omzien staat of de beleidsmedewerker het overneemt."),
    ),
    "route-advice": notice(
        _("Aan de privacyfunctionaris: een voorstel voor een andere route"),
        _("Een coördinator stelt een andere route voor"),
        _(
            "In Omzien staat welk team welke vragen zou krijgen. Je kunt daar advies over geven. "
            "De beleidsmedewerker beslist."
        ),
    ),
    "route-taken": notice(
        _("Aan de functioneel beheerder: een voorstel voor een andere route is overgenomen"),
        _("Er is een regel bij voor nieuwe vragen"),
        _(
            "De beleidsmedewerker nam een voorstel van een coördinator over. In Omzien staat de "
            "nieuwe regel, en waar die staat. Je kunt hem verplaatsen of weghalen."
        ),
    ),
    "route-changed": notice(
        _("Aan de coördinator: het team krijgt andere vragen"),
        _("Je team krijgt andere vragen"),
        _(
            "De gemeente veranderde welk team welke nieuwe vragen krijgt. In Omzien staat wat er "
            "verandert voor je team. Vragen die er al zijn, blijven waar ze zijn."
        ),
    ),
    "team-unread": notice(
        _("Aan de functioneel beheerder: in een team leest niemand meer"),
        _("In een team leest niemand meer"),
        _(
            "Bij een team horen vragen te komen, maar niemand leest ze: er werkt niemand meer, of "
            "iedereen daar is afwezig. In Omzien staat welk team dat is, en wat je kunt doen."
        ),
    ),
    "conversation-post": notice(
        _("Aan het team: een bericht van een inwoner"),
        _("Er is een bericht van een inwoner"),
        _("Bij een vraag van je team staat een nieuw bericht."),
        look=READ,
    ),
    "conversation-silent": notice(
        _("Aan het team: een inwoner antwoordt niet"),
        _("Een inwoner antwoordt niet"),
        _("Je team vroeg een inwoner iets. Er kwam geen antwoord. Kies een volgende stap."),
        look=READ,
    ),
}
MAILS: Mapping[str, Mail] = {**TO_RESIDENT, **TO_TEAM}
