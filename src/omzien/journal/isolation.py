"""The wall between municipalities: row-level security in PostgreSQL.

Each municipality-owned table has a text column that holds the municipality's CBS code.
A transaction says for which municipality it works; nothing said means no rows. Rows
without a municipality (national and regional entries, shared words) are readable by
all and writable only by a transaction that works for `SHARED`.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.migrations.operations import RunSQL

SHARED = "shared"
SETTING = "omzien.municipality"
NOW = f"(SELECT nullif(current_setting('{SETTING}', true), ''))"


@contextmanager
def working_for(municipality: str) -> Iterator[None]:
    """Open a transaction that sees and writes the rows of one municipality only.

    `municipality` is a CBS code such as "GM1948", or `SHARED`. Nested use puts the
    outer municipality back.
    """
    with transaction.atomic():
        outer = current()
        choose(municipality)
        yield
        # After an error the rollback puts it back; asking the database then would hide that error.
        if not connection.needs_rollback:
            choose(outer)


@contextmanager
def opened(choosing: Callable[[], None]) -> Iterator[None]:
    """Open the transaction of a request: `choosing` is its first statement.

    So that also tells whether the connection still lives. Django would ask it by a round trip of
    its own; here only one that died while nobody asked it anything costs one more: a new one.
    """
    connection.health_check_done = True  # type: ignore[attr-defined]
    is_last_try = connection.in_atomic_block  # a test's own transaction cannot begin anew
    while True:
        with transaction.atomic():
            try:
                choosing()
            except (InterfaceError, OperationalError):
                if is_last_try:
                    raise
                is_last_try = True
                connection.close()
                continue
            yield
            return


def choose(municipality: str) -> None:
    """Set the municipality for the rest of this transaction ("" means none).

    Where the transaction has not begun yet, it begins in the same round trip: so the wall costs no
    query more, and it is asked at every request (bench/wall.py).

    Raises ValueError for what is no code: it stands in the statement itself.
    """
    engine: Any = connection
    engine.tell(_statement(municipality))


def choose_and_read(municipality: str, value: str, parameters: Sequence[Any]) -> Any:
    """Set the municipality as `choose` does, and return one value, in one round trip.

    `value` is a SELECT of one column of one row of a table that stands behind no wall:
    PostgreSQL does not promise which of the two it does first. None where there is no row.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT ({value}), set_config(%s, %s, true)",  # nosec B608 # our own
            [*parameters, SETTING, municipality],
        )
        return cursor.fetchone()[0]


@lru_cache(maxsize=512)
def _statement(municipality: str) -> str:
    # SET is not planned: half the price of `SELECT set_config(%s, …)`.
    if municipality and not (municipality.isascii() and municipality.isalnum()):
        raise ValueError("no code of a municipality")
    return f"SET LOCAL {SETTING} = '{municipality}'"


def current() -> str:
    """Return the municipality of this transaction, or "" when none was set."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [SETTING])
        return str(cursor.fetchone()[0])


def simpler(table: str = "%") -> str:
    """Return SQL that reads `table` by one comparison, where each row is some municipality's.

    Nothing set equals nothing, so that no row is seen. PostgreSQL looks the setting up once for a
    statement and can use an index. `table` may be a pattern of LIKE: all walls that stand.
    """
    return f"""
        DO $$ DECLARE wall record; BEGIN
            FOR wall IN
                SELECT class.oid::regclass AS table, attribute.attname AS column
                FROM pg_policy policy
                JOIN pg_class class ON class.oid = policy.polrelid
                JOIN pg_attribute attribute ON attribute.attrelid = class.oid
                WHERE policy.polname = 'municipality_reads' AND class.relname LIKE '{table}'
                    AND attribute.attnotnull
                    AND attribute.attname IN ('municipality', 'municipality_id')
            LOOP
                EXECUTE format('ALTER POLICY municipality_reads ON %s USING (%I = %s)',
                    wall.table, wall.column, $now${NOW}$now$);
            END LOOP;
        END $$;
    """  # noqa: S608  # nosec B608 # names of our own


def protect(table: str, column: str = "municipality_id") -> RunSQL:
    """Return the migration step that puts `table` behind the wall, also for its owner."""
    return RunSQL(
        sql=f"""
            ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
            ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
            CREATE POLICY municipality_reads ON {table} FOR SELECT
                USING ({NOW} IS NOT NULL AND ({column} = {NOW} OR {column} IS NULL));
            CREATE POLICY municipality_adds ON {table} FOR INSERT
                WITH CHECK (coalesce({column}, '{SHARED}') = {NOW});
            CREATE POLICY municipality_changes ON {table} FOR UPDATE
                USING (coalesce({column}, '{SHARED}') = {NOW})
                WITH CHECK (coalesce({column}, '{SHARED}') = {NOW});
            CREATE POLICY municipality_removes ON {table} FOR DELETE
                USING (coalesce({column}, '{SHARED}') = {NOW});
        """
        + simpler(table),
        reverse_sql=f"""
            DROP POLICY municipality_reads ON {table};
            DROP POLICY municipality_adds ON {table};
            DROP POLICY municipality_changes ON {table};
            DROP POLICY municipality_removes ON {table};
            ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
            ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )


