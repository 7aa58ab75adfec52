"""App configuration."""

from django.apps import AppConfig


class Config(AppConfig):
    """The app `api`."""

    name = "omzien.api"
    label = "api"
