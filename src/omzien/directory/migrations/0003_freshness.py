"""Rounds of reminders, outcomes of reports, and one waiting edit per entry."""

from datetime import date

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Links are signed, so a reminder no longer keeps a token."""

    dependencies = [("areas", "0002_editors_email"), ("directory", "0002_wall")]
    operations = [
        migrations.AlterModelOptions(name="reminder", options={"ordering": ["due_on", "step"]}),
        migrations.RemoveConstraint(model_name="reminder", name="one_reminder_per_step"),
        migrations.RemoveField(model_name="reminder", name="token"),
        migrations.AddField(
            model_name="reminder",
            name="due_on",
            field=models.DateField(default=date(2026, 1, 1)),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                fields=("service", "due_on", "step"), name="one_reminder_per_step"
            ),
        ),
        migrations.AlterField(
            model_name="edit",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("approved", "Approved"),
                    ("rejected", "Rejected"),
                    ("replaced", "Replaced"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="edit",
            constraint=models.UniqueConstraint(
                condition=Q(state="waiting"), fields=("service",), name="one_waiting_edit"
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("changed", "Changed"),
                    ("correct", "Correct"),
                    ("removed", "Removed"),
                    ("passed-on", "Passed On"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=Q(closed_at=None, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="closed_report_has_an_outcome",
            ),
        ),
    ]
