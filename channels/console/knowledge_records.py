"""The knowledge desk's records: find, write, correct, preview, publish, look back, switch off, what is stale."""

from __future__ import annotations

from fastapi import APIRouter

from channels.console.entry import Role, need

router = APIRouter(prefix="/console/knowledge/records", dependencies=[need(Role.EDITOR)])
