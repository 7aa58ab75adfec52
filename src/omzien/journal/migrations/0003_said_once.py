"""Keys and indexes that stood twice go; all tables stand when this runs."""

from django.db import migrations

from omzien.journal.isolation import said_once


class Migration(migrations.Migration):
    """A row that is written costs less; what may be written stays the same."""

    dependencies = [
        ("journal", "0002_wall"),
        ("agenda", "0002_wall"),
        ("areas", "0006_whole_order"),
        ("directory", "0010_dir8"),
        ("handovers", "0005_whole_order"),
        ("mediation", "0002_whole_order"),
        ("omzien_messages", "0005_msg6_code"),
        ("people", "0021_left14_one_person"),
        ("questions", "0014_desk8_told_of_talks"),
    ]

    operations = [said_once()]
