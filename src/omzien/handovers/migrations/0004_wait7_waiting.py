"""Places that a team counts, and waiting for one; and what holds of a wait always."""

import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations import RunSQL
from django.db.models import Q

from omzien.journal.isolation import protect, same_municipality

STATES = ("waiting", "offered", "placed", "lapsed")
OPEN, OVER = ["offered", "waiting"], ["lapsed", "placed"]
LAPSES = ("owner", "resident", "ended")
SAME = (
    ("handovers_wait", "question_id", "questions_question"),
    ("handovers_wait", "team_id", "people_team"),
    ("handovers_handover", "wait_id", "handovers_wait"),
)
# Who writes a wait locks its question, as who writes a handover does.
ALWAYS = """
    CREATE FUNCTION handovers_wait_is_sound() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.state IN ('waiting', 'offered') THEN
            PERFORM 1 FROM questions_question
                WHERE id = NEW.question_id AND team_id <> NEW.team_id
                AND state IN ('new', 'clarifying', 'running') FOR SHARE;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'an open wait is of a live question, for a place elsewhere'
                    USING ERRCODE = 'check_violation';
            END IF;
            PERFORM 1 FROM people_team
                WHERE id = NEW.team_id AND archived_at IS NULL FOR SHARE;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'an open wait is for a team that works'
                    USING ERRCODE = 'check_violation';
            END IF;
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER wait_is_sound BEFORE INSERT OR UPDATE ON handovers_wait
        FOR EACH ROW EXECUTE FUNCTION handovers_wait_is_sound();

    CREATE FUNCTION handovers_wait_fits() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE found_state text;
    BEGIN
        SELECT state INTO found_state FROM handovers_wait
            WHERE id = NEW.wait_id AND question_id = NEW.question_id AND team_id = NEW.to_team_id;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a handover from a list is of the same question, to the same team'
                USING ERRCODE = 'check_violation';
        END IF;
        IF (TG_OP = 'INSERT' OR OLD.state <> NEW.state) AND (
                (NEW.state = 'offered') <> (found_state = 'offered')
                OR (NEW.state = 'accepted' AND found_state <> 'placed')) THEN
            RAISE EXCEPTION 'a wait stands where its handover stands'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER wait_fits BEFORE INSERT OR UPDATE OF state, wait_id ON handovers_handover
        FOR EACH ROW WHEN (NEW.wait_id IS NOT NULL) EXECUTE FUNCTION handovers_wait_fits();

    CREATE FUNCTION handovers_question_waits_not() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM handovers_wait WHERE question_id = NEW.id
                   AND state IN ('waiting', 'offered')
                   AND (team_id = NEW.team_id
                        OR NEW.state NOT IN ('new', 'clarifying', 'running'))) THEN
            RAISE EXCEPTION 'a question that ends, or is there, waits no more'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER question_waits_not BEFORE UPDATE OF team_id, state ON questions_question
        FOR EACH ROW WHEN (NEW.team_id <> OLD.team_id
                           OR NEW.state NOT IN ('new', 'clarifying', 'running'))
        EXECUTE FUNCTION handovers_question_waits_not();

    CREATE FUNCTION handovers_team_has_no_list() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM handovers_wait WHERE team_id = NEW.id
                   AND state IN ('waiting', 'offered')) THEN
            RAISE EXCEPTION 'a team that somebody waits for cannot end'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER team_has_no_list BEFORE UPDATE OF archived_at ON people_team
        FOR EACH ROW WHEN (OLD.archived_at IS NULL AND NEW.archived_at IS NOT NULL)
        EXECUTE FUNCTION handovers_team_has_no_list();
"""
NO_MORE = """
    DROP TRIGGER team_has_no_list ON people_team;
    DROP FUNCTION handovers_team_has_no_list();
    DROP TRIGGER question_waits_not ON questions_question;
    DROP FUNCTION handovers_question_waits_not();
    DROP TRIGGER wait_fits ON handovers_handover;
    DROP FUNCTION handovers_wait_fits();
    DROP TRIGGER wait_is_sound ON handovers_wait;
    DROP FUNCTION handovers_wait_is_sound();
"""


