"""Two persons who turned out to be one: a link that can be undone."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from omzien.journal.isolation import protect, same_municipality

# No chains: who stays is not the same as somebody else, and the other has nobody. Both persons are
# locked first, so that two links that would make a chain cannot come at the same moment.
FLAT = """
    CREATE FUNCTION people_same_person_is_flat() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.undone_at IS NULL THEN
            PERFORM 1 FROM people_person WHERE id IN (NEW.person_id, NEW.other_id)
                ORDER BY id FOR NO KEY UPDATE;
            IF EXISTS (SELECT FROM people_sameperson
                       WHERE undone_at IS NULL AND id <> NEW.id
                       AND (person_id = NEW.other_id OR other_id = NEW.person_id)) THEN
                RAISE EXCEPTION 'who is the same as somebody has nobody who is the same'
                    USING ERRCODE = 'check_violation';
            END IF;
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER same_person_is_flat BEFORE INSERT OR UPDATE ON people_sameperson
        FOR EACH ROW EXECUTE FUNCTION people_same_person_is_flat();
"""
NO_MORE = """
    DROP TRIGGER same_person_is_flat ON people_sameperson;
    DROP FUNCTION people_same_person_is_flat();
"""


class Migration(migrations.Migration):
    """Add links between two persons who are one."""

    dependencies = [
        ("areas", "0003_settings"),
        ("people", "0010_mandate_invitations"),
    ]

    operations = [
        migrations.CreateModel(
            name="SamePerson",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[("asked", "Asked"), ("contact", "Contact"), ("shown", "Shown")],
                        max_length=10,
                    ),
                ),
                ("merged_at", models.DateTimeField()),
                ("by", models.CharField(max_length=60)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.CharField(blank=True, max_length=60)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="same_as",
                        to="people.person",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="same_others",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "ordering": ["merged_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("other")), _negated=True),
                        name="nobody_is_the_same_as_themselves",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at", None), ("undone_by", "")),
                            models.Q(
                                ("undone_at__isnull", False),
                                models.Q(("undone_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="undoing_has_a_moment_and_somebody",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)),
                        fields=("other",),
                        name="the_same_as_one_person",
                    ),
                ],
            },
        ),
        protect("people_sameperson"),
        same_municipality("people_sameperson", "person_id", "people_person"),
        same_municipality("people_sameperson", "other_id", "people_person"),
        migrations.RunSQL(FLAT, NO_MORE),
    ]
