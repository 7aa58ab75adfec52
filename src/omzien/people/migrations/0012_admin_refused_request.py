"""A request to be erased may be refused, with a reason."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Add the state and its reason."""

    dependencies = [("people", "0011_same_person")]
    operations = [
        migrations.AddField(
            "batch", "refused_because", models.CharField(blank=True, default="", max_length=20),
            preserve_default=False,
        ),
        migrations.AlterField(
            "batch",
            "state",
            models.CharField(
                choices=[
                    ("proposed", "Proposed"), ("approved", "Approved"), ("done", "Done"),
                    ("refused", "Refused"),
                ],
                default="proposed",
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint("batch", "nothing_runs_without_approval"),
        migrations.AddConstraint(
            "batch",
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "refused"]) | Q(approved_at__isnull=False),
                name="nothing_runs_without_approval",
            ),
        ),
        migrations.AddConstraint(
            "batch",
            models.CheckConstraint(
                condition=Q(state="refused", kind="request") ^ Q(refused_because=""),
                name="who_refuses_a_request_says_why",
            ),
        ),
    ]  # fmt: skip
