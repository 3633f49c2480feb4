"""Weighs one product against one agreement, in the legal order; pure: facts and rules in, a reasoned result out.

1. ``scheme``                   the agreement applies, and its list has a rule for the product
2. ``wholly_obtained``          everything was grown, caught or mined in the territory
3. ``cumulation``               what counts as originating because it originates in a partner
4. ``insufficient_operations``  more than simple working is done
5. ``product_rule``             the product rule, or nothing but originating materials
6. ``tolerance``                what the product rule's failing materials are forgiven
7. ``transport``                the goods travel directly
8. ``proof``                    how origin is proved (informs only)

Each unknown fact is weighed at its best and its worst: only what holds at its worst is met, only what fails at its
best is not met. Nothing unknown ever becomes a yes.
"""

from __future__ import annotations

from datetime import date

from knowledge.origin.agreement import Agreement
from knowledge.origin.editions import CURRENT_EDITION
from knowledge.origin.lookup import Lookup, RuleRow
from knowledge.origin.materials import Part, Standing, parts
from knowledge.origin.model import BadInput, Fault, OriginInput
from knowledge.origin.operations import operation_warnings, weigh_operations
from knowledge.origin.product_rule import Goods, RowFinding, weigh_row
from knowledge.origin.proof import proof_step
from knowledge.origin.result import (
    Missing,
    Outcome,
    Saying,
    Simulation,
    Step,
    Verdict,
    all_of,
    any_of,
    unique,
)
from knowledge.origin.transport import transport_warnings, weigh_transport
from knowledge.record import Source

_OUTCOMES = {
    Verdict.MET: Outcome.QUALIFIES,
    Verdict.NOT_MET: Outcome.DOES_NOT_QUALIFY,
    Verdict.NOT_DETERMINED: Outcome.NOT_DETERMINED,
}


def assess(told: OriginInput, agreement: Agreement, lookup: Lookup, today: date) -> Simulation:
    """Tells whether a product originates under an agreement and may be traded at its preferential duty.

    Args:
        told: The product.
        agreement: The agreement.
        lookup: The candidate rules the agreement's list has for the product.
        today: Day to weigh it for where the input names none.

    Raises:
        BadInput: ``goods_condition`` names none of the candidate rules.
    """
    listed = parts(told, agreement)
    wholly = _wholly_obtained(told, listed, agreement)
    goods = Goods(told, agreement, listed, wholly.verdict)
    findings = [weigh_row(row, goods) for row in _candidates(told, lookup)]
    only_originating = _only_originating(listed, findings)
    rule = _product_rule(findings, only_originating, agreement, lookup)
    tolerance = _tolerance(findings, rule)
    origin = any_of((wholly.verdict, only_originating, _agreed([finding.final for finding in findings])))
    scheme = _scheme(told, agreement, lookup, today, needs_rule=wholly.verdict is not Verdict.MET)
    operations = _operations(told, agreement, listed, wholly)
    transport = weigh_transport(told, agreement)
    steps = (scheme, wholly, _cumulation(listed, agreement), operations, rule, tolerance, transport)
    verdict = all_of((scheme.verdict, origin, operations.verdict, transport.verdict))
    missing: list[Missing] = []
    if verdict is Verdict.NOT_DETERMINED:
        missing += scheme.missing
        missing += _origin_missing(findings, wholly, bool(listed)) if origin is verdict else ()
        missing += [m for step in (operations, transport) if step.verdict is verdict for m in step.missing]
    shown = _shown(findings)
    return Simulation(
        told,
        agreement,
        lookup,
        _OUTCOMES[verdict],
        (*steps, proof_step(agreement)),
        told.date or today,
        shown.row if shown else None,
        shown.share if shown else None,
        unique(missing),
        _warnings(told, agreement, lookup, listed, operations),
    )


