"""Grounds for sharing, retention lists, holds, and the ledger of what was erased."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import omzien.people.rules.grounds
from omzien.journal.isolation import protect, same_municipality

OWNED = ("ground", "groundrecipient", "groundevent", "batch", "batchline", "hold", "tombstone")
SAME = (
    ("people_ground", "person_id", "people_person"),
    ("people_groundrecipient", "ground_id", "people_ground"),
    ("people_groundrecipient", "team_id", "people_team"),
    ("people_groundevent", "ground_id", "people_ground"),
    ("people_groundevent", "replaced_by_id", "people_ground"),
    ("people_batchline", "batch_id", "people_batch"),
)
GROUNDS = ("people_ground", "people_groundrecipient", "people_groundevent")
# Rows of a ground are only added. They go, or lose the name of somebody that they mention, only
# where a person is erased or the term is over: that says so for its own transaction
# (people/privacy/ledger.py: erasing).
# Per row and not per statement: removing a municipality that has none of these is no change.
FUNCTION = """
    CREATE FUNCTION people_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_ARGV[0] = 'erasable' AND TG_OP <> 'TRUNCATE'
                AND coalesce(current_setting('omzien.erasing', true), '') = 'on' THEN
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'grounds and the ledger are append-only';
    END $$;
"""
TRIGGER = """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION people_refuse_change('{how}');
    CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION people_refuse_change('never');
