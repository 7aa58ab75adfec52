"""Of a ground by law it is written down later that the resident was told."""

from django.db import migrations, models

WHAT = ("asked", "given", "refused", "withdrawn", "expired", "replaced", "told")


class Migration(migrations.Migration):
    """Know one event more."""

    dependencies = [
        ("people", "0017_msg6_notices"),
    ]

    operations = [
        migrations.AlterField(
            model_name="groundevent",
            name="what",
            field=models.CharField(choices=[(one, one) for one in WHAT], max_length=10),
        ),
    ]
