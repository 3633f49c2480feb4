"""The knowledge desk's front: questions Naru had no good answer to, clustered, and what becomes of them."""

from __future__ import annotations

from fastapi import APIRouter

from channels.console.entry import Role, need

router = APIRouter(prefix="/console/knowledge", dependencies=[need(Role.EDITOR)])
