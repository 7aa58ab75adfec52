"""The one way in which a form takes a day."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class Day(forms.DateField):
    """A day as people here write it, in every language of the site: 31-12-2026."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            input_formats=["%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d"],
            error_messages={
                "required": _("Vul een datum in."),
                "invalid": _("Vul een datum in, zoals 31-12-2026."),
            },
            **more,
        )
