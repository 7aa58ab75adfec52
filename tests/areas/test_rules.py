import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omzien.areas import rules
from omzien.areas.rules import Level
from omzien.areas.rules.figures import How

HEADER = (
    "gwb_code_10;gwb_code_8;regio;gm_naam;recs;gwb_code;ind_wbz;a_inw;a_man;a_vrouw;a_00_14;"
    "a_15_24;a_25_44;a_45_64;a_65_oo;a_nb_won ;p_won_ev ;a_hh;a_1p_hh;g_hhgro;bev_dich;"
    "g_wozbag;p_koopw;p_huurw;g_ink_pi;a_soz_wb;p_wmo_t;g_afs_hp;g_afs_gs;g_afs_kv;g_afs_sc;"
    "g_3km_sc;a_opp_ha;a_lan_ha;a_wat_ha;ste_mvs;ste_oad"
)
OFFICIAL = HEADER.split(";")


@pytest.mark.parametrize(
    "typed,level,code",
    [
        ("BU19480225", None, "BU19480225"),
        (" bu19480225  ", None, "BU19480225"),
        ("19480225", None, "BU19480225"),
        ("3630000", Level.BUURT, "BU03630000"),
        ("194802", None, "WK194802"),
        ("BU0363AF01", None, "BU0363AF01"),
        ("WK0363AF", Level.WIJK, "WK0363AF"),
        ("GM1948", None, "GM1948"),
        ("1948", None, "GM1948"),
        ("NL00", None, None),
        ("BU1948", None, None),
        ("WK194802", Level.BUURT, None),
        ("", None, None),
        ("BU١٩٤٨٠٢٢٥", None, None),
    ],
)
def test_a_code_is_read_as_cbs_or_a_spreadsheet_wrote_it(typed, level, code):
    assert rules.normal_code(typed, level) == code


@given(st.text(), st.sampled_from([None, *Level]))
def test_a_code_is_none_or_whole_and_stable(text, level):
    code = rules.normal_code(text, level)
    assert code is None or rules.normal_code(code) == code


@pytest.mark.parametrize(
    "cell,value",
    [
        ("920", 920), ("920.0", 920), ("2,3", 2.3), ("0", 0), (" 1,25 ", 1.25), ("1.234,5", 1234.5),
        ("", None), (".", None), (" . ", None), ("x", None), ("X", None), ("-", None),
        ("-99997", None), ("-99999999", None), ("-99995,0", None),
    ],
)  # fmt: skip
def test_a_number_is_read_with_comma_or_point_and_missing_is_none(cell, value):
    assert rules.number(cell) == value


@pytest.mark.parametrize(
    "cell", ["=1+1", "twee", "1e9", "inf", "١٢", "-5", "1,2,3", "9" * 30, "5%"]
)
def test_what_is_no_number_is_said(cell):
    with pytest.raises(rules.BadNumber):
        rules.number(cell)


@given(st.text())
def test_a_number_is_finite_and_never_negative(text):
    try:
        value = rules.number(text)
    except rules.BadNumber:
        return
    assert value is None or (math.isfinite(value) and value >= 0)


@given(st.floats(0, 1e9).map(lambda x: round(x, 3)))
def test_a_decimal_comma_and_a_point_say_the_same(value):
    text = f"{value:.3f}"
    assert rules.number(text) == rules.number(text.replace(".", ",")) == pytest.approx(value)


def test_the_official_header_is_understood():
    names = {figure.key: figure.names for figure in rules.FIGURES}
    columns, twice = rules.columns_of(OFFICIAL, names)
    assert not twice
    assert OFFICIAL[columns["aged_0_14"]] == "a_00_14"
    assert OFFICIAL[columns["aged_65_plus"]] == "a_65_oo"
    assert OFFICIAL[columns["single_households"]] == "a_1p_hh"
    assert len(columns) == 28


@given(st.integers(0, 999), st.integers(0, 999))
def test_the_number_behind_a_name_means_nothing(first, second):
    header = [f"WmoClientenRelatief_{first} ", f" AantalInwoners_{second}", f"Onbekend_{first}"]
    names = {figure.key: figure.names for figure in rules.FIGURES}
    assert rules.columns_of(header, names) == ({"wmo_per_1000": 0, "inhabitants": 1}, [])


def test_a_column_that_stands_twice_is_said_and_the_first_counts():
    columns, twice = rules.columns_of(["a_inw", "x", "A_INW "], {"inhabitants": ("a_inw",)})
    assert (columns, twice) == ({"inhabitants": 0}, ["inhabitants"])


def test_no_two_figures_share_a_name_and_every_weight_exists():
    names = [name for figure in rules.FIGURES for name in figure.names]
    assert len(names) == len(set(names))
    assert len(rules.FIGURES_BY_KEY) == len(rules.FIGURES)
    for figure in rules.FIGURES:
        assert (figure.how is How.MEAN) == (figure.weight in rules.FIGURES_BY_KEY)


def test_counts_add_up_and_say_how_many_are_unknown():
    people = rules.FIGURES_BY_KEY["inhabitants"]
    assert rules.sum_up(people, [{"inhabitants": 10}, {}, {"inhabitants": 5}]) == (15, 1)
    assert rules.sum_up(people, [{}, {}]) == (None, 2)


def test_means_are_weighted_and_a_buurt_without_people_is_unknown():
    distance = rules.FIGURES_BY_KEY["distance_gp"]
    buurten = [
        {"inhabitants": 300, "distance_gp": 1.0},
        {"inhabitants": 100, "distance_gp": 3.0},
        {"distance_gp": 99.0},
        {"inhabitants": 0, "distance_gp": 99.0},
        {"inhabitants": 7},
    ]
    assert rules.sum_up(distance, buurten) == (1.5, 3)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"households": st.integers(1, 9999), "household_size": st.floats(1, 6)}
        ),
        min_size=1,
    )
)
def test_a_weighted_mean_lies_between_the_extremes(buurten):
    mean, unknown = rules.sum_up(rules.FIGURES_BY_KEY["household_size"], buurten)
    sizes = [buurt["household_size"] for buurt in buurten]
    assert unknown == 0
    assert min(sizes) - 0.01 <= mean <= max(sizes) + 0.01


@pytest.mark.parametrize(
    "one,other",
    [
        ("St. Oedenrode", "Sint-Oedenrode"), ("SCHYNDEL", "Schijndel"), ("'t Ven Oost", "ven oost"),
        ("gemeente Meierijstad", "Meierijstad"), ("Wijk 02 Schijndel", "Schijndel"),
        ("Den Bosch", "'s-Hertogenbosch"), ("Carré", "carre"), ("ĳsselstein", "IJsselstein"),
    ],
)  # fmt: skip
def test_spellings_of_one_name_meet(one, other):
    assert rules.name_key(one) == rules.name_key(other)


@given(st.text())
def test_a_name_key_is_plain_and_stable(text):
    key = rules.name_key(text)
    assert key.isascii()
    assert rules.name_key(key) == key or key.split()[0] in ("bosch", "haag", "wyk")