def _key(to: str, how: object, **more: object) -> "models.ForeignKey[object, object]":
    return models.ForeignKey(on_delete=how, to=to, **more)  # type: ignore[arg-type]


CASCADE = django.db.models.deletion.CASCADE
PROTECT = django.db.models.deletion.PROTECT
SET_NULL = django.db.models.deletion.SET_NULL


class Migration(migrations.Migration):
    """Without a number nothing is counted, and without a list nobody waits: nothing changes."""

    dependencies = [
        ("areas", "0005_roles3_setting_versions"),
        ("handovers", "0003_clock6_silence"),
        ("people", "0017_msg6_notices"),
        ("questions", "0011_admin5_route_proposals"),
    ]

    operations = [
        migrations.AddField("room", "places", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("room", "keeps_list", models.BooleanField(default=False)),
        migrations.AddField("room", "first_rule", models.CharField(blank=True, max_length=300)),
        migrations.CreateModel(
            name="Wait",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[(one, one) for one in STATES], default="waiting", max_length=10
                    ),
                ),
                ("what", models.CharField(max_length=300)),
                ("bridge", models.CharField(max_length=300)),
                ("service", models.UUIDField(null=True)),
                ("since", models.DateTimeField()),
                ("entered_at", models.DateTimeField()),
                ("contact_weeks", models.PositiveSmallIntegerField()),
                ("first_rule", models.CharField(blank=True, max_length=300)),
                ("goes_first", models.BooleanField(default=False)),
                ("heard_on", models.DateField()),
                ("remind_on", models.DateField(null=True)),
                ("reminded_at", models.DateTimeField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("overdue_at", models.DateTimeField(null=True)),
                ("called_at", models.DateTimeField(null=True)),
                ("call_until", models.DateField(null=True)),
                ("skip_reason", models.CharField(blank=True, max_length=300)),
                ("paused_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "lapse",
                    models.CharField(
                        blank=True, choices=[(one, one) for one in LAPSES], max_length=10
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("version", models.PositiveIntegerField(default=1)),
                ("municipality", _key("areas.municipality", CASCADE)),
                ("question", _key("questions.question", CASCADE, related_name="waits")),
                ("team", _key("people.team", PROTECT, related_name="waits")),
            ],
            options={
                "ordering": ["since"],
                "indexes": [
                    models.Index(
                        condition=Q(state__in=OPEN),
                        fields=["team", "since"],
                        name="waits_of_a_team",
                    ),
                    models.Index(
                        condition=Q(state__in=OPEN),
                        fields=["municipality", "due_on"],
                        name="wait_clock",
                    ),
                    models.Index(
                        fields=["question", "since"], name="handovers_w_questio_17a5cd_idx"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(state__in=OPEN),
                        fields=("question", "team"),
                        name="a_question_waits_once_for_a_team",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            state__in=OPEN,
                            due_on__isnull=False,
                            remind_on__isnull=False,
                            ended_at=None,
                        )
                        | Q(state__in=OVER, due_on=None, remind_on=None, ended_at__isnull=False),
                        name="an_open_wait_has_a_clock",
                    ),
                    models.CheckConstraint(
                        condition=Q(called_at=None, call_until=None)
                        | Q(
                            state="waiting",
                            called_at__isnull=False,
                            call_until__isnull=False,
                            paused_at=None,
                        ),
                        name="who_is_called_waits_and_has_a_clock",
                    ),
                    models.CheckConstraint(
                        condition=~Q(what="") & ~Q(bridge=""),
                        name="a_wait_says_for_what_and_a_bridge",
                    ),
                    models.CheckConstraint(
                        condition=Q(goes_first=False) | ~Q(first_rule=""),
                        name="who_goes_first_does_so_by_a_rule",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="lapsed") & ~Q(lapse="")
                        | ~Q(state="lapsed") & Q(lapse=""),
                        name="what_lapsed_says_why",
                    ),
                ],
            },
        ),
        migrations.AddField(
            "handover",
            "wait",
            _key("handovers.wait", SET_NULL, null=True, related_name="handovers"),
        ),
        protect("handovers_wait"),
        *(same_municipality(*ours) for ours in SAME),
        RunSQL(ALWAYS, reverse_sql=NO_MORE),
    ]
