"""Forms of neighbour mediation: few fields, and none for what was said in a talk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from omzien.areas.models import Municipality, Village
from omzien.mediation.actions.reporting import MOST_WORDS, Neighbour, Report
from omzien.mediation.rules.states import Outcome, Subject
from omzien.web.days import Day
from omzien.web.freshness.forms import Key, Line, Text
from omzien.web.handovers.forms import Versioned, one_of
from omzien.web.mediation.words import BACK, ELSEWHERE, OUTCOMES, SUBJECTS

NO_MAIL = {"invalid": _("Dit is geen mailadres.")}


def mail(label: Any, hint: Any = "") -> forms.EmailField:
    """Return a field for a mail address that may stay empty."""
    return forms.EmailField(required=False, label=label, help_text=hint, error_messages=NO_MAIL)


def line(label: Any, hint: Any = "", *, most: int = 120, missing: Any = "") -> Line:
    """Return a field of one line, required where it says what is `missing`."""
    field = Line(most=most, required=bool(missing), missing=missing)
    field.label, field.help_text = label, hint
    return field


def tick(label: Any, missing: Any = "") -> forms.BooleanField:
    """Return a box to tick, required where it says what is `missing`."""
    return forms.BooleanField(
        required=bool(missing), label=label, error_messages={"required": missing}
    )


class ReportForm(forms.Form):
    """What it is about, who reports it and where both live."""

    key = Key()
    village = forms.ModelChoiceField(
        Village.objects.none(), error_messages={"required": _("Kies een dorp of buurt.")}
    )
    subject = one_of(SUBJECTS, _("Kies waar het om gaat."))
    words = Text(most=MOST_WORDS, required=True, missing=_("Schrijf kort op wat er is."))
    name = Line(most=120, required=True, missing=_("Vul een naam in."))
    phone = Line(most=40)
    email = mail("")
    street = Line(most=120, required=True, missing=_("Vul een straat en huisnummer in."))
    postcode = Line(most=7)
    other_name = Line(most=120)
    other_street = Line(most=120, required=True, missing=_("Vul in waar de andere buur woont."))
    other_postcode = Line(most=7)

    def __init__(self, *arguments: Any, municipality: Municipality, **more: Any) -> None:
        """Offer the villages of this municipality."""
        super().__init__(*arguments, **more)
        self.fields["village"].queryset = municipality.villages.order_by("name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for one way to reach who reports it."""
        data = super().clean() or self.cleaned_data
        if not (data.get("phone") or data.get("email")) and "email" not in self.errors:
            self.add_error("phone", _("Vul een telefoonnummer of een mailadres in."))
        return data

    def report(self) -> Report:
        """Return what this reports."""
        data = self.cleaned_data
        return Report(
            village=data["village"],
            subject=Subject(data["subject"]),
            words=data["words"],
            first=Neighbour(
                name=data["name"], street=data["street"], postcode=data["postcode"],
                phone=data["phone"], email=data["email"],
            ),
            second=Neighbour(
                name=data["other_name"], street=data["other_street"],
                postcode=data["other_postcode"],
            ),
            **({"key": data["key"]} if data["key"] else {}),
        )  # fmt: skip


class PlainForm(Versioned):
    """A button that carries the version."""


class SuitForm(Versioned):
    """When the intake was."""

    met_on = Day()
    met_on.label, met_on.help_text = _("Wanneer sprak je de melder?"), _("Bijvoorbeeld: 31-12-2026")


class ElsewhereForm(Versioned):
    """Why it does not suit, and where to go."""

    why = one_of(ELSEWHERE, _("Kies waarom het niet past."))
    why.label = _("Waarom past bemiddeling niet?")
    where = line(
        _("Waar kan de melder wel terecht?"), _("De melder leest dit."), most=300,
        missing=_("Schrijf waar de melder terecht kan."),
    )  # fmt: skip


class JoinForm(Versioned):
    """The other neighbour says yes."""

    name = line(_("Naam van de andere buur"))
    phone = line(_("Telefoon"), most=40)
    email = mail(_("Mailadres"), _("Hiermee leest deze buur het eigen dossier. Mag leeg."))
    was_told = tick(
        _("Ik vertelde dat een buur hierom vroeg, wat we bewaren, en dat stoppen altijd mag"),
        _("Vertel dit eerst. De wet vraagt dat (AVG, artikel 14)."),
    )


class TalkForm(Versioned):
    """When and where."""

    day = Day()
    day.label, day.help_text = _("Welke dag?"), _("Bijvoorbeeld: 31-12-2026")
    time = forms.TimeField(
        label=_("Hoe laat?"), help_text=_("Bijvoorbeeld: 14.30"),
        input_formats=["%H:%M", "%H.%M", "%H"],
        error_messages={
            "required": _("Vul een tijd in."), "invalid": _("Vul een tijd in, zoals 14.30."),
        },
    )  # fmt: skip
    place = line(
        _("Waar?"), _("Noem geen namen: dit komt in ieders agenda."), most=200,
        missing=_("Vul in waar het is."),
    )  # fmt: skip


class WordsForm(Versioned):
    """What both agreed."""

    words = Text(most=4000, required=True, missing=_("Schrijf op wat is afgesproken."))
    words.label = _("Wat is afgesproken?")
    words.help_text = _(
        "Alleen wat beide buren samen afspraken, in hun eigen woorden. Niet wat iemand vertelde."
    )


class OutcomeForm(Versioned):
    """How it ended, in a class."""

    def __init__(self, *arguments: Any, outcomes: tuple[Outcome, ...], **more: Any) -> None:
        """Offer the outcomes that can be from here."""
        super().__init__(*arguments, **more)
        field = one_of({one: OUTCOMES[one] for one in outcomes}, _("Kies hoe het afliep."))
        field.label = _("Hoe liep het af?")
        field.help_text = _("Wie verwees, hoort alleen dit.")
        self.fields["outcome"] = field


class DayForm(Versioned):
    """Another day."""

    due_on = Day()
    due_on.label = _("Op welke dag?")
    due_on.help_text = _("Twee tot zes weken na de afspraken. Bijvoorbeeld: 31-12-2026")


class AcceptForm(Versioned):
    """A mediator says yes."""

    knows_nobody = tick(
        _("Ik ken deze buren niet, en woon niet bij hen in de buurt"),
        _("Zeg eerst dat je geen van beide buren kent."),
    )


class BackForm(Versioned):
    """A mediator says no."""

    reason = one_of(BACK, _("Kies waarom."))
    reason.label = _("Waarom?")


class HomeForm(forms.Form):
    """Where a mediator lives."""

    street = Line(most=120, required=True, missing=_("Vul de straat in."))
    postcode = Line(most=7, required=True, missing=_("Vul de postcode in."))
    is_experienced = forms.BooleanField(required=False)
