"""Facts taken out of free words; every expectation is what a reader of the sentence would write down."""

from __future__ import annotations

from typing import Any

import pytest

from actions.firm.hearing_profile import corrects, hear_needs, hear_profile


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            "여성기업인데 직원 5명 서울 화장품",
            {
                "women_owned": True,
                "employees": 5,
                "region": "KR-11",
                "sector": "consumer_goods",
                "products": ["화장품"],
            },
        ),
        (
            "여성기업은 아니고 부산에서 자동차 부품 만들어요",
            {"women_owned": False, "region": "KR-26", "sector": "auto_parts", "products": ["자동차부품"]},
        ),
        (
            "혼자 김 만드는데 바이어도 없고 영어도 안돼서 막막해요",
            {"has_buyer": False, "has_foreign_language_staff": False, "sector": "food", "products": ["김"]},
        ),
        (
            "경남 금형 회사인데 수출은 처음이에요",
            {"region": "KR-48", "sector": "machinery_parts", "products": ["금형"], "exports_usd_last_year": 0.0},
        ),
        ("직원 열두 명이고 베트남에 팔고 싶어요", {"employees": 12, "target_countries": ["VN"]}),
        ("작년에 30만 달러 수출했어요", {"exports_usd_last_year": 300000.0}),
        ("저희는 소상공인이에요", {"size": "micro"}),
        ("1인기업이고 앱 개발해요", {"employees": 1, "sector": "ict"}),
        ("꾸준히 수출하고 있어요", {"facts": {"export_record": "regular"}}),
    ],
)
def test_korean_words_tell_facts(words: str, told: dict[str, Any]) -> None:
    assert hear_profile(words, "ko") == told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            "no exports yet, Busan, machinery",
            {
                "exports_usd_last_year": 0.0,
                "region": "KR-26",
                "sector": "machinery_parts",
                "products": ["machinery"],
            },
        ),
        (
            "We are a small firm of 12 people in Daegu making wooden toys and want to sell to Vietnam",
            {
                "size": "sme",
                "employees": 12,
                "region": "KR-27",
                "sector": "consumer_goods",
                "products": ["toys"],
                "target_countries": ["VN"],
            },
        ),
        ("I'm not a women-owned firm", {"women_owned": False}),
        ("we exported $300,000 last year", {"exports_usd_last_year": 300000.0}),
        ("nobody speaks English here and we have no buyers", {"has_foreign_language_staff": False, "has_buyer": False}),
    ],
)
def test_english_words_tell_facts(words: str, told: dict[str, Any]) -> None:
    assert hear_profile(words, "en") == told


@pytest.mark.parametrize(
    "words",
    [
        "여성기업이면 받을 수 있는 게 있나요?",
        "경기가 안 좋아서 걱정이에요",
        "30만 달러 수출이 목표예요",
        "대기업에 납품해요",
        "시장 비용이 걱정이에요",
        "서울이랑 부산 중에 어디가 좋아요",
        "바이어가 있으면 좋겠어요",
        "그런 김에 물어봐요",
        "",
        "ㅋㅋㅋㅋ",
    ],
)
def test_questions_wishes_and_other_words_tell_nothing(words: str) -> None:
    assert hear_profile(words, "ko") == {}


@pytest.mark.parametrize("words", ["Is it only for women-owned firms?", "hello", "we may want to export one day"])
def test_english_questions_tell_nothing(words: str) -> None:
    assert hear_profile(words, "en") == {}


def test_help_named_is_a_need() -> None:
    assert hear_needs("전시회 나가는 데 통역도 필요해요", "ko") == ("obstacle.finding-buyers", "obstacle.language")
    assert hear_needs("we need packaging design", "en") == ("support_category.marketing",)
    assert hear_needs("우리 회사에 맞는 지원사업 찾아줘", "ko") == ()


def test_a_correction_is_told_from_a_no() -> None:
    assert corrects("아니 직원은 12명이에요", "ko")
    assert corrects("Actually we are 12 people", "en")
    assert not corrects("아니요", "ko")
    assert not corrects("아니에요", "ko")