def same_municipality(table: str, column: str, parent: str) -> RunSQL:
    """Return the migration step that lets `column` of `table` name only rows of `parent` that
    belong to the same municipality as the row itself.

    A plain foreign key is checked below row-level security, so that it would accept a row of
    another municipality whose key somebody learnt.
    """
    name = f"{table}_{column}_same_municipality"
    unique = f"{parent}_key_and_municipality"
    return RunSQL(
        sql=f"""
            DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = '{unique}') THEN
                    ALTER TABLE {parent} ADD CONSTRAINT {unique} UNIQUE (id, municipality_id);
                END IF;
            END $$;
            ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({column}, municipality_id)
                REFERENCES {parent} (id, municipality_id) DEFERRABLE INITIALLY DEFERRED;
        """,  # nosec B608 # names of our own
        reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name};",
    )


# What drops the keys and indexes that say what another one says too.
SAID_TWICE = """
    SELECT
        format('ALTER TABLE %s DROP CONSTRAINT %I', plain.conrelid::regclass, plain.conname) AS less
    FROM pg_constraint plain
    JOIN pg_constraint walled ON walled.conrelid = plain.conrelid AND walled.contype = 'f'
        AND walled.confrelid = plain.confrelid AND walled.conkey[1] = plain.conkey[1]
    JOIN pg_attribute town ON town.attrelid = walled.conrelid AND town.attnum = walled.conkey[2]
    WHERE plain.contype = 'f' AND cardinality(plain.conkey) = 1
        AND cardinality(walled.conkey) = 2 AND town.attname = 'municipality_id' AND town.attnotnull
    UNION ALL
    SELECT format('DROP INDEX %s', index.indexrelid::regclass)
    FROM pg_index index
    JOIN pg_class class ON class.oid = index.indrelid AND class.relforcerowsecurity
    JOIN pg_attribute first ON first.attrelid = index.indrelid AND first.attnum = index.indkey[0]
    JOIN pg_opclass kind ON kind.oid = index.indclass[0]
    WHERE index.indnatts = 1 AND NOT index.indisunique AND index.indpred IS NULL
        AND (
            kind.opcname = 'varchar_pattern_ops' AND first.attname = 'municipality_id'
            OR EXISTS (
                SELECT FROM pg_index longer
                WHERE longer.indrelid = index.indrelid AND longer.indnatts > 1
                    AND longer.indpred IS NULL AND longer.indkey[0] = index.indkey[0]
                    AND longer.indclass[0] = index.indclass[0]
            )
        )
"""


def said_once() -> RunSQL:
    """Return the migration step that drops what the wall and longer indexes made superfluous: for
    each row that is written PostgreSQL had to keep and check it.

    Django makes for each relation a foreign key and an index, for a text key two. Where the key
    with the municipality stands (`same_municipality`), the plain one says nothing more; an index
    on one column says nothing more than a longer one that begins with it; nobody asks for a part
    of a CBS code. A migration of new tables ends with this step, in a file of its own: Django
    makes keys at the end of a file (tests/journal/test_isolation.py).
    """
    return RunSQL(
        sql=f"""
            DO $$ DECLARE twice record; BEGIN
                FOR twice IN {SAID_TWICE} LOOP EXECUTE twice.less; END LOOP;
            END $$;
        """,  # nosec B608 # our own
        reverse_sql=RunSQL.noop,
    )
