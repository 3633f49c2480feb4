"""The duty estimate over HTTP: open to read, with the rate limit of every address."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from channels.bounds import RateLimits, address
from channels.problems import Problem
from knowledge.record import Language
from knowledge.tariffs import wording
from knowledge.tariffs.estimate import estimate
from knowledge.tariffs.question import InputError

LONGEST = 60
"""Characters of any one part of the question."""

Word = Annotated[str, Query(max_length=LONGEST)]
MaybeWord = Annotated[str | None, Query(max_length=LONGEST)]


def limited(request: Request) -> None:
    """Counts the request.

    Raises:
        Problem: 429, the address asked too often.
    """
    limits: RateLimits = request.app.state.rates
    limits.request(address(request))


router = APIRouter(tags=["duty"], dependencies=[Depends(limited)])


@router.get("/api/duty")
def duty(
    agreement: Word,
    hs: Word,
    value: Word,
    currency: Word,
    year: MaybeWord = None,
    rate: MaybeWord = None,
    normal_rate: MaybeWord = None,
    language: Language = "ko",
) -> dict[str, Any]:
    """Estimates duty without and with an agreement; 422 names the part that has the wrong form."""
    try:
        found = estimate(agreement, hs, value, currency, year, rate, normal_rate=normal_rate)
    except InputError as error:
        raise Problem(422, wording.problem(error, language)) from error
    return wording.document(found, language)
