"""The form with which an owner changes an entry."""

import re
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from omzien.kernel.text import clean, one_line

MOST_PHONES = 10
_NUMBER = re.compile(r"\+?[\d][\d\s().-]*")
_TOO_LONG = _("Dit is te lang: %(show_value)s tekens. Het mogen er %(limit_value)s zijn.")


class Line(forms.CharField):
    """One line of plain text."""

    def __init__(self, *, most: int, required: bool = False, missing: Any = "") -> None:
        super().__init__(
            max_length=most,
            required=required,
            error_messages={"required": missing, "max_length": _TOO_LONG},
        )

    def to_python(self, value: Any) -> str:
        """Return the line without control characters and double spaces."""
        return one_line(super().to_python(value) or "")


class Text(Line):
    """Plain text of more lines."""

    def to_python(self, value: Any) -> str:
        """Return the text without control characters."""
        return clean(forms.CharField.to_python(self, value) or "")


class Key(forms.UUIDField):
    """The hidden key of a form as it was shown: sent twice is done once. What is no key is none."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, initial=uuid.uuid4)

    def clean(self, value: Any) -> uuid.UUID | None:
        """Return the key, or None."""
        try:
            found: uuid.UUID | None = super().clean(value)
        except forms.ValidationError:
            return None
        return found


class EntryForm(forms.Form):
    """The facts of an entry that its owner may change."""

    title = Line(most=200, required=True, missing=_("Vul de naam in."))
    description = Text(most=5000, required=True, missing=_("Vertel wat het is."))
    cost = Line(most=200)
    eligibility = Text(most=2000)
    waiting = Line(most=200)
    phones = Text(most=1000)
    email = Line(most=254)
    website = Line(most=500)
    remark = Text(most=2000)

    def clean_phones(self) -> list[list[str]]:
        """Return the numbers with their notes; name the line that cannot be read."""
        found = []
        lines = [line.strip() for line in self.cleaned_data["phones"].splitlines() if line.strip()]
        if len(lines) > MOST_PHONES:
            raise forms.ValidationError(
                _("Vul hooguit %(most)s nummers in."), params={"most": MOST_PHONES}
            )
        for row, line in enumerate(lines, start=1):
            number, _comma, note = (part.strip() for part in line.partition(","))
            if not _NUMBER.fullmatch(number) or sum(c.isdigit() for c in number) < 3:
                raise forms.ValidationError(
                    _(
                        "Telefoon, regel %(row)s: “%(text)s” is geen nummer. "
                        "Begin met het nummer, dan een komma, dan uitleg."
                    ),
                    params={"row": row, "text": line[:60]},
                )
            if len(number) > 60 or len(note) > 120:
                raise forms.ValidationError(
                    _("Telefoon, regel %(row)s is te lang."), params={"row": row}
                )
            found.append([number, note])
        return found

    def clean_email(self) -> str:
        """Return the address; an empty one is fine."""
        return checked(
            self.cleaned_data["email"],
            forms.EmailField(),
            _("“%(text)s” is geen mailadres. Een mailadres lijkt op naam@voorbeeld.nl."),
        )

    def clean_website(self) -> str:
        """Return the address of the site, with https:// before it when that is missing."""
        typed = self.cleaned_data["website"]
        text = typed if "://" in typed or not typed else f"https://{typed}"
        wrong = _("“%(text)s” is geen adres van een website. Zo’n adres begint met https://.")
        if text and not text.casefold().startswith(("https://", "http://")):
            raise forms.ValidationError(wrong, params={"text": typed[:60]})
        return checked(text, forms.URLField(assume_scheme="https"), wrong, typed=typed)


class StopForm(forms.Form):
    """Why an entry stopped, as its owner says it; only the editors read this."""

    why = Text(most=1000)


def initial(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of an entry as the form shows them."""
    lines = [f"{number}, {note}" if note else number for number, note in values["phones"]]
    return values | {"phones": "\n".join(lines)}


def checked(text: str, field: forms.Field, wrong: Any, *, typed: str = "") -> str:
    """Return `text` as a field reads it; say `wrong` of what it cannot read."""
    if not text:
        return ""
    try:
        return str(field.clean(text))
    except forms.ValidationError:
        raise forms.ValidationError(wrong, params={"text": (typed or text)[:60]}) from None
