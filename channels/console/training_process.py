"""Starts a training as a process of its own, which goes on when the console's ends, and notes if it breaks off."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

from actions.desk.training_runs import TrainingRuns
from knowledge.settings import Settings

COMMAND = (sys.executable, "-c", "from channels.command_line import main; main()", "train", "--candidate")
"""The own command line, however it was started."""

LOG = "training.log"
"""What the last training said, beside the models."""


def begin(run_id: int, settings: Settings) -> subprocess.Popen[bytes]:
    """Starts a training that was noted; whoever waits for it is a thread that holds nothing up."""
    settings.models_dir.mkdir(parents=True, exist_ok=True)
    # One thread for sums, so that a core is left for turns.
    environment = os.environ | {"OMP_NUM_THREADS": "1", "NARU_DATA_DIR": str(settings.data_dir.resolve())}
    with (settings.models_dir / LOG).open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - the own program with a number
            [*COMMAND, str(run_id)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    threading.Thread(target=_wait, args=(process, run_id, settings), daemon=True).start()
    return process


def _wait(process: subprocess.Popen[bytes], run_id: int, settings: Settings) -> None:
    """Notes that a training ended without an outcome: it was killed, or could not even begin."""
    process.wait()
    TrainingRuns(settings).fail(run_id)
