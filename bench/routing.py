"""How many questions a second get their team, on one core.

Pure: `Routes.team_for`, the rule alone, over 200 rules, 30 villages and every hour of a week. Its
peer is the plainest thing that could be done: asking every rule in turn, without keeping the
rules of a village. Then the same with the rules read from the database for each question, as a
question does that comes in.

The bar: 10,000 questions a second per core, for the pure rule.
"""

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from datetime import time as hour
from uuid import UUID, uuid4

from django.utils import timezone

from omzien.areas.models import Municipality, Village
from omzien.directory.language.topics import all_topics
from omzien.journal.isolation import working_for
from omzien.people.models import Team
from omzien.questions.queries.routing import routes_of
from omzien.questions.rules.routing import Routes, Rule

CODE = "GM1948"
RULES, VILLAGES, QUESTIONS, FROM_DATABASE = 200, 30, 20_000, 400
BAR = 10_000
Asked = tuple[int, tuple[str, ...], datetime]


def run() -> None:
    """Print the rates."""
    chance = random.Random(4)
    routes = _routes(chance)
    asked = [_question(chance) for _ in range(QUESTIONS)]
    plain = _rate(lambda one: _ask_every_rule(routes, *one), asked)
    ours = _rate(lambda one: routes.team_for(*one), asked)
    wrong = sum(_ask_every_rule(routes, *one) != routes.team_for(*one) for one in asked)
    print(f"{RULES} rules, {VILLAGES} villages, {QUESTIONS} questions, one core (CPU time)")
    print(f"{'peer: every rule in turn':36} {plain:10,.0f} questions/s")
    print(
        f"{'Routes.team_for':36} {ours:10,.0f} questions/s  bar {BAR:,}  {ours / plain:.1f}x peer"
    )
    print(f"{'answers that differ from the peer':36} {wrong:10}")
    _from_the_database(chance)


def _from_the_database(chance: random.Random) -> None:
    if not Municipality.objects.filter(host="meierijstad.localhost").exists():
        print("OVERGESLAGEN: er is geen demonstratie. Draai eerst `omzien demo --no-serve`.")
        return
    town = Municipality.objects.get(pk=CODE)
    with working_for(CODE):
        desk = Team.objects.live().filter(municipality=town).first()
        villages = list(Village.objects.filter(municipality=town).values_list("pk", flat=True))
        if desk is None or not villages:
            print("OVERGESLAGEN: de demonstratie heeft geen team of geen dorp.")
            return
        default, topics = desk.pk, list(all_topics())
        asked = [
            (chance.choice(villages), (chance.choice(topics),), timezone.localtime())
            for _ in range(FROM_DATABASE)
        ]
        began, clock = time.perf_counter(), time.process_time()
        for one in asked:
            routes_of(town, default=default).team_for(*one)
        wall, cpu = time.perf_counter() - began, time.process_time() - clock
    for kind, taken in (("CPU", cpu), ("wall", wall)):
        rate = len(asked) / taken
        print(f"{f'rules from the database, {kind}':36} {rate:10,.0f} questions/s")


def _routes(chance: random.Random) -> Routes:
    teams, topics = [uuid4() for _ in range(25)], list(all_topics())
    rules = tuple(
        Rule(
            chance.choice(teams),
            frozenset(chance.sample(range(VILLAGES), chance.choice((0, 1, 3)))),
            frozenset(chance.sample(topics, chance.choice((1, 2, 4)))),
            frozenset(chance.sample(range(1, 8), chance.choice((0, 0, 2)))),
            *chance.choice(((None, None), (hour(17), hour(8)))),
        )
        for _ in range(RULES)
    )
    return Routes(teams[0], rules, {n: chance.choice(teams) for n in range(VILLAGES - 5)})


def _question(chance: random.Random) -> Asked:
    at = timezone.localtime() + timedelta(hours=chance.randrange(168))
    topics = tuple(chance.sample(list(all_topics()), chance.choice((1, 2, 3))))
    return chance.randrange(VILLAGES), topics, at


def _ask_every_rule(routes: Routes, village: int, topics: tuple[str, ...], at: datetime) -> UUID:
    for rule in routes.rules:
        here = not rule.villages or village in rule.villages
        if here and rule.topics & set(topics) and rule.fits_moment(at):
            return rule.team
    return routes.area_teams.get(village, routes.default)


def _rate(work: Callable[[Asked], object], asked: list[Asked]) -> float:
    began = time.process_time()
    for one in asked:
        work(one)
    return len(asked) / (time.process_time() - began)
