"""The mails about neighbour mediation: that something waits, never what it is about or whom.

No subject tells that there is trouble with neighbours: a mail may be read by who lives there too.
A municipality may write its own words. Each code begins with who gets it.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from omzien.messages.mails import Mail, notice

TO_RESIDENT: Mapping[str, Mail] = {
    "neighbour-received": notice(
        _("Aan wie buurtbemiddeling vroeg: het is binnen"),
        _("We hebben je bericht, nummer {nummer}"),
        _(
            "Je bericht is binnen. Het nummer is {nummer}. In Omzien zie je wat er nu gebeurt, en "
            "wie contact opneemt."
        ),
        "nummer",
    ),
    "neighbour-joined": notice(
        _("Aan de andere buur: je doet mee aan buurtbemiddeling"),
        _("Je deed een afspraak met ons"),
        _(
            "Je zei dat je mee wilt doen. In Omzien zie je wat we van je weten, waar dat vandaan "
            "komt, en hoe je stopt."
        ),
    ),
    "neighbour-mediators": notice(
        _("Aan de buur: er zijn twee bemiddelaars"),
        _("We hebben twee mensen voor je gevonden"),
        _("Er zijn twee mensen die met je komen praten. In Omzien zie je wie."),
    ),
    "neighbour-talk": notice(
        _("Aan de buur: er is een gesprek gepland"),
        _("Er is een gesprek met je gepland"),
        _("Wanneer en waar staat in Omzien, ook voor je agenda. Kun je dan niet? Bel ons."),
    ),
    "neighbour-talk-off": notice(
        _("Aan de buur: een gesprek gaat niet door"),
        _("Een gesprek met je gaat niet door"),
        _("Het gesprek dat gepland stond, gaat niet door. We nemen contact met je op."),
    ),
    "neighbour-words": notice(
        _("Aan de buur: lees de afspraken na"),
        _("Er staat iets klaar om na te lezen"),
        _("Na het gesprek zijn de afspraken opgeschreven. Kloppen ze? Zeg ja in Omzien."),
    ),
    "neighbour-agreed": notice(
        _("Aan de buur: de afspraken staan vast"),
        _("Iedereen heeft ja gezegd"),
        _("De afspraken staan vast. Over een paar weken vragen we hoe het gaat."),
    ),
    "neighbour-alone": notice(
        _("Aan wie het vroeg: het gaat verder zonder de ander"),
        _("Er verandert iets aan wat we voor je doen"),
        _("In Omzien staat wat er verandert, en hoe we jou verder helpen."),
    ),
    "neighbour-ended": notice(
        _("Aan de buur: buurtbemiddeling is afgesloten"),
        _("We hebben het afgesloten"),
        _("In Omzien staat hoe het afliep, en hoe lang we nog iets van je bewaren."),
    ),
}
TO_WORKERS: Mapping[str, Mail] = {
    "mediator-asked": notice(
        _("Aan een bemiddelaar: wil je bemiddelen?"),
        _("Wil je bemiddelen?"),
        _("De coördinator vraagt je. Kijk in Omzien of je de mensen kent, en zeg ja of nee."),
    ),
    "mediator-talk": notice(
        _("Aan een bemiddelaar: er is een gesprek gepland"),
        _("Er is een gesprek gepland"),
        _("Wanneer en waar staat in Omzien, ook voor je agenda."),
    ),
    "mediator-next": notice(
        _("Aan een bemiddelaar: er is een volgende stap"),
        _("Er is een volgende stap"),
        _(
            "In een zaak waarin je bemiddelt, is iets te doen. In Omzien staat wat, en voor "
            "wanneer."
        ),
    ),
    "mediator-done": notice(
        _("Aan een bemiddelaar: je bent klaar"),
        _("Je bent klaar met een bemiddeling"),
        _("Je hoeft niets meer te doen. Dank je wel. Gooi weg wat je zelf hebt opgeschreven."),
        look="",
    ),
    "coordinator-reported": notice(
        _("Aan de coördinator van buurtbemiddeling: een nieuwe melding"),
        _("Er is een nieuwe melding"),
        _("Er is een melding voor buurtbemiddeling. Spreek de melder binnen de termijn."),
    ),
    "coordinator-mediators": notice(
        _("Aan de coördinator van buurtbemiddeling: een bemiddelaar gaf antwoord"),
        _("Er is nieuws over een bemiddelaar"),
        _(
            "Een bemiddelaar zei ja of nee, stapte terug, of gaf geen antwoord. Kijk wat er nu "
            "nodig is."
        ),
    ),
    "coordinator-moved": notice(
        _("Aan de coördinator van buurtbemiddeling: een zaak is een stap verder"),
        _("Een zaak is een stap verder"),
        _("In een zaak is een stap gezet. In Omzien staat wat er nu te doen is."),
    ),
    "coordinator-late": notice(
        _("Aan de coördinator van buurtbemiddeling: een zaak is over de dag"),
        _("Een zaak wacht te lang"),
        _("Een zaak is over de dag. Kijk in Omzien wat er te doen is. Zonder stap eindigt hij."),
    ),
    "coordinator-end-asked": notice(
        _("Aan de coördinator van buurtbemiddeling: iemand vraagt om te wissen"),
        _("Iemand vraagt om gegevens te wissen"),
        _("Dat kan pas als de zaak is afgesloten. Kijk in Omzien, en rond hem zo snel het kan af."),
    ),
    "manager-stuck": notice(
        _("Aan de functioneel beheerder: een zaak van buurtbemiddeling ligt stil"),
        _("Een zaak van buurtbemiddeling ligt stil"),
        _(
            "Een zaak wacht al te lang op de coördinator van buurtbemiddeling. De zaak zelf kun je "
            "niet zien. Vraag het team wat er is, en of iemand de coördinator vervangt."
        ),
    ),
    "referrer-ended": notice(
        _("Aan het team dat verwees: hoe buurtbemiddeling afliep"),
        _("Een zaak waarvoor je verwees, is afgesloten"),
        _("In Omzien staat hoe het afliep, zonder inhoud."),
    ),
}
MAILS: Mapping[str, Mail] = {**TO_RESIDENT, **TO_WORKERS}
