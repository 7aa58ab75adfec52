"""What each refusal around a conversation says to who did it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omzien.kernel.papers import NoPaper
from omzien.questions import refusals
from omzien.questions.actions.talking import MOST_FILES
from omzien.questions.actions.texts import PLACES

FILES = {
    NoPaper.EMPTY: gettext_lazy("“%(name)s” is leeg."),
    NoPaper.TOO_BIG: gettext_lazy(
        "“%(name)s” is te groot. Een bestand mag 5 MB zijn, een foto 10 MB."
    ),
    NoPaper.WRONG_KIND: gettext_lazy(
        "“%(name)s” kunnen we niet bewaren. Kies een foto, een PDF of gewone tekst."
    ),
    NoPaper.BROKEN_IMAGE: gettext_lazy("“%(name)s” is geen foto die we kunnen openen."),
    "too-many": gettext_lazy("Dat zijn te veel bestanden. Het mogen er %(most)s per bericht zijn."),
}
SAID = {
    refusals.NeedsWords: gettext_lazy("Schrijf eerst iets op."),
    refusals.NotLive: gettext_lazy("Deze vraag is afgerond. Daarom is dit niet verstuurd."),
    refusals.WrongState: gettext_lazy(
        "Dat kan nu niet meer: er is iets veranderd. Kijk eerst hoe het er nu voor staat."
    ),
    refusals.TooLate: gettext_lazy(
        "De tijd om weer te openen is voorbij, of het team bestaat niet meer. Stel een "
        "nieuwe vraag."
    ),
    refusals.TitleTaken: gettext_lazy("Er is al een tekst met deze titel."),
    refusals.StillOpen: gettext_lazy("Er loopt nog iets dat eerst klaar moet. Bel het team."),
}


def said(refusal: refusals.Refused) -> str:
    """Return the sentence for a refusal."""
    if isinstance(refusal, refusals.TooLong):
        return _("Dit is te lang. Het mogen %(most)s tekens zijn.") % {"most": refusal.most}
    if isinstance(refusal, refusals.UnknownPlace):
        known = ", ".join(f"{{{one}}}" for one in PLACES)
        return _("“%(odd)s” is geen invulveld. Deze kun je gebruiken: %(known)s.") % {
            "odd": refusal.odd,
            "known": known,
        }
    if isinstance(refusal, refusals.BadAttachment):
        return str(FILES[refusal.why]) % {"name": refusal.name, "most": MOST_FILES}
    return str(SAID[type(refusal)])
