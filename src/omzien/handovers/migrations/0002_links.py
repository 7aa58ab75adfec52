"""Links for teams without accounts, talks of three, and asking others while a question stays."""

import uuid

import django.db.models.deletion
import omzien.directory.rules
from django.db import migrations, models

import omzien.handovers.rules.along
import omzien.handovers.rules.states
import omzien.questions.rules.states
from omzien.journal.isolation import protect, same_municipality

OWNED = ("handoverlink", "meeting", "offerdraft", "room", "referral", "consult", "involvement")
SAME = (
    ("handovers_handoverlink", "handover_id", "handovers_handover"),
    ("handovers_meeting", "handover_id", "handovers_handover"),
    ("handovers_offerdraft", "question_id", "questions_question"),
    ("handovers_offerdraft", "to_team_id", "people_team"),
    ("handovers_room", "team_id", "people_team"),
    ("handovers_referral", "question_id", "questions_question"),
    ("handovers_referral", "team_id", "people_team"),
    ("handovers_consult", "question_id", "questions_question"),
    ("handovers_consult", "from_team_id", "people_team"),
    ("handovers_consult", "to_team_id", "people_team"),
    ("handovers_involvement", "question_id", "questions_question"),
    ("handovers_involvement", "team_id", "people_team"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("areas", "0003_settings"),
        ("handovers", "0001_initial"),
        ("people", "0005_signing_in"),
        ("questions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='Consult',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('text', models.TextField(max_length=4000)),
                ('answer', models.TextField(blank=True, max_length=4000)),
                ('state', models.CharField(choices=[(omzien.handovers.rules.along.ConsultState['ASKED'], omzien.handovers.rules.along.ConsultState['ASKED']), (omzien.handovers.rules.along.ConsultState['ANSWERED'], omzien.handovers.rules.along.ConsultState['ANSWERED']), (omzien.handovers.rules.along.ConsultState['DECLINED'], omzien.handovers.rules.along.ConsultState['DECLINED']), (omzien.handovers.rules.along.ConsultState['WITHDRAWN'], omzien.handovers.rules.along.ConsultState['WITHDRAWN'])], default=omzien.handovers.rules.along.ConsultState['ASKED'], max_length=10)),
                ('due_on', models.DateField(null=True)),
                ('asked_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('from_team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.team')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='areas.municipality')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consults', to='questions.question')),
                ('to_team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consults', to='people.team')),
            ],
            options={
                'ordering': ['asked_at'],
                'indexes': [models.Index(fields=['to_team', 'state'], name='handovers_c_to_team_076892_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'asked'), _negated=True), ('due_on__isnull', False), _connector='OR'), name='an_open_consult_has_a_clock')],
            },
        ),
        migrations.CreateModel(
            name='HandoverLink',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('name', models.CharField(blank=True, max_length=120)),
                ('code_hash', models.CharField(blank=True, max_length=64)),
                ('code_until', models.DateTimeField(null=True)),
                ('asked_by', models.CharField(blank=True, max_length=64)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('codes', models.PositiveSmallIntegerField(default=0)),
                ('browser_hash', models.CharField(blank=True, max_length=64)),
                ('open_until', models.DateTimeField(null=True)),
                ('handover', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='link', to='handovers.handover')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='areas.municipality')),
            ],
        ),
        migrations.CreateModel(
            name='Involvement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('part', models.CharField(max_length=300)),
                ('state', models.CharField(choices=[(omzien.handovers.rules.along.AlongState['ASKED'], omzien.handovers.rules.along.AlongState['ASKED']), (omzien.handovers.rules.along.AlongState['ALONG'], omzien.handovers.rules.along.AlongState['ALONG']), (omzien.handovers.rules.along.AlongState['DECLINED'], omzien.handovers.rules.along.AlongState['DECLINED']), (omzien.handovers.rules.along.AlongState['ENDED'], omzien.handovers.rules.along.AlongState['ENDED'])], default=omzien.handovers.rules.along.AlongState['ASKED'], max_length=10)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('due_on', models.DateField(null=True)),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='areas.municipality')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='involvements', to='questions.question')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='involvements', to='people.team')),
            ],
            options={
                'ordering': ['asked_at'],
                'indexes': [models.Index(fields=['team', 'state'], name='handovers_i_team_id_b44243_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', [omzien.handovers.rules.along.AlongState['ALONG'], omzien.handovers.rules.along.AlongState['ASKED']])), fields=('question', 'team'), name='a_team_works_along_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'asked'), _negated=True), ('due_on__isnull', False), _connector='OR'), name='an_asked_part_has_a_clock')],
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('starts_at', models.DateTimeField()),
                ('place', models.CharField(max_length=200)),
                ('planned_by', models.CharField(max_length=60)),
                ('planned_at', models.DateTimeField()),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('held_at', models.DateTimeField(null=True)),
                ('handover', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meetings', to='handovers.handover')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='areas.municipality')),
            ],
            options={
                'ordering': ['starts_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('cancelled_at', None), ('held_at', None)), fields=('handover',), name='one_planned_talk_per_handover'), models.CheckConstraint(condition=models.Q(('cancelled_at', None), ('held_at', None), _connector='OR'), name='a_talk_is_held_or_cancelled')],
            },
        ),
        migrations.CreateModel(
            name='OfferDraft',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('words', models.JSONField(default=dict)),
                ('made_at', models.DateTimeField()),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='areas.municipality')),
                ('question', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='offer_draft', to='questions.question')),
                ('to_team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.team')),
            ],
        ),
        migrations.CreateModel(
            name='Referral',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('service', models.UUIDField(null=True)),
                ('name', models.CharField(max_length=200)),
                ('what', models.CharField(max_length=500)),
                ('state', models.CharField(choices=[(omzien.handovers.rules.along.ReferralState['MADE'], omzien.handovers.rules.along.ReferralState['MADE']), (omzien.handovers.rules.along.ReferralState['ACCEPTED'], omzien.handovers.rules.along.ReferralState['ACCEPTED']), (omzien.handovers.rules.along.ReferralState['DECLINED'], omzien.handovers.rules.along.ReferralState['DECLINED']), (omzien.handovers.rules.along.ReferralState['DONE'], omzien.handovers.rules.along.ReferralState['DONE']), (omzien.handovers.rules.along.ReferralState['STOPPED'], omzien.handovers.rules.along.ReferralState['STOPPED'])], default=omzien.handovers.rules.along.ReferralState['MADE'], max_length=10)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('result', models.CharField(blank=True, choices=[(omzien.questions.rules.states.Result['SOLVED'], omzien.questions.rules.states.Result['SOLVED']), (omzien.questions.rules.states.Result['PARTLY'], omzien.questions.rules.states.Result['PARTLY']), (omzien.questions.rules.states.Result['NOT'], omzien.questions.rules.states.Result['NOT']), (omzien.questions.rules.states.Result['OTHERWISE'], omzien.questions.rules.states.Result['OTHERWISE'])], max_length=10)),
                ('due_on', models.DateField(null=True)),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='areas.municipality')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='referrals', to='questions.question')),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.team')),
            ],
            options={
                'ordering': ['made_at'],
                'indexes': [models.Index(fields=['question', 'made_at'], name='handovers_r_questio_f5d857_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', [omzien.handovers.rules.along.ReferralState['ACCEPTED'], omzien.handovers.rules.along.ReferralState['MADE']]), _negated=True), ('due_on__isnull', False), _connector='OR'), name='an_open_referral_has_a_clock'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('result', ''), _negated=True), _connector='OR'), name='a_done_referral_has_a_result')],
            },
        ),
        migrations.CreateModel(
            name='Room',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('capacity', models.CharField(choices=[(omzien.directory.rules.Capacity['YES'], omzien.directory.rules.Capacity['YES']), (omzien.directory.rules.Capacity['WAITING_LIST'], omzien.directory.rules.Capacity['WAITING_LIST']), (omzien.directory.rules.Capacity['ASK_FIRST'], omzien.directory.rules.Capacity['ASK_FIRST']), (omzien.directory.rules.Capacity['NO'], omzien.directory.rules.Capacity['NO']), (omzien.directory.rules.Capacity['UNKNOWN'], omzien.directory.rules.Capacity['UNKNOWN'])], max_length=12)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('said_on', models.DateField()),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='areas.municipality')),
                ('team', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='room', to='people.team')),
            ],
        ),
        migrations.AddField(
            model_name='handover',
            name='dispute',
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name='handover',
            name='disputed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='handover',
            name='report_reminded_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(condition=models.Q(('state', omzien.handovers.rules.states.State['HANDED_OVER'])), fields=['municipality', 'report_on'], name='handovers_to_report_on'),
        ),
        *(protect(f"handovers_{table}") for table in OWNED),
        *(same_municipality(*ours) for ours in SAME),
    ]
