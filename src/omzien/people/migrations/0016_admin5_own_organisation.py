"""The organisation that a municipality is knows which one, so that a new name breaks no role."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from omzien.kernel.text import sort_key


def tie(apps, schema_editor):
    """Give each municipality its own organisation: until now the one that had its name."""
    alias = schema_editor.connection.alias  # the owner's: the app has no rights yet
    organisations = apps.get_model("people", "Organisation").objects.using(alias)
    for one in apps.get_model("areas", "Municipality").objects.using(alias).all():
        found = organisations.filter(sort_name=sort_key(f"Gemeente {one.name}"))
        found.filter(as_municipality=None).update(
            as_municipality=one, kind="municipality", ended_at=None
        )


class Migration(migrations.Migration):
    """Add the key and fill it by name; which organisation stays follows the key."""

    dependencies = [
        ("areas", "0005_roles3_setting_versions"),
        ("people", "0015_roles3_ended_organisations"),
    ]
    operations = [
        migrations.RemoveConstraint("organisation", "a_municipality_stays"),
        migrations.AddField(
            "organisation",
            "as_municipality",
            models.OneToOneField(
                "areas.Municipality",
                django.db.models.deletion.CASCADE,
                null=True,
                related_name="as_organisation",
            ),
        ),
        migrations.RunPython(tie, migrations.RunPython.noop),
        # A key of which the check still waits keeps the table from taking a constraint.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddConstraint(
            "organisation",
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(as_municipality=None), name="a_municipality_stays"
            ),
        ),
    ]
