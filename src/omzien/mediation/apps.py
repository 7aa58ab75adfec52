"""App configuration."""

from django.apps import AppConfig


class Config(AppConfig):
    """The app `mediation`."""

    name = "omzien.mediation"
    label = "mediation"
