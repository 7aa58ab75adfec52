"""A proposal for a route can be withdrawn, and has advice of who oversees privacy."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the advice; the state that is new is known to Django only."""

    dependencies = [("questions", "0010_asking3_told")]
    operations = [
        migrations.AddField(
            "routeproposal", "advice", models.CharField(max_length=12, blank=True, default="")
        ),
        migrations.AlterField(
            "routeproposal",
            "state",
            models.CharField(
                max_length=10,
                choices=[
                    ("waiting", "Waiting"),
                    ("taken", "Taken"),
                    ("refused", "Refused"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="waiting",
            ),
        ),
    ]
