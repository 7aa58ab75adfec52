"""Row-level security on every municipality-owned table."""

from django.db import migrations

from omzien.journal.isolation import protect


class Migration(migrations.Migration):
    """Put the tables behind the wall."""

    dependencies = [("journal", "0001_initial")]
    operations = [
        protect("journal_fact", "municipality"),
        migrations.RunSQL(
            sql="""
                CREATE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$;
                CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_fact
                    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
            """,
            reverse_sql="""
                DROP TRIGGER append_only ON journal_fact;
                DROP FUNCTION journal_refuse_change();
            """,
        ),
    ]
