"""A customer as the desk knows them: who they are, what they agreed to, said, had weighed, sent and applied for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.cases import profile as profiles
from actions.cases.applications import Cases
from actions.cases.fields import profile_fields
from actions.cases.forms import form_of
from actions.cases.profile import SEND
from actions.cases.sealing import Seal
from actions.cases.showing import shown
from actions.cases.standing import Application
from actions.cases.tables import ConsentRow, FirmRow
from actions.desk.handovers import Handover, Handovers
from actions.desk.tables import HandoverRow
from channels.console.live_items import Item, Transcript
from channels.console.live_queue import Desk
from knowledge.database.engine import sessions
from knowledge.database.tables import (
    ContactRow,
    ConversationRow,
    FileRow,
    NewsConsentRow,
    SimulationRow,
    TurnRow,
)
from knowledge.record import Language
from knowledge.settings import Settings

TURNS = 30
"""Turns shown at once."""

SHOWN_END = 3
"""Characters at the end of an outside address that are shown."""


class UnknownCustomer(LookupError):
    """There is no conversation of that id."""


@dataclass(frozen=True)
class Channel:
    """A channel of the customer's; ``address`` is the end of their address there, never the whole."""

    conversation_id: str
    channel: str
    started_at: datetime
    address: str | None


@dataclass(frozen=True)
class Agreed:
    """Something the customer agreed to; ``about`` is the receipt number of what was sent."""

    purpose: str
    about: str | None
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class Simulation:
    """A simulation of origin, as it was told to the customer."""

    number: str
    at: datetime
    result: dict[str, Any]


@dataclass(frozen=True)
class Card:
    """All of one customer but what was said."""

    dialogue: str
    language: str
    channels: tuple[Channel, ...]
    agreed: tuple[Agreed, ...]
    profile: tuple[tuple[str, str], ...]
    applications: tuple[tuple[Application, str], ...]
    simulations: tuple[Simulation, ...]
    files: tuple[FileRow, ...]
    handovers: tuple[tuple[Handover, str | None, str | None], ...]
    open_handover: Handover | None


