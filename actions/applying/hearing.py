"""Reads what is said around an answer: go back, correct the phone number, stop, send it, and questions of one's own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from actions.cases.fields import Field
from actions.cases.forms import DocumentKind
from actions.cases.mistakes import Mistake
from actions.talk import Talk
from actions.trade.answers import yes_or_no
from knowledge.pack import read_yaml

FILE = Path(__file__).parent / "words.yaml"

_MASKED = re.compile(r"\d{6}-\*{7}")
"""A resident registration number after bot/guard.py: who typed one has to hear that it is not taken."""

NOTHING, UNKNOWN = "none", "don't know"
"""Words of an answer that every reader of ``actions/cases`` understands."""

WHOLE = 100
"""What a whole label said counts above one of its words."""

_LONG = 300
"""Characters from which a text field takes whole sentences, so that a question mark in it is no question to Naru."""

_PARTICLE = re.compile(r"(?:을|를|은|는|이|가|도|만|좀)$")


def command(said: str) -> str | None:
    """Returns the command that the words are, or None."""
    words = said.strip()
    if words in _commands():
        return words
    return next((name for name, pattern in _commands().items() if pattern.fullmatch(words.rstrip(" .!~"))), None)


def meant(field: Field, said: str) -> str:
    """Returns an answer in words that ``actions.cases.reading`` knows for nothing, not known, and leave it out."""
    if field.none_is_zero and speaks_of("nothing", said) and not re.search(r"\d", said):
        return NOTHING
    wanted = command(said)
    if wanted == "unknown":
        return UNKNOWN
    return wanted if wanted == "skip" and field.reads != "yes_no" else said


def speaks_of(what: str, said: str) -> bool:
    """Tells whether a list of ``words.yaml`` (correcting, why, whereto, going_on, erasing …) is touched on."""
    return bool(_pattern(what).search(said))


@lru_cache(maxsize=1)
def _commands() -> dict[str, re.Pattern[str]]:
    return {name: _joined(shapes) for name, shapes in read_yaml(FILE)["commands"].items()}


@lru_cache(maxsize=16)
def _pattern(what: str) -> re.Pattern[str]:
    return _joined(read_yaml(FILE)[what])


def _joined(shapes: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{shape})" for shape in shapes), re.IGNORECASE)


def wants_correction(said: str) -> bool:
    """Tells whether the words want something corrected."""
    return speaks_of("correcting", said)


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
    """Returns how much of a label was said, in letters: all of it, which counts most, or one of its words."""
    if label.replace(" ", "") in said.replace(" ", ""):
        return WHOLE + len(label)
    parts = [part for part in re.findall(r"[\w가-힣]+", label) if part not in ("of", "the")]
    hits = [word for word in words if len(word) > 1 and any(part.startswith(word) or part == word for part in parts)]
    return max(map(len, hits), default=0)


def key_of(asked: Field | DocumentKind) -> str:
    """Returns the key of a field, or the kind of a document."""
    return asked.key if isinstance(asked, Field) else asked.kind


def asks_why(said: str) -> bool:
    """Tells whether somebody wants to know why something is asked."""
    return speaks_of("why", said) and len(said) < 40


def asks_something(field: Field, said: str, talk: Talk) -> bool:
    """Tells whether words typed at a field are a question to Naru and not the answer."""
    if asks_why(said):
        return True
    if field.reads == "text" and (field.most or 0) >= _LONG:
        return bool(talk.mentions) and speaks_of("asking", said) and len(said) < 30
    return speaks_of("asking", said)


def surely_answers(field: Field, said: str, talk: Talk) -> bool:
    """Tells whether words typed at a field can only be the answer, if perhaps a wrong one.

    A name looks like anything to the intent classifier, so that only what asks something is left to it.
    """
    return asks_why(said) or not asks_something(field, said, talk)


def check_masked(field: Field, said: str) -> None:
    """Lets words pass that held no resident registration number.

    Raises:
        Mistake: They did.
    """
    if _MASKED.search(said):
        raise Mistake(field, "resident_number")


def consents(said: str) -> bool | None:
    """Returns a yes or no, in the words of a consent as well; None where it is neither, as a question never is."""
    words = said.strip()
    if speaks_of("asking", words) or speaks_of("why", words) or "왜" in words:
        return None
    if speaks_of("disagreeing", words):
        return False
    if speaks_of("agreeing", words):
        return True
    told = yes_or_no(words)
    return told == "yes" if told in ("yes", "no") else None
