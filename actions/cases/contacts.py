"""Finds phone numbers, e-mail addresses, websites and countries in what a person wrote."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from actions.cases.fields import Field
from actions.cases.mistakes import Mistake
from knowledge.settings import settings

_ADDRESS = re.compile(r"[^\s<>,;()\"']+@[^\s<>,;()\"'가-힣]+")
_SITE = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}(?::\d{1,5})?(?:/[^\s가-힣]*)?", re.IGNORECASE)


def phone_in(field: Field, words: str) -> str:
    """Returns the one phone number, E.164; without a country code it is Korean.

    Raises:
        Mistake: There is none that exists, or several.
    """
    matches = phonenumbers.PhoneNumberMatcher(words, "KR", leniency=phonenumbers.Leniency.VALID)
    numbers = {phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164) for match in matches}
    if len(numbers) != 1:
        raise Mistake(field, "one_phone" if numbers else "phone")
    return numbers.pop()


def email_in(field: Field, words: str) -> str:
    """Returns the one e-mail address, its domain in small letters; the domain is not looked up.

    Raises:
        Mistake: There is none that is well formed, or several.
    """
    found = {address.rstrip(".!?") for address in _ADDRESS.findall(words)}
    if len(found) != 1:
        raise Mistake(field, "one_email" if found else "email")
    try:
        return validate_email(found.pop(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise Mistake(field, "email") from error


def website_in(field: Field, words: str) -> str:
    """Returns the one address of a website, as it was written, its host in small letters.

    Raises:
        Mistake: There is none, or it is an e-mail address.
    """
    found = {match[0].rstrip(".,!?") for match in _SITE.finditer(words)}
    if len(found) != 1 or "@" in words:
        raise Mistake(field, "website")
    written = found.pop()
    parts = urlsplit(written if "://" in written else f"//{written}")
    return parts._replace(netloc=parts.netloc.lower(), scheme=parts.scheme.lower()).geturl().removeprefix("//")


def countries_in(field: Field, words: str) -> list[str]:
    """Returns the countries named, by their ISO 3166 codes, in the order they were named.

    Raises:
        Mistake: None is known by such a name, or the only one is Korea itself.
    """
    found: list[tuple[int, int, str]] = []
    lowered = words.casefold()
    for spelling, code in _countries():
        for start in _starts(spelling, lowered):
            end = start + len(spelling)
            if all(end <= other or start >= until for other, until, _ in found):
                found.append((start, end, code))
    codes = list(dict.fromkeys(code for _, _, code in sorted(found) if code != "KR"))
    if not codes:
        raise Mistake(field, "country")
    return codes


def _starts(spelling: str, lowered: str) -> list[int]:
    edge = r"(?<![a-z]){}(?![a-z])" if spelling.isascii() else "{}"
    return [match.start() for match in re.finditer(edge.format(re.escape(spelling)), lowered)]


@lru_cache(maxsize=1)
def _countries() -> tuple[tuple[str, str], ...]:
    """Returns the spellings of countries, the longest first, so that 남아프리카 is not read as 아프리카."""
    from knowledge.lookups import read_lookups  # brings spaCy along, which the desk's commands need not wait for

    names = read_lookups(settings().packs_dir / settings().pack)
    spelled = {(name.spelling.casefold(), name.value) for name in names if name.entity == "country"}
    return tuple(sorted(spelled, key=lambda each: (-len(each[0]), each)))
