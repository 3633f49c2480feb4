"""What somebody who takes over a conversation should know at once, whatever the channel: read, never asked again.

Built from the turns as they are recorded (personal answers are not in them) and from where the dialogue stands. Of the
sealed profile only facts about the business are taken; names, telephone numbers, addresses stay sealed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel import Locale
from babel.numbers import format_currency, format_decimal
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.cases import profile as kept_profile
from actions.cases.applications import Cases
from actions.cases.fields import Value, profile_fields
from actions.cases.sealing import Seal
from actions.cases.showing import shown
from actions.cases.tables import FirmRow
from actions.cases.telling import status_text
from actions.firm.known import FACTS, readable
from actions.reply import Outcome, Reply, SourceNote
from actions.texts import text
from knowledge.database.engine import sessions
from knowledge.database.tables import ConversationRow, FileRow, SimulationRow, TrackerStateRow, TurnRow
from knowledge.diagnosis.asking import SKIPPED, UNKNOWN
from knowledge.diagnosis.standing import profile_of
from knowledge.programmes.export_groups import export_groups
from knowledge.programmes.profile import FirmProfile, questions
from knowledge.record import Language
from knowledge.settings import settings
from knowledge.shelf import shelf

LAST = 6
"""Exchanges a summary tells."""

LOOKED_BACK = 40
"""Turns that are looked through for them."""

PASSING = frozenset(
    (
        "greet bye thanks affirm deny menu start_over bot_challenge handover redeem_code speak_korean speak_english "
        "join_channels separate_channels allow_news stop_news"
    ).split()
)
"""Intents that say nothing about what somebody wants."""

HANDOVER = "handover"
"""The intent of asking for a person."""

UNANSWERED = frozenset(
    each.value for each in (Outcome.CLARIFY, Outcome.NOT_IN_KNOWLEDGE, Outcome.OUT_OF_SCOPE, Outcome.FAILED)
)

SHARED = {
    "region": "region", "employees": "employees", "size": "size", "founded_on": "founded_on",
    "sales_krw": "annual_sales", "exports_usd_last_year": "exports_usd", "export_group": "export_group",
    "women_owned": "women_owned", "products": "main_product", "target_countries": "target_countries",
}  # fmt: skip
"""Parts of ``FirmProfile`` and the field of an application that asks for the same."""

BUSINESS = (*SHARED.values(), "sector", "main_hs")
"""Fields of the sealed profile that tell about the business and about nobody's person."""


@dataclass(frozen=True)
class Fact:
    """Something known of the firm, as it is shown."""

    label: str
    value: str


@dataclass(frozen=True)
class Exchange:
    """What was asked and what Naru answered; ``asked`` is None where Naru spoke of its own accord."""

    asked: str | None
    answered: str
    intent: str
    outcome: str
    at: datetime
    sources: tuple[SourceNote, ...] = ()


@dataclass(frozen=True)
class HandoverSummary:
    """A conversation at the moment somebody takes over.

    Attributes:
        conversation_id: The dialogue.
        language: The language the person speaks.
        wants: The last thing they asked for, in their words or those of the button they pressed.
        topic: The record last spoken about, by name.
        open_question: What they asked last without getting an answer.
        asks: What Naru asked last and they have not answered.
        profile: What is known of the firm.
        applications: Where their applications stand, a sentence each.
        files: Names of the files they sent.
        simulations: Numbers of their simulations of origin, the newest first.
        exchanges: The last exchanges, the oldest first.
        sources: What the answers rest on, each once.
    """

    conversation_id: str
    language: Language
    wants: str | None
    topic: str | None
    open_question: str | None
    asks: str | None
    profile: tuple[Fact, ...]
    applications: tuple[str, ...]
    files: tuple[str, ...]
    simulations: tuple[str, ...]
    exchanges: tuple[Exchange, ...]
    sources: tuple[SourceNote, ...]


def summarise(conversation_id: str, language: Language = "ko", most: int = LAST) -> HandoverSummary:
    """Returns the summary of a conversation (or of the dialogue it shares).

    Args:
        conversation_id: The conversation.
        language: The language of whoever takes over: names and labels are in it, quoted words as they were said.
        most: Exchanges to tell.
    """
    chosen = settings()
    with sessions(chosen.database)() as session:
        row = session.get(ConversationRow, conversation_id)
        dialogue = row.joined_to if row is not None and row.joined_to else conversation_id
        owner = session.get(ConversationRow, dialogue)
        state = session.get(TrackerStateRow, dialogue)
        slots: Mapping[str, Any] = state.slots if state is not None else {}
        turns = _turns(session, dialogue)
        files = _files(session, turns)
        told = _exchanges(turns, files, language)
        sealed = _sealed(session, dialogue, Seal(chosen.case_keys()), language)
        simulated = select(SimulationRow.number).where(SimulationRow.conversation_id == dialogue)
        simulations = tuple(session.scalars(simulated.order_by(SimulationRow.at.desc()).limit(LAST)))
    last = tuple(told[-most:])
    return HandoverSummary(
        conversation_id=dialogue,
        language="en" if owner is not None and owner.language == "en" else "ko",
        wants=next((each.asked for each in reversed(told) if each.asked and each.intent not in PASSING), None),
        topic=_topic(slots, language),
        open_question=_open_question(told),
        asks=_asks(told),
        profile=_profile(slots, sealed, language),
        applications=_applications(dialogue, language),
        files=tuple(files.values()),
        simulations=simulations,
        exchanges=last,
        sources=tuple({(note.record, note.title): note for each in last for note in each.sources}.values()),
    )


