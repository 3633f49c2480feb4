"""Codes that join two conversations: good once, for ten minutes, for whoever types them; and the separation."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from pydantic import SecretStr
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import func, select, update

from actions import channels_joined
from actions.channels_joined import JoinChannels, SeparateChannels
from actions.joined import CODE, LASTS, LETTERS, channels_of, code_in, make_code, redeem, separate
from actions.talk import Talk
from channels.telegram.links import opened
from knowledge.database.engine import sessions
from knowledge.database.tables import ConversationRow, JoinCodeRow, now
from knowledge.settings import settings as chosen
from tests.actions.errands.said import bubbles, words

SHAPE = re.compile(rf"NARU-[{LETTERS}]{{4}}-[{LETTERS}]{{4}}")


def conversation(channel: str = "web") -> str:
    """A conversation on a channel; returns its id."""
    made = secrets.token_hex(8)
    with sessions(chosen().database).begin() as session:
        session.add(ConversationRow(id=made, token_digest="x", language="ko", channel=channel))
    return made


def joined_to(conversation_id: str) -> str | None:
    with sessions(chosen().database)() as session:
        return session.scalar(select(ConversationRow.joined_to).where(ConversationRow.id == conversation_id))


def code(conversation_id: str) -> str:
    found = code_in(make_code(conversation_id))
    assert found
    return found


def join(owner: str, other: str) -> None:
    assert redeem(code(owner), other) is not None


def talking(here: str, dialogue: str, language: str = "ko", channel: str = "web", said: str = "") -> Talk:
    """A step of a dialogue, spoken in one of the conversations that share it."""
    metadata = {"channel": channel, "conversation": here}
    message = {"text": said, "intent": {"name": "", "confidence": 1.0}, "entities": [], "metadata": metadata}
    return Talk(
        CollectingDispatcher(), Tracker(dialogue, {"language": language}, message, [], False, None, {}, "action_listen")
    )


@pytest.fixture
def with_settings(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Lets a test switch channels on for what the action says."""

    def switch(**values: Any) -> None:
        monkeypatch.setattr(channels_joined, "settings", lambda: settings.model_copy(update=values))

    yield switch


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("NARU-7F3K-2QXM", "7F3K2QXM"),
        ("naru-7f3k-2qxm", "7F3K2QXM"),
        ("  naru 7f3k 2qxm. ", "7F3K2QXM"),
        ("나루-7F3K-2QXM", "7F3K2QXM"),
        ("나루 7f3k2qxm", "7F3K2QXM"),
        ("NARU7F3K2QXM", "7F3K2QXM"),
        ("‘NARU–7F3K–2QXM’", None),  # an en dash is no hyphen of ours; the person is asked again like for any words
        ("내 번호는 NARU-7F3K-2QXM", None),
        ("NARU-7F3K", None),
        ("NARU-7F3K-2QXMA", None),
        ("신용장이 뭐예요?", None),
    ],
)
def test_a_code_is_known_however_it_is_typed(typed: str, meant: str | None) -> None:
    assert code_in(typed) == meant


def test_a_code_joins_once(settings: Any) -> None:
    web, phone, stranger = conversation(), conversation("telegram"), conversation("telegram")
    made = code(web)
    assert redeem(made, phone) == web and joined_to(phone) == web
    assert redeem(made, stranger) is None and joined_to(stranger) is None


def test_only_a_digest_is_kept(settings: Any) -> None:
    made = code(conversation())
    with sessions(chosen().database)() as session:
        kept = "".join(session.scalars(select(JoinCodeRow.digest)))
    assert made not in kept.upper()


def test_a_wrong_and_an_expired_code_join_nothing(settings: Any) -> None:
    web, phone = conversation(), conversation("telegram")
    assert redeem("AAAABBBB", phone) is None
    for age, good in ((LASTS - timedelta(seconds=5), True), (LASTS + timedelta(seconds=1), False)):
        made = code(web)
        with sessions(chosen().database).begin() as session:
            mine = update(JoinCodeRow).where(JoinCodeRow.conversation_id == web)
            session.execute(mine.values(expires_at=now() + LASTS - age))
        assert (redeem(made, phone) == web) is good
        separate(phone)
    assert timedelta(minutes=10) == LASTS
    assert joined_to(phone) is None


def test_a_new_code_takes_the_place_of_the_one_before(settings: Any) -> None:
    web, phone = conversation(), conversation("telegram")
    first, second = code(web), code(web)
    assert redeem(first, phone) is None
    assert redeem(second, phone) == web


def test_a_conversation_is_never_joined_to_itself(settings: Any) -> None:
    web = conversation()
    assert redeem(code(web), web) == web
    assert joined_to(web) is None and channels_of(web) == {web: "web"}


def test_three_share_one_dialogue_without_a_chain(settings: Any) -> None:
    web, phone, kakao = conversation(), conversation("telegram"), conversation("kakao")
    join(web, phone)
    join(phone, kakao)  # a code made on the phone is one of the shared dialogue
    assert (joined_to(phone), joined_to(kakao)) == (web, web)
    desk = conversation("chatwoot")
    join(desk, web)  # the whole family moves
    assert {joined_to(each) for each in (web, phone, kakao)} == {desk} and joined_to(desk) is None
    assert sorted(channels_of(kakao).values()) == ["chatwoot", "kakao", "telegram", "web"]


