"""Cases of neighbour mediation, and what holds of them always."""

import django.db.models.deletion
import omzien.mediation.rules.states
import uuid
from django.db import migrations, models
from django.db.migrations.operations import RunSQL

from omzien.journal.isolation import protect, same_municipality

CASE, TEAM = "mediation_case", "people_team"
SAME = (
    (CASE, "team_id", TEAM),
    (CASE, "from_team_id", TEAM),
    (CASE, "question_id", "questions_question"),
    ("mediation_party", "case_id", CASE),
    ("mediation_party", "person_id", "people_person"),
    ("mediation_seat", "case_id", CASE),
    ("mediation_seat", "membership_id", "people_membership"),
    ("mediation_seat", "person_id", "people_person"),
    ("mediation_mediator", "membership_id", "people_membership"),
    ("mediation_talk", "case_id", CASE),
    ("mediation_agreement", "case_id", CASE),
)
# A case that ended has no mediators any more; and a team with a case that runs does not end.
ALWAYS = """
    CREATE FUNCTION mediation_ended_is_empty() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM mediation_seat
                   WHERE case_id = NEW.id AND state IN ('asked', 'accepted')) THEN
            RAISE EXCEPTION 'a case that ended has no mediators'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER ended_is_empty BEFORE UPDATE OF state ON mediation_case
        FOR EACH ROW WHEN (NEW.state IN ('closed', 'aftercare'))
        EXECUTE FUNCTION mediation_ended_is_empty();

    CREATE FUNCTION mediation_seat_is_live() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM mediation_case WHERE id = NEW.case_id
            AND state NOT IN ('reported', 'aftercare', 'closed') FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a mediator sits in a case that needs one'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER seat_is_live BEFORE INSERT OR UPDATE ON mediation_seat
        FOR EACH ROW WHEN (NEW.state IN ('asked', 'accepted'))
        EXECUTE FUNCTION mediation_seat_is_live();

    CREATE FUNCTION mediation_team_is_free() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM mediation_case WHERE state <> 'closed' AND team_id = NEW.id) THEN
            RAISE EXCEPTION 'a team with a case of mediation cannot end'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER team_has_no_mediation BEFORE UPDATE OF archived_at ON people_team
        FOR EACH ROW WHEN (OLD.archived_at IS NULL AND NEW.archived_at IS NOT NULL)
        EXECUTE FUNCTION mediation_team_is_free();
"""
NO_MORE = """
    DROP TRIGGER team_has_no_mediation ON people_team;
    DROP FUNCTION mediation_team_is_free();
    DROP TRIGGER seat_is_live ON mediation_seat;
    DROP FUNCTION mediation_seat_is_live();
    DROP TRIGGER ended_is_empty ON mediation_case;
    DROP FUNCTION mediation_ended_is_empty();
"""
TABLES = ("case", "party", "mediator", "seat", "talk", "agreement")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('areas', '0005_roles3_setting_versions'),
        ('people', '0017_msg6_notices'),
        ('questions', '0011_admin5_route_proposals'),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.UUIDField()),
                ('reference', models.CharField(max_length=9)),
                ('subject', models.CharField(choices=[(omzien.mediation.rules.states.Subject['NOISE'], omzien.mediation.rules.states.Subject['NOISE']), (omzien.mediation.rules.states.Subject['GARDEN'], omzien.mediation.rules.states.Subject['GARDEN']), (omzien.mediation.rules.states.Subject['BORDER'], omzien.mediation.rules.states.Subject['BORDER']), (omzien.mediation.rules.states.Subject['PETS'], omzien.mediation.rules.states.Subject['PETS']), (omzien.mediation.rules.states.Subject['PARKING'], omzien.mediation.rules.states.Subject['PARKING']), (omzien.mediation.rules.states.Subject['RUBBISH'], omzien.mediation.rules.states.Subject['RUBBISH']), (omzien.mediation.rules.states.Subject['CHILDREN'], omzien.mediation.rules.states.Subject['CHILDREN']), (omzien.mediation.rules.states.Subject['CONDUCT'], omzien.mediation.rules.states.Subject['CONDUCT']), (omzien.mediation.rules.states.Subject['OTHER'], omzien.mediation.rules.states.Subject['OTHER'])], max_length=10)),
                ('state', models.CharField(choices=[(omzien.mediation.rules.states.State['REPORTED'], omzien.mediation.rules.states.State['REPORTED']), (omzien.mediation.rules.states.State['CHOOSING'], omzien.mediation.rules.states.State['CHOOSING']), (omzien.mediation.rules.states.State['FIRST_TALK'], omzien.mediation.rules.states.State['FIRST_TALK']), (omzien.mediation.rules.states.State['INVITING'], omzien.mediation.rules.states.State['INVITING']), (omzien.mediation.rules.states.State['SECOND_TALK'], omzien.mediation.rules.states.State['SECOND_TALK']), (omzien.mediation.rules.states.State['JOINT'], omzien.mediation.rules.states.State['JOINT']), (omzien.mediation.rules.states.State['AGREEING'], omzien.mediation.rules.states.State['AGREEING']), (omzien.mediation.rules.states.State['AFTERCARE'], omzien.mediation.rules.states.State['AFTERCARE']), (omzien.mediation.rules.states.State['COACHING'], omzien.mediation.rules.states.State['COACHING']), (omzien.mediation.rules.states.State['CLOSED'], omzien.mediation.rules.states.State['CLOSED'])], default=omzien.mediation.rules.states.State['REPORTED'], max_length=12)),
                ('outcome', models.CharField(blank=True, choices=[(omzien.mediation.rules.states.Outcome['AGREED'], omzien.mediation.rules.states.Outcome['AGREED']), (omzien.mediation.rules.states.Outcome['PARTLY'], omzien.mediation.rules.states.Outcome['PARTLY']), (omzien.mediation.rules.states.Outcome['NOT_AGREED'], omzien.mediation.rules.states.Outcome['NOT_AGREED']), (omzien.mediation.rules.states.Outcome['ONE_SIDE'], omzien.mediation.rules.states.Outcome['ONE_SIDE']), (omzien.mediation.rules.states.Outcome['EASED'], omzien.mediation.rules.states.Outcome['EASED']), (omzien.mediation.rules.states.Outcome['ELSEWHERE'], omzien.mediation.rules.states.Outcome['ELSEWHERE']), (omzien.mediation.rules.states.Outcome['STOPPED'], omzien.mediation.rules.states.Outcome['STOPPED']), (omzien.mediation.rules.states.Outcome['UNFINISHED'], omzien.mediation.rules.states.Outcome['UNFINISHED'])], max_length=12)),
                ('received_at', models.DateTimeField()),
                ('since', models.DateField()),
                ('due_on', models.DateField(null=True)),
                ('reminded_at', models.DateTimeField(null=True)),
                ('escalate_on', models.DateField(null=True)),
                ('escalated_at', models.DateTimeField(null=True)),
                ('ends_on', models.DateField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('forgotten_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('from_team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.team')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='areas.municipality')),
                ('question', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='questions.question')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mediations', to='people.team')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.village')),
            ],
            options={
                'ordering': ['received_at'],
            },
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('words', models.TextField(max_length=4000)),
                ('written_at', models.DateTimeField()),
                ('first_yes_at', models.DateTimeField(null=True)),
                ('second_yes_at', models.DateTimeField(null=True)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='areas.municipality')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='agreement', to='mediation.case')),
            ],
        ),
        migrations.CreateModel(
            name='Mediator',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('street', models.CharField(max_length=120)),
                ('postcode', models.CharField(max_length=7)),
                ('is_experienced', models.BooleanField(default=False)),
                ('membership', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='mediator', to='people.membership')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='areas.municipality')),
            ],
        ),
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('side', models.PositiveSmallIntegerField(choices=[(1, 1), (2, 2)])),
                ('name', models.CharField(blank=True, max_length=120)),
                ('street', models.CharField(max_length=120)),
                ('postcode', models.CharField(blank=True, max_length=7)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('words', models.TextField(blank=True, max_length=2000)),
                ('in_danger', models.BooleanField(default=False)),
                ('elsewhere', models.CharField(blank=True, choices=[(omzien.mediation.rules.states.Elsewhere['DANGER'], omzien.mediation.rules.states.Elsewhere['DANGER']), (omzien.mediation.rules.states.Elsewhere['COURT'], omzien.mediation.rules.states.Elsewhere['COURT']), (omzien.mediation.rules.states.Elsewhere['LANDLORD'], omzien.mediation.rules.states.Elsewhere['LANDLORD']), (omzien.mediation.rules.states.Elsewhere['CARE'], omzien.mediation.rules.states.Elsewhere['CARE']), (omzien.mediation.rules.states.Elsewhere['NOT_NEIGHBOURS'], omzien.mediation.rules.states.Elsewhere['NOT_NEIGHBOURS']), (omzien.mediation.rules.states.Elsewhere['NOT_WANTED'], omzien.mediation.rules.states.Elsewhere['NOT_WANTED'])], max_length=16)),
                ('advice', models.CharField(blank=True, max_length=300)),
                ('told_at', models.DateTimeField(null=True)),
                ('agreed_at', models.DateTimeField(null=True)),
                ('left_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parties', to='mediation.case')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='areas.municipality')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mediation_files', to='people.person')),
            ],
            options={
                'ordering': ['side'],
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(choices=[(1, 1), (2, 2)])),
                ('state', models.CharField(choices=[(omzien.mediation.rules.states.SeatState['ASKED'], omzien.mediation.rules.states.SeatState['ASKED']), (omzien.mediation.rules.states.SeatState['ACCEPTED'], omzien.mediation.rules.states.SeatState['ACCEPTED']), (omzien.mediation.rules.states.SeatState['DECLINED'], omzien.mediation.rules.states.SeatState['DECLINED']), (omzien.mediation.rules.states.SeatState['STEPPED_BACK'], omzien.mediation.rules.states.SeatState['STEPPED_BACK']), (omzien.mediation.rules.states.SeatState['EXPIRED'], omzien.mediation.rules.states.SeatState['EXPIRED']), (omzien.mediation.rules.states.SeatState['ENDED'], omzien.mediation.rules.states.SeatState['ENDED'])], default=omzien.mediation.rules.states.SeatState['ASKED'], max_length=12)),
                ('reason', models.CharField(blank=True, choices=[(omzien.mediation.rules.states.BackReason['KNOWS'], omzien.mediation.rules.states.BackReason['KNOWS']), (omzien.mediation.rules.states.BackReason['TIME'], omzien.mediation.rules.states.BackReason['TIME']), (omzien.mediation.rules.states.BackReason['OTHER'], omzien.mediation.rules.states.BackReason['OTHER'])], max_length=6)),
                ('asked_at', models.DateTimeField()),
                ('due_on', models.DateField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('knows_nobody', models.BooleanField(default=False)),
                ('ended_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='mediation.case')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mediation_seats', to='people.membership')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='areas.municipality')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mediation_seats', to='people.person')),
            ],
            options={
                'ordering': ['case', 'number', 'asked_at'],
            },
        ),
        migrations.CreateModel(
            name='Talk',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[(omzien.mediation.rules.states.TalkKind['INTAKE'], omzien.mediation.rules.states.TalkKind['INTAKE']), (omzien.mediation.rules.states.TalkKind['FIRST'], omzien.mediation.rules.states.TalkKind['FIRST']), (omzien.mediation.rules.states.TalkKind['SECOND'], omzien.mediation.rules.states.TalkKind['SECOND']), (omzien.mediation.rules.states.TalkKind['JOINT'], omzien.mediation.rules.states.TalkKind['JOINT'])], max_length=6)),
                ('starts_at', models.DateTimeField()),
                ('place', models.CharField(max_length=200)),
                ('planned_at', models.DateTimeField()),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('held_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='talks', to='mediation.case')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='areas.municipality')),
            ],
            options={
                'ordering': ['starts_at'],
            },
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', [omzien.mediation.rules.states.State['AFTERCARE'], omzien.mediation.rules.states.State['AGREEING'], omzien.mediation.rules.states.State['CHOOSING'], omzien.mediation.rules.states.State['COACHING'], omzien.mediation.rules.states.State['FIRST_TALK'], omzien.mediation.rules.states.State['INVITING'], omzien.mediation.rules.states.State['JOINT'], omzien.mediation.rules.states.State['REPORTED'], omzien.mediation.rules.states.State['SECOND_TALK']])), fields=['municipality', 'due_on'], name='mediation_clock'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['team', 'state'], name='mediations_of_a_team'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['from_team', 'received_at'], name='mediations_referred'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(fields=('municipality', 'key'), name='a_report_makes_one_case'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(fields=('municipality', 'reference'), name='one_case_per_reference'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', [omzien.mediation.rules.states.State['AFTERCARE'], omzien.mediation.rules.states.State['AGREEING'], omzien.mediation.rules.states.State['CHOOSING'], omzien.mediation.rules.states.State['COACHING'], omzien.mediation.rules.states.State['FIRST_TALK'], omzien.mediation.rules.states.State['INVITING'], omzien.mediation.rules.states.State['JOINT'], omzien.mediation.rules.states.State['REPORTED'], omzien.mediation.rules.states.State['SECOND_TALK']])), fields=('question',), name='one_open_case_per_question'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('due_on__isnull', False), ('ended_at', None), ('ends_on__isnull', False), ('escalate_on__isnull', False), ('outcome', ''), ('state__in', [omzien.mediation.rules.states.State['AFTERCARE'], omzien.mediation.rules.states.State['AGREEING'], omzien.mediation.rules.states.State['CHOOSING'], omzien.mediation.rules.states.State['COACHING'], omzien.mediation.rules.states.State['FIRST_TALK'], omzien.mediation.rules.states.State['INVITING'], omzien.mediation.rules.states.State['JOINT'], omzien.mediation.rules.states.State['REPORTED'], omzien.mediation.rules.states.State['SECOND_TALK']])), models.Q(('due_on', None), ('ended_at__isnull', False), ('state', omzien.mediation.rules.states.State['CLOSED']), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='an_open_case_has_a_clock_and_a_closed_one_an_outcome'),
        ),
        migrations.AddIndex(
            model_name='party',
            index=models.Index(fields=['person'], name='mediation_files_of_somebody'),
        ),
        migrations.AddConstraint(
            model_name='party',
            constraint=models.UniqueConstraint(fields=('case', 'side'), name='one_file_per_neighbour'),
        ),
        migrations.AddConstraint(
            model_name='party',
            constraint=models.UniqueConstraint(fields=('case', 'name', 'street', 'postcode'), name='two_different_neighbours'),
        ),
        migrations.AddConstraint(
            model_name='party',
            constraint=models.UniqueConstraint(condition=models.Q(('person__isnull', False)), fields=('case', 'person'), name='nobody_is_both_neighbours'),
        ),
        migrations.AddConstraint(
            model_name='party',
            constraint=models.CheckConstraint(condition=models.Q(('side', omzien.mediation.rules.states.Side['FIRST']), models.Q(('agreed_at__isnull', False), ('told_at__isnull', False)), models.Q(('email', ''), ('person', None), ('phone', '')), _connector='OR'), name='of_the_other_neighbour_little_is_kept_before_a_yes'),
        ),
        migrations.AddConstraint(
            model_name='party',
            constraint=models.CheckConstraint(condition=models.Q(('side', omzien.mediation.rules.states.Side['FIRST']), models.Q(('advice', ''), ('elsewhere', ''), ('in_danger', False), ('words', '')), _connector='OR'), name='what_one_wrote_is_in_their_own_file'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', [omzien.mediation.rules.states.SeatState['ACCEPTED'], omzien.mediation.rules.states.SeatState['ASKED']])), fields=('case', 'number'), name='two_mediators_at_most'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', [omzien.mediation.rules.states.SeatState['ACCEPTED'], omzien.mediation.rules.states.SeatState['ASKED']])), fields=('case', 'person'), name='two_different_mediators'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.CheckConstraint(condition=models.Q(('number__in', [1, 2])), name='a_case_has_two_seats'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', omzien.mediation.rules.states.SeatState['ACCEPTED']), _negated=True), ('knows_nobody', True), _connector='OR'), name='a_mediator_said_to_know_nobody'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', omzien.mediation.rules.states.SeatState['ASKED']), _negated=True), ('due_on__isnull', False), _connector='OR'), name='an_asked_mediator_has_a_clock'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', [omzien.mediation.rules.states.SeatState['DECLINED'], omzien.mediation.rules.states.SeatState['STEPPED_BACK']]), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='a_mediator_says_why_not'),
        ),
        migrations.AddConstraint(
            model_name='talk',
            constraint=models.UniqueConstraint(condition=models.Q(('cancelled_at', None), ('held_at', None)), fields=('case',), name='one_planned_talk_per_mediation'),
        ),
        migrations.AddConstraint(
            model_name='talk',
            constraint=models.CheckConstraint(condition=models.Q(('cancelled_at', None), ('held_at', None), _connector='OR'), name='a_mediation_talk_is_held_or_cancelled'),
        ),
        *(protect(f"mediation_{table}") for table in TABLES),
        *(same_municipality(*ours) for ours in SAME),
        RunSQL(ALWAYS, reverse_sql=NO_MORE),
    ]
