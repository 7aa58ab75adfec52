"""The oracle is the protocol that was checked: walked to the end, it has the published numbers."""

from collections import deque

import pytest

from tests.handovers.oracle import Model


class Designed(Model):
    """As it was published: a ground stays when a question closes. With us it ends (3.3)."""

    def close(self):
        self.is_live = False


def walk(start, teams, most):
    """Return the states that can be reached, by key, and how many moves lead out of them."""
    seen, waiting, moves = {start.key(): start}, deque([start]), 0
    while waiting:
        state = waiting.popleft()
        nexts = [(move, state.after(*move)) for move in state.moves(teams, most=most)]
        moves += len(nexts)
        assert not list(wrong(state, nexts)), state
        for _, new in nexts:
            if new.key() not in seen:
                seen[new.key()] = new
                waiting.append(new)
    return seen, moves


def wrong(state, nexts):
    """Say what must never be (H1 to H9)."""
    slip = state.slip
    if state.is_live and not state.owner:
        yield "a live question has an owner"
    if slip and not state.is_live:
        yield "nothing is open of a closed question"
    if slip and slip.sender != state.owner:
        yield "what is open is from the owner"
    if slip and slip.receiver not in state.grounds:
        yield "what is open has a ground"
    if not state.is_live and state.readers():
        yield "nobody reads what is closed"
    if slip and not any(move == "tick" for (move, _), _ in nexts):
        yield "what is open has a clock, whoever is there"
    for (move, _), new in nexts:
        if new.owner != state.owner and move != "meet":
            yield f"the owner changed by {move}"


@pytest.mark.parametrize("most,numbers", [(2, (1696, 12352)), (3, (2752, 20608))])
def test_the_oracle_has_the_states_and_moves_of_the_published_model(most, numbers):
    seen, moves = walk(Designed(owner="A", grounds={"A"}), "ABC", most)
    assert (len(seen), moves) == numbers


def test_with_a_ground_that_ends_at_closing_nothing_goes_wrong_either():
    """As the tests walk the real actions: they begin without any ground."""
    seen, moves = walk(Model(owner="A"), "ABC", 2)
    assert len(seen) > 1000 and moves > 5 * len(seen)
    assert {state.owner for state in seen.values()} == set("ABC")
    assert not any(state.grounds for state in seen.values() if not state.is_live)


def test_left_alone_all_that_is_open_ends_in_two_steps_of_the_clock():
    for state in walk(Model(owner="A", grounds={"A"}), "ABC", 2)[0].values():
        steps = 0
        while state.slip:
            state, steps = state.after("tick"), steps + 1
        assert steps <= 2
