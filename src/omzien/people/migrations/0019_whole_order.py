"""A list has one order: rows alike stand by their key."""

from django.db import migrations


class Migration(migrations.Migration):
    """The order alone: no table changes."""

    dependencies = [
        ("people", "0018_priv7_told"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="absence",
            options={"ordering": ["first_on", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="accessreview",
            options={"ordering": ["-opened_on", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="batch",
            options={"ordering": ["-proposed_on", "kind", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="batchline",
            options={"ordering": ["last_day", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="ground",
            options={"ordering": ["created_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="groundevent",
            options={"ordering": ["number", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="hold",
            options={"ordering": ["placed_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="invitation",
            options={"ordering": ["-created_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="mandate",
            options={"ordering": ["starts_on", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="mandateinvitation",
            options={"ordering": ["created_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="membership",
            options={"ordering": ["role", "starts_on", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="organisation",
            options={"ordering": ["sort_name", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="person",
            options={"ordering": ["name", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="reviewline",
            options={"ordering": ["membership__role", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="sameperson",
            options={"ordering": ["merged_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="team",
            options={"ordering": ["name", "pk"]},
        ),
    ]
