"""What Naru would answer, for a person at the desk to use: the same understanding and knowledge, and no trace of it.

A conversation's memory is read and never written. Only actions of ``SPEAKING`` and ``BEGINNING`` run: they look things
up and remember, and what they remember is thrown away. Nothing is sent, kept, begun or counted.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.interviews.all import INTERVIEWS
from actions.interviews.frame import Interview
from actions.interviews.steps import FORM, ReadAnswer
from actions.reply import IntentNote, Outcome, Reply, Turn
from actions.talk import Talk
from actions.trade.product import product_words
from bot.check import checked
from bot.conversations import Visit
from bot.guard import mask
from bot.in_process_actions import executor
from knowledge.language.detect import detect_language
from knowledge.record import Language

if TYPE_CHECKING:
    from bot.assistant import Assistant

SPEAKING = frozenset(
    "action_define action_compare action_find_place action_find_programme action_process action_start action_how_to "
    "action_survey action_obstacle action_find_hs action_agreements action_compare_agreements action_simplify "
    "action_example action_sources action_more action_follow_up action_guide_start action_clarify "
    "action_out_of_scope".split()
)
"""Actions that answer from the knowledge and do nothing else."""

BEGINNING = frozenset(
    "action_trade_start action_matching_start action_diagnosis_start action_readiness_start action_checklist_start "
    "action_deadlines_start action_payment_start action_platform_start".split()
)
"""Actions that begin an interview by remembering what was told."""

READING = frozenset("trade matching diagnosis readiness checklist deadlines payment platform".split())
"""Interviews whose reading of an answer does nothing but remember; an application's writes a draft."""

TOOLS = {
    "find_hs": "hs",
    "ask_origin": "origin",
    "change_case": "origin",
    "compare_agreements": "origin",
    "ask_duty": "duty",
    "match_programmes": "programmes",
    "find_programme": "programmes",
    "report_obstacle": "programmes",
    "start_diagnosis": "programmes",
    "apply_programme": "application",
    "make_checklist": "checklist",
    "count_deadlines": "deadlines",
}
"""The tool of the desk that does what somebody wants."""

ANSWERING = IntentNote(name="answer", confidence=1.0)
"""What is wanted where the words were read as the answer to what was asked; no classifier decides that."""

OF_INTERVIEW = {
    "matching": "programmes",
    "diagnosis": "programmes",
    "readiness": "programmes",
    "checklist": "checklist",
    "deadlines": "deadlines",
}

UNSURE = "nlu_fallback"
WEAK_BELOW = 0.6
"""Confidence below which a suggestion is marked as weak, as a question in the middle of an interview is doubted."""

FOLLOWING = frozenset("simplify example ask_source more followup".split())
"""Wishes that mean what was spoken of before; where that is not known, any answer is a guess."""

SURE = frozenset({Outcome.ANSWERED, Outcome.NEEDS_INPUT})
NAMED = re.compile(r'"record": "([^"]+)"')
"""The record a button opens, in its payload."""

EARLIER = 6
"""Messages before this one, unanswered by Naru, that are read with it."""
RECORDS = 4


@dataclass(frozen=True)
class Found:
    """A record that fits, to be opened."""

    record: str
    kind: str
    name: str


@dataclass(frozen=True)
class Question:
    """What to ask the customer next, and the usual answers."""

    text: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tool:
    """A tool of the desk and what its form already holds."""

    name: str
    filled: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Suggestion:
    """What somebody seems to want and how to answer it.

    Attributes:
        need: What was understood, and how surely.
        weak: Whether that, or the answer, is no more than a guess.
        language: The customer's language; replies and question are in it.
        outcome: How Naru's turn would have ended; None where Naru has no answer of its own.
        replies: The answer with its sources, without buttons.
        records: Records that match, the answer's own first.
        question: What to ask next.
        tools: What does the rest, filled in.
    """

    need: IntentNote
    weak: bool
    language: Language
    outcome: Outcome | None = None
    replies: tuple[Reply, ...] = ()
    records: tuple[Found, ...] = ()
    question: Question | None = None
    tools: tuple[Tool, ...] = ()


