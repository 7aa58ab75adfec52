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

    from omzien.journal.each import place_of

    while not stop.is_set():
        close_old_connections()
        try:
            say(one_round())
        except Exception as error:
            # The database may be restarting: what was left undone is done in the next round.
            log.error("Een ronde van de worker ging mis; de volgende probeert het weer (%s)",
                      place_of(error))  # fmt: skip
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

    What cannot wait goes first: the clocks, and the mail. A part that goes wrong is logged and
    holds up none of the others. The lock belongs to the database session: a worker that is
    killed lets go of it.
    """
    from django.db import connection

    from omzien.areas.queries import notice_changes
    from omzien.journal.each import on_its_own

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return "Een andere worker is bezig."
    parts: dict[str, Callable[[], list[str]]] = {
        "clocks": lambda: watch_the_clocks(now=_now()),
        "mail": _deliver,
        "day": lambda: do_the_day(on=_today()),
        "mail of the day": _deliver,
        # Last, because a big file takes minutes: mail does not wait for it.
        "files": _read_files,
    }
    done: list[str] = []
    try:
        notice_changes()
        for name, part in parts.items():
            with on_its_own(name):
                done += part()
        return "; ".join(done)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _deliver() -> list[str]:
    from omzien.messages.actions import deliver_waiting

    sent = deliver_waiting()
    return [f"mails verstuurd: {sent}"] if sent else []


def _read_files() -> list[str]:
    from omzien.directory.actions.importing.files import work_on_waiting

    files = work_on_waiting()
    return [f"bestanden ingelezen: {files}"] if files else []


def watch_the_clocks(*, now: datetime) -> list[str]:
    """Do what is due in each municipality by the clocks of questions and handovers.

    Before the mail, so that who is told hears it in the same round. One municipality where it
    goes wrong holds up no other, and no mail.
    """
    from omzien.areas.models import Municipality
    from omzien.handovers.actions.clock import run_clock
    from omzien.journal.each import on_its_own
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
            with on_its_own(f"{municipality.code}, {name}"):
                if count := clock(municipality, now):
                    done.append(f"{municipality.name}, {name}: {count}")
    return done


def do_the_day(*, on: date) -> list[str]:
    """Do the work of a day for each municipality that had none yet; return what was done.

    All of it may be done twice without harm. The fact at the end only saves the work: a worker
    that stops halfway starts the day again. So does a municipality where a job went wrong, in the
    next round: its other jobs, and other municipalities, do not wait for that one.
    """
    from omzien.areas.models import Municipality
    from omzien.directory.actions.edits import tell_overdue_edits
    from omzien.directory.actions.freshness import leave_stale, remind
    from omzien.directory.actions.reports import tell_overdue_reports
    from omzien.journal.each import on_its_own
    from omzien.messages.erasing import remind_of_requests
    from omzien.people.actions.codes import forget_unproven
    from omzien.people.actions.reviews import open_due_reviews
    from omzien.people.privacy.daily import clean_up, clean_up_shared
    from omzien.people.queries.broken_roles import count_broken

    jobs = {
        "herinneringen": remind,
        "van de site": leave_stale,
        "meldingen te laat": tell_overdue_reports,
        "wijzigingen te laat": tell_overdue_edits,
        "verzoeken om te wissen": remind_of_requests,
        "toegang na te lopen": open_due_reviews,
        "rollen die niet kloppen": count_broken,
        "gewist": clean_up,
    }
    done: list[str] = []
    is_new = False
    with on_its_own("unproven accounts"):
        if forgotten := forget_unproven():
            done.append(f"accounts die niemand gebruikte: {forgotten}")
    for municipality in Municipality.objects.exclude(host=None).order_by("code"):
        if _is_done(municipality, on):
            continue
        went_well = 0
        for name, job in jobs.items():
            with on_its_own(f"{municipality.code}, {name}"):
                if count := job(municipality=municipality, on=on):
                    done.append(f"{municipality.name}, {name}: {count}")
                went_well += 1
        if went_well == len(jobs):
            _mark_done(municipality, on)
        is_new = True
    if is_new:
        with on_its_own("shared clean-up"):
            if count := clean_up_shared(on=on):
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
