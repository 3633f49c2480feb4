"""The open questions' pages: who may see them, what is hidden, what becomes of a question, and asking Naru again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import delete

from actions.desk.question_desk import QuestionDesk
from actions.desk.tables import HandledQuestionRow
from actions.desk.unanswered import Wordings
from actions.texts import keys
from channels.console import knowledge_questions
from channels.console.accounts import Role
from channels.console.audit import Wanted, lines
from knowledge.database.engine import migrate, sessions
from knowledge.database.tables import ConversationRow, FeedbackRow, TurnRow, now
from knowledge.settings import Settings
from tests.channels.console.entering import client_of, employ, visiting
from tests.conftest import own_database

PAGE = {"Accept": "text/html"}
FRONT = "/console/knowledge"
MOXA = "쑥뜸기 수출하려면 의료기기 허가가 필요한가요"
MOXA_TOO = "쑥뜸기 수출할 때 의료기기 허가 받아야 하나요?"
SCRIPT = "<script>alert('q')</script> 이거 통관되나요"
IMAGE = "<img src=x onerror=alert(1)> 별로예요"
OWN = "저는 김민수입니다 쑥떡을 캐나다에 팔면 세금 얼마예요 010-1234-5678"
SHARED = "한지 등 수출 견적은 hanji@lamp.example 로 보내나요"
KNOWN = "FOB가 뭐예요"
SONG = "노래 한 곡 불러 줘"
STORY = "저희가 작년에 할머니 때부터 하던 가게를 이어받아서 " * 6 + "수출해도 될까요"


@pytest.fixture(scope="module")
def settings(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """What other tests asked is no question here."""
    with own_database(tmp_path_factory.mktemp("questions")) as own:
        yield own


@pytest.fixture
def asked(settings: Any) -> Iterator[None]:
    """Moxa devices asked for by four, two of them in other words; other questions by one or two."""
    said = {
        "moxa-1": [MOXA],
        "moxa-2": [MOXA],
        "moxa-3": [MOXA],
        "moxa-4": [MOXA_TOO],
        "script-1": [SCRIPT],
        "script-2": [SCRIPT],
        "own-1": [OWN, STORY],
        "shared-1": [SHARED],
        "shared-2": [SHARED],
        "known-1": [KNOWN],
        "song-1": [SONG],
    }
    with sessions(settings.database).begin() as session:
        for who in said:
            session.add(ConversationRow(id=who, token_digest="", language="ko", channel="kakao"))
        session.flush()
        for who, words in said.items():
            for number, each in enumerate(words, 1):
                say(session, who, number, each)
        session.add(FeedbackRow(conversation_id="script-1", turn_id=1, verdict="down", comment=IMAGE))
    yield
    with sessions(settings.database).begin() as session:
        for table in (FeedbackRow, TurnRow):
            session.execute(delete(table).where(table.conversation_id.in_(said)))
        session.execute(delete(ConversationRow).where(ConversationRow.id.in_(said)))
        session.execute(delete(HandledQuestionRow))


def say(session: Any, who: str, number: int, words: str, **more: Any) -> None:
    buttons = [{"title": "FOB", "payload": '/define{"record": "term.fob"}'}]
    replies = [{"text": "제가 가진 자료에는 답이 없어요. <b>굵게</b>", "choices": buttons}]
    row = TurnRow(conversation_id=who, turn_id=number, channel="kakao", outcome="not_in_knowledge", intent="define")
    row.at, row.message, row.confidence = more.pop("at", now() - timedelta(hours=1)), {"text": words}, 1.0
    row.answer = {"language": "ko", "records": [], "replies": replies}
    session.add(row)


def address(settings: Any, words: str, more: str = "") -> str:
    return f"{FRONT}/questions/{Wordings(settings).key(words)}{more}"


async def front(client: httpx.AsyncClient, query: str = "") -> str:
    """The list, all pages of it: other tests' questions may be in it as well."""
    pages, first = [], 0
    while True:
        answer = await client.get(f"{FRONT}?{query}&first={first}", headers=PAGE)
        assert answer.status_code == 200, answer.text
        pages.append(answer.text)
        first += 20
        if f"first={first}" not in answer.text:
            return "".join(pages)