def _turns(session: Session, dialogue: str) -> list[TurnRow]:
    """Returns the last turns, the oldest first."""
    query = select(TurnRow).where(TurnRow.conversation_id == dialogue)
    return list(session.scalars(query.order_by(TurnRow.turn_id.desc()).limit(LOOKED_BACK)))[::-1]


def _files(session: Session, turns: list[TurnRow]) -> dict[str, str]:
    """Returns the names of the files that were sent, by id."""
    ids = [row.message["file_id"] for row in turns if row.message.get("file_id")]
    rows = session.scalars(select(FileRow).where(FileRow.id.in_(ids)).order_by(FileRow.at))
    return {row.id: row.name for row in rows}


def _exchanges(turns: list[TurnRow], files: Mapping[str, str], language: Language) -> list[Exchange]:
    """Returns the turns as what was asked and answered; a greeting that nobody asked for is none."""
    titles: dict[str, str] = {}
    found = []
    for row in turns:
        replies = [Reply.model_validate(reply) for reply in row.answer["replies"]]
        asked = _asked(row.message, titles, files, language)
        if asked is not None or not row.message.get("payload"):
            notes = tuple(note for reply in replies for note in reply.sources)
            answered = "\n".join(filter(None, map(_said, replies)))
            found.append(Exchange(asked, answered, row.intent, row.outcome, row.at, notes))
        titles |= {choice.payload: choice.title for reply in replies for choice in reply.choices}
    return found


def _asked(
    message: Mapping[str, str], titles: Mapping[str, str], files: Mapping[str, str], language: Language
) -> str | None:
    """Returns what a person wrote, the title of what they pressed, or that they sent a file."""
    if "file_id" in message:
        return text("summary_sent_file", language, name=files.get(message["file_id"], ""))
    if "payload" in message:
        return titles.get(message["payload"])
    return message.get("text")


def _said(reply: Reply) -> str:
    card = reply.card
    return "\n".join(filter(None, (reply.text, card.title if card else None, reply.file.name if reply.file else None)))


def _open_question(told: list[Exchange]) -> str | None:
    """Returns the last question, if it was not answered; asking for a person is no question."""
    asked = [each for each in told if each.asked and each.intent != HANDOVER]
    return asked[-1].asked if asked and asked[-1].outcome in UNANSWERED else None


def _asks(told: list[Exchange]) -> str | None:
    """Returns what Naru asked before the person asked for somebody else."""
    before = [each for each in told if each.intent != HANDOVER]
    return before[-1].answered if before and before[-1].outcome == Outcome.NEEDS_INPUT else None


def _topic(slots: Mapping[str, Any], language: Language) -> str | None:
    record = shelf().library.get(slots["topic"]) if isinstance(slots.get("topic"), str) else None
    return record.text(language).name if record else None


def _applications(dialogue: str, language: Language) -> tuple[str, ...]:
    cases = Cases(settings().database)
    return tuple(" ".join(status_text(cases, each, language).split()) for each in cases.of(dialogue)[:LAST])


def _sealed(session: Session, dialogue: str, seal: Seal, language: Language) -> dict[str, Fact]:
    """Returns what the kept profile tells of the business, by field."""
    firm = session.scalar(select(FirmRow).where(FirmRow.conversation_id == dialogue))
    kept: dict[str, Value] = kept_profile.told(session, seal, firm.id) if firm is not None else {}
    fields = {key: profile_fields()[key] for key in kept if key in BUSINESS and kept[key] is not None}
    return {key: Fact(field.label(language), shown(field, kept[key], language)) for key, field in fields.items()}


def _profile(slots: Mapping[str, Any], sealed: Mapping[str, Fact], language: Language) -> tuple[Fact, ...]:
    """Returns what is known of the firm: what was told in the conversation, then what only the kept profile has."""
    told = dict(slots.get("firm") or {})
    answers = {name: fact for name, fact in told.get(FACTS, {}).items() if fact not in (UNKNOWN, SKIPPED)}
    direct = {name: value for name, value in told.items() if name in FirmProfile.model_fields}
    firm = readable(profile_of(answers).model_dump(mode="json", exclude_none=True) | direct)
    known = {name: value for name, value in firm if value is not None}
    facts = [Fact(_label(name, language), _value(name, value, language)) for name, value in known.items()]
    fields = {SHARED.get(name, name) for name in known}
    return (*facts, *(fact for key, fact in sealed.items() if key not in fields))


def _label(name: str, language: Language) -> str:
    field = profile_fields().get(SHARED.get(name, name))
    return field.label(language) if field else text(f"summary_{name}", language)


def _value(name: str, value: Any, language: Language) -> str:
    """Returns a value of ``FirmProfile`` as a person reads it."""
    if isinstance(value, bool):
        return text("case_value_yes" if value else "case_value_no", language)
    if name in _SUMS:
        return format_currency(value, _SUMS[name], "¤#,##0", locale=language, currency_digits=False)
    if isinstance(value, (int, float)):
        return format_decimal(value, locale=language)
    if name == "target_countries":
        names = Locale(language).territories
        return ", ".join(str(names.get(code, code)) for code in value)
    if name == "export_group":
        return next((group.name(language) for group in export_groups() if group.id == value), str(value))
    if isinstance(value, tuple):
        return ", ".join(value)
    titles = questions().get(name, {}).get("choices", {}).get(value)
    return str(titles[language]) if titles else str(value)


_SUMS = {"sales_krw": "KRW", "exports_usd_last_year": "USD"}
