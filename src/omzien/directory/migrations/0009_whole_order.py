"""A list has one order: rows alike stand by their key."""

from django.db import migrations


class Migration(migrations.Migration):
    """The order alone: no table changes."""

    dependencies = [
        ("directory", "0008_dir7"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="domain",
            options={"ordering": ["position", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="edit",
            options={"ordering": ["created_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="importfile",
            options={"ordering": ["created_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="importrun",
            options={"ordering": ["-started_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="phone",
            options={"ordering": ["position", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="place",
            options={"ordering": ["town", "street", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="provider",
            options={"ordering": ["sort_name", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="reminder",
            options={"ordering": ["due_on", "step", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="report",
            options={"ordering": ["due_on", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="schedule",
            options={"ordering": ["first_on", "starts", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="service",
            options={"ordering": ["sort_title", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="topic",
            options={"ordering": ["position", "pk"]},
        ),
    ]
