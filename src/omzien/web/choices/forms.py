"""A form made from the table of settings. The table's own checks say what is wrong."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from omzien.areas.models import Municipality
from omzien.choices.actions import Refused
from omzien.choices.kinds import KINDS, show
from omzien.choices.table import Setting, of_group, value_of

YES_OR_NO = {"ja": _("ja"), "nee": _("nee")}


class Raw(forms.CharField):
    """What somebody typed, with nothing done to it: the table reads it."""

    def __init__(self, setting: Setting, initial: str) -> None:
        """Take label, hint and choices from the table."""
        super().__init__(
            required=False, strip=False, label=setting.label, help_text=setting.hint,
            initial=initial,
        )  # fmt: skip
        self.rows, self.look = KINDS[setting.kind].rows, KINDS[setting.kind].widget
        self.options = YES_OR_NO if self.look == "flag" else setting.limits.options

    def clean(self, value: Any) -> str:
        """Return the text; the checks of Django for odd characters are done by the table."""
        return value or ""


class GroupForm(forms.Form):
    """The settings of one group."""

    def __init__(self, data: Any, *, group: str, municipality: Municipality) -> None:
        """Show what holds now."""
        super().__init__(data)
        self.settings = of_group(group)
        for one in self.settings:
            current = show(one.kind, value_of(one, municipality))
            self.fields[one.code] = Raw(one, current)

    def raw(self) -> dict[str, str]:
        """Return what was typed, for the action."""
        return {one.code: self.cleaned_data[one.code] for one in self.settings}

    def refuse(self, refusal: Refused) -> None:
        """Put each sentence of a refusal at its field, or above the form."""
        for code, sentence in refusal.wrong:
            self.add_error(code if code in self.fields else None, sentence)
