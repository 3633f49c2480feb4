"""Trains and weighs a model with the editors' examples, in a process of its own and after everything else's turn.

`naru train --candidate RUN` does this; the console starts it (``channels/console/knowledge_training.py``). Turns are
served meanwhile by the model there is.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import structlog

from actions.desk.training_runs import BEAT_SECONDS, LIVE, Run, TrainingRuns, model_name
from knowledge.settings import Settings

log = structlog.get_logger("naru.training")

NICE = 10
"""How far a training steps back behind other processes (0 to 19)."""

GIVEN_UP = 3
"""Exit status of a training that was cancelled or counted as lost."""

NOT_WANTED = 4
"""Exit status where there is no training of that number to begin."""


def run(run_id: int, settings: Settings) -> int:
    """Trains and weighs in this process and returns its exit status; 0 if all went well."""
    runs = TrainingRuns(settings)
    if not runs.take(run_id):
        return NOT_WANTED
    os.nice(NICE)
    over = threading.Event()
    threading.Thread(target=_beat, args=(runs, run_id, over), daemon=True).start()
    try:
        make(run_id, settings)
    except Exception:
        log.exception("training failed", run=run_id)
        runs.fail(run_id)
        return 1
    finally:
        over.set()
    return 0


def make(run_id: int, settings: Settings, data: Sequence[Path] | None = None) -> None:
    """Trains a candidate, weighs it, notes the outcome, and clears old models away.

    Args:
        run_id: A training that was taken.
        settings: Where models, examples and evaluation are.
        data: Files to learn from in place of the project's.

    Raises:
        TrainingFailed: Rasa gave no model.
        RuntimeError: There is no model serving to weigh it against, or one could not be loaded.
    """
    from actions.desk.examples import Examples
    from bot.training import DATA, inputs_digest, train_candidate

    runs = TrainingRuns(settings)
    found = runs.find(run_id)
    assert found is not None
    name = model_name(run_id, inputs_digest())
    examples = Examples(settings).of(found.examples)
    model = train_candidate(settings, name, examples, DATA if data is None else data)
    if not runs.weigh(run_id, name):
        model.unlink()
        return
    report = asyncio.run(_weighed(model, settings))
    runs.weighed(run_id, report, passed=not report["against"])
    clear_away(settings)


def clear_away(settings: Settings) -> None:
    """Deletes the models of trainings that nobody can go live with or back to."""
    runs = TrainingRuns(settings)
    needed = set(runs.needed())
    old = [path for path in settings.models_dir.glob("run-*.tar.gz") if path.name not in needed]
    runs.without_model([path.name for path in old])
    for path in old:
        path.unlink(missing_ok=True)


async def _weighed(model: Path, settings: Settings) -> dict[str, Any]:
    from bot.assistant import Assistant
    from bot.model_in_service import chosen
    from bot.weighing import weigh

    serving = chosen(settings)
    if serving.path is None:
        raise RuntimeError("there is no model to weigh the candidate against")
    if not settings.evaluation_set.exists():
        missing = {"reason": "no_evaluation", "file": str(settings.evaluation_set)}
        return {"against": [missing], "compared_with": serving.run}
    report = await weigh(
        await Assistant.load(model, settings), await Assistant.load(serving.path, settings), settings.evaluation_set
    )
    return report | {"compared_with": serving.run}


def _beat(runs: TrainingRuns, run_id: int, over: threading.Event, end: Callable[[int], Any] = os._exit) -> None:
    """Gives signs of life, and ends the process when the training is no longer wanted; Rasa can't be asked to stop."""
    while not over.wait(BEAT_SECONDS):
        try:
            wanted = runs.beat(run_id)
        except Exception:
            log.exception("sign of life failed", run=run_id)
            continue
        if not wanted and not over.is_set():
            end(GIVEN_UP)


def may_go_live(found: Run, settings: Settings) -> str | None:
    """Returns the name of what keeps a model from serving, whoever wishes it to; None if nothing does."""
    from bot.training import inputs_digest

    if settings.model_path:
        return "pinned"
    if found.model is None or not (settings.models_dir / found.model).exists():
        return "missing"
    if found.inputs != inputs_digest():
        return "outdated"
    if any(each["reason"] == "no_evaluation" for each in found.report.get("against", ())):
        return "no_evaluation"
    return "live" if found.state == LIVE else None
