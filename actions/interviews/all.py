"""Every interview there is, by the name the slot ``interview`` holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.applying.interview import APPLYING
from actions.desk.callback import CALL
from actions.errands.checking_papers import PAPERS
from actions.errands.counting_days import DAYS
from actions.errands.describing import SHEET
from actions.errands.paying import PAYMENT
from actions.errands.selling import SELLING
from actions.firm.diagnosis import DIAGNOSIS
from actions.firm.matching import MATCHING
from actions.firm.readiness import READINESS
from actions.interviews.frame import Interview
from actions.talk import Talk
from actions.trade.inquiry import TRADE

INTERVIEWS: dict[str, Interview] = {
    each.name: each
    for each in (
        TRADE,
        DIAGNOSIS,
        READINESS,
        MATCHING,
        PAPERS,
        DAYS,
        PAYMENT,
        SELLING,
        SHEET,
        APPLYING,
        CALL,
    )
}


def running(talk: Talk) -> Interview | None:
    """Returns the interview that is running, or ran last."""
    return INTERVIEWS.get(str(talk.slot("interview") or ""))


def asks_privately(slots: Mapping[str, Any], loop: Mapping[str, Any]) -> bool:
    """Tells whether, as slots and active loop stand, the next answer is personal (``Interview.private``)."""
    interview = INTERVIEWS.get(str(slots.get("interview") or ""))
    return bool(loop) and interview is not None and interview.private(dict(slots.get(interview.slot) or {}))
