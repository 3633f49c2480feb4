"""Deadlines in conversation; days are counted by hand from UCP 600, the Customs Act and the agreements."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from actions.errands import counting_days, days_told
from actions.errands.counting_days import DAYS, DaysStart
from actions.files import sent_file
from actions.talk import Talk
from tests.actions.errands.said import bubbles, buttons, words
from tests.actions.talking import talking


@pytest.fixture(autouse=True)
def tuesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test happens on Tuesday, 24 November 2026."""
    for module in (counting_days, days_told):
        monkeypatch.setattr(module, "today", lambda: date(2026, 11, 24))


def start(said: str, slot: dict[str, Any] | None = None, **entities: str) -> Talk:
    talk = talking(said, "count_deadlines", entities, {"deadlines": slot} if slot else {}, "days")
    DaysStart().respond(talk)
    return talk


def answered(state: dict[str, Any], said: str, **entities: str) -> dict[str, Any] | None:
    talk = talking(said if not entities.get("value") else "/answer", "answer", entities)
    step = DAYS.next_step(talk, state)
    assert step
    return DAYS.read(talk, state, step, entities.get("value") or said)


def asked(state: dict[str, Any]) -> str:
    talk = talking("")
    step = DAYS.next_step(talk, state)
    assert step
    return DAYS.ask(talk, state, step).text or ""


def test_a_message_that_tells_everything_is_worked_out_at_once() -> None:
    talk = start("신용장 유효기일 12월 20일이고 선적기일은 12/10이에요")
    state = talk.slot("deadlines")
    assert state["told"] == {"lc_expiry": "2026-12-20", "latest_shipment": "2026-12-10"}
    assert DAYS.next_step(talk, state) is None
    DAYS.tell(talk, state)
    said = words(talk)
    assert "2026년 12월 20일 일요일" in said and "2026년으로 봤어요" in said
    assert "신용장 서류를 은행에 내는 마지막 날" in said, "21 days after 10 December are after the expiry: the 20th"
    assert all(bubble["reply"]["sources"] for bubble in bubbles(talk) if bubble["reply"]["card"])


def test_the_calendar_file_holds_no_reminder_of_the_past() -> None:
    talk = start("신용장 유효기일 2026-12-01, 마지막 선적일 2026-11-28")
    DAYS.tell(talk, talk.slot("deadlines"))
    file = next(bubble["reply"]["file"] for bubble in bubbles(talk) if bubble["reply"]["file"])
    _, content = sent_file("days", file["url"].rsplit("/", 1)[-1]) or (None, b"")
    triggers = [line for line in content.decode().splitlines() if line.startswith("TRIGGER")]
    assert triggers and all(line[-16:-8] > "20261124" for line in triggers)
    assert "2026년 11월 25일 아침 9시" in words(talk), "three days before 28 November"


def test_a_bare_day_is_asked_about_and_then_gets_its_year() -> None:
    state = start("12월 20일인데 기한 계산해줘").slot("deadlines")
    assert not state["told"] if "told" in state else True
    assert "12월 20일은 무슨 날인가요?" in asked(state)
    named = answered(state, "신용장 만기일이요")
    assert named and named["told"] == {"lc_expiry": "2026-12-20"} and named["inferred"] == ["lc_expiry"]
    pressed = answered(state, "", value="kind:declaration_accepted")
    assert pressed and pressed["told"] == {"declaration_accepted": "2025-12-20"}, "what has happened lies behind"
    dropped = answered(state, "", value="drop")
    assert dropped and not dropped["waiting"] and not dropped.get("told")


def test_one_by_one_with_buttons_and_an_end() -> None:
    state = start("기한 계산해줘").slot("deadlines")
    state = answered(state, "", value="kind:shipment") or {}
    assert "실제 선적일이 언제인가요" in asked(state)
    state = answered(state, "어제요") or {}
    assert state["told"] == {"shipment": "2026-11-23"} and not state["inferred"]
    assert "더 있나요" in asked(state)
    state = answered(state, "이게 다예요") or {}
    assert state["done"] and DAYS.next_step(talking(""), state) is None


def test_a_day_that_does_not_exist_is_told_and_nothing_is_lost() -> None:
    state = {"told": {"shipment": "2026-11-20"}}
    wrong = answered(state, "신용장 만기는 11월 31일")
    assert wrong and wrong["told"] == {"shipment": "2026-11-20"}
    assert "‘11월 31일’은 달력에 없는 날" in asked(wrong)
    right = answered(wrong, "만기는 11월 30일")
    assert right and right["told"]["lc_expiry"] == "2026-11-30" and right["fault"] is None


