"""Tries to reach somebody, saved filters, and the orders in which an inbox is read."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from omzien.journal.isolation import protect, same_municipality


class Migration(migrations.Migration):
    """ContactAttempt and SavedFilter, both behind the wall, and four partial indexes."""

    dependencies = [
        ("areas", "0003_settings"),
        ("people", "0005_signing_in"),
        ("questions", "0003_signals"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactAttempt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("phone", "phone"),
                            ("mail", "mail"),
                            ("visit", "visit"),
                            ("letter", "letter"),
                        ],
                        max_length=10,
                    ),
                ),
                ("day", models.DateField()),
                ("reached", models.BooleanField()),
                ("made_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact_attempts",
                        to="questions.question",
                    ),
                ),
            ],
            options={
                "ordering": ["day", "made_at"],
                "indexes": [
                    models.Index(fields=["question", "day"], name="questions_c_questio_a03396_idx")
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("wanted", models.JSONField(default=dict)),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_filters",
                        to="people.membership",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("membership", "name"), name="one_filter_per_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="a_filter_has_a_name"
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(
                condition=models.Q(
                    ("holder", None), ("state__in", ["clarifying", "new", "running"])
                ),
                fields=["team", "due_on", "id"],
                name="inbox_of_a_desk",
            ),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(
                condition=models.Q(
                    ("is_acute", True), ("state__in", ["clarifying", "new", "running"])
                ),
                fields=["team", "due_on", "id"],
                name="inbox_acute",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("done_at", None)),
                fields=["holder", "due_on", "id"],
                name="tasks_of_a_person",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("done_at", None), ("holder", None)),
                fields=["team", "kind", "due_on", "id"],
                name="tasks_of_a_desk",
            ),
        ),
        protect("questions_contactattempt"),
        protect("questions_savedfilter"),
        same_municipality("questions_contactattempt", "question_id", "questions_question"),
        same_municipality("questions_contactattempt", "by_id", "people_membership"),
        same_municipality("questions_savedfilter", "membership_id", "people_membership"),
    ]
