"""Whether there is room, as who keeps an entry says it."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import omzien.directory.rules
from omzien.journal.isolation import protect, same_municipality


class Migration(migrations.Migration):
    """Add it, behind the wall."""

    dependencies = [
        ("areas", "0003_settings"),
        ("directory", "0005_provider_organisation"),
    ]

    operations = [
        migrations.CreateModel(
            name="Capacity",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "value",
                    models.CharField(
                        choices=[
                            (
                                omzien.directory.rules.Capacity["YES"],
                                omzien.directory.rules.Capacity["YES"],
                            ),
                            (
                                omzien.directory.rules.Capacity["WAITING_LIST"],
                                omzien.directory.rules.Capacity["WAITING_LIST"],
                            ),
                            (
                                omzien.directory.rules.Capacity["ASK_FIRST"],
                                omzien.directory.rules.Capacity["ASK_FIRST"],
                            ),
                            (
                                omzien.directory.rules.Capacity["NO"],
                                omzien.directory.rules.Capacity["NO"],
                            ),
                            (
                                omzien.directory.rules.Capacity["UNKNOWN"],
                                omzien.directory.rules.Capacity["UNKNOWN"],
                            ),
                        ],
                        max_length=12,
                    ),
                ),
                ("explanation", models.CharField(blank=True, max_length=200)),
                ("as_of", models.DateField()),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
                (
                    "service",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="room",
                        to="directory.service",
                    ),
                ),
            ],
        ),
        protect("directory_capacity"),
        same_municipality("directory_capacity", "service_id", "directory_service"),
    ]
