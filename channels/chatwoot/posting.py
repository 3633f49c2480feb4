"""Puts an answer into Chatwoot step by step, each noted when it is done, so that a retry goes on where it stopped.

Naru speaks only while the conversation is pending. It looks again right before it speaks, because a person may have
taken over while it thought. Handing over has a fixed order: the answer, the note for staff, then the conversation.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from actions.handover_summary import summarise
from actions.reply import Outcome, Turn
from actions.texts import text
from channels.buttons import Buttons
from channels.chatwoot import note
from channels.chatwoot.client import Client, Enclosure, Item, Place, Refused, in_rounds
from channels.chatwoot.events import PENDING
from channels.chatwoot.render import Post, escape, pieces, posts
from channels.contacts import Contact
from knowledge.record import Language
from knowledge.settings import Settings

GONE = "gone"
"""Instead of a status: there is no such conversation any more."""

MOST_TOLD = 10_000
"""Conversations whose told status is remembered."""

BETWEEN_PEOPLE = frozenset({"open", "snoozed"})
"""Statuses in which staff have the conversation."""

Done = Callable[[int], Awaitable[None]]
"""Is told how many steps are done."""


@dataclass(frozen=True)
class Step:
    """One request to Chatwoot; ``public`` ones the customer sees."""

    run: Callable[[], Awaitable[None]]
    public: bool = True


class Posting:
    """Posts for one agent bot."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client, self._settings = client, settings
        self._buttons = Buttons(settings)
        self._staff: Language = "en" if settings.default_language == "en" else "ko"
        self._told: dict[str, str] = {}

    def hear_status(self, place: Place, status: str) -> None:
        """Notes the status a webhook told, for a Chatwoot that does not let bots ask (before June 2026)."""
        self._told.pop(place.address, None)
        self._told[place.address] = status
        while len(self._told) > MOST_TOLD:
            self._told.pop(next(iter(self._told)))

    async def status(self, place: Place) -> str:
        """Returns the present status of a conversation: asked, else as it was told last."""
        try:
            asked = await self._client.status(place)
        except Refused as refused:
            if refused.status == 404:
                return GONE
            raise
        return asked or self._told.get(place.address, PENDING)

    async def answer(self, contact: Contact, turn: Turn, done: int, note_done: Done) -> None:
        """Posts a turn from the step after the ``done`` first ones on; hands over if the turn does.

        Raises:
            ChatwootError: Chatwoot refuses, or can't be reached for long.
        """
        place = Place.at(contact.address)
        status = await self.status(place)
        if status == GONE:
            return
        steps = [*self._posted(contact, posts(turn, self._settings))]
        steps += self._handed(contact) if turn.outcome is Outcome.HANDED_OVER else []
        for number, step in enumerate(steps[done:], done + 1):
            if status == PENDING or not step.public:
                await step.run()
                await note_done(number)

    async def tell(self, contact: Contact, turns: list[Turn]) -> None:
        """Brings news; while people have the conversation they are told instead, and pass on what fits.

        Raises:
            ChatwootError: Chatwoot refuses, or can't be reached for long.
        """
        place = Place.at(contact.address)
        status = await self.status(place)
        if status == GONE:
            return
        news = [post for turn in turns for post in posts(turn, self._settings)]
        private = status in BETWEEN_PEOPLE
        if private:
            await self._client.say(place, escape(text("chatwoot_news_for_staff", self._staff)), private=True)
        for step in self._posted(contact, tuple(news), private):
            await step.run()

    async def say(self, contact: Contact, words: str) -> None:
        """Posts a fixed sentence, if the conversation is Naru's.

        Raises:
            ChatwootError: Chatwoot refuses, or can't be reached for long.
        """
        place = Place.at(contact.address)
        if await self.status(place) == PENDING:
            await self._client.say(place, escape(words))

    async def give_up(self, contact: Contact) -> None:
        """Gives a conversation to people because Naru's answer could not be posted, as Chatwoot does when a bot fails.

        Raises:
            ChatwootError: Not even that was possible.
        """
        place = Place.at(contact.address)
        try:
            await self._client.open(place)
            await self._client.say(place, escape(text("chatwoot_failed", self._staff)), private=True)
        except Refused as refused:
            if refused.status != 404:
                raise

    def _posted(self, contact: Contact, shown: tuple[Post, ...], private: bool = False) -> list[Step]:
        """Returns the steps that post messages; staff see no buttons, whose titles they are told instead."""
        place = Place.at(contact.address)
        steps = []
        for post in shown:
            if post.path:
                steps.append(Step(partial(self._enclose, place, post, private)))
            elif post.choices and private:
                titles = "\n".join(f"· {choice.title}" for choice in post.choices)
                steps.append(Step(partial(self._client.say, place, escape(titles), True)))
            elif post.choices:
                steps.append(Step(partial(self._ask, contact, place, post)))
            else:
                steps.append(Step(partial(self._client.say, place, post.content, private)))
        return steps

    def _handed(self, contact: Contact) -> list[Step]:
        place = Place.at(contact.address)
        return [
            Step(partial(self._note, contact, place), public=False),
            Step(partial(self._client.open, place)),
        ]

    async def _note(self, contact: Contact, place: Place) -> None:
        summary = await asyncio.to_thread(summarise, contact.conversation_id, self._staff)
        for words in pieces(note.written(summary, self._staff)):
            await self._client.say(place, words, private=True)

    async def _enclose(self, place: Place, post: Post, private: bool) -> None:
        assert post.path is not None
        content = await asyncio.to_thread(post.path.read_bytes)
        await self._client.enclose(place, post.content, Enclosure(post.name, post.media_type, content), private)

    async def _ask(self, contact: Contact, place: Place, post: Post) -> None:
        ids = await asyncio.to_thread(self._buttons.keep, contact.conversation_id, post.choices)
        items = [Item(choice.title, key) for choice, key in zip(post.choices, ids, strict=True)]
        for some in in_rounds(items):
            await self._client.ask(place, post.content, some)
