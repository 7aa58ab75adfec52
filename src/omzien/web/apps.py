"""App configuration."""

from django.apps import AppConfig


class Config(AppConfig):
    """The app `web`."""

    name = "omzien.web"
    label = "web"

    def ready(self) -> None:
        """Tell the app of people where the data of a person is (it may not look up)."""
        from omzien.people.privacy import registry
        from omzien.web.privacy import sources

        registry.use(sources.SOURCES, sources.TERMS)
