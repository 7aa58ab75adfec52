"""The same chain for half the price: one statement takes a line's place, hashes it, moves the head.

It was five (a lock, reading the head, two functions, writing the head). The row of the head is
now the lock: who waits for it goes on from what the writer before left, so that two lines still
never have the same predecessor. The hash of a line stays what it was (migration 0003).
"""

from importlib import import_module

from django.db import migrations, models

first = import_module("omzien.people.migrations.0003_logs")

CHAIN = """
CREATE OR REPLACE FUNCTION log_chain_{log}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {before}
    LOOP
        UPDATE people_loghead AS head
            SET number = head.number + 1, previous = head.hash, hash = log_hash({text})
            WHERE head.municipality = NEW.municipality AND head.log = '{log}'
            RETURNING head.number, head.previous, head.hash
            INTO NEW.number, NEW.previous, NEW.hash;
        EXIT WHEN FOUND;
        INSERT INTO people_loghead (municipality, log, number, previous, hash)
            VALUES (NEW.municipality, '{log}', 0, '', repeat('0', 64))
            ON CONFLICT DO NOTHING;
    END LOOP;
    RETURN NEW;
END $$;
"""

# Assignments where there were SELECTs: PostgreSQL then starts no query for them.
LOG_ACCESS = (
    first.LOG_ACCESS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    .replace("DECLARE callers", "DECLARE done text; callers")
    .replace("PERFORM set_config", "done := set_config")
)


def _chain(log: str, text: str, before: str = "") -> str:
    """Put the text of a line into its trigger; its first three values come from the head."""
    text = text.replace("micros(", "log_micros(").replace("line.", "NEW.")
    for value, now in {
        "NEW.previous,": "head.hash,",
        "NEW.municipality,": "head.municipality,",
        "NEW.number::text": "(head.number + 1)::text",
    }.items():
        text = text.replace(value, now)
    return CHAIN.format(log=log, text=text, before=before)


class Migration(migrations.Migration):
    """Write the two triggers and the writing function anew."""

    dependencies = [("people", "0006_simpler_policies")]

    operations = [
        migrations.AddField(
            model_name="loghead",
            name="previous",
            field=models.CharField(max_length=64, default="", blank=True),
        ),
        migrations.RunSQL(
            _chain("access", first.ACCESS_TEXT, "NEW.at := clock_timestamp();")
            + _chain("processing", first.PROCESSING_TEXT)
            + LOG_ACCESS
            + "DROP FUNCTION log_move_head, log_place;",
        ),
    ]
