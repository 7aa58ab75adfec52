"""Standard texts: written by who keeps the texts of the municipality, or of the own team."""

from django.db import IntegrityError, transaction

from omzien.areas.models import Municipality
from omzien.journal.actions import record
from omzien.kernel.filling import unknown
from omzien.kernel.text import clean, one_line
from omzien.people.models import Team
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.models import StandardText
from omzien.questions.models.texts import LONGEST_TEXT
from omzien.questions.refusals import NeedsWords, NotAllowed, TitleTaken, TooLong, UnknownPlace

# What is filled in when a text is put into an answer.
PLACES = ("voornaam", "referentie", "medewerker", "team", "telefoon")


@transaction.atomic
def write_text(
    *,
    municipality: Municipality,
    title: str,
    body: str,
    by: Actor,
    team: Team | None = None,
    text: StandardText | None = None,
) -> StandardText:
    """Make a standard text, or change one. Without a team it is for all teams.

    Raises NotAllowed, NeedsWords, TooLong, UnknownPlace, TitleTaken.
    """
    row = _locked(text, by) if text else StandardText(municipality=municipality, team=team)
    if text is None:
        _may(by, team)
    row.title, row.body = one_line(title, 80), clean(body)
    if not row.title or not row.body:
        raise NeedsWords
    if len(row.body) > LONGEST_TEXT:
        raise TooLong(LONGEST_TEXT)
    if odd := next(unknown(row.body, PLACES), ""):
        raise UnknownPlace(odd)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise TitleTaken from None
    _record("change" if text else "write", row, by)
    return row


@transaction.atomic
def remove_text(*, text: StandardText, by: Actor) -> None:
    """Take a standard text away; what was sent with it stays. Raises NotAllowed."""
    row = _locked(text, by)
    _record("remove", row, by)
    row.delete()


def _locked(text: StandardText, by: Actor) -> StandardText:
    row = StandardText.objects.select_for_update(of=("self",)).get(pk=text.pk)
    _may(by, row.team)
    return row


def _may(by: Actor, team: Team | None) -> None:
    reach = by.may("texts.change")
    is_own = Scope.TEAM in reach and team is not None and team.pk == by.team
    if not (Scope.ALL in reach or is_own):
        raise NotAllowed


def _record(verb: str, text: StandardText, by: Actor) -> None:
    record(
        verb=verb,
        subject="standard-text",
        subject_id=text.pk,
        by=by.key,
        municipality=text.municipality_id,
    )
