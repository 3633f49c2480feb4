"""An answer as a page of its own: whole, safe to open, and gone when its address expires."""

from __future__ import annotations

import re
import time
from typing import Any

import httpx
import pytest

from actions.reply import Card, File, Image, IntentNote, Outcome, Reply, SourceNote, TermNote, Turn
from bot.conversations import Conversations
from channels import answer_page
from channels.app import create_app
from knowledge.settings import Settings

EVIL = "<script>alert(1)</script>"


class Naru:
    """As much of the assistant as the page needs: its conversations."""

    def __init__(self, settings: Settings) -> None:
        self.conversations = Conversations(settings.database)


@pytest.fixture(scope="module")
def naru(settings: Settings) -> Naru:
    return Naru(settings)


def kept(naru: Naru, *replies: Reply, language: str = "ko") -> Turn:
    opened = naru.conversations.open("ko", "kakao")
    turn = Turn(
        conversation_id=opened.id,
        turn_id=0,
        language=language,
        outcome=Outcome.ANSWERED,
        intent=IntentNote(name="define", confidence=1),
        replies=replies,
    )
    naru.conversations.record(turn, {"text": "질문"}, "kakao")
    return turn


def client(settings: Settings, naru: Naru) -> httpx.AsyncClient:
    from channels.answer_page import router

    app = create_app(settings, naru)  # type: ignore[arg-type]
    app.include_router(router)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://naru")


def address(turn: Turn, settings: Settings, lasts: int = 600) -> str:
    return answer_page.signed_path(turn.conversation_id, turn.turn_id, settings, lasts)


WHOLE = Reply(
    text="신용장\n은행이 약속해요.",
    terms=(TermNote(term="바이어", plain="사는 사람이에요."),),
    card=Card(kind="table", title="표", columns=("이름", "값"), rows=(("가", "1"), ("나", "2"))),
    image=Image(url="/files/pic", alt="점수 그림"),
    file=File(url="/files/doc", name="계산서.pdf", media_type="application/pdf"),
    sources=(
        SourceNote(
            record="r",
            title="관세법",
            locator="제1조",
            url="https://www.law.go.kr/법령",
            as_of="2026-05-08",
            basis="official",
        ),
    ),
)


async def test_everything_stands_on_it(settings: Settings, naru: Naru) -> None:
    turn = kept(naru, WHOLE, Reply(card=Card(kind="steps", title="순서", rows=(("신고", "세관에 알려요."),))))
    async with client(settings, naru) as http:
        page = await http.get(address(turn, settings))
    assert page.status_code == 200 and page.headers["content-type"] == "text/html; charset=utf-8"
    for words in (
        '<html lang="ko">',
        "은행이 약속해요.",
        "<dt>바이어</dt><dd>사는 사람이에요.</dd>",
        '<th scope="col">이름</th>',
        "관세법 (제1조, 2026-05-08 기준, 법령·정부 자료)",
        'href="https://www.law.go.kr/법령"',
        "<strong>신고</strong>",
        'alt="점수 그림"',
        "계산서.pdf 열기",
        "까지 열려요",
    ):
        assert words in page.text, words
    assert re.search(r'href="/files/doc\?expires=\d+&amp;signature=[0-9a-f]{64}"', page.text)
    assert re.search(r'src="/files/pic\?expires=\d+&amp;signature=[0-9a-f]{64}"', page.text)


async def test_in_english(settings: Settings, naru: Naru) -> None:
    turn = kept(naru, WHOLE, language="en")
    async with client(settings, naru) as http:
        page = (await http.get(address(turn, settings))).text
    assert '<html lang="en">' in page and "Naru's answer" in page.replace("&#39;", "'") and "Sources" in page


async def test_nothing_runs_and_nobody_finds_it(settings: Settings, naru: Naru) -> None:
    turn = kept(naru, WHOLE)
    async with client(settings, naru) as http:
        page = await http.get(address(turn, settings))
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy and "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "noindex" in page.headers["x-robots-tag"] and 'content="noindex' in page.text
    assert page.headers["referrer-policy"] == "no-referrer", "its address is a secret"
    assert page.headers["cache-control"] == "private, no-store"
    assert "<script" not in page.text and " style=" not in page.text and " on" not in re.sub(r">[^<]*<", "", page.text)


async def test_words_are_never_markup(settings: Settings, naru: Naru) -> None:
    source = SourceNote(record="r", title=EVIL, url="javascript:alert(1)", as_of=EVIL, basis="official")
    turn = kept(
        naru,
        Reply(
            text=EVIL,
            terms=(TermNote(term=EVIL, plain=EVIL),),
            card=Card(kind="table", title=EVIL, columns=(EVIL,), rows=((EVIL, EVIL),)),
            image=Image(url="data:text/html,x", alt=f'"{EVIL}'),
            file=File(url="javascript:alert(1)", name=EVIL, media_type="application/pdf"),
            sources=(source,),
        ),
        Reply(card=Card(kind="list", title=EVIL, rows=((EVIL, EVIL), (EVIL,)))),
    )
    async with client(settings, naru) as http:
        page = (await http.get(address(turn, settings))).text
    assert "<script" not in page and "javascript:" not in page and "data:text" not in page
    assert "&lt;script&gt;" in page


async def test_a_style_of_its_own_is_what_the_policy_allows(settings: Settings, naru: Naru) -> None:
    import base64
    import hashlib

    turn = kept(naru, WHOLE)
    async with client(settings, naru) as http:
        page = await http.get(address(turn, settings))
    style = re.search(r"<style>(.*?)</style>", page.text, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("kind", ["none", "wrong", "other turn", "other conversation", "expired", "longer", "a file's"])
async def test_only_the_signed_address_opens_it(settings: Settings, naru: Naru, kind: str) -> None:
    from channels import files_api

    turn, other = kept(naru, WHOLE), kept(naru, WHOLE)
    right = address(turn, settings)
    query = right.partition("?")[2]
    changed: dict[str, Any] = {
        "none": right.partition("?")[0],
        "wrong": right[:-1] + ("0" if right[-1] != "0" else "1"),
        "other turn": f"/answers/{turn.conversation_id}/1?{query}",
        "other conversation": f"/answers/{other.conversation_id}/0?{query}",
        "expired": address(turn, settings, lasts=-5),
        "longer": re.sub(r"expires=\d+", f"expires={int(time.time()) + 10**6}", right),
        "a file's": f"/answers/{turn.conversation_id}/0?"
        + files_api.signed_address(turn.conversation_id, settings).partition("?")[2],
    }
    async with client(settings, naru) as http:
        assert (await http.get(right)).status_code == 200
        assert (await http.get(changed[kind])).status_code == 404


async def test_an_erased_answer_is_gone(settings: Settings, naru: Naru) -> None:
    turn = kept(naru, WHOLE)
    naru.conversations.erase(turn.conversation_id)
    async with client(settings, naru) as http:
        assert (await http.get(address(turn, settings))).status_code == 404


@pytest.mark.parametrize(
    "path", ["/answers/x/-1", "/answers/x/a", "/answers/" + "x" * 80 + "/0", "/answers/x/0?expires=a"]
)
async def test_odd_addresses_are_refused(settings: Settings, naru: Naru, path: str) -> None:
    async with client(settings, naru) as http:
        assert (await http.get(path)).status_code in (404, 422)
