"""Reads what a person wrote, in Korean or English, into the value a field keeps, or says what is wrong with it.

What is kept is plain JSON: text, whole numbers, ISO dates (also ``2019`` or ``2019-03``), E.164 phone numbers,
ISO 3166 countries, digits of an HS code, keys of choices. How it is shown again is in ``showing.py``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from stdnum.exceptions import ValidationError
from stdnum.kr import brn

from actions.cases.amounts import sums
from actions.cases.contacts import countries_in, email_in, phone_in, website_in
from actions.cases.days import day_in
from actions.cases.fields import Field, Value, patterns
from actions.cases.mistakes import Mistake
from actions.trade.answers import yes_or_no

LONGEST = 2000
"""Characters of an answer beyond which it is not read, unless the field allows more."""

_BRN = re.compile(r"(?<!\d)\d{3}[ -]?\d{2}[ -]?\d{5}(?!\d)")
_BRN_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_RRN = re.compile(r"(?<!\d)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?[1-8]\d{6}(?!\d)")
"""A resident registration number: birthday, then century and sex. Since 2020 its last digit checks nothing."""

_HS = re.compile(r"(?<![\d.])\d{4}[. -]?\d{2}(?:[. -]?\d{2}[. -]?\d{2}|[. -]?\d{4})?(?![\d])")


def read(field: Field, said: str) -> Value:
    """Returns the value of an answer; None when the person does not know and the field may be left out.

    Raises:
        Mistake: It can't be the answer; ``mistake.message(language)`` says why and what is expected.
    """
    words = _tidy(said, lines=field.reads in ("text", "person") and not field.lead_in)
    if not words:
        raise Mistake(field, "empty")
    if len(words) > max(LONGEST, field.most or 0):
        raise Mistake(field, "too_long", most=max(LONGEST, field.most or 0), length=len(words))
    if _RRN.search(words):
        raise Mistake(field, "resident_number")
    if _skips(words) and not _means_something(field, words):
        if field.required:
            raise Mistake(field, "required")
        return None
    return _READERS[field.reads](field, words)


def _tidy(said: str, lines: bool) -> str:
    text = unicodedata.normalize("NFC", said)
    text = "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cf"))
    parts = [" ".join(line.split()) for line in text.splitlines()]
    return ("\n" if lines else " ").join(parts).strip()


def _skips(words: str) -> bool:
    return any(pattern.fullmatch(words.rstrip(".!~ ")) for pattern in patterns("skip"))


def _means_something(field: Field, words: str) -> bool:
    """Tells whether "none" or "I don't know" is an answer of its own here: no, 0, or a choice to press."""
    if field.none_is_zero:
        return yes_or_no(words) != "unknown"
    if field.reads == "yes_no":
        return yes_or_no(words) == "no"
    return field.reads == "choice" and bool(_chosen(field, words))


def _text(field: Field, words: str) -> str:
    if field.lead_in:
        for pattern in (*patterns("lead_in"), *patterns("tail")):
            words = pattern.sub("", words).strip() or words
    if len(words) < (field.least or 1):
        raise Mistake(field, "too_short", least=field.least or 1, length=len(words))
    if field.most is not None and len(words) > field.most:
        raise Mistake(field, "too_long", most=field.most, length=len(words))
    return words


def _person(field: Field, words: str) -> str:
    """Reads a person's name, which has letters and no digits (a phone number sent a question too early)."""
    name = _text(field, words)
    if any(letter.isdigit() for letter in name) or "@" in name:
        raise Mistake(field, "person")
    return name


def _number(field: Field, words: str) -> int:
    known = {number for spelling, number in field.words.items() if _stands_in(spelling, words)}
    found = {amount.number for amount in sums(words)}
    return _bounded(field, found or known, words)


def _money(field: Field, words: str) -> int:
    found = sums(words)
    if other := next((each.currency for each in found if each.currency not in (None, field.currency)), None):
        raise Mistake(field, "currency", expected=field.currency or "", told=other)
    if not found and field.none_is_zero and yes_or_no(words) == "no":
        return 0
    return _bounded(field, {each.number for each in found}, words)


