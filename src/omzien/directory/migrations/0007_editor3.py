"""What an import changed, to take it back; and a file of which only the good rows go in."""

import uuid

import django.core.serializers.json
import django.db.models.deletion
from django.db import migrations, models

import omzien.directory.rules
from omzien.journal.isolation import protect, same_municipality


class Migration(migrations.Migration):
    """What was before stands behind the wall."""

    dependencies = [
        ("areas", "0004_admin_one_support"),
        ("directory", "0006_capacity"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportBefore",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "before",
                    models.JSONField(
                        encoder=django.core.serializers.json.DjangoJSONEncoder, null=True
                    ),
                ),
                ("stamp", models.CharField(max_length=80)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="importfile",
            name="file_that_waits_has_its_content",
        ),
        migrations.RemoveConstraint(
            model_name="importfile",
            name="one_waiting_file_of_a_content",
        ),
        migrations.AddField(
            model_name="importfile",
            name="good_only",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="importfile",
            name="state",
            field=models.CharField(
                choices=[
                    ("checking", "checking"),
                    ("checked", "checked"),
                    ("partly", "partly"),
                    ("writing", "writing"),
                    ("done", "done"),
                    ("refused", "refused"),
                    ("failed", "failed"),
                    ("gone", "gone"),
                ],
                default=omzien.directory.rules.FileState["CHECKING"],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="importrun",
            name="state",
            field=models.CharField(
                choices=[
                    ("running", "Running"),
                    ("checked", "Checked"),
                    ("done", "Done"),
                    ("refused", "Refused"),
                    ("taken-back", "Taken Back"),
                ],
                default="running",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="importfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("content__isnull", False),
                    models.Q(
                        ("state__in", ["checking", "checked", "partly", "writing"]), _negated=True
                    ),
                    _connector="OR",
                ),
                name="file_that_waits_has_its_content",
            ),
        ),
        migrations.AddConstraint(
            model_name="importfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["checking", "checked", "partly", "writing"])),
                fields=("municipality", "digest"),
                name="one_waiting_file_of_a_content",
            ),
        ),
        migrations.AddField(
            model_name="importbefore",
            name="municipality",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
            ),
        ),
        migrations.AddField(
            model_name="importbefore",
            name="provider",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="directory.provider",
            ),
        ),
        migrations.AddField(
            model_name="importbefore",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="before",
                to="directory.importrun",
            ),
        ),
        migrations.AddField(
            model_name="importbefore",
            name="service",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="directory.service",
            ),
        ),
        migrations.AddConstraint(
            model_name="importbefore",
            constraint=models.UniqueConstraint(
                fields=("run", "service"), name="one_before_per_entry"
            ),
        ),
        migrations.AddConstraint(
            model_name="importbefore",
            constraint=models.UniqueConstraint(
                fields=("run", "provider"), name="one_before_per_provider"
            ),
        ),
        migrations.AddConstraint(
            model_name="importbefore",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("provider__isnull", False), ("service", None)),
                    models.Q(("provider", None), ("service__isnull", False)),
                    _connector="OR",
                ),
                name="before_is_of_one_thing",
            ),
        ),
        protect("directory_importbefore"),
        same_municipality("directory_importbefore", "run_id", "directory_importrun"),
        same_municipality("directory_importbefore", "service_id", "directory_service"),
        same_municipality("directory_importbefore", "provider_id", "directory_provider"),
    ]
