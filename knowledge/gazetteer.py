"""Finds names in a text: records by any of their names, countries, currencies, amounts, HS codes, agreements.

spaCy matches exact names on Kiwi's morphemes, so that 신용장이 and 신용장 are the same word; what stays
unmatched is compared letter by letter (jamo) with rapidfuzz, so that 유트레이드헙 still finds UtradeHub.
"""

from __future__ import annotations

import copy
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import spacy
from rapidfuzz import fuzz, process
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from knowledge.language.jamo import jamo
from knowledge.language.korean import morphemes, teach

FUZZY_CUTOFF = 84.0
"""rapidfuzz ratio (0 to 100) from which two spellings in jamo count as the same name."""

FUZZY_SHORTEST = 6
"""Letters (jamo) below which a name is too short to be guessed from a misspelling."""

_HANGUL = re.compile(r"[가-힣]")
_WORD = re.compile(r"[A-Za-z0-9가-힣/&.+-]+")
_PARTICLE = re.compile(
    r"(이라는게|이라는|이란게|이란|에서는|에서|으로는|으로|이랑|한테|이에요|예요|에요|인가요|이가|까지|부터|에는"
    r"|라는게|라는|란게|란|은요|는요|은|는|이|가|을|를|의|에|로|와|과|랑|도|만|요|좀|님)$"
)


@dataclass(frozen=True)
class Mention:
    """A name found in a text.

    Attributes:
        entity: What it is: a record's kind, or country, currency, amount, hs_code, agreement.
        value: Record id, ISO code, or the amount or code itself.
        start: First character in the text.
        end: Character after the last one.
        text: The words as they stand.
        score: 1 for an exact name, less for a guessed spelling.
        rivals: Other records that carry the same name.
    """

    entity: str
    value: str
    start: int
    end: int
    text: str
    score: float = 1.0
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Name:
    """One spelling of one thing."""

    spelling: str
    entity: str
    value: str


class KiwiTokens:
    """spaCy tokenizer that cuts Korean into morphemes, merging those that share letters."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Returns the tokens of ``text``; spaces become part of spaCy's trailing-space marks."""
        pieces = token_spans(text)
        words, spaces, at = [], [], 0
        for start, end in pieces:
            if start > at and not text[at:start].isspace():
                words.append(text[at:start].strip())
                spaces.append(text[start - 1].isspace())
            words.append(text[start:end])
            spaces.append(end < len(text) and text[end].isspace())
            at = end
        return Doc(self.vocab, words=words, spaces=spaces)


def token_spans(text: str) -> list[tuple[int, int]]:
    """Returns (start, end) of each token of ``text``: morphemes, merged where they overlap."""
    spans: list[tuple[int, int]] = []
    for piece in morphemes(text):
        start, end = piece.start, piece.end
        if end <= start:
            continue
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


