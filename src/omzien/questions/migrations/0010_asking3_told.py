"""One more kind of task: the state of Django only."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Name the kind; nothing changes in the database."""

    dependencies = [("questions", "0009_desk_day_of_the_step")]

    operations = [
        migrations.AlterField(
            model_name="task",
            name="kind",
            field=models.CharField(
                choices=[
                    ("own", "Own"),
                    ("next-step", "Next Step"),
                    ("silent", "Silent"),
                    ("coordinator", "Coordinator"),
                    ("allowed", "Allowed"),
                    ("refused", "Refused"),
                    ("reopened", "Reopened"),
                    ("given", "Given"),
                    ("message", "Message"),
                    ("told", "Told"),
                ],
                default="own",
                max_length=12,
            ),
        ),
    ]
