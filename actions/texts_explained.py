"""Makes replies of a text that was explained: the short answer first, then its words; a letter of credit as cards."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from actions.present import sources
from actions.reply import Card, Choice, Reply, SourceNote
from actions.talk import payload
from actions.texts import text
from knowledge.explaining.demands import Demand
from knowledge.explaining.explained import Explained
from knowledge.explaining.letter import telling
from knowledge.explaining.letter.conflicts import conflicts
from knowledge.explaining.letter.dangers import Danger, dangers
from knowledge.explaining.letter.papers import Paper
from knowledge.explaining.letter.reading import Letter
from knowledge.explaining.terms import Term
from knowledge.record import Language, Record

INTENT = "explain_text"
"""What the buttons under an explained text send; no words are understood as it, so that the model need not know it."""

TERMS_SHOWN = 6
DEMANDS_SHOWN = 3
DANGERS_AS_BUTTONS = 3
CREDIT = ("term.lc", "term.lc-conditions")
"""Records behind what is said of a letter of credit."""

_SUMMARY = ("credit", "amendment", "advice", "transfer", "more_parts", "pays", "pays_unknown", "amount", "amount_range",
            "amount_unknown", "increase", "decrease", "new_amount", "paid_sight", "paid_later", "present_where",
            "present_days", "present_other", "ship_period", "ship_unknown")  # fmt: skip
"""What of a letter's summary is said in words; its days have a card."""


