"""App configuration."""

from django.apps import AppConfig


class Config(AppConfig):
    """The app `handovers`."""

    name = "omzien.handovers"
    label = "handovers"
