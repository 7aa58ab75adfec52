"""The mails about a handover: that something waits, never what it is about or whom.

A municipality may write its own words. Each code begins with who gets it. What a receiver
without accounts gets is a way in: its link opens the handover.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from omzien.messages.mails import HELLO, Mail, notice

TO_RESIDENT: Mapping[str, Mail] = {
    "resident-consent-asked": notice(
        _("Aan de inwoner: mogen we iets delen?"),
        _("Mogen we iets over je delen?"),
        _(
            "We willen een ander vragen je te helpen. In Omzien zie je wat die te zien krijgt. "
            "Zeg ja of nee. Niets doen mag ook: dan delen we niets."
        ),
    ),
    "resident-consent-recorded": notice(
        _("Aan de inwoner: we schreven op dat je ja zei tegen delen"),
        _("We schreven op dat je ja zei"),
        _(
            "Je zei tegen ons dat we iets over je mogen delen. In Omzien zie je wat, en met wie. "
            "Klopt het niet? Dan stop je het daar."
        ),
    ),
    "resident-proxy-said-yes": notice(
        _("Aan de inwoner: wie voor hen mag beslissen, zei ja tegen delen"),
        _("Iemand zei voor jou ja"),
        _(
            "Iemand die voor jou mag beslissen, zei ja: we mogen iets over je delen. In Omzien "
            "zie je wie dat zei, wat we delen, en met wie. Wil je dit niet? Dan stop je het daar."
        ),
    ),
    "resident-proxy-said-no": notice(
        _("Aan de inwoner: wie voor hen mag beslissen, zei nee tegen delen"),
        _("Iemand zei voor jou nee"),
        _(
            "Iemand die voor jou mag beslissen, zei nee: we delen niets. In Omzien zie je wie dat "
            "zei, en waar het om ging. Wil je dit wel? Zeg het tegen het team dat je helpt."
        ),
    ),
    "resident-proxy-took-back": notice(
        _("Aan de inwoner: wie voor hen mag beslissen, trok toestemming in"),
        _("Iemand trok voor jou een ja in"),
        _(
            "Iemand die voor jou mag beslissen, trok een ja tegen delen in. In Omzien zie je wie "
            "dat deed, en waar het om ging. Wil je dit niet? Zeg het tegen het team dat je helpt."
        ),
    ),
    "resident-meeting-planned": notice(
        _("Aan de inwoner: er is een gesprek gepland"),
        _("Er is een gesprek met je gepland"),
        _("Wanneer en waar staat in Omzien. Kun je dan niet? Laat het weten."),
    ),
    "resident-meeting-cancelled": notice(
        _("Aan de inwoner: een gesprek gaat niet door"),
        _("Een gesprek met je gaat niet door"),
        _("Het gesprek dat gepland stond, gaat niet door. In Omzien zie je wie je nu helpt."),
    ),
    "resident-handed-over": notice(
        _("Aan de inwoner: iemand anders helpt nu verder"),
        _("Iemand anders helpt je nu verder"),
        _("Een ander team helpt je nu. In Omzien zie je wie, en wat er met hen is gedeeld."),
    ),
    "resident-handed-over-unseen": notice(
        _("Aan de inwoner: een ander team heeft de vraag, na een gesprek zonder de inwoner"),
        _("Een ander team heeft je vraag nu"),
        _(
            "Een ander team heeft je vraag nu. Je was niet bij het gesprek daarover. In Omzien zie "
            "je welk team het is, hoe je het bereikt, en hoe je nee zegt."
        ),
    ),
    "resident-withdrawn": notice(
        _("Aan de inwoner: de vraag gaat niet naar een ander team"),
        _("Er verandert iets aan je vraag"),
        _("Je vraag gaat niet naar een ander team. In Omzien zie je wie je nu helpt."),
    ),
    "resident-wait-entered": notice(
        _("Aan de inwoner: de vraag staat op een wachtlijst"),
        _("Je wacht op een plek"),
        _(
            "Je vraag staat op een wachtlijst. Het team dat je helpt, blijft je helpen. In Omzien "
            "zie je waarop je wacht, wat tot dan helpt, en wanneer je weer iets hoort."
        ),
    ),
    "resident-wait-ended": notice(
        _("Aan de inwoner: de vraag staat niet meer op een wachtlijst"),
        _("Je wacht niet meer op een plek"),
        _("Je vraag staat niet meer op een wachtlijst. In Omzien zie je wie je nu helpt."),
    ),
    "proxy-changed": notice(
        _("Aan wie mail krijgt voor de inwoner: er verandert iets aan de vraag"),
        _("Er verandert iets bij wie je helpt"),
        _(
            "Er verandert iets aan wie helpt, of aan een afspraak, bij iemand die je helpt. "
            "In Omzien zie je wat."
        ),
    ),
    "proxy-told": notice(
        _("Aan wie alleen mail krijgt voor de inwoner: er verandert iets aan de vraag"),
        _("Er verandert iets bij wie je helpt"),
        _(
            "Er verandert iets aan wie helpt, of aan een afspraak, bij iemand die je helpt. "
            "Zeg tegen de ander dat er iets te lezen is."
        ),
        look="",
    ),
    "proxy-consent-asked": notice(
        _("Aan wie voor de inwoner beslist: mogen we iets delen?"),
        _("Mogen we iets delen over wie je helpt?"),
        _(
            "We willen een ander vragen te helpen. Jij mag voor de inwoner beslissen. In Omzien "
            "zie je wat die ander te zien krijgt. Overleg samen, en zeg ja of nee."
        ),
    ),
}
TO_TEAM: Mapping[str, Mail] = {
    "team-offered": notice(
        _("Aan het team: er is een vraag aangeboden"),
        _("Er is een vraag aangeboden aan je team"),
        _("Een ander team vraagt of je team verder kan helpen. Zeg ja of nee in Omzien."),
        is_way_in=True,
    ),
    "team-reminded": notice(
        _("Aan het team: een aangeboden vraag wacht op antwoord"),
        _("Een aangeboden vraag wacht op antwoord"),
        _("Er wacht nog een aangeboden vraag. Zonder antwoord gaat die terug."),
        is_way_in=True,
    ),
    "team-contact-reminded": notice(
        _("Aan het team: een inwoner wacht op het eerste gesprek"),
        _("Een inwoner wacht op een eerste gesprek"),
        _("Je team nam een vraag aan. Het eerste gesprek is nog niet vastgelegd."),
        is_way_in=True,
    ),
    "team-link-again": notice(
        _("Aan een team zonder account: de link opnieuw"),
        _("Een nieuwe link naar een vraag van je team"),
        _("Je team helpt een inwoner. Wat daarvoor nodig is, staat achter deze link."),
        is_way_in=True,
    ),
    "team-reopened": notice(
        _("Aan een team zonder account: een vraag is weer open"),
        _("Een vraag van je team is weer open"),
        _("De inwoner wil dat je team weer verder helpt. Neem contact op."),
        is_way_in=True,
    ),
    "team-reopened-there": notice(
        _("Aan het vorige team: een overgedragen vraag is weer open"),
        _("Een overgedragen vraag is weer open"),
        _(
            "Je team droeg een vraag over aan een team zonder account. De inwoner opende die weer. "
            "Dat team kreeg een nieuwe link. Bel het na een paar dagen even."
        ),
    ),
    "team-accepted": notice(
        _("Aan het team: de overdracht is aangenomen"),
        _("Een overdracht is aangenomen"),
        _("Na het eerste gesprek wordt de vraag van hen. Tot dan blijft die van je team."),
    ),
    "team-declined": notice(
        _("Aan het team: de overdracht is afgewezen"),
        _("Een overdracht is afgewezen"),
        _("De vraag blijft van je team. In Omzien staat waarom, en wat nu kan."),
    ),
    "team-expired": notice(
        _("Aan het team: de overdracht kreeg geen antwoord"),
        _("Een overdracht kreeg geen antwoord"),
        _("De vraag blijft van je team. Kies in Omzien een volgende stap."),
    ),
    "team-contact-expired": notice(
        _("Aan het team: er kwam geen eerste gesprek"),
        _("Er kwam geen eerste gesprek"),
        _("De overdracht is gestopt. De vraag is van je team. Kies in Omzien een volgende stap."),
    ),
    "team-returned": notice(
        _("Aan het team: de ontvanger geeft een vraag terug"),
        _("Een vraag komt terug"),
        _("De ontvanger geeft de vraag terug. In Omzien staat waarom."),
    ),
    "team-withdrawn": notice(
        _("Aan het team: de overdracht is ingetrokken"),
        _("Een overdracht is ingetrokken"),
        _("Er gaat geen vraag over. Staat er niets op je lijst? Dan hoef je niets te doen."),
    ),
    "team-handed-over": notice(
        _("Aan het team: de vraag is overgedragen"),
        _("Een vraag is overgedragen"),
        _("Het eerste gesprek is geweest. De vraag is nu van het andere team."),
    ),
    "team-reported-back": notice(
        _("Aan het team: hoe het afliep met een overgedragen vraag"),
        _("Een overgedragen vraag heeft een uitkomst"),
        _("Je team droeg een vraag over. In Omzien staat hoe het afliep, zonder inhoud."),
    ),
    "team-meeting-planned": notice(
        _("Aan het team: er is een kennismaking gepland"),
        _("Er is een kennismaking gepland"),
        _("Drie mensen spreken elkaar. Wanneer en waar staat in Omzien, ook voor je agenda."),
    ),
    "team-meeting-cancelled": notice(
        _("Aan het team: een kennismaking gaat niet door"),
        _("Een kennismaking gaat niet door"),
        _("Haal het uit je agenda. In Omzien staat hoe het verdergaat."),
    ),
    "team-report-due": notice(
        _("Aan het team: vertel hoe het afliep"),
        _("Hoe is het afgelopen?"),
        _("Een tijd geleden kreeg je team een vraag. Zeg met één klik hoe het afliep."),
        is_way_in=True,
    ),
    "team-disputed": notice(
        _("Aan de coördinator: een inwoner zegt dat een gesprek er niet was"),
        _("Een inwoner zegt: dit gesprek was er niet"),
        _("Een eerste gesprek is vastgelegd, maar de inwoner kent het niet. Kijk wat er klopt."),
    ),
    "team-consent-given": notice(
        _("Aan het team: de inwoner zegt ja tegen delen"),
        _("Er is ja gezegd op je vraag om te delen"),
        _("Je vroeg of er gedeeld mag worden. Dat mag. De overdracht staat voor je klaar."),
    ),
    "team-along-consent-given": notice(
        _("Aan het team: een ander team mag meedoen van de inwoner"),
        _("Er is ja gezegd: een team mag meedoen"),
        _("Je vroeg of een ander team mee mag doen. Dat mag. Vraag dat team nu in Omzien."),
    ),
    "team-consent-refused": notice(
        _("Aan het team: de inwoner zegt nee tegen delen"),
        _("Er is nee gezegd op je vraag om te delen"),
        _("Je vroeg of er gedeeld mag worden. Dat mag niet. Kies samen een andere stap."),
    ),
    "team-along-asked": notice(
        _("Aan het team: de vraag om mee te doen"),
        _("Wil je team meedoen?"),
        _("Een ander team vraagt of je team een deel wil doen. Zeg ja of nee in Omzien."),
    ),
    "team-along-answered": notice(
        _("Aan het team: antwoord op de vraag om mee te doen"),
        _("Er is antwoord op de vraag om mee te doen"),
        _("In Omzien staat of het andere team meedoet."),
    ),
    "team-along-ended": notice(
        _("Aan het team: het meedoen is klaar"),
        _("Het meedoen is klaar"),
        _("Aan deze vraag hoeft je team niets meer te doen."),
    ),
    "team-along-reminded": notice(
        _("Aan het team: de vraag om mee te doen wacht op antwoord"),
        _("De vraag om mee te doen wacht op antwoord"),
        _("Een ander team vroeg of je team een deel wil doen. Zeg ja of nee in Omzien."),
    ),
    "team-along-expired": notice(
        _("Aan het team: er kwam geen antwoord op de vraag om mee te doen"),
        _("Een team gaf geen antwoord over meedoen"),
        _("Wacht er niet meer op. Vraag in Omzien een ander team, of bel het team even."),
    ),
    "team-along-task": notice(
        _("Aan het team: een taak bij een vraag waaraan je team meedoet"),
        _("Je team kreeg een taak"),
        _("Je team doet mee met een vraag. In Omzien staat wat er gevraagd is, en voor wanneer."),
    ),
    "team-along-stopped": notice(
        _("Aan het team: een ander team doet niet meer mee"),
        _("Een ander team doet niet meer mee"),
        _(
            "De inwoner laat niet meer delen met een ander team, of de toestemming liep af. "
            "Dat team doet niet meer mee. In Omzien staat wat je nu kunt doen."
        ),
    ),
    "team-wait-entered": notice(
        _("Aan het team: er wacht iemand op een plek"),
        _("Er wacht iemand op een plek bij je team"),
        _("Een ander team zette een vraag op je wachtlijst, zonder naam. Je ziet die in Omzien."),
    ),
    "team-wait-called": notice(
        _("Aan het team: er is plek voor wie wacht"),
        _("Er is plek voor iemand die wacht"),
        _("Een inwoner van je team wacht op een plek, en die is er. Bied de vraag aan in Omzien."),
    ),
    "team-wait-remind": notice(
        _("Aan het team: laat van je horen bij wie wacht"),
        _("Iemand die wacht, moet weer iets horen"),
        _("Een inwoner van je team wacht op een plek. Bel hoe het gaat, en leg dat vast."),
    ),
    "team-wait-overdue": notice(
        _("Aan de coördinator: wie wacht, hoorde te lang niets"),
        _("Iemand die wacht, hoorde te lang niets"),
        _("Een inwoner wacht op een plek en hoorde niet op tijd iets. Kijk in Omzien wat kan."),
    ),
    "team-wait-missed": notice(
        _("Aan de coördinator: een plek is niet op tijd gebruikt"),
        _("Een plek ging naar een ander"),
        _(
            "Er was plek voor een inwoner die wacht, maar de vraag is niet op tijd aangeboden. "
            "De inwoner wacht nog. Kijk in Omzien wat kan."
        ),
    ),
    "team-wait-left": notice(
        _("Aan het team: een inwoner wacht niet meer op een plek"),
        _("Iemand wacht niet meer op een plek"),
        _("Een inwoner van je team ging van een wachtlijst af. Bespreek samen wat nu helpt."),
    ),
    "team-advice-asked": notice(
        _("Aan het team: een ander team vraagt raad"),
        _("Een ander team vraagt je raad"),
        _("Er wacht een vraag om raad, zonder naam erbij. Antwoord in Omzien."),
    ),
    "team-advice-given": notice(
        _("Aan het team: antwoord op de vraag om raad"),
        _("Er is antwoord op je vraag om raad"),
        _("In Omzien staat wat het andere team zegt."),
    ),
    "team-advice-reminded": notice(
        _("Aan het team: de vraag om raad wacht op antwoord"),
        _("Een vraag om raad wacht op antwoord"),
        _("Een ander team vroeg je raad. Weet je het niet? Zeg dat dan in Omzien."),
    ),
    "team-advice-expired": notice(
        _("Aan het team: er kwam geen antwoord op de vraag om raad"),
        _("Op je vraag om raad kwam geen antwoord"),
        _("Wacht er niet meer op. Vraag in Omzien een ander team, of kies zelf wat nu kan."),
    ),
    "team-referral-due": notice(
        _("Aan het team: vraag hoe het ging na een verwijzing"),
        _("Hoe ging het na een verwijzing?"),
        _("Je team verwees een inwoner. Vraag hoe het ging, en schrijf het op in Omzien."),
    ),
    "team-referral-expired": notice(
        _("Aan het team: niemand schreef op hoe een verwijzing ging"),
        _("Van een verwijzing is niet bekend hoe het ging"),
        _("We wachten er niet meer op. Bel de inwoner, en schrijf in Omzien hoe het ging."),
    ),
    "handover-code": Mail(
        _("Aan een team zonder account: de code bij een overdracht"),
        _("Je code voor Omzien {gemeente}"),
        (
            HELLO,
            _("Met deze code bekijk je wat een ander team je team vraagt: {code}"),
            _(
                "De code werkt tien minuten, in de browser waarin hij is gevraagd. "
                "Vroeg niemand van je team erom? Dan hoef je niets te doen."
            ),
        ),
        ("code", "gemeente"),
        frozenset({"code"}),
        is_way_in=True,
    ),
}
MAILS: Mapping[str, Mail] = {**TO_RESIDENT, **TO_TEAM}
