"""What an editor has switched off is shown by nothing that reads records, and no neighbour answers in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.explaining import Compare, Define, FollowUp, Simplify, Sources
from actions.finding import HowTo, Obstacle
from actions.reply import IntentNote, Outcome, Reply, Turn
from actions.step import Step
from actions.talk import payload
from actions.unsure import Clarify
from bot.check import checked
from channels.console.assist import _records
from channels.telegram.links import opened
from knowledge.diagnosis.diagnose import diagnose
from knowledge.edited.served import LOOK_SECONDS
from knowledge.edited.switches import switch_off, switch_on
from knowledge.platforms.advise import advise
from knowledge.programmes.compare import compare
from knowledge.programmes.finder import find, show
from knowledge.programmes.offers import UnknownProgramme
from knowledge.record import Language
from knowledge.settings import Settings
from knowledge.shelf import renewed
from knowledge.shelf import shelf as served

assert LOOK_SECONDS <= 1.0, "a switch must be felt within about a second"

EXCLUSIVE = "term.exclusive-distribution"
"""A record of general knowledge that names KOTRA as whom to ask; faq.exclusive is its near neighbour."""

WANTS_TO_BE_ONLY = "바이어가 독점을 달래요"


@pytest.fixture
def off(settings: Settings) -> Iterator[Callable[..., None]]:
    """Switches records off until the test ends."""
    hidden: list[str] = []

    def switch(*names: str) -> None:
        for name in names:
            switch_off(settings, name, "to be checked", None)
            hidden.append(name)

    yield switch
    for name in hidden:
        switch_on(settings, name)


@pytest.fixture(autouse=True, scope="module")
def opened_once(settings: Settings) -> None:
    renewed(settings)


async def told(
    step: Step,
    words: str,
    entities: dict[str, str] | None = None,
    slots: dict[str, Any] | None = None,
    language: Language = "ko",
) -> tuple[Reply, Outcome, tuple[str, ...]]:
    """Returns the last bubble, outcome and records of a step, with the names the gazetteer finds."""
    found: list[dict[str, Any]] = [{"entity": name, "value": value} for name, value in (entities or {}).items()]
    for mention in [] if words.startswith("/") else served().gazetteer.find(words):
        place = {"start": mention.start, "end": mention.end, "confidence_entity": mention.score}
        found.append({"entity": mention.entity, "value": mention.value, "rivals": list(mention.rivals)} | place)
    message = {"text": words, "intent": {"name": "x", "confidence": 1.0}, "entities": found}
    kept = {"language_chosen": language} | (slots or {})
    dispatcher = CollectingDispatcher()
    await step.run(dispatcher, Tracker("test", kept, message, [], False, None, {}, "action_listen"), {})
    part = dispatcher.messages[-1]["custom"]["naru"]
    return Reply.model_validate(part["reply"]), Outcome(part["outcome"]), tuple(part["records"])


def being_checked(reply: Reply, outcome: Outcome, records: tuple[str, ...]) -> bool:
    """Tells whether a bubble says that the topic is being checked, offers a person, and shows no neighbour."""
    assert reply.text is not None
    others = [choice.payload for choice in reply.choices if not choice.payload.startswith('/define{"record": "organi')]
    says = "다시 확인하고" in reply.text or "being checked" in reply.text
    return says and outcome is Outcome.NOT_IN_KNOWLEDGE and not records and others == [payload("handover")]


async def test_a_question_is_answered_until_its_record_is_switched_off(off: Callable[..., None]) -> None:
    reply, outcome, records = await told(HowTo(), WANTS_TO_BE_ONLY)
    assert (outcome, records) == (Outcome.ANSWERED, (EXCLUSIVE,))
    off(EXCLUSIVE)
    reply, outcome, records = await told(HowTo(), WANTS_TO_BE_ONLY)
    assert being_checked(reply, outcome, records)
    assert reply.text and "KOTRA" in reply.text, "confirm_with says whom to ask"
    assert payload("define", record="organisation.kotra") in [choice.payload for choice in reply.choices]
    assert not reply.sources and "독점" not in reply.text, "nothing of the record is said"


async def test_whom_to_ask_is_left_out_where_it_is_switched_off_too(off: Callable[..., None]) -> None:
    off(EXCLUSIVE, "organisation.kotra")
    reply, outcome, records = await told(HowTo(), WANTS_TO_BE_ONLY)
    assert being_checked(reply, outcome, records)
    assert reply.text and "KOTRA" not in reply.text and len(reply.choices) == 1


@pytest.mark.parametrize(
    ("step", "words", "entities", "slots"),
    [
        (Define(), "FOB가 뭐예요?", {}, {}),
        (Define(), "에프오비", {}, {}),
        (Define(), payload("define", record="term.fob"), {"record": "term.fob"}, {}),
        (Clarify(), "fob란게 뭔지", {}, {}),
        (Simplify(), "FOB 더 쉽게 설명해 주세요", {}, {"topic": "term.cif"}),
        (Simplify(), payload("simplify", record="term.fob"), {"record": "term.fob"}, {"topic": "term.cif"}),
        (Sources(), payload("ask_source", record="term.fob"), {"record": "term.fob"}, {}),
        (FollowUp(), "그럼 FOB는요?", {}, {"topic": "term.cif"}),
        (Compare(), payload("compare", one="term.cif", other="term.fob"), {"one": "term.cif", "other": "term.fob"}, {}),
        (HowTo(), "그건 얼마나 걸려요?", {}, {"topic": "term.fob"}),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
async def test_it_is_not_told_however_it_is_asked_for(
    off: Callable[..., None], step: Step, words: str, entities: dict[str, str], slots: dict[str, Any]
) -> None:
    before, outcome, _ = await told(step, words, entities, slots)
    assert not being_checked(before, outcome, ()), "the question says something while it is on"
    off("term.fob")
    assert being_checked(*await told(step, words, entities, slots))


async def test_it_is_said_in_english(off: Callable[..., None]) -> None:
    off(EXCLUSIVE)
    asked = payload("define", record=EXCLUSIVE)
    reply, outcome, records = await told(Define(), asked, {"record": EXCLUSIVE}, language="en")
    assert being_checked(reply, outcome, records) and reply.text and "KOTRA" in reply.text


async def test_a_trouble_is_not_answered_with_another_trouble(off: Callable[..., None]) -> None:
    words = "해외 바이어를 못 찾겠어요"
    _, _, records = await told(Obstacle(), words)
    off(*records)
    assert being_checked(*await told(Obstacle(), words))


async def test_other_questions_are_answered_as_before(off: Callable[..., None]) -> None:
    off(EXCLUSIVE, "term.fob")
    _, outcome, records = await told(Define(), "신용장이 뭐예요?")
    assert (outcome, records) == (Outcome.ANSWERED, ("term.lc",))
    reply, _, _ = await told(Define(), payload("define", record="term.cif"), {"record": "term.cif"})
    assert payload("define", record="term.fob") not in [choice.payload for choice in reply.choices]


def test_library_names_and_search_do_not_have_it(off: Callable[..., None]) -> None:
    pair = served().library.comparison("term.exw", "term.fob")
    assert pair is not None
    off("term.fob", pair.id)
    opened_now = served()
    assert opened_now.library.get("term.fob") is None and "term.fob" not in opened_now.library.records
    assert opened_now.library.comparison("term.exw", "term.fob") is None
    assert "term.fob" not in [record.id for record in opened_now.library.of_kind(pair.kind)]
    assert "term.fob" not in [name[2] for name in opened_now.library.names]
    assert [each.value for each in opened_now.gazetteer.find("에프오비가 뭐예요")] == []
    hits = opened_now.search.find("FOB 조건", "ko", top=len(opened_now.library.records) + 5)
    assert "term.fob" not in [hit.record for hit in hits]
    assert opened_now.search.find("FOB", "ko", among=["term.fob"]) == []


def test_jargon_is_not_explained_from_it(off: Callable[..., None]) -> None:
    reply = Reply(text="가격은 FOB로 적어요.", sources=())
    turn = Turn(
        conversation_id="c",
        turn_id=1,
        language="ko",
        outcome=Outcome.CLARIFY,
        intent=IntentNote(name="x", confidence=1.0),
        records=("term.cif",),
        replies=(reply,),
    )
    assert [note.record for note in checked(turn).replies[0].terms] == ["term.fob"]
    off("term.fob")
    assert checked(turn).replies[0].terms == ()


def test_the_programme_finder_does_not_offer_it(off: Callable[..., None]) -> None:
    best, second = find("obstacle.finding-buyers", top=2)
    off(best.id)
    assert best.id not in [match.id for match in find("obstacle.finding-buyers", top=100)]
    assert best.id not in [match.id for match in find("바이어를 찾고 싶어요", top=100)]
    with pytest.raises(UnknownProgramme):
        show(best.id)
    with pytest.raises(UnknownProgramme):
        compare([best.id, second.id])


def test_a_switched_off_trouble_can_still_be_a_need(off: Callable[..., None]) -> None:
    """A conversation may have it in its memory from before."""
    off("obstacle.finding-buyers")
    assert find("obstacle.finding-buyers", top=1)


def test_the_diagnosis_does_not_hear_it(off: Callable[..., None]) -> None:
    words = "물류비가 너무 비싸고 바이어도 못 찾겠어요"
    before = diagnose(words, {})
    heard = [each["id"] for each in before["obstacles"]]
    assert "obstacle.finding-buyers" in heard
    named = [each["id"] for each in (*before["organisations"], *before["records"])]
    off("obstacle.finding-buyers", *named)
    after = diagnose(words, {})
    assert [each["id"] for each in after["obstacles"]] == [each for each in heard if each != "obstacle.finding-buyers"]
    assert not {*named} & {each["id"] for each in (*after["organisations"], *after["records"])}


def test_platforms_do_not_offer_it(off: Callable[..., None]) -> None:
    place = advise({"buyer": "b2b"}, "ko")["options"][0]["record"]
    off(place)
    advice = advise({"buyer": "b2b"}, "ko")
    assert place not in [each["record"] for each in (*advice["options"], *advice["help"])]


def test_assist_and_addresses_do_not_open_it(off: Callable[..., None]) -> None:
    assert "term.fob" in [record.id for record in _records("FOB", "ko")]
    assert opened("term_fob") is not None
    off("term.fob")
    assert "term.fob" not in [record.id for record in _records("FOB", "ko")]
    assert opened("term_fob") is None
