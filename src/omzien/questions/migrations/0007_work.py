"""An index for what nobody of a team opened yet, and more kinds of tasks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the index; the kinds change nothing in the database."""

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
                    ("reopened", "Reopened"),
                    ("given", "Given"),
                ],
                default="own",
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                condition=models.Q(("seen_at", None), models.Q(("side", "worker"), _negated=True)),
                fields=["question"],
                name="posts_to_open",
            ),
        ),
    ]
