"""The diagnosis in conversation: troubles first, few questions, nothing twice, and a result with sources."""

from __future__ import annotations

import json

from actions.finding import Obstacle
from actions.firm.diagnosis import DIAGNOSIS, DiagnosisStart
from knowledge.diagnosis.asking import question
from tests.actions.firm.driving import Driver

COMPLAINT = "혼자 김 만드는데 바이어도 없고 영어도 안돼서 막막해요"


def test_without_a_trouble_it_asks_for_one_with_buttons() -> None:
    talk = Driver(DIAGNOSIS).begin(DiagnosisStart(), "우리 회사 진단해줘")
    assert talk.step == "trouble"
    assert "막막" in talk.text
    assert any("obstacle.finding-buyers" in payload for payload in talk.payloads)
    assert all(len(payload) <= 500 for payload in talk.payloads)


def test_a_complaint_is_heard_and_not_asked_again() -> None:
    talk = Driver(DIAGNOSIS).begin(DiagnosisStart(), COMPLAINT)
    assert talk.step not in ("trouble", "buyer", "foreign_language", "product", "sector")
    assert "바이어를 못 찾겠어요" in talk.text and "영어가 안 돼요" in talk.text


def test_every_question_says_why_and_may_be_skipped() -> None:
    talk = Driver(DIAGNOSIS).begin(DiagnosisStart(), "바이어를 못 찾겠어요")
    asked = question(str(talk.step))
    assert asked and asked.why["ko"] in talk.text
    values = [json.loads(payload.removeprefix("/answer"))["value"] for payload in talk.payloads if "/answer" in payload]
    assert values[-2:] == ["unknown", "skipped"]


def test_the_result_tells_obstacles_shares_steps_programmes_and_sources() -> None:
    talk = Driver(DIAGNOSIS).begin(DiagnosisStart(), COMPLAINT)
    asked = []
    while talk.step:
        asked.append(talk.step)
        talk.press("unknown")
    assert 1 <= len(asked) <= 6 and len(set(asked)) == len(asked)
    assert set(talk.outcomes) == {"answered"}
    assert "바이어도 없고" in talk.text
    # Table 3 of the study: 36.6% of firms named finding buyers in 2012.
    assert "2012년 조사에서 36.6%" in talk.text
    steps = [reply["card"] for reply in talk.replies if (reply["card"] or {}).get("kind") == "steps"]
    assert len(steps) == 1 and len(steps[0]["rows"]) == 3
    assert "obstacle.finding-buyers" in talk.records
    assert any(record.startswith("programme.") for record in talk.records)
    assert all(reply["sources"] for reply in talk.replies)
    assert "아직 모르는 것" in talk.text
    for wanted in ("/match_programmes", "/test_readiness", "/handover"):
        assert wanted in talk.payloads
    assert any(payload.startswith("/apply_programme") for payload in talk.payloads)


def test_an_answer_tells_more_than_was_asked() -> None:
    talk = Driver(DIAGNOSIS).begin(DiagnosisStart(), "바이어를 못 찾겠어요")
    assert talk.step == "export_record"
    talk.say("한 번도 없고 직원은 3명, 베트남에 팔고 싶어요")
    assert talk.slots["firm"]["employees"] == 3
    assert talk.slots["firm"]["facts"]["export_record"] == "never"
    seen = {talk.step}
    while talk.step:
        talk.press("skipped")
        seen.add(talk.step)
    assert not seen & {"employees", "target_market"}


def test_a_correction_changes_what_was_told_and_the_question_stays() -> None:
    talk = Driver(DIAGNOSIS, firm={"employees": 3}).begin(DiagnosisStart(), "바이어를 못 찾겠어요")
    step = talk.step
    talk.say("아니 직원은 12명이에요")
    assert talk.step == step and "적어 두었어요" in talk.text
    assert talk.slots["firm"]["employees"] == 12


def test_an_answer_to_another_question_is_kept_and_nonsense_is_not() -> None:
    talk = Driver(DIAGNOSIS).begin(DiagnosisStart(), "바이어를 못 찾겠어요")
    step = talk.step
    talk.say("베트남이요")
    assert talk.step == step and talk.slots["firm"]["facts"]["target_market"] == "VN"
    before = talk.slots["firm"]
    talk.say("ㅁㄴㅇㄹ")
    assert talk.step == step and talk.slots["interview_missed"] == step
    assert talk.slots["firm"] == before


def test_an_unfinished_one_goes_on_and_can_be_begun_afresh() -> None:
    talk = Driver(DIAGNOSIS).begin(DiagnosisStart(), "바이어를 못 찾겠어요")
    talk.press("never")
    step = talk.step
    talk.begin(DiagnosisStart(), "/start_diagnosis")
    assert "이어서" in talk.text and talk.step == step
    talk.begin(DiagnosisStart(), "/start_diagnosis", value="new")
    assert talk.step == "trouble"


def test_a_finished_one_is_not_told_again_but_begun_anew() -> None:
    talk = Driver(DIAGNOSIS).begin(DiagnosisStart(), COMPLAINT)
    while talk.step:
        talk.press("skipped")
    talk.begin(DiagnosisStart(), "서류가 너무 어려워요")
    assert "‘서류가 너무 어려워요’" in talk.text and "‘영어가 안 돼요’" not in talk.text


def test_troubles_told_before_begin_it() -> None:
    talk = Driver(DIAGNOSIS).act(Obstacle(), "바이어도 없고 영어도 안 돼요")
    assert "/start_diagnosis" in talk.payloads
    talk.begin(DiagnosisStart(), "/start_diagnosis")
    assert "바이어를 못 찾겠어요" in talk.text and "영어가 안 돼요" in talk.text and talk.step != "trouble"


def test_several_troubles_are_all_named() -> None:
    talk = Driver(DIAGNOSIS).act(Obstacle(), "바이어도 없고 영어도 안 돼요")
    assert "어려움이 2가지" in talk.text
    assert talk.outcomes[-1] == "answered" and any(reply["sources"] for reply in talk.replies)


def test_who_cannot_say_is_asked_about_the_firm() -> None:
    talk = Driver(DIAGNOSIS).begin(DiagnosisStart(), "/start_diagnosis")
    talk.press("unknown")
    assert talk.step == "export_record"
    while talk.step:
        talk.press("unknown")
    assert talk.outcomes == ["needs_input"] and "/handover" in talk.payloads  # nothing known, nothing invented


def test_english() -> None:
    talk = Driver(DIAGNOSIS, "en").begin(DiagnosisStart(), "I have no buyers and the tariff scares me")
    assert "I can't find buyers" in talk.text
    talk.say("never")
    while talk.step:
        talk.press("skipped")
    assert "You said" in talk.text and "You have not exported yet." in talk.text


def test_a_question_is_no_sure_answer() -> None:
    from tests.actions.talking import talking

    talk = talking("FOB가 뭐예요?", slots={"language": "ko"})
    for step in ("trouble", "product", "export_record"):
        assert not DIAGNOSIS.surely(talk, {}, step, "FOB가 뭐예요?")
    assert DIAGNOSIS.surely(talk, {}, "product", "마스크팩")