def line_of(page: str, words: str) -> str:
    """The line of the list that a wording stands for, without marks."""
    found = [
        each.split('</li>\n  <li class="panel')[0] for each in page.split("data-line")[1:] if words in unescape(each)
    ]
    assert len(found) == 1, f"{len(found)} lines for {words}"
    return " ".join(re.sub(r"<[^>]+>", " ", found[0].split("</ol>")[0]).split())


async def test_what_is_asked_most(app: FastAPI, settings: Any, asked: None) -> None:
    editor = employ(settings, Role.EDITOR, language="en")
    async with client_of(app, editor) as client:
        page = await front(client)
        line = line_of(page, MOXA)
    assert "4 People: 4" in line and "Not in the knowledge 4" in line and "2 wordings" in line
    assert "Meaning of a word 4" in line or "4" in line.split("Understood as:")[1]
    assert MOXA_TOO not in page  # it stands for nothing, as MOXA is what most asked
    assert page.index(MOXA) < page.index("이거 통관되나요")
    seen = lines(Wanted(who=editor.name, what="questions.viewed"), 5)
    assert seen and seen[0].detail == {"asked": "days=30&state=open"}


async def test_filters(app: FastAPI, settings: Any, asked: None) -> None:
    async with client_of(app, employ(settings, Role.EDITOR)) as client:
        down = await front(client, "outcome=down")
        assert "이거 통관되나요" in down and MOXA not in down
        assert MOXA not in await front(client, "language=en")
        assert MOXA in await front(client, "language=ko&days=7")
        assert MOXA not in await front(client, "outcome=disputed")
        assert MOXA not in await front(client, "state=handled")
        # what there is not does not narrow the list, and is no error
        assert MOXA in await front(client, "outcome=<x>&language=xx&state=none&days=31")


async def test_an_empty_list(app: FastAPI, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'x.db'}", _env_file=None)  # type: ignore[call-arg]
    migrate(empty.database)
    desk = QuestionDesk(empty)
    monkeypatch.setattr(knowledge_questions, "question_desk", lambda _: desk)
    async with client_of(app, employ(settings, Role.EDITOR)) as client:
        assert "답하지 못한 질문이 없어요." in await front(client)
        assert "고른 조건에 맞는 질문이 없어요." in await front(client, "outcome=down")


async def test_a_cluster(app: FastAPI, settings: Any, asked: None) -> None:
    editor = employ(settings, Role.EDITOR)
    async with client_of(app, editor) as client:
        page = (await client.get(address(settings, MOXA_TOO), headers=PAGE)).text
    assert f'<h1 lang="ko">{MOXA}</h1>' in page and MOXA_TOO in page
    assert "4번 물음" in page and "카카오톡" in page
    assert "제가 가진 자료에는 답이 없어요. &lt;b&gt;굵게" in page
    assert page.count('<li class="panel">') == 4
    links = [urlsplit(unescape(link)) for link in re.findall(r'href="([^"]+)"', page)]
    carried = {link.path: parse_qs(link.query) for link in links if "question=" in link.query}
    key = Wordings(settings).key(MOXA)
    wanted = {"question": [MOXA], "language": ["ko"], "asked": [key]}
    assert carried.pop("/console/knowledge/records/new") == wanted
    assert carried.pop("/console/knowledge/training") == wanted
    assert carried and all(path.startswith("/console/knowledge/records/") for path in carried)
    assert lines(Wanted(who=editor.name, what="question.viewed", subject=key), 1)


async def test_scripts_are_harmless(app: FastAPI, settings: Any, asked: None) -> None:
    async with client_of(app, employ(settings, Role.EDITOR)) as client:
        pages = [await front(client), (await client.get(address(settings, SCRIPT), headers=PAGE)).text]
        pages.append((await client.get(address(settings, SCRIPT, "?again=true"), headers=PAGE)).text)
        note = {"how": "out_of_scope", "note": IMAGE}
        assert (await client.post(address(settings, SCRIPT, "/handled"), data=note)).status_code == 303
        pages.append((await client.get(address(settings, SCRIPT), headers=PAGE)).text)
    for page in pages:
        assert "<script>alert" not in page and "<img" not in page and "<b>굵게" not in page
        assert " style=" not in page and " onclick=" not in page
    assert "&lt;script&gt;alert" in pages[0] and "&lt;img src=x" in pages[1] and "&lt;img src=x" in pages[3]


