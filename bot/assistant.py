"""The way of a message through Naru, step by step; and the assistant that walks it.

Reading order of one turn (a channel adapter *receives* before and *renders* after):

    hand on     while a person has the conversation, they answer bot/desk.py
    guard       bounds, personal numbers, unknown buttons        bot/guard.py
    explain     a pasted text is explained, whatever it is about  bot/pasted.py
    understand  Rasa NLU                                         config.yml, bot/nlu/
    decide      Rasa policies choose the action                  bot/rules/
    act         the action asks the knowledge                    actions/
    compose     bubbles become one turn of the reply model       actions/reply.py
    check       sources are there, jargon gets its meaning       bot/check.py
    record      the turn is kept, without personal answers       bot/conversations.py, bot/privacy.py
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from sqlalchemy.orm import Session

from actions.cases import forgetting
from actions.desk.handovers import ACTIVE
from actions.joined import code_in, redeem
from actions.news.words import unsubscribes
from actions.reply import IntentNote, Outcome, Reply, Turn
from actions.texts import text
from actions.texts_explained import INTENT as EXPLAIN
from bot.check import checked
from bot.conversations import Conversations, Opened, Visit
from bot.desk import NOTICE, Desk, obeyed
from bot.guard import Message, is_payload, mask
from bot.loading import loaded
from bot.locks import ConversationLocks
from bot.passage import Bubbles, Passage
from bot.pasted import PastedTexts, pasted
from bot.privacy import kept_message, kept_turn
from knowledge.explaining.explained import LONGEST_TEXT
from knowledge.language.detect import detect_language
from knowledge.record import Language
from knowledge.settings import Settings

log = structlog.get_logger("naru.assistant")

GREETING = "/greet"
SENT_FILE = "/sent_file%s"
"""What a file that was sent becomes: a payload like a button's."""

NO_INTENT = IntentNote(name="none", confidence=0.0)
NEWS = IntentNote(name="news", confidence=1.0)
"""The intent of news, which no channel brings at night."""

REDEEMED = IntentNote(name="redeem_code", confidence=1.0)

JOINING = frozenset({"join_channels", REDEEMED.name, NOTICE.name})
LOOKED_BACK = 6
"""Turns among which the last is sought that was not about joining."""

STOP_NEWS = "/stop_news"
"""What a word that ends all news becomes: it counts whatever is being talked about, and is never an answer."""

ANNOUNCED = "naru"
"""The channel of turns that Naru began."""


