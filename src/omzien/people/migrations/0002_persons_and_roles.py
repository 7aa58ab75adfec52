"""Persons, organisations, teams, roles and reviews; accounts hold no role any more."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import omzien.people.rules.roles
from omzien.journal.isolation import protect, same_municipality

OWNED = (
    "person",
    "mandate",
    "team",
    "membership",
    "absence",
    "accessreview",
    "reviewline",
)
SAME = (
    ("people_mandate", "resident_id", "people_person"),
    ("people_mandate", "proxy_id", "people_person"),
    ("people_membership", "person_id", "people_person"),
    ("people_membership", "team_id", "people_team"),
    ("people_absence", "membership_id", "people_membership"),
    ("people_absence", "cover_id", "people_membership"),
    ("people_reviewline", "review_id", "people_accessreview"),
    ("people_reviewline", "membership_id", "people_membership"),
    ("people_reviewline", "answered_by_id", "people_person"),
)


class Migration(migrations.Migration):
    """Make the tables and put them behind the wall."""

    dependencies = [
        ("areas", "0002_editors_email"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("sort_name", models.CharField(max_length=120, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("municipality", "Municipality"),
                            ("partner", "Partner"),
                            ("association", "Association"),
                            ("company", "Company"),
                            ("informal", "Informal"),
                        ],
                        max_length=20,
                    ),
                ),
            ],
            options={
                "ordering": ["sort_name"],
            },
        ),
        migrations.CreateModel(
            name="AccessReview",
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
                        choices=[("yearly", "Yearly"), ("quarterly", "Quarterly")], max_length=10
                    ),
                ),
                ("opened_on", models.DateField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_on"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("municipality", "kind"),
                        name="one_open_review_per_kind",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("first_name", models.CharField(blank=True, max_length=60)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("language", models.CharField(default="nl", max_length=5)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="persons",
                        to=settings.AUTH_USER_MODEL,
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
                "ordering": ["name"],
                "indexes": [
                    models.Index(
                        fields=["account", "municipality"], name="people_pers_account_e4270f_idx"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Mandate",
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
                            ("mandate", "Mandate"),
                            ("mentor", "Mentor"),
                            ("curator", "Curator"),
                            ("administrator", "Administrator"),
                            ("parent", "Parent"),
                        ],
                        default="mandate",
                        max_length=20,
                    ),
                ),
                (
                    "what",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("look", "Look"),
                                ("talk", "Talk"),
                                ("act", "Act"),
                                ("receive", "Receive"),
                            ],
                            max_length=10,
                        ),
                        size=None,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("suspended_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
                (
                    "proxy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mandates_held",
                        to="people.person",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mandates_given",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("resident", models.F("proxy")), _negated=True),
                        name="nobody_is_their_own_proxy",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="mandate_ends_after_it_starts",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None)),
                        fields=("resident", "proxy"),
                        name="one_open_mandate_per_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "villages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("is_default", models.BooleanField(default=False)),
                ("archived_at", models.DateTimeField(null=True)),
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
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "name"), name="one_team_per_name"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("municipality",),
                        name="one_default_team",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_default", False), ("archived_at", None), _connector="OR"
                        ),
                        name="the_default_team_works",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("volunteer", "volunteer"),
                            ("initiator", "initiator"),
                            ("connector", "connector"),
                            ("team_member", "team_member"),
                            ("partner_worker", "partner_worker"),
                            ("editor", "editor"),
                            ("chief_editor", "chief_editor"),
                            ("coordinator", "coordinator"),
                            ("policy_officer", "policy_officer"),
                            ("functional_manager", "functional_manager"),
                            ("privacy_officer", "privacy_officer"),
                            ("technical_admin", "technical_admin"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "villages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("from_groups", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="people.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="people.person",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="people.team",
                    ),
                ),
            ],
            options={
                "ordering": ["role", "starts_on"],
                "indexes": [
                    models.Index(
                        fields=["municipality", "role"], name="people_memb_municip_436b87_idx"
                    ),
                    models.Index(fields=["team"], name="people_memb_team_id_9fbbbf_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "volunteer",
                                    "initiator",
                                    "connector",
                                    "team_member",
                                    "partner_worker",
                                    "editor",
                                    "chief_editor",
                                    "coordinator",
                                    "policy_officer",
                                    "functional_manager",
                                    "privacy_officer",
                                    "technical_admin",
                                ],
                            )
                        ),
                        name="role_is_given",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "role__in",
                                    [
                                        omzien.people.rules.roles.Role["CONNECTOR"],
                                        omzien.people.rules.roles.Role["COORDINATOR"],
                                        omzien.people.rules.roles.Role["PARTNER_WORKER"],
                                        omzien.people.rules.roles.Role["TEAM_MEMBER"],
                                    ],
                                ),
                                _negated=True,
                            ),
                            ("team__isnull", False),
                            _connector="OR",
                        ),
                        name="work_on_questions_needs_a_team",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="membership_ends_after_it_starts",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("person", "organisation", "team", "role"),
                        name="one_live_membership_of_a_kind",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
                (
                    "cover",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="covers",
                        to="people.membership",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to="people.membership",
                    ),
                ),
            ],
            options={
                "ordering": ["first_on"],
                "indexes": [
                    models.Index(
                        fields=["membership", "last_on"], name="people_abse_members_8046cc_idx"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_on__gte", models.F("first_on"))),
                        name="absence_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cover", models.F("membership")), _negated=True),
                        name="nobody_covers_themselves",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("stays", "Stays"), ("ends", "Ends")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to="people.person"
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="people.membership",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="people.accessreview",
                    ),
                ),
            ],
            options={
                "ordering": ["membership__role"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("review", "membership"), name="one_line_per_membership"
                    )
                ],
            },
        ),
        migrations.RemoveField(
            model_name="account",
            name="groups",
        ),
        migrations.RemoveField(
            model_name="account",
            name="is_staff",
        ),
        migrations.RemoveField(
            model_name="account",
            name="is_superuser",
        ),
        migrations.RemoveField(
            model_name="account",
            name="name",
        ),
        migrations.RemoveField(
            model_name="account",
            name="user_permissions",
        ),
        migrations.AlterField(
            model_name="account",
            name="email",
            field=models.EmailField(max_length=254, null=True, unique=True),
        ),
        *(protect(f"people_{table}") for table in OWNED),
        *(same_municipality(*ours) for ours in SAME),
    ]
