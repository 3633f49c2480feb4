"""Trainings of models with the editors' examples: one at once, from the first click to the model that serves.

    waiting → training → weighing → ready or refused → live → replaced
    and failed, from any of the first three: broken, cancelled, or lost

Every change asks in the same statement whether it still may be made, so any number of processes may press at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from actions.desk.editions import lay, number_of, raise_edition
from actions.desk.tables import TrainingRunRow
from knowledge.database.engine import sessions
from knowledge.database.tables import now
from knowledge.settings import Settings

WAITING, TRAINING, WEIGHING = "waiting", "training", "weighing"
READY, REFUSED, LIVE, REPLACED, FAILED = "ready", "refused", "live", "replaced", "failed"
OPEN = (WAITING, TRAINING, WEIGHING)

MODEL = "model"
"""The edition that rises when another model is to serve."""

BEAT_SECONDS = 5.0
"""Seconds between two signs of life of a training."""

LOST_SECONDS = 120.0
"""Seconds without one after which it counts as lost; importing Rasa on a busy machine takes a quarter of that."""

BROKEN, CANCELLED, LOST = "broken", "cancelled", "lost"


class Running(Exception):  # noqa: N818 - no error, but how it is
    """A training is under way; only one may be."""


@dataclass(frozen=True)
class Run:
    """One training as it stands."""

    id: int
    state: str
    model: str | None
    examples: tuple[int, ...]
    report: dict[str, Any]
    staff_id: str | None
    made_at: datetime
    alive_at: datetime | None
    ended_at: datetime | None
    live_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether it is still under way."""
        return self.state in OPEN

    @property
    def inputs(self) -> str:
        """The digest of the files its model was made from, which is part of the model's name."""
        return made_from(self.model or "")


def model_name(run_id: int, inputs: str) -> str:
    """Returns the file name of a run's model, which `naru train` leaves alone."""
    return f"run-{run_id}-{inputs}.tar.gz"


def made_from(model: str) -> str:
    """Returns the digest in such a name."""
    return model.removesuffix(".tar.gz").rpartition("-")[2]


