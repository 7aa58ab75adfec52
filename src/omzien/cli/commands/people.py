"""`omzien editor`: make somebody an editor of a municipality."""

import argparse
import getpass
import sys


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `editor`."""
    command = subparsers.add_parser("editor", help="make an account for an editor")
    command.add_argument("email")
    command.add_argument("--municipality", required=True, help="CBS code, such as GM1948")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Ask for a password and make the account; 1 when refused, 2 when the options are wrong."""
    import django

    django.setup()
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from omzien.areas.models import Municipality
    from omzien.people.actions import SHORTEST_PASSWORD, PasswordTooShort, make_editor

    try:
        validate_email(options.email)
    except ValidationError:
        print(f"“{options.email}” is geen mailadres.", file=sys.stderr)
        return 2
    code = options.municipality.upper()
    if not Municipality.objects.filter(code=code).exists():
        print(f"Gemeente {code} is niet bekend. Laad eerst de gebieden.", file=sys.stderr)
        return 2
    try:
        make_editor(email=options.email, password=_password(), municipality=code, by="system")
    except PasswordTooShort:
        print(f"Neem een wachtwoord van minstens {SHORTEST_PASSWORD} tekens.", file=sys.stderr)
        return 1
    print(f"{options.email} hoort nu bij de redactie van {code}.")
    return 0


def _password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Wachtwoord: ")
    return sys.stdin.readline().rstrip("\n")