class Assistant:
    """Naru in one process: load once, then ``open`` and ``turn`` for as many people as come."""

    def __init__(self, agent: Agent, conversations: Conversations, settings: Settings) -> None:
        self.conversations = conversations
        self._texts = PastedTexts(conversations)
        self.desk = Desk(self, settings)
        self._settings = settings
        address = settings.redis_url.get_secret_value() if settings.redis_url else None
        self._locks = ConversationLocks(address)
        self._adopt(agent)

    @classmethod
    async def load(cls, model: Path, settings: Settings) -> Assistant:
        """Loads a trained model and joins it to the database.

        Raises:
            RuntimeError: The model can't be used; Rasa itself only logs that.
        """
        return cls(await loaded(model, settings), Conversations(settings.database), settings)

    async def use(self, model: Path) -> None:
        """Goes on with another trained model: turns that have begun end on the old one, the next begin on this.

        Raises:
            Exception: The model can't be used, whatever Rasa says of it; the old one goes on serving.
        """
        self._adopt(await loaded(model, self._settings))

    def _adopt(self, agent: Agent) -> None:
        self._agent = agent
        self._intents = frozenset(agent.domain.intents if agent.domain else ()) | {EXPLAIN}

    async def open(self, language: Language, channel: str) -> tuple[Opened, Turn]:
        """Begins a conversation and greets."""
        opened = await asyncio.to_thread(self.conversations.open, language, channel)
        return opened, await self.turn(opened.id, Message(payload=GREETING))

    async def turn(self, conversation_id: str, message: Message) -> Turn:
        """Answers one message. Messages of one conversation are answered one after the other, in order.

        Raises:
            UnknownConversation: There is no conversation of that id.
        """
        code = code_in(message.text or "")
        if code and (dialogue := await asyncio.to_thread(redeem, code, conversation_id)):
            await asyncio.to_thread(self.desk.handovers.follow, conversation_id, dialogue)
            return await self._joined(conversation_id, dialogue)
        async with self.in_order(conversation_id) as visit:
            started = time.perf_counter()
            turn = await self._settled(await self._receive(visit, message))
            log.info(
                "turn",
                conversation=conversation_id,
                turn=turn.turn_id,
                outcome=turn.outcome.value,
                intent=turn.intent.name,
                milliseconds=round((time.perf_counter() - started) * 1000),
            )
            return turn.model_copy(update={"conversation_id": conversation_id})

    @asynccontextmanager
    async def in_order(self, conversation_id: str) -> AsyncIterator[Visit]:
        """Waits until nothing else happens in a conversation's dialogue, and keeps it so.

        Raises:
            UnknownConversation: There is no conversation of that id (any more).
        """
        while True:
            before = await asyncio.to_thread(self.conversations.visit, conversation_id)
            async with self._locks.lock(before.dialogue):
                visit = await asyncio.to_thread(self.conversations.visit, conversation_id)
                if visit.dialogue == before.dialogue:  # not joined to another while this waited
                    yield visit
                    return

    async def announce(
        self, conversation_id: str, reply: Callable[[Language], Reply], intent: IntentNote = NO_INTENT
    ) -> Turn:
        """Says something nobody asked for just now (a reminder), as a turn of its own.

        Raises:
            UnknownConversation: There is no conversation of that id.
        """
        async with self.in_order(conversation_id) as visit:
            turn = await self.tell(visit, intent, [reply(visit.language)])
            assert turn is not None
            return turn

    async def speak(
        self,
        conversation_id: str,
        replies: Sequence[Reply],
        shown_as: str,
        staff_id: str | None = None,
        once: Callable[[Session], bool] | None = None,
    ) -> Turn:
        """Says what a person of the desk wrote (``Desk.speak``)."""
        return await self.desk.speak(conversation_id, replies, shown_as, staff_id, once)

    async def tell(
        self,
        visit: Visit,
        intent: IntentNote,
        replies: Sequence[Reply],
        outcome: Outcome = Outcome.ANSWERED,
        staff_id: str | None = None,
        once: Callable[[Session], bool] | None = None,
    ) -> Turn | None:
        """Keeps a turn that no message led to; whoever calls holds the conversation's order (``in_order``).

        With ``staff_id`` it is kept only while that person has the conversation, and ``once``, asked in the same
        transaction, says yes; else None is returned.
        """
        passage = await self._receive(replace(visit, channel=ANNOUNCED), Message())
        spoken = self._spoken(passage, intent, *replies)
        passage.turn = spoken.model_copy(update={"outcome": outcome})

        def theirs(session: Session) -> bool:
            if not self.desk.handovers.held(session, visit.dialogue, staff_id) or (once and not once(session)):
                return False
            self.desk.handovers.wrote(session, visit.dialogue, "staff")
            return True

        return await self._record(passage, None if staff_id is None else theirs)

    async def _settled(self, passage: Passage) -> Turn:
        """Hands a message on to the person who has the conversation, or answers it: exactly one of the two.

        Which of them is decided where the turn is kept, so that neither a person who takes over meanwhile nor one who
        gives back meanwhile makes a message be answered twice or not at all.
        """
        if not self._settings.desk or obeyed(passage.message):
            turn = await self._record(await self._answered(passage))
            assert turn is not None
            return turn
        found = await asyncio.to_thread(self.desk.handovers.open_of, passage.conversation_id)
        handing, answered = found is not None and found.state == ACTIVE, False
        while True:
            if handing and (turn := await self._record(self._handed_on(passage), self._held(passage, True))):
                return turn
            if not answered:
                passage, answered = await self._answered(passage), True
            if turn := await self._record(passage, self._held(passage, False)):
                return turn
            handing = True

    def _held(self, passage: Passage, held: bool) -> Callable[[Session], bool]:
        """Returns the question whether a person has the conversation (or has not), asked where a turn is kept."""

        def asked(session: Session) -> bool:
            if self.desk.handovers.held(session, passage.conversation_id) is not held:
                return False
            if held:
                self.desk.handovers.wrote(session, passage.conversation_id, "customer")
            return True

        return asked

    def _handed_on(self, passage: Passage) -> Passage:
        """Returns the same passage as it is kept for a person: in full, since they have to read it, and unanswered."""
        words = (passage.message.text or "")[: self._settings.longest_message]
        spoken = detect_language(words) or passage.language
        handed = replace(passage, language=spoken, private=False, whole=True)
        handed.turn = self._spoken(handed, NO_INTENT).model_copy(update={"outcome": Outcome.HANDED_OVER})
        return handed

    async def _answered(self, passage: Passage) -> Passage:
        """Lets Naru answer."""
        for step in (self._guard, self._explain, self._understand, self._decide_and_act, self._compose, self._check):
            if passage.turn is None or step == self._check:
                await self._safely(step, passage)
        return passage

    async def _joined(self, conversation_id: str, dialogue: str) -> Turn:
        """Says that the conversation goes on here, and repeats where it stood."""
        visit = await asyncio.to_thread(self.conversations.visit, conversation_id)
        async with self._locks.lock(dialogue):
            passage = await self._receive(visit, Message())
            before = await asyncio.to_thread(self._said_last, dialogue, passage.turn_id)
            joined = Reply(text=text("joined", passage.language))
            passage.turn = self._spoken(passage, REDEEMED, joined, *before)
            turn = await self._record(passage)
            assert turn is not None
        return turn.model_copy(update={"conversation_id": conversation_id})

    def _said_last(self, dialogue: str, turn_id: int) -> list[Reply]:
        """Returns what Naru said last before a turn, apart from the talk about joining."""
        turns = self.conversations.history(dialogue, turn_id - LOOKED_BACK)
        said = (turn for turn in reversed(turns) if turn["replies"] and turn["intent"]["name"] not in JOINING)
        last = next(said, None)
        return [Reply.model_validate(reply) for reply in last["replies"]] if last else []

    def _spoken(self, passage: Passage, intent: IntentNote, *replies: Reply) -> Turn:
        """Returns a turn that no question led to."""
        return Turn(
            conversation_id=passage.conversation_id,
            turn_id=passage.turn_id,
            language=passage.language,
            outcome=Outcome.ANSWERED,
            intent=intent,
            replies=replies,
        )

    @property
    def processor(self) -> MessageProcessor:
        """Rasa's side of this process: understanding, policies, the tracker store."""
        assert self._agent.processor is not None
        return self._agent.processor

    async def parse(self, words: str) -> dict[str, Any]:
        """Returns what Rasa's NLU understands, without answering."""
        return dict(await self.processor.parse_message(UserMessage(words)))

    async def erase(self, conversation_id: str) -> None:
        """Forgets a conversation wholly, with those it is joined with, after the message that is being answered."""
        dialogue = await asyncio.to_thread(self.conversations.dialogue, conversation_id)
        async with self._locks.lock(dialogue):
            for each in reversed(await asyncio.to_thread(self.conversations.shared_by, dialogue)):
                await asyncio.to_thread(forgetting.erase, each, self._settings.database, self._settings)
                await asyncio.to_thread(self.conversations.erase, each)

    async def _receive(self, visit: Visit, message: Message) -> Passage:
        turn_id = await asyncio.to_thread(self.conversations.next_turn_id, visit.dialogue)
        private = await asyncio.to_thread(self.conversations.private, visit.dialogue)
        return Passage(
            visit.dialogue, message, visit.language, visit, turn_id, private, processor=self._agent.processor
        )

    async def _safely(self, step: Any, passage: Passage) -> None:
        """Runs a step; what breaks in it becomes an honest answer and a log entry, never a lost turn."""
        try:
            await step(passage)
        except Exception:
            log.exception("step failed", step=step.__name__, conversation=passage.conversation_id)
            passage.turn = self._fixed(passage, "failed", Outcome.FAILED)

    async def _guard(self, passage: Passage) -> None:
        message, limit = passage.message, self._settings.longest_message
        if message.file_id is not None:
            passage.text = SENT_FILE % json.dumps({"value": message.file_id})
        elif message.payload is not None:
            passage.text = message.payload
            if not is_payload(message.payload, self._intents):
                passage.turn = self._fixed(passage, "old_button", Outcome.REFUSED)
        else:
            words = (message.text or "").strip()
            passage.text = mask(words).lstrip("/ ") or "?"  # a slash begins a button's payload
            if unsubscribes(words):
                passage.text = STOP_NEWS
            passage.language = detect_language(words[:limit]) or passage.language
            if not words:
                passage.turn = self._fixed(passage, "empty", Outcome.NEEDS_INPUT)
            elif code_in(words):  # a good one was redeemed before
                passage.turn = self._fixed(passage, "join_code_wrong", Outcome.NEEDS_INPUT)
            elif len(words) > (LONGEST_TEXT if pasted(words) else limit):
                passage.turn = self._fixed(passage, "too_long", Outcome.REFUSED, limit=limit)

    async def _explain(self, passage: Passage) -> None:
        await self._texts.answer(passage)

    async def _understand(self, passage: Passage) -> None:
        assert passage.processor is not None
        passage.parsed = dict(await passage.processor.parse_message(UserMessage(passage.text)))

    async def _decide_and_act(self, passage: Passage) -> None:
        assert passage.processor is not None
        bubbles = Bubbles()
        await passage.processor.handle_message(
            UserMessage(
                passage.text,
                bubbles,
                passage.conversation_id,
                parse_data=passage.parsed,
                input_channel="naru",
                metadata={
                    "language": passage.language,
                    "channel": passage.visit.channel,
                    "conversation": passage.visit.conversation_id,
                },
            )
        )
        passage.bubbles = bubbles.messages

    async def _compose(self, passage: Passage) -> None:
        parts = [bubble["custom"]["naru"] for bubble in passage.bubbles if "naru" in (bubble.get("custom") or {})]
        if not parts:
            passage.turn = self._fixed(passage, "failed", Outcome.FAILED)
            return
        parsed = passage.parsed or {}
        intent = parsed.get("intent") or {}
        records = dict.fromkeys(record for part in parts for record in part["records"])
        passage.turn = Turn(
            conversation_id=passage.conversation_id,
            turn_id=passage.turn_id,
            language=parts[-1]["language"],
            outcome=Outcome(parts[-1]["outcome"]),
            intent=IntentNote(name=intent.get("name") or "none", confidence=float(intent.get("confidence") or 0.0)),
            records=tuple(records),
            replies=tuple(Reply(**part["reply"], sealed=part.get("sealed", False)) for part in parts),
        )

    async def _check(self, passage: Passage) -> None:
        if passage.turn is not None:
            passage.turn = await asyncio.to_thread(checked, passage.turn)

    async def _record(self, passage: Passage, when: Callable[[Session], bool] | None = None) -> Turn | None:
        """Keeps the turn; None where ``when``, asked in the same transaction, says no."""
        turn = passage.turn or self._fixed(passage, "failed", Outcome.FAILED)
        kept = passage.message.kept(sys.maxsize if passage.whole else self._settings.longest_message)
        if passage.private:
            kept = kept_message(kept, passage.language)
        turn = await self._where_it_ended(passage, turn)
        channel = passage.visit.channel
        recorded = await asyncio.to_thread(self.conversations.record, kept_turn(turn), kept, channel, when)
        return turn if recorded else None

    async def _where_it_ended(self, passage: Passage, turn: Turn) -> Turn:
        """A turn that separates a conversation from the shared dialogue belongs to the conversation again."""
        dialogue = await asyncio.to_thread(self.conversations.dialogue, passage.visit.conversation_id)
        if dialogue == turn.conversation_id:
            return turn
        turn_id = await asyncio.to_thread(self.conversations.next_turn_id, dialogue)
        return turn.model_copy(update={"conversation_id": dialogue, "turn_id": turn_id})

    def _fixed(self, passage: Passage, key: str, outcome: Outcome, **values: object) -> Turn:
        """Returns a turn of one fixed sentence."""
        return Turn(
            conversation_id=passage.conversation_id,
            turn_id=passage.turn_id,
            language=passage.language,
            outcome=outcome,
            intent=NO_INTENT,
            replies=(Reply(text=text(key, passage.language, **values)),),
        )
