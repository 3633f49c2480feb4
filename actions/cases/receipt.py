"""Receipt numbers such as N-7F3K-2QXM: easy to read out, without look-alikes, and a slip of the pen is noticed.

Letters and digits are Crockford's base32 (https://www.crockford.com/base32.html). The eighth one checks the
other seven by ISO 7064's hybrid system, here modulo 33 and 32: every single wrong character is found, and
nearly every swap of two neighbours.
"""

from __future__ import annotations

import re
import secrets

from stdnum.iso7064 import mod_37_36

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKES = str.maketrans("OIL", "011")
_SHAPE = re.compile(r"N?([0-9A-Z]{8})")
_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])[Nn] ?[-–] ?[0-9A-Za-z]{4} ?[-–]? ?[0-9A-Za-z]{4}(?![0-9A-Za-z])")


class WrongReceiptNumber(ValueError):
    """What was typed is no receipt number: too short, too long, or a character is wrong."""


def new_number() -> str:
    """Returns a receipt number by chance (35 bits); the database sees to it that none comes twice."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(7))
    return _written(body + mod_37_36.calc_check_digit(body, ALPHABET))


def read_number(typed: str) -> str:
    """Returns a receipt number as it is kept, however it was typed: small letters, no dashes, O for 0, I or L for 1.

    Raises:
        WrongReceiptNumber: It is none; the likeliest reason is a typing slip.
    """
    match = _SHAPE.fullmatch(re.sub(r"[\s\-–]", "", typed).upper())
    body = match[1].translate(_LOOK_ALIKES) if match else ""
    if not body or not mod_37_36.is_valid(body, ALPHABET):
        raise WrongReceiptNumber(typed)
    return _written(body)


def number_in(text: str) -> str | None:
    """Returns what looks like a receipt number in a sentence, as typed, or None; ``read_number`` checks it."""
    match = _IN_TEXT.search(text)
    return match[0] if match else None


def _written(body: str) -> str:
    return f"N-{body[:4]}-{body[4:]}"
