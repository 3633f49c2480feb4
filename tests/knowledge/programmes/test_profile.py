"""What a firm says of itself is read or refused with a sentence that names the field; the five groups."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.programmes.export_groups import candidates, export_group, export_groups
from knowledge.programmes.profile import FirmProfile, ProfileError, read_profile


@pytest.mark.parametrize(
    ("data", "field", "problem"),
    [
        ({"size": "huge"}, "size", "not_a_choice"),
        ({"sector": "cheese"}, "sector", "not_a_choice"),
        ({"region": "달나라"}, "region", "unknown_region"),
        ({"region": 7}, "region", "wrong_form"),
        ({"exports_usd_last_year": -1}, "exports_usd_last_year", "negative"),
        ({"exports_usd_last_year": "many"}, "exports_usd_last_year", "not_a_number"),
        ({"exports_usd_last_year": "nan"}, "exports_usd_last_year", "not_a_number"),
        ({"exports_usd_last_year": "1e99"}, "exports_usd_last_year", "not_a_number"),
        ({"women_owned": "perhaps"}, "women_owned", "not_yes_or_no"),
        ({"target_countries": ["Narnia"]}, "target_countries", "unknown_country"),
        ({"founded_on": "2999-01-01"}, "founded_on", "future_date"),
        ({"founded_on": "yesterday"}, "founded_on", "wrong_form"),
        ({"shoe_size": 42}, "shoe_size", "unknown_field"),
        ({"export_group": "no_record", "exports_usd_last_year": 5}, "export_group", "contradicts_exports"),
        (["small"], "profile", "not_a_mapping"),
        (None, "profile", "not_a_mapping"),
    ],
)
def test_a_fault_names_its_field(data: Any, field: str, problem: str) -> None:
    with pytest.raises(ProfileError) as caught:
        read_profile(data)
    (fault,) = caught.value.faults
    assert (fault.field, fault.problem) == (field, problem)
    for language in ("ko", "en"):
        assert fault.told(language).startswith(f"{field}:")  # type: ignore[arg-type]


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(ProfileError) as caught:
        read_profile({"size": "huge", "region": "달나라", "women_owned": 3})
    assert {fault.field for fault in caught.value.faults} == {"size", "region", "women_owned"}


@pytest.mark.parametrize(
    ("name", "code"),
    [("경남", "KR-48"), ("경상남도", "KR-48"), ("busan", "KR-26"), ("서울시", "KR-11"), ("kr-49", "KR-49")],
)
def test_a_region_is_known_by_its_names(name: str, code: str) -> None:
    assert read_profile({"region": name}).region == code


def test_countries_are_known_by_code_and_name_and_asean_is_its_members() -> None:
    assert read_profile({"target_countries": ["vn", "독일", "Japan", "VN"]}).target_countries == ("VN", "DE", "JP")
    assert set(read_profile({"target_countries": ["아세안"]}).target_countries or ()) == set(
        "BN KH ID LA MY MM PH SG TH VN".split()
    )


def test_the_five_groups_are_the_studys_in_its_order() -> None:
    assert [group.en for group in export_groups()] == [
        "no export record",
        "export potential",
        "first export experience",
        "exporter with innovation potential",
        "exporter with international business success",
    ]


def test_only_no_exports_settle_the_group() -> None:
    assert export_group(0).group == "no_record"
    assert export_group(None).group is None and len(export_group(None).candidates) == 5
    some = export_group(40_000)
    assert some.group is None and "no_record" not in some.candidates and len(some.candidates) == 4
    assert "금액 기준이 없어요" in some.told("ko")
    with pytest.raises(ValueError):
        export_group(-1)
    with pytest.raises(ValueError):
        export_group(float("nan"))


def test_the_official_ceiling_is_told_with_its_article() -> None:
    potential = next(group for group in export_groups() if group.id == "potential")
    assert potential.ordinary_ceiling_usd == 5_000_000
    assert potential.source.basis == "official" and potential.source.locator == "제7조 제1항 제1호"


def test_the_firms_own_word_on_its_group_counts() -> None:
    assert candidates(FirmProfile(export_group="innovation", exports_usd_last_year=3)) == ("innovation",)
