"""The console's shell in a real Chromium: keys, colours, presence, lost connections, and that everybody can read it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from channels.console.accounts import Accounts, Role
from knowledge.database.tables import now
from tests.channels.browsing import needs_browser, visit
from tests.channels.console.entering import employ, enter
from tests.conftest import ROOT, Service, free_port

pytestmark = needs_browser


@pytest.fixture(scope="module")
def service(data_dir: Path, settings: Any) -> Iterator[Service]:
    """`naru serve` as soon as it answers: the shell needs no model, so nobody waits until it is loaded."""
    port = free_port()
    more = {"NARU_DATA_DIR": str(data_dir), "NARU_PORT": str(port), "NARU_REQUESTS_PER_MINUTE": "100000"}
    command = [sys.executable, "-c", "from channels.command_line import main; main()", "serve"]
    with (data_dir / f"serve-{port}.log").open("wb") as log:
        process = subprocess.Popen(command, env=os.environ | more, cwd=ROOT, stdout=log, stderr=log)
    running = Service(process, f"http://127.0.0.1:{port}", data_dir)
    for _ in range(240):
        try:
            if httpx.get(f"{running.address}/healthz", timeout=2).status_code == 200:
                break
        except httpx.TransportError:
            time.sleep(0.5)
    yield running
    running.stop()


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def admin_page(browser: Browser, service: Service, settings: Any) -> Iterator[Page]:
    admin = employ(settings, Role.ADMIN)
    with visit(browser, "about:blank", locale="ko-KR") as page:
        enter(page, service.address, admin.name)
        page.goto(f"{service.address}/console/profile")
        yield page


def faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {[node['target'] for node in fault['nodes']]}" for fault in found]


def test_everybody_can_read_it(browser: Browser, service: Service, settings: Any, scheme: str) -> None:
    admin = employ(settings, Role.ADMIN, language="ko" if scheme == "light" else "en")
    with visit(browser, f"{service.address}/console/login", color_scheme=scheme) as page:
        assert faults(page) == []
        page.locator("input[name=name]").fill(admin.name)
        page.locator("input[name=password]").fill("wrong")
        page.locator("form button.main").click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert faults(page) == []
        enter(page, service.address, admin.name)
        for path in ("profile", "staff", "audit", "nothing"):
            page.goto(f"{service.address}/console/{path}")
            assert faults(page) == [], path
        page.goto(f"{service.address}/console/staff")
        page.locator(".me summary").click()
        assert faults(page) == []
        page.keyboard.press("Escape")
        page.locator("h1").click()
        page.keyboard.press("n")
        expect(page.locator("dialog[open] input[name=name]")).to_be_focused()
        assert faults(page) == []


@pytest.mark.parametrize("width", [1280, 1920])
def test_nothing_is_wider_than_the_screen(admin_page: Page, service: Service, width: int) -> None:
    admin_page.set_viewport_size({"width": width, "height": 800})
    for language in ("en", "ko"):
        admin_page.goto(f"{service.address}/console/staff")
        admin_page.locator(".me summary").click()
        admin_page.locator(f"button[name=language][value={language}]").click() if admin_page.locator(
            f"button[name=language][value={language}]"
        ).count() else None
        for path in ("profile", "staff", "audit"):
            admin_page.goto(f"{service.address}/console/{path}")
            assert admin_page.evaluate("document.documentElement.scrollWidth") <= width
            nav = admin_page.locator(".bar nav")
            assert nav.evaluate("nav => nav.scrollWidth <= nav.clientWidth"), "the navigation fits"


def test_g_and_a_letter_go_somewhere_also_with_the_korean_keyboard(admin_page: Page) -> None:
    admin_page.keyboard.press("g")
    admin_page.keyboard.press("l")
    admin_page.wait_for_url("**/console/audit")
    # With the Korean layout on, the browser reports ㅎ and ㄴ for the keys g and s.
    for code, sign in (("KeyG", "ㅎ"), ("KeyS", "ㄴ")):
        admin_page.evaluate(
            "([code, key]) => dispatchEvent(new KeyboardEvent('keydown', { code, key, bubbles: true }))", [code, sign]
        )
    admin_page.wait_for_url("**/console/staff")


def test_keys_rest_while_somebody_types(admin_page: Page) -> None:
    field = admin_page.locator("input[name=shown_as]")
    field.fill("")
    field.press_sequentially("g l ? n")
    expect(field).to_have_value("g l ? n")
    assert admin_page.url.endswith("/console/profile")
    expect(admin_page.locator("dialog[open]")).to_have_count(0)
    field.press("Escape")
    expect(field).not_to_be_focused()
    for modified in ("Control+g", "Alt+g"):
        admin_page.keyboard.press(modified)
    admin_page.keyboard.press("l")
    assert admin_page.url.endswith("/console/profile")


def test_the_question_mark_shows_the_keys_of_this_page(admin_page: Page, service: Service) -> None:
    admin_page.goto(f"{service.address}/console/staff")
    admin_page.keyboard.press("?")
    dialog = admin_page.get_by_role("dialog", name="단축키")
    expect(dialog).to_be_visible()
    told = re.sub(r"\s+", " ", dialog.inner_text())
    for key in ("g q 대기열", "g c 고객", "g n 신청서", "g i 통계", "n 직원 추가"):
        assert key in told
    admin_page.keyboard.press("g")
    admin_page.keyboard.press("l")
    expect(dialog).to_be_visible()
    admin_page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()


def test_chosen_colours_stay_and_come_without_a_flash(admin_page: Page, service: Service) -> None:
    def paper() -> str:
        return str(admin_page.evaluate("getComputedStyle(document.body).backgroundColor"))

    light = paper()
    admin_page.get_by_label("화면 색").select_option("dark")
    dark = paper()
    assert dark != light
    admin_page.goto(f"{service.address}/console/audit")
    assert paper() == dark
    head = admin_page.evaluate("[...document.head.children].map((element) => element.localName + (element.src ?? ''))")
    theme = next(index for index, name in enumerate(head) if name.endswith("theme.js"))
    assert (
        admin_page.evaluate(f"document.head.children[{theme}].async || document.head.children[{theme}].defer") is False
    )
    admin_page.locator(".me summary").click()
    admin_page.get_by_role("button", name="화면 색 바꾸기").click()
    assert paper() == light


def test_presence_is_kept(admin_page: Page) -> None:
    switch = admin_page.get_by_role("switch")
    expect(switch).not_to_be_checked()
    expect(admin_page.get_by_text("자리 비움")).to_be_visible()
    with admin_page.expect_response("**/console/presence") as answered:
        switch.check()
    assert answered.value.status == 204
    expect(admin_page.get_by_text("상담 가능")).to_be_visible()
    admin_page.reload()
    expect(admin_page.get_by_role("switch")).to_be_checked()


def test_an_open_page_is_a_sign_of_life(admin_page: Page, settings: Any) -> None:
    def seen() -> datetime | None:
        name = admin_page.locator("dl.facts dd").first.inner_text()
        return Accounts(settings).find(name).seen_at  # type: ignore[union-attr]

    for _ in range(50):
        if seen():
            break
        admin_page.wait_for_timeout(100)
    first = seen()
    assert first is not None and now() - first < timedelta(seconds=20)
    assert admin_page.locator("meta[name=alive]").get_attribute("content") == "20"


def test_a_lost_connection_is_told_and_the_switch_goes_back(admin_page: Page) -> None:
    admin_page.context.set_offline(True)
    admin_page.get_by_role("switch").click()
    expect(admin_page.locator(".toast.bad")).to_contain_text("연결이 끊겼어요")
    expect(admin_page.get_by_role("switch")).not_to_be_checked()
    admin_page.context.set_offline(False)
    admin_page.locator(".toast button").click()
    expect(admin_page.locator(".toast")).to_have_count(0)


def test_a_session_that_ended_leads_to_the_sign_in_page_and_back(
    browser: Browser, service: Service, settings: Any
) -> None:
    staff = employ(settings, Role.SUPERVISOR)
    with visit(browser, "about:blank", locale="ko-KR") as page:
        enter(page, service.address, staff.name)
        page.goto(f"{service.address}/console/audit?what=signed_in")
        page.context.clear_cookies(name="naru_session")
        page.get_by_role("switch").click()
        page.wait_for_url("**/console/login?told=over&next=**")
        expect(page.get_by_role("alert")).to_contain_text("다시 로그인해 주세요")
        page.locator("input[name=name]").fill(staff.name)
        page.locator("input[name=password]").fill("고요한 나루터 41")
        page.keyboard.press("Enter")
        page.wait_for_url("**/console/audit?what=signed_in")


def test_an_admin_adds_and_closes_an_account_with_the_keyboard(
    admin_page: Page, service: Service, settings: Any
) -> None:
    admin_page.goto(f"{service.address}/console/staff")
    admin_page.keyboard.press("n")
    name = f"new-{re.sub('[^a-z0-9]', '', admin_page.evaluate('Math.random().toString(36)'))}"
    admin_page.keyboard.type(name)
    admin_page.locator("dialog[open] input[name=password]").fill("password1234")
    admin_page.keyboard.press("Enter")
    dialog = admin_page.get_by_role("dialog", name="직원 추가")
    expect(dialog.get_by_role("alert")).to_contain_text("누구나 먼저 떠올리는")
    expect(dialog.locator("input[name=name]")).to_have_value(name)
    dialog.locator("input[name=password]").fill("물 맑은 나루터 5")
    admin_page.keyboard.press("Enter")
    expect(admin_page.get_by_text(f"{name} 계정을 만들었어요.")).to_be_visible()

    close = admin_page.get_by_role("button", name=f"계정 중지: {name}")
    close.click()
    asked = admin_page.locator("dialog[open]")
    expect(asked).to_contain_text(f"{name} 계정을 중지할까요?")
    asked.get_by_role("button", name="아니요").click()
    assert Accounts(settings).find(name).active  # type: ignore[union-attr]
    close.click()
    admin_page.locator("dialog[open]").get_by_role("button", name="계정 중지").click()
    expect(admin_page.get_by_text("중지됨").first).to_be_visible()
    assert not Accounts(settings).find(name).active  # type: ignore[union-attr]


def test_a_live_stream_comes_back(admin_page: Page, service: Service) -> None:
    asked: list[str] = []

    def answer(route: Any) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fulfill(status=503, body="")
        else:
            route.fulfill(
                status=200,
                headers={"Content-Type": "text/event-stream"},
                body='retry: 100\nid: 7\nevent: told\ndata: {"words": "<b>나루</b>"}\n\n',
            )

    admin_page.route("**/console/stream-of-the-test*", answer)
    admin_page.evaluate(
        """async () => {
            const { live } = await import("/console/static/api.js");
            window.heard = [];
            window.stream = live("/console/stream-of-the-test", { told: (data) => heard.push(data.words) });
        }"""
    )
    expect(admin_page.locator("[data-offline]")).to_be_visible()
    for _ in range(50):
        if admin_page.evaluate("heard.length") >= 2:
            break
        admin_page.wait_for_timeout(100)
    assert admin_page.evaluate("heard.slice(0, 2)") == ["<b>나루</b>"] * 2
    assert asked[1].endswith("/console/stream-of-the-test"), "nothing was heard yet"
    admin_page.evaluate("stream.close()")
    count = len(asked)
    admin_page.wait_for_timeout(700)
    assert len(asked) == count
