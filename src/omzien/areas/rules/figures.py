"""CBS key figures (kerncijfers wijken en buurten): names, units, numbers, adding up.

Source of the column names: CBS "Kerncijfers wijken en buurten", the files `kwb-<year>`
(lower case), StatLine (long names with a number) and the PDOK map (long, underscores).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

MISSING = frozenset({"", ".", "x", "-", "?", "null", "none", "nan", "n/a"})
# PDOK writes -99997 (suppressed) and -99999999 (unknown) where the CSV leaves a dot.
MISSING_BELOW = -99_990
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,12})?", re.ASCII)
_THOUSANDS = re.compile(r"-?\d{1,3}(\.\d{3})+,\d+", re.ASCII)


class BadNumber(ValueError):
    """A cell holds neither a number nor one of CBS's signs for missing."""


class How(StrEnum):
    """How a figure of several buurten becomes one figure."""

    SUM = "sum"
    MEAN = "mean"  # weighted by another figure


@dataclass(frozen=True)
class Figure:
    """One key figure: our key, its Dutch label and unit, the names it goes by in files."""

    key: str
    label: str
    unit: str
    names: tuple[str, ...]
    how: How = How.SUM
    weight: str = ""


def _count(key: str, label: str, *names: str, unit: str = "aantal") -> Figure:
    return Figure(key, label, unit, names)


def _mean(key: str, label: str, unit: str, weight: str, *names: str) -> Figure:
    return Figure(key, label, unit, names, How.MEAN, weight)


FIGURES: tuple[Figure, ...] = (
    _count("inhabitants", "Inwoners", "a_inw", "inwoners", "aantalinwoners", "aantal_inwoners"),
    _count("men", "Mannen", "a_man", "mannen"),
    _count("women", "Vrouwen", "a_vrouw", "vrouwen"),
    _count("aged_0_14", "Jonger dan 15 jaar", "a_00_14", "inwoners0tot15", "k_0tot15jaar"),
    _count("aged_15_24", "15 tot 25 jaar", "a_15_24", "k_15tot25jaar"),
    _count("aged_25_44", "25 tot 45 jaar", "a_25_44", "k_25tot45jaar"),
    _count("aged_45_64", "45 tot 65 jaar", "a_45_64", "k_45tot65jaar"),
    _count("aged_65_plus", "65 jaar en ouder", "a_65_oo", "inwoners65plus", "k_65jaarofouder"),
    _count(
        "households",
        "Huishoudens",
        "a_hh",
        "huishoudens",
        "huishoudenstotaal",
        "aantal_huishoudens",
    ),
    _count("single_households", "Mensen die alleen wonen", "a_1p_hh", "eenpersoonshuishoudens"),
    _count(
        "households_without_children",
        "Huishoudens zonder kinderen",
        "a_hh_z_k",
        "huishoudenszonderkinderen",
    ),
    _count(
        "households_with_children",
        "Huishoudens met kinderen",
        "a_hh_m_k",
        "huishoudensmetkinderen",
    ),
    _mean(
        "household_size",
        "Mensen per huishouden",
        "personen",
        "households",
        "g_hhgro",
        "huishoudensgrootte",
        "gemiddeldehuishoudensgrootte",
    ),
    _mean(
        "density",
        "Inwoners per vierkante kilometer",
        "per km²",
        "area_land_ha",
        "bev_dich",
        "dichtheid",
        "bevolkingsdichtheid",
    ),
    _count("dwellings", "Woningen", "a_woning", "woningvoorraad"),
    _mean(
        "home_value",
        "Gemiddelde WOZ-waarde",
        "× € 1.000",
        "households",
        "g_wozbag",
        "g_woz",
        "wozwaarde",
        "gemiddeldewozwaardevanwoningen",
    ),
    _mean("owner_occupied", "Koopwoningen", "%", "households", "p_koopw", "koopwoningen"),
    _mean("rented", "Huurwoningen", "%", "households", "p_huurw", "huurwoningentotaal"),
    _mean(
        "housing_association",
        "Huur van een woningcorporatie",
        "%",
        "households",
        "p_wcorpw",
        "inbezitwoningcorporatie",
    ),
    _mean(
        "single_family_homes",
        "Eengezinswoningen",
        "%",
        "households",
        "p_1gezw",
        "eengezinswoning",
        "percentageeengezinswoning",
    ),
    _mean(
        "income_per_inhabitant",
        "Inkomen per inwoner",
        "× € 1.000",
        "inhabitants",
        "g_ink_pi",
        "inkomenperinwoner",
        "gemiddeldinkomenperinwoner",
    ),
    _mean("low_income", "Inwoners met een laag inkomen", "%", "inhabitants", "p_ink_li"),
    _mean(
        "low_income_households", "Huishoudens met een laag inkomen", "%", "households", "p_hh_li"
    ),
    _mean(
        "social_minimum",
        "Huishoudens onder of rond het sociaal minimum",
        "%",
        "households",
        "p_hh_osm",
    ),
    _mean("poverty", "Inwoners in armoede", "%", "inhabitants", "p_ink_ar"),
    _count("social_assistance", "Mensen met bijstand", "a_soz_wb"),
    _count("disability_benefit", "Mensen met een uitkering voor arbeidsongeschiktheid", "a_soz_ao"),
    _count("unemployment_benefit", "Mensen met een WW-uitkering", "a_soz_ww"),
    _count("state_pension", "Mensen met AOW", "a_soz_ow"),
    _count("youth_care", "Jongeren met jeugdzorg", "a_jz_tn", "jongerenmetjeugdzorginnatura"),
    _count("wmo_clients", "Mensen met Wmo-hulp", "a_wmo_t", "wmoclienten", "wmo_clienten"),
    _mean(
        "wmo_per_1000",
        "Mensen met Wmo-hulp",
        "per 1.000 inwoners",
        "inhabitants",
        "p_wmo_t",
        "wmoclientenrelatief",
    ),
    _mean("cars_per_household", "Auto's per huishouden", "auto's", "households", "g_pau_hh"),
    _mean(
        "distance_gp",
        "Afstand tot de huisarts",
        "km",
        "inhabitants",
        "g_afs_hp",
        "afstandhuisarts",
        "afstandtothuisartsenpraktijk",
    ),
    _mean(
        "distance_supermarket",
        "Afstand tot een grote supermarkt",
        "km",
        "inhabitants",
        "g_afs_gs",
        "afstandsupermarkt",
        "afstandtotgrotesupermarkt",
    ),
    _mean(
        "distance_childcare",
        "Afstand tot de kinderopvang",
        "km",
        "inhabitants",
        "g_afs_kv",
        "afstandtotkinderdagverblijf",
    ),
    _mean(
        "distance_school",
        "Afstand tot een basisschool",
        "km",
        "inhabitants",
        "g_afs_sc",
        "afstandschool",
        "afstandtotschool",
    ),
    _mean(
        "schools_within_3_km",
        "Scholen binnen 3 kilometer",
        "scholen",
        "inhabitants",
        "g_3km_sc",
        "scholenbinnen3km",
    ),
    _count("area_ha", "Oppervlakte", "a_opp_ha", "oppervlaktetotaal", unit="hectare"),
    _count(
        "area_land_ha",
        "Oppervlakte land",
        "a_lan_ha",
        "oppervlaktelandha",
        "oppervlakteland",
        unit="hectare",
    ),
    _count("area_water_ha", "Oppervlakte water", "a_wat_ha", "oppervlaktewater", unit="hectare"),
    _mean(
        "urbanity",
        "Stedelijkheid (1 stad, 5 platteland)",
        "1 tot 5",
        "inhabitants",
        "ste_mvs",
        "stedelijkheid",
        "matevanstedelijkheid",
    ),
    _mean(
        "address_density",
        "Adressen in de omgeving",
        "per km²",
        "inhabitants",
        "ste_oad",
        "adressendichtheid",
        "omgevingsadressendichtheid",
    ),
)
FIGURES_BY_KEY: dict[str, Figure] = {figure.key: figure for figure in FIGURES}