def test_two_who_took_each_other_s_code_share_one_dialogue(settings: Any) -> None:
    web, phone = conversation(), conversation("telegram")
    of_web, of_phone = code(web), code(phone)
    assert redeem(of_phone, web) == phone
    assert redeem(of_web, phone) == phone, "the code's owner speaks in this very dialogue by now"
    assert (joined_to(web), joined_to(phone)) == (phone, None)


def test_of_two_who_redeem_a_code_at_once_one_wins(settings: Any) -> None:
    for _ in range(15):
        web, rivals = conversation(), [conversation("telegram") for _ in range(4)]
        made, together = code(web), Barrier(len(rivals))

        def try_it(rival: str, made: str = made, together: Barrier = together) -> str | None:
            together.wait()
            return redeem(made, rival)

        with ThreadPoolExecutor(len(rivals)) as pool:
            won = list(pool.map(try_it, rivals))
        assert sorted(map(bool, won)) == [False, False, False, True]
        assert [joined_to(rival) for rival in rivals].count(web) == 1


def test_separating_lets_go_of_one_or_of_all(settings: Any) -> None:
    web, phone, kakao = conversation(), conversation("telegram"), conversation("kakao")
    assert separate(web) is False
    join(web, phone)
    join(web, kakao)
    assert separate(phone) is True
    assert (joined_to(phone), joined_to(kakao)) == (None, web)
    join(web, phone)
    assert separate(web) is True
    assert (joined_to(phone), joined_to(kakao)) == (None, None)
    assert separate("nobody") is False


def test_the_code_comes_alone_and_is_in_no_record(settings: Any) -> None:
    web = conversation()
    talk = talking(web, web)
    JoinChannels().respond(talk)
    how, alone = bubbles(talk)
    assert SHAPE.fullmatch(alone["reply"]["text"]) and alone["sealed"] is True
    assert not CODE.search(how["reply"]["text"]) and "10분" in how["reply"]["text"] and "한 번" in how["reply"]["text"]
    assert "이 대화를 볼 수 있" in how["reply"]["text"], "who has it sees the conversation"
    phone = conversation("telegram")
    assert redeem(code_in(alone["reply"]["text"]) or "", phone) == web


def test_it_names_the_channels_that_are_on(with_settings: Any) -> None:
    web = conversation()

    def told(channel: str = "web", **values: Any) -> str:
        off = {"telegram_token": None, "kakao_secret": None, "kakao_channel": None, "public_url": None}
        with_settings(**(off | values))
        talk = talking(web, web, channel=channel)
        JoinChannels().respond(talk)
        return words(talk)

    assert "텔레그램" not in told() and "카카오톡" not in told() and "웹페이지" in told()
    on = {"telegram_token": SecretStr("t"), "kakao_secret": SecretStr("k")}
    assert "텔레그램" in told(**on) and "카카오톡" in told(**on)
    assert "텔레그램" not in told("telegram", **on), "they are there already"
    assert "카카오톡" not in told("kakao", **on)
    assert "pf.kakao.com/_naru" in told(kakao_secret=SecretStr("k"), kakao_channel="https://pf.kakao.com/_naru")
    assert "https://naru.example" in told(public_url="https://naru.example")


def test_the_link_to_telegram_opens_the_bot_with_the_code(with_settings: Any) -> None:
    web, phone = conversation(), conversation("telegram")
    with_settings(telegram_token=SecretStr("t"), telegram_bot="naru_export_bot")
    talk = talking(web, web)
    JoinChannels().respond(talk)
    _how, code, link = (bubble["reply"]["text"] for bubble in bubbles(talk))
    assert all(bubble["sealed"] for bubble in bubbles(talk)[1:])
    address, _, parameter = link.partition("?start=")
    assert address == "https://t.me/naru_export_bot"
    message = opened(parameter)
    assert message is not None
    assert message.text == code
    assert redeem(code_in(message.text) or "", phone) == web


def test_a_channel_that_is_missing_here_is_said_to_be(with_settings: Any) -> None:
    web = conversation()
    with_settings(telegram_token=None, kakao_secret=SecretStr("k"))
    talk = talking(web, web, said="텔레그램이나 카톡에서 이어서 하고 싶어요")
    JoinChannels().respond(talk)
    assert "텔레그램과 연결되어 있지 않아요" in words(talk)
    assert "카카오톡과 연결되어 있지 않아요" not in words(talk)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_separating_says_what_remains_where(settings: Any, language: str) -> None:
    web, phone = conversation(), conversation("telegram")
    talk = talking(web, web, language)
    SeparateChannels().respond(talk)
    assert ("연결되어 있지 않아요" if language == "ko" else "not linked") in words(talk)
    join(web, phone)
    talk = talking(phone, web, language, "telegram")
    SeparateChannels().respond(talk)
    assert ("웹 대화에 그대로" if language == "ko" else "conversation on the web") in words(talk)
    assert talk.slot("parted") is True and joined_to(phone) is None
    join(web, phone)
    talk = talking(web, web, language)
    SeparateChannels().respond(talk)
    assert ("텔레그램 대화에서는 더" if language == "ko" else "no longer be seen on Telegram") in words(talk)
    assert talk.slot("parted") is None and joined_to(phone) is None


def test_an_erased_conversation_s_codes_are_gone(settings: Any) -> None:
    web, phone = conversation(), conversation("telegram")
    made = code(web)
    with sessions(chosen().database).begin() as session:
        session.delete(session.get(ConversationRow, web))
    with sessions(chosen().database)() as session:
        left = session.scalar(select(func.count()).where(JoinCodeRow.conversation_id == web))
    assert left == 0 and redeem(made, phone) is None and joined_to(phone) is None
