"""A dialogue about an answer that depends: asked once, answered exactly, never a "yes" on a guess."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from actions.answering import answer_condition
from actions.depending import ASKED, TOLD
from actions.lookup import give
from knowledge.record import Record
from tests.actions.talking import talking

SOURCE = {"title": {"ko": "법", "en": "Act"}, "locator": "제1조", "as_of": "2026-01-01", "basis": "official"}
OTHER = SOURCE | {"locator": "제2조"}


def case(when: dict[str, str], ko: str, en: str, **more: Any) -> dict[str, Any]:
    return {"when": when, "ko": ko, "en": en, **more}


RECORD = Record.model_validate(
    {
        "id": "faq.late",
        "kind": "faq",
        "ko": {
            "name": "늦게 신청해도 돼요?",
            "plain": "실었는지에 따라 달라요.",
            "todo": ["서류를 모으세요."],
            "exceptions": ["전시품은 달라요."],
        },
        "en": {
            "name": "May I apply late?",
            "plain": "It depends on shipment.",
            "todo": ["Gather."],
            "exceptions": ["Not for exhibits."],
        },
        "premise": {"ko": "실은 뒤에는 절대 안 된다", "en": "it is never possible after shipment", "holds": "no"},
        "decision": {
            "asks": ["shipped", "who-makes"],
            "cases": [
                case({"shipped": "no"}, "지금 신청하면 돼요.", "Apply now."),
                case(
                    {"shipped": "yes", "who-makes": "we"},
                    "늦은 까닭을 적어 신청해요.",
                    "Apply with the reason.",
                    source=OTHER,
                    todo={"ko": ["까닭을 적으세요."], "en": ["Write the reason."]},
                ),
                case(
                    {"shipped": "yes", "who-makes": "other"},
                    "만든 회사의 서류가 더 있어야 해요.",
                    "You need the maker's paper too.",
                ),
            ],
        },
        "source": SOURCE,
    }
)


@dataclass
class FakeLibrary:
    """A library of one record."""

    def get(self, record_id: str) -> Record | None:
        return RECORD if record_id == RECORD.id else None


@dataclass
class FakeShelf:
    """What a step asks for records."""

    library: FakeLibrary


class Dialogue:
    """Turns about the record, with what is remembered between them."""

    def __init__(self) -> None:
        self.slots: dict[str, Any] = {}

    def say(self, words: str, entities: dict[str, str] | None = None) -> dict[str, Any] | None:
        """Answers the words, or a button's payload; None where they were no answer to what was asked."""
        talk = talking(words, "ask_howto", entities, self.slots)
        talk.shelf = FakeShelf(FakeLibrary())  # type: ignore[assignment]
        answered = answer_condition(talk)
        if not answered and (entities or not self.slots.get(ASKED)):
            give(talk, RECORD)
            answered = True
        self.slots |= {event["name"]: event["value"] for event in talk.events() if event["event"] == "slot"}
        sent = talk._dispatcher.messages
        return sent[-1]["custom"]["naru"] if answered else None

    def press(self, said: dict[str, Any], title: str) -> dict[str, Any]:
        """Presses a button of a turn."""
        (payload,) = [each["payload"] for each in said["reply"]["choices"] if each["title"] == title]
        value = payload.split('"answers": "')[1].split('"')[0]
        pressed = self.say(payload, {"record": RECORD.id, "answers": value})
        assert pressed is not None
        return pressed


def titles(said: dict[str, Any]) -> list[str]:
    return [choice["title"] for choice in said["reply"]["choices"]]


def test_the_one_missing_thing_is_asked_and_its_buttons_lead_to_the_exact_answer() -> None:
    dialogue = Dialogue()
    asked = dialogue.say("늦게 신청해도 돼요?")
    assert asked is not None and asked["outcome"] == "needs_input" and asked["records"] == ["faq.late"]
    assert "물건을 이미 실었어요?" in asked["reply"]["text"]
    assert "지금 신청" not in asked["reply"]["text"], "no case is told on a guess"
    assert titles(asked) == ["아직 안 실었어요", "이미 실었어요", "잘 모르겠어요"]
    answered = dialogue.press(asked, "아직 안 실었어요")
    assert answered["outcome"] == "answered" and "지금 신청하면 돼요." in answered["reply"]["text"]
    assert "다만, 전시품은 달라요." in answered["reply"]["text"]
    assert answered["reply"]["sources"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("아직이요 안 실었어요", "지금 신청하면 돼요."),
        ("1번", "지금 신청하면 돼요."),
        ("아직 안실었어요", "지금 신청하면 돼요."),
    ],
)
def test_words_do_as_well_as_buttons(words: str, said: str) -> None:
    dialogue = Dialogue()
    dialogue.say("늦게 신청해도 돼요?")
    answered = dialogue.say(words)
    assert answered is not None and said in answered["reply"]["text"]


