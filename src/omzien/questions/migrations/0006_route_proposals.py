"""Proposals for another route."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from omzien.journal.isolation import protect, same_municipality

SAME = (
    ("questions_routeproposal", "team_id", "people_team"),
    ("questions_routeproposal", "from_team_id", "people_team"),
)


class Migration(migrations.Migration):
    """Add the proposals."""

    dependencies = [
        ("areas", "0003_settings"),
        ("people", "0011_same_person"),
        ("questions", "0005_conversation"),
    ]

    operations = [
        migrations.CreateModel(
            name="RouteProposal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "villages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                (
                    "topics",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("why", models.CharField(max_length=12)),
                ("proposed_by", models.CharField(max_length=60)),
                ("proposed_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("taken", "Taken"),
                            ("refused", "Refused"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("why_not", models.CharField(blank=True, max_length=12)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "from_team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.team",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.team",
                    ),
                ),
            ],
            options={
                "ordering": ["-proposed_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("municipality", "team", "villages", "topics"),
                        name="one_waiting_proposal_per_route",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("state", "waiting")),
                            models.Q(
                                ("answered_at__isnull", False),
                                models.Q(("state", "waiting"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="an_answered_proposal_has_its_moment",
                    ),
                ],
            },
        ),
        protect("questions_routeproposal"),
        *(same_municipality(*ours) for ours in SAME),
    ]
