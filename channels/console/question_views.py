"""Unanswered questions as editors see them: freed of personal data, and one person's words only when asked for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from actions.desk.handled_questions import Standing
from actions.desk.question_clusters import Cluster, Wording
from actions.desk.question_desk import QuestionDesk, Told
from actions.desk.unanswered import DOWN, Question
from bot.guard import mask
from bot.personal import cleaned
from channels.console.insight_words import Names
from knowledge.record import Language
from knowledge.shelf import shelf

RECORDS = "/console/knowledge/records"
TRAINING = "/console/knowledge/training"

STORY = 160
"""Letters from which what one person wrote is a story of their own rather than a question."""

STANDS_FOR = 5
"""Wordings that are looked through for one that may stand for all."""

CARRIED = 300
"""Letters of a question that a link carries."""

DISPUTED = "disputed"


@dataclass(frozen=True)
class Shown:
    """A wording without personal data; ``words`` is None where it is hidden until asked for."""

    words: str | None
    language: Language


@dataclass(frozen=True)
class Near:
    """A record the search finds for a question: how surely, how often it was offered and pressed."""

    record: str
    name: str
    kind: str
    score: float
    offered: int
    taken: int


@dataclass(frozen=True)
class Listed:
    """A cluster as a line of the list."""

    cluster: Cluster
    stands_for: Shown
    standing: Standing
    endings: tuple[tuple[str, int], ...]
    intents: tuple[tuple[str, int], ...]
    near: tuple[Near, ...]


@dataclass(frozen=True)
class Asked:
    """One question of a cluster: when, where, in which words, what Naru answered and what was said of it."""

    place: str
    at: datetime
    language: Language
    channel: str
    words: str | None
    intent: str
    outcome: str
    thumb_down: bool
    disputed: bool
    taken: str | None
    answered: str
    comment: str | None


def looks_personal(wording: Wording, without: tuple[str, ...]) -> bool:
    """Tells whether words are one person's own: personal data was in them, or they tell a story."""
    return wording.people == 1 and (bool(without) or len(wording.words) > STORY)


def shown(wording: Wording) -> Shown:
    """Returns a wording as it may be shown to anybody of the knowledge desk."""
    clean = cleaned(wording.words)
    hidden = looks_personal(wording, clean.removed)
    return Shown(None if hidden else clean.text, wording.language)


def stands_for(cluster: Cluster) -> Shown:
    """Returns the wording that stands for a cluster: of the closest to all others, the first that may be shown."""
    found = (shown(wording) for wording in cluster.wordings[:STANDS_FOR])
    return next((each for each in found if each.words), Shown(None, cluster.wordings[0].language))


def endings(cluster: Cluster) -> Counter[str]:
    """Returns how its turns ended, thumbs down and objections among it."""
    counted = Counter({DOWN: cluster.thumbs_down, DISPUTED: cluster.disputed})
    return +(cluster.outcomes + counted)


def near(desk: QuestionDesk, cluster: Cluster, language: Language) -> tuple[Near, ...]:
    """Returns the records nearest to a cluster, then others whose buttons were pressed."""
    records = shelf().library
    scores = {hit.record: hit.score for hit in desk.nearest(cluster)}
    found = []
    for record_id in scores:
        record = records.get(record_id)
        if record is not None:
            name = record.text(language).name
            counts = cluster.offered[record_id], cluster.taken[record_id]
            found.append(Near(record_id, name, record.kind.value, scores[record_id], *counts))
    return tuple(found)


def listed(desk: QuestionDesk, cluster: Cluster, standing: Standing, names: Names) -> Listed:
    """Returns a cluster as a line of the list."""
    return Listed(
        cluster,
        stands_for(cluster),
        standing,
        tuple(endings(cluster).most_common()),
        tuple((names.of("intents", intent), count) for intent, count in cluster.intents.most_common(3)),
        near(desk, cluster, names.language),
    )


def asked(cluster: Cluster, most: int, told: dict[tuple[str, int], Told], open_place: str) -> list[Asked]:
    """Returns the newest questions of a cluster; hidden words are shown where ``open_place`` names their question."""
    wordings = {wording.key: (wording, cleaned(wording.words)) for wording in cluster.wordings}
    found = []
    for question in cluster.questions[:most]:
        wording, clean = wordings[question.key]
        hidden = looks_personal(wording, clean.removed) and place_of(question) != open_place
        answer = told.get((question.conversation, question.turn))
        comment = cleaned(answer.comment).text if answer and answer.comment else None
        found.append(
            Asked(
                place=place_of(question),
                at=question.at,
                language=question.language,
                channel=question.channel,
                words=None if hidden else cleaned(question.words).text,
                intent=question.intent,
                outcome=question.outcome,
                thumb_down=question.thumb_down,
                disputed=question.disputed,
                taken=question.taken,
                answered=mask(answer.answered) if answer and not hidden else "",
                comment=None if hidden else comment,
            )
        )
    return found


def place_of(question: Question) -> str:
    """Returns what names a question in an address."""
    return f"{question.conversation}.{question.turn}"


def carrying(path: str, wording: Shown, key: str) -> str:
    """Returns a link to another part of the knowledge desk that takes a question along.

    ``asked`` is the cluster's key, with which that part may tell that the question is handled.
    """
    words = {"question": wording.words[:CARRIED]} if wording.words else {}
    return f"{path}?{urlencode(words | {'language': wording.language, 'asked': key})}"
