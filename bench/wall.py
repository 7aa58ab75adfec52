"""What the wall costs a request: row-level security and the gate `visible_to`, together.

The peer reads the same rows from a copy of the table without row-level security, in a
transaction, without a gate. Ours chooses the municipality, and reads through the gate as a
coordinator who may see one team. Medians over interleaved rounds, on a warm connection.

The bar: 0.3 ms, and at most one query more per request.
"""

import statistics
import time
import uuid
from collections.abc import Callable

from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext

from omzien.areas.models import Municipality
from omzien.journal.isolation import choose, working_for
from omzien.people.models import Membership, Team
from omzien.people.rules.roles import Actor, Role

CODE = "GM1948"
ROUNDS = 2000
BAR_MS, BAR_QUERIES = 0.3, 1


class Plain(models.Model):  # noqa: DJ008
    """The copy of the memberships that stands behind no wall, for this run only."""

    id = models.UUIDField(primary_key=True)
    team = models.UUIDField(null=True)
    role = models.CharField(max_length=20)

    class Meta:  # noqa: D106
        app_label = "bench"
        db_table = "bench_plain_membership"
        managed = False


def run() -> None:
    """Print both, what they differ, and their queries."""
    if not Municipality.objects.filter(host="meierijstad.localhost").exists():
        print("OVERGESLAGEN: er is geen demonstratie. Draai eerst `omzien demo --no-serve`.")
        return
    with working_for(CODE):
        team = Team.objects.get(name="Gebiedsteam Schijndel")
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE bench_plain_membership AS"
                " SELECT id, team_id AS team, role FROM people_membership"
            )
    actor = Actor(CODE, Role.COORDINATOR, person=uuid.uuid4(), team=team.pk)

    def plain() -> None:
        with transaction.atomic():
            list(Plain.objects.filter(team=team.pk).values_list("pk", "role"))

    def walled() -> None:
        with transaction.atomic():
            choose(CODE)
            list(Membership.objects.visible_to(actor).values_list("pk", "role"))

    works = {"peer: a copy without a wall": plain, "behind the wall, through the gate": walled}
    found = _medians(works)
    counts = {name: _queries(work) for name, work in works.items()}
    for name, (wall, cpu) in found.items():
        print(f"{name:36} {wall:6.3f} ms  {cpu:6.3f} ms CPU  {counts[name]} queries")
    (bare, _), (ours, _) = found.values()
    first, second = counts.values()
    print(f"{'cost of the wall':36} {ours - bare:6.3f} ms  bar {BAR_MS}")
    print(f"{'queries more':36} {second - first:6}  bar {BAR_QUERIES}")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_plain_membership")


def _queries(work: Callable[[], None]) -> int:
    with CaptureQueriesContext(connection) as captured:
        work()
    return sum(not q["sql"].startswith(("BEGIN", "COMMIT")) for q in captured.captured_queries)


def _medians(works: dict[str, Callable[[], None]]) -> dict[str, tuple[float, float]]:
    """Return median wall and CPU milliseconds of each work."""
    wall: dict[str, list[float]] = {name: [] for name in works}
    cpu: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            began, clock = time.process_time(), time.perf_counter()
            work()
            cpu[name].append((time.process_time() - began) * 1000)
            wall[name].append((time.perf_counter() - clock) * 1000)
    return {n: (statistics.median(wall[n]), statistics.median(cpu[n])) for n in works}
