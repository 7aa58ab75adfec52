"""Rules of the own network, the plan, the advice and measuring: what holds for all input."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omzien.directory.language.topics import codes
from omzien.directory.rules import CAPACITY_DAYS, Capacity, capacity_on
from omzien.kernel.ladder import LADDER, Rung
from omzien.questions.rules.advice import Reason, Step, lowest_workable, reasons
from omzien.questions.rules.carers import HIGHEST, STATEMENTS, Lacking, Load, lacking, load_of
from omzien.questions.rules.measuring import (
    BadInstrument,
    Taken,
    as_data,
    changes,
    counted,
    from_data,
    read_instrument,
    shipped,
)
from omzien.questions.rules.network import MIDDLE, RINGS, SIZE, drawing, first_name, letters
from omzien.questions.rules.plans import Split, shift
from omzien.questions.rules.support import BY_TOPIC, Support, needed, who_fits
from tests.worlds import TODAY


class Somebody:
    def __init__(self, name, kinds, closeness):
        self.name, self.kinds, self.closeness = name, kinds, closeness

    def __repr__(self):
        return f"{self.name} {self.kinds} {self.closeness}"


people = st.lists(
    st.builds(
        Somebody,
        st.sampled_from(["Ans", "Bo", "Cas", "Dirk"]),
        st.lists(st.sampled_from("PGAE"), unique=True),
        st.integers(1, 3),
    ),
    max_size=40,
)

# --- the map


@pytest.mark.parametrize("typed", ["Rina", " Rina ", "Jan-Willem", "Zoë", "Özlem", "D'Arcy", "李"])
def test_a_first_name_is_one_word(typed):
    assert first_name(typed) == typed.strip()


@pytest.mark.parametrize("typed", ["Rina Roos", "", "  ", "R. Roos", "12", "x" * 31, "Jan\nRoos"])
def test_a_second_word_is_no_first_name(typed):
    assert first_name(typed) == ""


@given(people)
def test_everybody_is_drawn_once_on_their_ring_and_inside_the_picture(found):
    spots = drawing(found)
    assert sorted(map(id, (s.tie for s in spots))) == sorted(map(id, found))
    for spot in spots:
        far = ((spot.x - MIDDLE) ** 2 + (spot.y - MIDDLE) ** 2) ** 0.5
        assert abs(far - RINGS[spot.tie.closeness]) < 1.5
        assert 0 < spot.x < SIZE and 0 < spot.y < SIZE
    assert len({(s.x, s.y) for s in spots}) == len(spots)


def test_letters_stand_in_their_order():
    assert letters(["E", "P"]) == "P E" and letters([]) == ""


def test_every_topic_says_which_support_it_needs():
    assert set(codes()) == set(BY_TOPIC)
    assert needed([]) == frozenset(Support) == needed(["unknown"])


@given(people, st.lists(st.sampled_from(sorted(BY_TOPIC)), max_size=5))
def test_who_could_be_asked_fits_and_the_best_stands_first(found, topics):
    fits = who_fits(found, topics)
    wanted = needed(topics)
    assert len(fits) == sum(bool(set(one.kinds) & wanted) for one in found)
    assert all(fit.kinds and set(fit.kinds) <= wanted & set(fit.tie.kinds) for fit in fits)
    keys = [(-len(fit.kinds), fit.tie.closeness, fit.tie.name) for fit in fits]
    assert keys == sorted(keys)


# --- carers


@given(st.dictionaries(st.sampled_from(STATEMENTS), st.integers(0, HIGHEST)))
def test_the_load_never_fills_in_what_is_missing(answers):
    found = load_of(answers)
    assert found.answered + found.missing == len(STATEMENTS)
    assert found.answered == len(answers)
    assert (found.load == Load.UNKNOWN) == (len(answers) * 2 < len(STATEMENTS))
    assert found.topics and set(found.topics) <= set(BY_TOPIC)


@given(st.fixed_dictionaries({code: st.integers(0, HIGHEST) for code in STATEMENTS}), st.data())
def test_more_load_never_gives_a_lighter_sentence(answers, data):
    code = data.draw(st.sampled_from(STATEMENTS))
    heavier = answers | {code: min(answers[code] + 1, HIGHEST)}
    order = list(Load)
    assert order.index(load_of(heavier).load) >= order.index(load_of(answers).load)


@pytest.mark.parametrize(
    ("age", "young", "parent", "missing"),
    [
        (15, True, True, []),
        (16, True, False, []),
        (15, True, False, [Lacking.PARENT]),
        (15, False, True, [Lacking.YOUNG]),
        (17, False, True, [Lacking.YOUNG]),
        (8, False, False, [Lacking.YOUNG, Lacking.PARENT]),
        (40, True, True, [Lacking.AGE]),
    ],
)
def test_a_school_hears_only_with_the_young_and_under_sixteen_a_parent(age, young, parent, missing):
    assert lacking(age, young_agrees=young, parent_agrees=parent) == missing


# --- the ladder

steps = st.lists(
    st.builds(Step, st.sampled_from(LADDER), st.integers(0, 3), st.booleans()),
    unique_by=lambda step: step.rung,
)


@given(steps)
def test_the_advice_is_the_lowest_rung_that_can_work(found):
    chosen = lowest_workable(found)
    usable = [step.rung for step in found if step.workable and not step.tried]
    assert chosen == min(usable, key=lambda rung: rung.height, default=None)


def test_a_rung_where_all_is_full_is_not_proposed():
    assert lowest_workable([Step(Rung.SELF, 0), Step(Rung.GENERAL, 1)]) == Rung.GENERAL


def test_each_option_says_what_is_known_of_its_room():
    for capacity in Capacity:
        found = reasons(km=None, is_free=None, without_appointment=None, capacity=capacity)
        assert len(found) == 1
    near = reasons(km=1, is_free=True, without_appointment=True, capacity=Capacity.YES)
    assert near == (Reason.NEAR, Reason.FREE, Reason.WALK_IN, Reason.ROOM)


@given(st.sampled_from(list(Capacity)), st.integers(-3, 400))
def test_room_of_longer_ago_than_two_weeks_is_unknown(value, days):
    from datetime import timedelta

    found = capacity_on(value, as_of=TODAY - timedelta(days), on=TODAY)
    assert found == (value if 0 <= days <= CAPACITY_DAYS else Capacity.UNKNOWN)


def test_nothing_said_is_unknown():
    assert capacity_on("", as_of=None, on=TODAY) == Capacity.UNKNOWN


# --- who carries a goal


@given(st.integers(-10, 110), st.integers(-10, 110), st.integers(-10, 110))
def test_a_split_is_a_hundred_of_nothing_below_zero(own, network, professional):
    whole = Split(own, network, professional).is_whole
    parts = (own, network, professional)
    assert whole == (sum(parts) == 100 and all(part >= 0 for part in parts))


def test_the_shift_needs_both():
    before, after = Split(20, 20, 60), Split(50, 20, 30)
    assert shift(before, after) == 30
    assert shift(before, None) is shift(None, after) is None


# --- measuring

CODES = [one.code for one in shipped()["kort"].statements]
answers = st.dictionaries(st.sampled_from(CODES), st.integers(0, 4))
taken = st.builds(Taken, st.just("kort"), st.sampled_from(["1", "2"]), answers)


@given(taken, taken)
def test_a_change_comes_only_from_a_pair_of_one_version_and_missing_is_never_a_zero(before, after):
    found = changes(CODES, before, after)
    if before.version != after.version:
        assert found is None
        return
    both = set(before.answers) & set(after.answers)
    assert found.n == len(both) and found.n + found.missing == len(CODES)
    for row in found.rows:
        assert (row.by is not None) == (row.code in both)
        if row.by is not None:
            assert row.by == after.answers[row.code] - before.answers[row.code]


@given(st.lists(st.tuples(taken, taken), max_size=12))
def test_counts_over_many_add_up_and_say_what_is_missing(pairs):
    real = [(b, a) for b, a in pairs if b.version == a.version]
    for row in counted(CODES, pairs):
        assert row.n + row.missing == len(real)
        assert row.up + row.same + row.down == row.n
        known = [(b, a) for b, a in real if row.code in b.answers and row.code in a.answers]
        assert row.up == sum(a.answers[row.code] > b.answers[row.code] for b, a in known)


@given(st.lists(st.tuples(taken, taken), max_size=8), taken)
def test_an_unpaired_version_changes_nothing(pairs, one):
    other = Taken("kort", one.version + "x", one.answers)
    assert counted(CODES, [*pairs, (one, other)]) == counted(CODES, pairs)


@given(st.dictionaries(st.text(max_size=5) | st.sampled_from(CODES), st.integers(-5, 20)))
def test_only_answers_to_the_instrument_are_kept(given_answers):
    kept = shipped()["kort"].kept(given_answers)
    assert all(code in CODES and 0 <= step <= 4 for code, step in kept.items())


def test_ours_are_two_and_six_sides_have_their_own_names():
    assert list(shipped()) == ["kort", "zes-kanten"]
    assert len(shipped()["zes-kanten"].statements) == 6
    for one in shipped().values():
        assert from_data(as_data(one)) == one


GOOD = {
    "code": "eigen",
    "version": "1",
    "title": "Eigen lijst",
    "source": "De Kring",
    "scale": ["nee", "ja"],
    "statements": [{"code": "a", "text": "Ik slaap goed."}],
}


@pytest.mark.parametrize(
    ("change", "problem", "field", "row"),
    [
        ({"code": "Eigen lijst"}, "not-a-code", "code", 0),
        ({"version": ""}, "missing", "version", 0),
        ({"title": 3}, "no-text", "title", 0),
        ({"source": None}, "no-text", "source", 0),
        ({"scale": ["ja"]}, "scale", "scale", 0),
        ({"scale": "ja"}, "missing", "scale", 0),
        ({"scale": ["ja", 3]}, "no-text", "scale", 2),
        ({"statements": []}, "missing", "statements", 0),
        ({"statements": ["a"]}, "no-text", "statements", 1),
        ({"statements": [{"code": "a", "text": "x"}] * 2}, "twice", "code", 2),
        ({"statements": [{"code": "a", "text": "x" * 301}]}, "too-long", "text", 1),
        ({"statements": [{"code": str(n), "text": "x"} for n in range(61)]}, "too-many",
         "statements", 0),
    ],
)  # fmt: skip
def test_a_file_that_is_no_instrument_says_what_and_where(change, problem, field, row):
    with pytest.raises(BadInstrument) as found:
        read_instrument(json.dumps(GOOD | change).encode())
    assert (found.value.problem, found.value.field, found.value.row) == (problem, field, row)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_file_breaks_the_reader(content):
    with pytest.raises(BadInstrument):
        read_instrument(content)


@pytest.mark.parametrize("content", [b"[" * 60_000, b"{" * 60_000, b"x" * 70_000, b"[]", b"null"])
def test_odd_files_are_refused(content):
    with pytest.raises(BadInstrument):
        read_instrument(content)


def test_toml_and_json_say_the_same():
    toml = (
        'code = "eigen"\nversion = "1"\ntitle = "Eigen lijst"\nsource = "De Kring"\n'
        'scale = ["nee", "ja"]\n[[statements]]\ncode = "a"\ntext = "Ik slaap goed."\n'
    )
    assert read_instrument(toml.encode()) == read_instrument(json.dumps(GOOD).encode())
