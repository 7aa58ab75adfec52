"""Persons that have no account yet are found by their address, when somebody proves it."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """The index of those persons."""

    dependencies = [("areas", "0003_settings"), ("people", "0008_old_log_lines")]

    operations = [
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                fields=["municipality", "email"],
                condition=Q(account=None) & ~Q(email=""),
                name="persons_without_account",
            ),
        ),
    ]
