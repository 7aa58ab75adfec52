"""App configuration."""

from django.apps import AppConfig


class Config(AppConfig):
    """The app `questions`."""

    name = "omzien.questions"
    label = "questions"
