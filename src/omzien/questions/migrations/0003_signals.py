"""Crises, worries, early signals, discussions, aftercare and objections."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import omzien.questions.rules.signals
import omzien.questions.rules.states
from omzien.journal.isolation import protect, same_municipality

OWNED = (
    "crisis",
    "codestep",
    "signal",
    "reporter",
    "earlysignal",
    "discussion",
    "discussionteam",
    "decision",
    "aftercareanswer",
    "objection",
)
SAME = (
    ("questions_crisis", "question_id", "questions_question"),
    ("questions_codestep", "question_id", "questions_question"),
    ("questions_signal", "team_id", "people_team"),
    ("questions_signal", "holder_id", "people_membership"),
    ("questions_signal", "question_id", "questions_question"),
    ("questions_reporter", "signal_id", "questions_signal"),
    ("questions_earlysignal", "team_id", "people_team"),
    ("questions_earlysignal", "question_id", "questions_question"),
    ("questions_discussion", "question_id", "questions_question"),
    ("questions_discussion", "team_id", "people_team"),
    ("questions_discussionteam", "discussion_id", "questions_discussion"),
    ("questions_discussionteam", "team_id", "people_team"),
    ("questions_decision", "discussion_id", "questions_discussion"),
    ("questions_decision", "task_id", "questions_task"),
    ("questions_aftercareanswer", "question_id", "questions_question"),
    ("questions_aftercareanswer", "reopened_id", "questions_question"),
    ("questions_objection", "question_id", "questions_question"),
    ("questions_objection", "team_id", "people_team"),
    ("questions_objection", "handler_id", "people_membership"),
)


class Migration(migrations.Migration):
    """Ten tables behind the wall, and why a resident left."""

    dependencies = [
        ("areas", "0003_settings"),
        ("people", "0005_signing_in"),
        ("questions", "0002_plan"),
    ]

    operations = [
        migrations.CreateModel(
            name="AftercareAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ended_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField()),
                ("call_by", models.DateField(null=True)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                omzien.questions.rules.states.Solved["YES"],
                                omzien.questions.rules.states.Solved["YES"],
                            ),
                            (
                                omzien.questions.rules.states.Solved["PARTLY"],
                                omzien.questions.rules.states.Solved["PARTLY"],
                            ),
                            (
                                omzien.questions.rules.states.Solved["NO"],
                                omzien.questions.rules.states.Solved["NO"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
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
                        related_name="aftercare",
                        to="questions.question",
                    ),
                ),
                (
                    "reopened",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="questions.question",
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("question", "ended_at"), name="asked_once_after_each_closing"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None)),
                            models.Q(
                                ("answered_at__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="an_answer_has_a_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CodeStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("step", models.PositiveSmallIntegerField()),
                ("taken_on", models.DateField()),
                ("taken_by", models.CharField(max_length=60)),
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
                        related_name="code_steps",
                        to="questions.question",
                    ),
                ),
            ],
            options={
                "ordering": ["step"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("question", "step"), name="a_step_is_taken_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("step__gte", 1), ("step__lte", 5)),
                        name="the_code_has_five_steps",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Crisis",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("flagged_at", models.DateTimeField()),
                ("flagged_by", models.CharField(max_length=60)),
                ("answer_by", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("acknowledged_by", models.CharField(blank=True, max_length=60)),
                ("alarmed_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=60)),
                ("end_reason", models.CharField(blank=True, max_length=500)),
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
                        related_name="crises",
                        to="questions.question",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "crises",
                "ordering": ["flagged_at"],
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("acknowledged_at", None), ("alarmed_at", None), ("ended_at", None)
                        ),
                        fields=["municipality", "answer_by"],
                        name="crisis_clock",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("question",),
                        name="one_open_crisis",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            models.Q(
                                ("ended_by__regex", "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
                                models.Q(("end_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="somebody_ends_a_crisis_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Discussion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("purpose", models.CharField(max_length=300)),
                ("text", models.TextField(blank=True, max_length=5000)),
                ("at", models.DateTimeField()),
                ("place", models.CharField(blank=True, max_length=200)),
                ("resident_invited", models.BooleanField(default=True)),
                ("not_invited_because", models.CharField(blank=True, max_length=300)),
                ("made_at", models.DateTimeField()),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="discussions",
                        to="questions.question",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="discussions",
                        to="people.team",
                    ),
                ),
            ],
            options={
                "ordering": ["at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("question", None),
                            ("resident_invited", True),
                            models.Q(("not_invited_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="not_inviting_the_resident_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose", ""), _negated=True),
                        name="a_discussion_has_a_purpose",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EarlySignal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("partner", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            (
                                omzien.questions.rules.signals.EarlyKind["RENT"],
                                omzien.questions.rules.signals.EarlyKind["RENT"],
                            ),
                            (
                                omzien.questions.rules.signals.EarlyKind["ENERGY"],
                                omzien.questions.rules.signals.EarlyKind["ENERGY"],
                            ),
                            (
                                omzien.questions.rules.signals.EarlyKind["WATER"],
                                omzien.questions.rules.signals.EarlyKind["WATER"],
                            ),
                            (
                                omzien.questions.rules.signals.EarlyKind["CARE"],
                                omzien.questions.rules.signals.EarlyKind["CARE"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120)),
                ("address", models.CharField(max_length=200)),
                ("town", models.CharField(max_length=80)),
                ("phone", models.CharField(blank=True, max_length=40)),
                (
                    "amount",
                    models.CharField(
                        choices=[
                            ("to-250", "to-250"),
                            ("to-500", "to-500"),
                            ("to-1000", "to-1000"),
                            ("to-2500", "to-2500"),
                            ("over-2500", "over-2500"),
                        ],
                        max_length=10,
                    ),
                ),
                ("contacted_on", models.DateField()),
                ("reminded_on", models.DateField()),
                ("received_at", models.DateTimeField()),
                ("received_by", models.CharField(max_length=60)),
                ("offer_by", models.DateField()),
                ("reminded_at", models.DateTimeField(null=True)),
                ("offered_at", models.DateTimeField(null=True)),
                (
                    "end",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                omzien.questions.rules.signals.EarlyEnd["ACCEPTED"],
                                omzien.questions.rules.signals.EarlyEnd["ACCEPTED"],
                            ),
                            (
                                omzien.questions.rules.signals.EarlyEnd["REFUSED"],
                                omzien.questions.rules.signals.EarlyEnd["REFUSED"],
                            ),
                            (
                                omzien.questions.rules.signals.EarlyEnd["NO_ANSWER"],
                                omzien.questions.rules.signals.EarlyEnd["NO_ANSWER"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="questions.question",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="early_signals",
                        to="people.team",
                    ),
                ),
            ],
            options={
                "ordering": ["offer_by", "received_at"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["team", "offer_by"],
                        name="early_of_a_team",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "municipality",
                            "partner",
                            "kind",
                            "name",
                            "address",
                            "town",
                            "reminded_on",
                        ),
                        name="an_early_signal_comes_in_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            models.Q(
                                models.Q(("end", ""), _negated=True), ("offered_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="a_conversation_was_offered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reminded_on__gte", models.F("contacted_on"))),
                        name="the_partner_tried_first",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4)),
                ("why", models.TextField(max_length=5000)),
                ("made_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("reminded_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(blank=True, max_length=5000)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by", models.CharField(blank=True, max_length=60)),
                (
                    "handler",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="objections",
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
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="objections",
                        to="questions.question",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="people.team",
                    ),
                ),
            ],
            options={
                "ordering": ["made_at"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at", None)),
                        fields=["team", "due_on"],
                        name="objections_to_answer",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "key"), name="objected_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at", None),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="an_objection_gets_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Signal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4)),
                ("about", models.CharField(max_length=200)),
                ("where", models.CharField(blank=True, max_length=300)),
                ("worry", models.TextField(max_length=20000)),
                (
                    "knows",
                    models.CharField(
                        choices=[
                            (
                                omzien.questions.rules.signals.Knows["YES"],
                                omzien.questions.rules.signals.Knows["YES"],
                            ),
                            (
                                omzien.questions.rules.signals.Knows["NO"],
                                omzien.questions.rules.signals.Knows["NO"],
                            ),
                            (
                                omzien.questions.rules.signals.Knows["UNKNOWN"],
                                omzien.questions.rules.signals.Knows["UNKNOWN"],
                            ),
                        ],
                        default=omzien.questions.rules.signals.Knows["UNKNOWN"],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (
                                omzien.questions.rules.signals.SignalState["NEW"],
                                omzien.questions.rules.signals.SignalState["NEW"],
                            ),
                            (
                                omzien.questions.rules.signals.SignalState["PICKED_UP"],
                                omzien.questions.rules.signals.SignalState["PICKED_UP"],
                            ),
                            (
                                omzien.questions.rules.signals.SignalState["CONTACT"],
                                omzien.questions.rules.signals.SignalState["CONTACT"],
                            ),
                            (
                                omzien.questions.rules.signals.SignalState["NOTHING"],
                                omzien.questions.rules.signals.SignalState["NOTHING"],
                            ),
                        ],
                        default=omzien.questions.rules.signals.SignalState["NEW"],
                        max_length=12,
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("due_on", models.DateField(null=True)),
                ("reminded_at", models.DateTimeField(null=True)),
                ("picked_up_at", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                ("not_told_because", models.CharField(blank=True, max_length=300)),
                ("ended_at", models.DateTimeField(null=True)),
                ("why_nothing", models.CharField(blank=True, max_length=300)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "holder",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="signals",
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
                    "question",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="signals",
                        to="questions.question",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signals",
                        to="people.team",
                    ),
                ),
                (
                    "village",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="areas.village",
                    ),
                ),
            ],
            options={
                "ordering": ["received_at"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["team", "due_on"],
                        name="worries_of_a_team",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "key"), name="a_worry_is_sent_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", False), ("due_on__isnull", False), _connector="OR"
                        ),
                        name="an_open_worry_has_a_clock",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            ("told_at__isnull", False),
                            models.Q(("not_told_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="who_is_worried_about_is_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", omzien.questions.rules.signals.SignalState["NOTHING"]),
                                _negated=True,
                            ),
                            models.Q(("why_nothing", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="doing_nothing_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
                (
                    "task",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decision",
                        to="questions.task",
                    ),
                ),
                (
                    "discussion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="questions.discussion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DiscussionTeam",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "discussion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="teams",
                        to="questions.discussion",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.team",
                    ),
                ),
            ],
            options={
                "ordering": ["team__name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("discussion", "team"), name="a_team_takes_part_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reporter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="areas.municipality"
                    ),
                ),
                (
                    "signal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reporter",
                        to="questions.signal",
                    ),
                ),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="question",
            name="a_closed_question_has_a_result_and_was_told",
        ),
        migrations.AddField(
            model_name="breakglass",
            name="reminded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="breakglass",
            name="was_right",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="question",
            name="left",
            field=models.CharField(
                blank=True,
                choices=[
                    (
                        omzien.questions.rules.states.Left["DIED"],
                        omzien.questions.rules.states.Left["DIED"],
                    ),
                    (
                        omzien.questions.rules.states.Left["MOVED"],
                        omzien.questions.rules.states.Left["MOVED"],
                    ),
                ],
                max_length=6,
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", omzien.questions.rules.states.State["CLOSED"]), _negated=True
                    ),
                    models.Q(
                        models.Q(("result", ""), _negated=True),
                        models.Q(("rung_reached", ""), _negated=True),
                        models.Q(
                            ("told_at__isnull", False),
                            ("left", omzien.questions.rules.states.Left["DIED"]),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="a_closed_question_has_a_result_and_was_told",
            ),
        ),
        *(protect(f"questions_{table}") for table in OWNED),
        *(same_municipality(*ours) for ours in SAME),
    ]
