"""How languages are called: the one table, for filters, forms, reports and files."""

from collections.abc import Sequence

from django.utils.functional import lazy
from django.utils.translation import get_language

from omzien.kernel.text import fold

# By code: in Dutch and in English.
LANGUAGES = {
    "nl": ("Nederlands", "Dutch"), "en": ("Engels", "English"), "pl": ("Pools", "Polish"),
    "tr": ("Turks", "Turkish"), "ar": ("Arabisch", "Arabic"), "uk": ("Oekraïens", "Ukrainian"),
    "am": ("Amhaars", "Amharic"), "ber": ("Berbers", "Berber"), "bg": ("Bulgaars", "Bulgarian"),
    "cs": ("Tsjechisch", "Czech"), "de": ("Duits", "German"), "el": ("Grieks", "Greek"),
    "es": ("Spaans", "Spanish"), "fa": ("Farsi", "Farsi"), "fr": ("Frans", "French"),
    "he": ("Hebreeuws", "Hebrew"), "hi": ("Hindi", "Hindi"), "hr": ("Kroatisch", "Croatian"),
    "ht": ("Haïtiaans Creools", "Haitian Creole"), "hu": ("Hongaars", "Hungarian"),
    "id": ("Indonesisch", "Indonesian"), "it": ("Italiaans", "Italian"),
    "ja": ("Japans", "Japanese"), "ko": ("Koreaans", "Korean"), "ku": ("Koerdisch", "Kurdish"),
    "lt": ("Litouws", "Lithuanian"), "lv": ("Lets", "Latvian"), "ne": ("Nepalees", "Nepali"),
    "pap": ("Papiaments", "Papiamento"), "prs": ("Dari", "Dari"), "ps": ("Pasjtoe", "Pashto"),
    "pt": ("Portugees", "Portuguese"), "ro": ("Roemeens", "Romanian"),
    "ru": ("Russisch", "Russian"), "sk": ("Slowaaks", "Slovak"), "so": ("Somalisch", "Somali"),
    "sq": ("Albanees", "Albanian"), "sr": ("Servisch", "Serbian"), "sw": ("Swahili", "Swahili"),
    "ti": ("Tigrinya", "Tigrinya"), "ur": ("Urdu", "Urdu"), "vi": ("Vietnamees", "Vietnamese"),
    "yi": ("Jiddisch", "Yiddish"), "zh": ("Chinees", "Chinese"),
    "dse": ("Nederlandse Gebarentaal", "Dutch Sign Language"),
}  # fmt: skip
# Other ways in which files write them.
_ALSO = {
    "berber": "ber", "creole": "ht", "gebarentaal": "dse", "pashto": "ps", "perzisch": "fa",
    "portugese": "pt", "somali": "so",
}  # fmt: skip
CODES = {fold(name): code for code, names in LANGUAGES.items() for name in names} | _ALSO
"""The code of a language by its folded name, in Dutch or in English."""


def language_name(code: str) -> str:
    """Return how a language is called in that of the page; a code without a name stays so."""
    dutch, english = LANGUAGES.get(code, (code, code))
    return english if get_language() == "en" else dutch


language_name_lazy = lazy(language_name, str)


def language_names(codes: Sequence[str]) -> str:
    """Return the names of languages as a form holds them, and a check of it reads them."""
    return "; ".join(map(language_name, codes))
