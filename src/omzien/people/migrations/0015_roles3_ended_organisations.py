"""An organisation can end; what it did keeps its name."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Add the moment at which an organisation ended. A municipality does not end."""

    dependencies = [("people", "0014_roles3_log_by_actor")]
    operations = [
        migrations.AddField("organisation", "ended_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "organisation",
            models.CheckConstraint(
                condition=Q(ended_at=None) | ~Q(kind="municipality"), name="a_municipality_stays"
            ),
        ),
    ]
