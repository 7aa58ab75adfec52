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
        from omzien.directory.actions import receivers as listed
        from omzien.handovers.actions import notices as handovers
        from omzien.handovers.actions import receivers as handed
        from omzien.mediation.actions import receivers as mediated
        from omzien.messages import erasing, rights
        from omzien.messages import receivers as own
        from omzien.people.privacy import registry
        from omzien.questions.actions import outside
        from omzien.questions.actions import receivers as asked
        from omzien.web.privacy import sources

        outside.use(outside.Outside(handovers.way_in, handovers.tell_reopened))
        registry.use(
            sources.SOURCES, sources.TERMS, erasing.tell_when_erased, erasing.tell_it_waits
        )
        rights.use(
            {
                **asked.CHECKS,
                **handed.CHECKS,
                **mediated.CHECKS,
                **listed.CHECKS,
                **own.CHECKS,
            }
        )
