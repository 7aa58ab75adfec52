"""The access log is found by day without walking past all of it."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):
    """Add an index of ranges of pages: the log is written in the order of time."""

    dependencies = [("people", "0012_admin_refused_request")]
    operations = [
        migrations.AddIndex(
            "accessline",
            BrinIndex(fields=["at"], name="access_at", autosummarize=True, pages_per_range=16),
        ),
    ]
