"""Finds cases by what lies sealed in them: a firm's name and the last four digits of its telephone, as keyed digests.

A digest says nothing without the key of this Naru (``Settings.signing_key``). Where that key is changed, the index is
made anew with ``naru cases index``. Only whole names are found: parts of one can't be read from a digest.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from actions.desk.tables import CaseIndexRow
from knowledge.database.engine import sessions
from knowledge.settings import Settings

FIRM, PHONE = "firm", "phone"
"""Kinds of what is found."""

SUFFIX = 4
"""Digits of a telephone number that are asked for: what callers say to be recognised."""

_LEGAL_FORMS = re.compile(
    r"\((?:주|유|합|재|사)\)|주식회사|유한책임회사|유한회사|합자회사|합명회사"
    r"|(?:\b(?:co|ltd|inc|corp|llc|limited|corporation|incorporated|company)\b\.?[\s,]*)+$"
)


def normal_firm(name: str) -> str:
    """Returns a firm's name as it is compared: without its legal form, spaces and signs, in small letters."""
    told = unicodedata.normalize("NFKC", name).casefold()
    short = "".join(filter(str.isalnum, _LEGAL_FORMS.sub(" ", told.strip())))
    return short or "".join(filter(str.isalnum, told))


def suffix_of(phone: str) -> str | None:
    """Returns the last four digits of a telephone number, or None where there are fewer."""
    digits = re.sub(r"\D", "", phone)
    return digits[-SUFFIX:] if len(digits) >= SUFFIX else None


def note(session: Session, chosen: Settings, conversation_id: str, values: Mapping[str, Any]) -> None:
    """Notes by what the case of a conversation is found, once each, in the caller's transaction.

    Args:
        session: The transaction.
        chosen: Settings that hold the key.
        conversation_id: Whose case.
        values: What the firm told, by key of the form.
    """
    mine = select(CaseIndexRow.digest).where(CaseIndexRow.conversation_id == conversation_id)
    known = set(session.scalars(mine))
    for kind, value in _found_by(values):
        digest = _digest(chosen, kind, value)
        if digest not in known:
            session.add(CaseIndexRow(conversation_id=conversation_id, kind=kind, digest=digest))


def make_anew(chosen: Settings, cases: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
    """Makes the index anew from conversations and what their firms told; returns how many entries it has."""
    with sessions(chosen.database).begin() as session:
        session.execute(delete(CaseIndexRow))
        for conversation_id, values in cases:
            note(session, chosen, conversation_id, values)
            session.flush()
        return len(session.scalars(select(CaseIndexRow.id)).all())


def by_firm(chosen: Settings, name: str) -> tuple[str, ...]:
    """Returns the conversations of firms of that name."""
    return _conversations(chosen, FIRM, normal_firm(name))


def by_phone(chosen: Settings, digits: str) -> tuple[str, ...]:
    """Returns the conversations of firms whose telephone number ends with these four digits."""
    return _conversations(chosen, PHONE, digits) if re.fullmatch(r"\d{4}", digits, re.ASCII) else ()


def forget(session: Session, conversation_id: str) -> None:
    """Forgets by what a conversation's case was found."""
    session.execute(delete(CaseIndexRow).where(CaseIndexRow.conversation_id == conversation_id))


def _found_by(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if name := normal_firm(str(values.get("firm_name") or "")):
        yield FIRM, name
    if suffix := suffix_of(str(values.get("phone") or "")):
        yield PHONE, suffix


def _conversations(chosen: Settings, kind: str, value: str) -> tuple[str, ...]:
    if not value:
        return ()
    same = (CaseIndexRow.kind == kind) & (CaseIndexRow.digest == _digest(chosen, kind, value))
    with sessions(chosen.database)() as session:
        found = session.scalars(select(CaseIndexRow.conversation_id).where(same).order_by(CaseIndexRow.id.desc()))
        return tuple(dict.fromkeys(found))


def _digest(chosen: Settings, kind: str, value: str) -> str:
    key = hmac.new(chosen.signing_key().encode(), b"naru case index", hashlib.sha256).digest()
    return hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()
