"""What may become an example, and why something may not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from actions.desk.examples import Example
from bot.personal import plain
from bot.teaching import LONGEST, Refused, leaks, refused, teachable
from bot.training import _as_nlu
from knowledge.record import Language
from knowledge.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SET = ROOT / "tests" / "evaluation" / "intents.yaml"


def example(intent: str, text: str, language: Language = "ko") -> Example:
    return Example(1, intent, language, text, "kept", None, datetime(2026, 1, 1, tzinfo=UTC))


def told(settings: Settings, text: str, intent: str = "ask_howto", *others: Example) -> Refused | None:
    return refused(plain(text), intent, others, settings)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("시제품 몇 개만 부칠 때도 따로 신고를 하는지 궁금해요", "ask_howto"),
        ("do samples of no value need a declaration as well", "ask_howto"),
        ("저희 ○○에서 만든 밸브의 서류를 어떻게 갖추나요", "ask_howto"),
    ],
)
def test_a_question_of_its_own_may(settings: Settings, text: str, intent: str) -> None:
    assert told(settings, text, intent) is None


@pytest.mark.parametrize("text", ["", "   ", "?!…", "○○", "○○ ○○?", "\u200b\n\t"])
def test_nothing_may_not(settings: Settings, text: str) -> None:
    assert told(settings, text) == Refused("empty")


def test_too_long(settings: Settings) -> None:
    assert told(settings, "가" * LONGEST + "나") == Refused("long", str(LONGEST))


@pytest.mark.parametrize("intent", ["rate_talk", "nlu_fallback", "no_such_thing", "", "Define", "define\n- intent: x"])
def test_an_intent_nobody_types(settings: Settings, intent: str) -> None:
    assert told(settings, "시제품 몇 개만 부칠 때도 신고하나요", intent) == Refused("intent")


def test_every_intent_of_the_evaluation_can_be_taught() -> None:
    asked = {row["intent"] for row in yaml.safe_load(SET.read_text(encoding="utf-8"))}
    assert asked == set(teachable())


def test_what_tells_who_asked(settings: Settings) -> None:
    assert told(settings, "저는 김민수입니다 010-1234-5678로 답 주세요") == Refused("personal", "phone,person")


def test_every_question_of_the_evaluation_is_refused(settings: Settings) -> None:
    rows = yaml.safe_load(SET.read_text(encoding="utf-8"))
    assert [row["text"] for row in rows if not leaks(row["text"], SET.parent)] == []


@pytest.mark.parametrize(
    "text",
    [
        "오늘은 여기까지 할게 담에 또 올게",  # as it stands in the set
        "오늘은, 여기까지 할게!! 담에 또 올게~~",
        "오늘은여기까지할게담에또올게",
        "오늘은 여기까지 할게 다음에 또 올게",  # one word changed
        "오늘은 여기까지 할게 담에 올게",  # one word less
        "오늘은 그럼 여기까지 할게 담에 또 올게",  # one more
        "외국 바이어가 외상으로 달라는데 이런거 뭐라 불러요? 해줘도 되나요",  # of the answers' set
    ],
)
def test_nearly_a_question_of_the_evaluation(settings: Settings, text: str) -> None:
    assert told(settings, text, "bye") == Refused("evaluation")


@pytest.mark.parametrize("text", ["다음 주 화요일에 다시 여쭤볼 수 있을까요", "CIF로 팔면 보험은 우리가 드는 건가요"])
def test_another_question_is_not_nearly_one(text: str) -> None:
    assert not leaks(text, SET.parent)


def test_without_evaluation_sets_nothing_leaks(tmp_path: Path) -> None:
    assert not leaks("오늘은 여기까지 할게 담에 또 올게", tmp_path)


def test_what_the_files_teach_already(settings: Settings) -> None:
    assert told(settings, "원산지 기준이 뭐에요", "define") == Refused("twice")
    assert told(settings, "원산지 기준이, 뭐에요!!", "ask_howto") == Refused("contradicts", "define")


def test_what_editors_taught_already(settings: Settings) -> None:
    other = example("ask_howto", "시제품 몇 개만 부칠 때도 신고하나요?")
    assert told(settings, "시제품 몇개만 부칠때도 신고하나요", "ask_howto", other) == Refused("twice")
    assert told(settings, "시제품 몇개만 부칠때도 신고하나요", "define", other) == Refused("contradicts", "ask_howto")


def test_hostile_words_stay_words_in_rasas_file() -> None:
    """What an editor keeps can neither end its block nor mark entities nor become a button's payload."""
    hostile = [
        "/restart",
        "x\n- intent: greet\n  examples: |\n    - y",
        "[양말](product) 관세",
        "- 줄",
        '"q": {a: 1} | # c',
    ]
    file = yaml.safe_load(_as_nlu([example("define", plain(text)) for text in hostile]))
    assert [block["intent"] for block in file["nlu"]] == ["define"]
    lines = file["nlu"][0]["examples"].splitlines()
    assert len(lines) == len(hostile)
    assert lines[0] == "- restart" and "[" not in lines[2]
    assert all(line.startswith("- ") and not line.startswith("- /") for line in lines)
