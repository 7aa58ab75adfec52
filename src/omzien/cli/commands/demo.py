"""`omzien demo`: set up the demonstration and serve it."""

import argparse
import os
import threading
from datetime import datetime


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `demo`."""
    command = subparsers.add_parser("demo", help="build the demonstration and serve it")
    command.add_argument("--port", type=int, default=8000)
    command.add_argument("--no-serve", action="store_true", help="build only")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Migrate, fill, catch mail, serve."""
    os.environ["OMZIEN_DEMO"] = "1"
    os.environ.setdefault("OMZIEN_HTTPS", "0")
    os.environ.setdefault("OMZIEN_ADDRESS", f"http://{{host}}:{options.port}")
    from omzien.cli.commands.site import run_migrate, run_serve

    run_migrate(options)
    from django.core.management import call_command

    from omzien.demo.build import build
    from omzien.demo.people import invite_everybody
    from omzien.demo.questions import ask_everything
    from omzien.kernel.recurrence import ZONE

    today = datetime.now(ZONE).date()
    build(on=today, say=print)
    invite_everybody(on=today)
    if asked := ask_everything(on=today):
        print(f"Hulpvragen gesteld: {asked}")
    call_command("collectstatic", interactive=False, verbosity=0)
    if options.no_serve:
        return 0
    from omzien.cli.commands.worker import load, work
    from omzien.demo.mail import catch_mail

    load()
    threading.Thread(target=catch_mail, daemon=True).start()
    say = {"say": lambda text: None, "pause": 10}
    threading.Thread(target=work, args=[threading.Event()], kwargs=say, daemon=True).start()
    print(f"\nOmzien staat klaar: http://localhost:{options.port}")
    print(f"  Meierijstad: http://meierijstad.localhost:{options.port}")
    print(f"  Maashorst:   http://maashorst.localhost:{options.port}")
    print("  Aanmelden:   /demo/rollen laat je kiezen wie je bent")
    print("  Mail:        /demo/post laat zien wat er is verstuurd, ook codes om je aan te melden")
    print("Stop met Ctrl-C.\n")
    options.address, options.workers = "127.0.0.1", 1
    return run_serve(options)
