"""Rules of origin over HTTP: the agreements, a product's rule, agreements compared, and the simulation."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from channels.conversations_api import RatesDep, SettingsDep
from channels.problems import Problem
from knowledge.origin.agreement import Agreement, Agreements, UnknownAgreement, agreements_of
from knowledge.origin.comparing import NotComparable, compare
from knowledge.origin.model import BadInput
from knowledge.origin.reading import read_json
from knowledge.origin.result import Refusal
from knowledge.origin.simulate import look_up_rules, simulate
from knowledge.origin.sources import told_source
from knowledge.origin.telling import tell, tell_fault
from knowledge.record import Language
from knowledge.settings import Settings
from knowledge.tariffs import wording
from knowledge.tariffs.question import InputError

router = APIRouter(prefix="/api", tags=["origin"])

Told = Annotated[Literal["ko", "en"], Query(description="Language of the answer.")]


@router.get("/agreements")
async def list_agreements(settings: SettingsDep, _: RatesDep, language: Told = "ko") -> list[dict[str, Any]]:
    """Returns the agreements in force for Korea: partners, date, and whether product rules are known."""
    agreements = agreements_of(_pack(settings))
    return [_told(agreement, agreements, language) for agreement in agreements.all()]


@router.get("/origin/rules")
async def show_rules(
    settings: SettingsDep,
    _: RatesDep,
    agreement: Annotated[str, Query(max_length=40)],
    hs: Annotated[str, Query(max_length=40)],
    language: Told = "ko",
) -> dict[str, Any]:
    """Returns the rules of origin an agreement has for a product, the most specific first."""
    try:
        return await asyncio.to_thread(look_up_rules, agreement, hs, _pack(settings), language)
    except UnknownAgreement as error:
        raise Problem(404, f"agreement: there is none called {agreement}") from error
    except BadInput as error:
        raise Problem(422, "; ".join(tell_fault(fault, language)["text"] for fault in error.faults)) from error


@router.get("/origin/compare")
async def show_comparison(
    settings: SettingsDep,
    _: RatesDep,
    hs: Annotated[str, Query(max_length=40)],
    country: Annotated[str, Query(max_length=40, description="ISO code, such as VN; EU for its members.")],
    value: Annotated[str | None, Query(max_length=60, description="Customs value of the consignment.")] = None,
    currency: Annotated[str | None, Query(max_length=60, description="Currency of the value, ISO 4217.")] = None,
    language: Told = "ko",
) -> dict[str, Any]:
    """Returns the agreements that reach a country side by side for a product; 404 where there is none."""
    try:
        return await asyncio.to_thread(compare, hs, country, _pack(settings), language, None, value, currency)
    except NotComparable as error:
        raise Problem(404 if error.problem == "no_agreement" else 422, error.text(language)) from error
    except BadInput as error:
        raise Problem(422, "; ".join(tell_fault(fault, language)["text"] for fault in error.faults)) from error
    except InputError as error:
        raise Problem(422, wording.problem(error, language)) from error


@router.post("/origin/simulations")
async def run_simulation(request: Request, settings: SettingsDep, _: RatesDep, language: Told = "ko") -> JSONResponse:
    """Weighs a product against an agreement; 422 with the verdict ``input_error`` where the input can't be read."""
    # The body is read here, because a framework would turn its numbers into binary fractions.
    body = await request.body()
    result = await asyncio.to_thread(_simulated, body, _pack(settings), language)
    return JSONResponse(result, 422 if result["verdict"] == "input_error" else 200)


def _simulated(body: bytes, pack: Path, language: Language) -> dict[str, Any]:
    try:
        data = read_json(body)
    except BadInput as error:
        return tell(Refusal(error.faults), agreements_of(pack), language)
    return simulate(data, pack, language)


def _told(agreement: Agreement, agreements: Agreements, language: Language) -> dict[str, Any]:
    since = agreement.in_force_source
    return {
        "agreement": agreement.id,
        "name": agreement.name[language],
        "parties": list(agreement.parties),
        "in_force": agreement.in_force.isoformat() if agreement.in_force else None,
        "hs_edition": agreement.hs_edition,
        "rules": agreement.rules,
        "inferred_from": agreement.inferred_from,
        "source": told_source(agreements.source(since), language) if since else None,
    }


def _pack(settings: Settings) -> Path:
    return settings.packs_dir / settings.pack
