"""Roles, verbs and scopes. What a role may do is read from `roles.md`, the only place it is said.

Code asks for a verb, never for a role (OWASP ASVS 5.0, 8.1.1). The table follows the matrix of
roles and permissions that the five seed texts need, and is tested against it.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from uuid import UUID


class Role(StrEnum):
    """The hat that somebody wears during a session. Dutch names: `ROLE_NAMES` of the pages."""

    PUBLIC = "public"
    RESIDENT = "resident"
    PROXY = "proxy"
    VOLUNTEER = "volunteer"
    INITIATOR = "initiator"
    CONNECTOR = "connector"
    TEAM_MEMBER = "team_member"
    PARTNER_WORKER = "partner_worker"
    EDITOR = "editor"
    CHIEF_EDITOR = "chief_editor"
    COORDINATOR = "coordinator"
    POLICY_OFFICER = "policy_officer"
    FUNCTIONAL_MANAGER = "functional_manager"
    PRIVACY_OFFICER = "privacy_officer"
    TECHNICAL_ADMIN = "technical_admin"


class Scope(StrEnum):
    """How far a verb reaches; the letters are those of the table."""

    ALL = "x"
    OWN = "e"
    MANDATE = "m"
    SHARED = "d"
    TOGETHER = "s"
    MATCHED = "k"
    TEAM = "t"
    GROUND = "g"
    BREAK_GLASS = "b"
    COMPLAINT = "h"
    FIGURES = "c"


# Nobody gives these: whoever is here without a membership has one of them.
WITHOUT_MEMBERSHIP = frozenset({Role.PUBLIC, Role.RESIDENT, Role.PROXY})
# Work with other people's lives or with the whole site asks for more than a code in the mail
# (BIO2 5.17.01: a second factor for what can be reached over the internet).
STRONG = frozenset(Role) - WITHOUT_MEMBERSHIP - {Role.VOLUNTEER, Role.INITIATOR}
# A volunteer comes in with a code in the mail, but for this: a mediator reads who two neighbours
# are, where they live and what they agreed, so that a first name will not do.
STRONG_VERBS = frozenset({"mediation.mediate"})
# Reviewed each quarter instead of each year (BIO2 8.02.01).
PRIVILEGED = frozenset(
    {Role.FUNCTIONAL_MANAGER, Role.PRIVACY_OFFICER, Role.TECHNICAL_ADMIN, Role.COORDINATOR}
)
# Who works on questions belongs to a team: a team owns a question, a person only holds it.
IN_A_TEAM = frozenset({Role.CONNECTOR, Role.TEAM_MEMBER, Role.PARTNER_WORKER, Role.COORDINATOR})
# These reach over the whole municipality, so they belong to no team.
MUNICIPAL = frozenset(
    {
        Role.CHIEF_EDITOR,
        Role.POLICY_OFFICER,
        Role.FUNCTIONAL_MANAGER,
        Role.PRIVACY_OFFICER,
        Role.TECHNICAL_ADMIN,
    }
)
# The work that a privacy officer oversees (art. 38 lid 6 AVG: no conflict of interests).
OVERSEEN = (IN_A_TEAM | MUNICIPAL) - {Role.PRIVACY_OFFICER}
# What a team gives by itself: roles that reach no further than that team or oneself. A team says
# nothing about an editor or an initiator, who keep what is of their organisation.
GIVEN_BY_A_TEAM = IN_A_TEAM - PRIVILEGED | {Role.VOLUNTEER}

Table = dict[Role, dict[str, frozenset[Scope]]]


def needs_second_factor(role: Role) -> bool:
    """Tell whether a code in the mail is not enough for this role."""
    return role in STRONG


def excluded_by(role: Role) -> frozenset[Role]:
    """Return the roles that nobody has beside this one."""
    if role == Role.PRIVACY_OFFICER:
        return OVERSEEN
    return frozenset({Role.PRIVACY_OFFICER}) if role in OVERSEEN else frozenset()


class BadTable(ValueError):
    """`roles.md` cannot be read; the message names the line."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is looking or acting, with one hat, in one municipality.

    `municipality` is a CBS code or "". `villages` are the keys of the villages that the
    membership covers; empty means all. `represents` is the resident for whom a proxy acts.
    `handover` is the one handover that a link in a mail opens, for a team without accounts.
    Such an actor has the role "public": the table gives it nothing, and the few places that
    know the link let it do what that handover asks and nothing beside it.
    """

    municipality: str = ""
    role: Role = Role.PUBLIC
    person: UUID | None = None
    membership: UUID | None = None
    organisation: UUID | None = None
    team: UUID | None = None
    villages: frozenset[int] = frozenset()
    represents: UUID | None = None
    machine: str = ""  # "system" or "demo", when no person acts
    handover: UUID | None = None

    @property
    def key(self) -> str:
        """Who this is in a fact or a log line: a random key, never a name.

        Behind a link nobody is known but the handover that it is for.
        """
        by_link = str(self.handover) if self.handover else "visitor"
        return self.machine or (str(self.person) if self.person else by_link)

    def may(self, verb: str) -> frozenset[Scope]:
        """Return how far `verb` reaches for this actor; empty means not at all.

        Raises KeyError for a verb that the table does not know: a typing error must never
        read as "no", nor as "yes".
        """
        return table()[self.role][verb]

    def may_all(self, verb: str) -> bool:
        """Tell whether the verb reaches over the whole municipality."""
        return Scope.ALL in self.may(verb)


PUBLIC = Actor()
DEMO = Actor(role=Role.FUNCTIONAL_MANAGER, machine="demo")
SYSTEM = Actor(role=Role.FUNCTIONAL_MANAGER, machine="system")  # the command line, with its rights


@dataclass(frozen=True)
class Line:
    """One line of the table, for pages and the handbook."""

    group: str
    verb: str
    title: str
    scopes: dict[Role, frozenset[Scope]]


@cache
def lines() -> tuple[Line, ...]:
    """Return the table line by line, in the order of the file. Raises BadTable."""
    text = resources.files("omzien.people.rules").joinpath("roles.md").read_text(encoding="utf-8")
    return tuple(read(text))


@cache
def table() -> Table:
    """Return role → verb → scopes. Raises BadTable."""
    found: Table = {role: {} for role in Role}
    for line in lines():
        for role, scopes in line.scopes.items():
            found[role][line.verb] = scopes
    return found


@cache
def verbs() -> frozenset[str]:
    """Return every verb that the table knows."""
    return frozenset(line.verb for line in lines())


# By these verbs others notice that somebody is away.
_NOTICED = ("question.work", "signal.work")


def is_noticed(role: Role) -> bool:
    """Tell whether others notice that somebody with this role is away: so that it is recorded."""
    return any(table()[role][verb] for verb in _NOTICED)


def may_cover(away: Role, cover: Role) -> bool:
    """Tell whether one role can do the work of another that is away."""
    asked = [verb for verb in _NOTICED if table()[away][verb]]
    return away == cover or bool(asked and all(table()[cover][verb] for verb in asked))


def read(text: str) -> list[Line]:
    """Read the table from markdown: each group has a heading and a table with all roles.

    Raises BadTable when a role is missing or unknown, a letter is unknown, or a verb stands
    twice.
    """
    found: list[Line] = []
    group = ""
    roles: list[Role] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in raw.strip().strip("|").split("|")]
        if raw.startswith("## "):
            group, roles = raw[3:].strip(), []
        elif raw.startswith("| handeling |"):
            roles = _roles(cells[2:], number)
        elif roles and raw.startswith("|") and not raw.startswith("|---"):
            found.append(_line(group, roles, cells, number))
    names = [line.verb for line in found]
    if twice := {name for name in names if names.count(name) > 1}:
        raise BadTable(f"roles.md: {', '.join(sorted(twice))} stands twice")
    return found


def _roles(names: list[str], number: int) -> list[Role]:
    if set(names) != set(Role):
        odd = ", ".join(sorted(set(names) ^ set(Role)))
        raise BadTable(f"roles.md, line {number}: missing or unknown: {odd}")
    return [Role(name) for name in names]


def _line(group: str, roles: list[Role], cells: list[str], number: int) -> Line:
    verb, title, *letters = cells
    if len(letters) != len(roles):
        raise BadTable(f"roles.md, line {number}: {len(letters)} cells for {len(roles)} roles")
    try:
        scopes = [frozenset(Scope(letter) for letter in cell if letter != "-") for cell in letters]
    except ValueError as error:
        raise BadTable(f"roles.md, line {number}: {error}") from None
    return Line(group, verb, title, dict(zip(roles, scopes, strict=True)))
