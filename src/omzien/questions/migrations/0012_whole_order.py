"""A list has one order: rows alike stand by their key."""

from django.db import migrations


class Migration(migrations.Migration):
    """The order alone: no table changes."""

    dependencies = [
        ("questions", "0011_admin5_route_proposals"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="aftercareanswer",
            options={"ordering": ["asked_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="attachment",
            options={"ordering": ["number", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="attempt",
            options={"ordering": ["started_on", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="breakglass",
            options={"ordering": ["opened_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="codestep",
            options={"ordering": ["step", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="contactattempt",
            options={"ordering": ["day", "made_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="crisis",
            options={"ordering": ["flagged_at", "pk"], "verbose_name_plural": "crises"},
        ),
        migrations.AlterModelOptions(
            name="discussion",
            options={"ordering": ["at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="discussionteam",
            options={"ordering": ["team__name", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="earlysignal",
            options={"ordering": ["offer_by", "received_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="goal",
            options={"ordering": ["created_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="instrument",
            options={"ordering": ["code", "added_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="measurement",
            options={"ordering": ["at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="networkshare",
            options={"ordering": ["started_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="note",
            options={"ordering": ["at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="objection",
            options={"ordering": ["made_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="planaction",
            options={"ordering": ["due_on", "created_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="post",
            options={"ordering": ["at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="question",
            options={"ordering": ["asked_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="routeproposal",
            options={"ordering": ["-proposed_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="savedfilter",
            options={"ordering": ["name", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="signal",
            options={"ordering": ["received_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="standardtext",
            options={"ordering": ["title", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="strengthsplit",
            options={"ordering": ["at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="task",
            options={"ordering": ["due_on", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="tie",
            options={"ordering": ["closeness", "name", "created_at", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="youngcarersignal",
            options={"ordering": ["young_agreed_on", "pk"]},
        ),
    ]
