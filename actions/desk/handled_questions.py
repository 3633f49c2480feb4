"""What editors have dealt with: a cluster they handled stays away until it is asked again.

Kept are digests of the wordings, never the words. All wordings of a cluster are marked, since the one that stands for
it today may be too old to be seen tomorrow.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select

from actions.desk.question_clusters import Cluster
from actions.desk.tables import HandledQuestionRow
from knowledge.database.engine import sessions
from knowledge.database.tables import now
from knowledge.settings import Settings


class How(StrEnum):
    """What was done about a question."""

    RECORD = "record"
    EXAMPLE = "example"
    OUT_OF_SCOPE = "out_of_scope"
    IGNORED = "ignored"


class State(StrEnum):
    """Where a cluster stands; ``back`` was handled and has been asked again since."""

    OPEN = "open"
    BACK = "back"
    HANDLED = "handled"


@dataclass(frozen=True)
class Handled:
    """How a cluster was handled, by whom and when."""

    how: How
    record_id: str | None
    note: str | None
    staff_id: str | None
    at: datetime


@dataclass(frozen=True)
class Standing:
    """Where a cluster stands: how it was handled last, and how often it was asked since."""

    state: State
    handled: Handled | None = None
    since: int = 0


class HandledQuestions:
    """The handled questions. Methods are synchronous and short; call them in a thread."""

    def __init__(self, chosen: Settings) -> None:
        self._sessions = sessions(chosen.database)

    def all(self) -> dict[str, Handled]:
        """Returns what was handled, by key of wording."""
        with self._sessions() as session:
            return {
                row.key: Handled(How(row.how), row.record_id, row.note, row.staff_id, row.at)
                for row in session.scalars(select(HandledQuestionRow))
            }

    def mark(
        self,
        keys: Collection[str],
        how: How,
        staff_id: str,
        record_id: str | None = None,
        note: str | None = None,
    ) -> None:
        """Marks wordings as handled now, in place of what was marked before."""
        moment = now()
        with self._sessions.begin() as session:
            session.execute(delete(HandledQuestionRow).where(HandledQuestionRow.key.in_(keys)))
            session.add_all(
                HandledQuestionRow(key=key, how=how, record_id=record_id, note=note, staff_id=staff_id, at=moment)
                for key in keys
            )

    def forget(self, keys: Collection[str]) -> None:
        """Makes wordings open again."""
        with self._sessions.begin() as session:
            session.execute(delete(HandledQuestionRow).where(HandledQuestionRow.key.in_(keys)))


def standing(cluster: Cluster, handled: Mapping[str, Handled]) -> Standing:
    """Returns where a cluster stands. What is ignored stays away; all else comes back when it is asked again."""
    found = [handled[key] for key in cluster.keys if key in handled]
    if not found:
        return Standing(State.OPEN)
    last = max(found, key=lambda each: each.at)
    since = sum(question.at > last.at for question in cluster.questions)
    back = since > 0 and last.how is not How.IGNORED
    return Standing(State.BACK if back else State.HANDLED, last, since)
