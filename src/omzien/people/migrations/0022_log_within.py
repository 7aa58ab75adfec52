"""A line within somebody else's transaction: what fails is said, and what went before it stays.

A savepoint of the caller's did the same for a round trip more.
"""

from django.db import migrations

LOG_WITHIN = """
CREATE FUNCTION log_access_within(access jsonb, processing jsonb) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM log_access(access, processing);
    RETURN NULL;
EXCEPTION WHEN query_canceled OR OTHERS THEN
    RETURN SQLSTATE;
END $$;
"""


class Migration(migrations.Migration):
    """One function of the database, with the rights of who asks."""

    dependencies = [("people", "0021_left14_one_person")]

    operations = [migrations.RunSQL(LOG_WITHIN, "DROP FUNCTION log_access_within")]
