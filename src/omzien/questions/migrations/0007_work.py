"""An index for what nobody of a team opened yet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the index."""

    dependencies = [("questions", "0006_route_proposals")]

    operations = [
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                condition=models.Q(("seen_at", None), models.Q(("side", "worker"), _negated=True)),
                fields=["question"],
                name="posts_to_open",
            ),
        ),
    ]
