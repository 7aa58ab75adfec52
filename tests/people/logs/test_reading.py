"""Reading person data writes a line first; without a line nothing is read."""

import threading
import uuid
from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, connections, transaction

from omzien.journal.isolation import choose, current, working_for
from omzien.people.logs.models import AccessLine, LogHead, ProcessingLine
from omzien.people.logs.reading import (
    Foreign,
    LogUnavailable,
    Operator,
    Origin,
    note,
    reading,
    subject_id,
)
from omzien.people.rules.looking import Action, Channel, Result
from omzien.people.rules.roles import Actor, Role
from omzien.web.privacy.logs import lines_wanted

QUESTION = ("question", "42")


@pytest.mark.django_db
def test_a_reader_leaves_the_six_fields_and_why(els, moe, bep, lines):
    proxy = replace(els, represents=bep)
    with reading(
        proxy, about=[moe], object=QUESTION, purpose="help", origin=Origin(Channel.WEB, "a" * 24)
    ) as operation:  # fmt: skip
        (access,), (processing,) = lines()
    assert (access.action, access.object_kind, access.object_id) == ("read", "question", "42")
    assert (access.result, access.channel, access.address_hash) == ("allowed", "web", "a" * 24)
    assert (access.actor, access.role, access.organisation) == (els.key, "connector", "77077")
    assert access.at.tzinfo is not None
    assert (access.purpose, access.on_behalf_of, access.about) == ("help", bep, moe)
    assert access.operation_id == processing.operation_id == operation.operation_id
    assert processing.trace_id == operation.trace_id


@pytest.mark.django_db
def test_the_processing_line_knows_no_user_and_no_readable_person(els, moe, lines):
    note(els, about=[moe], object=QUESTION, purpose="help", result=Result.ALLOWED)
    (processing,) = lines()[1]
    values = {str(value) for value in vars(processing).values()}
    assert not values & {els.key, "connector", "77077", str(moe), moe.hex}
    assert processing.data_subject_id == subject_id("GM1948", moe)
    assert subject_id("GM1948", moe) != subject_id("GM1991", moe)


@pytest.mark.django_db
def test_several_persons_have_a_line_each_below_one_of_nobody(els, moe, bep, lines):
    note(
        els, about=[moe, bep, moe], action=Action.SEARCH, object=("search", ""), purpose="help",
        result=Result.ALLOWED,
    )  # fmt: skip
    (access,), (top, *each) = lines()
    assert access.about is None
    assert top.operation_id == access.operation_id and top.data_subject_id is None
    assert [one.parent_operation_id for one in each] == [access.operation_id] * 2
    assert [one.data_subject_id for one in each] == [subject_id("GM1948", k) for k in (moe, bep)]
    assert len({top.operation_id, *(one.operation_id for one in each)}) == 3
    assert {one.access_operation_id for one in (top, *each)} == {access.operation_id}


@pytest.mark.django_db
def test_a_refusal_is_logged_and_processes_nothing(els, moe, lines):
    note(els, about=[moe], object=QUESTION, purpose="help", result=Result.REFUSED)
    (access,), processing = lines()
    assert (access.result, access.about, processing) == ("refused", moe, [])


@pytest.mark.django_db
def test_an_error_while_reading_adds_a_line_within_the_first(els, moe, lines):
    with (
        pytest.raises(ZeroDivisionError),
        reading(els, about=[moe], object=QUESTION, purpose="help"),
    ):
        raise ZeroDivisionError
    access, processing = lines()
    assert [one.result for one in access] == ["allowed", "failed"]
    assert [one.status_code for one in processing] == [1, 2]
    assert processing[1].parent_operation_id == processing[0].operation_id
    assert processing[1].trace_id == processing[0].trace_id


@pytest.mark.django_db
def test_a_question_of_another_organisation_is_kept_as_its_operation(els, moe, lines):
    other = Foreign("b" * 32, "c" * 16, "https://buren.example/org/7")
    note(
        els, about=[moe], object=QUESTION, purpose="handover", result=Result.ALLOWED, foreign=other
    )
    (line,) = lines()[1]
    assert (line.foreign_trace_id, line.foreign_operation_id) == (other.trace_id, "c" * 16)
    assert line.foreign_entity == other.entity


@pytest.mark.django_db
def test_the_command_line_reads_as_the_system(moe, lines):
    note(
        Operator("GM1948"), about=[moe], object=("person", moe), action=Action.EXPORT,
        purpose="oversight", result=Result.ALLOWED,
    )  # fmt: skip
    (access,) = lines()[0]
    assert (access.actor, access.role, access.channel) == ("system", "system", "command")


@pytest.mark.django_db
def test_the_municipality_of_the_request_stays(els, moe):
    with working_for("GM1991"):
        note(els, about=[moe], object=QUESTION, purpose="help", result=Result.ALLOWED)
        assert current() == "GM1991"
        assert AccessLine.objects.count() == 0


