"""A file may be on its way back: a word of our own, nothing in the database changes."""

from django.db import migrations, models

import omzien.directory.rules


class Migration(migrations.Migration):
    """One more state of an uploaded file."""

    dependencies = [("directory", "0007_editor3")]

    operations = [
        migrations.AlterField(
            model_name="importfile",
            name="state",
            field=models.CharField(
                choices=[
                    ("checking", "checking"),
                    ("checked", "checked"),
                    ("partly", "partly"),
                    ("writing", "writing"),
                    ("done", "done"),
                    ("undoing", "undoing"),
                    ("refused", "refused"),
                    ("failed", "failed"),
                    ("gone", "gone"),
                ],
                default=omzien.directory.rules.FileState["CHECKING"],
                max_length=10,
            ),
        ),
    ]
