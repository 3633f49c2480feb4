"""The product sheet in conversation: entries, faults, skipping, going back, correcting, the draft and its papers."""

from __future__ import annotations

from typing import Any

import pytest

from actions.errands.corrections import corrected, tidied
from actions.errands.describing import SHEET, SheetStart
from actions.errands.describing_told import print_sheet
from actions.errands.sheet_state import next_field, sheet_of
from actions.files import sent_file
from actions.talk import Talk
from knowledge.platforms.sheet import Sheet
from tests.actions.errands.said import bubbles, buttons, words
from tests.actions.talking import talking


def filled(**entries: str) -> dict[str, Any]:
    sheet = Sheet()
    for name, said in entries.items():
        sheet = sheet.put(name, said)
    return {"told": sheet.to_dict(), "skipped": []}


def answered(state: dict[str, Any], said: str, pressed: bool = False) -> dict[str, Any]:
    talk = talking("/answer" if pressed else said, "answer", {"value": said} if pressed else {})
    step = next_field(state)
    assert step
    read = SHEET.read(talk, state, step, said)
    assert read is not None
    return read


def asked(state: dict[str, Any]) -> str:
    step = next_field(state)
    assert step
    return SHEET.ask(talking(""), state, step).text or ""


def start(slot: dict[str, Any] | None, **entities: str) -> Talk:
    talk = talking(
        "/product_sheet" if entities else "상품 설명서 만들어줘",
        "product_sheet",
        entities,
        {"sheet": slot} if slot else {},
    )
    SheetStart().respond(talk)
    return talk


def test_one_field_at_a_time_with_progress() -> None:
    state = start(None).slot("sheet")
    assert asked(state).startswith("1/21 · 제품 이름 (한국어)")
    state = answered(state, "하루팩 쌀 마스크팩이에요")
    assert state["told"]["values"] == {"name_ko": "하루팩 쌀 마스크팩"}
    assert asked(state).startswith("2/21 · ")


def test_a_wrong_entry_is_told_and_nothing_is_lost() -> None:
    state = answered(filled(name_ko="마스크팩"), "마스크팩")
    assert "영어로 적어 주세요" in asked(state) and state["told"]["values"] == {"name_ko": "마스크팩"}
    state = answered(state, "Sheet Mask")
    assert state["told"]["values"]["name_en"] == "Sheet Mask" and not state["fault"]


def test_skip_back_and_finish() -> None:
    state = answered(filled(name_ko="마스크팩"), "건너뛰기")
    assert state["skipped"] == ["name_en"] and next_field(state) == "category"
    state = answered(state, "이전")
    assert next_field(state) == "name_en"
    state = answered(state, "back", pressed=True)
    assert next_field(state) == "name_ko" and "지금 적힌 것: 마스크팩" in asked(state)
    state = answered(state, "건너뛰기")
    assert state["told"]["values"] == {"name_ko": "마스크팩"}, "skipping a filled field keeps it"
    state = answered(state, "finish", pressed=True)
    assert next_field(state) is None


def test_at_the_first_field_there_is_nothing_to_go_back_to() -> None:
    state = answered({}, "이전")
    assert next_field(state) == "name_ko"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("가격은 USD 2로 바꿔줘", ("price", "USD 2")),
        ("아니, 이름은 하루팩이에요", ("name_ko", "하루팩")),
        ("MOQ: 500개", ("moq", "500개")),
        ("change the price to USD 2", ("price", "USD 2")),
        ("no, the lead time is 14 days", ("lead_time", "14 days")),
        ("이름이 예쁜 마스크팩", None),
        ("순면 100%", None),
    ],
)
def test_a_correction_is_heard(said: str, expected: tuple[str, str] | None) -> None:
    assert corrected(said) == expected


def test_a_correction_changes_its_field_and_the_question_stays() -> None:
    state = answered(filled(name_ko="마스크팩"), "아니, 이름은 쌀 마스크팩이에요")
    assert state["told"]["values"] == {"name_ko": "쌀 마스크팩"} and next_field(state) == "name_en"
    assert "고쳤어요. 제품 이름 (한국어): 쌀 마스크팩" in asked(state)
    assert tidied("쌀 마스크팩입니다.") == "쌀 마스크팩"


def test_goods_told_instead_of_a_code_get_codes_to_choose_from() -> None:
    state = filled(name_ko="바삭김", name_en="Seaweed", category="식품") | {"platform": None}
    state = answered(state, "잘 모르는데 조미김이에요")
    reply = SHEET.ask(talking(""), state, "hs")
    assert next_field(state) == "hs" and any("2008.99" in choice.title for choice in reply.choices)


