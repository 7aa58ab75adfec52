"""A mail knows which of the registry it is, so that who turned notices off is left alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the code."""

    dependencies = [
        ("omzien_messages", "0004_dropped"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="code",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
    ]
