"""App configuration."""

from django.apps import AppConfig


class Config(AppConfig):
    """The app `web`."""

    name = "omzien.web"
    label = "web"

    def ready(self) -> None:
        """Tell the apps below what they may not look up: where the data of a person is, whether
        a waiting mail may still go, and how a team without accounts is reached.
        """
        from omzien.handovers.actions import notices as handovers
        from omzien.messages import erasing, mandates, rights
        from omzien.people.privacy import registry
        from omzien.questions.actions import notices as questions
        from omzien.questions.actions import outside, same
        from omzien.web.privacy import sources

        outside.use(outside.Outside(handovers.way_in, handovers.tell_reopened))
        registry.use(
            sources.SOURCES, sources.TERMS, erasing.tell_when_erased, erasing.tell_it_waits
        )
        rights.use(
            {
                questions.PREFIX: questions.may_still_go,
                "handover": handovers.may_still_go,
                mandates.PREFIX: mandates.may_still_go,
                same.PREFIX: same.may_still_go,
            }
        )
