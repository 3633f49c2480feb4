"""Loads a trained model: Rasa's side of a process, on Naru's database, actions and locks."""

from __future__ import annotations

import asyncio
from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.lock_store import InMemoryLockStore

from bot import rasa_speed
from bot.in_process_actions import InProcessActions
from bot.tracker_store import RecentTrackerStore
from knowledge.settings import Settings


async def loaded(model: Path, settings: Settings) -> Agent:
    """Returns a model that is ready, loaded in a thread while turns go on.

    Raises:
        RuntimeError: The model can't be used; Rasa itself only logs that.
    """
    if not await asyncio.to_thread(model.exists):  # Rasa would take whatever else lies in the folder
        raise RuntimeError(f"there is no model {model}")
    rasa_speed.apply()
    agent = Agent(
        tracker_store=RecentTrackerStore(None, settings.database),
        lock_store=InMemoryLockStore(),
        action_endpoint=InProcessActions(),
    )
    await asyncio.to_thread(agent.load_model, model)
    if not agent.is_ready() or agent.processor is None:
        raise RuntimeError(f"the model {model} could not be loaded")
    return agent
