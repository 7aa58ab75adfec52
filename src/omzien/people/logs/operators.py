"""Who stands at the machine itself passes every gate: that leaves a line in each municipality."""

from omzien.areas.models import Municipality
from omzien.journal.isolation import working_for
from omzien.people.logs.reading import Origin, note
from omzien.people.rules.looking import Action, Channel, Result
from omzien.people.rules.roles import Actor, Role


def note_operator(what: str, *, action: Action) -> None:
    """Write in the access log of each municipality that somebody works in the database itself
    (`database.access` of the role table), by a command: "shell", "backup". The machine does not
    know who it is; it is for who runs it to know who had its keys that day.

    Raises LogUnavailable.
    """
    for code in Municipality.objects.exclude(host=None).values_list("code", flat=True):
        by = Actor(municipality=code, role=Role.TECHNICAL_ADMIN, machine="system")
        with working_for(code):
            note(by, purpose="oversight", object=(what, ""), action=action,
                 result=Result.ALLOWED, origin=Origin(channel=Channel.COMMAND))  # fmt: skip
