"""The origin calculation sheet: a simulation on paper, with every number and article it rests on, to keep on file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.dates import format_date

from actions.papers.evidence_list import write_evidence
from actions.papers.figures import country as country_name
from actions.papers.figures import money, number, percent
from actions.papers.page import BAD, CAREFUL, GOOD, PLAIN, Align, Column, Paper, Tone
from actions.papers.sources import in_result, write_sources
from actions.papers.value_content import write_value_content
from actions.texts import text
from actions.trade.citing import pack_folder
from knowledge.hs.table import load_table
from knowledge.origin.agreement import Agreement, agreements_of
from knowledge.origin.evidence import evidence, retention
from knowledge.origin.materials import Part, Standing, parts
from knowledge.origin.model import OriginInput, read_input
from knowledge.origin.operations import process_names
from knowledge.origin.proof import FACTS
from knowledge.origin.proof import STEP as PROOF
from knowledge.origin.sources import told_source
from knowledge.record import Language

NOT_TOLD = frozenset({"unknown_field"})
"""Warnings about the form of the input, which say nothing about the goods."""

SHORT_BILL = 6
"""Materials up to which the bill stands on one page."""

TONES = {"qualifies": GOOD, "does_not_qualify": BAD, "not_determined": CAREFUL}
MARKS = {"met": GOOD, "not_met": BAD, "not_determined": CAREFUL, "not_applicable": PLAIN}


@dataclass(frozen=True)
class _Sheet:
    """What the sections of the sheet write from."""

    paper: Paper
    told: OriginInput
    result: Mapping[str, Any]
    data: Mapping[str, Any]
    agreement: Agreement
    folder: Path
    country: str | None

    @property
    def language(self) -> Language:
        return self.paper.language

    def say(self, key: str, **values: object) -> str:
        return text(f"paper_{key}", self.language, **values)


def origin_sheet(
    data: Mapping[str, Any],
    result: Mapping[str, Any],
    language: Language,
    number: str,
    made_on: date,
    country: str | None = None,
) -> bytes:
    """Returns the origin calculation sheet of a simulated product as a PDF.

    Args:
        data: The input of the simulation.
        result: What ``knowledge.origin.simulate.simulate`` returned for it, in ``language``.
        language: Language of the sheet.
        number: Number it is filed under.
        made_on: Day it is made; the same arguments give the same bytes.
        country: ISO code of the destination, where it is known.

    Raises:
        BadInput: The input can't be read; such a simulation has no sheet.
    """
    told = read_input(data)
    agreement = agreements_of(pack_folder()).get(told.agreement)
    name = agreement.name[language]
    subtitle = text("paper_sheet_subtitle", language, agreement=name, hs=told.hs6)
    paper = Paper(text("paper_sheet_title", language), language, number, made_on, subtitle=subtitle)
    sheet = _Sheet(paper, told, result, data, agreement, pack_folder(), country)
    _verdict(sheet)
    _product(sheet)
    _listed(sheet, "missing", boxes=True)
    _listed(sheet, "changes")
    write_warnings(paper, result)
    _rule(sheet)
    _materials(sheet)
    write_value_content(paper, data, result, sheet.folder)
    _steps(sheet)
    _proof(sheet)
    _saving(sheet)
    kept = evidence(result, data, sheet.folder)
    write_evidence(paper, kept, retention(sheet.folder))
    lawful = [told_source(item.source, language) for item in kept]
    write_sources(paper, [*in_result(result), *(source for source in lawful if source)])
    paper.small(sheet.say("made_from", date=format_date(made_on, "long", locale=language)))
    return paper.finished()


def _verdict(sheet: _Sheet) -> None:
    verdict = sheet.result["verdict"]
    more = sheet.say(f"verdict_{verdict}_more", agreement=sheet.agreement.name[sheet.language])
    sheet.paper.notice(more, TONES[verdict], title=sheet.say(f"verdict_{verdict}"))


def _product(sheet: _Sheet) -> None:
    code = load_table(sheet.folder / "hs").get(sheet.told.hs6)
    rows = [
        (sheet.say("hs"), sheet.told.hs),
        (sheet.say("hs_name"), code.name(sheet.language) if code else ""),
        (sheet.say("agreement"), f"{sheet.agreement.name[sheet.language]} ({sheet.agreement.id})"),
        (sheet.say("price"), _price(sheet)),
        (sheet.say("processes"), _processes(sheet)),
        (sheet.say("route"), _route(sheet)),
    ]
    if sheet.country:
        rows.insert(3, (sheet.say("country"), country_name(sheet.country, sheet.language)))
    sheet.paper.heading(sheet.say("product"))
    sheet.paper.facts(rows)


def _price(sheet: _Sheet) -> str:
    price = sheet.told.price
    if price.amount is None:
        return sheet.say("price_unknown")
    amount = money(price.amount, price.currency, sheet.language)
    return sheet.say("price_basis", amount=amount, basis=price.basis) if price.basis else amount


def _processes(sheet: _Sheet) -> str:
    names = process_names()
    return ", ".join(names.words(each, sheet.language) for each in sheet.told.processes)


def _route(sheet: _Sheet) -> str:
    way = sheet.told.transport
    if way.via:
        return sheet.say("route_via", countries=", ".join(country_name(each, sheet.language) for each in way.via))
    return sheet.say("route_direct" if way.direct else "route_unknown")


def _rule(sheet: _Sheet) -> None:
    rule = sheet.result["rule"]
    sheet.paper.heading(sheet.say("rule"))
    if not rule:
        sheet.paper.paragraph(sheet.say("rule_none"))
        return
    edition = sheet.say("rule_codes_edition", codes=rule["codes"], edition=rule["edition"])
    source = rule["source"]
    rows = [
        (sheet.say("rule_plain"), rule["plain"]),
        (sheet.say("rule_words"), rule["words"]),
        (sheet.say("rule_expression"), rule["expression"]),
        (sheet.say("rule_condition"), rule["condition"]),
        (sheet.say("rule_codes"), edition if rule["edition"] else rule["codes"]),
        (sheet.say("rule_source"), f"{source['title']} – {source['locator']}" if source else None),
    ]
    sheet.paper.facts([(label, value) for label, value in rows if value])


def _materials(sheet: _Sheet) -> None:
    listed = parts(sheet.told, sheet.agreement)
    together = len(listed) if len(listed) <= SHORT_BILL else 2
    sheet.paper.heading(sheet.say("materials"), keep=24 + 7 * together)
    if not listed:
        sheet.paper.paragraph(sheet.say("materials_none"))
        return
    titles = sheet.say("materials_columns", currency=sheet.told.price.currency or "–").split("|")
    shares: tuple[float, ...] = (3.0, 1.2, 1.5, 1.5, 1.4, 1.1)
    aligns: tuple[Align, ...] = ("L", "L", "L", "L", "R", "R")
    columns = [Column(*one) for one in zip(titles, shares, aligns, strict=True)]
    rows = [_material(sheet, part) for part in listed]
    sheet.paper.tabulate(columns, [*rows, *_sums(sheet, listed)])
    sheet.paper.small(sheet.say("share_note"))


def _material(sheet: _Sheet, part: Part) -> tuple[str, ...]:
    material = part.material
    standing = sheet.say(f"standing_{part.standing.value}")
    value = sheet.say("value_unknown") if material.value is None else number(material.value, sheet.language)
    origin = country_name(material.origin, sheet.language) or "–"
    return (part.name, material.hs or "–", standing, origin, value, _share(sheet, material.value))


def _sums(sheet: _Sheet, listed: tuple[Part, ...]) -> list[tuple[str, ...]]:
    """Returns a line for each standing there is, with what its materials come to."""
    rows: list[tuple[str, ...]] = []
    for standing in Standing:
        values = [part.material.value for part in listed if part.standing is standing]
        if not values:
            continue
        known = sum((value for value in values if value is not None), Decimal(0))
        shown = number(known, sheet.language)
        whole = None not in values
        amount = shown if whole else sheet.say("sum_open", amount=shown)
        share = _share(sheet, known) if whole else ""
        rows.append((sheet.say(f"sum_{standing.value}"), "", "", "", amount, share))
    return rows


def _share(sheet: _Sheet, value: Decimal | None) -> str:
    price = sheet.told.price.amount
    return "–" if value is None or price is None else percent(value, price, sheet.language)


def _steps(sheet: _Sheet) -> None:
    sheet.paper.heading(sheet.say("steps"))
    for place, step in enumerate(sheet.result["steps"], 1):
        source, verdict = step["source"], step["verdict"]
        small = sheet.say("step_source", title=source["title"], locator=source["locator"] or "") if source else ""
        title = f"{place}. {step['title']}"
        mark = sheet.say("mark_informs" if step["step"] == PROOF else f"mark_{verdict}")
        sheet.paper.entry(title, mark, _tone(sheet, verdict), step["reason"], small.strip())


def _tone(sheet: _Sheet, verdict: str) -> Tone:
    """Returns the colour of a step; a way that was not needed in the end is no alarm."""
    harmless = verdict == "not_met" and sheet.result["verdict"] == "qualifies"
    return PLAIN if harmless else MARKS[verdict]


def _listed(sheet: _Sheet, part: str, boxes: bool = False) -> None:
    entries = sheet.result[part]
    if entries:
        sheet.paper.heading(sheet.say(part))
        sheet.paper.bullets([entry["text"] for entry in entries], boxes=boxes)


def _proof(sheet: _Sheet) -> None:
    proof = sheet.result["proof"]
    sheet.paper.heading(sheet.say("proof"))
    rows = [(sheet.say(f"proof_{name}"), proof[name]["text"]) for name in FACTS if proof.get(name)]
    if rows:
        sheet.paper.facts(rows)
    else:
        sheet.paper.paragraph(sheet.say("proof_none"))


def _saving(sheet: _Sheet) -> None:
    saving = sheet.result["saving"]
    if not saving:
        return
    sums, year = saving["saving"], saving["year"]
    low, high = (money(sums[end], sums["currency"], sheet.language) for end in ("low", "high"))
    sheet.paper.heading(sheet.say("saving"))
    if low == high:
        sheet.paper.paragraph(sheet.say("saving_one", amount=low, year=year))
    else:
        sheet.paper.paragraph(sheet.say("saving_range", low=low, high=high, year=year))
    sheet.paper.bullets([caveat["text"] for caveat in saving["caveats"]], size=8.5)


def write_warnings(paper: Paper, result: Mapping[str, Any]) -> None:
    """Writes what to look out for although it changes no verdict; nothing where there is nothing."""
    texts = [warning["text"] for warning in result["warnings"] if warning["id"] not in NOT_TOLD]
    if texts:
        paper.heading(text("paper_warnings", paper.language))
        paper.bullets(texts)
