"""Takes out of a real question what tells who asked: it is to become an example that everybody's Naru learns from.

What is said about goods, countries, money, dates and tariff codes stays. Rules find what has a form (numbers,
addresses) and what stands beside a telling word (a firm's mark, "my name is"); a name that stands alone they do not
find, so a person reads every example before it is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import phonenumbers

from bot.guard import mask
from bot.personal_names import firms, people

HIDDEN = "○○"
"""What stands where something was taken out."""

_MASKED = re.compile(r"[\d-]*\*{7,}")
_PHONE = re.compile(r"(?<!\d)(?:\+?82[-. ]?)?\(?0?1[016789]\)?[-. ]*\d{3,4}[-. ]*\d{4}(?!\d)")
_PHONE_NAMED = re.compile(
    r"(?:전화|번호|연락처|휴대폰|핸드폰|팩스|tel|phone|call|fax)\D{0,12}?(\d{3,4}[-. ]\d{4})(?!\d)", re.I
)
_SPELLED = re.compile(r"공\s*일\s*[공일육륙칠팔구](?:[\s,.-]*[공영일이삼사오육륙칠팔구]){7,8}")
_EMAIL = re.compile(
    r"[\w.+-]+\s*(?:@|골뱅이|\(at\)|\[at\])\s*[A-Za-z0-9-]+(?:\s?(?:\.|\(dot\)|\[dot\]|닷|쩜|점)\s?[A-Za-z]{2,})+", re.I
)
_URL = re.compile(r"(?:https?://|www\.)[^\s가-힣]+|(?:[a-z0-9-]+\.)+[a-z]{2,}/[^\s가-힣]+", re.I)
_DOMAIN = re.compile(r"(?<![\w@.])((?:[a-z0-9-]+\.)+(?:com|net|kr|org|io|shop|store|biz|co|cn|jp|vn))(?![\w.])", re.I)
_OPEN_DOMAINS = (".go.kr", ".or.kr", "alibaba.com", "amazon.com", "ebay.com", "shopee.com", "lazada.com")
_HANDLE = re.compile(
    r"(?:카톡|카카오톡|카카오|텔레그램|라인|위챗|왓츠앱|인스타|wechat|telegram|kakao|whatsapp|line)\s*(?:아이디|id|계정)"
    r"\s*(?:는|은|:|is)?\s*([\w.-]{3,})",
    re.I,
)
_AT = re.compile(r"(?<![\w.])@[A-Za-z0-9_.]{3,}")
_BUSINESS = re.compile(r"(?<![\d-])\d{3}\s?-\s?\d{2}\s?-\s?\d{5}(?![\d-])")
_BUSINESS_NAMED = re.compile(r"(?:사업자|business\s+(?:registration\s+)?(?:number|no))\D{0,12}?(\d{10})(?!\d)", re.I)
_CORPORATE = re.compile(r"(?<![\d-])\d{6}\s?-\s?\d{7}(?!\d)")
_ACCOUNT_NAMED = re.compile(r"(?:계좌|통장|account)\D{0,12}?(\d[\d -]{6,}\d)", re.I)
_ACCOUNT = re.compile(r"(?<![\d.-])\d{2,6}(?:-\d{2,8}){2,4}(?![\d-])")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,3})?(?!\w)")
_CODED = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,4}\d{7,12}(?![A-Za-z0-9])")
_LONG = re.compile(r"(?<![\d.,-])\d{11,}(?![\d.,]|\s?(?:원|달러|불|위안|엔|동|won|usd|krw|dollar))", re.I)
_RECEIPT = re.compile(r"(?<![0-9A-Za-z])[Nn] ?[-–] ?[0-9A-Za-z]{4} ?[-–]? ?[0-9A-Za-z]{4}(?![0-9A-Za-z])")
_JOIN_CODE = re.compile(r"(?<!\w)(?:naru|나루)[-_][a-z0-9]{4}[-_][a-z0-9]{4}(?!\w)", re.I)
_SIMULATION = re.compile(r"(?<![A-Za-z0-9-])([A-Za-z0-9]{4})\s?-\s?([A-Za-z0-9]{4})(?![A-Za-z0-9-])")
_ROAD = re.compile(r"[가-힣]+(?:시|군|구|읍|면|동)\s+[가-힣0-9]+(?:로|길)\s?\d+(?:-\d+)?(?:번길\s?\d*)?")
_FLAT = re.compile(r"\d{1,4}동\s?\d{1,4}호")
_YEARS = re.compile(r"(?:19|20)\d\d\s?-\s?(?:19|20)\d\d")
_HS_GROUPS = re.compile(r"\d{4}-\d{2}-\d{2,4}")

_SPACE = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")

Span = tuple[int, int]


@dataclass(frozen=True)
class Cleaned:
    """A question without what was personal in it; ``removed`` names the kinds that were taken out."""

    text: str
    removed: tuple[str, ...]


def cleaned(question: str) -> Cleaned:
    """Returns a question on one line, everything personal that the rules know replaced by ``HIDDEN``."""
    text, kinds = plain(question), []
    masked = _MASKED.sub(HIDDEN, mask(text))
    if masked != text:
        kinds.append("number")
    text = masked
    for kind, find in _FINDERS:
        spans = list(find(text))
        if spans:
            kinds.append(kind)
            text = _without(text, spans)
    return Cleaned(_SPACE.sub(" ", text).strip(), tuple(dict.fromkeys(kinds)))


def personal_in(text: str) -> tuple[str, ...]:
    """Returns the kinds of personal data that a text seems to hold; none for what ``cleaned`` returns."""
    return cleaned(text).removed


def plain(words: str) -> str:
    """Returns words on one line in their usual letters, without what Rasa would read as more than words."""
    text = _CONTROL.sub(" ", unicodedata.normalize("NFKC", words))
    return _SPACE.sub(" ", text.replace("[", "(").replace("]", ")")).strip().lstrip("/-# ")


def _without(text: str, spans: list[Span]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + HIDDEN + text[end:]
    return text


def _all(*patterns: re.Pattern[str]) -> Callable[[str], Iterator[Span]]:
    """Finds what patterns match, or what stands in their first group."""

    def find(text: str) -> Iterator[Span]:
        taken: list[Span] = []
        for pattern in patterns:
            for match in pattern.finditer(text):
                span = match.span(1 if pattern.groups else 0)
                if all(span[1] <= start or span[0] >= end for start, end in taken):
                    taken.append(span)
        yield from taken

    return find


def _phones(text: str) -> Iterator[Span]:
    """Numbers that exist in Korea or, with a country code, elsewhere; tariff codes and amounts have no such form."""
    taken = list(_all(_PHONE, _PHONE_NAMED, _SPELLED)(text))
    for found in phonenumbers.PhoneNumberMatcher(text, "KR", leniency=phonenumbers.Leniency.VALID):
        span = (found.start, found.end)
        written = found.raw_string
        dialled = written.lstrip("( ").startswith(("0", "+")) or re.fullmatch(r"1[568]\d\d-\d{4}", written)
        if dialled and all(span[1] <= start or span[0] >= end for start, end in taken):
            taken.append(span)
    yield from taken


def _domains(text: str) -> Iterator[Span]:
    for match in _DOMAIN.finditer(text):
        if not match[1].lower().endswith(_OPEN_DOMAINS):
            yield match.span()


def _accounts(text: str) -> Iterator[Span]:
    taken = list(_all(_ACCOUNT_NAMED, _IBAN)(text))
    for match in _ACCOUNT.finditer(text):
        digits = sum(letter.isdigit() for letter in match[0])
        inside = any(start <= match.start() < end for start, end in taken)
        if digits >= 10 and not inside and not _HS_GROUPS.fullmatch(match[0]):
            taken.append(match.span())
    yield from taken


def _simulations(text: str) -> Iterator[Span]:
    """Two groups of four with a digit and a letter among them, which words, years and codes of goods have not."""
    for match in _SIMULATION.finditer(text):
        letters = match[1] + match[2]
        mixed = any(c.isdigit() for c in letters) and any(c.isalpha() for c in letters)
        if mixed and not _YEARS.fullmatch(match[0]):
            yield match.span()


_FINDERS: tuple[tuple[str, Callable[[str], Iterator[Span]]], ...] = (
    ("email", _all(_EMAIL)),
    ("address", _all(_URL)),
    ("address", _domains),
    ("contact", _all(_HANDLE, _AT)),
    ("number", _all(_BUSINESS, _BUSINESS_NAMED, _CORPORATE)),
    ("receipt", _all(_RECEIPT, _JOIN_CODE)),
    ("phone", _phones),
    ("account", _accounts),
    ("receipt", _simulations),
    ("number", _all(_CODED, _LONG)),
    ("place", _all(_ROAD, _FLAT)),
    ("firm", firms),
    ("person", people),
)
"""What is looked for, in this order: what one takes out, the next does not see."""
