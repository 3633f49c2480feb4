"""Seals what a firm told before it is written, so that a stolen database file or backup tells nothing.

Fernet of the `cryptography` library: AES-128-CBC with HMAC-SHA256. The first key seals, every key opens.
"""

from __future__ import annotations

import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class WrongKey(ValueError):
    """Something was sealed with a key that is no longer among NARU_CASE_KEY, or the key is none at all."""


class Seal:
    """Seals and opens JSON values.

    Args:
        keys: Fernet keys (32 bytes, URL-safe base64) separated by commas, the newest first.

    Raises:
        WrongKey: One of them is no Fernet key.
    """

    def __init__(self, keys: str) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key.strip()) for key in keys.split(",") if key.strip()])
        except ValueError as error:
            raise WrongKey("NARU_CASE_KEY must be Fernet keys separated by commas") from error

    def close(self, value: Any) -> bytes:
        """Returns a JSON value sealed."""
        return self._fernet.encrypt(json.dumps(value, ensure_ascii=False).encode())

    def open(self, sealed: bytes) -> Any:
        """Returns the value that was sealed.

        Raises:
            WrongKey: None of the keys opens it.
        """
        try:
            return json.loads(self._fernet.decrypt(sealed))
        except InvalidToken as error:
            raise WrongKey("none of the keys opens what is kept; add the former key to NARU_CASE_KEY") from error

    def renew(self, sealed: bytes) -> bytes:
        """Returns the same value sealed with the newest key."""
        try:
            return self._fernet.rotate(sealed)
        except InvalidToken as error:
            raise WrongKey("none of the keys opens what is kept; add the former key to NARU_CASE_KEY") from error
