"""What the wall costs a request: row-level security and the gate `visible_to`, together.

The peer reads the same rows from a copy of the table without row-level security, in a
transaction, without a gate. Ours chooses the municipality, in the round trip of BEGIN, and
reads through the gate as a coordinator who may see one team. Figure: the CPU of this process and of its PostgreSQL backend
together (the time on the clock depends on who else runs here; it is told beside it). Medians
over alternated rounds of ten on a warm connection; the order turns around each round.

The bar: 0.3 ms, and at most one query more per request. That a page of somebody who is signed in
(session, account, hat) stays within that one query too is in tests/web/test_wall_queries.py.
"""

import uuid
from collections.abc import Callable

from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext

from bench.clock import median, rounds_of, undisturbed
from omzien.areas.models import Municipality
from omzien.journal.isolation import choose, working_for
from omzien.people.models import Membership, Person, Team
from omzien.people.rules.roles import Actor, Role

CODE = "GM1948"
ROUNDS = 300
BAR_MS, BAR_QUERIES = 0.3, 1


class Plain(models.Model):  # noqa: DJ008
    """The copy of the memberships that stands behind no wall, for this run only.

    With the same keys, indexes and order, so that nothing but wall and gate differs.
    """

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")
    team = models.ForeignKey(Team, models.DO_NOTHING, null=True, related_name="+")
    role = models.CharField(max_length=20)
    starts_on = models.DateField()

    class Meta:  # noqa: D106
        app_label = "bench"
        db_table = "bench_plain_membership"
        managed = False
        ordering = ["role", "starts_on"]


def run() -> None:
    """Print both, what they differ, and their queries."""
    if not Municipality.objects.filter(host="meierijstad.localhost").exists():
        print("OVERGESLAGEN: er is geen demonstratie. Draai eerst `omzien demo --no-serve`.")
        return
    with working_for(CODE):
        team = Team.objects.get(name="Gebiedsteam Schijndel")
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE bench_plain_membership (LIKE people_membership INCLUDING ALL);"
                "INSERT INTO bench_plain_membership SELECT * FROM people_membership;"
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
    found = rounds_of(works, rounds=ROUNDS, each=10, aliases=("default",))
    counts = {name: _queries(work) for name, work in works.items()}
    for name, costs in found.items():
        cost = median(costs)
        print(
            f"{name:36} {cost.cpu:6.3f} ms CPU + {cost.server:6.3f} ms of PostgreSQL"
            f"  {cost.wall:6.3f} ms on the clock  {counts[name]} queries"
        )
    for what, of in {"cost of the wall": median, "the same, undisturbed": undisturbed}.items():
        bare, ours = (of(costs).whole for costs in found.values())
        print(f"{what:36} {ours - bare:6.3f} ms of {ours:.3f}  bar {BAR_MS}")
    first, second = counts.values()
    print(f"{'queries more':36} {second - first:6}  bar {BAR_QUERIES}")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_plain_membership")


def _queries(work: Callable[[], None]) -> int:
    with CaptureQueriesContext(connection) as captured:
        work()
    return sum(not q["sql"].startswith(("BEGIN", "COMMIT")) for q in captured.captured_queries)
