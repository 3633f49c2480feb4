"""Drafts of proofs of origin."""

import pytest

from actions.papers.draft_certificate import draft_certificate
from tests.actions.papers.cases import (
    BASE_VN,
    COFFEE_US,
    COSMETICS_CN,
    DAY,
    MACHINE_EU,
    RAMEN_UK,
    RAMEN_VN,
    TOO_MUCH_VN,
    UNKNOWN_CN,
    price,
    simulated,
)
from tests.actions.papers.reading import read

EXPORTER = "주식회사 나루상사\n서울특별시 종로구 1, KOREA"


def draft(data, language="ko", people=None):
    return draft_certificate(data, simulated(data, language), language, "N-1", DAY, people)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("data", [COSMETICS_CN, RAMEN_VN, COFFEE_US, RAMEN_UK, MACHINE_EU])
def test_every_page_says_that_it_is_no_certificate(data, language):
    content = draft(data, language, {"exporter": EXPORTER})
    pages = read(content).pages
    assert len(pages) <= 3
    for page in pages:
        assert "초안 · 증명서 아님" in page
        assert "DRAFT – NOT A CERTIFICATE" in page
    assert content == draft(data, language, {"exporter": EXPORTER})


@pytest.mark.parametrize("data", [TOO_MUCH_VN, UNKNOWN_CN])
def test_what_does_not_qualify_for_certain_has_no_draft(data):
    assert draft(data) is None


def test_an_agreement_without_a_form_has_no_draft():
    result = simulated(COSMETICS_CN)
    assert draft_certificate(COSMETICS_CN | {"agreement": "KR-CL"}, result, "ko", "N-1", DAY) is None


def test_the_chinese_form_has_the_boxes_of_annex_3c():
    """Annex 3-C has boxes 1 to 14; box 10 is PSR where a product rule is met with foreign materials."""
    found = read(draft(COSMETICS_CN, people={"exporter": EXPORTER}))
    lines = found.lines
    boxes = [int(line) for line in lines if line.isdigit() and len(line) < 3]
    assert boxes == [1, 2, 3, 4, 5, 6, 1, *range(7, 15)], "the second 1 is the item's number in box 6"
    assert "PSR" in lines
    assert "330499" in lines
    assert EXPORTER in found
    assert "생산국: KOREA / 수입국: CHINA" in found
    assert "뒤쪽 설명 제10란" in found


def test_the_vietnamese_criterion_is_left_open_where_two_ways_are_met():
    """Ramen meets both the change of heading and the 40 %: the overleaf notes leave the choice to the exporter."""
    found = read(draft(RAMEN_VN))
    lines = found.lines
    assert "CTC" not in lines
    assert "하나로 정해지지 않아서 비워 두었어요" in found


def test_the_vietnamese_fob_value_is_left_out_where_value_content_is_not_the_criterion():
    """One material of another heading, worth 90 of 100: the content is 10 %, so only the change is left (CTC)."""
    data = BASE_VN | {"materials": [{"name": "oil", "hs": "290545", "originating": False, "origin": "MY", "value": 90}]}
    found = read(draft(data))
    assert "CTC" in found.lines
    assert "FOB 100 USD" not in found


def test_the_us_certification_gives_its_elements_and_the_ground():
    """Article 15(8)2 of the Enforcement Rule lists eight elements; code and description are one of them."""
    found = read(draft(COFFEE_US, "en"))
    assert "Product-specific rule of origin met" in found
    assert "Blanket period" in found
    assert "090121" in found


def test_the_british_declaration_says_that_its_wording_must_be_checked():
    found = read(draft(RAMEN_UK))
    assert "declares that, except where otherwise clearly indicated" in found
    assert "별표 20의2" in found
    assert "한 글자씩 맞춰" in found


def test_the_european_draft_says_that_its_rules_are_inferred():
    assert "원문으로 확인하세요" in read(draft(MACHINE_EU))


def test_wholly_obtained_goods_under_rcep_get_data_elements_and_no_code():
    data = {
        "agreement": "RCEP",
        "hs": "200599",
        "wholly_obtained": True,
        "price": price(100),
        "processes": ["manufacturing"],
        "transport": {"direct": True},
    }
    found = read(draft(data, people={"destination": "JP"}))
    assert "공식 모양이 없어요" in found
    assert "수입국: JAPAN" in found
    assert "약어가 나루의 자료에 없어요" in found


def test_people_are_written_as_told_and_odd_ones_do_no_harm():
    found = read(draft(COSMETICS_CN, people={"importer": "上海 😀 " + "X" * 300, "invoice": "INV-1, 2026-06-30"}))
    assert "上海 [U+1F600]" in found
    assert "X" * 300 in found
    assert "INV-1, 2026-06-30" in found
