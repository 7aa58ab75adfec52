"""One comparison per policy where every row is some municipality's (journal/isolation.py).

The older form compared twice and asked for rows of nobody too. Both show the same rows.
"""

from django.db import migrations

from omzien.journal.isolation import simpler


class Migration(migrations.Migration):
    """Write the policies of all walls anew; a table that gets its wall later stays as it is."""

    dependencies = [
        ("people", "0005_signing_in"),
        ("agenda", "0002_wall"),
        ("directory", "0004_import_file"),
        ("journal", "0002_wall"),
        ("omzien_messages", "0002_wall"),
    ]

    operations = [migrations.RunSQL(simpler(), migrations.RunSQL.noop)]