def _candidates(told: OriginInput, lookup: Lookup) -> list[RuleRow]:
    """Returns the rows that may bind the goods, or the one the person has chosen."""
    chosen = told.goods_condition
    if chosen is None or not lookup.rows:
        return list(lookup.rows)
    if isinstance(chosen, int) and chosen <= len(lookup.rows):
        return [lookup.rows[chosen - 1]]
    named = [row for row in lookup.rows if row.condition and chosen in row.condition.values()]
    if not named:
        raise BadInput((Fault("goods_condition", "no_such_condition", str(chosen)),))
    return named[:1]


def _scheme(told: OriginInput, agreement: Agreement, lookup: Lookup, today: date, needs_rule: bool) -> Step:
    day, source = told.date or today, agreement.in_force_source
    params = {"agreement": agreement.name, "since": agreement.in_force, "hs": told.hs6}
    if agreement.in_force and day < agreement.in_force:
        return Step("scheme", Verdict.NOT_MET, (Saying("scheme.not_yet", params),), (), source)
    applies = Saying("scheme.in_force" if agreement.in_force else "scheme.in_force_undated", params)
    if lookup.rows or not needs_rule:
        found = Saying("scheme.rule_found" if lookup.rows else "scheme.rule_not_needed", params)
        return Step("scheme", Verdict.MET, (applies, found), (), source)
    missing = Missing("rule", Saying("rule", params))
    return Step("scheme", Verdict.NOT_DETERMINED, (applies, Saying("scheme.no_rule", params)), (missing,), source)


def _wholly_obtained(told: OriginInput, listed: tuple[Part, ...], agreement: Agreement) -> Step:
    source = agreement.wholly_obtained.source if agreement.wholly_obtained else None
    foreign = [part.name for part in listed if part.counts]
    unknown = [part for part in listed if part.standing is Standing.UNKNOWN]
    if foreign:
        reason, verdict = Saying("wholly_obtained.foreign", {"names": foreign}), Verdict.NOT_MET
    elif told.wholly_obtained is False:
        reason, verdict = Saying("wholly_obtained.no"), Verdict.NOT_MET
    elif told.wholly_obtained and not unknown:
        reason, verdict = Saying("wholly_obtained.yes"), Verdict.MET
    else:
        names = [part.name for part in unknown]
        reason = Saying("wholly_obtained.unsure" if names else "wholly_obtained.unknown", {"names": names})
        verdict = Verdict.NOT_DETERMINED
    missing = [part.lacks("originating") for part in unknown] if verdict is Verdict.NOT_DETERMINED else []
    return Step("wholly_obtained", verdict, (reason,), tuple(missing), source)


def _cumulation(listed: tuple[Part, ...], agreement: Agreement) -> Step:
    """Says what counts because it originates in a partner; the country alone is not enough."""
    abroad = (*agreement.parties, *agreement.cumulation_with)
    partners = [part for part in listed if part.material.origin in abroad and part.material.originating is not False]
    counted = [part.name for part in partners if part.standing is Standing.ORIGINATING]
    open_ones = [part for part in partners if part.standing is Standing.UNKNOWN]
    source = agreement.cumulation.source if agreement.cumulation else None
    said = [Saying("cumulation.counted", {"names": counted})] if counted else []
    if open_ones:
        said.append(Saying("cumulation.unproved", {"names": [part.name for part in open_ones]}))
        missing = tuple(part.lacks("originating") for part in open_ones)
        return Step("cumulation", Verdict.NOT_DETERMINED, tuple(said), missing, source)
    if counted:
        return Step("cumulation", Verdict.MET, tuple(said), (), source)
    return Step("cumulation", Verdict.NOT_APPLICABLE, (Saying("cumulation.none"),), (), source)


def _operations(told: OriginInput, agreement: Agreement, listed: tuple[Part, ...], wholly: Step) -> Step:
    """What is wholly obtained needs no working."""
    if wholly.verdict is Verdict.MET:
        source = agreement.insufficient.source if agreement.insufficient else None
        reasons = (Saying("operations.wholly_obtained"),)
        return Step("insufficient_operations", Verdict.NOT_APPLICABLE, reasons, (), source)
    return weigh_operations(told, agreement, listed)


