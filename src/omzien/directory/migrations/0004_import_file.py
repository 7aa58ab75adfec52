"""Uploaded files between their trial and the site, and every question counted."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from omzien.journal.isolation import protect


class Migration(migrations.Migration):
    """The file itself stands behind the wall too."""

    dependencies = [
        ("areas", "0002_editors_email"),
        ("directory", "0003_freshness"),
    ]

    operations = [
        migrations.AlterField(
            model_name="questioncount",
            name="kind",
            field=models.CharField(
                choices=[("asked", "Asked"), ("nothing", "Nothing"), ("weak", "Weak")],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("ending", models.CharField(max_length=8)),
                ("digest", models.CharField(max_length=64)),
                ("content", models.BinaryField(null=True)),
                ("faults", models.BinaryField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checking", "checking"),
                            ("checked", "checked"),
                            ("writing", "writing"),
                            ("done", "done"),
                            ("refused", "refused"),
                            ("failed", "failed"),
                            ("gone", "gone"),
                        ],
                        default="checking",
                        max_length=10,
                    ),
                ),
                ("step", models.CharField(blank=True, max_length=10)),
                ("rows_done", models.PositiveIntegerField(default=0)),
                ("rows_total", models.PositiveIntegerField(default=0)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("language", models.CharField(default="nl", max_length=5)),
                ("asked_by", models.CharField(max_length=60)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="directory.importrun",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("content__isnull", False),
                            models.Q(
                                ("state__in", ["checking", "checked", "writing"]), _negated=True
                            ),
                            _connector="OR",
                        ),
                        name="file_that_waits_has_its_content",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["checking", "checked", "writing"])),
                        fields=("municipality", "digest"),
                        name="one_waiting_file_of_a_content",
                    ),
                ],
            },
        ),
        protect("directory_importfile"),
    ]