async def suggest(naru: Assistant, words: str, conversation_id: str | None, language: Language) -> Suggestion:
    """Returns what to answer to ``words``, without any effect on the conversation.

    Args:
        naru: The assistant.
        words: What the customer wrote, or somebody at the desk typed for them.
        conversation_id: Where it was said; None for a question out of the blue.
        language: The customer's, where the words do not show it.

    Raises:
        UnknownConversation: There is no conversation of that id.
    """
    visit = None
    if conversation_id is not None:
        visit = await asyncio.to_thread(naru.conversations.visit, conversation_id)
    aside = await Aside.beside(naru, visit, language)
    unread = await _unread(naru, visit, words) if visit else []
    for place, earlier in enumerate(unread, 1):
        await aside.hear(earlier, last=place == len(unread))
    return await aside.answer(words)


async def _unread(naru: Assistant, visit: Visit, words: str) -> list[str]:
    """Returns the customer's last messages that Naru kept for the desk without reading them."""
    after = await asyncio.to_thread(naru.conversations.next_turn_id, visit.dialogue) - 3 * EARLIER
    turns = await asyncio.to_thread(naru.conversations.history, visit.dialogue, after)
    kept = [turn for turn in turns if turn["outcome"] == Outcome.HANDED_OVER.value and not turn["replies"]]
    said = [str(turn["message"].get("text") or "") for turn in kept]
    if said and said[-1].strip() == words.strip():
        said.pop()  # the very message that is asked about
    return [each for each in said if each][-EARLIER:]


