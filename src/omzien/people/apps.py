"""App configuration."""

from django.apps import AppConfig


class Config(AppConfig):
    """The app `people`."""

    name = "omzien.people"
    label = "people"
