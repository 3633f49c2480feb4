"""The knowledge desk's front: questions Naru had no good answer to, clustered, and what becomes of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Annotated, Any, Literal, ParamSpec, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from actions.desk.asking_again import UNCLEAR, Again, answer_now, understood_before
from actions.desk.handled_questions import Handled, HandledQuestions, How, Standing, State, standing
from actions.desk.question_clusters import Cluster
from actions.desk.question_desk import Clusters, QuestionDesk, question_desk
from actions.desk.unanswered import DOWN, MOST, UNANSWERED
from channels.console.accounts import Accounts, Role, Staff
from channels.console.audit import audited
from channels.console.entry import need
from channels.console.insight_words import Names
from channels.console.page import page
from channels.console.question_views import (
    DISPUTED,
    RECORDS,
    TRAINING,
    Shown,
    asked,
    carrying,
    endings,
    listed,
    near,
    place_of,
    shown,
    stands_for,
)
from channels.console.words import label
from channels.conversations_api import SettingsDep
from channels.problems import Problem
from knowledge.shelf import shelf

router = APIRouter(prefix="/console/knowledge", dependencies=[need(Role.EDITOR)])

EditorDep = Annotated[Staff, need(Role.EDITOR)]

FRONT = "/console/knowledge"
PERIODS = (7, 30, 90)
USUAL = 30
OUTCOMES = (*(outcome.value for outcome in UNANSWERED), DOWN, DISPUTED)
"""What can be asked for: ends of a turn, a thumb down, an objection."""

STATES = ("open", "handled", "all")
A_PAGE = 20
MOST_SHOWN = 50
"""Questions a cluster's page shows."""

TRIED = 10
"""Wordings that are tried again."""

LONGEST_NOTE = 500

_reading = ThreadPoolExecutor(1, "naru-question-desk")
"""One thread for all that reads thousands of questions: editors wait for each other, and no customer waits for them."""

P = ParamSpec("P")
T = TypeVar("T")


