"""Direct transport: whether the goods reach the partner as they left Korea.

Korea-China art. 3.14, Korea-US art. 6.13, Korea-Viet Nam art. 3.8, Korea-UK origin protocol art. 13. A stop in a
third country is allowed under customs control there, where the agreement says so (``Agreement.transit_control``).
"""

from __future__ import annotations

from knowledge.origin.agreement import Agreement
from knowledge.origin.materials import HOME
from knowledge.origin.model import OriginInput
from knowledge.origin.result import Missing, Saying, Step, Verdict

STEP = "transport"


def weigh_transport(told: OriginInput, agreement: Agreement) -> Step:
    """Tells whether the journey keeps the origin; what is not said of it is never taken for direct."""
    source = agreement.transport.source if agreement.transport else None
    stops = _third_countries(told, agreement)
    direct = told.transport.direct and not stops
    control = _control(told, agreement)
    if direct:
        return Step(STEP, Verdict.MET, (Saying("transport.direct"),), (), source)
    if control is Verdict.MET:
        params = {"countries": stops, "months": agreement.transit_months}
        return Step(STEP, Verdict.MET, (Saying("transport.controlled", params),), (), source)
    if told.transport.direct is None and not stops:
        missing = Missing("transport.direct", Saying("transport_direct"))
        return Step(STEP, Verdict.NOT_DETERMINED, (Saying("transport.unknown"),), (missing,), source)
    if control is Verdict.NOT_MET:
        return Step(STEP, Verdict.NOT_MET, (Saying("transport.uncontrolled", {"countries": stops}),), (), source)
    missing = Missing("transport.customs_control", Saying("customs_control", {"countries": stops}))
    return Step(STEP, Verdict.NOT_DETERMINED, (Saying("transport.control_unknown"),), (missing,), source)


def transport_warnings(told: OriginInput, agreement: Agreement) -> tuple[Saying, ...]:
    """Returns what to look out for on the way."""
    stops = _third_countries(told, agreement)
    warnings = [Saying("direct_with_stops", {"countries": stops})] if told.transport.direct and stops else []
    if stops or told.transport.direct is False:
        months = agreement.transit_months
        warnings.append(Saying("transit_months" if months else "transit", {"months": months}))
    return tuple(warnings)


def _control(told: OriginInput, agreement: Agreement) -> Verdict:
    """Tells whether customs control saves a stop on the way."""
    if told.transport.customs_control is None or agreement.transit_control is None:
        return Verdict.NOT_DETERMINED
    return Verdict.MET if told.transport.customs_control and agreement.transit_control else Verdict.NOT_MET


def _third_countries(told: OriginInput, agreement: Agreement) -> tuple[str, ...]:
    """Returns the stops outside Korea and, where there is but one partner, outside that partner."""
    inside = {HOME, *(agreement.parties if len(agreement.parties) == 1 else ())}
    return tuple(country for country in told.transport.via if country not in inside)
