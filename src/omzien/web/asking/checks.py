"""What each step needs before the next one, as sentences at the field that is meant."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from omzien.areas.models import Municipality, Village
from omzien.areas.queries import Resolved, resolve, villages_of
from omzien.people.rules.names import nearly_same, same_name
from omzien.questions.models.questions import LONGEST_STORY
from omzien.questions.rules.states import ReachBy
from omzien.web.asking.draft import LONGEST_LINE, MINE, OTHER, Draft

Wrong = dict[str, str]
"""Sentences by the name of their field."""

LONGEST_NAME, LONGEST_PHONE, LONGEST_MAIL = 120, 40, 254
_PHONE = re.compile(r"\+?[\d\s().\-/]+")
# Ten digits; or with the country in front, which others write with 8 to 15 (ITU-T E.164).
_DUTCH = re.compile(r"0[1-9]\d{8}|(\+|00)310?[1-9]\d{8}|0[89]00\d{4,7}|14\d{3,4}")
_FOREIGN = re.compile(r"(\+|00)(?!31)[1-9]\d{7,14}")


@dataclass(frozen=True)
class Known:
    """Who asks, as far as signing in says: then a name needs not be typed."""

    name: str = ""
    phone: str = ""
    email: str = ""
    for_whom: str = ""  # whom a proxy represents


def where(draft: Draft, municipality: Municipality) -> tuple[Village | None, str]:
    """Return the village of a draft, or why it is not known."""
    if draft.village:
        chosen = Village.objects.filter(municipality=municipality, slug=draft.village).first()
        if chosen:
            return chosen, ""
    if not draft.place:
        return None, _("Vul je dorp of postcode in. Zo weten we welk team bij jou hoort.")
    place = resolve(draft.place, municipality)
    if isinstance(place, Resolved) and place.elsewhere:
        told = _("“%(place)s” hoort bij %(elsewhere)s. Woon je daar? Vraag dan hulp aan die "
                 "gemeente. Vraag je het voor iemand in %(name)s? Vul dan het dorp van die persoon "
                 "in.")  # fmt: skip
        return None, told % {
            "place": draft.place[:60], "elsewhere": place.elsewhere, "name": municipality.name,
        }  # fmt: skip
    if isinstance(place, Resolved):
        if place.village:
            return Village.objects.get(pk=place.village.id), ""
        return None, _("Dit is groter dan één dorp. Kies je dorp in de lijst.")
    told = _("We kennen “%(place)s” niet. Kies je dorp in de lijst.")
    return None, told % {"place": draft.place[:60]}


def wrong_about(draft: Draft, municipality: Municipality) -> Wrong:
    """Return what the first step still misses."""
    found: Wrong = {}
    if not draft.story:
        found["story"] = _("Vertel in een paar woorden waar je hulp bij wilt.")
    elif len(draft.story) > LONGEST_STORY:
        found["story"] = _(
            "Je verhaal is te lang: %(count)s tekens. Er passen er %(most)s in. Je kunt later meer "
            "vertellen."
        ) % {"count": len(draft.story), "most": LONGEST_STORY}
    if not villages_of(municipality):
        return found | {"place": _("Voor deze gemeente zijn nog geen dorpen ingevuld.")}
    village, why = where(draft, municipality)
    if village is None:
        found["place"] = why
    return found


def wrong_who(draft: Draft, known: Known) -> Wrong:
    """Return what the second step still misses."""
    found = _too_long(draft)
    if not known.for_whom and draft.for_whom not in (MINE, OTHER):
        found["for_whom"] = _("Kies voor wie je het vraagt.")
    if not known.name and not draft.name:
        found.setdefault("name", _("Vul je naam in. Een voornaam is genoeg."))
    if draft.for_whom == OTHER and not known.for_whom:
        found = _wrong_other(draft, known.name or draft.name) | found
    found |= _wrong_contact(draft, "phone", "email")
    phone, email = draft.phone or known.phone, draft.email or known.email
    if draft.reach_by not in list(ReachBy):
        found["reach_by"] = _("Kies hoe we je mogen bereiken.")
    elif draft.reach_by == ReachBy.PHONE and not phone:
        found.setdefault("phone", _("Vul je telefoonnummer in, dan bellen we je."))
    elif draft.reach_by == ReachBy.MAIL and not email:
        found.setdefault("email", _("Vul je mailadres in, dan mailen we je."))
    elif not (phone or email):
        found.setdefault("phone", _("Vul een telefoonnummer of een mailadres in."))
    return found


def wrong_asker(draft: Draft, found: Wrong) -> Wrong:
    """Return what is wrong, where somebody may ask for the inhabitant and is reached for them."""
    has_asker = bool(draft.other_name or draft.other_phone or draft.other_email)
    found = found | _wrong_contact(draft, "other_phone", "other_email")
    if has_asker and not draft.other_name:
        found["other_name"] = _("Vul in wie het vraagt.")
    return found


def _wrong_other(draft: Draft, own_name: str) -> Wrong:
    """Return what is wrong with who it is for. Who asks for "another" under their own name, or
    one spelled a bit differently, is asked first: or there would be two of them in the books.
    """
    found = _wrong_contact(draft, "other_phone", "other_email")
    like = same_name(draft.other_name, own_name) or nearly_same(draft.other_name, own_name)
    if like and draft.is_me != "no":
        found["is_me"] = _("Deze naam lijkt op die van jou. Kies of jij dit bent.")
    if not draft.other_name:
        found["other_name"] = _("Vul in voor wie je het vraagt. Een voornaam is genoeg.")
    if draft.knows != "yes":
        found["knows"] = _("Vertel het eerst aan wie het gaat. Of meld dat je je zorgen maakt.")
    return found


def _wrong_contact(draft: Draft, phone: str, email: str) -> Wrong:
    found: Wrong = {}
    number, address = getattr(draft, phone), getattr(draft, email)
    if number and not is_phone(number):
        found[phone] = _("Dit is geen telefoonnummer. Het lijkt op 06 12345678 of 0413 123456.")
    if address:
        try:
            validate_email(address)
        except ValidationError:
            found[email] = _("Dit is geen mailadres. Een mailadres lijkt op naam@voorbeeld.nl.")
    return found


def is_phone(text: str) -> bool:
    """Tell whether a text is a telephone number that can be dialled from here."""
    plain = re.sub(r"[^\d+]", "", text.replace("(0)", ""))
    known = _DUTCH.fullmatch(plain) or _FOREIGN.fullmatch(plain)
    return bool(_PHONE.fullmatch(text) and known)


def _too_long(draft: Draft) -> Wrong:
    limits = {
        "name": LONGEST_NAME, "other_name": LONGEST_NAME, "phone": LONGEST_PHONE,
        "other_phone": LONGEST_PHONE, "email": LONGEST_MAIL, "other_email": LONGEST_MAIL,
        "moment": LONGEST_LINE,
    }  # fmt: skip
    told = _("Dit is te lang: er passen %(most)s tekens in.")
    return {
        name: told % {"most": most}
        for name, most in limits.items()
        if len(getattr(draft, name)) > most
    }
