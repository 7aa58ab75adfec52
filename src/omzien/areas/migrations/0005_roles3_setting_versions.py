"""What each setting was and became: rows that are only added."""

from django.db import migrations, models

from omzien.journal.isolation import protect


class Migration(migrations.Migration):
    """Make the table, behind the wall."""

    dependencies = [("areas", "0004_admin_one_support"), ("journal", "0002_wall")]
    operations = [
        migrations.CreateModel(
            name="SettingVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("municipality", models.CharField(max_length=6)),
                ("version", models.PositiveIntegerField()),
                ("code", models.CharField(max_length=140)),
                ("old", models.JSONField(null=True)),
                ("new", models.JSONField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "version", "code"),
                        name="one_line_per_setting_and_version",
                    )
                ],
            },
        ),
        protect("areas_settingversion", "municipality"),
        migrations.RunSQL(
            sql="""
                CREATE FUNCTION areas_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'versions of settings are append-only'; END $$;
                CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE
                    ON areas_settingversion
                    FOR EACH STATEMENT EXECUTE FUNCTION areas_refuse_change();
            """,
            reverse_sql="""
                DROP TRIGGER append_only ON areas_settingversion;
                DROP FUNCTION areas_refuse_change();
            """,
        ),
    ]
