"""The words in which a person reads what was done with their data."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from omzien.people.rules.looking import Action, Result
from omzien.people.rules.processing import BY_CODE
from omzien.people.rules.roles import Role

# Action: (what somebody did, what somebody wanted to do).
DONE = {
    Action.READ: (_("bekeek de gegevens"), _("de gegevens bekijken")),
    Action.SEARCH: (_("zocht en zag toen de gegevens"), _("zoeken in de gegevens")),
    Action.PRINT: (_("drukte de gegevens af"), _("de gegevens afdrukken")),
    Action.EXPORT: (_("zette de gegevens in een bestand"), _("de gegevens in een bestand zetten")),
    Action.SEND: (_("gaf de gegevens door"), _("de gegevens doorgeven")),
    Action.CREATE: (_("schreef gegevens op"), _("gegevens opschrijven")),
    Action.CHANGE: (_("veranderde de gegevens"), _("de gegevens veranderen")),
    Action.REMOVE: (_("wiste gegevens"), _("gegevens wissen")),
    Action.MERGE: (_("voegde de gegevens samen"), _("de gegevens samenvoegen")),
    Action.SPLIT: (_("haalde de gegevens uit elkaar"), _("de gegevens uit elkaar halen")),
    Action.SIGN_IN: (_("meldde zich aan"), _("zich aanmelden")),
    Action.SIGN_OUT: (_("meldde zich af"), _("zich afmelden")),
}
ENDED = {
    Result.REFUSED: _("wilde %(what)s, maar mocht dat niet"),
    Result.FAILED: _("wilde %(what)s, maar dat ging mis"),
    Result.BREAK_GLASS: _("%(what)s met de noodknop"),
}
ROLES = {
    Role.PUBLIC: _("iemand die niet was aangemeld"),
    Role.RESIDENT: _("een inwoner"),
    Role.PROXY: _("iemand die namens een ander mag handelen"),
    Role.VOLUNTEER: _("een vrijwilliger"),
    Role.INITIATOR: _("een initiatiefnemer"),
    Role.EDITOR: _("iemand van de redactie"),
    Role.CHIEF_EDITOR: _("iemand van de redactie"),
    Role.CONNECTOR: _("een verbinder"),
    Role.TEAM_MEMBER: _("iemand van het gebiedsteam"),
    Role.PARTNER_WORKER: _("een medewerker van een partner"),
    Role.COORDINATOR: _("een coördinator"),
    Role.POLICY_OFFICER: _("een beleidsmedewerker"),
    Role.FUNCTIONAL_MANAGER: _("een functioneel beheerder"),
    Role.PRIVACY_OFFICER: _("de privacyfunctionaris"),
    Role.TECHNICAL_ADMIN: _("een technisch beheerder"),
    "system": _("Omzien zelf"),
}


def sentence(action: str, result: str) -> str:
    """Return what was done, as it follows on who did it: "bekeek de gegevens"."""
    done, wanted = DONE[Action(action)]
    if result == Result.ALLOWED:
        return str(done)
    what = done if result == Result.BREAK_GLASS else wanted
    return str(ENDED[Result(result)]) % {"what": what}


def role_name(role: str) -> str:
    """Return who a role is."""
    return str(ROLES.get(role, _("een medewerker")))


def purpose_text(code: str, *, by_self: bool = False) -> str:
    """Return what a purpose is for; `by_self`: who reads it did it themselves, for themselves."""
    if by_self and code == "help":
        return gettext("om je eigen vraag te volgen")
    return gettext(BY_CODE[code].purpose) if code in BY_CODE else str(_("reden onbekend"))


def who_text(somebody: str, *, by_self: bool, on_behalf: bool) -> str:
    """Return who somebody is to who reads it."""
    who = gettext("jijzelf") if by_self else somebody
    return f"{who} ({gettext('namens iemand anders')})" if on_behalf else who


def for_you_text(name: str) -> str:
    """Return who a proxy is to the person for whom they did something."""
    return gettext("%(name)s (namens jou)") % {"name": name}


def times_text(did: str, times: int) -> str:
    """Return what was done, with how often where that is more than once."""
    return f"{did} ({gettext('%(n)s keer') % {'n': times}})" if times > 1 else did
