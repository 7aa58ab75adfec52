"""Who works here, and a resident, can turn notices by mail off."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Add the choice, and the few who made it as an index."""

    dependencies = [
        ("people", "0016_admin5_own_organisation"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="wants_notices",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                fields=["municipality", "email"],
                condition=Q(wants_notices=False),
                name="persons_without_notices",
            ),
        ),
    ]
