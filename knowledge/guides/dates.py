"""The days somebody told about an export, read and checked, and how periods are counted from a day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from knowledge.guides.fault import BadInput, bad
from knowledge.guides.place import Words
from knowledge.origin.agreement import Agreement, UnknownAgreement, agreements_of

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
"""Days beyond these are slips of the hand."""
LONGEST_PRESENTATION = 365
"""Days for presenting papers beyond which a number is a slip of the hand."""


@dataclass(frozen=True)
class Dates:
    """What is known of an export's days; None where nothing was told.

    Attributes:
        lc_expiry, latest_shipment: Days in the letter of credit.
        presentation_days: Days after shipment in the credit; None where it is silent.
        shipment: Day the goods were loaded (date of the bill of lading).
        declaration_accepted: Day customs accepted the export declaration.
        agreement: The agreement the proof of origin is for.
        proof_issued: Day the proof of origin was issued or signed.
        drawback_claimed: Day the drawback of duty was claimed.
        origin_error_found: Day it was learnt that a proof of origin is wrong.
        approved_exporter_since: Day of approval as exporter.
    """

    lc_expiry: date | None = None
    latest_shipment: date | None = None
    presentation_days: int | None = None
    shipment: date | None = None
    declaration_accepted: date | None = None
    agreement: Agreement | None = None
    proof_issued: date | None = None
    drawback_claimed: date | None = None
    origin_error_found: date | None = None
    approved_exporter_since: date | None = None


TOLD = tuple(field.name for field in fields(Dates))
"""Names of everything that can be told."""


def read_dates(told: Mapping[str, Any], folder: Path, words: Mapping[str, Any]) -> Dates:
    """Returns the days told: dates or ISO 8601 text, an agreement by id, a number of days; empty means not known.

    Raises:
        BadInput: A part is not known or has the wrong form; its message names the part.
    """
    faults: Mapping[str, Words] = words["faults"]
    values: dict[str, Any] = {}
    for name, given in told.items():
        if name not in TOLD:
            raise bad(name, given, faults["unknown_field"])
        if given is None or (isinstance(given, str) and not given.strip()):
            continue
        if name == "agreement":
            values[name] = _agreement(given, folder, words)
        elif name == "presentation_days":
            values[name] = _days(given, words)
        else:
            values[name] = _day(name, given, words)
    if "proof_issued" in values and "agreement" not in values:
        raise _bad("agreement", "", words, "needs_agreement")
    return Dates(**values)


def after_months(day: date, months: int) -> date:
    """Returns the last day of a period of months that begins after ``day``.

    The first day is not counted; the period ends the day before the same day of the month it began on, or at the end
    of a month that has no such day (Civil Act of Korea, articles 157 and 160).
    """
    start = day + timedelta(days=1)
    years, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = monthrange(years, month + 1)[1]
    if start.day > last:
        return date(years, month + 1, last)
    return date(years, month + 1, start.day) - timedelta(days=1)


def _day(name: str, given: Any, words: Mapping[str, Any]) -> date:
    if type(given) is date:
        day = given
    else:
        try:
            day = date.fromisoformat(given.strip())
        except (AttributeError, ValueError) as error:
            raise _bad(name, given, words, "not_a_date") from error
    if not EARLIEST <= day <= LATEST:
        raise _bad(name, day, words, "far_date")
    return day


def _days(given: Any, words: Mapping[str, Any]) -> int:
    text = str(given).strip()
    if isinstance(given, bool) or not (text.isascii() and text.isdigit() and 1 <= int(text) <= LONGEST_PRESENTATION):
        raise _bad("presentation_days", given, words, "not_days")
    return int(text)


def _agreement(given: Any, folder: Path, words: Mapping[str, Any]) -> Agreement:
    try:
        return agreements_of(folder).get(str(given))
    except UnknownAgreement as error:
        raise _bad("agreement", given, words, "unknown_agreement") from error


def _bad(name: str, given: Any, words: Mapping[str, Any], fault: str) -> BadInput:
    return bad(name, given, words["faults"][fault], named=words["fields"][name])
