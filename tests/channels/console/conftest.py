"""What the console's tests share: the real app before its model is loaded, which the shell does not need."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI

from channels.app import create_app


@pytest.fixture
def app(settings: Any) -> FastAPI:
    """The service, fresh, so that its rate limits are."""
    return create_app(settings)
