"""The tools of the desk: a form filled in for a customer is answered by what answers chat, HTTP and command line.

Each tool calls the same function that tells the result in a conversation, on a memory made for it alone, so that
verdict, steps, sources, simulation number and files are those the customer would have got from Naru.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errands.days import today
from actions.errands.days_told import tell_days
from actions.errands.papers_told import tell_papers
from actions.firm.matching_telling import tell as tell_programmes
from actions.printing import PRINTERS
from actions.reply import Outcome, Reply
from actions.talk import Talk
from actions.trade.agreements import partner_of, reaching
from actions.trade.case import Case, Piece
from actions.trade.citing import agreements, pack_folder
from actions.trade.codes import FindHs, dotted, marks, name_of, open_question, search_codes
from actions.trade.storing import find
from actions.trade.telling import tell_case
from knowledge.guides.answer import ASKED
from knowledge.guides.checklist import checklist
from knowledge.guides.deadlines import deadlines
from knowledge.guides.fault import BadInput as BadTold
from knowledge.origin.model import BadInput
from knowledge.origin.result import Refusal
from knowledge.origin.simulate import simulate
from knowledge.origin.telling import tell as tell_result
from knowledge.programmes.profile import ProfileError, read_profile
from knowledge.record import Language
from knowledge.tariffs import wording
from knowledge.tariffs.estimate import estimate
from knowledge.tariffs.question import InputError

LONGEST = 300
"""Letters of one field."""

ROWS_AT_MOST = 500
"""Rows of a bill of materials."""

Word = Annotated[
    str | None,
    Field(max_length=LONGEST),
    BeforeValidator(lambda value: (str(value).strip() or None) if isinstance(value, str | int | float) else value),
]
"""A field of a form: what is left empty is not known."""
Answer = Annotated[Literal["yes", "no", "unknown"] | None, BeforeValidator(lambda value: value or None)]


class Form(BaseModel):
    """What is filled in; fields nobody knows are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class HsForm(Form):
    """Goods in words with the answers given so far, or a code to show."""

    words: Word = None
    code: Word = None
    answers: Annotated[tuple[str, ...], Field(max_length=4)] = ()


class MaterialRow(Form):
    """A row of the bill of materials; without a tick for either, where it comes from is not known."""

    name: Word = None
    hs: Word = None
    value: Word = None
    originating: Answer = None
    origin: Word = None
    weight: Word = None


class OriginForm(Form):
    """What an origin simulation is made from; ``more`` is what only a bill sent as a file says."""

    agreement: Word = None
    hs: Word = None
    product: Word = None
    amount: Word = None
    currency: Word = None
    basis: Word = None
    materials: Annotated[tuple[MaterialRow, ...], Field(max_length=ROWS_AT_MOST)] = ()
    processes: Annotated[tuple[str, ...], Field(max_length=40)] = ()
    direct: Answer = None
    control: Answer = None
    more: dict[str, Any] = {}


class DutyForm(Form):
    """What a duty is reckoned from; the country counts where no agreement is chosen."""

    agreement: Word = None
    country: Word = None
    hs: Word = None
    amount: Word = None
    currency: Word = None


class ProgrammesForm(Form):
    """What a firm needs, and what is known of it."""

    need: Word = None
    size: Word = None
    sector: Word = None
    region: Word = None
    exports_usd_last_year: Word = None
    women_owned: Word = None


class ChecklistForm(Form):
    """What a shipment's papers depend on."""

    incoterm: Word = None
    payment: Word = None
    transport: Word = None
    product_kind: Word = None
    destination: Word = None


class DeadlinesForm(Form):
    """The days somebody knows, in ISO 8601."""

    lc_expiry: Word = None
    latest_shipment: Word = None
    shipment: Word = None
    declaration_accepted: Word = None
    proof_issued: Word = None
    drawback_claimed: Word = None
    origin_error_found: Word = None
    approved_exporter_since: Word = None
    presentation_days: Word = None
    agreement: Word = None


class PaperForm(Form):
    """The result that goes on paper: a simulation by number, or a checklist by what was told."""

    kind: Literal["simulation", "checklist"]
    number: Word = None
    told: dict[str, str] = {}


