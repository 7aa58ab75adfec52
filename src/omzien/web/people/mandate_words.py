"""How mandates read: what somebody may do, what they are, and what was looked at."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy

from omzien.people.models import Mandate

SCOPES = {
    Mandate.What.LOOK.value: gettext_lazy("meekijken met de vraag"),
    Mandate.What.TALK.value: gettext_lazy("meepraten: berichten schrijven"),
    Mandate.What.ACT.value: gettext_lazy("beslissen: delen, stoppen, weer openen"),
    Mandate.What.RECEIVE.value: gettext_lazy("een mail krijgen als er een bericht is"),
}
KINDS = {
    Mandate.Kind.MANDATE.value: gettext_lazy("gemachtigd door de inwoner"),
    Mandate.Kind.MENTOR.value: gettext_lazy("mentor"),
    Mandate.Kind.CURATOR.value: gettext_lazy("curator"),
    Mandate.Kind.ADMINISTRATOR.value: gettext_lazy("bewindvoerder, alleen bij vragen over geld"),
    Mandate.Kind.PARENT.value: gettext_lazy("ouder met gezag"),
}
LEGAL = tuple(one for one in KINDS if one != Mandate.Kind.MANDATE.value)
EVIDENCE = {
    Mandate.Evidence.RULING.value: gettext_lazy("de beschikking van de rechter"),
    Mandate.Evidence.REGISTER.value: gettext_lazy(
        "het openbare register (curatele, bewind, gezag)"
    ),
    Mandate.Evidence.PASSPORT.value: gettext_lazy("de identiteitsbewijzen van ouder en kind samen"),
}


def scopes_text(what: Iterable[str]) -> str:
    """Return what a proxy may do, as one sentence."""
    return "; ".join(str(SCOPES[one]) for one in SCOPES if one in set(what))