class TextReplies:
    """The replies about one explained text; ``turn`` is the number of the turn in which it was sent."""

    def __init__(self, explained: Explained, turn: int) -> None:
        self._explained = explained
        self._language: Language = explained.language
        self._turn = turn

    def first(self) -> tuple[Reply, ...]:
        """Returns the answer to the text."""
        letter = self._explained.letter
        return (self._credit(letter), self._documents(letter), self._dangers(letter)) if letter else self._notice()

    def part(self, name: str, begin: int = 0) -> tuple[Reply, ...]:
        """Returns a further part: ``terms`` (from the one numbered ``begin``), ``plain``, ``documents``, ``dangers``,
        or the id of a danger; the first answer again for a name that is unknown.
        """
        letter = self._explained.letter
        parts: dict[str, Callable[[], Reply]] = {"terms": lambda: self._terms(begin), "plain": self._plain}
        if letter:
            parts |= {"documents": lambda: self._documents(letter), "dangers": lambda: self._dangers(letter)}
            parts |= {each.kind.id: self._one_danger(each) for each in dangers(letter)}
        return (parts[name](),) if name in parts else self.first()

    @property
    def records(self) -> tuple[str, ...]:
        """Ids of the records the replies rest on."""
        terms = [term.record.id for term in self._explained.terms]
        credit = [record.id for record in self._credit_records()] if self._explained.letter else []
        return tuple(dict.fromkeys([*credit, *terms]))

    def _say(self, key: str, **values: object) -> str:
        return text(key, self._language, **values)

    def _button(self, title: str, part: str, **more: str) -> Choice:
        return Choice(title=title, payload=payload(INTENT, turn=str(self._turn), part=part, **more))

    def _notice(self) -> tuple[Reply, ...]:
        told = self._explained
        lines = [self._say("explain_read")]
        if told.kind:
            lines[0] = told.said("kind", kind=told.kind[self._language])
        lines += self._demands(told.demands)
        if told.unknown:
            lines.append(self._say("explain_unknown", words=", ".join(told.unknown)))
        lines.append(self._say("explain_ask_sender"))
        shown = self._shown(0)
        choices = [self._button(self._say("button_explain_plain"), "plain")]
        reply = Reply(
            text="\n".join(lines),
            card=self._terms_card(shown) if shown else None,
            choices=(*choices, *self._more_terms(0)),
            sources=self._sources(term.record for term in shown),
        )
        return (reply,)

    def _demands(self, demands: tuple[Demand, ...]) -> list[str]:
        if not demands:
            return [self._say("explain_no_demands")]
        lines = [self._say("explain_demands")]
        for demand in demands[:DEMANDS_SHOWN]:
            lines.append(f"· {demand.quote}")
            lines += [self._say("explain_by", by=", ".join(demand.by))] if demand.by else []
            lines += [self._say("explain_to", to=", ".join(demand.to))] if demand.to else []
        if len(demands) > DEMANDS_SHOWN:
            lines.append(self._say("explain_more_demands", count=len(demands) - DEMANDS_SHOWN))
        if not any(demand.by for demand in demands):
            lines.append(self._say("explain_no_date"))
        return lines

    def _terms(self, begin: int) -> Reply:
        shown = self._shown(begin)
        if not shown:
            return Reply(text=self._say("explain_no_terms"))
        return Reply(
            card=self._terms_card(shown),
            choices=self._more_terms(begin),
            sources=self._sources(term.record for term in shown),
        )

    def _shown(self, begin: int) -> tuple[Term, ...]:
        return self._explained.terms[begin : begin + TERMS_SHOWN]

    def _more_terms(self, begin: int) -> tuple[Choice, ...]:
        after = begin + TERMS_SHOWN
        if after >= len(self._explained.terms):
            return ()
        return (self._button(self._say("button_explain_terms"), "terms", begin=str(after)),)

    def _terms_card(self, terms: Iterable[Term]) -> Card:
        rows = tuple((term.term, term.record.text(self._language).plain) for term in terms)
        return Card(kind="list", title=self._say("explain_terms_title"), rows=rows)

    def _plain(self) -> Reply:
        records = [*self._credit_records(), *(term.record for term in self._explained.terms)]
        return Reply(
            text=self._explained.plain_text, choices=self._more_terms(-TERMS_SHOWN), sources=self._sources(records)
        )

    def _credit(self, letter: Letter) -> Reply:
        lines = [sentence for key, sentence in telling.summary(letter, self._language) if key in _SUMMARY]
        clashes = (telling.conflict_told(each, letter.words, self._language) for each in conflicts(letter))
        lines += [self._say("explain_conflict", told=told) for told in clashes]
        lines += telling.not_understood(letter, self._language)
        lines += [rule["text"][self._language] for _, rule in telling.rules_used(letter)]
        choices = (
            self._button(self._say("button_explain_dangers"), "dangers"),
            self._button(self._say("button_explain_documents"), "documents"),
            self._button(self._say("button_explain_plain"), "plain"),
            *self._more_terms(-TERMS_SHOWN),
        )
        return Reply(
            text="\n".join([*lines, self._say("explain_ask_bank")]),
            card=self._days(letter),
            choices=choices,
            sources=self._sources(self._credit_records()),
        )

    def _days(self, letter: Letter) -> Card:
        ends = letter.expiry.value if letter.expiry else None
        shipment = letter.latest_shipment.value if letter.latest_shipment else None
        named = (("ship", shipment), ("present", letter.present_by), ("end", ends))
        unknown = self._say("explain_day_unknown")
        rows = [
            (self._say(f"explain_day_{name}"), telling.day(value, self._language) if value else unknown)
            for name, value in named
            if value or not letter.is_amendment
        ]
        return Card(kind="list", title=self._say("explain_days_title"), rows=tuple(rows))

    def _documents(self, letter: Letter) -> Reply:
        notes = self._sources(self._credit_records())
        if not letter.papers:
            return Reply(text=self._say("explain_no_documents"), sources=notes)
        rows = tuple(self._paper_row(paper, letter) for paper in letter.papers)
        title = self._say("explain_documents_title", count=len(rows))
        return Reply(card=Card(kind="list", title=title, rows=rows), sources=notes)

    def _paper_row(self, paper: Paper, letter: Letter) -> tuple[str, str]:
        name = telling.paper_name(paper, letter.words, self._language)
        plain = [paper.kind.plain[self._language]] if paper.kind else []
        told = " ".join([*plain, self._say("explain_quote", quote=paper.text)])
        return f"{name} ({telling.count(paper, letter.words, self._language)})", told

    def _dangers(self, letter: Letter) -> Reply:
        found, notes = dangers(letter), self._sources(self._credit_records())
        if not found:
            return Reply(text=self._say("explain_no_dangers"), sources=notes)
        rows = tuple((each.kind.name[self._language], telling.danger_why(each, self._language)) for each in found)
        title = self._say("explain_dangers_title", count=len(rows))
        choices = tuple(
            self._button(each.kind.name[self._language], each.kind.id) for each in found[:DANGERS_AS_BUTTONS]
        )
        return Reply(card=Card(kind="list", title=title, rows=rows), choices=choices, sources=notes)

    def _one_danger(self, danger: Danger) -> Callable[[], Reply]:
        def told() -> Reply:
            lines = [danger.kind.name[self._language], telling.danger_why(danger, self._language)]
            lines += [self._say("explain_quote", quote=danger.quote)] if danger.quote else []
            lines += [self._say("explain_ask", ask=danger.kind.ask[self._language]), self._say("explain_ask_bank")]
            choices = (self._button(self._say("button_explain_dangers"), "dangers"),)
            return Reply(text="\n".join(lines), choices=choices, sources=self._sources(self._credit_records()))

        return told

    def _credit_records(self) -> list[Record]:
        library = self._explained.shelf.library
        found = (library.get(record) for record in CREDIT) if self._explained.letter else ()
        return [record for record in found if record]

    def _sources(self, records: Iterable[Record]) -> tuple[SourceNote, ...]:
        """Returns where records come from, each document once."""
        notes = [sources(record, self._language)[0] for record in records]
        return tuple({(note.title, note.basis): note for note in reversed(notes)}.values())
