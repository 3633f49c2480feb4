"""What one fact of the knowledge base looks like: its texts in two languages and where it comes from."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Language = Literal["ko", "en"]
LANGUAGES: tuple[Language, ...] = ("ko", "en")


class Basis(StrEnum):
    """How firmly a source carries a fact."""

    OFFICIAL = "official"
    """Statute, treaty or government data set."""
    REPORT = "report"
    """The ECLAC study of 2020; its facts may have changed since."""
    EDITORIAL = "editorial"
    """Written for this project from general trade knowledge; to be confirmed."""


class Kind(StrEnum):
    """The kinds of record; the value is also the prefix of the record's id."""

    TERM = "term"
    COMPARISON = "comparison"
    ORGANISATION = "organisation"
    SYSTEM = "system"
    PROGRAMME = "programme"
    SERVICE = "service"
    FUNCTION = "function"
    PROCEDURE = "procedure"
    OBSTACLE = "obstacle"
    SURVEY = "survey"
    SUPPORT_CATEGORY = "support_category"
    FACT = "fact"
    LAW = "law"
    FAQ = "faq"


FOLDERS: dict[str, Kind] = {
    "glossary": Kind.TERM,
    "comparisons": Kind.COMPARISON,
    "organisations": Kind.ORGANISATION,
    "systems": Kind.SYSTEM,
    "programmes": Kind.PROGRAMME,
    "services": Kind.SERVICE,
    "functions": Kind.FUNCTION,
    "procedures": Kind.PROCEDURE,
    "obstacles": Kind.OBSTACLE,
    "surveys": Kind.SURVEY,
    "support_categories": Kind.SUPPORT_CATEGORY,
    "facts": Kind.FACT,
    "laws": Kind.LAW,
    "faq": Kind.FAQ,
}
"""Which folder of a pack holds which kind."""


class Strict(BaseModel):
    """A frozen model that refuses unknown fields, so that a typing slip in a pack is found."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Strict):
    """Where a fact comes from, as the reader sees it.

    Attributes:
        title: Name of the document, in both languages.
        locator: Article, table, chapter or page inside it.
        url: Address of the document, or None where none is known for certain.
        as_of: Date or year the statement describes, ISO 8601 or a bare year.
        basis: How firmly the source carries the fact.
    """

    title: dict[Language, str]
    locator: str | None = None
    url: str | None = None
    as_of: str
    basis: Basis


class Step(Strict):
    """One step of a procedure, in one language."""

    title: str
    text: str


class Text(Strict):
    """Everything said about a record in one language.

    Attributes:
        name: The heading a person sees.
        aliases: Other spellings, abbreviations and spoken forms that mean this record.
        plain: The answer itself, one to three short sentences without unexplained jargon.
        simple: The same for somebody who is afraid of the subject: an everyday comparison.
        detail: More, for those who ask for more.
        example: A small example with a firm, goods and a place.
        where: Where an exporter meets this.
        todo: What to do, as short instructions.
        exceptions: Where the answer does not hold, and thresholds: said with the answer.
        mistakes: What firms often get wrong here.
        gives: What a programme, service or system gives.
        for_whom: Who a programme or service is for.
        steps: The steps of a procedure, in order.
        questions: Other wordings in which people ask for this record.
    """

    name: str
    aliases: tuple[str, ...] = ()
    plain: str
    simple: str | None = None
    detail: str | None = None
    example: str | None = None
    where: str | None = None
    todo: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    mistakes: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    for_whom: str | None = None
    steps: tuple[Step, ...] = ()
    questions: tuple[str, ...] = ()


class Row(Strict):
    """One line of a survey table: what was answered and by what share of the firms.

    ``value`` is a percentage, None where the source prints none; ``rank`` is the place in a ranking.
    """

    ko: str
    en: str
    value: float | None = None
    rank: int | None = None
    year: int | None = None
    record: str | None = None


class Figure(Strict):
    """A share of firms (percent) that named this obstacle in one survey."""

    value: float
    year: int
    survey: str
    note: str | None = None


class Premise(Strict):
    """What people believe when they ask this, as a sentence to be quoted, and whether it holds.

    It is quoted in the answer, so that the answer is right however the question was turned.
    """

    ko: str
    en: str
    holds: Literal["yes", "no", "partly"]


class Case(Strict):
    """One answer of a decision: the conditions under which it holds, and what is then so."""

    when: dict[str, str | list[str]]
    ko: str
    en: str
    todo: dict[Language, list[str]] = Field(default_factory=dict)
    source: Source | None = None


class Decision(Strict):
    """An answer that depends on something: what to ask, in this order, and the answers (``knowledge/deciding.py``)."""

    asks: tuple[str, ...]
    cases: tuple[Case, ...]


class Part(StrEnum):
    """The subjects that questions to help lines fall into."""

    ORIGIN = "origin"
    """Proof of origin and use of agreements."""
    HS = "hs"
    """Classification."""
    CLEARANCE = "clearance"
    """Export clearance, drawback, returns, repair."""
    PAYMENT = "payment"
    """Payment, insurance, finance, zero-rated VAT, local L/C, purchase confirmation."""
    DOCUMENTS = "documents"
    """Documents, Incoterms, logistics."""
    STARTING = "starting"
    """Starting out, programmes, buyers, platforms."""
    CERTIFICATION = "certification"
    """Certification and labelling abroad."""


class Record(Strict):
    """One fact of the pack: texts in both languages, links to other records, and its source.

    ``part`` marks the answers to what exporters ask in depth; ``role`` who asks where that is not an exporter;
    ``numbers`` names the typed numbers (``knowledge/numbers.py``) in its texts.
    """

    id: Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z0-9][a-z0-9_-]*)+$")]
    kind: Kind
    ko: Text
    en: Text
    source: Source
    also: tuple[Source, ...] = ()
    confirm_with: str | None = None
    related: tuple[str, ...] = ()
    pair: tuple[str, str] | None = None
    run_by: tuple[str, ...] = ()
    website: str | None = None
    system: str | None = None
    side: Literal["export", "import", "local", "requirements"] | None = None
    category: str | None = None
    categories: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    rows: tuple[Row, ...] = ()
    year: int | None = None
    part: Part | None = None
    role: Literal["importer", "traveller"] | None = None
    premise: Premise | None = None
    decision: Decision | None = None
    numbers: tuple[str, ...] = ()

    def text(self, language: Language) -> Text:
        """Returns what is said of this record in ``language``."""
        return self.ko if language == "ko" else self.en

    @property
    def sources(self) -> tuple[Source, ...]:
        """The main source first, then the others."""
        return (self.source, *self.also)

    @property
    def links(self) -> tuple[str, ...]:
        """Ids of every other record this one points to."""
        single = [self.system, self.confirm_with]
        listed = [*self.related, *self.run_by, *self.categories, *(self.pair or ())]
        rows = [row.record for row in self.rows] + [figure.survey for figure in self.figures]
        return tuple(dict.fromkeys(x for x in [*single, *listed, *rows] if x))
