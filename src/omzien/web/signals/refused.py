"""What each refusal of a question and what lies around it says to who did it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omzien.questions import refusals

SAID = {
    refusals.NotAllowed: gettext_lazy("Dat mag je in deze rol niet doen."),
    refusals.NotLive: gettext_lazy("Deze vraag is afgerond."),
    refusals.WrongState: gettext_lazy("Dit kan nu niet meer. Kijk hoe het ervoor staat."),
    refusals.NeedsReason: gettext_lazy("Schrijf op waarom."),
    refusals.NeedsName: gettext_lazy("Vul een naam in."),
    refusals.NeedsReach: gettext_lazy("Vul een telefoonnummer of een mailadres in."),
    refusals.NeedsStory: gettext_lazy("Schrijf op wat er is."),
    refusals.NeedsNextStep: gettext_lazy("Schrijf op wat er gebeurt, en op welke dag."),
    refusals.DayIsPast: gettext_lazy("Deze dag is al voorbij. Kies vandaag of later."),
    refusals.NeedsTelling: gettext_lazy("Schrijf eerst op of de ander ervan weet."),
    refusals.NotInvolved: gettext_lazy(
        "Een van deze teams mag het verhaal niet kennen. Vraag eerst toestemming aan de inwoner."
    ),
}  # fmt: skip
OPEN = {
    "crisis": gettext_lazy("de vraag is nog acuut"),
    "handover": gettext_lazy("er loopt een overdracht"),
    "dispute": gettext_lazy("de inwoner zegt dat het eerste gesprek er niet was"),
    "along": gettext_lazy("een ander team doet nog mee"),
    "advice": gettext_lazy("een ander team is nog om raad gevraagd"),
    "task": gettext_lazy("een taak van iemand anders is nog niet klaar"),
}


def said(refusal: refusals.Refused) -> str:
    """Return the sentence for a refusal."""
    if isinstance(refusal, refusals.TooLong):
        return _("Dit is te lang. Het mogen %(most)s tekens zijn.") % {"most": refusal.most}
    if isinstance(refusal, refusals.StillOpen):
        found = ", ".join(str(OPEN.get(code, code)) for code in refusal.what)
        return _("Dit kan nog niet: %(what)s.") % {"what": found}
    if isinstance(refusal, refusals.NamesSomebody):
        found = ", ".join(f"“{one}”" for one in refusal.found[:5])
        return _(
            "Dit overleg is anoniem, maar hieraan is iemand te herkennen: %(found)s. Haal het weg, "
            "of overleg over de vraag zelf, met de inwoner erbij."
        ) % {"found": found}
    return str(SAID[type(refusal)])