"""
UNDO = "DROP TRIGGER append_only ON {table}; DROP TRIGGER never_emptied ON {table};"
GUARDED = {**dict.fromkeys(GROUNDS, "erasable"), "people_tombstone": "never"}


class Migration(migrations.Migration):
    """Make the tables, put them behind the wall, and let nobody change what only grows."""

    dependencies = [
        ("areas", "0002_editors_email"),
        ("people", "0003_logs"),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("approved", "Approved"),
                            ("done", "Done"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("proposed_on", models.DateField()),
                ("run_from", models.DateField()),
                ("approved_by", models.CharField(blank=True, max_length=60)),
                ("approved_at", models.DateTimeField(null=True)),
                ("run_by", models.CharField(blank=True, max_length=60)),
                ("run_at", models.DateTimeField(null=True)),
                ("destroyed", models.PositiveIntegerField(default=0)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
            ],
            options={
                "ordering": ["-proposed_on", "kind"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state", "proposed"), models.Q(("kind", "request"), _negated=True)
                        ),
                        fields=("municipality", "kind"),
                        name="one_proposed_list_of_a_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "proposed"), ("approved_at__isnull", False), _connector="OR"
                        ),
                        name="nothing_runs_without_approval",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ground",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            (
                                omzien.people.rules.grounds.GroundKind["CONSENT"],
                                omzien.people.rules.grounds.GroundKind["CONSENT"],
                            ),
                            (
                                omzien.people.rules.grounds.GroundKind["LEGAL_TASK"],
                                omzien.people.rules.grounds.GroundKind["LEGAL_TASK"],
                            ),
                            (
                                omzien.people.rules.grounds.GroundKind["LEGAL_DUTY"],
                                omzien.people.rules.grounds.GroundKind["LEGAL_DUTY"],
                            ),
                            (
                                omzien.people.rules.grounds.GroundKind["VITAL_INTEREST"],
                                omzien.people.rules.grounds.GroundKind["VITAL_INTEREST"],
                            ),
                            (
                                omzien.people.rules.grounds.GroundKind["AGREEMENT"],
                                omzien.people.rules.grounds.GroundKind["AGREEMENT"],
                            ),
                            (
                                omzien.people.rules.grounds.GroundKind["LEGITIMATE_INTEREST"],
                                omzien.people.rules.grounds.GroundKind["LEGITIMATE_INTEREST"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("article", models.CharField(blank=True, max_length=120)),
                ("purpose", models.CharField(max_length=40)),
                ("explanation", models.CharField(blank=True, max_length=500)),
                (
                    "categories",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                (
                                    omzien.people.rules.grounds.Category["CONTACT"],
                                    omzien.people.rules.grounds.Category["CONTACT"],
                                ),
                                (
                                    omzien.people.rules.grounds.Category["STORY"],
                                    omzien.people.rules.grounds.Category["STORY"],
                                ),
                                (
                                    omzien.people.rules.grounds.Category["PLAN"],
                                    omzien.people.rules.grounds.Category["PLAN"],
                                ),
                                (
                                    omzien.people.rules.grounds.Category["NETWORK"],
                                    omzien.people.rules.grounds.Category["NETWORK"],
                                ),
                                (
                                    omzien.people.rules.grounds.Category["OUTCOME"],
                                    omzien.people.rules.grounds.Category["OUTCOME"],
                                ),
                                (
                                    omzien.people.rules.grounds.Category["HEALTH"],
                                    omzien.people.rules.grounds.Category["HEALTH"],
                                ),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("until_on", models.DateField()),
                (
                    "how",
                    models.CharField(
                        choices=[
                            (
                                omzien.people.rules.grounds.How["SPOKEN"],
                                omzien.people.rules.grounds.How["SPOKEN"],
                            ),
                            (
                                omzien.people.rules.grounds.How["WRITTEN"],
                                omzien.people.rules.grounds.How["WRITTEN"],
                            ),
                            (
                                omzien.people.rules.grounds.How["ONLINE"],
                                omzien.people.rules.grounds.How["ONLINE"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                ("is_informed", models.BooleanField(null=True)),
                ("not_informed_because", models.CharField(blank=True, max_length=300)),
                ("recorded_by", models.CharField(max_length=60)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grounds",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at"],
                "indexes": [
                    models.Index(
                        fields=["person", "until_on"], name="people_grou_person__f524dd_idx"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_on__gte", models.F("starts_on"))),
                        name="ground_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ["legal-duty", "legal-task", "vital-interest"]),
                                _negated=True,
                            ),
                            models.Q(("article", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="ground_by_law_names_its_article",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_informed", False), _negated=True),
                            models.Q(("not_informed_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="not_telling_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("categories__len__gt", 0)),
                        name="ground_names_what_is_shared",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=64)),
                ("reason", models.CharField(max_length=300)),
                ("placed_by", models.CharField(max_length=60)),
                ("placed_at", models.DateTimeField(auto_now_add=True)),
                ("lifted_by", models.CharField(blank=True, max_length=60)),
                ("lifted_at", models.DateTimeField(null=True)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
            ],
            options={
                "ordering": ["placed_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)),
                        fields=("municipality", "kind", "key"),
                        name="held_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("key_hash", models.CharField(max_length=64)),
                ("erased_on", models.DateField()),
                ("rule", models.CharField(max_length=40)),
                ("batch", models.UUIDField(null=True)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="areas.municipality"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "kind", "key_hash"), name="one_tombstone"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("key_hash__regex", "^[0-9a-f]{64}$"), ("kind__regex", "^[a-z-]+$")
                        ),
                        name="tombstone_holds_no_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BatchLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("person", models.UUIDField(null=True)),
                ("last_day", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("destroyed", "Destroyed"),
                            ("held", "Held"),
                            ("kept", "Kept"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="people.batch",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
            ],
            options={
                "ordering": ["last_day"],
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "key"), name="once_per_list")
                ],
            },
        ),
        migrations.CreateModel(
            name="GroundEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "what",
                    models.CharField(
                        choices=[
                            (
                                omzien.people.rules.grounds.What["ASKED"],
                                omzien.people.rules.grounds.What["ASKED"],
                            ),
                            (
                                omzien.people.rules.grounds.What["GIVEN"],
                                omzien.people.rules.grounds.What["GIVEN"],
                            ),
                            (
                                omzien.people.rules.grounds.What["REFUSED"],
                                omzien.people.rules.grounds.What["REFUSED"],
                            ),
                            (
                                omzien.people.rules.grounds.What["WITHDRAWN"],
                                omzien.people.rules.grounds.What["WITHDRAWN"],
                            ),
                            (
                                omzien.people.rules.grounds.What["EXPIRED"],
                                omzien.people.rules.grounds.What["EXPIRED"],
                            ),
                            (
                                omzien.people.rules.grounds.What["REPLACED"],
                                omzien.people.rules.grounds.What["REPLACED"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.CharField(max_length=60)),
                (
                    "ground",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="people.ground",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.ground",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ground", "number"), name="one_event_per_number"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GroundRecipient",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "ground",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recipients",
                        to="people.ground",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="people.organisation",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="people.team"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["team"], name="people_grou_team_id_e67577_idx"),
                    models.Index(fields=["organisation"], name="people_grou_organis_b3744a_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("organisation", None), ("team", None), _connector="XOR"
                        ),
                        name="recipient_is_one_of_two",
                    )
                ],
            },
        ),
        *(protect(f"people_{table}") for table in OWNED),
        *(same_municipality(*ours) for ours in SAME),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION people_refuse_change();"),
        *(
            migrations.RunSQL(TRIGGER.format(table=table, how=how), UNDO.format(table=table))
            for table, how in GUARDED.items()
        ),
    ]
