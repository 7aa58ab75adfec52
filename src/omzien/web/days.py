"""The one way in which a form takes a day."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MISSING = _("Vul een datum in.")
YEARS_BACK, YEARS_AHEAD = 130, 25  # further away it is a slip of the finger, such as 2206


class Day(forms.DateField):
    """A day as people here write it, in every language of the site: 31-12-2026."""

    def __init__(self, *, missing: Any = MISSING, **more: Any) -> None:
        """Take what is said where there is none, for a page that asks for more than one day."""
        super().__init__(
            input_formats=["%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d"],
            error_messages={
                "required": missing,
                "invalid": _("Vul een datum in, zoals 31-12-2026."),
            },
            **more,
        )

    def clean(self, value: Any) -> Any:
        """Return the day. Raises ValidationError for what is none, or too far away to be meant."""
        day = super().clean(value)
        this = timezone.localdate().year
        if day is not None and not this - YEARS_BACK <= day.year <= this + YEARS_AHEAD:
            raise ValidationError(_("Klopt het jaar? Deze datum ligt heel ver weg."), "far")
        return day
