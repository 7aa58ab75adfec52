"""`omzien appoint`: give somebody a role in a municipality, for instance the first manager.

`omzien rekey`: what was encrypted by a secret key of before is encrypted by that of now.
"""

import argparse
import getpass
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omzien.web.accounts.adapters import SecondFactorAdapter

SECRETS = ("secret", "seed", "migrated_codes")  # of an app on a phone, and of recovery codes


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `appoint` and `rekey`."""
    command = subparsers.add_parser("appoint", help="give somebody a role in a municipality")
    command.add_argument("email")
    command.add_argument("--name", required=True, help="first and last name")
    command.add_argument("--municipality", required=True, help="CBS code, such as GM1948")
    command.add_argument("--role", default="functional_manager", help="see docs/handboek/rollen.md")
    command.set_defaults(run=run)
    rekey = subparsers.add_parser("rekey", help="encrypt anew, after a change of the secret key")
    rekey.set_defaults(run=run_rekey)


def run_rekey(_options: argparse.Namespace) -> int:
    """Encrypt the secrets of second steps by the secret key of now; 1 where one is unreadable."""
    import django

    django.setup()
    from allauth.mfa.models import Authenticator
    from django.db import transaction

    from omzien.web.accounts.adapters import SecondFactorAdapter

    done, lost = 0, 0
    with transaction.atomic():
        for step in Authenticator.objects.select_for_update():
            # Passkeys hold no secret; the hashes of recovery codes lie in a list.
            secrets = {name: value for name, value in step.data.items() if name in SECRETS}
            anew = {name: _anew(value, SecondFactorAdapter()) for name, value in secrets.items()}
            is_lost = None in anew.values()
            if anew and not is_lost:
                Authenticator.objects.filter(pk=step.pk).update(data=step.data | anew)
                done += 1
            lost += is_lost
    print(f"{done} keer opnieuw versleuteld.")
    if lost:
        print(
            f"{lost} keer niet te lezen: is van elke sleutel van vroeger gezegd wat die was "
            "(OMZIEN_OLD_SECRET_KEYS)?",
            file=sys.stderr,
        )
    return 1 if lost else 0


def _anew(value: str | list[str], adapter: "SecondFactorAdapter") -> str | list[str] | None:
    """Return a secret, or a list of them, encrypted by the key of now; None where one is lost."""
    if isinstance(value, str):
        return adapter.renewed(value) or None
    found = [adapter.renewed(one) for one in value]
    return found if all(found) else None


def run(options: argparse.Namespace) -> int:
    """Ask for a password and give the role; 1 when refused, 2 when the options are wrong."""
    import django

    django.setup()
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from omzien.areas.models import Municipality
    from omzien.people.actions.starting import SHORTEST_PASSWORD, PasswordTooShort, start_with
    from omzien.people.refusals import NotIndependent
    from omzien.people.rules.roles import IN_A_TEAM, WITHOUT_MEMBERSHIP, Role

    try:
        validate_email(options.email)
    except ValidationError:
        print(f"“{options.email}” is geen mailadres.", file=sys.stderr)
        return 2
    roles = set(Role) - IN_A_TEAM - WITHOUT_MEMBERSHIP
    if options.role not in roles:
        print(f"Kies als rol een van: {', '.join(sorted(roles))}.", file=sys.stderr)
        return 2
    municipality = Municipality.objects.filter(code=options.municipality.upper()).first()
    if municipality is None:
        print(
            f"Gemeente {options.municipality} is niet bekend. Laad eerst de gebieden.",
            file=sys.stderr,
        )
        return 2
    try:
        start_with(
            municipality=municipality,
            email=options.email,
            name=options.name,
            password=_password(),
            role=Role(options.role),
        )
    except NotIndependent:
        print(
            "De privacyfunctionaris heeft geen rol in het werk waarop die toezicht houdt. "
            "Beëindig eerst de andere rol, of kies iemand anders.",
            file=sys.stderr,
        )
        return 1
    except PasswordTooShort:
        print(f"Neem een wachtwoord van minstens {SHORTEST_PASSWORD} tekens.", file=sys.stderr)
        return 1
    print(f"{options.email} is nu {options.role} van {municipality.name}.")
    return 0


def _password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Wachtwoord: ")
    return sys.stdin.readline().rstrip("\n")
