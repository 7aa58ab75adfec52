"""Whether a waiting mail may still go: asked when it is sent, not when it was written.

A mail waits while the server is away, and who it is for may have lost the right to what it is
about in the meantime. The apps that send mail about persons know; this app may not look up, so
`web/apps.py` hands their functions in, by the first word of the key of a mail.
"""

from collections.abc import Callable, Mapping

from omzien.messages.models import Message

Check = Callable[[Message], bool]
_known: dict[str, Check] = {}


def use(checks: Mapping[str, Check]) -> None:
    """Set the functions; a process does so once when it starts."""
    _known.clear()
    _known.update(checks)


def may_still_go(message: Message) -> bool:
    """Tell whether the recipient may still get this mail, in the municipality at hand."""
    check = _known.get(message.key.partition(":")[0])
    return check is None or check(message)
