"""Which model serves: the one an editor made live, or the one trained from the files; and how a process changes it.

Every process looks at the edition ``model`` now and then. A model is loaded beside the one that serves, and only once
it is whole do the next turns go to it; one that is missing or broken leaves the old one serving, and says so.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

import structlog

from actions.desk.training_runs import TrainingRuns
from bot.assistant import Assistant
from bot.training import current_model, inputs_digest
from knowledge.settings import Settings

log = structlog.get_logger("naru.model")

LOOK_SECONDS = 3.0
"""Seconds between two looks at whether another model is to serve."""

AGAIN_SECONDS = 60.0
"""Seconds after which a model that could not be loaded is tried again: its file may have come meanwhile."""


@dataclass(frozen=True)
class Chosen:
    """The model that is to serve: its training (None: from the files) and its file (None: there is none).

    ``outdated`` is a training that would be live, had the files it was made from not changed since.
    """

    run: int | None
    path: Path | None
    outdated: int | None = None


def chosen(settings: Settings) -> Chosen:
    """Returns the model that is to serve now."""
    if settings.model_path:
        return Chosen(None, settings.model_path)
    live = TrainingRuns(settings).live()
    if live is None or live.model is None:
        return Chosen(None, current_model(settings))
    if live.inputs != inputs_digest():
        return Chosen(None, current_model(settings), outdated=live.id)
    return Chosen(live.id, settings.models_dir / Path(live.model).name)


class ModelInService:
    """The model of this process. ``now`` is what serves; ``fault`` the training whose model could not be loaded."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seen: int | None = None
        self._again = 0.0
        self.now: Chosen | None = None
        self.fault: int | None = None

    async def load(self) -> Assistant:
        """Returns the assistant on the model that is to serve, or on the one from the files if that can't.

        Raises:
            RuntimeError: There is no model, or none that works.
        """
        edition, wanted = await asyncio.to_thread(self._wanted)
        if wanted.run is not None and wanted.path is not None:
            try:
                naru = await Assistant.load(wanted.path, self._settings)
                self._serving(edition, wanted)
                return naru
            except Exception:
                self._failed(edition, wanted)
        plain = wanted.path if wanted.run is None else await asyncio.to_thread(current_model, self._settings)
        if plain is None:
            raise RuntimeError("there is no trained model; run: naru train")
        naru = await Assistant.load(plain, self._settings)
        if wanted.run is None:
            self._serving(edition, wanted)
        else:
            self.now = Chosen(None, plain)
        return naru

    async def look(self, naru: Assistant) -> bool:
        """Changes the model if another is to serve; tells whether it did."""
        edition, wanted = await asyncio.to_thread(self._wanted)
        if edition == self._seen and (self.fault is None or time.monotonic() < self._again):
            return False
        if self.now == wanted:
            self._serving(edition, wanted)
            return False
        try:
            if wanted.path is None:
                raise RuntimeError("there is no trained model; run: naru train")
            await naru.use(wanted.path)
        except Exception:
            self._failed(edition, wanted)
            return False
        self._serving(edition, wanted)
        log.info("another model serves", run=wanted.run)
        return True

    async def watch(self, naru: Assistant) -> None:
        """Looks until it is cancelled; a look that breaks is logged, and the next comes."""
        while True:
            try:
                await self.look(naru)
            except Exception:
                log.exception("look at the model failed")
            await asyncio.sleep(LOOK_SECONDS)

    def _wanted(self) -> tuple[int, Chosen]:
        """Returns the edition, read before what it is about, so that a change in between is seen next time."""
        return TrainingRuns(self._settings).edition(), chosen(self._settings)

    def _serving(self, edition: int, wanted: Chosen) -> None:
        self._seen, self.now, self.fault = edition, wanted, None

    def _failed(self, edition: int, wanted: Chosen) -> None:
        log.exception("a model could not be loaded; the one before goes on serving", run=wanted.run)
        self._seen, self.fault, self._again = edition, wanted.run or 0, time.monotonic() + AGAIN_SECONDS
