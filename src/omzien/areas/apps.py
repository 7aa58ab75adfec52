"""App configuration."""

from django.apps import AppConfig


class Config(AppConfig):
    """The app `areas`."""

    name = "omzien.areas"
    label = "areas"
