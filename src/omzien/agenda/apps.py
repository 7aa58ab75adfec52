"""App configuration."""

from django.apps import AppConfig


class Config(AppConfig):
    """The app `agenda`."""

    name = "omzien.agenda"
    label = "agenda"
