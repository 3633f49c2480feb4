"""Turns that arrive by themselves: from other channels and windows, after a lost line, once each and in order."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from actions.joined import make_code
from tests.channels.browsing import DESKTOP, host_html, needs_browser, open_chat, strict, visit, website
from tests.conftest import Service, Visitor, free_port, start_service

pytestmark = needs_browser

INPUT = "궁금한 것을 적어 주세요"
LAUNCHER = "나루에게 물어보기"
EVENTS = re.compile(r"/events(\?|$)")


@pytest.fixture
def page(browser: Browser, service: Service) -> Iterator[Page]:
    """A host page with the conversation open and the line up."""
    with at_host(browser, service.address) as opened:
        yield opened


@contextmanager
def at_host(browser: Browser, naru: str) -> Iterator[Page]:
    html = host_html(f'<script async src="{naru}/widget.js"></script>')
    with website({"/": ("text/html", html)}, strict(naru)) as host, visit(browser, host) as opened:
        with opened.expect_response(EVENTS):
            open_chat(opened)
        yield opened


def elsewhere(page: Page, naru: str) -> Visitor:
    """The same person on another channel: somebody else with the conversation's token."""
    kept = json.loads(page.evaluate("([key]) => localStorage.getItem(key)", [f"naru:{naru}"]))
    person = Visitor(naru)
    person.id, person.token = kept["id"], kept["token"]
    person.http.headers["Authorization"] = f"Bearer {person.token}"
    return person


def say(page: Page, words: str) -> None:
    page.get_by_label(INPUT).fill(words)
    page.get_by_role("button", name="보내기").click()


def shown(page: Page) -> list[str]:
    """What is on the screen, in order: the person's words, and the first line of each of Naru's turns."""
    return page.locator(".log .mine .bubble, .log .turn").evaluate_all(
        "nodes => nodes.map((node) => node.classList.contains('turn') ? 'naru' : node.textContent)"
    )


def test_what_was_said_on_another_channel_appears_with_its_answer(page: Page, service: Service) -> None:
    elsewhere(page, service.address).say("신용장이 뭐예요?")
    expect(page.locator(".turn")).to_have_count(2, timeout=10000)
    assert shown(page) == ["naru", "신용장이 뭐예요?", "naru"]
    say(page, "FOB가 뭐예요?")
    expect(page.locator(".turn")).to_have_count(3, timeout=15000)
    page.wait_for_timeout(2500)  # the line brings this turn as well, and it must not be shown again
    assert shown(page) == ["naru", "신용장이 뭐예요?", "naru", "FOB가 뭐예요?", "naru"]


def test_buttons_and_files_of_another_channel_are_named(page: Page, service: Service) -> None:
    button = page.locator(".choice").first
    title = button.inner_text()
    person = elsewhere(page, service.address)
    greeting = person.http.get(f"/api/conversations/{person.id}/messages").json()["turns"][0]
    person.press(greeting["replies"][-1]["choices"][0]["payload"])
    expect(page.locator(".turn")).to_have_count(2, timeout=10000)
    assert shown(page) == ["naru", title, "naru"]
    page.reload()
    expect(page.locator(".turn")).to_have_count(2, timeout=15000)
    assert shown(page) == ["naru", title, "naru"]


def test_an_answer_that_comes_by_the_line_first_is_shown_once(page: Page, service: Service) -> None:
    def slowly(route: Route) -> None:
        answer = route.fetch()
        time.sleep(3)
        route.fulfill(response=answer)

    page.route("**/messages", slowly)
    say(page, "신용장이 뭐예요?")
    expect(page.locator(".turn")).to_have_count(2, timeout=20000)
    page.wait_for_timeout(1500)
    assert shown(page) == ["naru", "신용장이 뭐예요?", "naru"]