def number(text: str) -> float | int | None:
    """Return the number in a cell, None when CBS marks it missing; raise BadNumber otherwise.

    A decimal comma and a decimal point are both read. No key figure is negative.
    """
    cell = text.strip().casefold()
    if cell in MISSING:
        return None
    if _THOUSANDS.fullmatch(cell):
        cell = cell.replace(".", "")
    cell = cell.replace(",", ".", 1)
    if not _NUMBER.fullmatch(cell):
        raise BadNumber(text[:40])
    value = float(cell)
    if value <= MISSING_BELOW:
        return None
    if value < 0:
        raise BadNumber(text[:40])
    return int(value) if value.is_integer() else value


def sum_up(figure: Figure, buurten: Sequence[Mapping[str, float]]) -> tuple[float | None, int]:
    """Return one figure over several buurten, and for how many of them it is unknown.

    A count is the sum over the buurten where it is known, hence a lower bound. A mean is
    Σ(wᵢ·xᵢ) / Σ(wᵢ) with wᵢ the figure named by `weight` (inhabitants, households, land);
    a buurt without weight cannot count and is unknown too. None when nothing is known.
    """
    if figure.how is How.SUM:
        known = [buurt[figure.key] for buurt in buurten if figure.key in buurt]
        return (sum(known) if known else None), len(buurten) - len(known)
    pairs = [
        (buurt[figure.key], buurt[figure.weight])
        for buurt in buurten
        if figure.key in buurt and buurt.get(figure.weight, 0) > 0
    ]
    weights = sum(weight for _, weight in pairs)
    if not pairs:
        return None, len(buurten)
    mean = sum(value * weight for value, weight in pairs) / weights
    return round(mean, 2), len(buurten) - len(pairs)
