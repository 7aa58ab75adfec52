"""When a mail that did not arrive is tried again."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the moment of the next try, and find waiting mail by it."""

    dependencies = [("areas", "0002_editors_email"), ("omzien_messages", "0002_wall")]
    operations = [
        migrations.RemoveIndex(model_name="message", name="omzien_mess_municip_c013b9_idx"),
        migrations.AddField(
            model_name="message",
            name="next_try_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                fields=["municipality", "state", "next_try_at"],
                name="omzien_mess_municip_7af66a_idx",
            ),
        ),
    ]
