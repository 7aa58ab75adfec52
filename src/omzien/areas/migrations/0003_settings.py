"""A counter by which other processes notice that a municipality chose something else."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the version of the settings."""

    dependencies = [("areas", "0002_editors_email")]
    operations = [
        migrations.AddField(
            model_name="municipality",
            name="settings_version",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
