"""What must hold between settings. Each check gets all values as they would become."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omzien.choices.colours import (
    BLACK,
    CONTROL,
    INK,
    SAND,
    SOFT_INK,
    WHITE,
    Pair,
    too_faint,
)
from omzien.choices.table import COLOURS
from omzien.directory.language.topics import all_topics
from omzien.directory.rules import WARNED_DAYS

# How the colours are called that nobody can choose.
FIXED = {
    WHITE: gettext_lazy("wit"),
    BLACK: gettext_lazy("zwart"),
    SAND: gettext_lazy("de achtergrond van de pagina"),
    INK: gettext_lazy("de kleur van gewone letters"),
    SOFT_INK: gettext_lazy("de kleur van uitleg"),
}
Values = Mapping[str, Any]
Found = Iterator[tuple[str, str]]
"""The code of the setting to mend, and what is wrong."""


def _terms_rise(values: Values) -> Found:
    if values["contacts_days"] > values["all_days"]:
        yield (
            "contacts_days",
            _("Dit is langer dan de termijn waarna alles nagekeken moet worden (%(days)s dagen).")
            % {"days": values["all_days"]},
        )
    if values["remind_last_days"] <= values["remind_again_days"]:
        yield (
            "remind_last_days",
            _("De laatste herinnering moet na de tweede mail komen (%(days)s dagen).")
            % {"days": values["remind_again_days"]},
        )
    soonest = values["remind_last_days"] + WARNED_DAYS
    if values["leave_days"] < soonest:
        yield (
            "leave_days",
            _("Dit is te kort: minstens %(days)s dagen, dus 14 na de laatste herinnering.")
            % {"days": soonest},
        )


def _reminder_comes_first(values: Values) -> Found:
    if values["question_answer"] <= values["question_remind"]:
        yield (
            "question_answer",
            _("Een overdracht komt pas terug na de herinnering (%(days)s werkdagen).")
            % {"days": values["question_remind"]},
        )


def _colours_can_be_read(values: Values) -> Found:
    worst: dict[str, tuple[Pair, float]] = {}
    for pair, ratio in too_faint({code: values[code] for code in COLOURS}):
        code = pair.front if pair.front in COLOURS else pair.back
        if code not in worst or ratio < worst[code][1]:
            worst[code] = (pair, ratio)
    # One sentence for a colour says enough: who mends the worst pair mends the others.
    for code, (pair, ratio) in worst.items():
        yield (
            code,
            _(
                "%(what)s: het contrast is %(ratio)s op 1, en dat moet minstens %(least)s op 1 "
                "zijn. Kies een kleur die meer verschilt."
            )
            % {
                "what": _names(pair),
                # Rounded down: 4.49 must not be shown as the 4.5 that it is not.
                "ratio": _number(int(ratio * 10) / 10),
                "least": _number(pair.least),
            },
        )


def _names(pair: Pair) -> str:
    front, back = (str((COLOURS | FIXED)[colour]) for colour in (pair.front, pair.back))
    if pair.least == CONTROL:
        return _("%(front)s naast %(back)s") % {"front": front, "back": back}
    return _("Letters in %(front)s op %(back)s") % {"front": front, "back": back}


def _number(value: float) -> str:
    return str(number_format(value, 1))


def _crisis_desk_has_both(values: Values) -> Found:
    if values["crisis_desk_name"] and not values["crisis_desk"]:
        yield "crisis_desk", _("Vul bij deze naam ook het nummer in.")


def _topics_differ(values: Values) -> Found:
    names = {code: str(values[f"topic.{code}.label"]).casefold() for code in all_topics()}
    known = Counter(names.values())
    for code, name in names.items():
        if known[name] > 1 and name != all_topics()[code].nl.casefold():
            yield f"topic.{code}.label", _("Een ander onderwerp heet ook zo. Kies een andere naam.")


CHECKS: tuple[Callable[[Values], Found], ...] = (
    _terms_rise,
    _reminder_comes_first,
    _colours_can_be_read,
    _crisis_desk_has_both,
    _topics_differ,
)


def wrong_together(values: Values) -> Found:
    """Yield what is wrong between settings, with the code of the one to mend."""
    for check in CHECKS:
        yield from check(values)
