"""Row-level security on every municipality-owned table."""

from django.db import migrations

from omzien.journal.isolation import protect


class Migration(migrations.Migration):
    """Put the tables behind the wall."""

    dependencies = [("omzien_messages", "0001_initial")]
    operations = [
        protect("omzien_messages_message"),
    ]
