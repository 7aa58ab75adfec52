"""Places of one village stand by their name."""

from django.db import migrations


class Migration(migrations.Migration):
    """The order alone: no table changes."""

    dependencies = [
        ("directory", "0009_whole_order"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="place",
            options={"ordering": ["town", "street", "name", "pk"]},
        ),
    ]
