"""A process that dies after any statement of an action leaves all of it or nothing.

Each try is a process of its own that is really killed: no rollback of ours runs, PostgreSQL ends
the transaction because nobody is there any more.
"""

import os
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from omzien.handovers.actions.answering import accept, decline, meet, report_back
from omzien.handovers.actions.clock import expire, run_clock
from omzien.handovers.actions.linking import link_of
from omzien.handovers.actions.offering import offer, withdraw, withdraw_ground
from omzien.handovers.models import Handover
from omzien.handovers.rules.states import ContactKind, DeclineReason
from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.messages.actions import deliver_waiting
from omzien.messages.models import Message
from omzien.people.models import GroundEvent
from omzien.questions.models import Question, Task
from omzien.questions.rules.states import Result
from tests.casework import NOW, WHAT, a_question, an_offer, at, consent
from tests.handovers.test_at_once import CODE
from tests.handovers.test_at_once import town as town

MOST = 120  # statements; no action has more


def snapshot():
    """Return all that an action may change."""
    with working_for(CODE):
        return (
            sorted(Handover.objects.values_list("pk", "state", "version")),
            sorted(Question.objects.values_list("pk", "team", "state", "version", "due_on")),
            sorted(Task.objects.values_list("pk", "kind", "team")),
            sorted(Message.objects.values_list("key", "recipient")),
            Fact.objects.filter(municipality=CODE).count(),
            GroundEvent.objects.count(),
        )


def dies_after(count, do):
    """Let a process do something and die after `count` statements; tell whether it was done."""
    connections.close_all()
    child = os.fork()
    if child == 0:  # pragma: no cover
        try:
            left = [count]

            def one_less(execute, *arguments):
                found = execute(*arguments)
                left[0] -= 1
                if left[0] == 0:
                    os._exit(9)
                return found

            with connection.execute_wrapper(one_less), working_for(CODE):
                do()
            os._exit(0)
        except BaseException:
            os._exit(1)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, 9), f"the action failed after {count} statements"
    return status == 0


@pytest.fixture
def ready(town):
    with working_for(CODE):
        ground = consent(town, town.b)
        question = a_question(town)
    return town, question, ground


def actions(town, question, ground):
    """Yield (name, what makes it ready, the action)."""
    by, owner = town.b.by, town.a.by
    today = timezone.localdate(NOW)

    def slip():
        return Handover.objects.open().get()

    def nothing():
        """Leave it as it is."""

    def offered():
        an_offer(question, town.b, town)

    yield (
        "offer",
        nothing,
        lambda: offer(question=question, to_team=town.b.team, offer=WHAT, by=owner, now=NOW),
    )
    yield (
        "decline",
        nothing,
        lambda: decline(
            handover=slip(), reason=DeclineReason.FULL, text="Vol.", suggestion="?", by=by, now=NOW
        ),
    )
    yield "withdraw", offered, lambda: withdraw(handover=slip(), by=owner, now=NOW)
    yield (
        "expire",
        offered,
        lambda: expire(handover=slip(), now=at(slip().due_on + timedelta(days=1))),
    )
    yield "accept", offered, lambda: accept(handover=slip(), contact_name="Wim", by=by, now=NOW)
    yield (
        "meet",
        nothing,
        lambda: meet(
            handover=slip(),
            met_on=today,
            met_by=ContactKind.PHONE,
            resident_was_there=True,
            by=by,
            now=NOW,
        ),
    )
    yield (
        "report",
        nothing,
        lambda: report_back(
            handover=Handover.objects.get(state="handed-over"), result=Result.SOLVED, by=by, now=NOW
        ),
    )


def test_all_or_nothing(ready):
    tried = {}
    with working_for(CODE):  # who acts is looked up once
        todo = list(actions(*ready))
    for name, prepare, do in todo:
        with working_for(CODE):
            prepare()
        before = snapshot()
        for count in range(1, MOST):
            done = dies_after(count, do)
            if done:
                break
            assert snapshot() == before, f"{name} left a half after {count} statements"
        after = snapshot()
        assert done and after != before, name
        keys = [key for key, _ in after[3]]
        assert len({*after[3]}) == len(after[3]) and keys, "each told once"
        tried[name] = count - 1
    assert min(tried.values()) >= 5, tried


def test_a_ground_and_what_rests_on_it_end_together(ready):
    town, question, ground = ready
    with working_for(CODE):
        slip = an_offer(question, town.b, town)
    before = snapshot()
    for count in range(1, MOST):
        if dies_after(count, lambda: withdraw_ground(ground=ground, by=town.me, now=NOW)):
            break
        assert snapshot() == before, count
    with working_for(CODE):
        assert Handover.objects.get(pk=slip.pk).withdraw_reason == "ground"


def test_a_clock_that_dies_and_runs_again_tells_once(ready, mailoutbox):
    town, question, _ground = ready
    with working_for(CODE):
        slip = an_offer(question, town.b, town)
        link_of(slip)
    moment = at(slip.due_on + timedelta(days=1))
    for count in range(1, MOST):
        if dies_after(count, lambda: run_clock(municipality=town.municipality, now=moment)):
            break
    run_clock(municipality=town.municipality, now=moment)
    with working_for(CODE):
        told = list(
            Message.objects.filter(key__endswith=":expired").values_list("recipient", flat=True)
        )
        facts = Fact.objects.filter(subject_id=str(slip.pk), verb="expire").count()
    assert sorted(told) == sorted(set(told)) and facts == 1
    sent = deliver_waiting()
    assert sent == len(mailoutbox) > 0 and deliver_waiting() == 0
    assert len({(m.subject, m.to[0], m.body) for m in mailoutbox}) == len(mailoutbox)
