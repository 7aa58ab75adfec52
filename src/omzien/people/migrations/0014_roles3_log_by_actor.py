"""What one worker looked at is found without walking past all of the access log."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add an index by who did it, in the order in which the log is shown."""

    dependencies = [("people", "0013_fg_log_by_day")]
    operations = [
        migrations.AddIndex(
            "accessline", models.Index(fields=["actor", "number"], name="access_actor")
        ),
    ]
