"""Who answers a resident who does not agree: never who holds the question, or is close to them."""

from datetime import date
from uuid import UUID

from omzien.people.models import Membership, Team
from omzien.people.models.closeness import near, selves
from omzien.people.rules.roles import Role
from omzien.questions.models import Question


def handler_of(
    question: Question, *, on: date, first: UUID | None = None
) -> tuple[Team, Membership | None]:
    """Return the team, and the person of it if there is one, that answers an objection.

    The coordinator of the owner team, or of the team `first` where the owner is what it is
    about; if that person holds the question, or there is none,
    another coordinator, that of the desk first; and else the desk that takes what nobody does.
    """
    desk = Team.objects.filter(municipality=question.municipality_id, is_default=True).first()
    rows = (
        Membership.objects.at_work(on=on)
        .filter(municipality=question.municipality_id, role=Role.COORDINATOR)
        .exclude(near(question.person_id))
        .select_related("team")
    )
    if question.holder:
        rows = rows.exclude(selves(question.holder.person_id))
    order = {first or question.team_id: 0, desk.pk if desk else None: 1}
    found = sorted(rows, key=lambda one: (order.get(one.team_id, 2), one.starts_on, str(one.pk)))
    for one in found:
        # The desk of a partner answers only for its own questions.
        if one.team and (one.team_id in order or one.team.organisation_id is None):
            return one.team, one
    return desk or question.team, None
