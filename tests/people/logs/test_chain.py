"""Whoever tampers past every trigger is found, and so is what they did."""

import tracemalloc

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from omzien.cli.main import main
from omzien.journal.isolation import working_for
from omzien.people.logs.chain import Damage, check
from omzien.people.logs.reading import note
from omzien.people.privacy import old_logs
from omzien.people.privacy.old_logs import destroy_old
from omzien.people.rules.looking import Result

ACCESS = "people_accessline"


@pytest.fixture
def chain(second, els, moe):
    """Six lines in either log of a municipality."""
    for _ in range(6):
        note(
            type(els)(els.key, second), about=[moe], object=("question", "1"), purpose="help",
            result=Result.ALLOWED,
        )  # fmt: skip
    return second


def test_a_sound_chain_is_sound(chain, lines):
    for log, read in zip(("access", "processing"), lines(chain), strict=True):
        report = check(log, chain)
        assert (report.damage, report.lines, report.head) == (None, 6, read[-1].hash)


def test_an_empty_log_is_sound(second):
    assert check("access", second).damage is None


# Each is done by the administrator with every trigger off, in the table `t` of one municipality.
HASH = """
    encode(sha256(convert_to(array_to_string(ARRAY[previous, municipality, number::text,
    (extract(epoch FROM at) * 1000000)::bigint::text, action, object_kind, object_id, result,
    channel, address_hash, actor, role, organisation, purpose, on_behalf_of::text, about::text,
    operation_id], E'\\n', '~'), 'UTF8')), 'hex')
"""
SHIFT_UP = [
    "UPDATE t SET number = -number - 1 WHERE MINE AND number >= 3",
    "UPDATE t SET number = -number WHERE MINE AND number < 0",
]
COPY = """
    INSERT INTO t (municipality, number, at, action, object_kind, object_id, result, channel,
        address_hash, actor, role, organisation, purpose, operation_id, previous, hash)
    SELECT municipality, {number}, at, 'print', object_kind, object_id, result, channel,
        address_hash, actor, role, organisation, purpose, operation_id, {previous}, {hash}
    FROM t WHERE MINE AND number = 2
"""
SWAP = [
    "UPDATE t SET number = -3 WHERE MINE AND number = 3",
    "UPDATE t SET number = 3 WHERE MINE AND number = 4",
    "UPDATE t SET number = 4 WHERE MINE AND number = -3",
]
REHASH = f"UPDATE t SET hash = {HASH} WHERE MINE AND number = {{}}"
TAMPERING = {
    "a value": (["UPDATE t SET actor = 'system' WHERE MINE AND number = 3"], Damage.CHANGED, 3),
    "somebody named": (["UPDATE t SET about = NULL WHERE MINE AND number = 1"], Damage.CHANGED, 1),
    "a time": (
        ["UPDATE t SET at = at - interval '1 microsecond' WHERE MINE AND number = 6"],
        Damage.CHANGED,
        6,
    ),
    "a value and its hash": (
        ["UPDATE t SET result = 'refused' WHERE MINE AND number = 3", REHASH.format(3)],
        Damage.CHANGED,
        3,
    ),
    "the last line and its hash": (
        ["UPDATE t SET result = 'refused' WHERE MINE AND number = 6", REHASH.format(6)],
        Damage.CHANGED,
        6,
    ),
    "one gone": (["DELETE FROM t WHERE MINE AND number = 3"], Damage.REMOVED, 3),
    "the first gone": (["DELETE FROM t WHERE MINE AND number = 1"], Damage.REMOVED, 1),
    "two gone, the rest renumbered": (
        [
            "DELETE FROM t WHERE MINE AND number IN (3, 4)",
            "UPDATE t SET number = 3 WHERE MINE AND number = 5",
            "UPDATE t SET number = 4 WHERE MINE AND number = 6",
        ],
        Damage.REMOVED,
        3,
    ),
    "one more with a nonsense hash": (
        [*SHIFT_UP, COPY.format(number=3, previous="repeat('a', 64)", hash="repeat('b', 64)")],
        Damage.INSERTED,
        3,
    ),
    "one more with a right hash": (
        [
            *SHIFT_UP,
            COPY.format(number=3, previous="hash", hash="'x'"),
            REHASH.format(3),
        ],
        Damage.INSERTED,
        3,
    ),
    "one more at the end": (
        [
            COPY.format(
                number=7, hash="'x'", previous="(SELECT hash FROM t WHERE MINE AND number = 6)"
            ),
            REHASH.format(7),
        ],
        Damage.INSERTED,
        7,
    ),
    "two swapped": (SWAP, Damage.REORDERED, 3),
    "the end": (["DELETE FROM t WHERE MINE AND number > 4"], Damage.CUT_OFF, 5),
    "everything": (["DELETE FROM t WHERE MINE"], Damage.CUT_OFF, 1),
    "the head": (
        ["DELETE FROM people_loghead WHERE MINE AND log = 'access'"],
        Damage.HEAD_CHANGED,
        6,
    ),
}


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_is_found_and_named(chain, administrator, what):
    statements, damage, number = TAMPERING[what]
    mine = f"municipality = '{chain}'"
    for statement in statements:
        administrator(statement.replace(" t ", f" {ACCESS} ").replace("MINE", mine))
    report = check("access", chain)
    assert (report.damage, report.number) == (damage, number)
    assert check("processing", chain).damage is None


