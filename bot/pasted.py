"""Tells a pasted text from words of one's own, and answers it: decided by what stands there, not by a guessed intent.

A text is explained when it is a SWIFT message, when somebody asks to have it explained, or when it is long and written
in the manner of a notice. What is asked in an interview is answered there; only the first two are taken out of it.
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any

from actions.files import sent_file
from actions.reply import IntentNote, Outcome, Reply, Turn
from actions.texts import text
from actions.texts_explained import INTENT, TextReplies
from bot.conversations import Conversations
from bot.guard import PAYLOAD, mask
from bot.passage import Passage
from knowledge.explaining.bytes_read import NotReadable, text_of
from knowledge.explaining.explained import LONGEST_TEXT, explain
from knowledge.language.detect import detect_language
from knowledge.record import Language
from knowledge.shelf import shelf

NOTE = IntentNote(name=INTENT, confidence=1.0)

LONG = 200
"""Characters from which a text without a wish may be a pasted one."""
LINES, SHORTEST_OF_LINES = 4, 100
"""So many lines of so many characters together are taken for a pasted text too."""
SHORTEST_WISHED = 8
"""Characters a text must have that somebody asks to have explained."""
FORMAL_SIGNS = 2

_AFTER_WISH = re.compile(r"^[\s:：.?!~,;-]+")

_MESSAGE_TAG = re.compile(r":\s?\d\d[A-Za-z]?\s?:|^\s*(?:f|field )?\d\d[A-Z]\s*[:：]", re.MULTILINE)
_TAGS = 3

_PAPER = r"(?:공문|편지|메일|이메일|통지서?|안내문?|공고문?|고지서|문서|서류|글|신용장|엘씨|l/?c|문장|내용|조항)"
_KOREAN_WISH = re.compile(
    rf"(?:(?:이|이런|아래|다음|받은|온|첨부한)(?:\s+(?:\S+\s+){{0,2}}?)?{_PAPER}\S{{0,3}}\s*(?:좀\s*)?"
    r"(?:무슨|뭔|뜻|뭐(?!\s*(?:떴|있|나))|해석|번역|풀|쉽게|설명|읽어|봐)"
    rf"|{_PAPER}\S{{0,3}}\s*(?:좀\s*|한번\s*)?(?:해석|번역|풀이|풀어|무슨\s*뜻|쉬운\s*말로|쉽게\s*바꿔))[^\n:：]{{0,40}}",
    re.IGNORECASE,
)
_KOREAN_THIS = re.compile(
    r"(?:이거|이게|이건|요거|아래|위)\S{0,2}\s*(?:좀\s*)?(?:해석|번역|풀|무슨\s*[뜻말]|뭔\s*[뜻말]|쉽게|설명)[^\n:：]{0,40}"
)
"""Points at a text without naming it; counts only where the text stands beside it, on lines of its own."""
_ENGLISH_PAPER = (
    r"(?:letters?(?:\s+of\s+credit)?|notices?|e-?mails?|texts?|documents?|l/?c|messages?|announcements?"
    r"|paragraphs?|clauses?)"
)
_ENGLISH_WISH = re.compile(
    r"\b(?:explain|interpret|translate|simplify|decode|read|summari[sz]e|what\s+(?:does|do|is)|help\s+me\s+understand)\b"
    r"[^\n:]{0,30}?\b(?:this|these|the\s+following|my|our|attached|below)\s+(?:(?!love|cover)\w+\s+){0,2}?"
    rf"{_ENGLISH_PAPER}\b[^\n:]{{0,40}}",
    re.IGNORECASE,
)
_FORMAL = re.compile(
    r"바랍니다|습니다|입니다|합니다|됩니다|드립니다|귀사|귀하|당행|당사|통지|통보|수신\s?:|발신\s?:|제목\s?:|붙임|기한|첨부|공고|안내"
    r"|\bdear\b|\bplease\b|\bkindly\b|\bhereby\b|\bregards\b|\bsincerely\b|\bref\b|\bre:|\bshall\b|\bmust\b|\bpursuant\b|\bno\.|\bwithin\s+\d+"
    r"|\bcredit\b|\bbeneficiary\b|\bapplicant\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"저희|우리\s?회사|우리가|제가|저는|나는|싶어|싶은|인데|는데|할까|될까|하나요|되나요|나요|어떻게|뭐예요|뭔가요|궁금|알려\s?주|도와\s?주|추천|\?"
    r"|\bI\b|\bI'm\b|\bmy\b|\bwe\s+(?:are|make|sell|have|want|export)\b|\bour\s+(?:company|firm|product)\b|\bhow\s+(?:can|do|should)\b|\bshould\s+(?:i|we)\b"
    r"|\bcan\s+(?:i|we)\b|\bwhat\s+(?:should|do|can)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Pasted:
    """A text to be explained; ``body`` is empty where one was asked for and not yet pasted.

    ``sure`` is False for a long text nobody asked to explain; ``language`` is that of the words that asked.
    """

    body: str
    sure: bool
    language: Language | None = None


def pasted(words: str) -> Pasted | None:
    """Returns the text that ``words`` bring to be explained, or None where they are somebody's own."""
    wish = _wish(words)
    if wish:
        before, after = words[: wish.start()], words[wish.end() :]
        body = max((_AFTER_WISH.sub("", after).strip(), before.strip()), key=len)
        body = body if len(body) >= SHORTEST_WISHED else ""
        if body or not after.strip(" \n:：.?!~요,;") and len(words) < LONG:
            return Pasted(body, True, detect_language(wish.group()))
    if len(_MESSAGE_TAG.findall(words)) >= _TAGS:
        return Pasted(words, True)
    return Pasted(words, False) if _is_notice(words) else None


