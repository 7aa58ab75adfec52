"""Who is close to somebody, as one function: the planner knows that these are few.

Written out in each gate the five sets were costed anew for each row, with guesses of thousands of
persons, and a gate was read as if it had to look at every question.
"""

from django.db import migrations

CREATE = """
    CREATE FUNCTION people_close_to(me uuid) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE ROWS 5 COST 1 AS $$
    BEGIN
        RETURN QUERY
        WITH names AS (
            SELECT me AS key
            UNION
            SELECT other.id FROM people_person own
            JOIN people_person other ON other.account_id = own.account_id
            WHERE own.id = me
        )
        SELECT key FROM names
        UNION
        SELECT resident_id FROM people_mandate JOIN names ON proxy_id = key
        WHERE revoked_at IS NULL
        UNION
        SELECT proxy_id FROM people_mandate JOIN names ON resident_id = key
        WHERE revoked_at IS NULL
        UNION
        SELECT other_id FROM people_sameperson JOIN names ON person_id = key
        WHERE undone_at IS NULL;
    END $$
"""


class Migration(migrations.Migration):
    """One function of the database, with the rights of who asks: the wall holds in it too."""

    dependencies = [
        ("people", "0019_whole_order"),
    ]

    operations = [
        migrations.RunSQL(CREATE, "DROP FUNCTION people_close_to(uuid)"),
    ]
