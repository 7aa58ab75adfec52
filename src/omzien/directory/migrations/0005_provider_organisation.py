"""Entries belong to an organisation, whose editors keep them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the organisation of a provider."""

    dependencies = [
        ("directory", "0004_import_file"),
        ("people", "0002_persons_and_roles"),
    ]

    operations = [
        migrations.AddField(
            model_name="provider",
            name="organisation",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, to="people.organisation"
            ),
        ),
    ]
