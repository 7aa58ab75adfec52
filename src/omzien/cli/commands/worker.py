"""`omzien worker`: mail, files and clocks every minute, and once a day the upkeep."""

import argparse
import logging
import threading
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omzien.areas.models import Municipality

log = logging.getLogger(__name__)
LOCK = 7_013_949  # one round at a time, over all machines
PAUSE_SECONDS = 60


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `worker`."""
    command = subparsers.add_parser("worker", help="deliver mail, and do the work of each day")
    command.add_argument("--once", action="store_true", help="one round, then stop")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Work until interrupted."""
    import django

    django.setup()
    if options.once:
        _print(one_round())
        return 0
    print("De worker loopt. Stop met Ctrl-C.", flush=True)
    try:
        work(threading.Event(), say=_print)
    except KeyboardInterrupt:
        print("De worker is gestopt.")
    return 0


def work(
    stop: threading.Event, *, say: Callable[[str], None], pause: float = PAUSE_SECONDS
) -> None:
    """Do one round after another until `stop` is set; an error ends a round, not the worker."""
    from django.db import close_old_connections, connection

    while not stop.is_set():
        close_old_connections()
        try:
            say(one_round())
        except Exception:
            # The database may be restarting: what was left undone is done in the next round.
            log.exception("Een ronde van de worker ging mis; de volgende probeert het weer.")
            connection.close()
        stop.wait(pause)
    connection.close()


def load() -> None:
    """Import all that a round needs.

    For who works in a thread and starts processes as well: one that is forked off in the
    middle of another thread's import waits for that import forever.
    """
    import omzien.directory.actions.freshness
    import omzien.directory.actions.importing.files
    import omzien.directory.actions.reports
    import omzien.handovers.actions.clock
    import omzien.mediation.actions.clock
    import omzien.messages.actions
    import omzien.people.actions.codes
    import omzien.people.privacy.daily
    import omzien.questions.actions.clock
    import omzien.questions.actions.silence  # noqa: F401


def one_round() -> str:
    """Do what is due, unless another worker is at it; return what was done, "" for nothing.

    The lock belongs to the database session: a worker that is killed lets go of it.
    """
    from django.db import connection

    from omzien.areas.queries import notice_changes
    from omzien.directory.actions.importing.files import work_on_waiting
    from omzien.messages.actions import deliver_waiting

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return "Een andere worker is bezig."
    try:
        notice_changes()
        done = do_the_day(on=_today())
        done += watch_the_clocks(now=_now())
        if sent := deliver_waiting():
            done.append(f"mails verstuurd: {sent}")
        # Last, because a big file takes minutes: mail does not wait for it.
        if files := work_on_waiting():
            done.append(f"bestanden ingelezen: {files}")
        return "; ".join(done)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def watch_the_clocks(*, now: datetime) -> list[str]:
    """Do what is due in each municipality by the clocks of questions and handovers.

    Before the mail, so that who is told hears it in the same round. One municipality where it
    goes wrong holds up no other, and no mail.
    """
    from omzien.areas.models import Municipality
    from omzien.handovers.actions.clock import run_clock
    from omzien.mediation.actions.clock import run_clock as run_mediation
    from omzien.questions.actions.clock import run_clocks
    from omzien.questions.actions.silence import run_silence

    clocks: dict[str, Callable[[Municipality, datetime], int]] = {
        "rond vragen": run_clocks,
        "overdrachten": lambda place, at: run_clock(municipality=place, now=at),
        "buurtbemiddeling": lambda place, at: run_mediation(municipality=place, now=at),
        "geen reactie": lambda place, at: run_silence(municipality=place, now=at),
    }
    done: list[str] = []
    for municipality in Municipality.objects.exclude(host=None).order_by("code"):
        for name, clock in clocks.items():
            try:
                if count := clock(municipality, now):
                    done.append(f"{municipality.name}, {name}: {count}")
            except Exception:
                log.exception("Een klok liep niet: %s, %s.", municipality.code, name)
    return done


def do_the_day(*, on: date) -> list[str]:
    """Do the work of a day for each municipality that had none yet; return what was done.

    All of it may be done twice without harm. The fact at the end only saves the work: a worker
    that stops halfway starts the day again.
    """
    from omzien.areas.models import Municipality
    from omzien.directory.actions.edits import tell_overdue_edits
    from omzien.directory.actions.freshness import leave_stale, remind
    from omzien.directory.actions.reports import tell_overdue_reports
    from omzien.people.actions.codes import forget_unproven
    from omzien.people.actions.reviews import open_due_reviews
    from omzien.people.privacy.daily import clean_up, clean_up_shared
    from omzien.people.queries.broken_roles import count_broken

    jobs = {
        "herinneringen": remind,
        "van de site": leave_stale,
        "meldingen te laat": tell_overdue_reports,
        "wijzigingen te laat": tell_overdue_edits,
        "toegang na te lopen": open_due_reviews,
        "rollen die niet kloppen": count_broken,
        "gewist": clean_up,
    }
    done: list[str] = []
    is_new = False
    if forgotten := forget_unproven():
        done.append(f"accounts die niemand gebruikte: {forgotten}")
    for municipality in Municipality.objects.exclude(host=None).order_by("code"):
        if _is_done(municipality, on):
            continue
        counts = {name: job(municipality=municipality, on=on) for name, job in jobs.items()}
        _mark_done(municipality, on)
        done += [f"{municipality.name}, {name}: {count}" for name, count in counts.items() if count]
        is_new = True
    if is_new and (count := clean_up_shared(on=on)):
        done.append(f"sessies en accounts van niemand: {count}")
    return done


def _is_done(municipality: "Municipality", on: date) -> bool:
    from omzien.journal.isolation import working_for
    from omzien.journal.models import Fact

    with working_for(municipality.code):
        days = Fact.objects.filter(municipality=municipality.code, verb="work", subject="day")
        return days.filter(subject_id=str(on)).exists()


def _mark_done(municipality: "Municipality", on: date) -> None:
    from omzien.journal.actions import record
    from omzien.journal.isolation import working_for

    with working_for(municipality.code):
        record(
            verb="work",
            subject="day",
            subject_id=on,
            by="system",
            municipality=municipality.code,
        )


def _today() -> date:
    from omzien.kernel.recurrence import ZONE

    return datetime.now(ZONE).date()


def _now() -> datetime:
    from django.utils import timezone

    return timezone.now()


def _print(text: str) -> None:
    if text:
        print(text, flush=True)
