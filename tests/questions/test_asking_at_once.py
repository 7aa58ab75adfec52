"""Real threads on PostgreSQL: a form sent by two hands at once, and a team that ends meanwhile."""

import threading
from uuid import uuid4

from django.db import connections

from omzien.handovers.actions.teams import archive_team
from omzien.journal.isolation import working_for
from omzien.messages.models import Message
from omzien.people.models import Membership, Person, Team
from omzien.people.rules.roles import SYSTEM
from omzien.questions.actions.asking import Contact, ask
from omzien.questions.models import Question, RoutingRule
from omzien.questions.refusals import TeamOwnsWork
from tests.casework import NOW, asked
from tests.handovers.test_at_once import CODE
from tests.handovers.test_at_once import town as town

HANDS, ROUNDS = 4, 15


def at_once(*works):
    """Begin works at the same moment, each on a connection of its own; return what came of each."""
    ready, found = threading.Barrier(len(works)), []

    def one(work):
        ready.wait()
        try:
            with working_for(CODE):
                found.append(work())
        except Exception as error:
            found.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def test_a_form_sent_by_several_hands_at_once_is_one_question(town):
    contact = Contact(name="Nel Nieuw", email="nel@proef-9996.example")
    for _ in range(ROUNDS):
        form = asked(town, key=uuid4(), contact=contact, reach_by="mail")

        def send(form=form):
            return ask(municipality=town.municipality, asked=form, by=town.me, now=NOW)

        found = at_once(*[send] * HANDS)
        assert len({one.pk for one in found}) == 1, found
    with working_for(CODE):
        assert Question.objects.count() == ROUNDS == Person.objects.filter(name="Nel Nieuw").count()
        assert Message.objects.count() == ROUNDS


def test_a_question_never_lands_on_a_team_that_ends_at_the_same_moment(town):
    outcomes = set()
    for _ in range(ROUNDS):
        with working_for(CODE):
            Question.objects.all().delete()
            Membership.objects.filter(team=town.a.team).update(ended_at=NOW)
            Team.objects.filter(pk=town.a.team.pk).update(archived_at=None)

        def end():
            return archive_team(team=town.a.team, by=SYSTEM)

        def send():
            return ask(municipality=town.municipality, asked=asked(town), by=town.me, now=NOW)

        found = at_once(send, end)
        with working_for(CODE):
            one = Question.objects.select_related("team").get()
            assert one.team.archived_at is None
            refused = any(isinstance(what, TeamOwnsWork) for what in found)
            assert refused == (one.team == town.a.team), found
            assert not RoutingRule.objects.exists()
        outcomes.add(refused)
    assert outcomes
