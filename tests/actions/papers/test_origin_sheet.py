"""The origin calculation sheet."""

import re
from datetime import date

import pytest

from actions.papers.origin_sheet import origin_sheet
from knowledge.origin.model import BadInput
from tests.actions.papers.cases import (
    COSMETICS_CN,
    DAY,
    EVERY,
    MACHINE_EU,
    MANY_CN,
    RAMEN_VN,
    TOO_MUCH_VN,
    UNKNOWN_CN,
    material,
    simulated,
)
from tests.actions.papers.reading import read


def sheet(data, language="ko", country=None, number="N-2026-0007"):
    return origin_sheet(data, simulated(data, language), language, number, DAY, country)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", EVERY)
def test_it_says_everything_the_result_says(name, language):
    data = EVERY[name]
    result = simulated(data, language)
    found = read(origin_sheet(data, result, language, "N-1", DAY))
    told = [step[part] for step in result["steps"] for part in ("title", "reason")]
    told += [entry["text"] for part in ("missing", "changes", "warnings") for entry in result[part]]
    told += [fact["text"] for fact in result["proof"].values() if isinstance(fact, dict)]
    told += [
        result["rule"][part] for part in ("plain", "words", "expression") if result["rule"] and result["rule"][part]
    ]
    told += [caveat["text"] for caveat in (result["saving"] or {}).get("caveats", ())]
    told += [entry["name"] for entry in data["materials"]]
    told += [step["source"]["title"] for step in result["steps"] if step["source"]]
    missing = [words for words in told if words not in found]
    assert not missing


@pytest.mark.parametrize("name", EVERY)
def test_the_same_case_gives_the_same_bytes(name):
    assert sheet(EVERY[name]) == sheet(EVERY[name])


def test_the_value_content_is_written_out():
    """20 + 15 + 10 = 45 of 100; (100 - 45) / 100 = 55 %, and annex 3-A asks for 40 %."""
    found = read(sheet(RAMEN_VN))
    assert "20 + 15 + 10 = 45 USD" in found
    assert "(100 − 45) ÷ 100 × 100 = 55%" in found
    assert "55% ≥ 40%" in found
    assert "(FOB 가격 − 수입 재료값) ÷ FOB 가격" in found
    assert "Article 3.3.2" in found


def test_a_share_just_below_the_threshold_is_too_little():
    """100 - 60.01 = 39.99 of 100."""
    found = read(sheet(TOO_MUCH_VN, "en"))
    assert "39.99% < 40%" in found
    assert "It does not meet the rules of origin" in found


def test_a_limit_on_foreign_materials_is_written_as_a_share():
    """1200 + 900 = 2100 of 5000 = 42 %; the UK list (chapter 84, taken for the EU) allows 50 %."""
    found = read(sheet(MACHINE_EU, "en"))
    assert "1,200 + 900 = 2,100 EUR" in found
    assert "2,100 ÷ 5,000 × 100 = 42%" in found
    assert "42% ≤ 50%" in found


def test_an_unknown_price_gives_bounds_and_no_sum():
    data = RAMEN_VN | {"price": {"amount": 100, "basis": "EXW", "currency": "USD"}}
    found = read(sheet(data))
    assert "적어도 100 USD" in found, "the FOB price is at least the EXW price"
    assert "÷ 100 × 100 = 55%" not in found


def test_shares_and_sums_of_the_bill():
    """2.1 of 12.50 is 16.8 %; 0.05 of 12.50 is 0.4 %; the container's value is unknown."""
    lines = read(sheet(COSMETICS_CN)).lines
    assert "16.8%" in lines
    assert "0.4%" in lines
    assert "0 + 모름" in lines
    assert "아직 몰라요" in lines


def test_sixty_materials_over_several_pages():
    found = read(sheet(MANY_CN))
    for entry in MANY_CN["materials"]:
        assert entry["name"] in found
    heads = [page for page in found.pages if "HS코드" in page and "가격 비중" in page]
    assert len(heads) >= 3
    assert "1,770" in found, "0 + 1 + … + 59 = 59 · 60 / 2"


def test_odd_names_do_no_harm():
    data = RAMEN_VN | {"materials": [material("😀 漢字 " + "W" * 190, "110100", False, "US", 20)]}
    found = read(sheet(data))
    assert "[U+1F600] 漢字" in found
    assert "W" * 190 in found


@pytest.mark.parametrize(
    ("name", "most"), [("ramen to Viet Nam", 5), ("almost nothing known", 5), ("sixty materials", 10)]
)
def test_it_is_no_longer_than_it_must_be(name, most):
    pages = read(sheet(EVERY[name])).pages
    assert 2 <= len(pages) <= most
    assert all(len(page) > 6 for page in pages), "no page is all but empty"


def test_what_is_missing_is_asked_before_the_reasons():
    text = read(sheet(UNKNOWN_CN)).text
    assert text.index("알아봐야할것") < text.index("따져본순서")


def test_it_names_number_day_and_destination():
    found = read(sheet(RAMEN_VN, country="VN"))
    assert all("N-2026-0007 · 2026년 7월 1일" in " ".join(page) for page in found.pages)
    assert "보내는 나라" in found
    assert "베트남" in found.pages[0]


def test_papers_to_keep_quote_the_decree():
    found = read(sheet(COSMETICS_CN))
    assert "체약상대국이 중국인 경우에는 중국과의 협정 제3.20조에 따라 3년으로 한다" in found
    assert "시행령 제10조제1항제3호바목" in found
    assert "나루 편집부" in found


def test_text_and_number_of_the_filing_do_not_change_the_reasoning():
    one, other = sheet(RAMEN_VN, number="A"), sheet(RAMEN_VN, number="B")
    assert re.sub("N?[AB]·", "", read(one).text) == re.sub("N?[AB]·", "", read(other).text)


def test_an_input_that_cannot_be_read_has_no_sheet():
    data = RAMEN_VN | {"hs": "19"}
    with pytest.raises(BadInput, match="hs"):
        origin_sheet(data, simulated(data), "ko", "N-1", date(2026, 7, 1))