def _only_originating(listed: tuple[Part, ...], findings: list[RowFinding]) -> Verdict:
    """Tells whether the product is made of nothing but originating materials, which is a way to originate by itself.

    Korea-China art. 3.2(b), Korea-US art. 6.1(c), Korea-Viet Nam art. 3.1.1(c), Korea-UK origin protocol art. 2(c).
    Where the list asks for wholly obtained goods, or its rule is not known, this is left to be confirmed.
    """
    if any(part.counts for part in listed):
        return Verdict.NOT_MET
    known = findings and all(f.row.rule is not None and not f.wholly_obtained_only for f in findings)
    certain = listed and not any(part.may_count for part in listed)
    return Verdict.MET if certain and known else Verdict.NOT_DETERMINED


def _agreed(verdicts: list[Verdict]) -> Verdict:
    """Returns what all candidate rules come to; where they differ, it can't be told."""
    return verdicts[0] if len(set(verdicts)) == 1 else Verdict.NOT_DETERMINED


def _product_rule(findings: list[RowFinding], only_originating: Verdict, agreement: Agreement, lookup: Lookup) -> Step:
    if only_originating is Verdict.MET:
        note = next((note for note in agreement.notes if note.value == "originating_materials_only"), None)
        made_of_originating = (Saying("rule.only_originating"),)
        return Step("product_rule", Verdict.MET, made_of_originating, (), note.source if note else None)
    if not findings:
        missing = Missing("rule", Saying("rule", {"agreement": agreement.name}))
        return Step("product_rule", Verdict.NOT_DETERMINED, (Saying("rule.none"),), (missing,))
    verdict = _agreed([finding.verdict for finding in findings])
    reasons = tuple(saying for finding in findings for saying in _row_reasons(finding, len(findings) > 1))
    missing_facts = [m for finding in findings for m in finding.missing] if verdict is Verdict.NOT_DETERMINED else []
    if len(findings) > 1 and verdict is Verdict.NOT_DETERMINED:
        missing_facts.insert(0, _which_goods(findings))
    shown = _shown(findings) or findings[0]
    return Step("product_rule", verdict, reasons, unique(missing_facts), row_source(shown.row, lookup))


def row_source(row: RuleRow, lookup: Lookup) -> Source | None:
    """Returns the document of the product rules with the place of a row in it."""
    if lookup.source is None:
        return None
    return lookup.source.model_copy(update={"locator": row.locator or lookup.source.locator})


def _row_reasons(finding: RowFinding, one_of_several: bool) -> list[Saying]:
    said = []
    if one_of_several:
        said.append(Saying("rule.for_goods", {"condition": finding.row.condition, "hs": finding.row.from_}))
    if finding.row.rule is None:
        known = Saying("rule.not_parsed", {"words": finding.row.words})
        return [*said, known if finding.row.words else Saying("rule.other_goods_unknown")]
    if not finding.alternatives:
        return [*said, Saying("rule.no_materials")]
    deciding = [a for a in finding.alternatives if a.verdict is finding.verdict]
    conditions = [each for alternative in deciding for each in alternative.conditions]
    telling = [each for each in conditions if finding.verdict is Verdict.MET or each.verdict is finding.verdict]
    for each in telling:
        said += [reason for reason in each.reasons if reason not in said]
    return said


def _which_goods(findings: list[RowFinding]) -> Missing:
    conditions = [finding.row.condition for finding in findings]
    return Missing("goods_condition", Saying("goods_condition", {"conditions": conditions}))


