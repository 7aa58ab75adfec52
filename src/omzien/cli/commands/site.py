"""Commands that set up and run the site."""

import argparse

import django


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `migrate` and `serve`."""
    migrate = subparsers.add_parser("migrate", help="bring the database up to date")
    migrate.set_defaults(run=run_migrate)
    serve = subparsers.add_parser("serve", help="serve the site")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--address", default="127.0.0.1")
    serve.add_argument("--workers", type=int, default=1)
    serve.set_defaults(run=run_serve)


def run_migrate(options: argparse.Namespace) -> int:
    """Migrate as the owner role, then grant the app role its rights."""
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from omzien.config.database import grant

    call_command("migrate", database="owner", interactive=False, verbosity=0)
    owner = connections["owner"]
    owner.ensure_connection()
    grant(owner.connection, connections["default"].settings_dict["USER"])
    call_command("createcachetable", database="owner", verbosity=0)
    grant(owner.connection, connections["default"].settings_dict["USER"])
    return 0


def run_serve(options: argparse.Namespace) -> int:
    """Serve with granian until interrupted."""
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "omzien.config.wsgi:application",
        address=options.address,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=4,
    ).serve()
    return 0