def test_what_can_only_be_an_entry_and_what_cannot() -> None:
    talk = talking("하루팩")
    assert SHEET.surely(talk, {}, "name_ko", "하루팩")
    assert SHEET.surely(talk, {}, "name_ko", "이전")
    assert not SHEET.surely(talk, {}, "moq", "MOQ가 뭐예요?")
    assert not SHEET.surely(talk, {}, "name_ko", "그만할래요")
    assert not SHEET.surely(talking("메뉴 보여줘", "menu"), {}, "name_ko", "메뉴 보여줘")


def test_the_draft_with_claims_missing_fields_and_papers() -> None:
    state = filled(
        name_ko="하루팩 마스크팩",
        name_en="Haru Sheet Mask",
        hs="330499",
        features="아토피 개선에 최고",
        price="USD 1.20",
        price_terms="FOB Busan",
        target_countries="베트남, 미국",
    ) | {"platform": "system.gobizkorea"}
    talk = talking("", slots={"sheet": state}, conversation="sheet")
    SHEET.tell(talk, state)
    said = words(talk)
    assert "Haru Sheet Mask" in said and "USD 1.20 FOB Busan" in said
    assert "‘아토피 개선’ 표현이 있어요" in said, "Cosmetics Act article 13"
    assert "7칸을 채웠어요" in said and "검색용 낱말 3개 이상" in said
    assert "빠진 칸 채우기" in buttons(talk)
    assert talk.slot("firm") == {"products": ["하루팩 마스크팩"], "target_countries": ["VN", "US"]}
    assert talk.slot("paper") == {"kind": "sheet"} and print_sheet(talk, talk.slot("paper"))
    files = [bubble["reply"]["file"] for bubble in bubbles(talk) if bubble["reply"]["file"]]
    assert len(files) == 2, "the page for the buyer and the worksheet of the platform"
    _, content = sent_file("sheet", files[0]["url"].rsplit("/", 1)[-1]) or (None, b"")
    assert content.startswith(b"%PDF")


def test_an_empty_sheet_has_no_draft_and_nothing_to_print() -> None:
    talk = talking("")
    SHEET.tell(talk, {})
    assert bubbles(talk)[-1]["outcome"] == "needs_input" and not print_sheet(talk, {"kind": "sheet"})


def test_it_goes_on_where_it_was_left_and_can_be_begun_afresh() -> None:
    kept = filled(name_ko="마스크팩") | {"skipped": ["name_en"]}
    talk = start(kept)
    assert "이어서" in words(talk) and next_field(talk.slot("sheet")) == "category"
    assert next_field(start(kept, value="open").slot("sheet")) == "name_en"
    assert start(kept, value="system.buykorea").slot("sheet")["platform"] == "system.buykorea"
    assert not sheet_of(start(kept, value="new")).values


def test_english() -> None:
    state = filled(name_ko="마스크팩", name_en="Mask")
    talk = talking("make a product sheet please")
    assert "3/21 · Product category" in (SHEET.ask(talk, state, "category").text or "")


def test_an_english_entry_does_not_change_the_language() -> None:
    state = filled(name_ko="마스크팩") | {"language": "ko"}
    talk = talking("Haru Rice Mask", "answer")
    read = SHEET.read(talk, state, "name_en", "Haru Rice Mask")
    assert read and "제품 분류" in (SHEET.ask(talk, read, "category").text or "")
    chosen = talking("Haru Rice Mask", "answer", slots={"language_chosen": "en"})
    assert "Product category" in (SHEET.ask(chosen, read, "category").text or "")


def test_an_answer_that_changes_nothing_still_counts() -> None:
    talk = talking("")
    SHEET.keep(talk, {})
    first = talk.slot("sheet")
    SHEET.keep(talk, first)
    assert talk.slot("sheet") != first, "Rasa's form would hand an unchanged turn on to other rules"


def test_courtesies_are_no_entries_and_keeping_keeps() -> None:
    assert SHEET.read(talking("안녕하세요"), {}, "name_ko", "안녕하세요") is None
    assert SHEET.read(talking("네"), {}, "material", "네") is None
    kept = answered(filled(name_ko="하루팩") | {"again": "name_ko"}, "그대로 둘게요")
    assert kept["told"]["values"] == {"name_ko": "하루팩"} and next_field(kept) == "name_en"
    none = SHEET.read(talking("no"), {}, "certificates", "no")
    assert none and none["told"]["values"] == {"certificates": []}


def test_a_plain_command_is_no_entry() -> None:
    assert not SHEET.surely(talking("PDF로 줘", "get_paper"), {}, "name_ko", "PDF로 줘")
