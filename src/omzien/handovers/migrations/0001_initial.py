"""Warm handovers, and what holds of them always."""

import django.db.models.deletion
import omzien.handovers.rules.states
import omzien.questions.rules.states
import uuid
from django.db import migrations, models
from django.db.migrations.operations import RunSQL

from omzien.journal.isolation import protect, same_municipality

SAME = (
    ("question_id", "questions_question"),
    ("from_team_id", "people_team"),
    ("to_team_id", "people_team"),
)
# H3, H4, H5 and H10 in the database. Who writes a handover locks its question, so that neither
# side can change while the other is looked at.
ALWAYS = """
    CREATE FUNCTION handovers_open_is_sound() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.state IN ('offered', 'accepted') THEN
            PERFORM 1 FROM questions_question
                WHERE id = NEW.question_id AND team_id = NEW.from_team_id
                AND state IN ('new', 'clarifying', 'running') FOR SHARE;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'an open handover is of a live question, from its owner'
                    USING ERRCODE = 'check_violation';
            END IF;
            PERFORM 1 FROM people_team
                WHERE id = NEW.to_team_id AND archived_at IS NULL FOR SHARE;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'an open handover goes to a team that works'
                    USING ERRCODE = 'check_violation';
            END IF;
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER open_is_sound BEFORE INSERT OR UPDATE ON handovers_handover
        FOR EACH ROW EXECUTE FUNCTION handovers_open_is_sound();

    CREATE FUNCTION handovers_question_is_free() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (NEW.team_id <> OLD.team_id OR NEW.state NOT IN ('new', 'clarifying', 'running'))
           AND EXISTS (SELECT FROM handovers_handover WHERE question_id = NEW.id
                       AND state IN ('offered', 'accepted')) THEN
            RAISE EXCEPTION 'a question with an open handover keeps its owner and stays live'
                USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.team_id <> OLD.team_id AND NOT EXISTS (
                SELECT FROM handovers_handover WHERE question_id = NEW.id
                AND from_team_id = OLD.team_id AND to_team_id = NEW.team_id
                AND state IN ('handed-over', 'reported-back')) THEN
            RAISE EXCEPTION 'a question changes its owner by a handover with a first contact'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER question_is_free BEFORE UPDATE OF team_id, state ON questions_question
        FOR EACH ROW EXECUTE FUNCTION handovers_question_is_free();

    CREATE FUNCTION handovers_team_is_free() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM handovers_handover WHERE state IN ('offered', 'accepted')
                   AND (to_team_id = NEW.id OR from_team_id = NEW.id)) THEN
            RAISE EXCEPTION 'a team with an open handover cannot end'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER team_has_no_handover BEFORE UPDATE OF archived_at ON people_team
        FOR EACH ROW WHEN (OLD.archived_at IS NULL AND NEW.archived_at IS NOT NULL)
        EXECUTE FUNCTION handovers_team_is_free();
"""
NO_MORE = """
    DROP TRIGGER team_has_no_handover ON people_team;
    DROP FUNCTION handovers_team_is_free();
    DROP TRIGGER question_is_free ON questions_question;
    DROP FUNCTION handovers_question_is_free();
    DROP TRIGGER open_is_sound ON handovers_handover;
    DROP FUNCTION handovers_open_is_sound();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('areas', '0003_settings'),
        ('people', '0005_signing_in'),
        ('questions', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[(omzien.handovers.rules.states.State['OFFERED'], omzien.handovers.rules.states.State['OFFERED']), (omzien.handovers.rules.states.State['ACCEPTED'], omzien.handovers.rules.states.State['ACCEPTED']), (omzien.handovers.rules.states.State['HANDED_OVER'], omzien.handovers.rules.states.State['HANDED_OVER']), (omzien.handovers.rules.states.State['REPORTED_BACK'], omzien.handovers.rules.states.State['REPORTED_BACK']), (omzien.handovers.rules.states.State['DECLINED'], omzien.handovers.rules.states.State['DECLINED']), (omzien.handovers.rules.states.State['WITHDRAWN'], omzien.handovers.rules.states.State['WITHDRAWN']), (omzien.handovers.rules.states.State['EXPIRED'], omzien.handovers.rules.states.State['EXPIRED']), (omzien.handovers.rules.states.State['RETURNED'], omzien.handovers.rules.states.State['RETURNED']), (omzien.handovers.rules.states.State['CONTACT_EXPIRED'], omzien.handovers.rules.states.State['CONTACT_EXPIRED'])], default=omzien.handovers.rules.states.State['OFFERED'], max_length=16)),
                ('is_urgent', models.BooleanField(default=False)),
                ('asked', models.TextField(max_length=2000)),
                ('tried', models.TextField(max_length=2000)),
                ('best_moment', models.CharField(max_length=200)),
                ('told_resident_on', models.DateField()),
                ('capacity', models.CharField(choices=[(omzien.handovers.rules.states.Capacity['YES'], omzien.handovers.rules.states.Capacity['YES']), (omzien.handovers.rules.states.Capacity['WAITING_LIST'], omzien.handovers.rules.states.Capacity['WAITING_LIST']), (omzien.handovers.rules.states.Capacity['ASK_FIRST'], omzien.handovers.rules.states.Capacity['ASK_FIRST']), (omzien.handovers.rules.states.Capacity['NO'], omzien.handovers.rules.states.Capacity['NO']), (omzien.handovers.rules.states.Capacity['UNKNOWN'], omzien.handovers.rules.states.Capacity['UNKNOWN'])], max_length=12)),
                ('capacity_reason', models.CharField(blank=True, max_length=300)),
                ('offered_at', models.DateTimeField()),
                ('offered_by', models.CharField(max_length=60)),
                ('remind_on', models.DateField(null=True)),
                ('reminded_at', models.DateTimeField(null=True)),
                ('due_on', models.DateField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('contact_name', models.CharField(blank=True, max_length=120)),
                ('decline_reason', models.CharField(blank=True, choices=[(omzien.handovers.rules.states.DeclineReason['FULL'], omzien.handovers.rules.states.DeclineReason['FULL']), (omzien.handovers.rules.states.DeclineReason['WRONG_GROUP'], omzien.handovers.rules.states.DeclineReason['WRONG_GROUP']), (omzien.handovers.rules.states.DeclineReason['WRONG_AREA'], omzien.handovers.rules.states.DeclineReason['WRONG_AREA']), (omzien.handovers.rules.states.DeclineReason['NOT_OURS'], omzien.handovers.rules.states.DeclineReason['NOT_OURS']), (omzien.handovers.rules.states.DeclineReason['TOO_LITTLE_KNOWN'], omzien.handovers.rules.states.DeclineReason['TOO_LITTLE_KNOWN']), (omzien.handovers.rules.states.DeclineReason['RESIDENT_REFUSES'], omzien.handovers.rules.states.DeclineReason['RESIDENT_REFUSES']), (omzien.handovers.rules.states.DeclineReason['ALREADY_HELPED'], omzien.handovers.rules.states.DeclineReason['ALREADY_HELPED']), (omzien.handovers.rules.states.DeclineReason['NOT_REACHED'], omzien.handovers.rules.states.DeclineReason['NOT_REACHED']), (omzien.handovers.rules.states.DeclineReason['MISTAKE'], omzien.handovers.rules.states.DeclineReason['MISTAKE'])], max_length=20)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('suggestion', models.CharField(blank=True, max_length=300)),
                ('withdraw_reason', models.CharField(blank=True, choices=[(omzien.handovers.rules.states.WithdrawReason['OWNER'], omzien.handovers.rules.states.WithdrawReason['OWNER']), (omzien.handovers.rules.states.WithdrawReason['RESIDENT'], omzien.handovers.rules.states.WithdrawReason['RESIDENT']), (omzien.handovers.rules.states.WithdrawReason['GROUND'], omzien.handovers.rules.states.WithdrawReason['GROUND']), (omzien.handovers.rules.states.WithdrawReason['ENDED'], omzien.handovers.rules.states.WithdrawReason['ENDED'])], max_length=10)),
                ('met_on', models.DateField(null=True)),
                ('met_by', models.CharField(blank=True, choices=[(omzien.handovers.rules.states.ContactKind['PHONE'], omzien.handovers.rules.states.ContactKind['PHONE']), (omzien.handovers.rules.states.ContactKind['VISIT'], omzien.handovers.rules.states.ContactKind['VISIT']), (omzien.handovers.rules.states.ContactKind['OFFICE'], omzien.handovers.rules.states.ContactKind['OFFICE']), (omzien.handovers.rules.states.ContactKind['VIDEO'], omzien.handovers.rules.states.ContactKind['VIDEO']), (omzien.handovers.rules.states.ContactKind['THREE_WAY'], omzien.handovers.rules.states.ContactKind['THREE_WAY'])], max_length=12)),
                ('resident_was_there', models.BooleanField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('report_on', models.DateField(null=True)),
                ('result', models.CharField(blank=True, choices=[(omzien.questions.rules.states.Result['SOLVED'], omzien.questions.rules.states.Result['SOLVED']), (omzien.questions.rules.states.Result['PARTLY'], omzien.questions.rules.states.Result['PARTLY']), (omzien.questions.rules.states.Result['NOT'], omzien.questions.rules.states.Result['NOT']), (omzien.questions.rules.states.Result['OTHERWISE'], omzien.questions.rules.states.Result['OTHERWISE'])], max_length=10)),
                ('reported_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('from_team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers_offered', to='people.team')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='areas.municipality')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='handovers', to='questions.question')),
                ('to_team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='people.team')),
            ],
            options={
                'ordering': ['offered_at'],
                'indexes': [models.Index(condition=models.Q(('state__in', [omzien.handovers.rules.states.State['ACCEPTED'], omzien.handovers.rules.states.State['OFFERED']])), fields=['to_team', 'due_on'], name='offered_to_a_team'), models.Index(condition=models.Q(('state__in', [omzien.handovers.rules.states.State['ACCEPTED'], omzien.handovers.rules.states.State['OFFERED']])), fields=['municipality', 'due_on'], name='handover_clock'), models.Index(fields=['question', 'offered_at'], name='handovers_h_questio_c9c118_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', [omzien.handovers.rules.states.State['ACCEPTED'], omzien.handovers.rules.states.State['OFFERED']])), fields=('question',), name='one_open_handover_per_question'), models.CheckConstraint(condition=models.Q(('from_team', models.F('to_team')), _negated=True), name='nobody_hands_over_to_themselves'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', [omzien.handovers.rules.states.State['ACCEPTED'], omzien.handovers.rules.states.State['OFFERED']]), _negated=True), models.Q(('due_on__isnull', False), ('ended_at', None), ('remind_on__isnull', False)), _connector='OR'), name='an_open_handover_has_a_clock'), models.CheckConstraint(condition=models.Q(models.Q(('state', omzien.handovers.rules.states.State['ACCEPTED']), _negated=True), models.Q(('contact_name', ''), _negated=True), _connector='OR'), name='who_accepts_names_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('state', omzien.handovers.rules.states.State['DECLINED']), _negated=True), models.Q(models.Q(('decline_reason', ''), _negated=True), models.Q(('suggestion', ''), _negated=True)), _connector='OR'), name='declining_has_a_reason_and_a_next_step'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', [omzien.handovers.rules.states.State['HANDED_OVER'], omzien.handovers.rules.states.State['REPORTED_BACK']]), _negated=True), models.Q(('met_on__isnull', False), ('resident_was_there__isnull', False), models.Q(('met_by', ''), _negated=True)), _connector='OR'), name='handed_over_means_met'), models.CheckConstraint(condition=models.Q(models.Q(('capacity', omzien.handovers.rules.states.Capacity['NO']), _negated=True), models.Q(('capacity_reason', ''), _negated=True), _connector='OR'), name='asking_who_is_full_has_a_reason')],
            },
        ),
        protect("handovers_handover"),
        *(same_municipality("handovers_handover", *ours) for ours in SAME),
        RunSQL(ALWAYS, reverse_sql=NO_MORE),
    ]