async def aside(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Does slow work of this page in its own thread."""
    return await asyncio.get_running_loop().run_in_executor(_reading, lambda: work(*given, **named))


Days = Annotated[int, Query()]


@dataclass(frozen=True)
class Wanted:
    """Which clusters the address asks for."""

    days: int
    outcome: str
    language: str
    state: str

    def address(self, **other: Any) -> str:
        """Returns the same as a query, with some of it changed."""
        own = {"days": self.days, "outcome": self.outcome, "language": self.language, "state": self.state}
        return urlencode({name: value for name, value in (own | other).items() if value})

    def fits(self, cluster: Cluster, stands: Standing) -> bool:
        """Tells whether a cluster is asked for."""
        handled = stands.state is State.HANDLED
        return (
            (self.state == "all" or handled == (self.state == "handled"))
            and (not self.outcome or endings(cluster)[self.outcome] > 0)
            and (not self.language or cluster.languages[self.language] > 0)
        )


def wanted(days: Days = USUAL, outcome: str = "", language: str = "", state: str = "open") -> Wanted:
    """Returns which clusters the address asks for; what there is not does not narrow them."""
    return Wanted(
        days if days in PERIODS else USUAL,
        outcome if outcome in OUTCOMES else "",
        language if language in ("ko", "en") else "",
        state if state in STATES else "open",
    )


WantedDep = Annotated[Wanted, Depends(wanted)]


@router.get("")
async def read(
    request: Request,
    staff: EditorDep,
    settings: SettingsDep,
    chosen: WantedDep,
    first: Annotated[int, Query(ge=0, le=MOST)] = 0,
    told: Literal["", "handled", "reopened"] = "",
) -> Response:
    """Shows the clusters of a period, the most asked first."""
    desk, names = question_desk(settings), Names(staff.language)

    def found() -> tuple[Clusters, int, list[Any]]:
        clusters, handled = desk.clusters(chosen.days), HandledQuestions(settings).all()
        stand = [(cluster, standing(cluster, handled)) for cluster in clusters.clusters]
        fitting = [(cluster, stands) for cluster, stands in stand if chosen.fits(cluster, stands)]
        part = fitting[first : first + A_PAGE]
        return clusters, len(fitting), [listed(desk, cluster, stands, names) for cluster, stands in part]

    clusters, count, lines = await aside(found)
    await audited(staff, "questions.viewed", asked=chosen.address())
    return page(
        request,
        staff,
        "knowledge_questions.html",
        chosen=chosen,
        clusters=clusters,
        count=count,
        lines=lines,
        first=first,
        a_page=A_PAGE,
        most=MOST,
        told=told,
        names=names,
        label=label(staff.language),
        periods=PERIODS,
        outcomes=OUTCOMES,
        states=STATES,
        records=RECORDS,
    )


@router.get("/questions/{key}")
async def read_cluster(
    request: Request,
    key: str,
    staff: EditorDep,
    settings: SettingsDep,
    chosen: WantedDep,
    show: Annotated[str, Query(max_length=80)] = "",
    again: bool = False,
) -> Response:
    """Shows a cluster with its wordings; ``show`` opens one that is hidden, ``again`` asks Naru once more.

    Raises:
        Problem: 404; nobody asked this in the period, nor in the longest one.
    """
    desk = question_desk(settings)
    clusters, cluster = await aside(_found, desk, key, chosen.days)
    opened = next((each for each in cluster.questions if place_of(each) == show), None)
    if opened is not None:
        await audited(staff, "question.shown", opened.conversation, turn=opened.turn)
    else:
        await audited(staff, "question.tried" if again else "question.viewed", cluster.key, size=cluster.size)
    tried = await _tried(request, cluster) if again else []
    names = Names(staff.language)
    return page(
        request,
        staff,
        "knowledge_question.html",
        chosen=wanted(clusters.days, chosen.outcome, chosen.language, chosen.state),
        cluster=cluster,
        **await aside(_details, desk, cluster, settings, names, show),
        again=again,
        tried=tried,
        names=names,
        label=label(staff.language),
        most_shown=MOST_SHOWN,
        longest_note=LONGEST_NOTE,
        records=RECORDS,
        name_of=_name_of(staff),
    )


@router.post("/questions/{key}/handled")
async def handled(
    key: str,
    staff: EditorDep,
    settings: SettingsDep,
    how: Annotated[How, Form()],
    record_id: Annotated[str, Form(max_length=120, pattern=r"^\s*([a-z_]+(\.[a-z0-9][a-z0-9_-]*)+)?\s*$")] = "",
    note: Annotated[str, Form(max_length=LONGEST_NOTE)] = "",
    days: Annotated[int, Form()] = USUAL,
) -> Response:
    """Marks a cluster as dealt with, also for other parts of the knowledge desk that have done it.

    Raises:
        Problem: 404; nobody asked this. 422; a record is not named where it should be.
    """
    record = record_id.strip()
    if how is How.RECORD and not record:
        raise Problem(422, "which record answers it?")
    desk = question_desk(settings)
    clusters, cluster = await aside(_found, desk, key, days)
    kept, noted = record or None, note.strip() or None
    await aside(HandledQuestions(settings).mark, cluster.keys, how, staff.id, kept, noted)
    await audited(staff, "question.handled", cluster.key, how=how.value, record=kept)
    return RedirectResponse(f"{FRONT}?days={clusters.days}&told=handled", 303)


@router.post("/questions/{key}/open")
async def open_again(
    key: str, staff: EditorDep, settings: SettingsDep, days: Annotated[int, Form()] = USUAL
) -> Response:
    """Makes a cluster open again.

    Raises:
        Problem: 404; nobody asked this.
    """
    clusters, cluster = await aside(_found, question_desk(settings), key, days)
    await aside(HandledQuestions(settings).forget, cluster.keys)
    await audited(staff, "question.reopened", cluster.key)
    return RedirectResponse(f"{FRONT}?days={clusters.days}&told=reopened", 303)


def _found(desk: QuestionDesk, key: str, days: int) -> tuple[Clusters, Cluster]:
    """Returns the cluster a key leads to, of the period asked for or else of the longest."""
    for period in dict.fromkeys((days if days in PERIODS else USUAL, PERIODS[-1])):
        clusters = desk.clusters(period)
        cluster = clusters.of(key)
        if cluster is not None:
            return clusters, cluster
    raise Problem(404)


def _details(desk: QuestionDesk, cluster: Cluster, settings: Any, names: Names, show: str) -> dict[str, Any]:
    stands, every = stands_for(cluster), desk.told(cluster.questions[:MOST_SHOWN])
    stood = standing(cluster, HandledQuestions(settings).all())
    nearest = near(desk, cluster, names.language)
    return {
        "stands_for": stands,
        "standing": stood,
        "by": _by(settings, stood.handled),
        "endings": tuple(endings(cluster).most_common()),
        "near": nearest,
        "asked": asked(cluster, MOST_SHOWN, every, show),
        "write": carrying(f"{RECORDS}/new", stands, cluster.key),
        "train": carrying(TRAINING, stands, cluster.key),
        "add": {each.record: carrying(f"{RECORDS}/{each.record}", stands, cluster.key) for each in nearest},
    }


async def _tried(request: Request, cluster: Cluster) -> list[tuple[Shown, Again]]:
    """Asks Naru once more: with today's model where it is loaded, else with what was understood then."""
    naru = getattr(request.app.state, "assistant", None)
    found = []
    for wording in cluster.wordings[:TRIED]:
        last = wording.questions[0]
        parsed = await naru.parse(wording.words) if naru else None
        again = await aside(_again, wording.words, last.intent, wording.language, parsed)
        found.append((await aside(shown, wording), again))
    return found


def _again(words: str, intent: str, language: Any, parsed: Any) -> Again:
    return answer_now(parsed or understood_before(words, "" if intent in UNCLEAR else intent), language)


def _by(settings: Any, found: Handled | None) -> str:
    """Returns who handled a cluster, as colleagues know them."""
    account = Accounts(settings).named(found.staff_id) if found and found.staff_id else None
    return account.staff.shown_as if account else ""


def _name_of(staff: Staff) -> Any:
    """Returns what names a record in the reader's language; one that is gone keeps its id."""
    library = shelf().library

    def named(record_id: str) -> str:
        record = library.get(record_id)
        return record.text(staff.language).name if record else record_id

    return named
