"""The readiness test in conversation: fifteen questions, a level, a picture, the last time beside it, and a paper."""

from __future__ import annotations

import pytest

from actions.files import sent_file
from actions.firm.readiness import READINESS, ReadinessStart, known_answers, read_choice
from actions.printing import GetPaper
from knowledge.diagnosis.readiness import question_of, readiness_questions
from tests.actions.firm.driving import Driver

LOWEST = {one.id: one.choices[0].id for one in readiness_questions()}
HIGHEST = {one.id: one.choices[-1].id for one in readiness_questions()}


def finish(talk: Driver, answers: dict[str, str]) -> Driver:
    while talk.step:
        talk.press(answers[talk.step])
    return talk


def test_questions_come_one_at_a_time_with_progress() -> None:
    talk = Driver(READINESS).begin(ReadinessStart(), "/test_readiness")
    count = len(readiness_questions())
    assert count <= 15 and f"[1/{count}]" in talk.text
    talk.press("well")
    assert f"[2/{count}]" in talk.text


def test_the_lowest_answers_are_the_landing_and_the_highest_the_open_sea() -> None:
    talk = finish(Driver(READINESS).begin(ReadinessStart(), "/test_readiness"), LOWEST)
    assert "나루터에 왔어요 (전체 0점)" in talk.text
    assert set(talk.outcomes) == {"answered"} and any(reply["sources"] for reply in talk.replies)
    image = next(reply["image"] for reply in talk.replies if reply["image"])
    assert "제품과 인증 0점" in image["alt"]
    file = sent_file("firm-test", image["url"].removeprefix("/files/"))
    assert file and file[1].startswith(b"\x89PNG")
    steps = next(reply["card"] for reply in talk.replies if (reply["card"] or {}).get("kind") == "list")
    assert len(steps["rows"]) == 2
    again = finish(talk.begin(ReadinessStart(), "/test_readiness"), HIGHEST)
    assert "더 넓은 바다로 나가요 (전체 100점)" in again.text
    assert "0점에서 100점" in again.text  # beside the last time
    table = next(reply["card"] for reply in again.replies if (reply["card"] or {}).get("kind") == "table")
    assert table["columns"] == ["분야", "지난번", "점수", "답한 물음"]


def test_the_paper_is_the_last_finished_result() -> None:
    talk = Driver(READINESS).act(GetPaper(), "/get_paper")
    assert talk.outcomes == ["needs_input"]
    finish(talk.begin(ReadinessStart(), "/test_readiness"), LOWEST)
    assert talk.slots["paper"] == {"kind": "readiness"} and "/get_paper" in talk.payloads
    talk.act(GetPaper(), "/get_paper")
    file = next(reply["file"] for reply in talk.replies if reply["file"])
    content = sent_file("firm-test", file["url"].removeprefix("/files/"))
    assert content and content[1].startswith(b"%PDF")


def test_an_unfinished_test_goes_on() -> None:
    talk = Driver(READINESS).begin(ReadinessStart(), "/test_readiness")
    talk.press("well")
    talk.begin(ReadinessStart(), "/test_readiness")
    assert "이어서" in talk.text and talk.step == "certificates"
    talk.begin(ReadinessStart(), "/test_readiness", value="new")
    assert talk.step == "product_sold"


def test_all_unknown_gives_no_score() -> None:
    talk = finish(Driver(READINESS).begin(ReadinessStart(), "/test_readiness"), dict.fromkeys(LOWEST, "unknown"))
    assert talk.outcomes == ["needs_input"] and "점수를 낼 수 없어요" in talk.text
    assert not any(reply["image"] for reply in talk.replies)


def test_what_the_diagnosis_heard_is_not_asked_again() -> None:
    assert known_answers({"export_staff": "nobody", "foreign_language": "translator", "buyer": "none"}) == {
        "staff": "no",
        "language": "tool",
    }
    slots = {"firm": {"facts": {"export_staff": "nobody"}}}
    talk = Driver(READINESS, **slots).begin(ReadinessStart(), "/test_readiness")
    assert "14가지" in talk.text
    seen = set()
    while talk.step:
        seen.add(talk.step)
        talk.press("unknown")
    assert "staff" not in seen


@pytest.mark.parametrize(
    ("question", "said", "choice"),
    [
        ("product_sold", "국내에서 꾸준히 팔려요", "well"),
        ("product_sold", "국내에서 꾸준히 팔리고 있어요", "well"),
        ("product_sold", "2번", "sample"),
        ("product_sold", "네", None),
        ("product_sold", "FOB", None),
        ("certificates", "안 알아봤어", "no"),
        ("capacity", "네", "yes"),
        ("capacity", "아니요", "no"),
        ("hs_code", "몰라요", "no"),
        ("hs_code", "모르겠어요", "unknown"),
        ("language", "파파고로 해요", "tool"),
        ("listing", "없어요", "no"),
        ("listing", "건너뛸게요", "skipped"),
    ],
)
def test_free_words_are_read_as_their_button(question: str, said: str, choice: str | None) -> None:
    assert read_choice(question_of(question), said, "ko") == choice


def test_the_answer_before_can_be_corrected() -> None:
    talk = Driver(READINESS).begin(ReadinessStart(), "/test_readiness")
    talk.press("well")
    talk.say("아니 샘플만 있어요")
    assert talk.slots["readiness"]["answers"] == {"product_sold": "sample"} and talk.step == "certificates"
