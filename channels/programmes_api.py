"""Programmes over HTTP: which ones fit a firm, open to read, with the rate limit of every address."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query

from channels.conversations_api import RatesDep, SettingsDep
from channels.problems import Problem
from knowledge.library import NotBuilt
from knowledge.programmes.finder import find
from knowledge.programmes.needs import UnknownNeed
from knowledge.programmes.profile import ProfileError, ProfileFault, read_profile
from knowledge.record import Language

router = APIRouter(prefix="/api", tags=["programmes"])

MOST = 100
"""Programmes one answer holds at most."""

Words = Annotated[str | None, Query(max_length=1000, description="An obstacle or kind of support by id, or words.")]
Word = Annotated[str | None, Query(max_length=100)]


@router.get("/programmes")
async def find_programmes(
    settings: SettingsDep,
    _: RatesDep,
    need: Words = None,
    size: Word = None,
    sector: Word = None,
    region: Word = None,
    exports_usd: Word = None,
    women_owned: Word = None,
    language: Language = "ko",
    top: Word = None,
) -> list[dict[str, Any]]:
    """Returns the programmes that help most, each with its verdict, reasons, open questions and sources.

    Unknown facts never give ``fits``; 422 names the part that has the wrong form.
    """
    told = {
        "size": size,
        "sector": sector,
        "region": region,
        "exports_usd_last_year": exports_usd,
        "women_owned": women_owned,
    }
    given = {field: value.strip() for field, value in told.items() if value and value.strip()}
    try:
        profile, most = read_profile(given), how_many(top)
        found = await asyncio.to_thread(
            find, need, profile, settings.packs_dir / settings.pack, language=language, top=most
        )
    except ProfileError as error:
        raise Problem(422, error.told(language)) from error
    except UnknownNeed as error:
        raise Problem(422, ProfileFault("need", "unknown_need", str(error)[:60]).told(language)) from error
    except NotBuilt as error:
        raise Problem(503) from error
    return [match.document() for match in found]


def how_many(top: str | None) -> int:
    """Returns how many programmes are asked for; five if nobody says.

    Raises:
        ProfileError: It is no number between 1 and ``MOST``.
    """
    plain = (top or "5").strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) < 4 and 1 <= int(plain) <= MOST):
        raise ProfileError((ProfileFault("top", "out_of_range", plain[:20]),))
    return int(plain)
