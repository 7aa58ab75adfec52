"""The form with which an editor changes an entry, or puts a new one on the site.

What the owner's form does not have is written and read as in the template for imports.
"""

import json
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from omzien.areas.models import Municipality, Village
from omzien.choices.queries import topic_label
from omzien.directory.actions.edits import EDITORS, values_of
from omzien.directory.actions.importing.comparing import Difference
from omzien.directory.actions.parts import PLACE_FIELDS
from omzien.directory.importing import values, words
from omzien.directory.importing.rows import Slot, Wrong
from omzien.directory.importing.times import read_times, write_times
from omzien.directory.language.topics import all_domains, all_topics
from omzien.directory.languages import language_names
from omzien.directory.models import Provider, Service
from omzien.web.filters import RUNGS
from omzien.web.freshness.forms import EntryForm, Line, checked, initial

KINDS = {
    "municipality": _("Gemeente"),
    "foundation": _("Stichting"),
    "association": _("Vereniging"),
    "welfare": _("Welzijnsorganisatie"),
    "health": _("Zorg"),
    "education": _("Onderwijs"),
    "company": _("Bedrijf"),
    "church": _("Kerk of moskee"),
    "informal": _("Groep bewoners"),
    "initiative": _("Bewonersinitiatief"),
}
MOST_PLACES = 50
FIELDS = {"schedules": "times"}  # how the form calls what the entry calls otherwise
_YES, _NO = "ja", "nee"


class Cell(forms.CharField):
    """A value as a cell of the template holds it, checked in the same way."""

    def __init__(self, check: Callable[[Any], Any], **more: Any) -> None:
        super().__init__(required=False, max_length=2000, **more)
        self.check = check

    def clean(self, value: Any) -> Any:
        """Return what the cell means; say what is wrong in the words of an import."""
        try:
            return self.check(super().clean(value))
        except Wrong as wrong:
            raise forms.ValidationError([wrong.sentence, *wrong.more]) from None


