"""Forms of the own network, the plan and measuring."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omzien.questions.models import Attempt
from omzien.questions.rules.measuring import Instrument
from omzien.questions.rules.network import LONGEST_NAME
from omzien.questions.rules.plans import LONGEST_WORDS, Moment
from omzien.web.days import Day
from omzien.web.filters import RUNGS
from omzien.web.freshness.forms import Key, Line, Text
from omzien.web.plan_words import KINDS, MOMENTS, OFTEN, RELATIONS, RESULTS, RINGS


def _choice(choices: Mapping[Any, Any], missing: Any, **more: Any) -> forms.ChoiceField:
    pairs = [(str(value), label) for value, label in choices.items()]
    wrong = {"required": missing, "invalid_choice": missing}
    return forms.ChoiceField(choices=pairs, error_messages=wrong, **more)


class Together(forms.Form):
    """What a worker writes down, with the resident beside them."""

    together = forms.BooleanField(required=False)


class TieForm(Together):
    """Somebody on the map."""

    key = Key()
    name = Line(most=200, required=True, missing=gettext_lazy("Vul een voornaam in."))
    relation = _choice(RELATIONS, gettext_lazy("Kies wie dit is."))
    kinds = forms.MultipleChoiceField(
        choices=[(kind.value, label) for kind, label in KINDS.items()], required=False
    )
    closeness = _choice(RINGS, gettext_lazy("Kies hoe dichtbij iemand staat."))
    how_often = _choice(OFTEN, gettext_lazy("Kies hoe vaak er contact is."))

    def clean_name(self) -> str:
        """Return the name; a very long one is never a first name."""
        return str(self.cleaned_data["name"])[: LONGEST_NAME + 1]


class GoalForm(Together):
    """A goal, in the words of the resident."""

    key = Key()
    words = Text(
        most=LONGEST_WORDS, required=True, missing=gettext_lazy("Schrijf op wat je wilt bereiken.")
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ActionForm(Together):
    """Who does what, when, on which rung. `people` are (value, label) of who can do it."""

    key = Key()
    who = forms.ChoiceField(error_messages={"required": gettext_lazy("Kies wie dit doet.")})
    name = Line(most=120)
    what = Line(most=300, required=True, missing=gettext_lazy("Schrijf op wat er gebeurt."))
    due_on = Day(required=False)
    rung = _choice(RUNGS, gettext_lazy("Kies de soort hulp."))

    def __init__(self, *arguments: Any, people: Iterable[tuple[str, Any]], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["who"].choices = list(people)  # type: ignore[attr-defined]


class SplitForm(Together):
    """Who carries a goal: three percents."""

    moment = _choice(MOMENTS, gettext_lazy("Kies wanneer dit is."))
    own = forms.IntegerField(min_value=0, max_value=100)
    network = forms.IntegerField(min_value=0, max_value=100)
    professional = forms.IntegerField(min_value=0, max_value=100)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        for name in ("own", "network", "professional"):
            for kind in ("required", "invalid", "min_value", "max_value"):
                self.fields[name].error_messages[kind] = _("Vul een getal in van 0 tot en met 100.")


class TryForm(forms.Form):
    """Something to try on a rung."""

    key = Key()
    rung = _choice(RUNGS, gettext_lazy("Kies de soort hulp."))
    offer = Line(most=200, required=True, missing=gettext_lazy("Schrijf op wat je probeert."))
    service = forms.UUIDField(required=False, widget=forms.HiddenInput)
    skipped = Line(most=300)


class EndTryForm(forms.Form):
    """What came of a try."""

    result = _choice(
        {code: RESULTS[code] for code in ("worked", "partly", "failed")},  # type: ignore[index]
        gettext_lazy("Kies wat het opleverde."),
    )
    reason = Line(most=300)


class SchoolForm(forms.Form):
    """What a school may hear, and who agreed."""

    key = Key()
    school = Line(most=120, required=True, missing=gettext_lazy("Vul de school in."))
    what = Line(
        most=500, required=True, missing=gettext_lazy("Schrijf op wat de school mag horen.")
    )
    age = forms.IntegerField(
        error_messages={
            "required": gettext_lazy("Vul de leeftijd in."),
            "invalid": gettext_lazy("Vul de leeftijd in als getal."),
        }
    )
    young_agrees = forms.BooleanField(required=False)
    parent_agrees = forms.BooleanField(required=False)


class InstrumentForm(forms.Form):
    """A file with an instrument, and the statement about the rights."""

    file = forms.FileField(
        error_messages={
            "required": gettext_lazy("Kies een bestand."),
            "empty": gettext_lazy("Dit bestand is leeg."),
        }
    )
    holds_rights = forms.BooleanField(required=False)


class MeasureForm(Together):
    """The statements of an instrument; none of them is obligatory."""

    key = Key()

    def __init__(self, *arguments: Any, instrument: Instrument, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["moment"] = _choice(MOMENTS, _("Kies wanneer je meet."))
        steps = [("", _("Sla over")), *((str(n), text) for n, text in enumerate(instrument.scale))]
        self.codes = [one.code for one in instrument.statements]
        for number, one in enumerate(instrument.statements):
            self.fields[f"s{number}"] = forms.ChoiceField(
                choices=steps, label=one.text, required=False,
                error_messages={"invalid_choice": _("Kies een van de antwoorden.")},
            )  # fmt: skip

    @property
    def rows(self) -> list[forms.BoundField]:
        """Return the fields of the statements, in their order."""
        return [self[f"s{number}"] for number in range(len(self.codes))]

    @property
    def answers(self) -> dict[str, int]:
        """Return what was answered, by the code of the statement."""
        found = {code: self.cleaned_data.get(f"s{n}") for n, code in enumerate(self.codes)}
        return {code: int(step) for code, step in found.items() if step}

    @property
    def chosen_moment(self) -> Moment:
        """Return whether this is before or after."""
        return Moment(self.cleaned_data["moment"])


ENDED = tuple(Attempt.Result(code) for code in ("worked", "partly", "failed"))
