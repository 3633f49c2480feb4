"""The training pages: examples from questions, what is refused, one training at once, going live, roles, hostile text."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import delete, select

from actions.desk.examples import Examples
from actions.desk.tables import TrainingExampleRow, TrainingRunRow
from actions.desk.training_runs import TrainingRuns, model_name
from bot.training import inputs_digest
from channels.app import create_app
from channels.console import training_process
from channels.console.accounts import Role
from channels.console.audit import Wanted, lines
from knowledge.database.engine import sessions
from knowledge.settings import Settings
from tests.channels.console.entering import client_of, employ

PAGE = {"Accept": "text/html"}
HERE = "/console/knowledge/training"
SCRIPT = "<script>alert(1)</script>"
GOOD = "시제품 몇 개만 부칠 때도 따로 신고를 하는지 궁금해요"
AGAINST = {"reason": "recall", "intent": "define", "points": 33.3}
REPORT: dict[str, Any] = {
    "against": [],
    "questions": 200,
    "compared_with": None,
    "figures": [
        {"of": "ko", "questions": 150, "before": 120, "after": 123},
        {"of": "en", "questions": 50, "before": 45, "after": 45},
        {"of": "all", "questions": 200, "before": 165, "after": 168},
        {"of": "sure", "questions": 200, "before": 140, "after": 141},
    ],
    "fell": [{"intent": "define", "questions": 6, "before": 6, "after": 4}],
    "worse": [{"text": f"이거 뭐예요 {SCRIPT}", "intent": "define", "before": "define", "after": "compare"}],
    "better": [{"text": "둘이 달라요?", "intent": "compare", "before": "define", "after": "compare"}],
}


@pytest.fixture(autouse=True)
def clean(settings: Settings) -> Iterator[None]:
    yield
    with sessions(settings.database).begin() as session:
        session.execute(delete(TrainingRunRow))
        session.execute(delete(TrainingExampleRow))
    for model in settings.models_dir.glob("run-*"):
        model.unlink()


@pytest.fixture
async def editor(app: FastAPI, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app, employ(settings, Role.EDITOR)) as client:
        client.headers.update(PAGE)
        yield client


def weighed(settings: Settings, against: list[dict[str, Any]] | None = None, inputs: str | None = None) -> int:
    """A training that ran, with a file in place of its model, which no test here loads."""
    runs = TrainingRuns(settings)
    run = runs.start([], None)
    runs.take(run.id)
    name = model_name(run.id, inputs or inputs_digest())
    (settings.models_dir / name).write_bytes(b"no model")
    runs.weigh(run.id, name)
    runs.weighed(run.id, REPORT | {"against": against or []}, passed=not against)
    return run.id


def said(page: httpx.Response) -> str:
    """What a page says in its middle, as it is read."""
    middle = page.text.split("<main")[1].split("</main>")[0]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", middle)))


async def test_a_question_comes_without_what_is_personal(editor: httpx.AsyncClient, settings: Settings) -> None:
    question = "저는 ㈜한빛정밀 김민수입니다 010-1234-5678 시제품도 신고하나요"
    page = await editor.get(HERE, params={"question": question, "language": "ko"})
    assert page.status_code == 200
    assert not any(secret in page.text for secret in ("한빛", "김민수", "1234", "5678"))
    assert "시제품도 신고하나요" in page.text
    assert {"전화번호", "회사 이름", "사람 이름"} <= set(re.findall(r'badge warn">([^<]+)<', page.text))
    with sessions(settings.database)() as session:
        assert session.scalars(select(TrainingExampleRow)).all() == [], "looking stores nothing"


async def test_keeping_putting_by_changing_and_discarding(editor: httpx.AsyncClient, settings: Settings) -> None:
    form = {"text": f"  {GOOD}\n", "intent": "ask_howto", "language": "ko"}
    done = await editor.post(f"{HERE}/examples", data=form | {"later": "true"})
    assert done.status_code == 303 and "told=put_by" in done.headers["location"]
    [new] = Examples(settings).all()
    assert (new.text, new.intent, new.state) == (GOOD, "ask_howto", "new")
    assert Examples(settings).kept() == []
    page = await editor.get(HERE)
    assert GOOD in page.text and "아직 안 봄" in page.text

    changed = {"text": GOOD.replace("몇 개만", "세 개만"), "intent": "ask_process", "language": "ko"}
    assert (await editor.post(f"{HERE}/examples/{new.id}", data=changed)).status_code == 303
    [kept] = Examples(settings).kept()
    assert ("세 개만" in kept.text, kept.intent, kept.id != new.id) == (True, "ask_process", True)
    assert (await editor.post(f"{HERE}/examples/{new.id}", data=changed)).status_code == 404

    assert (await editor.post(f"{HERE}/examples/{kept.id}/discard")).status_code == 303
    assert Examples(settings).all() == []
    assert (await editor.post(f"{HERE}/examples/{kept.id}/discard")).status_code == 404


@pytest.mark.parametrize(
    ("text", "intent", "why"),
    [
        ("저는 김민수입니다 시제품도 신고하나요", "ask_howto", "누구인지 알 수 있는 말이"),
        ("오늘은 여기까지 할게 담에 또 올게", "bye", "시험하는 문제와 같거나"),
        ("원산지 기준이 뭐에요", "define", "같은 예문이 이미"),
        ("원산지 기준이 뭐에요", "menu", "이미 다른 뜻의 예문이에요: 말뜻"),
        (GOOD, "rate_talk", "이 뜻은 예문을 둘 수 없어요"),
        (GOOD, SCRIPT, "이 뜻은 예문을 둘 수 없어요"),
        ("?!", "ask_howto", "비어 있어요"),
        ("가나다라마바사 " * 40, "ask_howto", "200자까지"),
    ],
)
async def test_what_is_refused_with_its_reason(
    editor: httpx.AsyncClient, settings: Settings, text: str, intent: str, why: str
) -> None:
    page = await editor.post(f"{HERE}/examples", data={"text": text, "intent": intent, "language": "ko"})
    assert page.status_code == 422 and why in said(page)
    assert SCRIPT not in page.text
    assert html.escape(text.strip(), quote=False)[:20] in page.text, "and can be changed"
    assert Examples(settings).all() == []


async def test_a_kept_example_may_not_become_a_bad_one(editor: httpx.AsyncClient, settings: Settings) -> None:
    kept = Examples(settings).add("ask_howto", "ko", GOOD, "kept", None)
    bad = {"text": f"{GOOD} 010-1234-5678", "intent": "ask_howto", "language": "ko"}
    page = await editor.post(f"{HERE}/examples/{kept}", data=bad)
    assert page.status_code == 422 and "전화번호" in said(page)
    assert [each.text for each in Examples(settings).kept()] == [GOOD]
    same = {"text": f"{GOOD}?", "intent": "ask_howto", "language": "ko"}
    assert (await editor.post(f"{HERE}/examples/{kept}", data=same)).status_code == 303, "it is not its own double"


async def test_hostile_words_are_shown_as_words(editor: httpx.AsyncClient, settings: Settings) -> None:
    text = f"시제품 {SCRIPT} 부칠 때 {{{{ 7*7 }}}} 신고하나요"
    assert (
        await editor.post(f"{HERE}/examples", data={"text": text, "intent": "ask_howto", "language": "ko"})
    ).status_code == 303
    page = await editor.get(HERE)
    assert SCRIPT not in page.text and "&lt;script&gt;alert(1)" in page.text and "{{ 7*7 }}" in page.text
    page = await editor.get(HERE, params={"question": f'{SCRIPT}"><b>'})
    assert SCRIPT not in page.text and "<b>" not in page.text.split("<main")[1]


async def test_one_training_at_once_and_it_can_be_cancelled(editor: httpx.AsyncClient, settings: Settings) -> None:
    """A real process is started; cancelled before it has even imported Rasa, it finds nothing to do and ends."""
    page = await editor.post(f"{HERE}/runs")
    assert page.status_code == 422 and "새로 배울 예문이 없어요" in said(page)
    kept = Examples(settings).add("ask_howto", "ko", GOOD, "kept", None)
    started = await editor.post(f"{HERE}/runs")
    address = started.headers["location"]
    assert started.status_code == 303 and re.fullmatch(rf"{HERE}/runs/\d+", address)
    page = await editor.get(address)
    assert 'http-equiv="refresh"' in page.text and GOOD in page.text and "준비해요" in said(page)
    again = await editor.post(f"{HERE}/runs")
    assert again.status_code == 422 and "한 번에 하나만" in said(again)
    await editor.post(f"{address}/cancel")
    page = await editor.get(address)
    assert "학습을 그만뒀어요" in said(page) and "refresh" not in page.text
    [run] = TrainingRuns(settings).recent()
    assert (run.state, run.examples, run.report) == ("failed", (kept,), {"fault": "cancelled"})


def test_a_process_without_a_training_ends_by_itself(settings: Settings) -> None:
    assert training_process.begin(2**30, settings).wait(timeout=120) == 4


async def test_the_report_says_what_changed(editor: httpx.AsyncClient, settings: Settings) -> None:
    page = await editor.get(f"{HERE}/runs/{weighed(settings)}")
    told = said(page)
    assert "써도 돼요" in told and "시험 문제 200개" in told
    rows = [
        [html.unescape(cell).strip() for cell in re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", row)]
        for row in page.text.split("</tr>")
    ]
    assert ["한국어", "150", "80.0%", "82.0%", "+2.0"] in rows
    assert ["전체", "200", "82.5%", "84.0%", "+1.5"] in rows
    assert ["말뜻", "6", "100.0%", "66.7%"] in rows
    assert [f"이거 뭐예요 {SCRIPT}", "말뜻", "말뜻", "둘의 차이"] in rows
    assert SCRIPT not in page.text
    assert "배운 문장은 맞히는 것이 당연해서" in told


async def test_english(app: FastAPI, settings: Settings) -> None:
    run = weighed(settings, [AGAINST])
    async with client_of(app, employ(settings, Role.EDITOR, language="en")) as client:
        for address in (HERE, f"{HERE}/runs/{run}"):
            page = await client.get(address, headers=PAGE)
            korean = set(re.findall("[가-힣]+", said(page))) - {"이거", "뭐예요", "둘이", "달라요"}
            assert page.status_code == 200 and not korean


async def test_going_live_and_back(editor: httpx.AsyncClient, settings: Settings) -> None:
    run = weighed(settings)
    edition = TrainingRuns(settings).edition()
    assert (await editor.post(f"{HERE}/runs/{run}/live")).status_code == 303
    live = TrainingRuns(settings).live()
    assert live is not None and live.id == run and TrainingRuns(settings).edition() > edition
    assert f"지금 쓰는 모델: 학습 {run}번" in said(await editor.get(HERE))
    page = await editor.post(f"{HERE}/runs/{run}/live")
    assert page.status_code == 409 and "이미 쓰고 있어요" in said(page)
    assert (await editor.post(f"{HERE}/runs/{run}/back")).status_code == 303
    assert TrainingRuns(settings).live() is None
    assert (await editor.post(f"{HERE}/runs/{run}/back")).status_code == 409
    assert "처음에 들어 있는 예문만" in said(await editor.get(HERE))


async def test_a_refused_model_is_for_admins_with_a_reason(
    app: FastAPI, editor: httpx.AsyncClient, settings: Settings
) -> None:
    run = weighed(settings, [AGAINST])
    page = await editor.get(f"{HERE}/runs/{run}")
    assert "‘말뜻’ 질문을 알아듣는 비율이 33.3점 떨어졌어요" in said(page) and "관리자에게 부탁" in said(page)
    assert f"{HERE}/runs/{run}/live" not in page.text
    why = "전시회 질문이 몰려서 오늘 꼭 필요해요"
    assert (await editor.post(f"{HERE}/runs/{run}/live", data={"reason": why})).status_code == 403
    assert TrainingRuns(settings).live() is None
    admin = employ(settings, Role.ADMIN)
    async with client_of(app, admin) as client:
        page = await client.post(f"{HERE}/runs/{run}/live", data={"reason": "급함"}, headers=PAGE)
        assert page.status_code == 409 and "열 글자 이상" in said(page)
        done = await client.post(f"{HERE}/runs/{run}/live", data={"reason": f"{why} 010-1234-5678"}, headers=PAGE)
        assert done.status_code == 303
        assert why in said(await client.get(f"{HERE}/runs/{run}", headers=PAGE))
    [line] = lines(Wanted(what="model.live", who=admin.name), 5)
    assert line.subject == str(run) and line.detail == {"override": f"{why} ○○"}


@pytest.mark.parametrize("hindrance", ["missing", "outdated", "no_evaluation", "pinned"])
async def test_what_keeps_even_an_admin_from_it(settings: Settings, hindrance: str) -> None:
    missing = [{"reason": "no_evaluation", "file": "/nowhere.yaml"}]
    run = weighed(
        settings, missing if hindrance == "no_evaluation" else None, "000000" if hindrance == "outdated" else None
    )
    if hindrance == "missing":
        for model in settings.models_dir.glob("run-*"):
            model.unlink()
    pinned = {"model_path": Path("/models/own.tar.gz")} if hindrance == "pinned" else {}
    app = create_app(settings.model_copy(update=pinned))
    async with client_of(app, employ(settings, Role.ADMIN)) as client:
        told = {"reason": "전시회 질문이 몰려서 오늘 꼭 필요해요"}
        page = await client.post(f"{HERE}/runs/{run}/live", data=told, headers=PAGE)
        assert page.status_code == 409
        assert {"missing": "파일이 없어요", "outdated": "파일이 바뀌었어요", "pinned": "NARU_MODEL_PATH"}.get(
            hindrance, "시험 문제 파일이 없어서"
        ) in said(page)
        assert f'action="{HERE}/runs/{run}/live"' not in page.text
    assert TrainingRuns(settings).live() is None


async def test_a_live_model_of_older_files_is_told_of(editor: httpx.AsyncClient, settings: Settings) -> None:
    run = weighed(settings, inputs="000000")
    TrainingRuns(settings).go_live(run)
    assert f"학습 {run}번 모델을 쓰지 못해요" in said(await editor.get(HERE))


async def test_who_may_come_in(app: FastAPI, settings: Settings) -> None:
    run = weighed(settings)
    for role, status in {Role.EDITOR: 200, Role.ADMIN: 200, Role.AGENT: 403, Role.SUPERVISOR: 403}.items():
        async with client_of(app, employ(settings, role)) as client:
            for address in (HERE, f"{HERE}/runs/{run}"):
                assert (await client.get(address, headers=PAGE)).status_code == status
            if status == 403:
                assert (await client.post(f"{HERE}/runs/{run}/live")).status_code == 403
            assert (await client.get(f"{HERE}/runs/999999", headers=PAGE)).status_code in (404, 403)
            assert (await client.get(f"{HERE}/runs/x", headers=PAGE)).status_code in (422, 403)


async def test_a_forged_request_changes_nothing(editor: httpx.AsyncClient, settings: Settings) -> None:
    run = weighed(settings)
    editor.headers["X-Naru-Forgery"] = "guessed"
    form = {"text": GOOD, "intent": "ask_howto", "language": "ko"}
    for address in ("examples", "runs", f"runs/{run}/live"):
        assert (await editor.post(f"{HERE}/{address}", data=form)).status_code == 403
    assert Examples(settings).all() == [] and TrainingRuns(settings).live() is None


async def test_what_editors_do_is_noted(app: FastAPI, settings: Settings) -> None:
    staff = employ(settings, Role.EDITOR)
    async with client_of(app, staff) as client:
        await client.post(f"{HERE}/examples", data={"text": GOOD, "intent": "ask_howto", "language": "ko"})
        [kept] = Examples(settings).all()
        await client.post(f"{HERE}/examples/{kept.id}/discard")
        run = weighed(settings)
        await client.post(f"{HERE}/runs/{run}/live")
        await client.post(f"{HERE}/runs/{run}/back")
    noted = [(line.what, line.subject) for line in reversed(lines(Wanted(who=staff.name), 20))][1:]
    assert noted == [
        ("example.added", str(kept.id)),
        ("example.discarded", str(kept.id)),
        ("model.live", str(run)),
        ("model.back", str(run)),
    ]
    assert GOOD not in repr(lines(Wanted(who=staff.name), 20))
