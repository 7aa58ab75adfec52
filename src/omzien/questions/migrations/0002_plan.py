"""The own network, the plan and measuring before and after."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import omzien.questions.rules.network
import omzien.questions.rules.plans
import omzien.questions.rules.support
from omzien.journal.isolation import protect, same_municipality

OWNED = (
    "tie", "networkshare", "youngcarersignal", "goal", "planaction", "strengthsplit",
    "instrument", "measurement",
)  # fmt: skip
SAME = (
    ("questions_tie", "person_id", "people_person"),
    ("questions_networkshare", "question_id", "questions_question"),
    ("questions_networkshare", "team_id", "people_team"),
    ("questions_networkshare", "proxy_id", "people_person"),
    ("questions_youngcarersignal", "question_id", "questions_question"),
    ("questions_youngcarersignal", "recorded_by_id", "people_membership"),
    ("questions_goal", "question_id", "questions_question"),
    ("questions_planaction", "goal_id", "questions_goal"),
    ("questions_planaction", "tie_id", "questions_tie"),
    ("questions_planaction", "membership_id", "people_membership"),
    ("questions_strengthsplit", "goal_id", "questions_goal"),
    ("questions_measurement", "question_id", "questions_question"),
)


class Migration(migrations.Migration):
    """Add them, each behind the wall."""

    dependencies = [
        ("areas", "0003_settings"),
        ("people", "0005_signing_in"),
        ("questions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Goal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("words", models.TextField(max_length=2000)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (
                                omzien.questions.rules.plans.GoalState["OPEN"],
                                omzien.questions.rules.plans.GoalState["OPEN"],
                            ),
                            (
                                omzien.questions.rules.plans.GoalState["REACHED"],
                                omzien.questions.rules.plans.GoalState["REACHED"],
                            ),
                            (
                                omzien.questions.rules.plans.GoalState["DROPPED"],
                                omzien.questions.rules.plans.GoalState["DROPPED"],
                            ),
                        ],
                        default=omzien.questions.rules.plans.GoalState["OPEN"],
                        max_length=8,
                    ),
                ),
                ("together", models.BooleanField(default=False)),
                ("is_locked", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="goals",
                        to="questions.question",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at"],
                "indexes": [
                    models.Index(
                        fields=["question", "created_at"], name="questions_g_questio_88a3f0_idx"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True), name="a_goal_has_words"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Instrument",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("version", models.CharField(max_length=20)),
                ("data", models.JSONField()),
                ("holds_rights", models.BooleanField()),
                ("added_at", models.DateTimeField()),
                ("added_by", models.CharField(max_length=60)),
                ("put_away_at", models.DateTimeField(null=True)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
            ],
            options={
                "ordering": ["code", "added_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "code", "version"),
                        name="one_instrument_per_version",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("holds_rights", True)), name="no_rights_no_instrument"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Measurement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("instrument", models.CharField(max_length=40)),
                ("version", models.CharField(max_length=20)),
                (
                    "moment",
                    models.CharField(
                        choices=[
                            (
                                omzien.questions.rules.plans.Moment["BEFORE"],
                                omzien.questions.rules.plans.Moment["BEFORE"],
                            ),
                            (
                                omzien.questions.rules.plans.Moment["AFTER"],
                                omzien.questions.rules.plans.Moment["AFTER"],
                            ),
                        ],
                        max_length=6,
                    ),
                ),
                ("answers", models.JSONField(default=dict)),
                (
                    "with_whom",
                    models.CharField(
                        choices=[
                            (
                                omzien.questions.rules.plans.WithWhom["SELF"],
                                omzien.questions.rules.plans.WithWhom["SELF"],
                            ),
                            (
                                omzien.questions.rules.plans.WithWhom["TOGETHER"],
                                omzien.questions.rules.plans.WithWhom["TOGETHER"],
                            ),
                        ],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measurements",
                        to="questions.question",
                    ),
                ),
            ],
            options={
                "ordering": ["at"],
                "indexes": [
                    models.Index(
                        fields=["question", "instrument", "at"],
                        name="questions_m_questio_f77b68_idx",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NetworkShare",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(null=True)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
                (
                    "proxy",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="network_shares",
                        to="questions.question",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.team",
                    ),
                ),
            ],
            options={
                "ordering": ["started_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("team", None), ("proxy", None), _connector="XOR"),
                        name="a_map_is_shared_with_one",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("stopped_at", None)),
                        fields=("question", "team", "proxy"),
                        name="a_map_is_shared_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tie",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=30)),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            (
                                omzien.questions.rules.network.Relation["PARTNER"],
                                omzien.questions.rules.network.Relation["PARTNER"],
                            ),
                            (
                                omzien.questions.rules.network.Relation["CHILD"],
                                omzien.questions.rules.network.Relation["CHILD"],
                            ),
                            (
                                omzien.questions.rules.network.Relation["PARENT"],
                                omzien.questions.rules.network.Relation["PARENT"],
                            ),
                            (
                                omzien.questions.rules.network.Relation["SIBLING"],
                                omzien.questions.rules.network.Relation["SIBLING"],
                            ),
                            (
                                omzien.questions.rules.network.Relation["FAMILY"],
                                omzien.questions.rules.network.Relation["FAMILY"],
                            ),
                            (
                                omzien.questions.rules.network.Relation["FRIEND"],
                                omzien.questions.rules.network.Relation["FRIEND"],
                            ),
                            (
                                omzien.questions.rules.network.Relation["NEIGHBOUR"],
                                omzien.questions.rules.network.Relation["NEIGHBOUR"],
                            ),
                            (
                                omzien.questions.rules.network.Relation["COLLEAGUE"],
                                omzien.questions.rules.network.Relation["COLLEAGUE"],
                            ),
                            (
                                omzien.questions.rules.network.Relation["CLUB"],
                                omzien.questions.rules.network.Relation["CLUB"],
                            ),
                            (
                                omzien.questions.rules.network.Relation["VOLUNTEER"],
                                omzien.questions.rules.network.Relation["VOLUNTEER"],
                            ),
                            (
                                omzien.questions.rules.network.Relation["PROFESSIONAL"],
                                omzien.questions.rules.network.Relation["PROFESSIONAL"],
                            ),
                            (
                                omzien.questions.rules.network.Relation["OTHER"],
                                omzien.questions.rules.network.Relation["OTHER"],
                            ),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                (
                                    omzien.questions.rules.support.Support["PRACTICAL"],
                                    omzien.questions.rules.support.Support["PRACTICAL"],
                                ),
                                (
                                    omzien.questions.rules.support.Support["COMPANY"],
                                    omzien.questions.rules.support.Support["COMPANY"],
                                ),
                                (
                                    omzien.questions.rules.support.Support["ADVICE"],
                                    omzien.questions.rules.support.Support["ADVICE"],
                                ),
                                (
                                    omzien.questions.rules.support.Support["EMOTIONAL"],
                                    omzien.questions.rules.support.Support["EMOTIONAL"],
                                ),
                            ],
                            max_length=1,
                        ),
                        size=None,
                    ),
                ),
                ("closeness", models.PositiveSmallIntegerField()),
                (
                    "how_often",
                    models.CharField(
                        choices=[
                            (
                                omzien.questions.rules.network.Often["DAILY"],
                                omzien.questions.rules.network.Often["DAILY"],
                            ),
                            (
                                omzien.questions.rules.network.Often["WEEKLY"],
                                omzien.questions.rules.network.Often["WEEKLY"],
                            ),
                            (
                                omzien.questions.rules.network.Often["MONTHLY"],
                                omzien.questions.rules.network.Often["MONTHLY"],
                            ),
                            (
                                omzien.questions.rules.network.Often["SELDOM"],
                                omzien.questions.rules.network.Often["SELDOM"],
                            ),
                        ],
                        max_length=8,
                    ),
                ),
                ("together", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
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
                        related_name="ties",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "ordering": ["closeness", "name", "created_at"],
                "indexes": [
                    models.Index(
                        fields=["person", "closeness"], name="questions_t_person__5d357a_idx"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closeness__gte", 1), ("closeness__lte", 3)),
                        name="three_rings",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            models.Q(("name__contains", " "), _negated=True),
                        ),
                        name="a_first_name_is_one_word",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="YoungCarerSignal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("school", models.CharField(max_length=120)),
                ("what", models.CharField(max_length=500)),
                ("age", models.PositiveSmallIntegerField()),
                ("young_agreed_on", models.DateField()),
                ("parent_agreed_on", models.DateField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="school_signals",
                        to="questions.question",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
            ],
            options={
                "ordering": ["young_agreed_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("age__gte", 16), ("parent_agreed_on__isnull", False), _connector="OR"
                        ),
                        name="under_sixteen_a_parent_agrees_too",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StrengthSplit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "moment",
                    models.CharField(
                        choices=[
                            (
                                omzien.questions.rules.plans.Moment["BEFORE"],
                                omzien.questions.rules.plans.Moment["BEFORE"],
                            ),
                            (
                                omzien.questions.rules.plans.Moment["AFTER"],
                                omzien.questions.rules.plans.Moment["AFTER"],
                            ),
                        ],
                        max_length=6,
                    ),
                ),
                ("own", models.PositiveSmallIntegerField()),
                ("network", models.PositiveSmallIntegerField()),
                ("professional", models.PositiveSmallIntegerField()),
                (
                    "with_whom",
                    models.CharField(
                        choices=[
                            (
                                omzien.questions.rules.plans.WithWhom["SELF"],
                                omzien.questions.rules.plans.WithWhom["SELF"],
                            ),
                            (
                                omzien.questions.rules.plans.WithWhom["TOGETHER"],
                                omzien.questions.rules.plans.WithWhom["TOGETHER"],
                            ),
                        ],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "goal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="splits",
                        to="questions.goal",
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
                "ordering": ["at"],
                "constraints": [
                    models.UniqueConstraint(fields=("goal", "moment"), name="one_split_per_moment"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "own",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.Value(100), "-", models.F("network")
                                    ),
                                    "-",
                                    models.F("professional"),
                                ),
                            )
                        ),
                        name="a_split_is_a_hundred",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanAction",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "who",
                    models.CharField(
                        choices=[
                            (
                                omzien.questions.rules.plans.Who["RESIDENT"],
                                omzien.questions.rules.plans.Who["RESIDENT"],
                            ),
                            (
                                omzien.questions.rules.plans.Who["TIE"],
                                omzien.questions.rules.plans.Who["TIE"],
                            ),
                            (
                                omzien.questions.rules.plans.Who["NEIGHBOUR"],
                                omzien.questions.rules.plans.Who["NEIGHBOUR"],
                            ),
                            (
                                omzien.questions.rules.plans.Who["WORKER"],
                                omzien.questions.rules.plans.Who["WORKER"],
                            ),
                            (
                                omzien.questions.rules.plans.Who["PROVIDER"],
                                omzien.questions.rules.plans.Who["PROVIDER"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120)),
                ("service", models.UUIDField(null=True)),
                ("what", models.CharField(max_length=300)),
                ("due_on", models.DateField(null=True)),
                (
                    "rung",
                    models.CharField(
                        choices=[
                            ("self", "self"),
                            ("network", "network"),
                            ("community", "community"),
                            ("general", "general"),
                            ("team", "team"),
                            ("specialist", "specialist"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (
                                omzien.questions.rules.plans.ActionState["OPEN"],
                                omzien.questions.rules.plans.ActionState["OPEN"],
                            ),
                            (
                                omzien.questions.rules.plans.ActionState["DONE"],
                                omzien.questions.rules.plans.ActionState["DONE"],
                            ),
                            (
                                omzien.questions.rules.plans.ActionState["DROPPED"],
                                omzien.questions.rules.plans.ActionState["DROPPED"],
                            ),
                        ],
                        default=omzien.questions.rules.plans.ActionState["OPEN"],
                        max_length=8,
                    ),
                ),
                ("together", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "goal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="actions",
                        to="questions.goal",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
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
                    "tie",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="questions.tie",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "created_at"],
                "indexes": [
                    models.Index(fields=["goal", "due_on"], name="questions_p_goal_id_b9e241_idx")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("what", ""), _negated=True), name="an_action_says_what"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("who__in", ["neighbour", "provider"]), _negated=True),
                            models.Q(("name", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="an_action_of_another_has_a_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="an_action_that_ended_has_a_day",
                    ),
                ],
            },
        ),
        *(protect(f"questions_{table}") for table in OWNED),
        *(same_municipality(*ours) for ours in SAME),
    ]
