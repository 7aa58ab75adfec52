"""The forms of the page of one question; each carries the version that the page showed."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from omzien.areas.models import Village
from omzien.directory.language.topics import all_topics
from omzien.people.models import Membership
from omzien.people.rules.roles import Actor
from omzien.questions.models import Question
from omzien.questions.models.questions import MOST_TOPICS
from omzien.questions.queries.caseload import Load, colleagues, loads_for
from omzien.questions.rules.reaching import By
from omzien.questions.rules.states import Result
from omzien.web.days import Day
from omzien.web.filters import RUNGS
from omzien.web.freshness.forms import Key, Line
from omzien.web.questions.words import OVER, RESULTS, WAYS

CHOOSE = {"required": _("Kies er een."), "invalid_choice": _("Kies er een uit de lijst.")}
RUNG = CHOOSE | {"required": _("Kies op welke trede.")}
HOW = CHOOSE | {"required": _("Kies hoe je het probeerde.")}
DID_IT = CHOOSE | {"required": _("Kies of het lukte.")}
RESULT = CHOOSE | {"required": _("Kies hoe het is gelopen.")}


class Working(forms.Form):
    """A form about one question. `version` is what the page showed."""

    version = forms.IntegerField(
        min_value=1,
        error_messages={"required": _("Deze pagina is te oud. Verstuur het nog een keer.")},
    )

    def __init__(self, *arguments: Any, question: Question, actor: Actor, **more: Any) -> None:
        """Take the question and who works on it; subclasses fill their lists with them."""
        super().__init__(*arguments, **more)
        self.question, self.actor = question, actor
        self.fields["version"].initial = question.version
        self.prepare()

    def prepare(self) -> None:
        """Fill the lists; there are none here."""

    @property
    def typed(self) -> list[str]:
        """Return what somebody wrote in their own words, so that it is never lost."""
        names = [name for name, field in self.fields.items() if isinstance(field, Line)]
        return [value for name in names if (value := str(self[name].value() or "").strip())]


class GoOnForm(Working):
    """What happens next."""

    rung = forms.ChoiceField(choices=list(RUNGS.items()), error_messages=RUNG)
    next_action = Line(most=200, required=True, missing=_("Schrijf wat er nu gebeurt."))
    next_on = Day()
    skipped = Line(most=300)

    def prepare(self) -> None:
        """Begin with what stands there now."""
        self.fields["rung"].initial = self.question.rung
        self.fields["next_action"].initial = self.question.next_action


class GiveForm(Working):
    """Who will hold the question."""

    holder = forms.ModelChoiceField(
        Membership.objects.none(), required=False, error_messages=CHOOSE
    )
    over = forms.ChoiceField(choices=[("", ""), *OVER.items()], required=False)

    def prepare(self) -> None:
        """Offer the colleagues of the team; who is here and has the least work stands first."""
        field: Any = self.fields["holder"]
        today = timezone.localdate()
        field.queryset = colleagues(self.actor, on=today)
        loads = {one.membership: one for one in loads_for(self.actor, on=today)}
        found = [(one, loads.get(one.pk)) for one in field.queryset]
        found.sort(key=lambda each: (bool(each[1] and each[1].is_away), _weight(each[1])))
        field.choices = [("", ""), *((one.pk, _with_load(one, load)) for one, load in found)]
        field.initial = self.question.holder_id


def _weight(load: Load | None) -> int:
    return load.weight if load else 0


def _with_load(one: Membership, load: Load | None) -> str:
    """Return a colleague's name with how much work they have, as far as the reader may see it."""
    if load is None:
        return one.person.name
    work = ngettext(
        "%(name)s: %(n)d vraag, werklast %(weight)d",
        "%(name)s: %(n)d vragen, werklast %(weight)d",
        load.count,
    ) % {"name": one.person.name, "n": load.count, "weight": load.weight}
    return str(_("%(work)s (nu afwezig)") % {"work": work}) if load.is_away else work


class CorrectForm(Working):
    """What the question is about, and where."""

    topics = forms.MultipleChoiceField(required=False, error_messages=CHOOSE)
    village = forms.ModelChoiceField(Village.objects.none(), error_messages=CHOOSE)

    def prepare(self) -> None:
        """Offer all topics, and the villages of the municipality."""
        topics: Any = self.fields["topics"]
        topics.choices = [(one.code, one.nl) for one in all_topics().values()]
        topics.initial = self.question.topics
        village: Any = self.fields["village"]
        village.queryset = Village.objects.filter(municipality=self.question.municipality_id)
        village.label_from_instance = lambda one: one.name
        village.initial = self.question.village_id

    def clean_topics(self) -> list[str]:
        """Take at most five."""
        found: list[str] = self.cleaned_data["topics"]
        if len(found) > MOST_TOPICS:
            raise forms.ValidationError(_("Kies hooguit vijf onderwerpen."))
        return found


class TaskForm(Working):
    """What somebody will do."""

    key = Key()
    what = Line(most=200, required=True, missing=_("Schrijf wat er moet gebeuren."))
    due_on = Day()
    holder = forms.ModelChoiceField(
        Membership.objects.none(), required=False, error_messages=CHOOSE
    )

    def prepare(self) -> None:
        """Offer the colleagues of the team."""
        field: Any = self.fields["holder"]
        field.queryset = colleagues(self.actor, on=timezone.localdate())
        field.label_from_instance = lambda one: one.person.name
        field.initial = self.actor.membership


class ReachForm(Working):
    """A try to reach the resident."""

    channel = forms.ChoiceField(choices=[(one, WAYS[one]) for one in By], error_messages=HOW)
    day = Day()
    reached = forms.ChoiceField(
        choices=[("no", _("Nee, niet bereikt")), ("yes", _("Ja, we spraken elkaar"))],
        error_messages=DID_IT,
    )

    def prepare(self) -> None:
        """Begin with today."""
        self.fields["day"].initial = timezone.localdate().strftime("%d-%m-%Y")


class GiveUpForm(Working):
    """The last letter, when nobody could be reached."""

    letter_on = Day(required=False)


class CloseForm(Working):
    """How it ended."""

    result = forms.ChoiceField(choices=[(r, RESULTS[r]) for r in Result], error_messages=RESULT)
    rung_reached = forms.ChoiceField(choices=list(RUNGS.items()), error_messages=RUNG)
    is_told = forms.BooleanField(required=False)

    def prepare(self) -> None:
        """Begin with the rung of now."""
        self.fields["rung_reached"].initial = self.question.rung


class FilterForm(forms.Form):
    """The name under which a list is kept."""

    name = Line(most=60, required=True, missing=_("Geef de lijst een naam."))
