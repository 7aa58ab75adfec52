"""How a setting is called outside its own page: in the history and in what a file would change."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omzien.choices.table import groups, settings
from omzien.directory.language.topics import all_topics

VILLAGE_FIELDS = {
    "name": gettext_lazy("naam"),
    "also_called": gettext_lazy("oude namen"),
    "buurt_codes": gettext_lazy("buurten"),
}


def name_of(code: str) -> str:
    """Return the name of a setting with enough of its page to know which one is meant."""
    setting = settings().get(code)
    if setting is None:
        return str(VILLAGE_FIELDS.get(code, code))
    if code.startswith("topic."):
        topic = all_topics()[code.split(".")[1]]
        what = _("naam") if code.endswith(".label") else _("uitleg")
        return f"{topic.nl}: {what}"
    if code.startswith("mail."):
        return f"{groups()[setting.group].title}: {setting.label}"
    return str(setting.label)
