"""Guides in conversation, against the steps of the pack's own guides, read by hand."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errands.guide_book import Book
from actions.errands.guiding import GuideNext, GuidePrevious, GuideStart, goes_on
from actions.talk import Talk
from tests.actions.errands.said import bubbles, buttons, value, words
from tests.actions.talking import talking

SAMPLES = {"current": "guide.samples", "progress": {"guide.samples": {"guide": "guide.samples", "done": ["deal"]}}}
"""The guide on samples has five steps: deal, allowed, invoice, declare, send."""


def after_guide(words: str, last: str) -> Talk:
    """Returns a step whose turn before was answered by ``last``."""
    events = [
        {"event": "user"},
        {"event": "action", "name": last},
        {"event": "action", "name": "action_listen"},
        {"event": "user"},
    ]
    message = {"text": words, "intent": {"name": "more", "confidence": 1.0}, "entities": []}
    tracker = Tracker("test", {"guide": SAMPLES}, message, events, False, None, {}, "action_listen")
    return Talk(CollectingDispatcher(), tracker)


def step(action: Any, said: str, intent: str, slot: Any = None, **entities: str) -> Talk:
    talk = talking(said, intent, entities, {"guide": slot} if slot else {})
    action.respond(talk)
    return talk


def test_words_that_name_a_guide_open_it_at_its_first_step() -> None:
    talk = step(GuideStart(), "샘플 보내는 거 차근차근 알려줘", "start_guide")
    assert "모두 5단계" in words(talk)
    assert "1단계." in words(talk) and "0/5 · 0 %" in words(talk)
    assert "다음 단계" in buttons(talk) and "이전 단계" not in buttons(talk)
    assert talk.slot("guide")["current"] == "guide.samples"
    assert bubbles(talk)[-1]["reply"]["sources"]


def test_words_that_fit_two_guides_are_asked_about() -> None:
    talk = step(GuideStart(), "관세환급 안내해줘", "start_guide")
    assert bubbles(talk)[-1]["outcome"] == "needs_input"
    assert {value(each) for each in buttons(talk).values()} == {
        "guide.drawback-individual",
        "guide.drawback-simplified",
    }


def test_words_that_fit_none_get_the_list() -> None:
    talk = step(GuideStart(), "하나씩 알려줘", "start_guide")
    assert len(buttons(talk)) == 16
    assert bubbles(talk)[-1]["outcome"] == "needs_input"


def test_next_marks_the_step_done_and_shows_the_share_rounded_down() -> None:
    talk = step(GuideNext(), "다음 단계", "next_step", SAMPLES)
    assert talk.slot("guide")["progress"]["guide.samples"]["done"] == ["deal", "allowed"]
    assert "3단계." in words(talk) and "2/5 · 40 %" in words(talk)


def test_an_old_button_pressed_again_skips_nothing() -> None:
    talk = step(GuideNext(), "/next_step", "next_step", SAMPLES, value="guide.samples deal")
    assert talk.slot("guide")["progress"]["guide.samples"]["done"] == ["deal"]
    assert "2단계." in words(talk)


def test_back_and_at_the_first_step() -> None:
    talk = step(GuidePrevious(), "이전 단계", "previous_step", SAMPLES)
    assert "1단계." in words(talk) and talk.slot("guide")["progress"]["guide.samples"]["done"] == []
    again = step(GuidePrevious(), "이전 단계", "previous_step", talk.slot("guide"))
    assert "첫 단계예요" in words(again) and "1단계." in words(again)


def test_another_guide_in_between_loses_nothing() -> None:
    talk = step(GuideStart(), "신용장 안내해줘", "start_guide", SAMPLES)
    assert talk.slot("guide")["current"] == "guide.letter-of-credit"
    assert "1/5까지 함" in "".join(buttons(step(GuideStart(), "/start_guide", "start_guide", talk.slot("guide"))))
    back = step(GuideStart(), "샘플 안내", "start_guide", talk.slot("guide"))
    assert "이어서" in words(back) and "2단계." in words(back) and "처음부터 다시" in buttons(back)
    anew = step(GuideStart(), "/start_guide", "start_guide", back.slot("guide"), value="new guide.samples")
    assert "1단계." in words(anew) and "0/5" in words(anew)


def test_the_end_congratulates_and_offers_what_follows() -> None:
    almost = {"guide": "guide.samples", "done": ["deal", "allowed", "invoice", "declare"]}
    slot = {"current": "guide.samples", "progress": {"guide.samples": almost}}
    talk = step(GuideNext(), "다 했어요", "next_step", slot)
    assert "5/5 · 100 %" in words(talk) and "축하" in words(talk)
    assert "guide.first-export" in {value(each) for each in buttons(talk).values() if "{" in each}
    again = step(GuideNext(), "다음", "next_step", talk.slot("guide"))
    assert "축하" in words(again)


@pytest.mark.parametrize("action", [GuideNext(), GuidePrevious()])
def test_without_a_guide_open_guides_are_offered(action: Any) -> None:
    talk = step(action, "다음 단계", "next_step")
    assert bubbles(talk)[-1]["outcome"] == "needs_input" and len(buttons(talk)) == 16


def test_a_button_to_a_guide_that_is_no_more_offers_the_list() -> None:
    talk = step(GuideStart(), "/start_guide", "start_guide", value="guide.of-the-past")
    assert len(buttons(talk)) == 16


def test_a_guide_dropped_from_the_pack_does_not_break_what_was_kept() -> None:
    slot = {"current": "guide.gone", "progress": {"guide.gone": {"guide": "guide.gone", "done": []}}}
    assert Book.of(talking("", slots={"guide": slot})) == Book()


def test_and_then_means_the_next_step_only_right_after_a_step() -> None:
    assert goes_on(after_guide("그다음은요", "action_guide_next"))
    assert not goes_on(after_guide("그다음은요", "action_define"))
    assert not goes_on(after_guide("좀 더 알려줘", "action_guide_next")), "more about this step, not the next one"


def test_a_step_names_the_website_from_the_record() -> None:
    slot = {
        "current": "guide.export-insurance",
        "progress": {"guide.export-insurance": {"done": ["need"], "guide": "guide.export-insurance"}},
    }
    talk = step(GuideStart(), "/start_guide", "start_guide", slot, value="guide.export-insurance")
    system = talk.record("system.cyber-ksure")
    assert system and system.website and system.website in words(talk)


def test_english() -> None:
    talk = step(GuideStart(), "guide me through sending samples", "start_guide")
    assert "Step 1." in words(talk) and "There are 5 steps" in words(talk) and "Next step" in buttons(talk)
