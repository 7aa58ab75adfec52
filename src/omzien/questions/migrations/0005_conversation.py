"""The conversation of a question: posts, files, notes, and standard texts."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from omzien.journal.isolation import protect, same_municipality

OWNED = ("post", "attachment", "note", "standardtext")
SAME = (
    ("questions_post", "question_id", "questions_question"),
    ("questions_attachment", "question_id", "questions_question"),
    ("questions_attachment", "post_id", "questions_post"),
    ("questions_note", "question_id", "questions_question"),
    ("questions_note", "team_id", "people_team"),
    ("questions_standardtext", "team_id", "people_team"),
)


class Migration(migrations.Migration):
    """Add the conversation."""

    dependencies = [
        ("areas", "0003_settings"),
        ("people", "0010_mandate_invitations"),
        ("questions", "0004_working"),
    ]

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
                ],
                default="own",
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4)),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("resident", "Resident"),
                            ("worker", "Worker"),
                            ("asker", "Asker"),
                        ],
                        max_length=10,
                    ),
                ),
                ("author", models.CharField(max_length=60)),
                ("text", models.TextField(max_length=20000)),
                ("at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(null=True)),
                ("answer_by", models.DateField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("silent_at", models.DateTimeField(null=True)),
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
                        related_name="posts",
                        to="questions.question",
                    ),
                ),
            ],
            options={
                "ordering": ["at"],
                "indexes": [
                    models.Index(fields=["question", "at"], name="questions_p_questio_16ac65_idx"),
                    models.Index(
                        condition=models.Q(
                            ("answer_by__isnull", False), ("answered_at", None), ("silent_at", None)
                        ),
                        fields=["municipality", "answer_by"],
                        name="posts_that_wait",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("question", "key"), name="said_once"),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="a_post_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer_by", None), ("side", "worker"), _connector="OR"
                        ),
                        name="only_a_worker_waits_for_an_answer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StandardText",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=80)),
                ("body", models.TextField(max_length=5000)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.team",
                    ),
                ),
            ],
            options={
                "ordering": ["title"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "team", "title"),
                        name="one_standard_text_per_title",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4)),
                (
                    "kind",
                    models.CharField(choices=[("team", "Team"), ("own", "Own")], max_length=5),
                ),
                ("author", models.CharField(max_length=60)),
                ("text", models.TextField(max_length=5000)),
                ("at", models.DateTimeField()),
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
                        related_name="notes",
                        to="questions.question",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.team",
                    ),
                ),
            ],
            options={
                "ordering": ["at"],
                "indexes": [
                    models.Index(
                        fields=["question", "kind", "at"], name="questions_n_questio_14ff0c_idx"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("question", "key"), name="noted_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "own"), ("team", None)),
                            models.Q(("kind", "team"), ("team__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_note_is_of_a_team_or_of_the_resident",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=120)),
                ("content_type", models.CharField(max_length=40)),
                ("size", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
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
                        related_name="attachments",
                        to="questions.question",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="questions.post",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("question", "number"), name="one_file_per_number"
                    )
                ],
            },
        ),
        *(protect(f"questions_{table}") for table in OWNED),
        *(same_municipality(*ours) for ours in SAME),
    ]