def test_an_answer_whose_way_back_is_cut_is_shown_all_the_same(page: Page, service: Service) -> None:
    def cut(route: Route) -> None:
        route.fetch()
        time.sleep(3)
        route.abort()

    page.route("**/messages", cut)
    say(page, "신용장이 뭐예요?")
    expect(page.locator(".turn")).to_have_count(2, timeout=20000)
    assert shown(page) == ["naru", "신용장이 뭐예요?", "naru"]
    assert page.get_by_label(INPUT).input_value() == ""
    expect(page.get_by_role("alert")).to_be_hidden()


def test_an_answer_that_comes_after_the_failure_takes_the_words_back(page: Page, service: Service) -> None:
    def cut_at_once(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/messages", cut_at_once)
    say(page, "신용장이 뭐예요?")
    expect(page.locator(".turn")).to_have_count(2, timeout=20000)
    assert shown(page) == ["naru", "신용장이 뭐예요?", "naru"]
    expect(page.get_by_label(INPUT)).to_have_value("")


def test_turns_stand_in_the_order_of_their_numbers(page: Page, service: Service) -> None:
    """While an answer is on its way, somebody else's turn is recorded before it."""
    person = elsewhere(page, service.address)

    def overtaken(route: Route) -> None:
        person.say("환율이 뭐예요?")
        answer = route.fetch()
        time.sleep(2.5)
        route.fulfill(response=answer)

    page.route("**/messages", overtaken)
    say(page, "신용장이 뭐예요?")
    expect(page.locator(".turn")).to_have_count(3, timeout=20000)
    assert shown(page) == ["naru", "환율이 뭐예요?", "naru", "신용장이 뭐예요?", "naru"]


def test_news_while_closed_are_counted_on_the_launcher(page: Page, service: Service) -> None:
    person = elsewhere(page, service.address)
    page.keyboard.press("Escape")
    launcher = page.locator(".launcher")
    expect(launcher).to_be_visible()
    person.say("신용장이 뭐예요?")
    person.say("FOB가 뭐예요?")
    expect(page.get_by_role("button", name=f"{LAUNCHER} (새 답 2개)")).to_be_visible(timeout=10000)
    expect(page.locator("[role=status]", has_text="새 답 2개")).to_have_count(1)
    page.reload()  # on the next page nothing is loaded yet, and still they are unread
    expect(page.get_by_role("button", name=f"{LAUNCHER} (새 답 2개)")).to_be_visible(timeout=10000)
    launcher.click()
    expect(page.locator(".turn")).to_have_count(3, timeout=15000)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=LAUNCHER, exact=True)).to_be_visible()
    page.reload()
    page.wait_for_timeout(2500)
    expect(page.get_by_role("button", name=LAUNCHER, exact=True)).to_be_visible()


def test_a_turn_nobody_asked_for_appears_as_narus_alone(page: Page, service: Service) -> None:
    """A person of the call centre answers, or Naru reminds: such a turn is recorded with no message."""
    person = elsewhere(page, service.address)
    turn = person.say("신용장이 뭐예요?")
    expect(page.locator(".turn")).to_have_count(2, timeout=10000)
    with sqlite3.connect(service.data_dir / "naru.db", timeout=20) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(turns)")]
        names = ", ".join(columns)
        row = dict(
            zip(
                columns,
                database.execute(
                    f"SELECT {names} FROM turns WHERE conversation_id = ? AND turn_id = ?", (person.id, turn["turn_id"])
                ).fetchone(),
                strict=True,
            )
        )
        answer = json.loads(row["answer"]) | {"turn_id": turn["turn_id"] + 4}
        row |= {"turn_id": turn["turn_id"] + 4, "message": "{}", "answer": json.dumps(answer)}
        marks = ", ".join("?" for _ in columns)
        database.execute(f"INSERT INTO turns ({names}) VALUES ({marks})", [row[name] for name in columns])
    expect(page.locator(".turn")).to_have_count(3, timeout=10000)
    assert shown(page) == ["naru", "신용장이 뭐예요?", "naru", "naru"]