def _bounded(field: Field, found: set[int], words: str) -> int:
    if len(found) != 1 or re.search(r"(?<![\d가-힣A-Za-z])[-−]\s?\d", words):
        raise Mistake(field, "number" if not found else "one_number")
    number = found.pop()
    if number < (field.least or 0) or (field.most is not None and number > field.most):
        raise Mistake(field, "out_of_bounds", least=field.least or 0, most=field.most if field.most else "∞")
    return number


def _choice(field: Field, words: str) -> str:
    found = _chosen(field, words)
    if not found:
        raise Mistake(field, "choice")
    if len(found) == 1:
        return found[0]
    if not field.place:
        raise Mistake(field, "one_choice")
    return found[-1] if words.isascii() else found[0]  # an English address names the province last, a Korean one first


def _chosen(field: Field, words: str) -> list[str]:
    """Returns the choices named in the words, in their order; a longer name hides a shorter one inside it."""
    spellings = [
        (spelling, option.key)
        for option in field.choices
        for spelling in (option.key, option.ko, option.en, *option.aliases)
    ] + [(spelling, "") for spelling in field.unclear]
    exact = {key for spelling, key in spellings if spelling.casefold() == words.casefold()}
    if len(exact) == 1:
        return [key for key in exact if key]
    taken: list[tuple[int, int, str]] = []
    for spelling, key in sorted(spellings, key=lambda each: -len(each[0])):
        for start in _places(spelling, words):
            end = start + len(spelling)
            if all(end <= other or start >= until for other, until, _ in taken):
                taken.append((start, end, key))
    return list(dict.fromkeys(key for _, _, key in sorted(taken) if key))


def _places(spelling: str, words: str) -> list[int]:
    edge = r"(?<![A-Za-z]){}(?![A-Za-z])" if spelling.isascii() else "{}"
    return [match.start() for match in re.finditer(edge.format(re.escape(spelling)), words, re.IGNORECASE)]


def _stands_in(spelling: str, words: str) -> bool:
    return bool(_places(spelling, words)) or bool(_places(spelling.replace(" ", ""), words))


def _yes_no(field: Field, words: str) -> bool:
    said = yes_or_no(words)
    chosen = _chosen(field, words)
    if said in ("yes", "no"):
        return said == "yes"
    if len(chosen) == 1:
        return chosen[0] == "yes"
    raise Mistake(field, "yes_no")


def _business_number(field: Field, words: str) -> str:
    found = _BRN.findall(words)
    if len(found) != 1:
        raise Mistake(field, "business_number_shape")
    try:
        number = brn.validate(found[0])
    except ValidationError as error:
        raise Mistake(field, "business_number_shape") from error
    if not _checks(number):
        raise Mistake(field, "business_number_check")
    return brn.format(number)


def _checks(number: str) -> bool:
    """Tells whether the tenth digit fits the other nine, which python-stdnum leaves out.

    The customary rule: the sum of the digits times 1 3 7 1 3 7 1 3 5, the tens of the last product, and the tenth
    digit is a multiple of ten. It holds for 124-81-00998 (Samsung Electronics) and 220-81-62517 (NAVER).
    """
    digits = [int(digit) for digit in number]
    total = sum(digit * weight for digit, weight in zip(digits, _BRN_WEIGHTS, strict=False))
    return (total + digits[8] * _BRN_WEIGHTS[8] // 10 + digits[9]) % 10 == 0


def _hs(field: Field, words: str) -> str:
    found = {re.sub(r"\D", "", code) for code in _HS.findall(words)}
    if len(found) != 1:
        raise Mistake(field, "hs")
    code = found.pop()
    if not 1 <= int(code[:2]) <= 97:
        raise Mistake(field, "hs")
    return code


_READERS: dict[str, Callable[[Field, str], Value]] = {
    "text": _text,
    "person": _person,
    "number": _number,
    "money": _money,
    "choice": _choice,
    "yes_no": _yes_no,
    "date": day_in,
    "business_number": _business_number,
    "phone": phone_in,
    "email": email_in,
    "hs": _hs,
    "countries": countries_in,
    "website": website_in,
}