def test_a_person_made_somebody_else_in_the_processing_log_is_found(chain, administrator):
    administrator(
        "UPDATE people_processingline SET data_subject_id = repeat('a', 64)"
        " WHERE municipality = %s AND number = 2",
        chain,
    )
    report = check("processing", chain)
    assert (report.damage, report.number) == (Damage.CHANGED, 2)


def test_a_whole_chain_rewritten_is_found_with_a_hash_kept_elsewhere(chain, administrator, els):
    kept = check("access", chain).head
    for table in (ACCESS, "people_processingline", "people_loghead"):
        administrator(f"DELETE FROM {table} WHERE municipality = %s", chain)
    for _ in range(7):
        note(
            type(els)(els.key, chain), object=("question", "1"), purpose="help",
            result=Result.ALLOWED,
        )  # fmt: skip
    report = check("access", chain, against=[kept])
    assert (report.damage, report.found) == (None, frozenset())


def test_a_longer_chain_still_holds_the_hash_kept_elsewhere(chain, els):
    kept = check("access", chain).head
    note(type(els)(els.key, chain), object=("question", "1"), purpose="help", result=Result.ALLOWED)
    assert check("access", chain, against=[kept]).found == {kept}


def test_a_long_log_needs_no_more_memory(second, els):
    """Ten times the lines take (nearly) the memory of one time."""
    from django.db import connections

    from omzien.people.logs import chain as walking

    def fill(lines):
        reader = type(els)(els.key, second)
        note(reader, object=("question", "1"), purpose="help", result=Result.ALLOWED)
        with connections["log"].cursor() as cursor:
            cursor.execute("SELECT set_config('omzien.municipality', %s, false)", [second])
            cursor.execute(
                f"INSERT INTO {ACCESS} (municipality, action, object_kind, object_id, result,"
                " channel, address_hash, actor, role, organisation, purpose, operation_id)"
                " SELECT municipality, action, object_kind, object_id, result, channel,"
                " address_hash, actor, role, organisation, purpose, operation_id"
                f" FROM {ACCESS}, generate_series(1, %s) WHERE number = 1",
                [lines],
            )

    def peak():
        tracemalloc.start()
        assert check("access", second).damage is None
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    walking.FETCH = 200
    try:
        fill(300)
        small = peak()
        fill(3000)
        assert peak() < small * 1.5
    finally:
        walking.FETCH = 2000


def run(capsys, *arguments):
    code = main(["log", "check", *arguments])
    return code, capsys.readouterr()


@pytest.fixture
def municipality(chain):
    from omzien.areas.models import Municipality

    one = Municipality.objects.create(code=chain, name=f"Proef {chain}", slug=chain.lower())
    yield one
    one.delete()


def test_the_command_prints_the_heads(chain, municipality, capsys):
    code, said = run(capsys, "--municipality", chain)
    assert code == 0
    for log in ("access", "processing"):
        assert check(log, chain).head in said.out
    assert "6 regels, in orde" in said.out


