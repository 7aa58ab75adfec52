"""Who is one person, as a function too: by one account, or as two rows that turned out to be one.

Looked at from either row, over all that hang together: who was joined with somebody and got an
account of their own later was close to that one, but not the other way round.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("omzien.people.migrations.0020_close_to")
NAMES = """
    CREATE FUNCTION people_names_of(me uuid) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE ROWS 2 COST 1 AS $$
    BEGIN
        RETURN QUERY
        WITH RECURSIVE names AS (
            SELECT me AS key
            UNION
            SELECT found.key FROM names, LATERAL (
                SELECT other.id AS key FROM people_person own
                JOIN people_person other ON other.account_id = own.account_id
                WHERE own.id = names.key
                UNION ALL
                SELECT other_id FROM people_sameperson
                WHERE person_id = names.key AND undone_at IS NULL
                UNION ALL
                SELECT person_id FROM people_sameperson
                WHERE other_id = names.key AND undone_at IS NULL
            ) found
        )
        SELECT key FROM names;
    END $$;
"""
CLOSE = """
    CREATE OR REPLACE FUNCTION people_close_to(me uuid) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE ROWS 5 COST 1 AS $$
    BEGIN
        RETURN QUERY
        WITH names AS MATERIALIZED (SELECT people_names_of(me) AS key),
        partners AS (
            SELECT resident_id AS key FROM people_mandate JOIN names ON proxy_id = names.key
            WHERE revoked_at IS NULL
            UNION
            SELECT proxy_id FROM people_mandate JOIN names ON resident_id = names.key
            WHERE revoked_at IS NULL
        )
        SELECT key FROM names
        UNION
        SELECT people_names_of(key) FROM partners;
    END $$
"""


class Migration(migrations.Migration):
    """Two functions of the database, with the rights of who asks."""

    dependencies = [
        ("people", "0020_close_to"),
    ]

    operations = [
        migrations.RunSQL(NAMES, "DROP FUNCTION people_names_of(uuid)"),
        migrations.RunSQL(CLOSE, BEFORE.CREATE.replace("CREATE FUNC", "CREATE OR REPLACE FUNC")),
    ]