CANARIES = ["Jan de Vries", "jan@voorbeeld.example", "O'Neil", "moeder-jansen", "0413555101 bel"]


@pytest.mark.django_db
@pytest.mark.parametrize("canary", CANARIES)
def test_no_name_address_or_text_gets_into_a_line(els, moe, lines, canary):
    """What is no random key is left out; what is no code is refused by PostgreSQL."""
    strange = type(els)(els.key, organisation=canary)
    note(strange, about=[moe], object=("question", canary), purpose="help", result=Result.ALLOWED)
    (access,), (processing,) = lines()
    assert canary not in str(vars(access)) + str(vars(processing))
    for reader, what in [
        (type(els)(canary), QUESTION),
        (type(els)(els.key, role=f"{canary} "), QUESTION),
        (els, (f"{canary} ", "1")),
    ]:
        with pytest.raises(LogUnavailable):
            note(reader, about=[moe], object=what, purpose="help", result=Result.ALLOWED)
    with pytest.raises(ValueError):
        note(els, about=[moe], object=QUESTION, purpose=canary, result=Result.ALLOWED)
    with pytest.raises(ValueError):
        note(els, about=[canary], object=QUESTION, purpose="help", result=Result.ALLOWED)
    assert [len(one) for one in lines()] == [1, 1]


