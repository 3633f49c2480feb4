"""A migrated database of its own for each test, a settings object on it, and a filled-in application."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from actions.cases import Application, Cases
from actions.files import folder
from knowledge.database.engine import migrate, sessions
from knowledge.database.tables import ConversationRow, FileRow
from knowledge.settings import Settings

PDF = b"%PDF-1.4\nbusiness registration\n%%EOF\n"

FIRM = {
    "firm_name": "나루식품",
    "business_number": "220-81-62517",
    "representative": "김나루",
    "contact_name": "이바다",
    "phone": "010-1234-5678",
    "email": "bada@narufood.co.kr",
    "region": "경기도",
    "main_product": "김치",
}
VOUCHER = {
    "exports_usd": "5만 달러",
    "employees": "12명",
    "services_wanted": "영문 카탈로그 디자인",
    "voucher_before": "아니요",
}
"""What programme.export-voucher wants beyond the common part."""


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    used = Settings(data_dir=tmp_path / "data", _env_file=None)  # type: ignore[call-arg]
    migrate(used.database)
    return used


@pytest.fixture
def cases(chosen: Settings) -> Cases:
    return Cases(chosen.database, chosen)


def with_routes(chosen: Settings, routes: dict[str, Any], **more: Any) -> Settings:
    """The same settings with routes and whatever else."""
    return chosen.model_copy(update={"delivery_routes": SecretStr(json.dumps(routes)), **more})


def add_conversation(chosen: Settings, conversation_id: str) -> None:
    with sessions(chosen.database).begin() as session:
        session.add(ConversationRow(id=conversation_id, token_digest="x", language="ko", channel="web"))


def add_file(
    chosen: Settings,
    owner: str,
    file_id: str,
    content: bytes = PDF,
    name: str = "사업자등록증.pdf",
    media_type: str = "application/pdf",
) -> str:
    """Puts a file there as if the person had sent it."""
    (folder(chosen) / file_id).write_bytes(content)
    with sessions(chosen.database).begin() as session:
        session.add(FileRow(id=file_id, conversation_id=owner, name=name, media_type=media_type, size=len(content)))
    return file_id


@pytest.fixture
def filled() -> Callable[..., Application]:
    """Makes an application to the export voucher with everything that is required."""

    def make(cases: Cases, owner: str = "c1") -> Application:
        begun = cases.start(owner, "programme.export-voucher")
        for key, said in (FIRM | VOUCHER).items():
            cases.answer(begun.id, key, said)
        cases.attach(begun.id, "business_registration", add_file(cases._settings, owner, f"file-{begun.id}"))
        return begun

    return make


@pytest.fixture
def submitted(filled: Callable[..., Application]) -> Callable[..., Application]:
    """Makes one and submits it."""

    def make(cases: Cases, owner: str = "c1") -> Application:
        begun = filled(cases, owner)
        return cases.submit(begun.id, cases.review(begun.id).digest)

    return make
