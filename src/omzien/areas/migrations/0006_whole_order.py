"""A list has one order: rows alike stand by their key."""

from django.db import migrations


class Migration(migrations.Migration):
    """The order alone: no table changes."""

    dependencies = [
        ("areas", "0005_roles3_setting_versions"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="buurt",
            options={"ordering": ["code", "pk"], "verbose_name_plural": "buurten"},
        ),
        migrations.AlterModelOptions(
            name="municipality",
            options={"ordering": ["name", "pk"], "verbose_name_plural": "municipalities"},
        ),
        migrations.AlterModelOptions(
            name="village",
            options={"ordering": ["name", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="wijk",
            options={"ordering": ["code", "pk"]},
        ),
    ]
