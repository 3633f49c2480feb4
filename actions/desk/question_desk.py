"""The clusters of unanswered questions as one process shows them: read off the event loop, kept for a minute."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from sqlalchemy import select

from actions.desk.question_clusters import Cluster, Clustering
from actions.desk.unanswered import MOST, Question, newest_turn, unanswered
from actions.lookup import KINDS, NAME_WEIGHTS
from knowledge.database.engine import sessions
from knowledge.database.tables import FeedbackRow, TurnRow, now
from knowledge.search import Hit
from knowledge.settings import Settings
from knowledge.shelf import shelf

KEPT_SECONDS = 60
"""How long clusters are shown again while no turn is added."""

NEAREST = 3


@dataclass(frozen=True)
class Clusters:
    """The clusters of a period, and whether there were more questions than are read."""

    days: int
    made_at: datetime
    clusters: tuple[Cluster, ...]
    cut: bool

    def of(self, key: str) -> Cluster | None:
        """Returns the cluster that a wording is in."""
        return next((cluster for cluster in self.clusters if key in cluster.keys), None)


@dataclass(frozen=True)
class Told:
    """What Naru answered to a question, and what a thumb's giver wrote."""

    answered: str
    comment: str | None


class QuestionDesk:
    """Everything the editors' front page shows. Methods are synchronous; call them in a thread."""

    def __init__(self, chosen: Settings) -> None:
        self._chosen = chosen
        self._sessions = sessions(chosen.database)
        self._clustering: Clustering | None = None
        self._kept: dict[int, tuple[float, tuple[Any, ...], Clusters]] = {}
        self._nearest: dict[tuple[int, str], list[Hit]] = {}
        self._busy = Lock()

    def clusters(self, days: int) -> Clusters:
        """Returns the clusters of the last days; two who ask at once wait for one computation."""
        with self._busy:
            with self._sessions() as session:
                newest = newest_turn(session)
            made, of, kept = self._kept.get(days, (0.0, (), None))
            if kept is not None and of == newest and time.monotonic() - made < KEPT_SECONDS:
                return kept
            found = self._made(days)
            self._kept[days] = (time.monotonic(), newest, found)
            return found

    def _made(self, days: int) -> Clusters:
        moment = now()
        questions = unanswered(self._chosen, moment - timedelta(days=days), MOST + 1)
        if self._clustering is None and questions:
            self._clustering = Clustering(shelf().library, self._chosen.packs_dir / self._chosen.pack)
        clusters = self._clustering.clusters(questions[:MOST]) if self._clustering else []
        return Clusters(days, moment, tuple(clusters), len(questions) > MOST)

    def nearest(self, cluster: Cluster) -> list[Hit]:
        """Returns the records the search finds for the wording that stands for a cluster, best first."""
        opened = shelf()
        place = (id(opened), cluster.key)
        if place not in self._nearest:
            wording = cluster.wordings[0]
            intent = wording.questions[0].intent
            find = opened.search.find
            weight = NAME_WEIGHTS.get(intent)
            hits = find(wording.words, wording.language, KINDS.get(intent), top=NEAREST, name_weight=weight)
            if len(self._nearest) > MOST:
                self._nearest.clear()
            self._nearest[place] = hits
        return self._nearest[place]

    def told(self, questions: tuple[Question, ...]) -> dict[tuple[str, int], Told]:
        """Returns what Naru said to questions and what was written with a thumb down, by conversation and turn."""
        wanted = {(question.conversation, question.turn) for question in questions}
        conversations = {conversation for conversation, _ in wanted}
        turns = {turn for _, turn in wanted}
        answers = select(TurnRow).where(TurnRow.conversation_id.in_(conversations), TurnRow.turn_id.in_(turns))
        thumbs = select(FeedbackRow).where(
            FeedbackRow.conversation_id.in_(conversations), FeedbackRow.turn_id.in_(turns)
        )
        with self._sessions() as session:
            comments = {(row.conversation_id, row.turn_id): row.comment for row in session.scalars(thumbs)}
            return {
                place: Told(_said(row.answer), comments.get(place))
                for row in session.scalars(answers)
                if (place := (row.conversation_id, row.turn_id)) in wanted
            }


def _said(answer: dict[str, Any]) -> str:
    replies = answer.get("replies") or []
    return "\n".join(str(reply["text"]) for reply in replies if reply.get("text"))


_desks: dict[str, QuestionDesk] = {}


def question_desk(chosen: Settings) -> QuestionDesk:
    """Returns the desk of a database, one in a process."""
    return _desks.setdefault(chosen.database, QuestionDesk(chosen))