def _tolerance(findings: list[RowFinding], rule: Step) -> Step:
    """Says what the tolerance does for the first candidate rule it does anything for."""
    if rule.verdict is Verdict.MET:
        return Step("tolerance", Verdict.NOT_APPLICABLE, (Saying("tolerance.not_needed"),))
    tried = [a for finding in findings for a in finding.alternatives if a.tolerated]
    if not tried:
        reason = Saying("tolerance.not_for_this" if rule.verdict is Verdict.NOT_MET else "tolerance.too_early")
        return Step("tolerance", Verdict.NOT_APPLICABLE, (reason,))
    verdict = _agreed([f.final for f in findings]) if len(findings) > 1 else any_of(a.final for a in tried)
    deciding = next((a for a in tried if a.final is verdict), tried[0])
    assert deciding.tolerated is not None
    reasons = deciding.tolerated.reasons
    if verdict is Verdict.NOT_MET and deciding.tolerated.verdict is not Verdict.NOT_MET:
        reasons += (Saying("tolerance.other_conditions_fail"),)
    source = deciding.tolerated.tolerance.source if deciding.tolerated.tolerance else None
    missing = deciding.missing if verdict is Verdict.NOT_DETERMINED else ()
    return Step("tolerance", verdict, reasons, missing, source)


def _origin_missing(findings: list[RowFinding], wholly: Step, has_materials: bool) -> list[Missing]:
    """Returns what would decide on origin; "was all of it grown here" is asked only where the rule turns on it."""
    missing = [m for finding in findings for m in finding.missing]
    if len(findings) > 1 and len({finding.final for finding in findings}) > 1:
        missing.insert(0, _which_goods(findings))
    turns_on_it = not findings or any(finding.asks_wholly_obtained for finding in findings)
    if wholly.verdict is Verdict.NOT_DETERMINED and turns_on_it:
        missing += [*wholly.missing, Missing("wholly_obtained", Saying("wholly_obtained"))]
    if not missing and not has_materials:
        return [Missing("materials", Saying("materials"))]
    made_of_originating = wholly.verdict is not Verdict.NOT_MET
    unsettled = "confirm_originating_only" if made_of_originating else "rule_not_parsed"
    return missing or [*wholly.missing] or [Missing("rule", Saying(unsettled))]


def _shown(findings: list[RowFinding]) -> RowFinding | None:
    """Returns the row to show: the one that is met, else the one for all other goods, else the first."""
    met = [finding for finding in findings if finding.final is Verdict.MET]
    general = [finding for finding in findings if finding.row.condition is None]
    return next(iter([*met, *general, *findings]), None)


def _warnings(
    told: OriginInput, agreement: Agreement, lookup: Lookup, listed: tuple[Part, ...], operations: Step
) -> tuple[Saying, ...]:
    warnings: list[Saying] = []
    if lookup.rows and lookup.edition != CURRENT_EDITION:
        warnings.append(Saying("hs_edition" if lookup.edition else "hs_edition_unknown", {"year": lookup.edition}))
    if lookup.mapped == "heading":
        warnings.append(Saying("heading_rule", {"heading": told.hs6[:4], "year": lookup.edition}))
    if agreement.inferred_from:
        warnings.append(Saying("fact", {"fact": agreement.inferred_note, "id": "inferred"}))
    warnings += [Saying(note, {"agreement": agreement.name}) for note in lookup.notes if note != "inferred"]
    warnings += _figures(told, listed)
    named = [p.name for p in listed if p.material.originating and p.standing is Standing.UNKNOWN]
    if named:
        warnings.append(Saying("contradicts_origin", {"names": named}))
    if told.wholly_obtained and any(part.counts for part in listed):
        warnings.append(Saying("contradicts_wholly_obtained"))
    if operations.verdict in (Verdict.MET, Verdict.NOT_DETERMINED):
        warnings += operation_warnings(told, agreement)
    return (*warnings, *transport_warnings(told, agreement))


def _figures(told: OriginInput, listed: tuple[Part, ...]) -> list[Saying]:
    """Returns warnings on figures that can hardly be right."""
    price = told.price.amount
    if price is None:
        return []
    foreign = sum(p.material.value or 0 for p in listed if p.counts)
    everything = sum(p.material.value or 0 for p in listed)
    params = {"price": price, "currency": told.price.currency}
    if foreign > price:
        return [Saying("foreign_above_price", {**params, "sum": foreign})]
    return [Saying("materials_above_price", {**params, "sum": everything})] if everything > price else []
