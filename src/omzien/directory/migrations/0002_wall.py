"""Row-level security on every municipality-owned table."""

from django.db import migrations

from omzien.journal.isolation import protect


class Migration(migrations.Migration):
    """Put the tables behind the wall."""

    dependencies = [("directory", "0001_initial")]
    operations = [
        protect("directory_provider"),
        protect("directory_place"),
        protect("directory_service"),
        protect("directory_serviceplace"),
        protect("directory_phone"),
        protect("directory_schedule"),
        protect("directory_indexversion"),
        protect("directory_searchtokens"),
        protect("directory_synonym"),
        protect("directory_questioncount"),
        protect("directory_edit"),
        protect("directory_report"),
        protect("directory_reminder"),
        protect("directory_importrun"),
    ]
