"""One line of a tariff file of the pack, as it is written in CSV."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 160


class TariffFileError(ValueError):
    """A tariff text or file can't be read; the message names the file or line."""


@dataclass(frozen=True)
class Row:
    """A line of a market's tariff; every value is text.

    Attributes:
        code: The market's own code, digits only (8, in Viet Nam also 10).
        description: What the line covers, short.
        base: The duty the agreement starts from, or the market's general rate; ``rate.parse_rate`` reads it.
        edition: Edition of the tariff, or the day the base rate was in force.
        category: Staging category of the agreement; empty where the tariff prints the rate of today itself.
        preferential: The rate for Korean goods where it is printed: one rate, or ``year=rate`` for each year.
        flags: Words, separated by blanks: ``quota`` (line for goods entered within a quota), ``footnote``.
    """

    code: str
    description: str
    base: str
    edition: str
    category: str = ""
    preferential: str = ""
    flags: str = ""


def shortened(text: str) -> str:
    """Returns a description on one line and no longer than ``LONGEST`` characters."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
