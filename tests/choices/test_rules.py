"""What may be chosen: each kind with what it refuses, contrast, places to fill in, working days."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omzien.choices.colours import contrast, too_faint
from omzien.choices.kinds import KINDS, Limits, Wrong, read, show
from omzien.choices.table import COLOURS, THEME, groups, settings
from omzien.kernel.filling import fill, unknown
from omzien.kernel.workdays import add_working_days, easter, public_holidays, working_days_until

DAYS = Limits(least_number=1, most_number=20)
PLACES = Limits(most=500, places=("titel", "link"), needed=frozenset({"link"}))


@pytest.mark.parametrize(
    "kind,limits,raw,value",
    [
        ("line", Limits(), "  Gemeente\x00 \u202eMeierijstad \t", "Gemeente Meierijstad"),
        ("text", Limits(), "Stadhuisplein 1\r\n5461 KN Veghel", "Stadhuisplein 1\n5461 KN Veghel"),
        ("line", Limits(), "{} & {naam} < 5", "{} & {naam} < 5"),
        ("phone", Limits(), "14 0413", "14 0413"),
        ("phone", Limits(), "", ""),
        ("mail", Limits(), " Info@Meer.example ", "info@meer.example"),
        ("url", Limits(), "https://www.meer.example/pad", "https://www.meer.example/pad"),
        ("number", DAYS, "7", 7),
        ("number", DAYS, "", None),
        ("flag", Limits(), "nee", False),
        ("colour", Limits(), "#14634B", "#14634b"),
        ("hosts", Limits(), "https://*.meer.example/\nhttps://a.nl", ["https://*.meer.example", "https://a.nl"]),
        ("dates", Limits(), "24-12-2026\n2026-05-15", ["2026-05-15", "2026-12-24"]),
        (
            "week", Limits(), "dinsdag 13.00 tot 17.00\nMaandag 9.00-17.00\ndinsdag 8:30 – 12.00",
            [
                ["maandag", "09:00", "17:00"],
                ["dinsdag", "08:30", "12:00"],
                ["dinsdag", "13:00", "17:00"],
            ],
        ),
        ("mail_body", PLACES, "Kijk op {link}", "Kijk op {link}"),
        ("mail_body", PLACES, "", ""),
    ],
)  # fmt: skip
def test_a_good_value_is_read_and_comes_back_the_same_from_its_field(kind, limits, raw, value):
    assert read(kind, raw, limits) == value
    assert read(kind, show(kind, value), limits) == value


@pytest.mark.parametrize(
    "kind,limits,raw,said",
    [
        ("line", Limits(most=80), "x" * 81, "Het mogen er 80 zijn"),
        ("line", Limits(), "x" * 5_000_000, "veel te lang"),
        ("line", Limits(required=True), "\x00 \u200b", "niet leeg"),
        ("line", Limits(), "<b>dik</b>", "geen HTML"),
        ("text", Limits(), "een <!-- grap", "geen HTML"),
        ("text", Limits(), "5 &#60; 6", "geen HTML"),
        ("phone", Limits(), "bel ons", "geen telefoonnummer"),
        ("phone", Limits(), "-------", "geen telefoonnummer"),
        ("mail", Limits(), "info@", "geen mailadres"),
        ("url", Limits(), "javascript:alert(1)", "geen webadres"),
        ("number", DAYS, "0", "van 1 tot en met 20"),
        ("number", DAYS, "21", "van 1 tot en met 20"),
        ("number", DAYS, "-3", "heel getal"),
        ("number", DAYS, "٣", "heel getal"),
        ("number", DAYS, "9" * 4_000, "heel getal"),
        ("flag", Limits(), "true", "ja of nee"),
        ("choice", Limits(options={"je": "je"}), "jij", "geen van de keuzes"),
        ("colour", Limits(), "groen", "geen kleur"),
        ("colour", Limits(), "#14634", "geen kleur"),
        ("colour", Limits(), "#14634b;} body{display:none", "geen kleur"),
        ("hosts", Limits(), "http://meer.nl", "geen adres van een site"),
        ("hosts", Limits(), "https://meer.nl 'unsafe-inline'", "geen adres van een site"),
        ("hosts", Limits(), "https://*", "geen adres van een site"),
        ("dates", Limits(), "31-02-2026", "geen datum"),
        ("dates", Limits(), "1-1-0001", "geen datum"),
        ("dates", Limits(), "\n".join(["24-12-2026"] * 61), "te veel regels"),
        ("week", Limits(), "vrijdag 22.00-02.00", "Over middernacht kan niet"),
        ("week", Limits(), "maandag 9.00-9.00", "eindtijd"),
        ("week", Limits(), "maandag 24.00-25.00", "niet te lezen"),
        ("week", Limits(), "monday 9.00-17.00", "niet te lezen"),
        ("week", Limits(), "maandag 9.00-13.00\nmaandag 12.00-17.00", "door elkaar"),
        ("mail_body", PLACES, "Hallo {titel}", "moet {link} staan"),
        ("mail_body", PLACES, "{link} {naam}", "“{naam}” is geen invulveld"),
        ("mail_body", PLACES, "{link} {}", "“{}” is geen invulveld"),
        ("mail_body", PLACES, "{link} {titel.__class__}", "geen invulveld"),
        ("mail_body", PLACES, "{link} {0}", "geen invulveld"),
        ("mail_body", PLACES, "{link} }", "geen invulveld"),
        ("mail_body", PLACES, "{link} <a href=x>", "geen HTML"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_in_plain_dutch(kind, limits, raw, said):
    with pytest.raises(Wrong) as refusal:
        read(kind, raw, limits)
    assert said in refusal.value.sentence and len(refusal.value.sentence) < 250


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("odd", [[1], {"a": 1}, [["maandag"]], True, 3.5, [None], "x", -1])
def test_a_strange_value_from_a_file_is_refused_and_breaks_nothing(kind, odd):
    limits = Limits(least_number=1, most_number=2, options={"je": "je"})
    with suppress(Wrong):
        read(kind, show(kind, odd), limits)


@given(st.text(max_size=200), st.sampled_from(sorted(KINDS)))
def test_no_text_whatsoever_breaks_a_kind(text, kind):
    limits = Limits(most=50, least_number=1, most_number=9, options={"je": 1}, places=("titel",))
    try:
        value = read(kind, text, limits)
    except Wrong as refusal:
        assert refusal.sentence
    else:
        assert read(kind, show(kind, value), limits) == value


def test_every_setting_has_a_page_and_a_default_that_its_own_check_accepts(world):
    for one in settings().values():
        assert one.group in groups() and str(one.label)
        standard = one.standard(world.meierijstad)
        assert read(one.kind, show(one.kind, standard), one.limits) == standard, one.code


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)  # WebAIM: 4.48
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")
    assert not list(too_faint({code: str(THEME[code]) for code in COLOURS}))
    faint = {pair.front for pair, _ in too_faint({**THEME, "theme_main": "#7fc4a8"})}
    assert faint == {"theme_main", "#ffffff"}


def test_a_place_is_filled_in_once_and_never_from_what_was_filled_in():
    values = {"titel": "{link} {titel}", "link": "https://a"}
    assert fill("{titel} op {link}, {onbekend} {titel.__class__}", values) == (
        "{link} {titel} op https://a, {onbekend} {titel.__class__}"
    )
    assert list(unknown("{titel} {x} }", {"titel"})) == ["{x}", "}"]


def test_working_days_know_the_dutch_holidays_and_the_days_that_an_office_adds():
    assert (easter(2024), easter(2038)) == (date(2024, 3, 31), date(2038, 4, 25))
    assert date(2025, 4, 26) in public_holidays(2025)  # the 27th is a Sunday
    assert add_working_days(date(2026, 12, 23), 2) == date(2026, 12, 28)
    assert add_working_days(date(2026, 12, 23), 2, {date(2026, 12, 24)}) == date(2026, 12, 29)
    assert working_days_until(date(2026, 12, 28), on=date(2026, 12, 24)) == 1


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 30))
def test_counting_working_days_back_gives_what_was_added(day, count):
    assert working_days_until(add_working_days(day, count), on=day) == count
    assert add_working_days(day, count) >= day + timedelta(days=count)