@pytest.mark.parametrize("who", ["app", "owner"])
@pytest.mark.parametrize("table", ["people_accessline", "people_processingline", "people_loghead"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET number = 1", "DELETE FROM {}", "TRUNCATE {}"])
def test_nobody_changes_or_removes_a_line(second_owner, who, table, verb):
    database = connection if who == "app" else second_owner
    with (
        pytest.raises(DatabaseError, match=r"append-only|permission denied"),
        transaction.atomic(using=database.alias),
        database.cursor() as cursor,
    ):
        cursor.execute("SELECT set_config('omzien.municipality', 'GM1948', true)")
        cursor.execute(verb.format(table))


@pytest.fixture
def second_owner(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield connections["owner"]
        connections["owner"].close()
        connection.close()


@pytest.mark.django_db
def test_a_head_cannot_be_made_by_hand():
    with working_for("GM1948"), pytest.raises(DatabaseError), transaction.atomic():
        LogHead.objects.create(municipality="GM1948", log="access", number=9, hash="0" * 64)


@pytest.mark.django_db
def test_number_time_and_hash_are_the_databases_own(els, moe, lines):
    """Even a line that goes around our function lands in the chain."""
    note(els, about=[moe], object=QUESTION, purpose="help", result=Result.ALLOWED)
    (first,), _ = lines()
    with working_for("GM1948"):
        first.pk, first.number, first.hash, first.at = None, 99, "f" * 64, "2020-01-01T00:00Z"
        first.save(force_insert=True)
    before, after = lines()[0]
    assert (after.number, after.previous) == (2, before.hash)
    assert after.hash != "f" * 64 and after.at > before.at


# On the real second connection.


def test_a_request_that_is_rolled_back_keeps_its_line(second, els, moe, lines):
    reader = type(els)(els.key, second)
    with transaction.atomic():
        choose(second)
        note(reader, about=[moe], object=QUESTION, purpose="help", result=Result.REFUSED)
        transaction.set_rollback(True)
    assert [one.result for one in lines(second)[0]] == ["refused"]


def test_the_lock_does_not_last_as_long_as_the_request(second, els, moe, lines):
    reader = type(els)(els.key, second)
    done = []

    def other():
        try:
            note(reader, about=[moe], object=QUESTION, purpose="help", result=Result.ALLOWED)
            done.append(True)
        finally:
            connections["log"].close()

    with transaction.atomic():
        note(reader, about=[moe], object=QUESTION, purpose="help", result=Result.ALLOWED)
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(timeout=10)
        assert done == [True]
    assert len(lines(second)[0]) == 2


def test_many_writers_make_one_chain(second, els, moe, bep, lines):
    reader = type(els)(els.key, second)

    def writer():
        try:
            for _ in range(15):
                note(reader, about=[moe, bep], object=QUESTION, purpose="help",
                     result=Result.ALLOWED)  # fmt: skip
        finally:
            connections["log"].close()

    threads = [threading.Thread(target=writer) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    for chain, size in zip(lines(second), (90, 270), strict=True):
        assert [one.number for one in chain] == list(range(1, size + 1))
        hashes = ["0" * 64, *(one.hash for one in chain)]
        assert [one.previous for one in chain] == hashes[:-1]


def test_one_line_is_one_round_trip(second, els, moe, django_assert_num_queries):
    reader = type(els)(els.key, second)
    note(reader, about=[moe], object=QUESTION, purpose="help", result=Result.ALLOWED)
    with (
        django_assert_num_queries(1, connection=connections["log"]),
        django_assert_num_queries(0, connection=connection),
    ):
        note(reader, about=[moe], object=QUESTION, purpose="help", result=Result.ALLOWED)


def released(reader, person):
    """Read something secret; return what got out."""
    out = []
    with (
        pytest.raises(LogUnavailable) as raised,
        reading(reader, about=[person], object=QUESTION, purpose="help"),
    ):
        out.append("geheim")
    assert raised.value.__cause__ is None and str(raised.value) == ""
    return out


def test_a_refused_connection_shows_nothing(second, els, moe):
    log = connections["log"]
    log.close()
    right = log.settings_dict["PORT"]
    try:
        log.settings_dict["PORT"] = "1"
        assert released(type(els)(els.key, second), moe) == []
    finally:
        log.close()
        log.settings_dict["PORT"] = right


def test_a_locked_table_shows_nothing(second, els, moe, second_owner):
    with transaction.atomic(using="owner"), second_owner.cursor() as cursor:
        cursor.execute("LOCK TABLE people_accessline IN ACCESS EXCLUSIVE MODE")
        assert released(type(els)(els.key, second), moe) == []


def test_a_full_disk_shows_nothing(second, els, moe, administrator, lines, caplog):
    administrator(f"""
        CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF NEW.municipality = '{second}' THEN
            RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END IF;
        RETURN NEW; END $$""")
    administrator(
        "CREATE TRIGGER zz_full BEFORE INSERT ON people_processingline"
        " FOR EACH ROW EXECUTE FUNCTION full_disk()"
    )
    try:
        assert released(type(els)(els.key, second), moe) == []
        assert lines(second) == ([], []), "half a line is no line"
        assert "SQLSTATE 53100" in caplog.text and str(moe) not in caplog.text
    finally:
        administrator("DROP TRIGGER zz_full ON people_processingline")
        administrator("DROP FUNCTION full_disk")


def test_a_connection_that_died_meanwhile_is_made_anew(second, els, moe, administrator, lines):
    reader = type(els)(els.key, second)
    note(reader, about=[moe], object=QUESTION, purpose="help", result=Result.ALLOWED)
    with connections["log"].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    administrator("SELECT pg_terminate_backend(%s)", process)
    note(reader, about=[moe], object=QUESTION, purpose="help", result=Result.ALLOWED)
    assert len(lines(second)[0]) == 2


@pytest.mark.django_db
def test_another_municipality_sees_no_line(els, moe):
    note(els, about=[moe], object=QUESTION, purpose="help", result=Result.ALLOWED)
    with working_for("GM1991"):
        assert (AccessLine.objects.count(), ProcessingLine.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_person_sees_own_lines_and_who_oversees_sees_all(els, moe, bep):
    note(els, about=[moe], object=QUESTION, purpose="help", result=Result.ALLOWED)
    note(els, about=[bep], object=QUESTION, purpose="help", result=Result.ALLOWED)
    seen = {
        who: AccessLine.objects.visible_to(reader).count()
        for who, reader in {
            "resident": Actor("GM1948", Role.RESIDENT, person=moe),
            "stranger": Actor("GM1948", Role.RESIDENT, person=uuid.UUID(int=5)),
            "visitor": Actor("GM1948"),
            "officer": Actor("GM1948", Role.PRIVACY_OFFICER, person=uuid.UUID(int=6)),
        }.items()
        if not choose("GM1948")
    }
    assert seen == {"resident": 1, "stranger": 0, "visitor": 0, "officer": 2}


TOWN, LINES, WORKERS = "GM9699", 8000, 400
MANY_LINES = """
    INSERT INTO people_accessline (
        municipality, number, at, action, object_kind, object_id, result, channel, address_hash,
        actor, role, organisation, purpose, about, operation_id, previous, hash
    ) SELECT
        %s, n, now() - n * interval '1 hour', 'read', 'question', '42', 'allowed', 'web', '',
        lpad(to_hex(n %% %s), 36, '0'), 'connector', '', 'help', NULL,
        lpad(to_hex(n), 16, '0'), '', ''
    FROM generate_series(1, %s) AS n
"""


@pytest.fixture
def a_long_log(administrator):
    """A log of some thousands of lines, of which each worker wrote a few."""
    administrator(MANY_LINES, TOWN, WORKERS, LINES)
    administrator("ANALYZE people_accessline")
    yield
    administrator("DELETE FROM people_accessline WHERE municipality = %s", TOWN)
    administrator("ANALYZE people_accessline")


@pytest.mark.django_db
@pytest.mark.parametrize("more", [{}, {"doel": "help"}, {"voor": LINES // 2}])
def test_what_one_worker_looked_at_is_found_by_an_index(a_long_log, more):
    worker = uuid.UUID(int=7)
    asked = {"persoon": None, "wie": worker, "dag": None, "doel": "", "voor": None} | more
    with working_for(TOWN), connection.cursor() as cursor:
        rows = lines_wanted(Actor(TOWN, Role.PRIVACY_OFFICER), asked)[:51]
        statement, values = rows.query.sql_with_params()
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",)
        cursor.execute(f"EXPLAIN {statement}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "access_actor" in plan and "Seq Scan" not in plan, plan
