"""What can go wrong between Naru and 기업마당, one class for each thing somebody has to do about it."""

from __future__ import annotations

from typing import ClassVar


class BizinfoError(Exception):
    """The list could not be fetched.

    Attributes:
        name: Short name of the failure, kept with the run.
        passing: True where the same question may be answered a moment later, so that asking again is worth it.
    """

    name: ClassVar[str] = "failed"

    def __init__(self, message: str, *, passing: bool = False) -> None:
        super().__init__(message)
        self.passing = passing


class SwitchedOff(BizinfoError):
    """No key is set; the connector is off."""

    name = "off"


class KeyRefused(BizinfoError):
    """The service does not accept the key: unknown, expired, or not for this address."""

    name = "key_refused"


class LimitReached(BizinfoError):
    """The key has asked as often as it may for now."""

    name = "limit_reached"


class ServiceDown(BizinfoError):
    """The service does not answer, or answers that it cannot."""

    name = "service_down"


class Malformed(BizinfoError):
    """The answer is not what the service documents."""

    name = "malformed"
