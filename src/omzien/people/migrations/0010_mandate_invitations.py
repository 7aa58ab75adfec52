"""Mandates that wait for a yes, and what a legal one rests on."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from omzien.journal.isolation import protect, same_municipality


class Migration(migrations.Migration):
    """Add invitations to speak for somebody."""

    dependencies = [
        ("areas", "0003_settings"),
        ("people", "0009_mail_of_persons"),
    ]

    operations = [
        migrations.CreateModel(
            name="MandateInvitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(max_length=254)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mandate", "Mandate"),
                            ("mentor", "Mentor"),
                            ("curator", "Curator"),
                            ("administrator", "Administrator"),
                            ("parent", "Parent"),
                        ],
                        default="mandate",
                        max_length=20,
                    ),
                ),
                (
                    "what",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("look", "Look"),
                                ("talk", "Talk"),
                                ("act", "Act"),
                                ("receive", "Receive"),
                            ],
                            max_length=10,
                        ),
                        size=None,
                    ),
                ),
                (
                    "evidence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ruling", "Ruling"),
                            ("register", "Register"),
                            ("passport", "Passport"),
                        ],
                        max_length=12,
                    ),
                ),
                ("recorded_by", models.CharField(blank=True, max_length=60)),
                ("ends_on", models.DateField(null=True)),
                ("created_at", models.DateTimeField()),
                ("answer_by", models.DateField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mandate_invitations",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("resident", "email"),
                        name="one_open_invitation_per_address",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="mandate",
            name="evidence",
            field=models.CharField(
                blank=True,
                choices=[("ruling", "Ruling"), ("register", "Register"), ("passport", "Passport")],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="recorded_by",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["mandate", "administrator"]),
                    models.Q(("evidence", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_legal_mandate_has_evidence",
            ),
        ),
        protect("people_mandateinvitation"),
        same_municipality("people_mandateinvitation", "resident_id", "people_person"),
    ]