class CustomerCards:
    """Reads the customers. Methods are synchronous and short; call them in a thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._sessions = sessions(settings.database)
        self._seal = Seal(settings.case_keys())
        self._handovers = Handovers(settings)

    def dialogue(self, conversation_id: str) -> str:
        """Returns the dialogue a conversation shares.

        Raises:
            UnknownCustomer: There is no such conversation.
        """
        with self._sessions() as session:
            row = session.get(ConversationRow, conversation_id)
        if row is None:
            raise UnknownCustomer(conversation_id)
        return row.joined_to or row.id

    def card(self, dialogue: str, language: Language) -> Card:
        """Returns all that is known of the customer of a dialogue.

        Raises:
            UnknownCustomer: There is no such dialogue.
        """
        with self._sessions() as session:
            owner = session.get(ConversationRow, dialogue)
            if owner is None:
                raise UnknownCustomer(dialogue)
            ids = self.shared(session, dialogue)
            files = session.scalars(select(FileRow).where(FileRow.conversation_id.in_(ids)).order_by(FileRow.at.desc()))
            simulated = select(SimulationRow).where(SimulationRow.conversation_id.in_(ids))
            simulations = session.scalars(simulated.order_by(SimulationRow.at.desc()))
            found: dict[str, Any] = {
                "language": owner.language,
                "channels": tuple(_channels(session, ids)),
                "agreed": tuple(_agreed(session, ids)),
                "profile": tuple(self._profile(session, ids, language)),
                "simulations": tuple(Simulation(each.number, each.at, each.result) for each in simulations),
                "files": tuple(files),
            }
        applications = sorted(self._applications(ids), key=lambda each: each.started_at, reverse=True)
        return Card(
            dialogue=dialogue,
            applications=tuple((each, form_of(each.programme).names[language]) for each in applications),
            handovers=tuple(self._handed_over(ids)),
            open_handover=self._handovers.open_of(dialogue),
            **found,
        )

    def shared(self, session: Session, dialogue: str) -> list[str]:
        """Returns the conversations that share a dialogue, itself first."""
        joined = session.scalars(select(ConversationRow.id).where(ConversationRow.joined_to == dialogue))
        return [dialogue, *joined]

    def said(self, dialogue: str, skip: int, language: Language) -> tuple[list[Item], bool]:
        """Returns a page of what was said, the oldest line first, and whether there is more before it.

        What was offered before the page is read too, because buttons of it may have been pressed on the page.
        """
        with self._sessions() as session:
            ids = self.shared(session, dialogue)
            query = select(TurnRow).where(TurnRow.conversation_id.in_(ids))
            newest = query.order_by(TurnRow.at.desc(), TurnRow.turn_id.desc()).limit(TURNS + 1).offset(skip)
            rows = list(session.scalars(newest))
            names = {
                row.id: row.name for row in session.scalars(select(FileRow).where(FileRow.conversation_id.in_(ids)))
            }
        turns = [{**row.answer, "message": row.message, "at": row.at.isoformat()} for row in rows][::-1]
        transcript, more = Transcript(names.get, {}, language), len(rows) > TURNS
        if more:
            transcript.turn(turns.pop(0))
        return transcript.turns(turns), more

    def simulation(self, dialogue: str, number: str) -> Simulation | None:
        """Returns a simulation of this customer's."""
        with self._sessions() as session:
            row = session.get(SimulationRow, number)
            if row is None or row.conversation_id not in self.shared(session, dialogue):
                return None
            return Simulation(row.number, row.at, row.result)

    def has_file(self, dialogue: str, file_id: str) -> bool:
        """Tells whether a file is this customer's."""
        with self._sessions() as session:
            row = session.get(FileRow, file_id)
            return row is not None and row.conversation_id in self.shared(session, dialogue)

    def _applications(self, ids: Iterable[str]) -> list[Application]:
        cases = Cases(self._settings.database, self._settings)
        return [application for each in ids for application in cases.of(each)]

    def _profile(self, session: Session, ids: list[str], language: Language) -> Iterable[tuple[str, str]]:
        for firm_id in session.scalars(select(FirmRow.id).where(FirmRow.conversation_id.in_(ids))):
            for key, value in profiles.told(session, self._seal, firm_id).items():
                field = profile_fields()[key]
                yield field.label(language), shown(field, value, language)

    def _handed_over(self, ids: list[str]) -> Iterable[tuple[Handover, str | None, str | None]]:
        """Returns the handovers, the newest first, each with its wrap-up note and who had it."""
        query = select(HandoverRow.id).where(HandoverRow.conversation_id.in_(ids))
        with self._sessions() as session:
            found = session.scalars(query.order_by(HandoverRow.asked_at.desc())).all()
        names = Desk(self._settings).names()
        for each in filter(None, map(self._handovers.get, found)):
            yield each, self._handovers.note(each.id), names.get(each.staff_id or "")


def hidden(address: str) -> str:
    """Returns an address with nothing but its end, and not even that where it is short."""
    return "•••" + (address[-SHOWN_END:] if len(address) > 2 * SHOWN_END else "")


def last_turn(session: Session, ids: Iterable[str]) -> datetime | None:
    """Returns when something was said last."""
    return session.scalar(select(func.max(TurnRow.at)).where(TurnRow.conversation_id.in_(list(ids))))


def _channels(session: Session, ids: list[str]) -> Iterable[Channel]:
    addresses = {
        row.conversation_id: hidden(row.address)
        for row in session.scalars(select(ContactRow).where(ContactRow.conversation_id.in_(ids)))
    }
    rows = session.scalars(
        select(ConversationRow).where(ConversationRow.id.in_(ids)).order_by(ConversationRow.started_at)
    )
    for row in rows:
        yield Channel(row.id, row.channel, row.started_at, addresses.get(row.id))


def _agreed(session: Session, ids: list[str]) -> Iterable[Agreed]:
    firms = select(FirmRow.id).where(FirmRow.conversation_id.in_(ids))
    consents = select(ConsentRow).where(ConsentRow.firm_id.in_(firms)).order_by(ConsentRow.given_at)
    for row in session.scalars(consents):
        purpose, _, about = row.purpose.partition(":")
        number = about.rsplit(":", 1)[0] if purpose == SEND else None
        yield Agreed(purpose, number, row.given_at, row.withdrawn_at)
    news = select(NewsConsentRow).where(NewsConsentRow.conversation_id.in_(ids)).order_by(NewsConsentRow.agreed_at)
    for each in session.scalars(news):
        yield Agreed(f"news_{each.topic}", None, each.agreed_at, None)