class Aside:
    """A conversation's memory, taken aside: what happens here happens nowhere else."""

    def __init__(self, naru: Assistant, tracker: DialogueStateTracker, visit: Visit | None, language: Language) -> None:
        self._naru = naru
        self._tracker = tracker
        self._language = language
        self._visit = visit
        self._domain = naru.processor.domain
        self._topic: str | None = None

    @classmethod
    async def beside(cls, naru: Assistant, visit: Visit | None, language: Language) -> Aside:
        """Returns the memory of a conversation as it stands."""
        store = naru.processor.tracker_store
        dialogue = visit.dialogue if visit else "aside"
        tracker = await store.retrieve(dialogue) if visit else None
        if tracker is None:
            tracker = store.init_tracker(dialogue)
        return cls(naru, tracker, visit, visit.language if visit else language)

    async def hear(self, words: str, last: bool) -> None:
        """Takes in what was said before, so that what it told is known; of the last, what it was about."""
        await self._understood(words)
        if await self._read_answer():
            return
        action = self._decided()
        if action in BEGINNING or (last and action in SPEAKING):
            self._remember(await self._run(action))

    async def answer(self, words: str) -> Suggestion:
        """Returns the suggestion for a message."""
        parsed = await self._understood(words)
        need = _need(parsed)
        self._topic = self._tracker.get_slot("topic")
        spoken = self._talk().language
        if await self._read_answer():
            asked, tools = await asyncio.to_thread(self._going_on)
            return Suggestion(ANSWERING, False, spoken, question=asked, tools=tools)
        action = self._decided()
        if action in BEGINNING:
            self._remember(await self._run(action))
            asked, tools = await asyncio.to_thread(self._going_on)
            return Suggestion(need, _is_weak(parsed), spoken, question=asked, tools=tools)
        turn = await self._spoken(action, need) if action in SPEAKING else None
        return await asyncio.to_thread(self._suggested, parsed, need, turn)

    async def _understood(self, words: str) -> dict[str, Any]:
        text = mask(words.strip()).lstrip("/ ") or "?"
        parsed = dict(await self._naru.processor.parse_message(UserMessage(text)))
        told = {
            "language": detect_language(text) or self._language,
            "channel": self._visit.channel if self._visit else "desk",
            "conversation": self._visit.conversation_id if self._visit else None,
        }
        said = UserUttered(text, parsed["intent"], parsed["entities"], parsed, input_channel="naru", metadata=told)
        if self._tracker.latest_action_name != ACTION_LISTEN_NAME:
            self._tracker.update(ActionExecuted(ACTION_LISTEN_NAME), self._domain)
        self._tracker.update(said, self._domain)
        return parsed

    async def _read_answer(self) -> bool:
        """Reads the message as an answer to the interview that was left; False when it is none."""
        interview = self._interview()
        if interview is None or self._open(interview) is None:
            self._tracker.update(ActiveLoop(None), self._domain)
            return False
        self._tracker.update(ActiveLoop(FORM), self._domain)
        before = self._tracker.get_slot(interview.slot)
        self._remember(await self._run(ReadAnswer.action))
        self._tracker.update(ActiveLoop(None), self._domain)
        return bool(self._tracker.get_slot(interview.slot) != before)

    def _decided(self) -> str:
        """Returns the action Rasa's policies choose where no interview is running."""
        action, _ = self._naru.processor.predict_next_with_tracker_if_should(self._tracker)
        return str(action.name())

    async def _run(self, action: str) -> dict[str, Any]:
        """Runs an action as Rasa would, and returns what it says and would remember."""
        state = self._tracker.current_state(EventVerbosity.ALL)
        call = {"next_action": action, "sender_id": self._tracker.sender_id, "tracker": state, "domain": {}}
        return dict(await executor().run(call) or {})

    def _remember(self, result: dict[str, Any]) -> None:
        for event in result.get("events") or ():
            if event.get("event") == "slot":
                self._tracker.update(SlotSet(event["name"], event["value"]), self._domain)

    async def _spoken(self, action: str, need: IntentNote) -> Turn | None:
        """Returns the turn an action makes, its jargon explained."""
        result = await self._run(action)
        self._remember(result)
        customs = [response.get("custom") or {} for response in result.get("responses") or ()]
        parts = [custom["naru"] for custom in customs if "naru" in custom]
        if not parts:
            return None
        told = [Reply.model_validate(part["reply"]) for part in parts if not part.get("sealed")]
        records = dict.fromkeys(record for part in parts for record in part["records"])
        turn = Turn(
            conversation_id=self._tracker.sender_id,
            turn_id=0,
            language=parts[-1]["language"],
            outcome=Outcome(parts[-1]["outcome"]),
            intent=need,
            records=tuple(records),
            replies=tuple(told),
        )
        return await asyncio.to_thread(checked, turn)

    def _suggested(self, parsed: dict[str, Any], need: IntentNote, turn: Turn | None) -> Suggestion:
        """Returns the suggestion for a message that begins nothing."""
        talk = self._talk()
        asked, tools = self._tool_of(need.name, talk)
        if turn is None:
            return Suggestion(need, _is_weak(parsed), talk.language, question=asked, tools=tools)
        if turn.outcome is Outcome.NEEDS_INPUT:
            asked = _question(turn.replies[-1])
        said = () if turn.outcome is Outcome.NEEDS_INPUT else _without_choices(turn.replies)
        pointless = need.name in FOLLOWING and self._topic is None
        weak = _is_weak(parsed) or turn.outcome not in SURE or pointless
        offered = (choice.payload for reply in turn.replies for choice in reply.choices)
        return Suggestion(
            need, weak, turn.language, turn.outcome, said, _found(talk, turn.records, offered), asked, tools
        )

    def _going_on(self) -> tuple[Question | None, tuple[Tool, ...]]:
        """Returns what the interview asks next, and the tool that it fills."""
        interview = self._interview()
        if interview is None:
            return None, ()
        talk = self._talk()
        state = interview.state(talk)
        step = interview.next_step(talk, state)
        asked = _question(interview.ask(talk, state, step)) if step else None
        return asked, _tools_of(interview, talk, state, step)

    def _tool_of(self, intent: str, talk: Talk) -> tuple[Question | None, tuple[Tool, ...]]:
        """Returns the tool for what is wanted; where nothing is, what the interview that was left asks next."""
        name = TOOLS.get(intent)
        if name is None:
            interview = self._interview()
            return self._going_on() if interview and self._open(interview) else (None, ())
        product = talk.entity("product") or product_words(talk) if name in ("hs", "origin") else None
        told = {"words": product, "country": talk.entity("country"), "hs": talk.entity("hs_code")}
        if name == "programmes":
            told = {"need": talk.typed}
        return None, (Tool(name, {key: value for key, value in told.items() if value}),)

    def _interview(self) -> Interview | None:
        """Returns the interview that runs, or was left, if it may be read here."""
        name = str(self._tracker.get_slot("interview") or "")
        return INTERVIEWS[name] if name in READING else None

    def _open(self, interview: Interview) -> str | None:
        talk = self._talk()
        state = interview.state(talk)
        return interview.next_step(talk, state) if state else None

    def _talk(self) -> Talk:
        state = self._tracker.current_state(EventVerbosity.ALL)
        return Talk(CollectingDispatcher(), Tracker.from_dict(state))