def test_a_correction_replaces_the_day() -> None:
    state = answered({"told": {"shipment": "2026-11-20"}}, "아니 선적일은 11월 18일이에요")
    assert state and state["told"] == {"shipment": "2026-11-18"}


def test_a_proof_of_origin_needs_its_agreement() -> None:
    state = answered({"told": {"shipment": "2026-11-20"}}, "원산지증명서 발급일 11월 1일") or {}
    assert "어느 협정" in asked(state)
    china = answered(state, "중국이요", country="CN")
    assert china and DAYS.next_step(talking(""), china) == "agreement", "KR-CN and RCEP both reach China"
    assert len(DAYS.ask(talking(""), china, "agreement").choices) == len(china["agreements"]) + 1
    chosen = answered(china, "", value="KR-CN")
    assert chosen and chosen["told"]["agreement"] == "KR-CN"
    skipped = answered(state, "모르겠어요")
    assert skipped and DAYS.next_step(talking(""), skipped) == "more"
    talk = talking("")
    DAYS.tell(talk, {"told": {"proof_issued": "2026-11-01"}, "skipped": ["agreement"]})
    assert bubbles(talk)[-1]["outcome"] == "needs_input", "without the agreement nothing follows, and nothing breaks"


def test_nonsense_and_nothing() -> None:
    assert answered({"told": {"shipment": "2026-11-20"}}, "ㅁㄴㅇㄹ") is None
    talk = talking("")
    DAYS.tell(talk, {"told": {}, "done": True})
    assert bubbles(talk)[-1]["outcome"] == "needs_input" and "하나라도" in words(talk)


def test_loading_thirty_days_after_acceptance() -> None:
    talk = start("수출신고 11월 2일에 수리됐어요")
    DAYS.tell(talk, talk.slot("deadlines"))
    assert "2026년 12월 2일 수요일" in words(talk), "Customs Act article 251: thirty days, the first not counted"


def test_days_that_do_not_fit_are_told() -> None:
    talk = start("신용장 유효기일 2026-12-20 마지막 선적일 2026-12-25")
    DAYS.tell(talk, talk.slot("deadlines"))
    assert "조건변경" in words(talk)


def test_what_has_passed_is_told_and_gets_no_calendar() -> None:
    talk = start("신용장 유효기일 2026-11-01")
    DAYS.tell(talk, talk.slot("deadlines"))
    assert "(지났어요)" in words(talk) and not any(bubble["reply"]["file"] for bubble in bubbles(talk))


def test_days_stay_for_the_next_time_and_can_be_forgotten() -> None:
    known = {"told": {"lc_expiry": "2026-12-20"}, "done": True}
    talk = start("선적일은 12월 5일이에요 다시 계산해줘", known)
    assert set(talk.slot("deadlines")["told"]) == {"lc_expiry", "shipment"}
    again = start("/count_deadlines", known, value="more")
    assert "신용장 유효기일" in asked(again.slot("deadlines"))
    assert not start("/count_deadlines", known, value="new").slot("deadlines").get("told")


def test_a_question_is_no_answer() -> None:
    talk = talking("유효기일이 뭐예요?")
    assert not DAYS.surely(talk, {}, "days", "유효기일이 뭐예요?")
    assert DAYS.surely(talk, {}, "days", "12/20이요")


def test_english() -> None:
    talk = start("my L/C expires Dec 20 and the latest shipment is Dec 10, what are my deadlines")
    DAYS.tell(talk, talk.slot("deadlines"))
    assert "Sunday, December 20, 2026" in words(talk) and "Add or correct a day" in buttons(talk)


def test_a_note_about_one_day_stands_beside_that_day() -> None:
    talk = start("신용장 유효기일 2026-12-20 마지막 선적일 2026-12-10")
    DAYS.tell(talk, talk.slot("deadlines"))
    table = next(bubble["reply"] for bubble in bubbles(talk) if bubble["reply"]["card"])
    assert "일요일" not in table["text"], "the 10th is a Thursday"
    assert ["이 날은 일요일" in why for _, _, why in table["card"]["rows"]] == [False, True, True]


def test_a_day_without_its_month_is_asked_for_again() -> None:
    state = answered({}, "20일이요")
    assert state and "몇 월인지" in asked(state) and not state.get("told")


def test_a_change_told_of_an_expected_shipment_is_not_taken_for_last_year() -> None:
    state = start("선적일이 12월 7일로 바뀌었어요 기한 다시 계산해줘").slot("deadlines")
    assert state["told"] == {"shipment": "2026-12-07"}
