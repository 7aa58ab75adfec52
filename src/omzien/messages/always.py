"""What goes to who turned mail off as well, each with the reason that they read.

Mail about signing in and about an account is not sent as a notice (`signing_in.py`), and goes
always too.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

DANGER = _("Iemand is in gevaar, en dan moet er meteen iemand helpen.")
RECEIPT = _("Je stelde een vraag. De wet zegt dat je daarvan een bevestiging krijgt.")
LOOKED = _("Iemand las een vraag in nood. Wie het aangaat, moet dat altijd horen.")
ANSWER = _("Je was het niet eens met iets, of vroeg iets over je gegevens. Dit is het antwoord.")
HELPER = _("Een ander team helpt je nu, na een gesprek waar je niet bij was. Dat moet je weten.")
YOUR_DATA = _("Er gebeurde iets met je gegevens. Dan moet je nee kunnen zeggen.")

ALWAYS: Mapping[str, Any] = {
    "crisis": DANGER,
    "phone-tree": DANGER,
    "asked": RECEIPT,
    "asked-by-another": RECEIPT,
    "asked-for-another": RECEIPT,
    "asked-with-mandate": RECEIPT,
    "emergency": LOOKED,
    "emergency-told": LOOKED,
    "emergency-late": LOOKED,
    "objection-answered": ANSWER,
    "erasing-refused": ANSWER,
    "file-made": YOUR_DATA,
    "same-person": YOUR_DATA,
    "two-persons": YOUR_DATA,
    "resident-handed-over-unseen": HELPER,
}


def reasons() -> list[Any]:
    """Return the reasons, each once."""
    return list(dict.fromkeys(ALWAYS.values()))
