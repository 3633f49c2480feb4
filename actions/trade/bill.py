"""A bill of materials sent as a file becomes a case, joined to what was told before about the same product."""

from __future__ import annotations

import re
from typing import Any

from actions.trade.agreements import partner_of
from actions.trade.case import Case, Piece
from actions.trade.citing import agreements
from actions.trade.interview import with_codes_asked
from knowledge.origin.model import BadInput, Fault, read_input
from knowledge.origin.reading import Bill, read_file

MORE = ("weight", "net_cost", "not_done", "only_minimal", "wholly_obtained", "goods_condition", "date")
"""Parts of a bill that the interview never asks for but the engine knows."""

CODES_ASKED_AT_MOST = 5
"""Materials without a code beyond this many are left unknown: nobody answers forty questions in a chat."""


def case_of_bill(name: str, content: bytes, known: Case | None) -> Case:
    """Returns the case that a file tells.

    Raises:
        BadInput: The file can't be read, or a cell can't be; what is merely absent is asked for later.
    """
    bill = read_file(name, content)
    told = _checked(bill)
    case = _joined(told, known if known and known.goal == "origin" else Case())
    unnamed = sum(piece.hs is None for piece in case.materials)
    return with_codes_asked(case) if unnamed <= CODES_ASKED_AT_MOST else case


def _checked(bill: Bill) -> dict[str, Any]:
    """Returns what the bill says, where the engine's own reading finds nothing wrong with it."""
    try:
        read_input(bill.data)
    except BadInput as error:
        wrong = tuple(fault for fault in error.faults if fault.problem != "missing" or "materials" in fault.field)
        if wrong:
            raise BadInput(bill.placed(wrong)) from error
    named = bill.data.get("agreement")
    if named is not None and named not in {each.id for each in agreements().all()}:
        raise BadInput(bill.placed((Fault("agreement", "unknown_agreement", str(named)),)))
    return dict(bill.data)


def _joined(told: dict[str, Any], known: Case) -> Case:
    price, transport = told.get("price") or {}, told.get("transport") or {}
    agreement = told.get("agreement") or known.agreement
    via = {"via": list(transport["via"])} if transport.get("via") else {}
    return known.told(
        agreement=agreement,
        country=partner_of(agreement) or known.country,
        hs=_six(told.get("hs")) or known.hs,
        amount=_number(price.get("amount")) or known.amount,
        currency=price.get("currency") or known.currency or "USD",
        basis=price.get("basis") or known.basis,
        materials=tuple(_piece(row) for row in told.get("materials", [])),
        materials_done=True,
        pending=None,
        domestic="listed",
        work=tuple(told["processes"]) if told.get("processes") else known.work,
        direct=_flag(transport.get("direct")) or known.direct,
        control=_flag(transport.get("customs_control")) or known.control,
        skipped=(),
        more={key: _plain(told[key]) for key in MORE if told.get(key) is not None} | via,
        changed=(),
    )


def _piece(row: dict[str, Any]) -> Piece:
    return Piece(
        name=str(row.get("name") or "?")[:80],
        value=_number(row.get("value")),
        hs=_six(row.get("hs")),
        originating=row.get("originating"),
        origin=row.get("origin"),
        weight=_number(row.get("weight")),
    )


def _six(code: Any) -> str | None:
    return re.sub(r"\D", "", str(code))[:6] if code else None


def _number(number: Any) -> str | None:
    """Returns a number as text, so that nothing of it is rounded in the conversation's memory."""
    return None if number is None else str(number).replace(",", "")


def _flag(told: bool | None) -> Any:
    return None if told is None else "yes" if told else "no"


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | int | str | list) else str(value)
