"""The product sheet: entries as people write them, faults that name the field, checklists, and the listing text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from knowledge.platforms.field import SheetError, fields
from knowledge.platforms.listing import draft_text, needs_translation
from knowledge.platforms.model import load
from knowledge.platforms.sheet import (
    Sheet,
    claims,
    completeness,
    next_field,
    question,
)

FULL = {
    "name_ko": "하루팩 쌀 마스크팩 25ml",
    "name_en": "Rice Sheet Mask 25 ml",
    "category": "Beauty > Masks",
    "hs": "3304.99",
    "keywords": "sheet mask, rice mask, #K-beauty",
    "summary_ko": "민감한 피부를 위한 쌀 추출물 마스크팩",
    "summary_en": "Rice extract sheet mask for sensitive skin",
    "features": "- Korean rice extract\n- No fragrance",
    "material": "Cotton sheet, rice extract",
    "size": "25 ml",
    "weight": "32그램",
    "moq": "500개요",
    "price": "1.2달러",
    "price_terms": "fob Busan",
    "payment_terms": "T/T 30% in advance, balance before shipment",
    "lead_time": "3주",
    "packaging": "10 sheets a box, 40 boxes a carton",
    "certificates": "없어요",
    "origin": "한국산",
    "target_countries": "베트남, 미국",
    "photos": "6장",
}


def filled(**changes: str | None) -> Sheet:
    sheet = Sheet()
    for name, said in {**FULL, **changes}.items():
        if said is not None:
            sheet = sheet.put(name, said)
    return sheet


def refused(name: str, said: str) -> SheetError:
    with pytest.raises(SheetError) as caught:
        Sheet().put(name, said)
    return caught.value


@pytest.mark.parametrize(
    ("name", "said", "kept"),
    [
        ("hs", "3304.99", "330499"),
        ("hs", "HS 3304 99 1000", "3304991000"),
        ("keywords", "김, 조미김，seaweed snack, 김", ["김", "조미김", "seaweed snack"]),
        ("moq", "500개요", {"amount": "500", "unit": "pcs"}),
        ("moq", "1,000 pcs", {"amount": "1000", "unit": "pcs"}),
        ("moq", "3톤", {"amount": "3", "unit": "ton"}),
        ("price", "1.2달러", {"amount": "1.2", "currency": "USD"}),
        ("price", "$3.50", {"amount": "3.50", "currency": "USD"}),
        ("price", "1만 5천원", {"amount": "15000", "currency": "KRW"}),
        ("price", "KRW 12,000", {"amount": "12000", "currency": "KRW"}),
        ("price_terms", "fob 부산항이요", {"term": "FOB", "place": "부산항"}),
        ("price_terms", "EXW", {"term": "EXW", "place": ""}),
        ("lead_time", "3주", 21),
        ("lead_time", "14 days", 14),
        ("weight", "1.2kg", {"amount": "1.2", "unit": "kg"}),
        ("certificates", "아직 없어요", []),
        ("certificates", "ISO 22716, 할랄", ["ISO 22716", "할랄"]),
        ("origin", "한국산", "KR"),
        ("origin", "Made in Korea", "KR"),
        ("origin", "베트남이요", "VN"),
        ("target_countries", "베트남, 미국, UAE", ["VN", "US", "AE"]),
        ("languages", "영어, 베트남어", ["en", "vi"]),
        ("photos", "없음", 0),
        ("features", "1. 튼튼함\n2. 가벼움", ["튼튼함", "가벼움"]),
    ],
)
def test_entries_are_read_as_people_write_them(name: str, said: str, kept: Any) -> None:
    assert Sheet().put(name, said).values[name] == kept


@pytest.mark.parametrize(
    ("name", "said", "fault"),
    [
        ("name_ko", "   ", "empty"),
        ("name_ko", "가" * 81, "too_long"),
        ("name_en", "쌀 마스크팩", "not_latin"),
        ("hs", "33", "bad_hs"),
        ("hs", "999999", "bad_hs"),
        ("hs", "모르겠어요", "bad_hs"),
        ("keywords", "김, 조미김", "too_few"),
        ("keywords", "김, 김, 김", "too_few"),
        ("moq", "500", "no_unit"),
        ("moq", "많이", "no_number"),
        ("moq", "500~1000개", "many_numbers"),
        ("price", "1.2", "no_currency"),
        ("price", "0원", "not_positive"),
        ("price", "USD -3", "not_positive"),
        ("price_terms", "공장에서", "unknown_terms"),
        ("lead_time", "14", "no_unit"),
        ("origin", "아틀란티스", "unknown_country"),
        ("languages", "클링온말", "unknown_language"),
        ("languages", "en, ko, ja, zh, vi, th, id, fr, de, es", "too_many"),
        ("photos", "51장", "too_many"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_field(name: str, said: str, fault: str) -> None:
    error = refused(name, said)
    assert (error.field, error.fault) == (name, fault)
    for language in ("ko", "en"):
        assert "{" not in error.message(language)  # type: ignore[arg-type]


def test_a_wrong_entry_loses_nothing() -> None:
    sheet = filled()
    with pytest.raises(SheetError):
        sheet.put("price", "비싸요")
    assert sheet.values["price"] == {"amount": "1.2", "currency": "USD"}


def test_no_such_field() -> None:
    assert "colour" in refused("colour", "red").message("en")
    with pytest.raises(SheetError):
        question("colour", "ko")


def test_a_slot_gives_back_the_same_sheet() -> None:
    sheet = filled()
    kept = json.loads(json.dumps(sheet.to_dict()))
    assert Sheet.from_dict(kept) == sheet
    assert Sheet.from_dict(None) == Sheet()
    assert Sheet.from_dict({"values": {"gone": 1}}) == Sheet()


def test_fields_are_asked_in_order_until_all_are_there() -> None:
    assert next_field(Sheet()) == "name_ko"
    assert next_field(Sheet().put("name_ko", "조미김")) == "name_en"
    assert next_field(filled()) is None  # languages are no must
    assert next_field(filled().without("price")) == "price"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_field_has_a_question_and_help(language: Any) -> None:
    for name in fields():
        assert all(question(name, language).values())


def test_gobizkorea_list_is_the_studys() -> None:
    """Table 11: up to nine languages, at least three keywords, then producer and transaction information."""
    listed = load().checklists["system.gobizkorea"]
    by_id = {item.id: item for item in listed.items}
    assert by_id["keywords"].least == {"keywords": 3}
    assert by_id["basic-information"].most == {"languages": 9}
    assert {item.id for item in listed.items if item.area == "producer"} == {"display", "category", "target-country"}
    assert {item.id for item in listed.items if item.area == "transaction"} == {"payment", "price", "delivery"}
    assert "Table 11" in str(listed.source.locator)


def test_every_field_of_a_checklist_is_in_the_sheet() -> None:
    for listed in load().checklists.values():
        for item in listed.items:
            assert set(item.fields) <= set(fields())


def test_what_is_missing_is_named() -> None:
    report = completeness(filled(keywords=None, payment_terms=None), "system.gobizkorea", "ko")
    assert report["verdict"] == "incomplete"
    assert (report["filled"], report["wanted"]) == (19, 21)
    assert [item["field"] for item in report["missing"]] == ["keywords", "payment_terms"]
    done = {item["item"]: item["done"] for item in report["items"]}
    assert done["keywords"] is False
    assert done["payment"] is False
    assert done["price"] is True


def test_a_full_sheet_is_complete_only_where_the_source_lists_the_fields() -> None:
    assert completeness(filled(), "system.gobizkorea", "en")["verdict"] == "complete"
    assert completeness(filled(), "system.buykorea", "en")["verdict"] == "not_determined"
    assert completeness(filled(), None, "en")["verdict"] == "complete"


def test_what_only_the_platform_can_give_is_never_ticked() -> None:
    done = {item["item"]: item["done"] for item in completeness(filled(), "system.gobizkorea", "ko")["items"]}
    assert done["approval"] is None
    assert done["membership"] is None


def test_a_platform_without_a_list_is_refused() -> None:
    with pytest.raises(SheetError, match=r"system\.ec21"):
        completeness(filled(), "system.ec21", "en")


def test_the_korean_listing_says_what_the_sheet_says() -> None:
    text = draft_text(filled(), "ko")
    assert text.startswith("하루팩 쌀 마스크팩 25ml\n민감한 피부를 위한 쌀 추출물 마스크팩\n")
    assert "최소 주문 수량 (MOQ): 500개" in text
    assert "USD 1.20 FOB Busan" in text
    assert "준비 기간: 주문 뒤 21일" in text
    assert "HS코드 (물건 번호): 3304.99" in text
    assert "인증: 없음" in text


def test_the_english_listing_marks_what_is_still_korean() -> None:
    sheet = filled(material="순면 시트")
    assert needs_translation(sheet, "en") == ["material"]
    assert needs_translation(sheet, "ko") == []
    text = draft_text(sheet, "en")
    assert "Material or ingredients: [to be translated] 순면 시트" in text
    assert "- No fragrance" in text
    assert "Minimum order (MOQ): 500 pcs" in text
    assert "하루팩" not in text


def test_empty_fields_leave_no_empty_lines_or_headings() -> None:
    text = draft_text(Sheet().put("name_en", "Seaweed snack"), "en")
    assert text == "Seaweed snack"
    assert draft_text(Sheet(), "ko") == ""


def test_a_unit_price_below_a_cent_is_not_rounded() -> None:
    assert "USD 0.0035" in draft_text(filled(price="0.0035 USD"), "en")


def test_words_that_need_proof_are_warned_of_with_the_article() -> None:
    found = claims(filled(features="아토피 개선\n세계 1위"), "ko")
    assert [each["claim"] for each in found] == ["medical", "superlative"]
    assert found[0]["source"]["locator"] == "제13조제1항제1호"
    assert claims(filled(), "ko") == []


def test_the_cosmetics_act_does_not_touch_a_valve() -> None:
    assert claims(filled(hs="8481.80", features="treats water"), "en") == []


def test_a_word_inside_another_is_no_claim() -> None:
    assert claims(filled(features="secure cap"), "en") == []