async def test_personal_data_is_masked(app: FastAPI, settings: Any, asked: None) -> None:
    async with client_of(app, employ(settings, Role.EDITOR)) as client:
        for page in (await front(client), (await client.get(address(settings, SHARED), headers=PAGE)).text):
            assert "한지 등 수출 견적은 ○○" in page and "hanji" not in page


@pytest.mark.parametrize(("words", "number", "told"), [(OWN, 1, "쑥떡을 캐나다에"), (STORY, 2, "할머니 때부터")])
async def test_one_persons_own_words_are_shown_when_asked_for(
    app: FastAPI, settings: Any, asked: None, words: str, number: int, told: str
) -> None:
    editor = employ(settings, Role.EDITOR)
    async with client_of(app, editor) as client:
        assert told not in await front(client)
        hidden = (await client.get(address(settings, words), headers=PAGE)).text
        assert told not in hidden and "한 사람의 이야기라 가렸어요" in hidden and "question=" not in hidden
        assert "제가 가진 자료에는" not in hidden
        tried = (await client.get(address(settings, words, "?again=true"), headers=PAGE)).text
        assert told not in tried
        assert not lines(Wanted(who=editor.name, what="question.shown"), 1)
        shown = (await client.get(address(settings, words, f"?show=own-1.{number}"), headers=PAGE)).text
        other = (await client.get(address(settings, words, "?show=moxa-1.1"), headers=PAGE)).text
    assert told in shown and "김민수" not in shown and "1234" not in shown and told not in other
    (noted,) = lines(Wanted(who=editor.name, what="question.shown"), 5)
    assert (noted.subject, noted.detail) == ("own-1", {"turn": number})


async def test_handled_leaves_the_list_and_comes_back(app: FastAPI, settings: Any, asked: None) -> None:
    editor = employ(settings, Role.EDITOR, shown_as="정편집")
    key = Wordings(settings).key(MOXA)
    async with client_of(app, editor) as client:
        data = {"how": "record", "record_id": " term.fob ", "note": "썼어요"}
        done = await client.post(address(settings, MOXA_TOO, "/handled"), data=data)
        assert (done.status_code, done.headers["location"]) == (303, f"{FRONT}?days=30&told=handled")
        assert MOXA not in await front(client)
        assert "자료로 답함" in line_of(await front(client, "state=handled"), MOXA)
        page = (await client.get(address(settings, MOXA), headers=PAGE)).text
        assert "썼어요" in page and "정편집" in page and "/console/knowledge/records/term.fob" in page
        noted = lines(Wanted(who=editor.name, what="question.handled"), 1)[0]
        assert (noted.subject, noted.detail) == (key, {"how": "record", "record": "term.fob"})

        with sessions(settings.database).begin() as session:
            say(session, "moxa-4", 2, "쑥뜸기를 수출하려면 의료기기 허가 필요해요?", at=now())
        assert "다시 물음 1번" in line_of(await front(client), MOXA)
        assert "1번 더 와서" in (await client.get(address(settings, MOXA), headers=PAGE)).text

        await client.post(address(settings, MOXA, "/handled"), data={"how": "ignored"})
        with sessions(settings.database).begin() as session:
            say(session, "moxa-4", 3, MOXA, at=now())
        assert MOXA not in await front(client)
        opened = await client.post(address(settings, MOXA, "/open"), data={"days": "7"})
        assert opened.headers["location"] == f"{FRONT}?days=7&told=reopened"
        assert MOXA in await front(client)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"how": "forgotten"},
        {"how": "record"},
        {"how": "record", "record_id": "  "},
        {"how": "record", "record_id": "../../staff"},
        {"how": "record", "record_id": "a." + "b" * 130},
        {"how": "ignored", "note": "x" * 501},
        {"how": "ignored", "days": "many"},
    ],
)
async def test_what_can_not_be_marked(app: FastAPI, settings: Any, asked: None, data: dict[str, str]) -> None:
    async with client_of(app, employ(settings, Role.EDITOR)) as client:
        assert (await client.post(address(settings, MOXA, "/handled"), data=data)).status_code == 422
        assert MOXA in await front(client)


