"""Tariff classification over HTTP: open to read, with the rate limit of every address."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request

from channels.bounds import RateLimits, address
from channels.problems import Problem
from knowledge.hs.card import show
from knowledge.hs.documents import candidates_document, card_document
from knowledge.hs.finder import LONGEST_TEXT
from knowledge.hs.index import IndexMissing
from knowledge.hs.ready import finder, hs_folder
from knowledge.hs.table import BadCode
from knowledge.record import Language

MOST_CANDIDATES = 20
"""How many codes one search gives at most."""

LONGEST_CODE = 20
"""Characters of a code, its dots and spaces included."""


def limited(request: Request) -> None:
    """Counts the request.

    Raises:
        Problem: 429, the address asked too often.
    """
    limits: RateLimits = request.app.state.rates
    limits.request(address(request))


router = APIRouter(prefix="/api/hs", tags=["hs"], dependencies=[Depends(limited)])


@router.get("/search")
def search(
    q: Annotated[str, Query(min_length=1, max_length=LONGEST_TEXT)],
    top: Annotated[int, Query(ge=1, le=MOST_CANDIDATES)] = 5,
    language: Language | None = None,
) -> list[dict[str, Any]]:
    """Finds the likeliest six-digit codes of a product's name, best first; none if nothing is like it."""
    try:
        return candidates_document(finder().find(q, language or spoken(q), top))
    except IndexMissing as error:
        raise Problem(503, headers={"Retry-After": "60"}) from error


@router.get("/{code}")
def one_code(code: Annotated[str, Path(max_length=LONGEST_CODE)]) -> dict[str, Any]:
    """Shows a code of 2, 4, 6 or 10 digits; 422 for what is no code, 404 for one that does not exist."""
    try:
        card = show(hs_folder(), code)
    except BadCode as error:
        raise Problem(422, str(error)) from error
    if card is None:
        raise Problem(404, f"there is no code {code}")
    return card_document(card)


def spoken(text: str) -> Language:
    """Returns the language of a product's name: Korean if it has any Korean letter."""
    return "ko" if re.search(r"[ㄱ-ㅎㅏ-ㅣ가-힣]", text) else "en"
