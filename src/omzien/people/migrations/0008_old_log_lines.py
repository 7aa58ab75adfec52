"""Log lines go after five years: from the front, and the head of the log keeps where it begins.

Only what is older than the term can be removed, and only from the front without a gap: the
database holds to that itself. The rest of the chain stays whole, because its first line follows
on the hash that the head keeps.
"""

from django.db import migrations, models

OVER = """
-- Calendar years: a line of 29 February 2024 may go on 1 March 2029 (people/rules/retention.py).
CREATE FUNCTION log_is_over(moment timestamptz) RETURNS boolean STABLE
LANGUAGE sql AS $$
    SELECT ((moment AT TIME ZONE 'Europe/Amsterdam')::date + interval '5 years')::date
        < (now() AT TIME ZONE 'Europe/Amsterdam')::date
$$;

-- Whoever removes says that it is the clock that does so, even where there is nothing to remove.
CREATE FUNCTION log_only_by_the_clock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('omzien.destroying', true), '') <> 'on' THEN
        RAISE EXCEPTION 'the logs are append-only';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION log_only_what_is_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT log_is_over(CASE TG_ARGV[0] WHEN 'access' THEN (to_jsonb(OLD)->>'at')::timestamptz
                       ELSE (to_jsonb(OLD)->>'start_time')::timestamptz END) THEN
        RAISE EXCEPTION 'the logs are append-only: a line stays for five years';
    END IF;
    RETURN OLD;
END $$;

CREATE FUNCTION log_only_from_the_front() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE gone record;
BEGIN
    FOR gone IN
        SELECT municipality, min(number) AS first, max(number) AS last, count(*) AS lines,
            (array_agg(hash ORDER BY number DESC))[1] AS hash
        FROM old_lines GROUP BY municipality
    LOOP
        UPDATE people_loghead SET start_number = gone.last, start_hash = gone.hash
            WHERE municipality = gone.municipality AND log = TG_ARGV[0]
            AND start_number = gone.first - 1 AND gone.lines = gone.last - gone.first + 1;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the logs are append-only: lines go from the front, without a gap';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
"""
LOG = """
DROP TRIGGER append_only ON {table};
CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_change();
CREATE TRIGGER only_by_the_clock BEFORE DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION log_only_by_the_clock();
CREATE TRIGGER only_what_is_over BEFORE DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION log_only_what_is_over('{log}');
CREATE TRIGGER only_from_the_front AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS old_lines
    FOR EACH STATEMENT EXECUTE FUNCTION log_only_from_the_front('{log}');
"""
TABLES = {"access": "people_accessline", "processing": "people_processingline"}


class Migration(migrations.Migration):
    """Let what is over go, and nothing else."""

    dependencies = [("people", "0007_cheaper_logs")]

    operations = [
        migrations.AddField(
            model_name="loghead",
            name="start_number",
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name="loghead",
            name="start_hash",
            field=models.CharField(max_length=64, db_default="0" * 64),
        ),
        migrations.RunSQL(
            OVER + "".join(LOG.format(log=log, table=table) for log, table in TABLES.items())
        ),
    ]