@pytest.mark.parametrize("key", ["0" * 64, "x", "%3Cscript%3E", "x" * 3000])
async def test_what_nobody_asked(app: FastAPI, settings: Any, asked: None, key: str) -> None:
    async with client_of(app, employ(settings, Role.EDITOR)) as client:
        assert (await client.get(f"{FRONT}/questions/{key}", headers=PAGE)).status_code == 404
        for act in ("handled", "open"):
            answer = await client.post(f"{FRONT}/questions/{key}/{act}", data={"how": "ignored"})
            assert answer.status_code == 404


async def test_an_older_question_is_found_by_its_key(app: FastAPI, settings: Any, asked: None) -> None:
    with sessions(settings.database).begin() as session:
        say(session, "known-1", 2, "60일 전에 물어본 갓 수출 질문", at=now() - timedelta(days=60))
    async with client_of(app, employ(settings, Role.EDITOR)) as client:
        assert "갓 수출 질문" not in await front(client)
        page = await client.get(address(settings, "60일 전에 물어본 갓 수출 질문", "?days=7"), headers=PAGE)
        assert "갓 수출 질문" in page.text and 'name="days" value="90"' in page.text


async def test_asking_naru_again(app: FastAPI, settings: Any, asked: None) -> None:
    editor = employ(settings, Role.EDITOR)
    async with client_of(app, editor) as client:
        known = (await client.get(address(settings, KNOWN, "?again=true"), headers=PAGE)).text
        song = (await client.get(address(settings, SONG, "?again=true"), headers=PAGE)).text
    tried = known.split('class="tried"')[1].split("</ul>")[0]
    assert "1가지 표현 가운데 1가지에 답해요" in known
    assert '<span class="badge good">답함</span>' in tried and "/console/knowledge/records/term.fob" in tried
    assert "1가지 표현 가운데 0가지에 답해요" in song
    assert lines(Wanted(who=editor.name, what="question.tried"), 1)


async def test_who_may_see_questions(app: FastAPI, settings: Any, asked: None) -> None:
    allowed = {Role.EDITOR: 200, Role.ADMIN: 200, Role.AGENT: 403, Role.SUPERVISOR: 403}
    for role, status in allowed.items():
        async with client_of(app, employ(settings, role)) as client:
            assert (await client.get(FRONT, headers=PAGE)).status_code == status
            assert (await client.get(address(settings, MOXA), headers=PAGE)).status_code == status
            done = 303 if status == 200 else 403
            assert (await client.post(address(settings, KNOWN, "/open"), data={})).status_code == done
            data = {"how": "ignored"}
            assert (await client.post(address(settings, KNOWN, "/handled"), data=data)).status_code == done
    async with visiting(app) as nobody:
        for path in (FRONT, address(settings, MOXA)):
            assert (await nobody.get(path)).status_code == 401
        assert (await nobody.post(address(settings, MOXA, "/handled"), data={"how": "ignored"})).status_code in (
            401,
            403,
        )


async def test_forged_requests_change_nothing(app: FastAPI, settings: Any, asked: None) -> None:
    async with client_of(app, employ(settings, Role.EDITOR)) as client:
        token = client.headers.pop("X-Naru-Forgery")
        for more in ({}, {"forgery": "wrong"}):
            answer = await client.post(address(settings, MOXA, "/handled"), data={"how": "ignored"} | more)
            assert answer.status_code == 403
        foreign = {"X-Naru-Forgery": token, "Sec-Fetch-Site": "cross-site"}
        answer = await client.post(address(settings, MOXA, "/handled"), data={"how": "ignored"}, headers=foreign)
        assert answer.status_code == 403
        assert MOXA in await front(client)


async def test_editors_begin_here(app: FastAPI, settings: Any) -> None:
    async with client_of(app, employ(settings, Role.EDITOR)) as client:
        home = await client.get("/console", headers=PAGE)
        assert (home.status_code, home.headers["location"]) == (303, FRONT)
        page = (await client.get("/console/profile", headers=PAGE)).text
    assert f'href="{FRONT}"' in page and 'href="/console/queue"' not in page


def test_both_languages_say_the_same() -> None:
    own = [{key for key in keys(language) if key.startswith("console_questions_")} for language in ("ko", "en")]
    assert own[0] == own[1] and len(own[0]) > 50
