"""Mail of which the recipient lost the right to it is dropped."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the state."""

    dependencies = [
        ("omzien_messages", "0003_tries"),
    ]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("sent", "Sent"),
                    ("failed", "Failed"),
                    ("dropped", "Dropped"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
    ]
