"""Files of a conversation: those a person sent, and those Naru made. Entries in the database, bytes in the data folder.

Addresses are ``/files/ID`` here; the channels sign them when they show a turn, so that they work for a while only.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from sqlalchemy.orm import Session

from actions.reply import File
from knowledge.database.engine import sessions
from knowledge.database.tables import ConversationRow, FileRow
from knowledge.settings import Settings, settings

ADDRESS = "/files/"


def folder(chosen: Settings) -> Path:
    """Returns where files lie."""
    path = chosen.data_dir / "files"
    path.mkdir(parents=True, exist_ok=True)
    return path


def keep_file(conversation_id: str, name: str, media_type: str, content: bytes) -> File:
    """Keeps a file and returns it as a reply shows it."""
    chosen = settings()
    file_id = secrets.token_urlsafe(16)
    (folder(chosen) / file_id).write_bytes(content)
    with sessions(chosen.database).begin() as session:
        ensure_conversation(session, conversation_id)
        row = FileRow(id=file_id, conversation_id=conversation_id, name=name, media_type=media_type, size=len(content))
        session.add(row)
    return File(url=ADDRESS + file_id, name=name, media_type=media_type)


def sent_file(conversation_id: str, file_id: str) -> tuple[FileRow, bytes] | None:
    """Returns a file of this conversation with its content, or None: another's file is as good as none."""
    chosen = settings()
    with sessions(chosen.database)() as session:
        row = session.get(FileRow, file_id)
    path = folder(chosen) / file_id
    if row is None or row.conversation_id != conversation_id or not path.is_file():
        return None
    return row, path.read_bytes()


def ensure_conversation(session: Session, conversation_id: str) -> None:
    """Makes the entry of a conversation that Rasa's own shell began, so that what belongs to it can be kept."""
    if session.get(ConversationRow, conversation_id) is None:
        row = ConversationRow(id=conversation_id, token_digest="", language="ko", channel="rasa")
        session.add(row)
        session.flush()
