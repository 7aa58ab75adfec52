"""Within a day who waited longest stands first: the indexes of the inbox have that order."""

from django.db import migrations, models

LIVE = ("state__in", ["clarifying", "new", "running"])
INDEXES = (
    ("question", "inbox_of_a_team", ["team", "due_on", "asked_at", "id"], models.Q(LIVE)),
    ("question", "inbox_of_a_person", ["holder", "due_on", "asked_at", "id"], models.Q(LIVE)),
    (
        "question",
        "inbox_of_a_desk",
        ["team", "due_on", "asked_at", "id"],
        models.Q(("holder", None), LIVE),
    ),
    (
        "question",
        "inbox_acute",
        ["team", "due_on", "asked_at", "id"],
        models.Q(("is_acute", True), LIVE),
    ),
    (
        "task",
        "tasks_of_a_person",
        ["holder", "due_on", "made_at", "id"],
        models.Q(("done_at", None)),
    ),
    (
        "task",
        "tasks_of_a_desk",
        ["team", "kind", "due_on", "made_at", "id"],
        models.Q(("done_at", None), ("holder", None)),
    ),
)


def _indexes() -> list[migrations.operations.base.Operation]:
    found: list[migrations.operations.base.Operation] = []
    for model, name, fields, condition in INDEXES:
        index = models.Index(fields=fields, name=name, condition=condition)
        found += [migrations.RemoveIndex(model, name), migrations.AddIndex(model, index)]
    return found


class Migration(migrations.Migration):
    """No row changes."""

    dependencies = [
        ("questions", "0012_whole_order"),
    ]

    operations = [
        *_indexes(),
        migrations.AlterModelOptions(
            name="task",
            options={"ordering": ["due_on", "made_at", "pk"]},
        ),
    ]