class PlaceForm(forms.Form):
    """One place of an entry. `key` is the place that it was, and empty for a new one."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    name = Cell(values.line(200))
    street = Cell(values.line(200))
    postcode = Cell(values.postcode)
    town = Cell(values.line(80))
    village = forms.ModelChoiceField(
        queryset=Village.objects.none(),
        required=False,
        error_messages={"invalid_choice": _("Kies een dorp uit de lijst.")},
    )
    is_hidden = forms.BooleanField(required=False)

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].queryset = municipality.villages.order_by("name")  # type: ignore[attr-defined]


PlaceForms = forms.formset_factory(
    PlaceForm, extra=0, max_num=MOST_PLACES, validate_max=True, absolute_max=MOST_PLACES + 10,
    can_delete=True, can_delete_extra=False,
)  # fmt: skip


class EditorForm(EntryForm):
    """All of an entry, and who its owner is."""

    remark = None  # type: ignore[assignment]
    topics = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": _("Kies onderwerpen uit de lijst.")}
    )
    rung = forms.ChoiceField(required=False, choices=list(RUNGS.items()))
    times = Cell(read_times)
    wheelchair = forms.ChoiceField(
        required=False, choices=[("", ""), (_YES, _("ja")), (_NO, _("nee"))]
    )
    village = forms.ModelChoiceField(
        queryset=Village.objects.none(),
        required=False,
        error_messages={"invalid_choice": _("Kies een dorp uit de lijst.")},
    )
    audience = Cell(values.listed(80))
    age_min = Cell(values.age)
    age_max = Cell(values.age)
    languages = Cell(values.languages)
    keywords = Cell(values.listed(60))
    needs_referral = forms.BooleanField(required=False)
    owner_email = Line(most=254)
    seen = forms.CharField(required=False, max_length=40)
    opened_as = forms.CharField(required=False, max_length=2000)

    def __init__(
        self, *args: Any, municipality: Municipality, has_more: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.municipality = municipality
        self.has_more = has_more
        """Whether an empty place was asked for."""
        self.places = PlaceForms(
            self.data if self.is_bound else None,
            initial=self.initial.get("places", ()),
            prefix="plek",
            form_kwargs={"municipality": municipality},
        )
        self.places.extra = int(has_more or not self.initial.get("places"))
        self.has_secret = any(one["is_hidden"] for one in self.initial.get("places", ()))
        """Whether there is a hidden address: one that is added is hidden too, until somebody says
        otherwise."""
        for place in self.places.extra_forms:
            place.fields["is_hidden"].initial = self.has_secret
        self.fields["topics"].choices = [(code, code) for code in all_topics()]  # type: ignore[attr-defined]
        self.fields["village"].queryset = municipality.villages.order_by("name")  # type: ignore[attr-defined]

    def with_another_place(self) -> Self:
        """Return the form as it was sent, unchecked, with an empty place more."""
        return type(self)(initial=self.typed(), municipality=self.municipality, has_more=True)

    def typed(self) -> dict[str, Any]:
        """Return what was typed, unchecked, as another form has it at its start."""
        places = [{name: one[name].value() for name in one.fields} for one in self.places.forms]
        return {name: self[name].value() for name in self.fields} | {"places": places}

    @property
    def opened(self) -> dict[str, str]:
        """Return a mark of each value as the form was opened with it."""
        with suppress(ValueError, RecursionError):
            found = json.loads(self.cleaned_data["opened_as"])
            return found if isinstance(found, dict) else {}
        return {}

    def is_valid(self) -> bool:
        """Tell whether all of it can be used, also the places."""
        return super().is_valid() and self.places.is_valid()

    @property
    def topic_groups(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """Return the topics by life domain: code, label and whether it was chosen."""
        chosen = self["topics"].value() or []
        return [
            (
                domain.en if get_language() == "en" else domain.nl,
                [
                    (topic.code, topic_label(topic.code, self.municipality), topic.code in chosen)
                    for topic in all_topics().values()
                    if topic.domain == domain.code
                ],
            )
            for domain in all_domains().values()
        ]

    def clean_owner_email(self) -> str:
        """Return the address of the owner; without one the editors keep the entry."""
        return checked(
            self.cleaned_data["owner_email"],
            forms.EmailField(),
            _("“%(text)s” is geen mailadres. Een mailadres lijkt op naam@voorbeeld.nl."),
        )

    def clean_wheelchair(self) -> bool | None:
        """Return yes, no or unknown."""
        return words.yes_or_no(self.cleaned_data["wheelchair"])

    def clean(self) -> dict[str, Any]:
        """Check what belongs together; of the places only how many there are."""
        if self.places.non_form_errors():
            self.add_error(None, _("Kijk de adressen na."))
        found = self.cleaned_data
        youngest, oldest = found.get("age_min"), found.get("age_max")
        if youngest is not None and oldest is not None and youngest > oldest:
            self.add_error("age_min", _("De laagste leeftijd is hoger dan de hoogste."))
        return found

    @property
    def changes(self) -> dict[str, Any]:
        """Return what was filled in, as `edit_entry` and `add_entry` take it."""
        found = dict(self.cleaned_data)
        filled = (one for one in self.places.cleaned_data if one)
        found["places"] = [one for one in filled if not one.get("DELETE")]
        found["schedules"] = found.pop("times")
        if not found["rung"]:
            del found["rung"]
        for name in ("seen", "opened_as", "provider", "kind"):
            found.pop(name, None)
        return found


@dataclass(frozen=True)
class Together:
    """What somebody typed, put together with what changed in the meantime.

    In `form` stands what they typed, and of what they left alone what stands there now: `taken`.
    Of what both changed `clashes` has both.
    """

    form: EditorForm
    taken: list[Difference]
    clashes: list[Difference]


def together(form: EditorForm, service: Service) -> Together:
    """Return what was typed in a form that came too late, ready to be saved after all."""
    now, fresh = _values(service), shown(service, values_of(service))
    opened, typed = form.opened, form.typed()
    taken, clashes = [], []
    for name, value in form.changes.items():
        here, mine = (_in_words(name, one, form.municipality) for one in (now[name], value))
        if here == mine:
            continue
        if opened.get(name) == _mark(name, value):
            typed[FIELDS.get(name, name)] = fresh[FIELDS.get(name, name)]
            taken.append(Difference(name, here, mine))
        elif opened.get(name) != _mark(name, now[name]):
            clashes.append(Difference(name, here, mine))
    typed |= {"seen": fresh["seen"], "opened_as": fresh["opened_as"]}
    return Together(type(form)(initial=typed, municipality=form.municipality), taken, clashes)


def _values(service: Service) -> dict[str, Any]:
    """Return an entry as `EditorForm.changes` has it."""
    return {name: getattr(service, name) for name in EDITORS} | {
        "phones": [[one.number, one.note] for one in service.phones.all()],
        "schedules": [Slot(s.recurrence, s.note, s.is_activity) for s in service.schedules.all()],
        "places": [
            {name: getattr(place, name) for name in PLACE_FIELDS} for place in service.places.all()
        ],
    }


def _mark(name: str, value: Any) -> str:
    text = " ".join(sorted(value)) if name == "topics" else _in_words(name, value, None)
    return f"{zlib.crc32(text.encode()):x}"


def _in_words(name: str, value: Any, town: Municipality | None) -> str:
    if name == "schedules":
        return "\n".join(sorted(write_times([slot]) for slot in value))
    if name == "places":
        return "\n".join(sorted(filter(None, map(_address, value))))
    if name == "phones":
        return "\n".join(", ".join(filter(None, pair)) for pair in value)
    if name == "topics" and town:
        return "\n".join(sorted(topic_label(code, town) for code in value))
    if name == "languages" and town:
        return language_names(value)
    if name == "rung":
        return str(RUNGS.get(value, ""))
    if isinstance(value, bool):
        return gettext("ja") if value else gettext("nee")
    if isinstance(value, list | tuple):
        return values.in_one_cell(value)
    return "" if value is None else str(value)


def _address(place: dict[str, Any]) -> str:
    parts = (place["name"], place["street"], f"{place['postcode']} {place['town']}".strip())
    text = ", ".join(part for part in parts if part)
    return f"{text} ({gettext('geheim')})" if text and place["is_hidden"] else text


class NewEntryForm(EditorForm):
    """The same for an entry that is not there yet: also who offers it."""

    provider = Line(most=200, required=True, missing=_("Vul in wie dit aanbiedt."))
    kind = forms.ChoiceField(required=False, choices=list(KINDS.items()))

    @property
    def providers(self) -> list[str]:
        """Return the names of who offers something here already."""
        found = Provider.objects.filter(municipality=self.municipality)
        return list(found.order_by("sort_name", "pk").values_list("name", flat=True)[:1000])


def shown(service: Service, kept: dict[str, Any]) -> dict[str, Any]:
    """Return an entry as the form shows it; `kept` is what an owner may change of it."""
    times = [Slot(s.recurrence, s.note, s.is_activity) for s in service.schedules.all()]
    return initial(kept) | {
        "topics": service.topics,
        "rung": service.rung,
        "times": "\n".join(write_times([slot]) for slot in times),
        "places": [
            {"key": place.pk, "village": place.village_id}
            | {name: getattr(place, name) for name in PLACE_FIELDS}
            for place in service.places.all()
        ],
        "wheelchair": {True: _YES, False: _NO, None: ""}[service.wheelchair],
        "village": service.village_id,
        "audience": values.in_one_cell(service.audience),
        "age_min": service.age_min,
        "age_max": service.age_max,
        "languages": language_names(service.languages),
        "keywords": values.in_one_cell(service.keywords),
        "needs_referral": service.needs_referral,
        "owner_email": service.owner_email,
        "seen": service.changed_at.isoformat(),
        "opened_as": json.dumps({n: _mark(n, value) for n, value in _values(service).items()}),
    }
