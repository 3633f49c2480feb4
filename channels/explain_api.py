"""A text explained over HTTP: open to read, with the rate limit of every address; nothing of it is kept or logged."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, StringConstraints

from channels.bounds import RateLimits, address
from channels.problems import Problem
from knowledge.explaining.explained import LONGEST_TEXT, explain
from knowledge.library import NotBuilt
from knowledge.record import Language
from knowledge.shelf import shelf


class Pasted(BaseModel):
    """What somebody wants explained, and in which language; the text's own if not given."""

    text: Annotated[str, StringConstraints(min_length=1)]
    language: Language | None = None


def limited(request: Request) -> None:
    """Counts the request.

    Raises:
        Problem: 429, the address asked too often.
    """
    limits: RateLimits = request.app.state.rates
    limits.request(address(request))


router = APIRouter(prefix="/api", tags=["explain"], dependencies=[Depends(limited)])


@router.post("/explain")
def explain_text(pasted: Pasted) -> dict[str, Any]:
    """Explains a term, a notice or a letter of credit; 422 for an empty text, 413 for one that is too long."""
    if not pasted.text.strip():
        raise Problem(422, "text: is empty")
    if len(pasted.text) > LONGEST_TEXT:
        raise Problem(413, f"text: at most {LONGEST_TEXT} characters")
    try:
        return explain(pasted.text, shelf(), pasted.language).document()
    except NotBuilt as error:
        raise Problem(503, headers={"Retry-After": "60"}) from error
