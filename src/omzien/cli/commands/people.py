"""`omzien appoint`: give somebody a role in a municipality, for instance the first manager."""

import argparse
import getpass
import sys


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `appoint`."""
    command = subparsers.add_parser("appoint", help="give somebody a role in a municipality")
    command.add_argument("email")
    command.add_argument("--name", required=True, help="first and last name")
    command.add_argument("--municipality", required=True, help="CBS code, such as GM1948")
    command.add_argument("--role", default="functional_manager", help="see docs/handboek/rollen.md")
    command.set_defaults(run=run)


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
