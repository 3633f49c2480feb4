"""The skill over its real route: who may call, what is understood, what buttons mean, what waits behind "더 보기"."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from bot.assistant import Assistant
from channels.app import create_app
from channels.connection import BadSettings
from knowledge.settings import Settings
from tests.channels.kakao.conftest import OUTSIDE, SECRET, Person, calling, skill_app
from tests.channels.kakao.walking import buttons_of

People = Callable[[], Person]


# Who may call.


async def test_off_without_a_secret(settings: Settings, naru: Assistant) -> None:
    transport = httpx.ASGITransport(create_app(settings, naru))
    async with httpx.AsyncClient(transport=transport, base_url="http://skill") as http:
        assert (await http.post("/webhooks/kakao", json={})).status_code == 404


@pytest.mark.parametrize("address", [None, "http://naru.example"])
def test_refuses_to_start_without_an_address(settings: Settings, address: str | None) -> None:
    with pytest.raises(BadSettings, match="NARU_PUBLIC_URL"):
        skill_app(settings, None, public_url=address)


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], "비밀".encode().decode("latin-1")])
async def test_a_stranger_is_refused(people: People, secret: str | None) -> None:
    person = people()
    headers = {} if secret is None else {"X-Naru-Secret": secret.encode("latin-1")}
    for body in (json.dumps(person.payload("안녕")), "{broken"):
        refused = await person.http.post("/webhooks/kakao", content=body, headers=headers)
        assert refused.status_code == 401
        assert refused.headers["content-type"] == "application/problem+json"


# What is read.


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"userRequest": null}',
        b'{"userRequest": {}}',
        b'{"userRequest": {"user": {}}}',
        b'{"userRequest": {"user": {"id": ""}}}',
        b'{"userRequest": {"user": {"id": true}}}',
        b'{"userRequest": {"user": {"id": ["a"]}}}',
        b'{"userRequest": {"user": {"id": "a\\u0000b"}}}',
        b'{"userRequest": {"user": {"id": "\\ud800"}}}',
        b'{"userRequest": {"user": {"id": "' + b"a" * 71 + b'"}}}',
        b'{"userRequest": {"user": {"id": "a"}, "utterance": 7}}',
        b'{"userRequest": {"user": {"id": "a"}, "utterance": {"text": "a"}}}',
        b"[" * 20_000,
        b'{"a":' * 20_000,
    ],
)
async def test_what_is_no_skill_request_is_told_so(people: People, body: bytes) -> None:
    answered = await people().http.post("/webhooks/kakao", content=body, headers={"X-Naru-Secret": SECRET})
    assert answered.status_code == 422
    assert answered.headers["content-type"] == "application/problem+json"


async def test_only_the_person_is_needed(people: People) -> None:
    person = people()
    answer = await person.send({"userRequest": {"user": {"id": person.id}}})
    assert "나루" in person.words(answer)


@pytest.mark.parametrize(
    "changed",
    [
        {"action": None, "flow": None, "bot": None, "intent": None, "contexts": None},
        {"action": {"clientExtra": "null"}, "flow": {"trigger": "QUICKREPLY"}, "novelty": {"a": [1]}},
        {"action": {"clientExtra": {"naru": 5}}, "flow": {"trigger": {"type": ["x"]}, "lastBlock": 3}},
        {"action": [], "flow": "TEXT_INPUT", "intent": {"extra": {"knowledge": {"matchedKnowledges": []}}}},
    ],
)
async def test_what_is_not_read_may_be_anything(people: People, changed: dict[str, Any]) -> None:
    person = people()
    payload = person.payload("신용장이 뭐예요?") | changed
    payload["userRequest"] |= {"lang": 3, "block": "웰컴", "params": None, "callbackUrl": {"a": 1}}
    assert "은행" in person.words(await person.send(payload))


async def test_broken_letters_are_made_whole(people: People) -> None:
    person = people()
    body = json.dumps(person.payload("@@")).replace('"@@"', '"\\ud83d 신용장이 \\u0000 뭐예요"')
    answered = await person.http.post("/webhooks/kakao", content=body, headers={"X-Naru-Secret": SECRET})
    assert answered.status_code == 200 and "은행" in answered.text


async def test_a_very_long_message_is_answered(people: People) -> None:
    assert "5000" in (await people().say("가" * 20_000)).replace(",", "")


async def test_numbers_as_ids_are_people_too(people: People) -> None:
    person = people()
    payload = person.payload("안녕하세요")
    payload["userRequest"]["user"]["id"] = 620678
    assert person.words(await person.send(payload))


# What is understood.


async def test_a_question_is_answered_with_its_source(people: People) -> None:
    person = people()
    said = await person.say("신용장이 뭐예요?")
    assert "은행" in said and "출처" in said and "2026-" in said


@pytest.mark.parametrize("lang", ["ko", "kr", None])
async def test_an_empty_message_is_greeted_in_korean(people: People, lang: str | None) -> None:
    person = people()
    assert "안녕하세요" in await person.say("", lang=lang)
    assert "신용장이 뭐예요" in person.labels


async def test_english_is_spoken_with_whom_has_it_set(people: People) -> None:
    assert "Hello" in await people().say(None, lang="en")


async def test_the_language_of_the_words_counts(people: People) -> None:
    person = people()
    assert "bank" in await person.say("what is a letter of credit?")
    assert "은행" in await person.say("신용장이 뭐예요?")


async def test_the_welcome_block_greets_whatever_it_says(people: People) -> None:
    assert "안녕하세요" in await people().say("웰컴", block={"id": "w", "name": "웰컴 블록"})


async def test_back_to_the_beginning(people: People) -> None:
    person = people()
    await person.say("우리 회사 진단 받기")
    await person.say("FTA 혜택 받을 수 있나요?")
    started = await person.say(" 처음으로 ")
    assert "수출이 처음이에요" in person.labels and started
    assert "은행" in await person.say("신용장이 뭐예요?")
    assert "그만하기" not in person.labels, "no interview goes on"


async def test_people_have_conversations_of_their_own(people: People) -> None:
    one, other = people(), people()
    await one.say("신용장이 뭐예요?")
    await other.say("FOB가 뭐예요?")
    assert "신용장" in await one.press("더 쉽게")
    assert "FOB" in await other.press("더 쉽게")


# What buttons mean.


@pytest.mark.parametrize("carried", [True, False])
async def test_a_button_means_its_choice(people: People, carried: bool) -> None:
    person = people()
    await person.say("신용장이 뭐예요?")
    assert "예를 들면" in person.labels
    assert "신용장" in await person.press("예를 들면", carried=carried)


async def test_typing_what_a_button_says_is_pressing_it(people: People) -> None:
    person = people()
    await person.say("신용장이 뭐예요?")
    pressed = await person.press("더 알려줘")
    await person.say("신용장이 뭐예요?")
    assert await person.say("  더   알려줘 ") == pressed


async def test_an_earlier_button_works_when_pressed_but_its_words_may_mean_something_new(people: People) -> None:
    person = people()
    await person.say("신용장이 뭐예요?")
    button = next(each for each in buttons_of(person.last, "message") if each["messageText"] == "예를 들면")
    example = await person.press("예를 들면", carried=False)
    await person.say("FOB가 뭐예요?")
    typed = person.payload(button["messageText"])
    pressed = person.payload(button["messageText"])
    pressed["flow"]["trigger"]["type"] = "CARD_BUTTON_MESSAGE"
    assert "FOB" in person.words(await person.send(typed)), "typed now, it asks about what was spoken of last"
    await person.say("안녕하세요")
    assert example not in ("", person.words(person.last))
    pressed["action"]["clientExtra"] = button["extra"]
    assert person.words(await person.send(pressed)) == example


async def test_a_forged_button_does_nothing(people: People) -> None:
    person = people()
    payload = person.payload("x")
    payload["action"]["clientExtra"] = {"naru": '/no_such_intent{"a": "b"}'}
    assert person.words(await person.send(payload))
    payload["action"]["clientExtra"] = {"naru": "/define" + "{" * 5000}
    assert person.words(await person.send(payload))


async def test_the_rest_waits_behind_more(people: People) -> None:
    person = people()
    first = await person.say("수출 서류 체크리스트 만들어줘")
    assert person.labels[0] == "더 보기" and len(person.labels) == 10
    more = await person.press("더 보기")
    assert more and more != first and "그만하기" in person.labels
    assert "더 보기" not in person.labels
    after = await person.press("그만하기")
    assert after


async def test_something_else_than_more_is_answered(people: People) -> None:
    person = people()
    await person.say("수출 서류 체크리스트 만들어줘")
    assert person.labels[0] == "더 보기"
    await person.say("처음으로")
    assert "더 보기" not in person.labels
    assert "은행" in await person.say("신용장이 뭐예요?")


async def test_a_whole_answer_opens_on_its_page(people: People, settings: Settings) -> None:
    person = people()
    await person.say("수출에 어떤 어려움이 많아요?")
    for question in ("베트남이랑 FTA 있어요?", "수출 절차 순서대로 알려줘", "2018년 조사 결과 보여줘"):
        await person.say(question)
        pages = [each["webLinkUrl"] for each in buttons_of(person.last, "webLink") if "/answers/" in each["webLinkUrl"]]
        for address in pages:
            opened = await person.http.get(address.removeprefix(OUTSIDE))
            assert opened.status_code == 200 and "출처" in opened.text


async def test_too_many_messages(settings: Settings, naru: Assistant) -> None:
    async with calling(skill_app(settings, naru, messages_per_minute=2)) as http:
        person = Person(http)
        await person.say("안녕하세요")
        await person.say("안녕하세요")
        assert "1분" in await person.say("안녕하세요")