def _wish(words: str) -> re.Match[str] | None:
    """Words that ask to explain a text, in the first or the last line."""
    lines = words.strip().splitlines() or [""]
    if len(words) < LONG or len(lines) > 1 or ":" in words[:80] or "：" in words[:80]:
        first, last = words.find(lines[0]), words.rfind(lines[-1])
        for pattern in (_KOREAN_WISH, _ENGLISH_WISH, *([_KOREAN_THIS] if len(lines) > 1 else [])):
            for begin, end in ((first, first + len(lines[0])), (last, last + len(lines[-1]))):
                if match := pattern.search(words, begin, end):
                    return match
    return None


def _is_notice(words: str) -> bool:
    lines = [line for line in words.splitlines() if line.strip()]
    if len(words) < LONG and (len(lines) < LINES or len(words) < SHORTEST_OF_LINES):
        return False
    formal, own = len(_FORMAL.findall(words)), len(_OWN.findall(words))
    return formal >= FORMAL_SIGNS and formal > own


class PastedTexts:
    """Answers pasted texts, text files, and the buttons under them."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    async def answer(self, passage: Passage) -> None:
        """Makes the turn if the message is a text to be explained or one of its buttons; else leaves it alone."""
        message = passage.message
        if message.payload is not None:
            match = PAYLOAD.fullmatch(message.payload)
            if match and match["intent"] == INTENT:
                await asyncio.to_thread(self._part, passage)
            return
        running = await asyncio.to_thread(self._conversations.asked_last, passage.conversation_id)
        if message.file_id is not None:
            if running is None:
                await asyncio.to_thread(self._file, passage, message.file_id)
            return
        found = pasted(passage.text)
        if found and (found.sure and (found.body or running is None) or running is None):
            await asyncio.to_thread(self._explain, passage, found, running)

    def _explain(self, passage: Passage, found: Pasted, running: Reply | None) -> None:
        spoken = found.language or _language(found.body, passage)
        if not found.body:
            passage.turn = _turn(passage, spoken, Outcome.NEEDS_INPUT, (), Reply(text=text("explain_paste", spoken)))
            return
        passage.whole = True
        told = TextReplies(explain(found.body, shelf(), spoken), passage.turn_id)
        again = () if running is None else (running,)
        outcome = Outcome.NEEDS_INPUT if again else Outcome.ANSWERED
        passage.turn = _turn(passage, spoken, outcome, told.records, *told.first(), *again)

    def _file(self, passage: Passage, file_id: str) -> None:
        words = self._of_file(passage, file_id)
        if words is not None:
            spoken = _language(words, passage)
            told = TextReplies(explain(words, shelf(), spoken), passage.turn_id)
            passage.turn = _turn(passage, spoken, Outcome.ANSWERED, told.records, *told.first())

    def _of_file(self, passage: Passage, file_id: str) -> str | None:
        """Returns the words of a text file of this conversation, or None: other files go their usual way."""
        found = sent_file(passage.conversation_id, file_id)
        if found is None or not found[0].name.lower().endswith(".txt"):
            return None
        try:
            return mask(text_of(found[1], LONGEST_TEXT))
        except NotReadable:
            return None

    def _part(self, passage: Passage) -> None:
        """Answers a button: its text is the message of the turn it names, which only this conversation has."""
        asked = _asked(passage.message.payload or "")
        turn = int(asked["turn"]) if str(asked.get("turn", "")).isdecimal() else -1
        words, spoken = self._before(passage, turn)
        if not words:
            passage.turn = _turn(
                passage, passage.language, Outcome.NEEDS_INPUT, (), Reply(text=text("explain_gone", passage.language))
            )
            return
        told = TextReplies(explain(words, shelf(), spoken), turn)
        begin = int(asked["begin"]) if str(asked.get("begin", "")).isdecimal() else 0
        replies = told.part(str(asked.get("part")), begin)
        passage.turn = _turn(passage, spoken, Outcome.ANSWERED, told.records, *replies)

    def _before(self, passage: Passage, turn: int) -> tuple[str | None, Language]:
        kept = self._conversations.history(passage.conversation_id, turn - 1, 1) if 0 <= turn < passage.turn_id else []
        if not kept or kept[0]["turn_id"] != turn or kept[0]["intent"]["name"] != INTENT:
            return None, passage.language
        message, spoken = kept[0]["message"], kept[0]["language"]
        if message.get("file_id"):
            return self._of_file(passage, message["file_id"]), spoken
        found = pasted(message.get("text", ""))
        return (found.body if found else None), spoken


def _asked(payload: str) -> dict[str, Any]:
    try:
        asked = json.loads(payload.removeprefix(f"/{INTENT}") or "{}")
    except json.JSONDecodeError:
        return {}
    return asked if isinstance(asked, dict) else {}


def _language(words: str, passage: Passage) -> Language:
    """A Korean text is explained in Korean; a foreign one in what the person speaks, which it says nothing about."""
    return "ko" if detect_language(words) == "ko" else passage.visit.language


def _turn(passage: Passage, language: Language, outcome: Outcome, records: tuple[str, ...], *replies: Reply) -> Turn:
    return Turn(
        conversation_id=passage.conversation_id,
        turn_id=passage.turn_id,
        language=language,
        outcome=outcome,
        intent=NOTE,
        records=records,
        replies=replies,
    )
