"""Of a discussion without the resident: since when they know of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two empty columns; nobody was told of what was before."""

    dependencies = [
        ("questions", "0013_desk8_who_waited_longest"),
    ]

    operations = [
        migrations.AddField(
            model_name="discussion",
            name="told_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="discussion",
            name="reminded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="discussion",
            constraint=models.CheckConstraint(
                condition=models.Q(told_at=None)
                | models.Q(question__isnull=False, resident_invited=False),
                name="who_was_not_there_is_told_later",
            ),
        ),
    ]
