"""Passwords: which are too easy, how they are kept, and whether one fits, at the same cost whatever the answer."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError

SHORTEST = 10
LONGEST = 200
"""Letters of a password; NIST SP 800-63B asks for a minimum, no rules of composition, and a list of common ones."""

COMMON = Path(__file__).with_name("common_passwords.txt")

_hash = PasswordHash.recommended()
_AT_ONCE = BoundedSemaphore(4)
"""Argon2 takes 64 MiB a time: a flood of sign-ins waits in line rather than filling the memory."""


def fault(password: str, name: str) -> str | None:
    """Returns what is wrong with a password (short, long, name, common), or None."""
    plain, own = _plain(password), _plain(name).partition("@")[0]
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    if plain == _plain(name) or (len(own) > 3 and own in plain) or plain.strip("0123456789!.") == own:
        return "name"
    if plain in _common() or plain.strip("0123456789!@#.*") in _common() or len(set(plain)) < 4:
        return "common"
    return None


def digest(password: str) -> str:
    """Returns what is kept of a password: an argon2id hash with its salt."""
    with _AT_ONCE:
        return _hash.hash(_same(password))


def fits(password: str, kept: str | None) -> tuple[bool, str | None]:
    """Returns whether a password fits what is kept, and a fresh hash if the kept one is of an older make.

    Where nothing is kept the work is done all the same, so that time does not tell who has an account.
    """
    with _AT_ONCE:
        try:
            right, fresh = _hash.verify_and_update(_same(password[: LONGEST + 1]), kept or _nobody())
        except UnknownHashError:
            return False, None
    return right and kept is not None, fresh


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hash.hash("nobody has this password")


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def _same(password: str) -> str:
    """Returns one form for a password typed on different keyboards (NFC and NFD Korean)."""
    return unicodedata.normalize("NFKC", password)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