@dataclass(frozen=True)
class Told:
    """What a tool came to.

    Attributes:
        verdict: The result in a word: a simulation's verdict, else how the turn would have ended.
        replies: What may be sent or read out, with sources and files.
        document: The result as data, as the HTTP API gives it, where there is one.
        offers: What can be chosen to go on: candidates of a code, answers to a question.
        paper: What ``paper`` prints it by.
    """

    verdict: str
    replies: tuple[Reply, ...]
    document: Any = None
    offers: dict[str, Any] = field(default_factory=dict)
    paper: dict[str, Any] | None = None


class Wrong(ValueError):
    """Something in a form can't be worked with; ``faults`` are field and sentence."""

    def __init__(self, *faults: tuple[str, str]) -> None:
        super().__init__("; ".join(words for _, words in faults))
        self.faults = faults


class Desk:
    """A memory made for one use of a tool, in one customer's conversation and language."""

    def __init__(self, dialogue: str, language: Language, **slots: Any) -> None:
        self.language = language
        self._dispatcher = CollectingDispatcher()
        self._dialogue = dialogue
        self._slots = slots | {"language_chosen": language}

    def talk(self, intent: str = "", **entities: str) -> Talk:
        """Returns a step of a conversation in which a button was pressed."""
        told = [{"entity": name, "value": value} for name, value in entities.items()]
        message = {"text": f"/{intent}", "intent": {"name": intent, "confidence": 1.0}, "entities": told}
        tracker = Tracker(self._dialogue, self._slots, message, [], False, None, {}, "action_listen")
        return Talk(self._dispatcher, tracker)

    def told(self, **more: Any) -> Told:
        """Returns what was said."""
        parts = [each["custom"]["naru"] for each in self._dispatcher.messages]
        replies = tuple(Reply.model_validate(part["reply"]).model_copy(update={"choices": ()}) for part in parts)
        said = tuple(reply for reply in replies if reply.text or reply.card or reply.file)
        outcome = str(parts[-1]["outcome"]) if parts else Outcome.FAILED.value
        return Told(**({"verdict": outcome, "replies": said} | more))


def find_code(form: HsForm, dialogue: str, language: Language) -> Told:
    """Finds the code of goods, or shows one."""
    desk = Desk(dialogue, language)
    given = {"hs_code": form.code} if form.code else {"product": form.words, "answers": ",".join(form.answers)}
    if not (form.code or form.words):
        raise Wrong(("words", ""))
    FindHs().respond(desk.talk("find_hs", **{name: value for name, value in given.items() if value}))
    if form.code or not form.words:
        return desk.told()
    found = search_codes(form.words, language, form.answers)
    codes = [{"hs": one.hs6, "shown": dotted(one.hs6), "name": name_of(one, language)} for one in found.candidates]
    offers: dict[str, Any] = {"codes": codes}
    if found.question and open_question(found, form.answers):
        options = zip(marks(found), found.question.options, strict=True)
        offers["question"] = found.question.text
        offers["options"] = [{"mark": mark, "text": option.text} for mark, option in options]
    return desk.told(offers=offers, document=codes)


def weigh_origin(form: OriginForm, dialogue: str, language: Language) -> Told:
    """Weighs the product and keeps the simulation with the customer's conversation."""
    case = case_of(form, language)
    data = case.simulation("", "")
    result = simulate(data, pack_folder(), language)
    if result["verdict"] == "input_error":
        raise Wrong(*((str(fault["field"]), str(fault["text"])) for fault in result["errors"]))
    desk = Desk(dialogue, language)
    talk = desk.talk("ask_origin")
    tell_case(talk, case)
    paper = talk.slot("paper")
    stored = find(str(paper["number"]), dialogue) if paper else None
    if stored is None:
        return desk.told()
    return desk.told(verdict=stored.result["verdict"], document=stored.result, paper=paper)


def case_of(form: OriginForm, language: Language) -> Case:
    """Returns the case that a form tells; its bill names every material."""
    named = form.agreement
    if named not in {each.id for each in agreements().all()}:
        raise Wrong(("agreement", ""))
    via = form.more.get("via")
    return Case(
        agreement=named,
        country=partner_of(named),
        product=form.product,
        hs=form.hs,
        amount=form.amount,
        currency=form.currency or "USD",
        basis=form.basis,
        materials=tuple(_piece(row) for row in form.materials if row.name or row.hs or row.value),
        materials_done=True,
        domestic="listed",
        work=form.processes,
        direct=form.direct,
        control=form.control,
        more={key: value for key, value in form.more.items() if key != "via"} | ({"via": via} if via else {}),
    )


