"""Making a file of all about somebody; whoever it is about hears that the officer made one."""

from collections.abc import Mapping

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omzien.messages.letters import write_to
from omzien.messages.mails import Mail, notice
from omzien.people.models import Person
from omzien.people.privacy.export import Part, everything_about, note_export, reads_whole
from omzien.people.rules.looking import WhyWhole
from omzien.people.rules.roles import Actor

WHY: Mapping[WhyWhole, object] = {
    WhyWhole.ASKED: _("De persoon vroeg om het bestand en kan het zelf niet ophalen"),
    WhyWhole.COMPLAINT: _("De persoon diende een klacht in"),
}
MAILS: Mapping[str, Mail] = {
    "file-made": notice(
        _("Aan wie over wie de privacyfunctionaris een bestand maakte"),
        _("Er is een bestand gemaakt met je gegevens bij Omzien {gemeente}"),
        _(
            "De privacyfunctionaris van de gemeente maakte een bestand met alles wat we over je "
            "bewaren. Klopt dat niet? Laat het de gemeente weten."
        ),
        look=_("Waarom, lees je bij je eigen gegevens: {link}"),
    ),
}


@transaction.atomic
def make_file(
    *, person: Person, form: str, by: Actor, because: WhyWhole | None = None
) -> list[Part]:
    """Return all about somebody for a file, write that down, and tell whom it is about when
    somebody else made it. Raises what `everything_about` does.
    """
    parts = everything_about(person=person, by=by, because=because)
    note_export(person=person.pk, by=by, form=form, because=because)
    if because and not reads_whole(by, person.pk):
        write_to(
            [person.email or (person.account.email if person.account else "") or ""],
            MAILS,
            "file-made",
            municipality=person.municipality,
            key=f"file-made:{person.pk}:{because}:{timezone.localdate()}",
            path=reverse("own-data"),
        )
    return parts
