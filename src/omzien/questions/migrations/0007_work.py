"""More kinds of tasks: the state of Django only."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Name the kinds; nothing changes in the database."""

    dependencies = [("questions", "0006_route_proposals")]

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
                ],
                default="own",
                max_length=12,
            ),
        ),
    ]
