"""The two logs of people/logs: tables, wall, hash chain, and the one function that writes.

The chain is the database's own: no code path of ours can write a line outside it.
"""

from django.db import migrations, models

from omzien.journal.isolation import protect

# The text whose sha256 is a line's hash, one value per line of text, in this order. Times are
# microseconds since 1970. `people/logs/chain.py` computes the same from outside.
ACCESS_TEXT = """
    line.previous, line.municipality, line.number::text, micros(line.at), line.action,
    line.object_kind, line.object_id, line.result, line.channel, line.address_hash, line.actor,
    line.role, line.organisation, line.purpose, line.on_behalf_of::text, line.about::text,
    line.operation_id
"""
PROCESSING_TEXT = """
    line.previous, line.municipality, line.number::text, line.trace_id, line.operation_id,
    line.parent_operation_id, line.foreign_trace_id, line.foreign_operation_id,
    line.foreign_entity, line.status_code::text, line.name, micros(line.start_time),
    micros(line.end_time), line.resource, line.processing_activity, line.data_subject_id,
    line.access_operation_id
"""

CHAIN = """
-- Stable, as what they call is: PostgreSQL then puts them into the expression that calls them.
CREATE FUNCTION log_micros(moment timestamptz) RETURNS text STABLE
LANGUAGE sql AS $$ SELECT (extract(epoch FROM moment) * 1000000)::bigint::text $$;

-- "~" stands for nothing: no value can be "~".
CREATE FUNCTION log_hash(VARIADIC parts text[]) RETURNS text STABLE
LANGUAGE sql AS $$
    SELECT encode(sha256(convert_to(array_to_string(parts, E'\\n', '~'), 'UTF8')), 'hex')
$$;

-- The place of the next line. Who writes the same log of the same municipality waits here
-- until the writer before has committed: two lines can never have the same predecessor.
CREATE FUNCTION log_place(which text, whose text, OUT number bigint, OUT previous text)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('omzien ' || which), hashtext(whose));
    SELECT head.number + 1, head.hash INTO number, previous
        FROM people_loghead head WHERE head.municipality = whose AND head.log = which;
    IF NOT FOUND THEN
        number := 1;
        previous := repeat('0', 64);
    END IF;
END $$;

CREATE FUNCTION log_move_head(which text, whose text, new_number bigint, new_hash text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO people_loghead (municipality, log, number, hash)
        VALUES (whose, which, new_number, new_hash)
    ON CONFLICT (municipality, log) DO UPDATE SET number = new_number, hash = new_hash;
END $$;

CREATE FUNCTION log_chain_access() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE line people_accessline;
BEGIN
    SELECT * INTO NEW.number, NEW.previous FROM log_place('access', NEW.municipality);
    NEW.at := clock_timestamp();
    line := NEW;
    NEW.hash := log_hash({access});
    PERFORM log_move_head('access', NEW.municipality, NEW.number, NEW.hash);
    RETURN NEW;
END $$;
CREATE TRIGGER chain BEFORE INSERT ON people_accessline
    FOR EACH ROW EXECUTE FUNCTION log_chain_access();

CREATE FUNCTION log_chain_processing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE line people_processingline;
BEGIN
    SELECT * INTO NEW.number, NEW.previous FROM log_place('processing', NEW.municipality);
    line := NEW;
    NEW.hash := log_hash({processing});
    PERFORM log_move_head('processing', NEW.municipality, NEW.number, NEW.hash);
    RETURN NEW;
END $$;
CREATE TRIGGER chain BEFORE INSERT ON people_processingline
    FOR EACH ROW EXECUTE FUNCTION log_chain_processing();
"""

APPEND_ONLY = """
CREATE FUNCTION log_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the logs are append-only'; END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON people_accessline
    FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON people_processingline
    FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_change();

-- A head moves by the insert of a line (a trigger inside a trigger), never by hand.
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON people_loghead
    FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_change();
CREATE TRIGGER only_by_a_line BEFORE INSERT OR UPDATE ON people_loghead
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION log_refuse_change();
"""

# One round trip writes an access line and its processing lines. It works for the municipality
# of the line and puts the caller's back. Who waits longer than two seconds gets an error, and
# then reads nothing.
LOG_ACCESS = """
CREATE FUNCTION log_access(access jsonb, processing jsonb) RETURNS void
LANGUAGE plpgsql SET lock_timeout TO '2s' AS $$
DECLARE callers text := coalesce(current_setting('omzien.municipality', true), '');
BEGIN
    PERFORM set_config('omzien.municipality', access->>'municipality', true);
    INSERT INTO people_accessline (
        municipality, action, object_kind, object_id, result, channel, address_hash, actor, role,
        organisation, purpose, on_behalf_of, about, operation_id
    ) SELECT
        municipality, action, object_kind, object_id, result, channel, address_hash, actor, role,
        organisation, purpose, on_behalf_of, about, operation_id
    FROM jsonb_populate_record(NULL::people_accessline, access);
    INSERT INTO people_processingline (
        municipality, trace_id, operation_id, parent_operation_id, foreign_trace_id,
        foreign_operation_id, foreign_entity, status_code, name, start_time, end_time, resource,
        processing_activity, data_subject_id, access_operation_id
    ) SELECT
        access->>'municipality', trace_id, operation_id, parent_operation_id, foreign_trace_id,
        foreign_operation_id, foreign_entity, status_code, name, start_time, end_time, resource,
        processing_activity, data_subject_id, access->>'operation_id'
    FROM jsonb_populate_recordset(NULL::people_processingline, processing);
    PERFORM set_config('omzien.municipality', callers, true);
END $$;
"""

