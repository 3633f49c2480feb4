"""Rates of single lines against the official texts.

Base rates and categories were read in the treaty annexes and the US tariff; the rates of a year were reckoned by hand
from the annex's rule (noted beside each), never taken from the program.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from knowledge.origin.agreement import agreements_of
from knowledge.settings import settings as read_settings
from knowledge.tariffs.schedule import TariffLine, rate_in, rates, source_of
from knowledge.tariffs.staging import Place, read_staging

# China's schedule in Annex 2-A (columns HS 2012, 기준세율, 양허유형). Year 1 is 2015, so 2026 is year 12.
CHINA = [
    # code, base, category, {year: rate}
    ("33049900", "6.5", "PR-20", {2015: "6.2", 2019: "5.2", 2026: "5.2"}),  # 6.5 x 0.96 = 6.24; 6.5 x 0.8
    ("33051000", "6.5", "PR-35", {2015: "6.0", 2026: "4.2"}),  # 6.5 x 0.93 = 6.045; 6.5 x 0.65 = 4.225
    ("33059000", "10", "PR-35", {2026: "6.5"}),
    ("33079000", "9", "PR-35", {2026: "5.8"}),  # 5.85
    ("33041000", "10", "E", {2015: "10", 2026: "10"}),
    ("33053000", "15", "E", {2026: "15"}),
    ("33061010", "10", "10", {2015: "9", 2023: "1", 2024: "0", 2026: "0"}),
    ("01061211", "10", "5", {2018: "2", 2019: "0"}),
    ("02011000", "20", "15", {2026: "4"}),  # 20 x 3/15
    ("02012000", "12", "15", {2026: "2.4", 2029: "0"}),
    ("02021000", "25", "20", {2026: "10", 2034: "0"}),  # 25 x 8/20
    ("29051430", "5.5", "15", {2026: "1.1"}),
    ("29053910", "4", "0", {2015: "0"}),
    ("29054300", "8", "5", {2016: "4.8"}),
    ("29054500", "14", "10", {2022: "2.8"}),
    ("96121000", "10.5", "15", {2026: "2.1"}),
    ("96122000", "25", "20", {2027: "8.7"}),  # 25 x 7/20 = 8.75
    ("96190010", "7.5", "E", {2026: "7.5"}),
    ("97040010", "8", "5", {2026: "0"}),
    ("21031000", "28", "20", {2026: "11.2"}),
    ("85016420", "5.8", "5", {2015: "4.6", 2016: "3.4"}),  # 4.64; 3.48
    ("15043000", "14.4", "10", {2019: "7.2", 2021: "4.3"}),  # 14.4 x 3/10 = 4.32
    ("29161100", "6.5", "15", {2022: "3.0", 2026: "1.3"}),  # 6.5 x 7/15 = 3.033
    ("90138030", "5", "10-A", {2022: "5", 2023: "2.5", 2024: "0"}),
    ("90139090", "8", "15-A", {2024: "8", 2025: "6.4", 2026: "4.8", 2029: "0"}),
    ("21069090", "20", "PR-8", {2026: "18.4"}),
    ("39013000", "6.5", "PR-8", {2026: "5.9"}),  # 5.98
    ("72091690", "6", "PR-30", {2026: "4.2"}),
    ("72221100", "10", "PR-10", {2026: "9"}),
    ("84081000", "5", "PR-50", {2017: "3.5", 2026: "2.5"}),
    ("84439929", "6", "PR-50", {2026: "3"}),
    ("52113100", "10", "PR-15", {2026: "8.5"}),
    ("19023030", "15", "20", {2026: "6"}),
    ("19053100", "15", "15", {2026: "3"}),
    ("20089990", "15", "10", {2023: "1.5", 2026: "0"}),
    ("87032361", "25", "PR-10", {2026: "22.5"}),
    ("85287211", "30", "E", {2026: "30"}),
    ("61091000", "14", "5", {2018: "2.8", 2026: "0"}),
]

# Viet Nam's schedule, Section A (base rate, staging category); year 1 is 2015.
VIET_NAM_A = [
    ("33043000", "22", "Y-10", {2023: "2.2", 2024: "0"}),
    ("33059000", "20", "Y-10", {2019: "10", 2026: "0"}),
    ("02071100", "40", "Y-8", {2021: "5", 2022: "0"}),
    ("19011030", "20", "Y-5", {2018: "4", 2019: "0"}),
    ("22030010", "35", "E", {2026: "35"}),
    ("29411011", "10", "Y-7", {2016: "7.1"}),  # 10 x 5/7 = 7.142
    ("87084026", "20", "Y-15", {2026: "4"}),
    ("87084027", "15", "Y-15", {2026: "3", 2029: "0"}),
    ("52081900", "12", "Y-3", {2016: "4", 2017: "0"}),
    ("23099013", "0", "Y-1", {2015: "0"}),
    ("33030000", "18", "S-2", {2020: "18"}),
    ("33041000", "22", "S-3", {2016: "22", 2017: "20", 2020: "20"}),
    ("25233000", "32", "S-3", {2018: "20"}),
    ("22043010", "55", "A", {2020: "55"}),
    ("25232100", "35", "B-2", {2020: "35"}),
]

# From 2021 the general notes fix only a ceiling: S-2, S-3 "zero to five percent", A "not more than 50 percent",
# B-2 a reduction of a rate of 2005 that is not printed, and never above the base rate.
CEILINGS = [
    ("33030000", "5"),
    ("33041000", "5"),
    ("1901903990", "5"),
    ("22043010", "50"),
    ("25232100", "35"),
    ("7306309090", "10"),
]

# Section B: base rate (2015), 2016, 2017, 2018 and after.
VIET_NAM_B = [
    ("33051090", ("10", "10", "10", "0")),
    ("33061010", ("5", "0", "0", "0")),
    ("02072500", ("5", "5", "5", "0")),
    ("02072799", ("5", "0", "0", "0")),
    ("7306309010", ("5", "5", "5", "0")),
    ("39269020", ("5", "0", "0", "0")),
    ("19053110", ("10", "10", "10", "0")),
    ("96180000", ("0", "0", "0", "0")),
]

# HTS 2026 revision 4: column 1 General, and what stands before KR in column 1 Special ("" where KR is not named).
UNITED_STATES = [
    ("61091000", "16.5%", "Free"),
    ("33051000", "Free", ""),
    ("19023000", "6.4%", "Free"),
    ("21069099", "6.4%", "Free"),
    ("39269099", "5.3%", "Free"),
    ("64039960", "8.5%", "Free"),
    ("85287264", "3.9%", "Free"),
    ("87038000", "2.5%", "Free"),
    ("07031020", "0.83¢/kg", "Free"),
    ("04022125", "86.5¢/kg", "Free"),
    ("01013000", "6.8%", "Free"),
    ("01022940", "1¢/kg", "Free"),
    ("87042101", "25%", "25%"),  # trucks: no preference since the amendment of 2018, other partners free
    ("87046000", "25%", "25%"),
    ("17019144", "6%", ""),  # only Oman, Peru and Singapore... are named
    ("03056960", "0.5%", "Free"),  # rate printed at 10 digits, 0305.69.60.01
]


def line(agreement: str, code: str) -> TariffLine:
    found = [entry for entry in rates(agreement, code) if entry.code == code]
    assert len(found) == 1, code
    return found[0]


@pytest.mark.parametrize(("code", "base", "category", "years"), CHINA)
def test_china(code: str, base: str, category: str, years: dict[int, str]) -> None:
    found = line("KR-CN", code)
    assert (found.base.percent, found.category) == (Decimal(base), category)
    for year, expected in years.items():
        rate = rate_in(found, year)
        assert rate is not None and rate.percent == Decimal(expected), year
        assert not rate.ceiling


def test_china_money_by_quantity_is_rounded_down_to_a_tenth_of_a_yuan() -> None:
    chicken = line("KR-CN", "02071200")  # 킬로그램당 1.3 위안, category 15
    assert [(part.amount, part.currency, part.unit) for part in chicken.base.specifics] == [
        (Decimal("1.3"), "CNY", "kg")
    ]
    for year, amount in ((2016, "1.1"), (2026, "0.2"), (2029, None)):  # 1.3 x 13/15 = 1.126; 1.3 x 3/15 = 0.26
        rate = rate_in(chicken, year)
        assert rate is not None
        assert [part.amount for part in rate.specifics] == ([Decimal(amount)] if amount else [])


def test_china_rates_in_words_are_not_reckoned() -> None:
    recorder = line("KR-CN", "85211020")  # by price of the set, category 20; the text runs over a page
    assert recorder.base.kind == "text"
    assert recorder.base.text == "≤2,000 USD/set: 30%; >2,000 USD/set: 3% + 4,374 CNY/set"
    assert rate_in(recorder, 2026) is None
    free = rate_in(recorder, 2034)
    assert free is not None and free.kind == "free"


def test_china_goods_whose_words_run_over_a_page() -> None:
    film = line("KR-CN", "37024100")
    assert film.base.text == "7.1 CNY/m²"
    assert film.category == "E"


@pytest.mark.parametrize(("code", "base", "category", "years"), VIET_NAM_A)
def test_viet_nam_section_a(code: str, base: str, category: str, years: dict[int, str]) -> None:
    found = line("KR-VN", code)
    assert (found.base.percent, found.category, found.base_is) == (Decimal(base), category, "lower_of_2012")
    for year, expected in years.items():
        rate = rate_in(found, year)
        assert rate is not None and rate.percent == Decimal(expected), year
        assert not rate.ceiling


@pytest.mark.parametrize(("code", "ceiling"), CEILINGS)
def test_viet_nam_ceilings(code: str, ceiling: str) -> None:
    rate = rate_in(line("KR-VN", code), 2026)
    assert rate is not None
    assert rate.ceiling and rate.percent == Decimal(ceiling)


@pytest.mark.parametrize(("code", "printed"), VIET_NAM_B)
def test_viet_nam_section_b(code: str, printed: tuple[str, ...]) -> None:
    found = line("KR-VN", code)
    assert found.base_is == "asean_korea_2015"
    for year, expected in zip((2015, 2016, 2017, 2018), printed, strict=True):
        rate = rate_in(found, year)
        assert rate is not None and rate.percent == Decimal(expected), year
    later = rate_in(found, 2026)
    assert later is not None and later.percent == Decimal(printed[-1])


@pytest.mark.parametrize(("code", "general", "korea"), UNITED_STATES)
def test_united_states(code: str, general: str, korea: str) -> None:
    found = line("KR-US", code)
    assert (found.base.text, found.preferential) == (general, korea)
    rate = rate_in(found, 2026)
    assert (rate.text if rate else "") == korea


def test_the_whole_of_chinas_schedule_is_there() -> None:
    """The annex has 8,194 lines that begin with eight digits; a change of the reader must not move their categories."""
    lines = rates("KR-CN", "")
    count = {"0": 0, "5": 0, "10": 0, "15": 0, "20": 0, "E": 0, "PR": 0}
    for entry in lines:
        count[entry.category.split("-")[0]] += 1
    assert len(lines) == 8194
    assert count == {"0": 1649, "5": 1679, "10": 2518, "15": 1108, "20": 474, "E": 637, "PR": 129}


def test_lines_are_found_by_prefix_in_order() -> None:
    assert [entry.code for entry in rates("KR-VN", "330499")] == ["33049920", "33049930", "33049990"]
    assert [entry.code for entry in rates("KR-CN", "901380")] == ["90138010", "90138020", "90138030", "90138090"]


def test_nothing_is_found_where_nothing_is() -> None:
    assert rates("KR-CN", "999999") == []
    assert rates("KR-EU", "330499") == []


@pytest.mark.parametrize("agreement", ["KR-CN", "KR-VN"])
def test_there_is_no_rate_before_the_agreement(agreement: str) -> None:
    assert rate_in(rates(agreement, "330510")[0], 2014) is None


def test_the_us_tariff_says_nothing_of_earlier_years() -> None:
    assert rate_in(line("KR-US", "61091000"), 2020) is None


def test_day_of_entry_into_force_is_the_agreements_own() -> None:
    known = agreements_of(read_settings().packs_dir / read_settings().pack)
    assert read_staging()["KR-CN"].in_force == date(2015, 12, 20)
    for name, staging in read_staging().items():
        assert staging.in_force == known.get(name).in_force, name


def test_every_place_cited_is_a_document() -> None:
    for staging in read_staging().values():
        places = [staging.source, staging.base_source, staging.in_force_source]
        for place in [*places, *(category.source for category in staging.categories.values())]:
            assert source_of(place).locator == place.locator


def test_a_document_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        source_of(Place(of="nowhere", locator="1"))
