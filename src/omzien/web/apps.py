"""App configuration."""

from django.apps import AppConfig


class Config(AppConfig):
    """The app `web`."""

    name = "omzien.web"
    label = "web"
