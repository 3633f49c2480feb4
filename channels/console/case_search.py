"""Finds customers by what callers say: receipt number, firm, end of the telephone number, simulation's number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from actions.cases import profile as profiles
from actions.cases.applications import Cases
from actions.cases.forms import form_of
from actions.cases.receipt import WrongReceiptNumber
from actions.cases.receipt import number_in as receipt_in
from actions.cases.sealing import Seal
from actions.cases.standing import Application
from actions.cases.tables import FirmRow
from actions.desk import case_index
from actions.trade.storing import number_in
from channels.console.customer_card import CustomerCards, UnknownCustomer, last_turn
from knowledge.database.engine import sessions
from knowledge.database.tables import ConversationRow, SimulationRow
from knowledge.record import Language
from knowledge.settings import Settings

MOST = 50
"""Customers shown."""

_PHONE = re.compile(r"\+?[\d\s()./-]+", re.ASCII)


@dataclass(frozen=True)
class Hit:
    """A customer that was found, and by what: number, firm, phone or simulation."""

    dialogue: str
    by: str
    firm: str
    channel: str
    last_at: datetime | None
    applications: tuple[tuple[Application, str], ...]
    simulation: str | None = None


class CaseSearch:
    """Looks for customers. Its method is synchronous and short; call it in a thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._cases = Cases(settings.database, settings)
        self._cards = CustomerCards(settings)
        self._sessions = sessions(settings.database)

    def find(self, said: str, language: Language) -> list[Hit]:
        """Returns whom something leads to, each once, the surest ways first."""
        found: dict[str, Hit] = {}
        for by, conversation_id, simulation in self._ways(" ".join(said.split())):
            try:
                dialogue = self._cards.dialogue(conversation_id)
            except UnknownCustomer:
                continue
            if dialogue not in found and len(found) < MOST:
                found[dialogue] = self._hit(dialogue, by, simulation, language)
        return list(found.values())

    def _ways(self, said: str) -> Iterator[tuple[str, str, str | None]]:
        if not said:
            return
        try:
            application = self._cases.find(said)
        except WrongReceiptNumber:
            application = None
        if application is not None:
            yield "number", application.conversation_id, None
        number = None if receipt_in(said) else number_in(said)  # N-7F3K-2QXM is no simulation
        if number is not None:
            with self._sessions() as session:
                row = session.get(SimulationRow, number)
            if row is not None:
                yield "simulation", row.conversation_id, number
        for each in case_index.by_firm(self._settings, said):
            yield "firm", each, None
        for each in self._by_phone(said):
            yield "phone", each, None

    def _by_phone(self, said: str) -> Iterator[str]:
        """Returns the conversations of firms whose number ends with the digits: four, or more of them."""
        suffix = case_index.suffix_of(said) if _PHONE.fullmatch(said) else None
        if suffix is None:
            return
        digits = re.sub(r"\D", "", said).removeprefix("82").lstrip("0") if len(said) > len(suffix) else suffix
        for conversation_id in case_index.by_phone(self._settings, suffix):
            phones = (re.sub(r"\D", "", each) for each in self._phones(conversation_id))
            if len(digits) <= len(suffix) or any(each.endswith(digits) for each in phones):
                yield conversation_id

    def _phones(self, conversation_id: str) -> Iterator[str]:
        for application in self._cases.of(conversation_id):
            if phone := self._cases.values(application.id).get("phone"):
                yield str(phone)

    def _hit(self, dialogue: str, by: str, simulation: str | None, language: Language) -> Hit:
        with self._sessions() as session:
            ids = self._cards.shared(session, dialogue)
            owner = session.get(ConversationRow, dialogue)
            last = last_turn(session, ids)
            seal = Seal(self._settings.case_keys())
            firms = session.scalars(select(FirmRow.id).where(FirmRow.conversation_id.in_(ids)))
            kept = [profiles.told(session, seal, firm).get("firm_name") for firm in firms]
        mine = [each for owned in ids for each in self._cases.of(owned) if each.number]
        told = [self._cases.values(each.id).get("firm_name") for each in mine]
        return Hit(
            dialogue=dialogue,
            by=by,
            firm=next((str(name) for name in (*told, *kept) if name), ""),
            channel=owner.channel if owner is not None else "",
            last_at=last,
            applications=tuple((each, form_of(each.programme).names[language]) for each in mine),
            simulation=simulation,
        )
