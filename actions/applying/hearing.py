"""Reads what is said around an answer: go back, correct the phone number, stop, send it, and questions of one's own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from actions.cases.fields import Field
from actions.cases.forms import DocumentKind
from actions.cases.mistakes import Mistake
from actions.cases.reading import read
from actions.talk import Talk
from actions.trade.answers import yes_or_no

Command = Literal["back", "correct", "pause", "cancel", "afresh", "skip", "send", "alone", "done"]

COMMANDS: dict[str, re.Pattern[str]] = {
    name: re.compile(rf"(?:{words})[\s.!~]*", re.IGNORECASE)
    for name, words in {
        "back": r"(?:하나 ?)?(?:뒤로|이전|앞으로|되돌아)(?: ?(?:가기|가요|갈게요|갈래요|가 ?주세요|으로|질문|으로 가기))*(?:요)?"
        r"|아까 (?:거|것)|(?:please )?(?:go )?back(?: please)?|previous(?: question)?",
        "pause": r"(?:이제 )?(?:그만|멈춰|중단)(?:하기|할게요|할래요|하고 싶어요|할게|할래|해요|하자|둘래요|둘게요|해 ?주세요| ?주세요)?(?:요)?"
        r"|(?:지금은 )?(?:나중에|다음에|내일) (?:이어서 )?(?:할게요|할래요|하고 싶어요|다시 할게요|해요|올릴게요|보낼게요)"
        r"|(?:please )?(?:stop|pause|quit)(?: here| now| it| please)*|(?:i'?ll |i will )?(?:do it |go on |continue )?(?:later|tomorrow)",
        "cancel": r"취소(?:하기|할게요|할래요|해 ?주세요|해요)?|보내지 (?:마세요|마|말아 ?주세요|않을래요)|안 보낼래요"
        r"|cancel(?: it)?|(?:do not|don'?t) send(?: it)?",
        "afresh": r"(?:처음부터|새로)(?: 다시)?(?: ?(?:쓰기|쓸래요|쓸게요|할래요|할게요|시작할래요|하고 싶어요))?|start (?:afresh|again|over)",
        "skip": r"건너\s?뛰(?:기|어|어요|어 ?주세요|ㄹ게요|을게요)|패스|넘어가(?:기|요|주세요)?|skip(?: it| this)?|pass|없어요|없음|없습니다",
        "send": r"(?:네,? ?|예,? ?)?(?:이대로 )?(?:보내|제출|접수)(?:기| ?주세요|요|줘|줘요|할게요|할래요|해 ?주세요|하기|주세요)?"
        r"|(?:yes,? ?)?(?:please )?(?:send|submit)(?: it)?(?: please| now| like this)*",
        "alone": r"이 신청에만(?: ?쓰기| 쓸게요| 써 ?주세요)?|(?:for )?this (?:application|one) only",
        "done": r"(?:다 )?(?:됐어요|됐습니다|끝|끝났어요|완료)|done|finished|that'?s all|all right",
    }.items()
}  # fmt: skip
"""Words that are a command by themselves; buttons send the names."""

_CORRECTING = re.compile(
    r"고칠|고치|고쳐|고침|수정|바꿀|바꾸|바꿔|틀렸|틀린|잘못|정정|변경|correct|change|fix|edit|wrong", re.IGNORECASE
)
_ASKS = re.compile(
    r"\?\s*$|뭐(?:야|예요|에요|죠|지|냐|임)|무엇인가요|뭔가요|무슨 (?:뜻|말|얘기|소리)|왜 (?:물|필요|알|적)|어떻게 (?:해|하|되|됐)"
    r"|영어로 (?:말|해|바꿔)|한국어로 (?:말|해|바꿔)|상담원|^(?:in )?english(?: please)?$|^korean(?: please)?$"
    r"|\bwhat(?:'s| is| are| does)\b|\bwhy\b|\bhow (?:do|can|is|are)\b|speak (?:english|korean)",
    re.IGNORECASE,
)
_WHY = re.compile(r"왜 (?:물|필요|알|적|그걸|이걸|이런)|(?:이|그)(?:거|걸) 왜|왜요|\bwhy\b", re.IGNORECASE)
_MASKED = re.compile(r"\d{6}-\*{7}")
"""A resident registration number after bot/guard.py: who typed one has to hear that it is not taken."""

_LONG = 300
"""Characters from which a text field takes whole sentences, so that a question mark in it is no question to Naru."""

_PARTICLE = re.compile(r"(?:을|를|은|는|이|가|도|만|좀)$")


def command(said: str) -> str | None:
    """Returns the command that the words are, or None."""
    words = said.strip()
    if words in COMMANDS:
        return words
    return next((name for name, pattern in COMMANDS.items() if pattern.fullmatch(words)), None)


def wants_correction(said: str) -> bool:
    """Tells whether the words want something corrected."""
    return bool(_CORRECTING.search(said))


def named(said: str, asked: Iterable[Field | DocumentKind]) -> Field | DocumentKind | None:
    """Returns the field or document named in the words, the one named most exactly."""
    words = [_PARTICLE.sub("", word) for word in re.findall(r"[\w가-힣]+", said.casefold())]
    best: tuple[int, Field | DocumentKind] | None = None
    for each in asked:
        score = max(_named(label.casefold(), words, said.casefold()) for label in (each.ko.label, each.en.label))
        if said == key_of(each):
            return each
        if score and (best is None or score > best[0]):
            best = (score, each)
    return best[1] if best else None


def _named(label: str, words: list[str], said: str) -> int:
    """Returns how much of a label was said, in letters: all of it, or one of the words it is made of."""
    if label.replace(" ", "") in said.replace(" ", ""):
        return len(label)
    parts = [part for part in re.findall(r"[\w가-힣]+", label) if part not in ("of", "the")]
    hits = [word for word in words if len(word) > 1 and any(part.startswith(word) or part == word for part in parts)]
    return max(map(len, hits), default=0)


def key_of(asked: Field | DocumentKind) -> str:
    """Returns the key of a field, or the kind of a document."""
    return asked.key if isinstance(asked, Field) else asked.kind


def asks_why(said: str) -> bool:
    """Tells whether somebody wants to know why something is asked."""
    return bool(_WHY.search(said)) and len(said) < 40


def asks_something(field: Field, said: str, talk: Talk) -> bool:
    """Tells whether words typed at a field are a question to Naru and not the answer."""
    if asks_why(said):
        return True
    if field.reads == "text" and (field.most or 0) >= _LONG:
        return bool(talk.mentions) and bool(_ASKS.search(said)) and len(said) < 30
    return bool(_ASKS.search(said))


def surely_answers(field: Field, said: str, talk: Talk) -> bool:
    """Tells whether words typed at a field can only be the answer."""
    if asks_something(field, said, talk):
        return False
    if field.reads == "text":
        return True
    try:
        read(field, said)
    except Mistake as mistake:
        return mistake.problem == "required" or bool(re.search(r"[\d@*]", said))
    return True


def check_masked(field: Field, said: str) -> None:
    """Lets words pass that held no resident registration number.

    Raises:
        Mistake: They did.
    """
    if _MASKED.search(said):
        raise Mistake(field, "resident_number")


def consents(said: str) -> bool | None:
    """Returns a yes or no, in the words of a consent as well; None where it is neither."""
    words = said.strip()
    if re.search(r"동의\s?(?:안|하지 ?않|못)|안 ?돼|싫|disagree|do not agree|don'?t agree", words, re.IGNORECASE):
        return False
    if re.search(r"^동의|동의(?:해|합|할)|^좋아|^그러|^ok(?:ay)?\b|괜찮|\bi agree\b|^agree", words, re.IGNORECASE):
        return True
    told = yes_or_no(words)
    return None if told == "unknown" else told == "yes"