def test_the_command_names_the_first_broken_line(chain, municipality, administrator, capsys):
    administrator(f"DELETE FROM {ACCESS} WHERE municipality = %s AND number = 3", chain)
    code, said = run(capsys, "--municipality", chain)
    assert code == 1
    assert "regel 3 is weggehaald" in said.out


def test_the_command_compares_with_a_kept_hash(chain, municipality, capsys):
    kept = check("access", chain).head
    assert run(capsys, "--municipality", chain, "--against", kept)[0] == 0
    code, said = run(capsys, "--municipality", chain, "--against", "e" * 64)
    assert code == 1
    assert "staat in geen van deze logs" in said.out


def test_all_municipalities_are_checked_without_a_choice(chain, municipality, capsys):
    code, said = run(capsys)
    assert code == 0 and municipality.name in said.out


@pytest.mark.parametrize("arguments", [["--municipality", "GM0000"], ["--against", "kort"]])
def test_a_wrong_word_is_told(chain, arguments, capsys):
    assert run(capsys, *arguments)[0] in (1, 2)
    assert "Traceback" not in capsys.readouterr().err


# --- lines whose term is over ---------------------------------------------------------------------


@pytest.fixture
def old(chain, administrator):
    """The same six lines; the first four of the access log are five years old."""
    mine = f"municipality = '{chain}'"

    def run(statement):
        administrator(statement.replace("MINE", mine).replace(" t ", f" {ACCESS} t "))

    for number in range(1, 7):
        if number <= 4:
            run("UPDATE t SET at = at - interval '5 years 1 day'"
                f" WHERE MINE AND number = {number}")  # fmt: skip
        if number > 1:
            run(f"UPDATE t SET previous = (SELECT p.hash FROM {ACCESS} p WHERE p.MINE"
                f" AND p.number = {number - 1}) WHERE MINE AND number = {number}")  # fmt: skip
        run(REHASH.format(number))
    run(f"UPDATE people_loghead SET hash = (SELECT p.hash FROM {ACCESS} p WHERE p.MINE"
        " AND p.number = 6) WHERE MINE AND log = 'access'")  # fmt: skip
    assert check("access", chain).damage is None
    return chain


def remove(municipality, where):
    with working_for(municipality), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('omzien.destroying', 'on', true)")
        cursor.execute(f"DELETE FROM {ACCESS} WHERE {where}")
        return cursor.rowcount


def test_lines_of_five_years_ago_go_and_the_rest_stays_a_chain(old, els):
    head = check("access", old).head
    with working_for(old):
        assert destroy_old("access") == 4
        assert destroy_old("access") == 0  # twice is once
        assert destroy_old("processing") == 0
    report = check("access", old)
    assert (report.damage, report.lines, report.head) == (None, 2, head)
    note(type(els)(els.key, old), object=("question", "1"), purpose="help", result=Result.ALLOWED)
    report = check("access", old, against=[head])
    assert (report.damage, report.lines, report.found) == (None, 3, {head})


@pytest.mark.parametrize("where", ["number = 5", "number <= 5", "number = 6", "true"])
def test_a_line_within_its_term_cannot_go(old, where):
    with pytest.raises(DatabaseError, match="append-only"):
        remove(old, where)
    assert check("access", old).lines == 6


@pytest.mark.parametrize("where", ["number = 2", "number IN (1, 3)", "number IN (3, 4)"])
def test_lines_go_from_the_front_without_a_gap(old, where):
    with pytest.raises(DatabaseError, match="append-only"):
        remove(old, where)
    assert check("access", old).lines == 6


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE people_loghead SET start_number = 3 WHERE MINE AND log = 'access'",
        "UPDATE people_loghead SET start_hash = repeat('a', 64) WHERE MINE AND log = 'access'",
        f"DELETE FROM {ACCESS} WHERE MINE AND number = 5",
    ],
)
def test_tampering_with_where_a_log_begins_is_found(old, administrator, statement):
    with working_for(old):
        destroy_old("access")
    administrator(statement.replace("MINE", f"municipality = '{old}'"))
    assert check("access", old).damage is not None


def test_the_clock_of_retention_lets_old_lines_go_unless_they_are_held(old):
    from omzien.people.rules.retention import KINDS

    assert KINDS["log-line"].by_clock
    with working_for(old):
        assert [one.key for one in old_logs.TERM.due(timezone.localdate())] == ["access"]
