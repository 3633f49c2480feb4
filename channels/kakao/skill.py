"""The skill's address: lets KakaoTalk in by its secret, reads the request, and hands it on."""

from __future__ import annotations

import asyncio
import hmac
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Header, Request

from actions.reply import Turn
from channels import answer_page
from channels.connection import BadSettings
from channels.contacts import Contact
from channels.kakao.answering import Answering
from channels.kakao.request import read
from channels.problems import Problem

router = APIRouter(tags=["channels"])

SECRET_HEADER = "X-Naru-Secret"  # noqa: S105 - the name of a header


@router.post("/webhooks/kakao")
async def skill(request: Request, secret: Annotated[str, Header(alias=SECRET_HEADER)] = "") -> dict[str, Any]:
    """Answers what a person wrote in KakaoTalk (skill request and response 2.0)."""
    connection: Skill = request.app.state.kakao
    began = asyncio.get_running_loop().time()
    connection.check(secret)
    return await connection.answering.answer(read(await request.body()), began)


class Skill:
    """KakaoTalk as a channel. It can't speak first: what Naru says of its own accord waits for the next message."""

    channel = "kakao"
    tells = False

    def __init__(self, app: FastAPI) -> None:
        assert app.state.settings.kakao_secret is not None
        self._secret = app.state.settings.kakao_secret.get_secret_value().encode()
        self.answering = Answering(app)

    def check(self, secret: str) -> None:
        """Lets KakaoTalk pass.

        Raises:
            Problem: 401 when the secret is missing or wrong.
        """
        if not hmac.compare_digest(self._secret, secret.encode("utf-8", "surrogateescape")):
            raise Problem(401)

    async def start(self) -> None:
        """Has nothing to do: KakaoTalk calls."""

    async def stop(self) -> None:
        """Lets the answers on their way arrive."""
        await self.answering.finish()

    async def tell(self, contact: Contact, turns: list[Turn]) -> None:
        """Can't be done."""
        raise NotImplementedError("a skill can't speak first")


def connect(app: FastAPI) -> Skill | None:
    """Connects KakaoTalk when its secret is set.

    Raises:
        BadSettings: Naru's address from outside is not set, without which no link would open.
    """
    settings = app.state.settings
    if settings.kakao_secret is None or not settings.kakao_secret.get_secret_value():
        return None
    if not (settings.public_url or "").startswith("https://"):
        raise BadSettings(
            "KakaoTalk is switched on (NARU_KAKAO_SECRET), but NARU_PUBLIC_URL is no https:// address: people could "
            "open neither files nor long answers. Set it to the address under which this Naru is reached from outside."
        )
    app.state.kakao = Skill(app)
    app.include_router(router)
    app.include_router(answer_page.router)
    return app.state.kakao  # type: ignore[no-any-return]
