"""A draft of the interface in the Dutch that says "u", for who writes that catalogue.

`python -m bench.formal` prints each text that says "je" and has no formal one yet, with a
draft. It never writes the catalogue: Dutch says "je" for the subject, the object and the owner,
so a person must look at each (src/omzien/web/locale/nl_Formal/LC_MESSAGES/django.po).
"""

import re

from bench import messages

# The verb after its subject takes a t with "u": "kun je" is "kunt u".
TURNED = {
    "ben": "bent", "bedoel": "bedoelt", "denk": "denkt", "druk": "drukt", "haal": "haalt",
    "heb": "hebt", "houd": "houdt", "kijk": "kijkt", "kom": "komt",
    "krijg": "krijgt", "kun": "kunt", "lees": "leest", "typ": "typt",
    "verander": "verandert", "vink": "vinkt", "wil": "wilt", "woon": "woont",
    "zie": "ziet", "zoek": "zoekt", "mag": "mag", "hoef": "hoeft", "weet": "weet",
    "had": "had", "vertel": "vertelt", "zet": "zet",
}  # fmt: skip
AFTER_SUBJECT = (
    "hebt|kunt|krijgt|ziet|mag|wilt|moet|hoeft|bent|had|leest|schreef|vertelt|werkt|bewaart|koos"
    "|kreeg|nu|hier|het|de|zo|er|je|erbij|zelf|een|aan|alleen|dit|wilt|geen|na"
)
BEFORE_OBJECT = "op|aan|voor|met|bij|naar|volgen|helpt|om|van|ik|we|wij|over|dan|zeggen"


def draft(text: str) -> str:
    """Return a text that says "je" with "u" in its place, as well as rules can tell."""
    for plain, turned in TURNED.items():
        text = re.sub(rf"\b({plain}) (je|jij)\b", rf"{turned} u", text)
        text = re.sub(rf"\b({plain.capitalize()}) (je|jij)\b", rf"{turned.capitalize()} u", text)
    text = re.sub(rf"\b(je|jij)\b(?= ({AFTER_SUBJECT})\b)", "u", text)
    text = re.sub(rf"\b(Je|Jij)\b(?= ({AFTER_SUBJECT})\b)", "U", text)
    text = re.sub(rf"\b({BEFORE_OBJECT}) (je|jou)\b(?=[.,?!:]|$)", r"\1 u", text)
    text = re.sub(r"\b([Dd]ank) je\b", r"\1 u", text)
    text = re.sub(r"\b(Je|Jouw)\b", "Uw", text)
    text = re.sub(r"\bjezelf\b", "uzelf", text)
    return re.sub(r"\b(je|jouw)\b", "uw", text)


def main() -> None:
    """Print the drafts of what nobody wrote yet."""
    for text in messages.untranslated(messages.kept_formal()):
        for form in (text,) if isinstance(text, str) else text:
            print(f"{form}\n    {draft(form)}\n")


if __name__ == "__main__":
    main()
