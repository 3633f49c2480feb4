"""The draft of a proof of origin: every field of the agreement's form with what is known, marked as no certificate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from actions.papers.figures import country as country_name
from actions.papers.figures import money
from actions.papers.origin_sheet import write_warnings
from actions.papers.page import CAREFUL, PLAIN, Column, Paper
from actions.papers.sources import Told, write_sources
from actions.texts import text
from actions.trade.citing import pack_folder
from knowledge.hs.table import load_table
from knowledge.origin.agreement import Agreement, Locator, agreements_of
from knowledge.origin.evidence import rule_of
from knowledge.origin.forms import Form, FormField, criterion, form_of, ground
from knowledge.origin.model import OriginInput, read_input
from knowledge.origin.sources import told_source
from knowledge.origin.wording import plain
from knowledge.record import Language

People = Mapping[str, str]
"""What the case does not tell, by the name a form's field has for it: ``exporter``, ``producer``, ``importer``,
``certifier``, ``description``, ``marks``, ``gross_weight``, ``invoice``, ``transport``, ``remarks``, ``period``,
``authorisation_number``; and ``destination``, the ISO code of the country of import."""


@dataclass(frozen=True)
class _Case:
    """A qualifying product and the form it goes into."""

    form: Form
    told: OriginInput
    data: Mapping[str, Any]
    result: Mapping[str, Any]
    agreement: Agreement
    folder: Path
    language: Language
    people: People = field(default_factory=dict)

    @property
    def code(self) -> str | None:
        return criterion(self.form, self.data, self.result, self.agreement)

    def say(self, key: str, **values: object) -> str:
        return text(f"paper_draft_{key}", self.language, **values)


def draft_certificate(
    data: Mapping[str, Any],
    result: Mapping[str, Any],
    language: Language,
    number: str,
    made_on: date,
    people: People | None = None,
) -> bytes | None:
    """Returns a draft of the proof of origin as a PDF, watermarked on every page.

    Args:
        data: The input of the simulation.
        result: What ``knowledge.origin.simulate.simulate`` returned for it.
        language: Language of labels and hints.
        number: Number it is filed under.
        made_on: Day it is made; the same arguments give the same bytes.
        people: Who is involved, and what else the simulation does not know (see ``People``).

    Returns:
        None where the product does not qualify for certain, or the pack has no form for the agreement.
    """
    if result["verdict"] != "qualifies":
        return None
    folder = pack_folder()
    told = read_input(data)
    form = form_of(told.agreement, folder)
    if form is None:
        return None
    agreement = agreements_of(folder).get(told.agreement)
    case = _Case(form, told, data, result, agreement, folder, language, people or {})
    paper = Paper(
        case.say("title"),
        language,
        number,
        made_on,
        watermark=case.say("watermark"),
        subtitle=form.name[language],
    )
    paper.notice(case.say("notice"), CAREFUL, title=case.say("notice_title"))
    paper.small(form.layout[language])
    _fields(paper, case)
    _statement(paper, case)
    write_warnings(paper, result)
    paper.heading(case.say("before"))
    paper.bullets(case.say("before_list").split("|"), boxes=True)
    write_sources(paper, _sources(case))
    return paper.finished()


def _fields(paper: Paper, case: _Case) -> None:
    numbered = any(each.box for each in case.form.fields)
    titles = case.say("columns").split("|")
    columns = [Column(title, share) for title, share in zip(titles, (0.5, 2.3, 3.2, 3.4), strict=True)]
    paper.heading(case.say("fields"))
    rows = [_row(each, case) for each in case.form.fields]
    first = 0 if numbered else 1
    paper.tabulate(columns[first:], [row[first:] for row in rows])
    if not case.form.criteria:
        return
    code, source = case.code, case.form.criteria_source
    if code and source:
        cited = agreements_of(case.folder).source(source)
        paper.small(case.say("criterion_why", code=code, source=f"{cited.title[case.language]}, {cited.locator}"))
    else:
        paper.small(case.say("criterion_open"))


def _row(each: FormField, case: _Case) -> tuple[str, ...]:
    return each.box, each.label[case.language], _known(each, case), each.hint[case.language]


def _known(each: FormField, case: _Case) -> str:
    """Returns what is known for a field: its set words, what the case tells, or what was told beside it."""
    if each.fixed:
        return each.fixed
    told = case.people.get(each.fill or "", "")
    return told or _from_case(each.fill, case)


def _from_case(fill: str | None, case: _Case) -> str:
    match fill:
        case "hs6":
            return case.told.hs6
        case "description":
            return _hs_name(case)
        case "description_hs":
            described = case.people.get("description") or _hs_name(case)
            return "\n".join(filter(None, (described, case.say("importing_hs", code=case.told.hs6))))
        case "criterion":
            return case.code or ""
        case "ground":
            return _ground(case)
        case "price":
            return _price(case)
        case "weight_and_value":
            return "\n".join(filter(None, (case.people.get("gross_weight", ""), _fob(case))))
        case "countries":
            return _countries(case)
    return ""


def _hs_name(case: _Case) -> str:
    code = load_table(case.folder / "hs").get(case.told.hs6)
    return case.say("hs_name", name=code.name(case.language)) if code else ""


def _ground(case: _Case) -> str:
    words = case.form.grounds.get(ground(case.data, case.result, case.agreement) or "")
    rule = rule_of(case.result)
    return words[case.language].format(rule=plain(rule, case.language) if rule else "") if words else ""


def _price(case: _Case) -> str:
    price = case.told.price
    if price.amount is None:
        return ""
    return f"{money(price.amount, price.currency, case.language)} {price.basis or ''}".strip()


def _fob(case: _Case) -> str:
    """Returns the FOB value, which stands on the form only where a value content is the criterion."""
    price, code = case.told.price, case.code
    if price.amount is None or price.basis != "FOB" or (code is not None and "RVC" not in code):
        return ""
    return case.say("fob", amount=money(price.amount, price.currency, case.language))


def _countries(case: _Case) -> str:
    """Returns producing and importing country; the latter only where it can be one."""
    only = case.agreement.parties[0] if len(case.agreement.parties) == 1 else None
    code = case.people.get("destination") or only
    return case.say("countries", country=country_name(code, "en").upper() or "____________")


def _statement(paper: Paper, case: _Case) -> None:
    statement = case.form.statement
    if statement is None:
        return
    paper.heading(case.say("statement"), keep=40)
    paper.notice(statement.text, PLAIN)
    paper.small(statement.note[case.language])


def _sources(case: _Case) -> list[Told]:
    statement = case.form.statement.source if case.form.statement else None
    cited: list[Locator | None] = [case.form.source, case.form.criteria_source, statement]
    found = [told_source(agreements_of(case.folder).source(each), case.language) for each in cited if each]
    found += [fact.get("source") for fact in case.result["proof"].values() if isinstance(fact, dict)]
    return [source for source in found if source]
