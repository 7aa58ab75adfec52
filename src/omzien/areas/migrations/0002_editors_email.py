"""Where the editors of a municipality read mail."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the editors' address."""

    dependencies = [("areas", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="municipality",
            name="editors_email",
            field=models.EmailField(blank=True, default="", max_length=254),
            preserve_default=False,
        ),
    ]
