"""The names of roles in Dutch, as pages show them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from omzien.people.rules.roles import Role

ROLE_NAMES: dict[str, Any] = {
    Role.PUBLIC: _("bezoeker"),
    Role.RESIDENT: _("inwoner"),
    Role.PROXY: _("naaste met een machtiging"),
    Role.VOLUNTEER: _("vrijwilliger"),
    Role.INITIATOR: _("initiatiefnemer"),
    Role.CONNECTOR: _("verbinder"),
    Role.TEAM_MEMBER: _("lid van het gebiedsteam"),
    Role.PARTNER_WORKER: _("medewerker van een partner"),
    Role.EDITOR: _("redacteur"),
    Role.CHIEF_EDITOR: _("hoofdredacteur"),
    Role.COORDINATOR: _("coördinator"),
    Role.POLICY_OFFICER: _("beleidsmedewerker"),
    Role.FUNCTIONAL_MANAGER: _("functioneel beheerder"),
    Role.PRIVACY_OFFICER: _("privacyfunctionaris (FG)"),
    Role.TECHNICAL_ADMIN: _("technisch beheerder"),
}
