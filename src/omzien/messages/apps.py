"""App configuration."""

from django.apps import AppConfig


class Config(AppConfig):
    """The app `messages`."""

    name = "omzien.messages"
    label = "omzien_messages"