def test_there_is_one_line_and_it_says_where_to_go_on(browser: Browser, service: Service) -> None:
    lines: list[tuple[str, dict[str, str]]] = []
    html = host_html(f'<script async src="{service.address}/widget.js"></script>' * 2)
    with (
        website({"/": ("text/html", html)}, strict(service.address)) as host,
        visit(browser, host) as page,
    ):
        page.on(
            "request",
            lambda request: lines.append((request.url, request.headers)) if EVENTS.search(request.url) else None,
        )
        open_chat(page)
        say(page, "신용장이 뭐예요?")
        expect(page.locator(".turn")).to_have_count(2, timeout=15000)
        page.wait_for_timeout(1500)
        assert page.locator("naru-chat").count() == 1
        assert len(lines) == 1
        assert lines[0][0].endswith("/events?after=0")
        assert lines[0][1]["authorization"].startswith("Bearer ")
        page.reload()
        expect(page.locator(".turn")).to_have_count(2, timeout=15000)
        page.wait_for_timeout(1500)
        assert len(lines) == 2


def test_a_lost_line_is_tried_again_in_growing_pauses_and_nothing_is_missed(browser: Browser, service: Service) -> None:
    times: list[float] = []

    def refuse(route: Route) -> None:
        times.append(time.monotonic())
        route.abort()

    html = host_html(f'<script async src="{service.address}/widget.js"></script>')
    with website({"/": ("text/html", html)}, strict(service.address)) as host, visit(browser, host) as page:
        page.route(EVENTS, refuse)
        open_chat(page)
        page.wait_for_timeout(9000)
        pauses = [later - sooner for sooner, later in zip(times, times[1:], strict=False)]
        assert 3 <= len(times) <= 6  # pauses of at most 1, 2, 4, 8 seconds, at least half of that
        assert all(0.4 * 2**n <= pause <= 2**n + 0.9 for n, pause in enumerate(pauses)), pauses
        elsewhere(page, service.address).say("신용장이 뭐예요?")
        page.unroute(EVENTS)
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator(".turn")).to_have_count(2, timeout=10000)
        assert shown(page) == ["naru", "신용장이 뭐예요?", "naru"]


def test_a_restart_of_the_server_is_survived(browser: Browser, data_dir: Path) -> None:
    port = str(free_port())
    running = start_service(data_dir, NARU_PORT=port)
    try:
        with at_host(browser, running.address) as page:
            person = elsewhere(page, running.address)
            running.stop()
            running = start_service(data_dir, NARU_PORT=port)
            person.http = httpx.Client(base_url=running.address, timeout=30, headers=dict(person.http.headers))
            person.say("신용장이 뭐예요?")
            expect(page.locator(".turn")).to_have_count(2, timeout=60000)
            assert shown(page) == ["naru", "신용장이 뭐예요?", "naru"]
    finally:
        running.stop()


HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_a_page_nobody_looks_at_hangs_up_and_catches_up(browser: Browser, service: Service) -> None:
    lines: list[str] = []
    ended: list[str] = []
    html = host_html(f'<script async src="{service.address}/widget.js"></script>')
    with website({"/": ("text/html", html)}, strict(service.address)) as host, visit(browser, host) as page:
        page.clock.install()
        page.on("request", lambda request: lines.append(request.url) if EVENTS.search(request.url) else None)
        page.on("requestfailed", lambda request: ended.append(request.url) if EVENTS.search(request.url) else None)
        open_chat(page)
        page.wait_for_timeout(1000)
        assert len(lines) == 1
        page.evaluate(HIDE, True)
        page.clock.run_for(10_000)
        assert ended == []  # a glance at another tab costs nothing
        page.clock.run_for(25_000)
        page.wait_for_timeout(500)
        assert len(ended) == 1
        elsewhere(page, service.address).say("신용장이 뭐예요?")
        page.clock.run_for(120_000)
        page.wait_for_timeout(500)
        assert (len(lines), page.locator(".turn").count()) == (1, 1)
        page.evaluate(HIDE, False)
        expect(page.locator(".turn")).to_have_count(2, timeout=10000)
        assert len(lines) == 2


