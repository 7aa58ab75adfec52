"""The municipality's own sign-on (OpenID Connect): what its configuration file says.

One TOML table per municipality, named by its CBS code. docs/operations/signing-in.md explains
each line to who fills it in.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from omzien.people.rules.roles import IN_A_TEAM, MUNICIPAL, WITHOUT_MEMBERSHIP, Role


class BadSignOn(ValueError):
    """The file cannot be used; the message names the table and the line, and what to do."""


@dataclass(frozen=True, slots=True)
class Given:
    """What belonging to one group gives: a role, for an organisation, in a team."""

    role: Role
    organisation: str = ""  # "" is the municipality itself
    team: str = ""


@dataclass(frozen=True, slots=True)
class SignOn:
    """How one municipality signs its people on."""

    municipality: str
    name: str
    server_url: str
    client_id: str
    secret: str
    scopes: tuple[str, ...] = ("openid", "profile")
    groups_claim: str = "groups"
    groups: dict[str, Given] = field(default_factory=dict)
    create_users: bool = False
    strong: bool = True
    acr: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()  # besides the one of server_url: where its endpoints may be

    def given_to(self, claims: dict[str, Any]) -> set[Given]:
        """Return the roles that the groups in somebody's claims give."""
        found = claims.get(self.groups_claim, [])
        names = [found] if isinstance(found, str) else found if isinstance(found, list) else []
        return {self.groups[name] for name in names if name in self.groups}

    def is_strong(self, claims: dict[str, Any]) -> bool:
        """Tell whether the provider's check of who this is counts as two factors."""
        return self.strong and (not self.acr or claims.get("acr") in self.acr)

    def may_be_at(self, address: Any) -> bool:
        """Tell whether an endpoint that the provider names is one of its own, and safe to ask."""
        try:
            found = urlsplit(address) if isinstance(address, str) else None
        except ValueError:
            return False
        if found is None or not _is_safe(address):
            return False
        return found.netloc.casefold() in {urlsplit(self.server_url).netloc.casefold(), *self.hosts}


def read(text: str, *, read_file: Callable[[str], str] | None = None) -> dict[str, SignOn]:
    """Return the sign-on of each municipality in a TOML text. Raises BadSignOn."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSignOn(f"the file is no valid TOML: {error}") from None
    return {code: _sign_on(code, table, read_file or _file) for code, table in tables.items()}


def _file(path: str) -> str:
    return Path(path).read_text(encoding="utf-8").strip()


KNOWN = {
    "name": str,
    "server_url": str,
    "client_id": str,
    "secret": str,
    "secret_file": str,
    "scopes": list,
    "groups_claim": str,
    "groups": dict,
    "create_users": bool,
    "strong": bool,
    "acr": list,
    "hosts": list,
}
NEEDED = ("name", "server_url", "client_id")


def _sign_on(code: str, table: Any, read_file: Callable[[str], str]) -> SignOn:
    if not isinstance(table, dict):
        raise BadSignOn(f"{code}: put every line below a table such as [GM1948]")
    values = dict(table)
    _check(code, values)
    path = values.pop("secret_file", "")
    if path:
        try:
            values["secret"] = read_file(path)
        except OSError as error:
            raise BadSignOn(f"{code}, secret_file: {error}") from None
    groups = {name: _given(code, name, one) for name, one in values.pop("groups", {}).items()}
    for name in ("scopes", "acr", "hosts"):
        if name in values:
            values[name] = tuple(str(one) for one in values[name])
    for host in values.get("hosts", ()):
        if urlsplit(f"//{host}").netloc != host or host != host.casefold():
            raise BadSignOn(f"{code}, hosts: “{host}” is no host; write it as keys.login.example")
    values.setdefault("secret", "")
    values["server_url"] = values["server_url"].rstrip("/")
    return SignOn(municipality=code, groups=groups, **values)


def _check(code: str, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if name not in KNOWN:
            raise BadSignOn(f"{code}: “{name}” is unknown; known are {', '.join(KNOWN)}")
        if not isinstance(value, KNOWN[name]):
            raise BadSignOn(f"{code}, {name}: must be {KNOWN[name].__name__}")
    if missing := [name for name in NEEDED if not values.get(name)]:
        raise BadSignOn(f"{code}: {', '.join(missing)} is missing")
    if not _is_safe(values["server_url"]):
        raise BadSignOn(f"{code}, server_url: must begin with https://")


def _is_safe(address: str) -> bool:
    """Tell whether an address is one of https; on this machine http will do."""
    found = urlsplit(address)
    is_local = found.hostname in {"localhost", "127.0.0.1"}
    return found.scheme == "https" or (found.scheme == "http" and is_local)


def _given(code: str, name: str, value: Any) -> Given:
    place = f"{code}, group “{name}”"
    if not isinstance(value, dict) or set(value) - {"role", "organisation", "team"}:
        raise BadSignOn(f'{place}: write {{ role = "…", organisation = "…", team = "…" }}')
    try:
        role = Role(value.get("role", ""))
    except ValueError:
        raise BadSignOn(f"{place}: “{value.get('role', '')}” is no role") from None
    if role in WITHOUT_MEMBERSHIP:
        raise BadSignOn(f"{place}: nobody gives the role {role}")
    if role in IN_A_TEAM and not value.get("team"):
        raise BadSignOn(f"{place}: the role {role} needs a team")
    if role in MUNICIPAL and value.get("team"):
        raise BadSignOn(f"{place}: the role {role} is for all of it and has no team")
    return Given(role, value.get("organisation", ""), value.get("team", ""))
