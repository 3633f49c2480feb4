"""The knowledge desk's examples: real questions become examples of an intent, and a model goes live once weighed."""

from __future__ import annotations

from fastapi import APIRouter

from channels.console.entry import Role, need

router = APIRouter(prefix="/console/knowledge/training", dependencies=[need(Role.EDITOR)])
