"""Help questions: their routes, tasks, tries and emergency readings, and what holds always."""

import django.contrib.postgres.fields
import django.db.models.deletion
import omzien.questions.rules.states
import uuid
from django.db import migrations, models
from django.db.migrations.operations import RunSQL

from omzien.journal.isolation import protect, same_municipality

OWNED = ("question", "routingrule", "task", "attempt", "breakglass")
SAME = (
    ("questions_question", "person_id", "people_person"),
    ("questions_question", "asked_by_id", "people_person"),
    ("questions_question", "team_id", "people_team"),
    ("questions_question", "holder_id", "people_membership"),
    ("questions_question", "follows_id", "questions_question"),
    ("questions_routingrule", "team_id", "people_team"),
    ("questions_task", "question_id", "questions_question"),
    ("questions_task", "team_id", "people_team"),
    ("questions_task", "holder_id", "people_membership"),
    ("questions_attempt", "question_id", "questions_question"),
    ("questions_breakglass", "question_id", "questions_question"),
    ("questions_breakglass", "membership_id", "people_membership"),
)
# One live owner that works (H1, H10): checked from both sides, each locking the other's row, so
# that a team cannot end in the moment in which it gets a question.
ALWAYS = """
    CREATE FUNCTION questions_owner_works() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.state IN ('new', 'clarifying', 'running') THEN
            PERFORM 1 FROM people_team
                WHERE id = NEW.team_id AND archived_at IS NULL FOR SHARE;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'a live question belongs to a team that works'
                    USING ERRCODE = 'check_violation';
            END IF;
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER owner_works BEFORE INSERT OR UPDATE OF team_id, state ON questions_question
        FOR EACH ROW EXECUTE FUNCTION questions_owner_works();

    CREATE FUNCTION questions_team_is_free() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM questions_question WHERE team_id = NEW.id
                   AND state IN ('new', 'clarifying', 'running')) THEN
            RAISE EXCEPTION 'a team that owns live questions cannot end'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER team_is_free BEFORE UPDATE OF archived_at ON people_team
        FOR EACH ROW WHEN (OLD.archived_at IS NULL AND NEW.archived_at IS NOT NULL)
        EXECUTE FUNCTION questions_team_is_free();
"""
NO_MORE = """
    DROP TRIGGER team_is_free ON people_team;
    DROP FUNCTION questions_team_is_free();
    DROP TRIGGER owner_works ON questions_question;
    DROP FUNCTION questions_owner_works();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('areas', '0003_settings'),
        ('people', '0005_signing_in'),
    ]

    operations = [
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=9)),
                ('key', models.UUIDField(default=uuid.uuid4)),
                ('channel', models.CharField(choices=[(omzien.questions.rules.states.Channel['WEB'], omzien.questions.rules.states.Channel['WEB']), (omzien.questions.rules.states.Channel['PHONE'], omzien.questions.rules.states.Channel['PHONE']), (omzien.questions.rules.states.Channel['DESK'], omzien.questions.rules.states.Channel['DESK']), (omzien.questions.rules.states.Channel['PARTNER'], omzien.questions.rules.states.Channel['PARTNER'])], max_length=10)),
                ('reach_by', models.CharField(choices=[(omzien.questions.rules.states.ReachBy['PHONE'], omzien.questions.rules.states.ReachBy['PHONE']), (omzien.questions.rules.states.ReachBy['MAIL'], omzien.questions.rules.states.ReachBy['MAIL']), (omzien.questions.rules.states.ReachBy['VISIT'], omzien.questions.rules.states.ReachBy['VISIT']), (omzien.questions.rules.states.ReachBy['LETTER'], omzien.questions.rules.states.ReachBy['LETTER'])], max_length=10)),
                ('best_moment', models.CharField(blank=True, max_length=200)),
                ('language', models.CharField(default='nl', max_length=5)),
                ('story', models.TextField(max_length=20000)),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('state', models.CharField(choices=[(omzien.questions.rules.states.State['NEW'], omzien.questions.rules.states.State['NEW']), (omzien.questions.rules.states.State['CLARIFYING'], omzien.questions.rules.states.State['CLARIFYING']), (omzien.questions.rules.states.State['RUNNING'], omzien.questions.rules.states.State['RUNNING']), (omzien.questions.rules.states.State['CLOSED'], omzien.questions.rules.states.State['CLOSED']), (omzien.questions.rules.states.State['WITHDRAWN'], omzien.questions.rules.states.State['WITHDRAWN']), (omzien.questions.rules.states.State['UNREACHED'], omzien.questions.rules.states.State['UNREACHED']), (omzien.questions.rules.states.State['OWN_WAY'], omzien.questions.rules.states.State['OWN_WAY']), (omzien.questions.rules.states.State['ANONYMISED'], omzien.questions.rules.states.State['ANONYMISED'])], default=omzien.questions.rules.states.State['NEW'], max_length=12)),
                ('rung', models.CharField(blank=True, choices=[('self', 'self'), ('network', 'network'), ('community', 'community'), ('general', 'general'), ('team', 'team'), ('specialist', 'specialist')], max_length=12)),
                ('next_action', models.CharField(blank=True, max_length=200)),
                ('due_on', models.DateField(null=True)),
                ('is_acute', models.BooleanField(default=False)),
                ('asked_at', models.DateTimeField()),
                ('replied_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('result', models.CharField(blank=True, choices=[(omzien.questions.rules.states.Result['SOLVED'], omzien.questions.rules.states.Result['SOLVED']), (omzien.questions.rules.states.Result['PARTLY'], omzien.questions.rules.states.Result['PARTLY']), (omzien.questions.rules.states.Result['NOT'], omzien.questions.rules.states.Result['NOT']), (omzien.questions.rules.states.Result['OTHERWISE'], omzien.questions.rules.states.Result['OTHERWISE'])], max_length=10)),
                ('rung_reached', models.CharField(blank=True, choices=[('self', 'self'), ('network', 'network'), ('community', 'community'), ('general', 'general'), ('team', 'team'), ('specialist', 'specialist')], max_length=12)),
                ('told_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='questions_asked', to='people.person')),
                ('follows', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='followed_by', to='questions.question')),
                ('holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='held', to='people.membership')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='areas.municipality')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='questions', to='people.person')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='people.team')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.village')),
            ],
            options={
                'ordering': ['asked_at'],
                'indexes': [models.Index(condition=models.Q(('state__in', [omzien.questions.rules.states.State['CLARIFYING'], omzien.questions.rules.states.State['NEW'], omzien.questions.rules.states.State['RUNNING']])), fields=['team', 'due_on', 'id'], name='inbox_of_a_team'), models.Index(condition=models.Q(('state__in', [omzien.questions.rules.states.State['CLARIFYING'], omzien.questions.rules.states.State['NEW'], omzien.questions.rules.states.State['RUNNING']])), fields=['holder', 'due_on', 'id'], name='inbox_of_a_person'), models.Index(fields=['team', 'ended_at'], name='questions_q_team_id_89df45_idx'), models.Index(fields=['municipality', 'state', 'ended_at'], name='questions_q_municip_52ba6d_idx')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'reference'), name='one_question_per_reference'), models.UniqueConstraint(fields=('municipality', 'key'), name='asked_once'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', [omzien.questions.rules.states.State['CLARIFYING'], omzien.questions.rules.states.State['NEW'], omzien.questions.rules.states.State['RUNNING']]), _negated=True), models.Q(('due_on__isnull', False), ('ended_at', None), ('person__isnull', False)), _connector='OR'), name='a_live_question_has_a_person_and_a_clock'), models.CheckConstraint(condition=models.Q(models.Q(('state', omzien.questions.rules.states.State['RUNNING']), _negated=True), models.Q(models.Q(('rung', ''), _negated=True), models.Q(('next_action', ''), _negated=True)), _connector='OR'), name='a_running_question_has_a_next_step'), models.CheckConstraint(condition=models.Q(models.Q(('state', omzien.questions.rules.states.State['CLOSED']), _negated=True), models.Q(models.Q(('result', ''), _negated=True), models.Q(('rung_reached', ''), _negated=True), ('told_at__isnull', False)), _connector='OR'), name='a_closed_question_has_a_result_and_was_told'), models.CheckConstraint(condition=models.Q(('is_acute', False), ('state__in', [omzien.questions.rules.states.State['CLARIFYING'], omzien.questions.rules.states.State['NEW'], omzien.questions.rules.states.State['RUNNING']]), _connector='OR'), name='nothing_closes_a_crisis')],
            },
        ),
        migrations.CreateModel(
            name='RoutingRule',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField()),
                ('villages', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('days', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, size=None)),
                ('starts', models.TimeField(null=True)),
                ('ends', models.TimeField(null=True)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='areas.municipality')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='routes', to='people.team')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'position'), name='one_rule_per_place'), models.CheckConstraint(condition=models.Q(models.Q(('ends', None), ('starts', None)), models.Q(('ends__isnull', False), ('starts__isnull', False)), _connector='OR'), name='a_route_has_both_times_or_none')],
            },
        ),
        migrations.CreateModel(
            name='BreakGlass',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=500)),
                ('opened_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('review_by', models.DateField()),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('reviewed_by', models.CharField(blank=True, max_length=60)),
                ('review', models.CharField(blank=True, max_length=500)),
                ('not_told_because', models.CharField(blank=True, max_length=300)),
                ('told_at', models.DateTimeField(null=True)),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.membership')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='areas.municipality')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='emergency_readings', to='questions.question')),
            ],
            options={
                'ordering': ['opened_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='an_emergency_has_a_reason'), models.CheckConstraint(condition=models.Q(('until__gt', models.F('opened_at'))), name='an_emergency_lasts')],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('rung', models.CharField(choices=[('self', 'self'), ('network', 'network'), ('community', 'community'), ('general', 'general'), ('team', 'team'), ('specialist', 'specialist')], max_length=12)),
                ('offer', models.CharField(blank=True, max_length=200)),
                ('service', models.UUIDField(null=True)),
                ('by_resident', models.BooleanField(default=False)),
                ('started_on', models.DateField()),
                ('ended_on', models.DateField(null=True)),
                ('result', models.CharField(choices=[('busy', 'Busy'), ('worked', 'Worked'), ('partly', 'Partly'), ('failed', 'Failed'), ('skipped', 'Skipped')], default='busy', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='areas.municipality')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='questions.question')),
            ],
            options={
                'ordering': ['started_on'],
                'indexes': [models.Index(fields=['question', 'rung'], name='questions_a_questio_accacb_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('result', 'skipped'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='skipping_a_rung_has_a_reason'), models.CheckConstraint(condition=models.Q(('ended_on', None), ('ended_on__gte', models.F('started_on')), _connector='OR'), name='a_try_ends_after_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('own', 'Own'), ('next-step', 'Next Step'), ('coordinator', 'Coordinator')], default='own', max_length=12)),
                ('what', models.CharField(blank=True, max_length=200)),
                ('due_on', models.DateField()),
                ('made_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tasks', to='people.membership')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='areas.municipality')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='questions.question')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='people.team')),
            ],
            options={
                'ordering': ['due_on'],
                'indexes': [models.Index(fields=['question', 'done_at'], name='questions_t_questio_42f951_idx'), models.Index(condition=models.Q(('done_at', None)), fields=['team', 'due_on'], name='tasks_to_do')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'own'), _negated=True), models.Q(('what', ''), _negated=True), _connector='OR'), name='an_own_task_says_what')],
            },
        ),
        *(protect(f"questions_{table}") for table in OWNED),
        *(same_municipality(*ours) for ours in SAME),
        RunSQL(ALWAYS, reverse_sql=NO_MORE),
    ]