def _piece(row: MaterialRow) -> Piece:
    return Piece(
        name=row.name or row.hs or "?",
        value=row.value,
        hs=row.hs,
        originating={"yes": True, "no": False}.get(row.originating or ""),
        origin=row.origin,
        weight=row.weight,
    )


def form_of(case: Case) -> dict[str, Any]:
    """Returns the form that a bill sent as a file fills in."""
    rows = [
        {
            "name": piece.name,
            "hs": piece.hs,
            "value": piece.value,
            "originating": {True: "yes", False: "no"}.get(piece.originating) if piece.originating is not None else "",
            "origin": piece.origin,
            "weight": piece.weight,
        }
        for piece in case.materials
    ]
    told = case.model_dump(include={"agreement", "hs", "amount", "currency", "basis", "direct", "control", "more"})
    return told | {"materials": rows, "processes": list(case.work or ())}


def bill_faults(error: BadInput, language: Language) -> Wrong:
    """Returns what is wrong with a bill, by row and column."""
    faults = tell_result(Refusal(error.faults), agreements(), language)["errors"]
    return Wrong(*((str(fault["field"]), str(fault["text"])) for fault in faults))


def reckon_duty(form: DutyForm, dialogue: str, language: Language) -> Told:
    """Reckons the duty without and with the agreement."""
    named = form.agreement or next((each.id for each in reaching((form.country or "").upper())), "")
    try:
        found = estimate(named, form.hs or "", form.amount or "", form.currency or "USD")
    except InputError as error:
        raise Wrong((error.field, wording.problem(error, language))) from error
    case = Case(goal="duty", agreement=named, country=partner_of(named) or form.country, hs=form.hs)
    desk = Desk(dialogue, language)
    tell_case(desk.talk("ask_duty"), case.told(amount=form.amount, currency=form.currency or "USD"))
    return desk.told(verdict=found.status, document=wording.document(found, language))


def find_programmes(form: ProgrammesForm, dialogue: str, language: Language) -> Told:
    """Finds the programmes that fit the firm."""
    firm = form.model_dump(exclude={"need"}, exclude_none=True)
    try:
        profile = read_profile(firm)
    except ProfileError as error:
        raise Wrong(*((fault.field, fault.told(language)) for fault in error.faults)) from error
    desk = Desk(dialogue, language, firm=profile.model_dump(mode="json", exclude_none=True))
    tell_programmes(desk.talk("match_programmes"), [form.need] if form.need else None)
    return desk.told()


def list_papers(form: ChecklistForm, dialogue: str, language: Language) -> Told:
    """Lists a shipment's papers, with the workbook."""
    told = form.model_dump(exclude_none=True)
    try:
        found = checklist(**{name: told.get(name) for name in ASKED}, language=language, folder=pack_folder())
    except BadTold as error:
        raise Wrong((error.field, error.message(language))) from error
    desk = Desk(dialogue, language)
    tell_papers(desk.talk("make_checklist"), told)
    return desk.told(document=found, paper={"kind": "checklist", "told": told})


def count_days(form: DeadlinesForm, dialogue: str, language: Language) -> Told:
    """Counts the deadlines, with the calendar file."""
    told: dict[str, Any] = form.model_dump(exclude_none=True)
    try:
        deadlines(told, today(), pack_folder())
    except BadTold as error:
        raise Wrong((error.field, error.message(language))) from error
    if "presentation_days" in told:
        told["presentation_days"] = int(told["presentation_days"])
    desk = Desk(dialogue, language)
    tell_days(desk.talk("count_deadlines"), {"told": told})
    return desk.told()


def print_paper(form: PaperForm, dialogue: str, language: Language) -> Told:
    """Puts a result on paper, as a PDF."""
    desk = Desk(dialogue, language)
    paper = form.model_dump(exclude_none=True)
    if not PRINTERS[form.kind](desk.talk("get_paper"), paper):
        raise Wrong(("number", ""))
    return desk.told()


Run = Callable[[Any, str, Language], Told]
TOOLS: Mapping[str, tuple[type[Form], Run]] = {
    "hs": (HsForm, find_code),
    "origin": (OriginForm, weigh_origin),
    "duty": (DutyForm, reckon_duty),
    "programmes": (ProgrammesForm, find_programmes),
    "checklist": (ChecklistForm, list_papers),
    "deadlines": (DeadlinesForm, count_days),
    "paper": (PaperForm, print_paper),
}
"""Every tool by the name in its address: the form it takes and what answers it."""