def _need(parsed: dict[str, Any]) -> IntentNote:
    """Returns what is likeliest wanted; where Rasa is unsure, the best of its guesses."""
    ranked = [parsed["intent"], *parsed.get("intent_ranking", ())]
    best = next((each for each in ranked if each.get("name") not in (None, UNSURE)), parsed["intent"])
    return IntentNote(name=best.get("name") or "none", confidence=float(best.get("confidence") or 0.0))


def _is_weak(parsed: dict[str, Any]) -> bool:
    return parsed["intent"].get("name") in (None, UNSURE) or _need(parsed).confidence < WEAK_BELOW


def _without_choices(replies: Iterable[Reply]) -> tuple[Reply, ...]:
    """Returns replies as a person says them: Naru's buttons lead nowhere while a person has the conversation.

    What only invites to press one is left out.
    """
    said = (reply for reply in replies if reply.sources or reply.card or not reply.choices)
    return tuple(reply.model_copy(update={"choices": ()}) for reply in said)


def _question(reply: Reply) -> Question | None:
    return Question(reply.text, tuple(choice.title for choice in reply.choices)) if reply.text else None


def _found(talk: Talk, answered: Iterable[str], payloads: Iterable[str]) -> tuple[Found, ...]:
    """Returns the records answered with, and those Naru would have offered to open."""
    offered = (named[1] for each in payloads if (named := NAMED.search(each)))
    names = dict.fromkeys((*answered, *offered))
    records = [record for name in names if (record := talk.record(name))][:RECORDS]
    return tuple(Found(each.id, each.kind.value, each.text(talk.language).name) for each in records)


def _tools_of(interview: Interview, talk: Talk, state: dict[str, Any], step: str | None) -> tuple[Tool, ...]:
    """Returns the tools that what was told fills, the one to use first in front."""
    if interview.name != "trade":
        name = OF_INTERVIEW.get(interview.name)
        told = dict(state.get("told") or {})
        if name == "programmes":
            told = {"need": " ".join(state.get("need") or ()) or None, **(talk.slot("firm") or {})}
            told = {key: value for key, value in told.items() if value is not None}
        return (Tool(name, told),) if name else ()
    known = {key: value for key, value in state.items() if value not in (None, False, [], {}, ())}
    weighing = Tool("duty" if state.get("goal") == "duty" else "origin", known)
    looking = Tool("hs", {"words": state["product"]}) if step == "code" and state.get("product") else None
    return (looking, weighing) if looking else (weighing,)
