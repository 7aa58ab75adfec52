"""App configuration."""

from django.apps import AppConfig


class Config(AppConfig):
    """The app `journal`."""

    name = "omzien.journal"
    label = "journal"