def test_an_erased_conversation_is_left_alone(page: Page, service: Service) -> None:
    lines: list[str] = []
    page.on("request", lambda request: lines.append(request.url) if EVENTS.search(request.url) else None)
    person = elsewhere(page, service.address)
    assert person.http.delete(f"/api/conversations/{person.id}").status_code == 204
    page.evaluate("dispatchEvent(new Event('pagehide')); dispatchEvent(new Event('pageshow'))")
    page.wait_for_timeout(6000)
    assert len(lines) <= 1
    say(page, "신용장이 뭐예요?")
    expect(page.locator(".notice")).to_contain_text("새로 시작했어요", timeout=15000)
    expect(page.locator(".turn")).to_have_count(2, timeout=15000)
    assert shown(page) == ["naru", "신용장이 뭐예요?", "naru"]


def test_joined_by_a_code_typed_here_the_other_conversation_is_shown(page: Page, service: Service) -> None:
    other = Visitor(service.address)
    other.say("환율이 뭐예요?")
    other.say("코트라가 뭐예요?")
    say(page, "FOB가 뭐예요?")
    expect(page.locator(".turn")).to_have_count(2, timeout=15000)
    say(page, make_code(other.id))
    expect(page.locator(".mine", has_text="코트라가 뭐예요?")).to_be_visible(timeout=15000)
    expect(page.locator(".mine", has_text="FOB가 뭐예요?")).to_have_count(0)
    turns = page.locator(".turn").count()
    other.say("신용장이 뭐예요?")
    expect(page.locator(".turn")).to_have_count(turns + 1, timeout=10000)
    assert shown(page)[-2:] == ["신용장이 뭐예요?", "naru"]


def test_joined_by_a_code_typed_elsewhere_the_conversation_goes_on_here(page: Page, service: Service) -> None:
    say(page, "FOB가 뭐예요?")
    expect(page.locator(".turn")).to_have_count(2, timeout=15000)
    other = Visitor(service.address)
    other.say(make_code(elsewhere(page, service.address).id))
    expect(page.locator(".turn")).to_have_count(3, timeout=10000)
    other.say("신용장이 뭐예요?")
    expect(page.locator(".turn")).to_have_count(4, timeout=10000)
    assert shown(page)[1:3] == ["FOB가 뭐예요?", "naru"]
    assert shown(page)[-2:] == ["신용장이 뭐예요?", "naru"]


def test_two_windows_of_one_site_show_the_same(browser: Browser, service: Service) -> None:
    html = host_html(f'<script async src="{service.address}/widget.js"></script>')
    with website({"/": ("text/html", html)}, strict(service.address)) as host:
        context: BrowserContext = browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]
        try:
            one, other = context.new_page(), context.new_page()
            one.goto(host)
            open_chat(one)
            other.goto(host)
            open_chat(other)
            say(one, "신용장이 뭐예요?")
            expect(other.locator(".turn")).to_have_count(2, timeout=15000)
            one.get_by_role("button", name="더 보기").click()
            one.get_by_role("button", name="새로 시작").click()
            one.get_by_role("button", name="네, 새로 시작").click()
            expect(one.locator(".turn")).to_have_count(1, timeout=15000)
            expect(other.locator(".turn")).to_have_count(1, timeout=15000)
            say(other, "FOB가 뭐예요?")
            expect(one.locator(".turn")).to_have_count(2, timeout=15000)
        finally:
            context.close()


def test_somebody_who_reads_further_up_is_not_moved(page: Page, service: Service) -> None:
    say(page, "수출 절차 알려줘")
    expect(page.locator(".turn")).to_have_count(2, timeout=15000)
    page.locator(".log").evaluate("node => { node.scrollTop = 0; }")
    elsewhere(page, service.address).say("신용장이 뭐예요?")
    below = page.get_by_role("button", name="새 답 보기")
    expect(below).to_be_visible(timeout=10000)
    assert page.locator(".log").evaluate("node => node.scrollTop") == 0
    below.click()
    expect(below).to_be_hidden()
    expect(page.locator(".turn").last).to_be_in_viewport()