UNDO = """
DROP FUNCTION log_access;
DROP TRIGGER only_by_a_line ON people_loghead;
DROP TRIGGER append_only ON people_loghead;
DROP TRIGGER append_only ON people_processingline;
DROP TRIGGER append_only ON people_accessline;
DROP TRIGGER chain ON people_processingline;
DROP TRIGGER chain ON people_accessline;
DROP FUNCTION log_refuse_change, log_chain_processing, log_chain_access, log_move_head, log_place,
    log_hash, log_micros;
"""


def _in_sql(template: str) -> str:
    """Put the two texts into the triggers."""
    texts = {"access": ACCESS_TEXT, "processing": PROCESSING_TEXT}
    return template.format(**{k: v.replace("micros(", "log_micros(") for k, v in texts.items()})


class Migration(migrations.Migration):
    """Make the logs."""

    dependencies = [
        ("people", "0002_persons_and_roles"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("municipality", models.CharField(max_length=6)),
                ("number", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("action", models.CharField(max_length=12)),
                ("object_kind", models.CharField(max_length=40)),
                ("object_id", models.CharField(blank=True, max_length=36)),
                ("result", models.CharField(max_length=12)),
                ("channel", models.CharField(max_length=8)),
                ("address_hash", models.CharField(blank=True, max_length=24)),
                ("actor", models.CharField(max_length=36)),
                ("role", models.CharField(max_length=40)),
                ("organisation", models.CharField(blank=True, max_length=36)),
                ("purpose", models.CharField(max_length=40)),
                ("on_behalf_of", models.UUIDField(null=True)),
                ("about", models.UUIDField(null=True)),
                ("operation_id", models.CharField(max_length=16)),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("about__isnull", False)),
                        fields=["about", "at"],
                        name="access_about",
                    ),
                    models.Index(fields=["operation_id"], name="access_operation"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "number"), name="access_line_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("action__regex", "^[a-z][a-z0-9_.-]*$"),
                            ("actor__regex", "^([0-9a-f][0-9a-f-]{35}|visitor|system)$"),
                            ("address_hash__regex", "^([0-9a-f]{24})?$"),
                            ("object_id__regex", "^([0-9a-f][0-9a-f-]*)?$"),
                            ("object_kind__regex", "^[a-z][a-z0-9_.-]*$"),
                            ("operation_id__regex", "^[0-9a-f]{16}$"),
                            ("organisation__regex", "^([0-9a-f][0-9a-f-]*)?$"),
                            ("purpose__regex", "^[a-z][a-z0-9_.-]*$"),
                            ("role__regex", "^[a-z][a-z0-9_.-]*$"),
                        ),
                        name="access_line_holds_codes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LogHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("municipality", models.CharField(max_length=6)),
                ("log", models.CharField(max_length=12)),
                ("number", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "log"), name="one_head_per_log")
                ],
            },
        ),
        migrations.CreateModel(
            name="ProcessingLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("municipality", models.CharField(max_length=6)),
                ("number", models.BigIntegerField()),
                ("trace_id", models.CharField(max_length=32)),
                ("operation_id", models.CharField(max_length=16)),
                ("parent_operation_id", models.CharField(max_length=16, null=True)),
                ("foreign_trace_id", models.CharField(max_length=32, null=True)),
                ("foreign_operation_id", models.CharField(max_length=16, null=True)),
                ("foreign_entity", models.CharField(max_length=200, null=True)),
                ("status_code", models.SmallIntegerField()),
                ("name", models.CharField(max_length=60)),
                ("start_time", models.DateTimeField()),
                ("end_time", models.DateTimeField()),
                ("resource", models.CharField(max_length=40)),
                ("processing_activity", models.CharField(max_length=40)),
                ("data_subject_id", models.CharField(max_length=64, null=True)),
                ("access_operation_id", models.CharField(max_length=16)),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("data_subject_id__isnull", False)),
                        fields=["data_subject_id"],
                        name="processing_subject",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "number"), name="processing_line_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("access_operation_id__regex", "^[0-9a-f]{16}$"),
                            ("name__regex", "^[a-z][a-z0-9_.-]*$"),
                            ("operation_id__regex", "^[0-9a-f]{16}$"),
                            ("processing_activity__regex", "^[a-z][a-z0-9_.-]*$"),
                            ("resource__regex", "^[a-z]+@[0-9a-z.+-]+$"),
                            ("status_code__in", (0, 1, 2)),
                            ("trace_id__regex", "^[0-9a-f]{32}$"),
                            models.Q(
                                ("data_subject_id", None),
                                ("data_subject_id__regex", "^[0-9a-f]{64}$"),
                                _connector="OR",
                            ),
                            models.Q(
                                ("parent_operation_id", None),
                                ("parent_operation_id__regex", "^[0-9a-f]{16}$"),
                                _connector="OR",
                            ),
                            models.Q(
                                ("foreign_trace_id", None),
                                ("foreign_trace_id__regex", "^[0-9a-f]{32}$"),
                                _connector="OR",
                            ),
                            models.Q(
                                ("foreign_operation_id", None),
                                ("foreign_operation_id__regex", "^[0-9a-f]{16}$"),
                                _connector="OR",
                            ),
                            models.Q(
                                ("foreign_entity", None),
                                ("foreign_entity__regex", "^[a-z]+:[!-?A-~]+$"),
                                _connector="OR",
                            ),
                        ),
                        name="processing_line_holds_codes",
                    ),
                ],
            },
        ),
        protect("people_accessline", "municipality"),
        protect("people_processingline", "municipality"),
        protect("people_loghead", "municipality"),
        migrations.RunSQL(_in_sql(CHAIN) + APPEND_ONLY + LOG_ACCESS, UNDO),
    ]
