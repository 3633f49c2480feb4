"""The platform adviser in conversation, against the pack's reasons read by hand."""

from __future__ import annotations

from typing import Any

from actions.errands.selling import SELLING, SellingStart
from actions.talk import Talk
from knowledge.platforms.sheet import Sheet
from tests.actions.errands.said import bubbles, buttons, words
from tests.actions.talking import talking

BEGINNER = {
    "buyer": "b2b",
    "market": "VN",
    "product_kind": "cosmetics",
    "stage": "none",
    "english_material": "no",
    "wants_help": "yes",
}


def start(said: str, slots: dict[str, Any] | None = None, **entities: str) -> Talk:
    talk = talking(said, "advise_platform", entities, slots)
    SellingStart().respond(talk)
    return talk


def test_message_and_firm_are_not_asked_again() -> None:
    talk = start(
        "화장품 온라인으로 팔고 싶어요 소비자한테요", {"firm": {"target_countries": ["JP"], "exports_usd_last_year": 0}}
    )
    state = talk.slot("platform")
    assert state["told"] == {"market": "JP", "stage": "none", "buyer": "b2c", "product_kind": "cosmetics"}
    assert SELLING.next_step(talk, state) == "english_material"


def test_yes_and_no_are_answers_and_europe_is_no_country() -> None:
    assert SELLING.hear(talking("네"), "wants_help", "네") == "yes"
    assert SELLING.hear(talking("아직 없어요"), "english_material", "아직 없어요") == "no"
    assert SELLING.hear(talking("유럽", entities={"country": "EU"}), "market", "유럽") is None
    assert SELLING.hear(talking("일본이요", entities={"country": "JP"}), "market", "일본이요") == "JP"


def test_a_beginner_selling_to_firms_is_sent_to_gobizkorea_with_what_to_mind() -> None:
    talk = talking("")
    SELLING.tell(talk, {"told": BEGINNER})
    said = words(talk)
    assert "먼저 올려 볼 곳: gobizKOREA" in said, "it was given the SMEs and early exporters (ECLAC IV.F)"
    assert "영어 소개를 준비" in said and "확인할 곳" in said
    assert "뺀 곳: " in said and "Kmall24" in said
    assert "gobizKOREA (고비즈코리아) 등록 준비표" in buttons(talk) and "상품 설명서 만들기" in buttons(talk)
    assert all(bubble["reply"]["sources"] for bubble in bubbles(talk) if bubble["records"])
    assert talk.slot("firm") == {"target_countries": ["VN"]}


def test_without_knowing_whom_to_sell_to_nothing_is_recommended() -> None:
    talk = talking("")
    SELLING.tell(talk, {"told": {"stage": "none"}, "skipped": ["buyer"]})
    assert "먼저 올려 볼 곳" not in words(talk) and "권하지 않을게요" in words(talk)


def test_the_checklist_of_a_platform_knows_the_sheet() -> None:
    filled = Sheet().put("keywords", "mask, rice, k-beauty").to_dict()
    talk = start(
        "/advise_platform", {"platform": {"told": BEGINNER}, "sheet": {"told": filled}}, value="system.gobizkorea"
    )
    state = talk.slot("platform")
    assert SELLING.next_step(talk, state) is None
    SELLING.tell(talk, state)
    rows = dict(bubbles(talk)[-1]["reply"]["card"]["rows"])
    assert (
        rows["검색용 낱말 3개 이상"] == "채웠어요"
        and rows["제품 분류"] == "아직이에요"
        and rows["회원 가입 (무료)"] == "장터에서 해요"
    )
    assert talk.slot("platform")["told"] == BEGINNER and "shown" not in talk.slot("platform"), (
        "the advice is not forgotten"
    )
    assert bubbles(talk)[-1]["reply"]["sources"]


def test_an_unknown_platform_in_an_old_button_begins_the_interview() -> None:
    talk = start("/advise_platform", value="system.gone")
    assert SELLING.next_step(talk, talk.slot("platform")) == "buyer"


def test_english() -> None:
    talk = talking("where should I sell online")
    SELLING.tell(talk, {"told": BEGINNER})
    assert "Try this first: gobizKOREA" in words(talk)


def test_europe_is_asked_about_by_country() -> None:
    read = SELLING.read(
        talking("유럽이요", entities={"country": "EU"}), {"told": {"buyer": "b2c"}}, "market", "유럽이요"
    )
    assert read and SELLING.next_step(talking(""), read) == "market"
    reply = SELLING.ask(talking(""), read, "market")
    assert "어느 나라에 먼저" in (reply.text or "") and "독일" in [choice.title for choice in reply.choices]
