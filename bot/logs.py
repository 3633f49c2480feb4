"""Sets up logs: structured, quiet, and without what people wrote."""

from __future__ import annotations

import logging
import os
import warnings

import structlog


def quiet(level: str) -> None:
    """Logs Naru's own events from ``level`` up and everybody else's from WARNING up.

    Rasa logs message texts at DEBUG; its loggers therefore never go below WARNING.
    """
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    warnings.filterwarnings("ignore")
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    for name in ("rasa", "rasa_sdk", "matplotlib", "absl", "tensorflow", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        cache_logger_on_first_use=False,
    )
