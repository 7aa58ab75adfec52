"""The day of the next step, beside the day on which the owner must do something."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """What is asked in between moves the clock, and not the day that the resident was told."""

    dependencies = [("questions", "0008_close")]

    operations = [
        migrations.AddField(
            model_name="question", name="next_on", field=models.DateField(null=True)
        ),
    ]