class TrainingRuns:
    """The trainings in the database. Methods are synchronous and short; call them in a thread."""

    def __init__(self, settings: Settings) -> None:
        self._sessions = sessions(settings.database)

    def start(self, examples: Sequence[int], staff_id: str | None) -> Run:
        """Notes that a training is to begin.

        Raises:
            Running: One is under way already, whoever began it.
        """
        lay(self._sessions, "training")
        with self._sessions.begin() as session:
            raise_edition(session, "training")  # whoever else starts now waits here, and then finds this one
            _lose(session)
            if session.scalar(select(TrainingRunRow.id).where(TrainingRunRow.state.in_(OPEN)).limit(1)) is not None:
                raise Running
            row = TrainingRunRow(state=WAITING, examples=list(examples), report={}, staff_id=staff_id, alive_at=now())
            session.add(row)
            session.flush()
            return _read(row)

    def find(self, run_id: int) -> Run | None:
        """Returns a training as it stands."""
        with self._sessions.begin() as session:
            _lose(session)
            row = session.get(TrainingRunRow, run_id)
            return _read(row) if row else None

    def recent(self, most: int = 20) -> list[Run]:
        """Returns the last trainings, the newest first."""
        with self._sessions.begin() as session:
            _lose(session)
            asked = select(TrainingRunRow).order_by(TrainingRunRow.id.desc()).limit(most)
            return [_read(row) for row in session.scalars(asked)]

    def beat(self, run_id: int) -> bool:
        """Gives a sign of life; False once the training was cancelled or counts as lost."""
        return self._change(run_id, OPEN, alive_at=now())

    def take(self, run_id: int) -> bool:
        """Lets a process begin the training; False if another has, or nobody wants it any more."""
        return self._change(run_id, (WAITING,), state=TRAINING, alive_at=now())

    def weigh(self, run_id: int, model: str) -> bool:
        """Notes that the model is there and is being weighed."""
        return self._change(run_id, (TRAINING,), state=WEIGHING, model=model, alive_at=now())

    def weighed(self, run_id: int, report: dict[str, Any], passed: bool) -> bool:
        """Notes what the weighing showed; trainings before that never went live are done with."""
        row = TrainingRunRow
        with self._sessions.begin() as session:
            state = READY if passed else REFUSED
            if not _changed(session, run_id, (WEIGHING,), state=state, report=report, ended_at=now()):
                return False
            older = update(row).where(row.id < run_id, row.state.in_((READY, REFUSED)))
            session.execute(older.values(state=REPLACED))
            return True

    def fail(self, run_id: int, why: str = BROKEN) -> bool:
        """Ends a training that is under way; False if it was over."""
        return self._change(run_id, OPEN, state=FAILED, report={"fault": why}, ended_at=now())

    def live(self) -> Run | None:
        """Returns the training whose model is to serve, or None where that is the one from the files."""
        asked = select(TrainingRunRow).where(TrainingRunRow.state == LIVE).order_by(TrainingRunRow.id.desc()).limit(1)
        with self._sessions() as session:
            row = session.scalar(asked)
            return _read(row) if row else None

    def go_live(self, run_id: int, override: dict[str, Any] | None = None) -> bool:
        """Lets a model serve from now on, in every process.

        Args:
            run_id: Its training: ready, or live once before.
            override: Who lets it although it was refused, and why; without it a refused one stays out.

        Returns:
            Whether it was in a state to go live.
        """
        lay(self._sessions, MODEL)
        with self._sessions.begin() as session:
            raise_edition(session, MODEL)  # first, so that of two at once one waits; processes look once in vain
            row = session.get(TrainingRunRow, run_id)
            allowed = (READY, REFUSED, REPLACED) if override else (READY, REPLACED)
            if row is None or row.state not in allowed or (row.state == REPLACED and row.live_at is None):
                return False
            before = session.scalar(select(TrainingRunRow.id).where(TrainingRunRow.state == LIVE))
            _retire(session)
            row.state, row.live_at = LIVE, now()
            row.report = (row.report or {}) | {"before": before} | ({"override": override} if override else {})
            return True

    def go_back(self, run_id: int, inputs: str) -> bool:
        """Takes a live model back: the one that was live before it serves again, else the one from the files.

        Args:
            run_id: The training that is thought to be live.
            inputs: Digest of the files as they are; models of other files can't serve.

        Returns:
            Whether that one was live.
        """
        lay(self._sessions, MODEL)
        with self._sessions.begin() as session:
            raise_edition(session, MODEL)
            row = session.get(TrainingRunRow, run_id)
            if row is None or row.state != LIVE:
                return False
            before = _before(session, row, inputs)
            row.state = REPLACED
            if before is not None:
                before.state = LIVE
                if (before.report or {}).get("before") == row.id:  # else the two would take turns for ever
                    before.report = (before.report or {}) | {"before": None}
            return True

    def edition(self) -> int:
        """Returns the number that rises when another model is to serve."""
        return number_of(self._sessions, MODEL)

    def without_model(self, names: Sequence[str]) -> None:
        """Notes that model files are gone."""
        with self._sessions.begin() as session:
            session.execute(update(TrainingRunRow).where(TrainingRunRow.model.in_(names)).values(model=None))

    def needed(self) -> list[str]:
        """Returns the models that must not be deleted: those that serve or may yet, and two to go back to."""
        row = TrainingRunRow
        with self._sessions() as session:
            states = (LIVE, READY, REFUSED, *OPEN)
            kept = list(session.scalars(select(row.model).where(row.state.in_(states), row.model.is_not(None))))
            back = select(row.model).where(row.state == REPLACED, row.live_at.is_not(None), row.model.is_not(None))
            kept += session.scalars(back.order_by(row.live_at.desc()).limit(2))
            return [str(name) for name in kept]

    def _change(self, run_id: int, states: Sequence[str], **values: Any) -> bool:
        with self._sessions.begin() as session:
            return _changed(session, run_id, states, **values)


def _changed(session: Session, run_id: int, states: Sequence[str], **values: Any) -> bool:
    row = TrainingRunRow
    done = session.execute(update(row).where(row.id == run_id, row.state.in_(states)).values(**values))
    assert isinstance(done, CursorResult)
    return done.rowcount == 1


def _lose(session: Session) -> None:
    """Ends trainings that gave no sign of life for long: their process was killed, or never began."""
    row, since = TrainingRunRow, now() - timedelta(seconds=LOST_SECONDS)
    lost = update(row).where(row.state.in_(OPEN), row.alive_at < since)
    session.execute(lost.values(state=FAILED, report={"fault": LOST}, ended_at=now()))


def _retire(session: Session) -> None:
    session.execute(update(TrainingRunRow).where(TrainingRunRow.state == LIVE).values(state=REPLACED))


def _before(session: Session, live: TrainingRunRow, inputs: str) -> TrainingRunRow | None:
    """Returns the training that served when this one went live, or one before that; None for the model of the files."""
    passed = {live.id}
    row = session.get(TrainingRunRow, (live.report or {}).get("before") or 0)
    while row is not None and row.id not in passed:
        if row.model is not None and made_from(row.model) == inputs:
            return row
        passed.add(row.id)
        row = session.get(TrainingRunRow, (row.report or {}).get("before") or 0)
    return None


def _read(row: TrainingRunRow) -> Run:
    return Run(
        row.id,
        row.state,
        row.model,
        tuple(row.examples),
        dict(row.report or {}),
        row.staff_id,
        row.made_at,
        row.alive_at,
        row.ended_at,
        row.live_at,
    )
