"""App configuration."""

from django.apps import AppConfig


class Config(AppConfig):
    """The app `design`."""

    name = "omzien.design"
    label = "design"
