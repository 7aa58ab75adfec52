"""What waits for another team, and a referral, remember that somebody was reminded, and end."""

from django.db import migrations, models
from django.db.models import Q

REFERRAL = ("made", "accepted", "declined", "done", "stopped", "expired")
CONSULT = ("asked", "answered", "declined", "withdrawn", "expired")
ALONG = ("asked", "along", "declined", "ended", "expired")


def _state(codes: tuple[str, ...]) -> "models.CharField[str, str]":
    choices = [(code, code) for code in codes]
    return models.CharField(choices=choices, default=codes[0], max_length=10)


def _clock(name: str, states: list[str]) -> models.Index:
    fields = ["municipality", "due_on"]
    return models.Index(condition=Q(state__in=states), fields=fields, name=name)


class Migration(migrations.Migration):
    """The day and the moment of the reminder, the state of what nobody answered, and the indexes
    by which the clock finds its few rows. What waited before this is not reminded, and ends.
    """

    dependencies = [("handovers", "0002_links")]

    operations = [
        migrations.AddField("consult", "remind_on", models.DateField(null=True)),
        migrations.AddField("consult", "reminded_at", models.DateTimeField(null=True)),
        migrations.AddField("involvement", "remind_on", models.DateField(null=True)),
        migrations.AddField("involvement", "reminded_at", models.DateTimeField(null=True)),
        migrations.AddField("referral", "reminded_at", models.DateTimeField(null=True)),
        migrations.AlterField("consult", "state", _state(CONSULT)),
        migrations.AlterField("involvement", "state", _state(ALONG)),
        migrations.AlterField("referral", "state", _state(REFERRAL)),
        migrations.AddIndex("consult", _clock("consult_clock", ["asked"])),
        migrations.AddIndex("involvement", _clock("involvement_clock", ["asked"])),
        migrations.AddIndex("referral", _clock("referral_clock", ["accepted", "made"])),
    ]
