"""A list has one order: rows alike stand by their key."""

from django.db import migrations


class Migration(migrations.Migration):
    """The order alone: no table changes."""

    dependencies = [
        ("handovers", "0004_wait7_waiting"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="consult",
            options={"ordering": ["asked_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="handover",
            options={"ordering": ["offered_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="involvement",
            options={"ordering": ["asked_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="meeting",
            options={"ordering": ["starts_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="referral",
            options={"ordering": ["made_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="wait",
            options={"ordering": ["since", "pk"]},
        ),
    ]
