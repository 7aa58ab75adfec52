"""What a municipality chose itself: a counter by which others notice, and whose villages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the version of the settings, and who keeps the villages."""

    dependencies = [("areas", "0002_editors_email")]
    operations = [
        migrations.AddField(
            model_name="municipality",
            name="settings_version",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="municipality",
            name="keeps_villages",
            field=models.BooleanField(default=False),
        ),
    ]