class Gazetteer:
    """Finds every known name. Made once from the library's names; safe to share.

    Made from another one (``before``), it does not teach the analyser its new names: that would rebuild the analyser
    and hold every turn up for seconds. A name not taught is found all the same, cut the same way here and there, or
    letter by letter; the next start of the process teaches it.
    """

    def __init__(self, names: Iterable[Name], before: Gazetteer | None = None) -> None:
        self._off: Collection[str] = ()
        self._owners: dict[str, list[Name]] = defaultdict(list)
        for name in names:
            key = _key(name.spelling)
            if name.value not in {owner.value for owner in self._owners[key]}:
                self._owners[key].append(name)
        if before is None:
            teach(name.spelling for owners in self._owners.values() for name in owners)
        config = {"nlp": {"tokenizer": {"@tokenizers": "naru.kiwi"}}}
        self._nlp: Language = before._nlp if before else spacy.blank("ko", config=config)
        self._cut: dict[str, Doc] = dict(before._cut) if before else {}
        self._matcher = self._build_matcher()
        self._fuzzy = {jamo(key): key for key in self._owners if len(jamo(key)) >= FUZZY_SHORTEST and not key.isdigit()}

    @property
    def known(self) -> frozenset[str]:
        """Every name, lower-case and without spaces."""
        return frozenset(self._owners)

    def find(self, text: str, fuzzy: bool = True) -> list[Mention]:
        """Returns the names in ``text``, in order, longest first where they overlap."""
        found = self._exact(text)
        if fuzzy:
            found += self._misspelt(text, found)
        return sorted(_longest(found), key=lambda mention: mention.start)

    def hiding(self, hidden: Collection[str]) -> Gazetteer:
        """Returns a gazetteer that never finds the names of the records ``hidden``."""
        made = copy.copy(self)
        made._off = hidden
        return made

    def exact(self, name: str) -> list[str]:
        """Returns the values of the things that carry exactly this name."""
        return [owner.value for owner in self._shown(_key(name))]

    def _shown(self, key: str) -> list[Name]:
        return [owner for owner in self._owners.get(key, []) if owner.value not in self._off]

    def _build_matcher(self) -> PhraseMatcher:
        matcher = PhraseMatcher(self._nlp.vocab, attr="LOWER")
        for key, owners in self._owners.items():
            spellings = {owner.spelling for owner in owners}
            spellings |= {spelling.replace(" ", "") for spelling in spellings if _HANGUL.search(spelling)}
            matcher.add(key, [self._cut_up(spelling) for spelling in spellings])
        return matcher

    def _cut_up(self, spelling: str) -> Doc:
        if spelling not in self._cut:
            self._cut[spelling] = self._nlp.make_doc(spelling)
        return self._cut[spelling]

    def _exact(self, text: str) -> list[Mention]:
        document = self._nlp.make_doc(text)
        places = _places(document, text)
        found: list[Mention] = []
        for label, first, last in self._matcher(document):
            start, end = places[first][0], places[last - 1][1]
            if _inside_word(text, start, end):
                continue
            found += self._mention(self._nlp.vocab.strings[label], text, start, end, 1.0)
        return found

    def _misspelt(self, text: str, found: list[Mention]) -> list[Mention]:
        guesses: list[Mention] = []
        for start, end in _candidates(text):
            if any(start < mention.end and mention.start < end for mention in found):
                continue
            letters = jamo(_key(text[start:end]))
            if len(letters) < FUZZY_SHORTEST:
                continue
            best = process.extractOne(letters, self._fuzzy.keys(), scorer=fuzz.ratio, score_cutoff=FUZZY_CUTOFF)
            if best and abs(len(best[0]) - len(letters)) <= 3:
                guesses += self._mention(self._fuzzy[best[0]], text, start, end, best[1] / 100)
        return sorted(guesses, key=lambda mention: -mention.score)

    def _mention(self, key: str, text: str, start: int, end: int, score: float) -> list[Mention]:
        """Returns the mention of the things with this name; none where all of them are hidden."""
        if not (owners := self._shown(key)):
            return []
        owner, *others = owners
        rivals = tuple(other.value for other in others)
        return [Mention(owner.entity, owner.value, start, end, text[start:end], score, rivals)]


def _key(name: str) -> str:
    return re.sub(r"\s+", "", name).casefold()


def _places(document: Doc, text: str) -> list[tuple[int, int]]:
    """Where each spaCy token stands in ``text``, whose runs of spaces spaCy does not keep."""
    places, at = [], 0
    for token in document:
        start = text.index(token.text, at)
        at = start + len(token.text)
        places.append((start, at))
    return places


def _inside_word(text: str, start: int, end: int) -> bool:
    """A Latin name must not be cut out of a longer Latin word (FOB in FOBs is fine as a plural)."""
    before = text[start - 1] if start else " "
    after = text[end : end + 2]
    if text[start].isascii() and before.isascii() and before.isalnum():
        return True
    return bool(text[end - 1].isascii() and after[:1].isascii() and after[:1].isalnum() and after.rstrip() != "s")


def _candidates(text: str) -> list[tuple[int, int]]:
    """Single words and pairs of words, without their particles, that may be a misspelt name."""
    words = []
    for match in _WORD.finditer(text):
        bare = _PARTICLE.sub("", match.group())
        if len(bare) >= 2:
            words.append((match.start(), match.start() + len(bare), match.end()))
    pairs = [(a[0], b[1]) for a, b in zip(words, words[1:], strict=False) if b[0] - a[2] <= 1]
    return [(word[0], word[1]) for word in words] + pairs


def _longest(mentions: list[Mention]) -> list[Mention]:
    chosen: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (-(m.end - m.start) * (m.score == 1.0), -m.score)):
        if all(mention.end <= other.start or other.end <= mention.start for other in chosen):
            chosen.append(mention)
    return chosen


@registry.tokenizers("naru.kiwi")
def make_kiwi_tokens() -> Callable[[Language], KiwiTokens]:
    """Lets spaCy's configuration name the Kiwi tokenizer."""
    return lambda nlp: KiwiTokens(nlp.vocab)
