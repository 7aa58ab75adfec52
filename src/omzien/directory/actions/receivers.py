"""Who may get a waiting mail about an entry now: its owner, or the editors, as they are now."""

from collections.abc import Mapping

from omzien.directory.models import Edit, Report, Service
from omzien.messages.models import Message
from omzien.messages.rights import Check, among, is_one_of


def _editors(message: Message) -> bool:
    return is_one_of(message, [message.municipality.editors_email])


def _owner(service: Service) -> set[str]:
    return {service.owner_email}


def _owner_of(row: Report | Edit) -> set[str]:
    return {row.service.owner_email}


def _either(check: Check) -> Check:
    return lambda message: check(message) or _editors(message)


CHECKS: Mapping[str, Check] = {
    **dict.fromkeys(("off", "back", "link", "remind"), among(Service, _owner)),
    **dict.fromkeys(("left", "report"), _either(among(Service, _owner))),
    "settled": among(Report, _owner_of, "service"),
    "decided": among(Edit, _owner_of, "service"),
    **dict.fromkeys(("edit", "late", "late-edit"), _editors),
}
