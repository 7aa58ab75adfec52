"""The wall between municipalities: row-level security in PostgreSQL.

Each municipality-owned table has a text column that holds the municipality's CBS code.
A transaction says for which municipality it works; nothing said means no rows. Rows
without a municipality (national and regional entries, shared words) are readable by
all and writable only by a transaction that works for `SHARED`.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.migrations.operations import RunSQL

SHARED = "shared"
SETTING = "omzien.municipality"


@contextmanager
def working_for(municipality: str) -> Iterator[None]:
    """Open a transaction that sees and writes the rows of one municipality only.

    `municipality` is a CBS code such as "GM1948", or `SHARED`. Nested use puts the
    outer municipality back.
    """
    with transaction.atomic():
        outer = current()
        choose(municipality)
        try:
            yield
        finally:
            if not connection.needs_rollback:
                choose(outer)


def choose(municipality: str) -> None:
    """Set the municipality for the rest of this transaction ("" means none)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, municipality])


def current() -> str:
    """Return the municipality of this transaction, or "" when none was set."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [SETTING])
        return str(cursor.fetchone()[0])


def protect(table: str, column: str = "municipality_id") -> RunSQL:
    """Return the migration step that puts `table` behind the wall, also for its owner."""
    now = f"(SELECT nullif(current_setting('{SETTING}', true), ''))"
    return RunSQL(
        sql=f"""
            ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
            ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
            CREATE POLICY municipality_reads ON {table} FOR SELECT
                USING ({now} IS NOT NULL AND ({column} = {now} OR {column} IS NULL));
            CREATE POLICY municipality_adds ON {table} FOR INSERT
                WITH CHECK (coalesce({column}, '{SHARED}') = {now});
            CREATE POLICY municipality_changes ON {table} FOR UPDATE
                USING (coalesce({column}, '{SHARED}') = {now})
                WITH CHECK (coalesce({column}, '{SHARED}') = {now});
            CREATE POLICY municipality_removes ON {table} FOR DELETE
                USING (coalesce({column}, '{SHARED}') = {now});
        """,
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
