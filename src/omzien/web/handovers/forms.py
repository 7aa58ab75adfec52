"""Forms of handovers: few fields, each with a reason to be there."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from omzien.handovers.queries.receivers import Receiver
from omzien.people.rules.grounds import Category
from omzien.web.days import Day
from omzien.web.freshness.forms import Key, Line, Text
from omzien.web.handovers.words import (
    CAPACITIES,
    CATEGORIES,
    CONTACTS,
    HOWS,
    LAWS,
    OURS,
    RESIDENTS,
    RESULTS,
)

DONT_KNOW = _("Weet ik niet")
HEARD, ASK, LAW = "heard", "ask", "law"
GROUNDS = {
    HEARD: _("De inwoner zei ja. Ik leg dat hier vast."),
    ASK: _("Ik vraag het de inwoner online. De overdracht wacht op het antwoord."),
    LAW: _("Een wet laat mij dit delen."),
}
SHARED = (Category.STORY, Category.PLAN, Category.HEALTH)
YES_NO = [("yes", _("Ja")), ("no", _("Nee"))]


def one_of(choices: dict[Any, Any], missing: Any = "", *, required: bool = True) -> Any:
    """Return a field of which one is chosen."""
    return forms.ChoiceField(
        choices=[(str(key), text) for key, text in choices.items()],
        required=required,
        error_messages={"required": missing, "invalid_choice": missing or _("Kies opnieuw.")},
    )


def many_of(choices: dict[Any, Any]) -> Any:
    """Return a field of which none, one or more are chosen."""
    return forms.MultipleChoiceField(
        choices=[(str(key), text) for key, text in choices.items()],
        required=False,
        error_messages={"invalid_choice": _("Kies opnieuw.")},
    )


class Versioned(forms.Form):
    """A form that knows which version of the thing its page showed."""

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Deze pagina was te oud. Kijk of alles nog klopt en probeer het weer."),
            "invalid": _("Deze pagina was te oud. Kijk of alles nog klopt en probeer het weer."),
        },
    )


class Signed(Versioned):
    """A form by link: nobody signed in, so that a name is typed."""

    signed = Line(most=120, required=True, missing=_("Vul je naam in."))

    def __init__(self, *arguments: Any, by_link: bool = False, **more: Any) -> None:
        """Ask for a name only where nobody signed in."""
        super().__init__(*arguments, **more)
        signed = self.fields.pop("signed")
        if by_link:
            self.fields["signed"] = signed  # the last on the page, and so in what went wrong


class OfferForm(Versioned):
    """All of an offer in one form: to whom, what, and what lets it be shared."""

    key = Key()
    asked = Text(most=2000, required=True, missing=_("Schrijf wat je dit team vraagt."))
    tried = Text(most=2000, required=True, missing=_("Schrijf wat er al is geprobeerd."))
    best_moment = Line(most=200, required=True, missing=_("Schrijf wanneer bellen het beste kan."))
    capacity_reason = Line(most=300)
    is_urgent = forms.BooleanField(required=False)
    resident_knows = forms.BooleanField(required=False)
    ground = one_of(GROUNDS, required=False)
    categories = many_of({one: CATEGORIES[one] for one in SHARED})
    how = one_of(HOWS, required=False)
    after_no = forms.BooleanField(required=False)
    law = one_of(LAWS, required=False)
    article = Line(most=120)
    explanation = Line(most=500)
    is_informed = forms.BooleanField(required=False)
    not_informed_because = Line(most=300)

    def __init__(
        self, *arguments: Any, receivers: list[Receiver], ways: Collection[str], **more: Any
    ) -> None:
        """Offer the teams that can be asked, and the ways to a ground that are open here."""
        super().__init__(*arguments, **more)
        known = {key: text for key, text in GROUNDS.items() if key in ways}
        self.fields["ground"] = one_of(known, required=False)
        teams = {one.team.pk: one.team.name for one in receivers}
        self.fields["to_team"] = one_of(teams, _("Kies aan welk team je dit vraagt."))
        self.covered = {str(one.team.pk): one.is_covered for one in receivers}
        self.order_fields(["to_team"])

    def clean(self) -> dict[str, Any]:
        """Ask what the chosen ground needs, and nothing of the others."""
        found: dict[str, Any] = super().clean() or {}
        team, ground = found.get("to_team"), found.get("ground")
        if team and not self.covered.get(team) and not ground:
            self.add_error("ground", _("Kies hoe je weet dat dit gedeeld mag worden."))
        if ground == HEARD and not found.get("how"):
            self.add_error("how", _("Kies hoe de inwoner het zei."))
        if ground == LAW and not found.get("law"):
            self.add_error("law", _("Kies wat voor wet het is."))
        return found


class AcceptForm(Versioned):
    """Yes: and this person calls."""

    contact_name = Line(most=120, required=True, missing=_("Vul in wie de inwoner belt."))


class DeclineForm(Signed):
    """No: why, and what could be next."""

    reason = forms.ChoiceField(
        choices=[
            (_("Door ons"), [(str(key), text) for key, text in OURS.items()]),
            (_("Door de inwoner"), [(str(key), text) for key, text in RESIDENTS.items()]),
        ],
        error_messages={
            "required": _("Kies waarom het niet kan."),
            "invalid_choice": _("Kies waarom het niet kan."),
        },
    )
    text = Line(most=500, required=True, missing=_("Schrijf in één zin waarom."))
    suggestion = Line(most=300)
    dont_know = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """Take "I do not know" for an answer, but not nothing."""
        found: dict[str, Any] = super().clean() or {}
        if not found.get("suggestion") and not found.get("dont_know"):
            self.add_error(
                "suggestion", _("Schrijf wie wel kan helpen, of zet een vinkje bij ‘weet ik niet’.")
            )
        found["suggestion"] = found.get("suggestion") or str(DONT_KNOW)
        return found


class MeetForm(Signed):
    """The first contact: when, how, and was the resident there."""

    met_on = Day()
    met_by = one_of(CONTACTS, _("Kies hoe het gesprek ging."))
    was_there = one_of(dict(YES_NO), _("Kies of de inwoner erbij was."))


class ReasonForm(Signed):
    """Giving back or withdrawing: why."""

    reason = Line(most=500, required=True, missing=_("Schrijf in één zin waarom."))


class ReportForm(Signed):
    """How it ended, and no more."""

    result = one_of(RESULTS, _("Kies hoe het afliep."))
    is_told = forms.BooleanField(required=False)

    def __init__(self, *arguments: Any, by_link: bool = False, **more: Any) -> None:
        """Ask whether the resident knows only where this closes the question."""
        super().__init__(*arguments, by_link=by_link, **more)
        if not by_link:
            del self.fields["is_told"]


class MeetingForm(Signed):
    """When and where the three meet."""

    day = Day()
    time = forms.TimeField(
        input_formats=["%H:%M", "%H.%M", "%H"],
        error_messages={
            "required": _("Vul een tijd in."),
            "invalid": _("Vul een tijd in, zoals 14.30."),
        },
    )
    place = Line(most=200, required=True, missing=_("Vul in waar het is."))


class HeldForm(Signed):
    """The talk took place."""

    was_there = one_of(dict(YES_NO), _("Kies of de inwoner erbij was."))


class PlainForm(Versioned):
    """A button that carries the version."""


class RoomForm(forms.Form):
    """Whether there is room in the own team."""

    capacity = one_of(CAPACITIES, _("Kies of er plek is."))
    free = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=999,
        error_messages={
            "invalid": _("Vul een getal in, of niets."),
            "min_value": _("Vul een getal in, of niets."),
            "max_value": _("Vul een getal onder de duizend in."),
        },
    )
    keeps_list = forms.BooleanField(required=False)
    first_rule = Line(most=300)
    note = Line(most=200)


class CodeForm(forms.Form):
    """The code from the mail."""

    code = Line(most=20, required=True, missing=_("Vul de code uit de mail in."))


class DisputeForm(forms.Form):
    """What the resident says about a first contact."""

    text = Text(most=500)


class AdviceForm(Versioned):
    """A question for advice, without a name."""

    key = Key()
    to_team = forms.ChoiceField(
        error_messages={
            "required": _("Kies een team."),
            "invalid_choice": _("Kies een team."),
        }
    )
    text = Text(most=4000, required=True, missing=_("Schrijf je vraag."))

    def __init__(self, *arguments: Any, teams: dict[Any, Any], **more: Any) -> None:
        """Offer the other teams."""
        super().__init__(*arguments, **more)
        self.fields["to_team"].choices = [(str(key), name) for key, name in teams.items()]  # type: ignore[attr-defined]


class AlongForm(AdviceForm):
    """A team that does a part."""

    text = Text(most=300, required=True, missing=_("Schrijf welk deel dit team doet."))


class AskAlongForm(AlongForm):
    """May a team do a part, and what may it see?"""

    categories = many_of({one: CATEGORIES[one] for one in SHARED})


class HeardAlongForm(AskAlongForm):
    """The resident said yes to that: how?"""

    how = one_of(HOWS, _("Kies hoe de inwoner het zei."))
    after_no = forms.BooleanField(required=False)


class ReferForm(Versioned):
    """Where the resident goes."""

    key = Key()
    name = Line(most=200, required=True, missing=_("Schrijf waar de inwoner heen gaat."))
    text = Line(most=500, required=True, missing=_("Schrijf waarvoor."))


class WaitForm(AdviceForm):
    """Onto the list of a team: for what, and what helps meanwhile."""

    text = Text(most=300, required=True, missing=_("Schrijf waar de inwoner op wacht."))
    bridge = Line(most=300)
    entry = Line(most=300)
    goes_first = forms.BooleanField(required=False)
    is_told = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for what helps meanwhile: in words, or as an entry of the social map."""
        found: dict[str, Any] = super().clean() or {}
        if not found.get("bridge") and not found.get("entry"):
            self.add_error("bridge", _("Schrijf wat de inwoner helpt tot er plek is."))
        if not found.get("is_told"):
            self.add_error("is_told", _("Vertel het de inwoner eerst. Zet daarna dit vinkje."))
        return found


class TaskForm(forms.Form):
    """Something to do for a team that works along."""

    key = Key()
    what = forms.CharField(max_length=200)
    due_on = Day()


class AnswerForm(Versioned):
    """Advice, or why there is none."""

    answer = Text(most=4000)
