"""A list has one order: rows alike stand by their key."""

from django.db import migrations


class Migration(migrations.Migration):
    """The order alone: no table changes."""

    dependencies = [
        ("mediation", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="case",
            options={"ordering": ["received_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="party",
            options={"ordering": ["side", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="seat",
            options={"ordering": ["case", "number", "asked_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="talk",
            options={"ordering": ["starts_at", "pk"]},
        ),
    ]
