"""App configuration."""

from django.apps import AppConfig


class Config(AppConfig):
    """The app `directory`."""

    name = "omzien.directory"
    label = "directory"
