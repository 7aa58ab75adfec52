"""A task may end undone with its question, and a discussion may be off."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Tell a task that was done from one that ended with its question."""

    dependencies = [("questions", "0007_work")]

    operations = [
        migrations.AddField(
            model_name="task",
            name="is_dropped",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=Q(is_dropped=False) | Q(done_at__isnull=False),
                name="a_dropped_task_is_open_no_more",
            ),
        ),
        migrations.AddField(
            model_name="discussion",
            name="cancelled_at",
            field=models.DateTimeField(null=True),
        ),
    ]