def test_a_second_thing_is_asked_only_where_it_matters() -> None:
    dialogue = Dialogue()
    asked = dialogue.press(dialogue.say("늦게 신청해도 돼요?") or {}, "이미 실었어요")
    assert asked["outcome"] == "needs_input" and "누가 만들었어요" in asked["reply"]["text"]
    answered = dialogue.say("다른 회사가 만든 거예요")
    assert answered is not None and "만든 회사의 서류가 더" in answered["reply"]["text"]


def test_the_case_brings_its_own_article_and_steps() -> None:
    dialogue = Dialogue()
    said = dialogue.say("우리가 만들어서 이미 보냈는데 늦게 신청해도 돼요?")
    assert said is not None and "늦은 까닭을 적어" in said["reply"]["text"]
    assert "‘이미 실었어요, 우리 회사가 만들어요’로 보고" in said["reply"]["text"], "what was understood is said"
    assert [source["locator"] for source in said["reply"]["sources"]] == ["제2조", "제1조"]
    assert said["reply"]["card"]["rows"] == [["까닭을 적으세요."]]


def test_what_was_understood_wrongly_is_taken_back() -> None:
    dialogue = Dialogue()
    said = dialogue.say("이미 보냈는데 우리가 만들었어요 늦게 신청해도 돼요?") or {}
    asked = dialogue.press(said, "제 경우는 달라요")
    assert asked["outcome"] == "needs_input" and "이미 실었어요?" in asked["reply"]["text"]


def test_who_does_not_know_gets_every_case_and_no_verdict() -> None:
    dialogue = Dialogue()
    asked = dialogue.press(dialogue.say("늦게 신청해도 돼요?") or {}, "잘 모르겠어요")
    told = dialogue.say("모르겠어요")
    assert asked["outcome"] == "needs_input" and told is not None
    assert "정할 수 없어서" in told["reply"]["text"]
    assert [row[1] for row in told["reply"]["card"]["rows"]] == [
        "지금 신청하면 돼요.",
        "늦은 까닭을 적어 신청해요.",
        "만든 회사의 서류가 더 있어야 해요.",
    ]


def test_what_holds_for_the_firm_is_not_asked_again_but_the_shipment_is() -> None:
    dialogue = Dialogue()
    dialogue.say("우리가 만들어서 이미 보냈는데 늦게 신청해도 돼요?")
    kept = dialogue.slots[TOLD]
    assert kept["always"] == {"who-makes": "we"}
    dialogue.slots[TOLD] = kept | {"record": "faq.another", "here": {}}
    asked = dialogue.say("늦게 신청해도 돼요?")
    assert asked is not None and "이미 실었어요?" in asked["reply"]["text"]
    answered = dialogue.press(asked, "이미 실었어요")
    assert "늦은 까닭을 적어" in answered["reply"]["text"]
    assert "우리 회사가 만들어요" in answered["reply"]["text"], (
        "a thing remembered is said, so that it can be put right"
    )


def test_a_question_of_its_own_is_no_answer_and_ends_the_asking() -> None:
    dialogue = Dialogue()
    dialogue.say("늦게 신청해도 돼요?")
    assert dialogue.say("관세가 뭐예요?") is None
    assert dialogue.slots[ASKED] is None


@pytest.mark.parametrize(
    "words",
    ["실은 뒤에는 절대 안 된다던데요", "나중에 신청은 안된다면서요?", "실은 뒤에 신청하면 안 되는 거 맞죠?"],
)
def test_a_belief_is_checked_first(words: str) -> None:
    said = Dialogue().say(words)
    assert said is not None
    assert said["reply"]["text"].splitlines()[1] == "‘실은 뒤에는 절대 안 된다’는 말은 맞지 않아요."


def test_a_plain_question_is_not_lectured() -> None:
    said = Dialogue().say("늦게 신청하려면 어떻게 해요?")
    assert said is not None and "말은 맞지" not in said["reply"]["text"]


def test_in_english_too() -> None:
    dialogue = Dialogue()
    dialogue.slots["language_chosen"] = "en"
    asked = dialogue.say("I heard you can never apply after shipment, right?")
    assert asked is not None
    assert "It is not true that it is never possible after shipment." in asked["reply"]["text"]
    assert "Who makes the goods?" in asked["reply"]["text"], "after shipment was heard in the question itself"
    answered = dialogue.say("we make them ourselves")
    assert answered is not None and "Apply with the reason." in answered["reply"]["text"]
