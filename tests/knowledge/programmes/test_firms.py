"""Invented firms get the verdicts that the study's tables give them; near misses and open questions are named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.programmes.finder import Verdict, find, show, verdict
from knowledge.programmes.offers import offer, offers_of
from knowledge.programmes.profile import FirmProfile, read_profile

PACK = Path(__file__).parents[3] / "knowledge" / "packs" / "korea"
FIRMS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "firms.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", FIRMS, ids=lambda case: case["firm"])
def test_a_firm_gets_its_verdicts(case: dict[str, Any]) -> None:
    profile = read_profile(case["profile"])
    found = {name: verdict(offer(name, PACK), profile).value for name in case["verdicts"]}
    assert found == case["verdicts"]


@pytest.mark.parametrize("case", [case for case in FIRMS if "best" in case], ids=lambda case: case["firm"])
def test_what_fits_the_need_and_the_firm_comes_first(case: dict[str, Any]) -> None:
    found = find(case["need"], read_profile(case["profile"]), PACK, top=len(case["best"]))
    assert {match.id for match in found} == set(case["best"])


@pytest.mark.parametrize(
    ("programme", "profile", "korean", "english"),
    [
        ("distribution-network", {"exports_usd_last_year": 0}, "수출실적이 1건 있으면 가능해요.", "One export"),
        ("vap", {"buyer_visits_korea": False}, "바이어가 한국에 오기로 하면 가능해요.", "agrees to visit"),
        ("purchase-offer-follow-up", {"has_enquiry": False}, "사고 싶다는 연락이 오면", "asks to buy"),
        ("asia-highway", {"target_countries": ["US", "일본"]}, "중국, 인도, 아세안에", "ASEAN"),
    ],
)
def test_a_near_miss_says_what_would_make_it_possible(
    programme: str, profile: dict[str, Any], korean: str, english: str
) -> None:
    firm = read_profile({"size": "small"} | profile)
    for language, words in (("ko", korean), ("en", english)):
        match = show(programme, firm, PACK, language)  # type: ignore[arg-type]
        assert match.verdict is Verdict.NOT_YET
        assert len(match.near) == 1 and words in match.near[0]


def test_one_thing_to_change_is_no_near_miss_where_another_can_not_be_changed() -> None:
    match = show("distribution-network", read_profile({"size": "large", "exports_usd_last_year": 0}), PACK)
    assert (match.verdict, match.near) == (Verdict.NOT_FOR_YOU, ())


def test_what_is_unknown_is_asked() -> None:
    match = show("women-exporters", FirmProfile(size="small"), PACK)
    assert [(entry["field"], entry["question"]) for entry in match.missing] == [("women_owned", "여성기업이에요?")]
    size = show("export-voucher", None, PACK, "en").missing[0]
    assert size["field"] == "size"
    assert [choice["value"] for choice in size["choices"]] == ["micro", "small", "medium", "sme", "mid_market", "large"]


def test_what_others_judge_is_open_but_not_asked() -> None:
    match = show("global-strong-sme", FirmProfile(size="medium"), PACK)
    assert match.verdict is Verdict.FITS_IF
    assert [(entry["condition"], entry["field"]) for entry in match.missing] == [("judged_innovation_and_growth", None)]


def test_exports_of_exactly_five_million_are_within_the_ordinary_ceiling() -> None:
    at, above = (
        show("export-potential-sme", FirmProfile(size="small", exports_usd_last_year=usd), PACK)
        for usd in (5_000_000, 5_000_001)
    )
    assert "최근 1년 수출액이 미화 500만 달러 이하예요." in at.why
    assert "other_notified_criterion" not in [entry["condition"] for entry in at.missing]
    assert "other_notified_criterion" in [entry["condition"] for entry in above.missing]
    assert at.sources[0]["basis"] == "official" and "제7조" in at.sources[0]["locator"]


def test_a_plan_of_the_past_says_so_and_names_whom_to_ask() -> None:
    match = show("vap", FirmProfile(size="small", buyer_visits_korea=True), PACK, "en")
    assert match.verdict is Verdict.FITS
    assert "2020" in (match.note or "") and "KOSME" in (match.note or "")
    assert match.period is None and any(
        "When to apply is not known here. Ask KOSME" in line for line in match.not_known
    )
    assert (
        match.documents is None and match.cost == "Translation, trade counselling and review of the contract are free."
    )


def test_shares_of_the_cost_are_the_studys() -> None:
    shares = {name: each.cost.covers_up_to_percent for name, each in offers_of(PACK).items() if each.cost}
    told = {name: share for name, share in shares.items() if share}
    assert told == {"programme.own-mall": 70, "programme.online-commercialisation": 70}
    assert "70%" in (show("own-mall", None, PACK).cost or "")


def test_offers_not_for_the_firm_come_last() -> None:
    found = find("obstacle.finding-buyers", read_profile({"size": "large"}), PACK, top=100)
    apart = [match.verdict is Verdict.NOT_FOR_YOU for match in found]
    assert True in apart and apart == sorted(apart)


def test_a_need_leaves_out_what_does_not_help() -> None:
    found = {match.id for match in find("obstacle.shipping-cost", FirmProfile(size="small"), PACK, top=100)}
    assert {"programme.common-logistics", "programme.kotra-logistics-network", "service.logistics-discount"} <= found
    assert "programme.kotra-academy" not in found


def test_several_needs_are_taken_together() -> None:
    found = [m.id for m in find(["obstacle.shipping-cost", "obstacle.standards-certificates"], None, PACK, top=100)]
    assert {"programme.common-logistics", "programme.overseas-certification"} <= set(found)


def test_without_a_need_the_firms_own_words_show_it() -> None:
    found = find(None, read_profile({"size": "small", "certificates": ["CE"]}), PACK, top=3)
    assert found[0].id == "programme.overseas-certification"
