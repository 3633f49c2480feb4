"""The page and the widget in a real Chromium, at desktop and phone size."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.channels.browsing import DESKTOP, needs_browser
from tests.conftest import Service, start_service

PHONE = {"width": 375, "height": 667}

pytestmark = needs_browser


@pytest.fixture(params=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, service: Service) -> Iterator[Page]:
    phone = request.param == "phone"
    context = browser.new_context(viewport=PHONE if phone else DESKTOP, has_touch=phone, locale="ko-KR")  # type: ignore[arg-type]
    opened = context.new_page()
    opened.faults = []  # type: ignore[attr-defined]
    opened.on("pageerror", lambda error: opened.faults.append(str(error)))  # type: ignore[attr-defined]
    opened.goto(service.address)
    expect(opened.locator(".turn").first).to_be_visible(timeout=15000)
    yield opened
    assert "[object" not in opened.locator("naru-chat").evaluate("node => node.shadowRoot.textContent")
    assert opened.faults == []  # type: ignore[attr-defined]
    context.close()


def say(page: Page, words: str) -> None:
    turns = page.locator(".turn").count()
    page.get_by_label("궁금한 것을 적어 주세요").fill(words)
    page.get_by_role("button", name="보내기").click()
    expect(page.locator(".turn")).to_have_count(turns + 1, timeout=15000)


def test_a_question_gets_a_sourced_answer(page: Page) -> None:
    say(page, "신용장이 뭐예요?")
    answer = page.locator(".turn").last
    expect(answer.locator(".bubble").first).to_contain_text("은행")
    answer.locator("summary").first.click()
    expect(answer.locator(".sources li").first).to_be_visible()
    expect(answer.locator(".facts").first).to_contain_text("기준")


def test_a_term_in_the_answer_can_be_tapped(page: Page) -> None:
    say(page, "FOB가 뭐예요?")
    term = page.locator(".turn").last.locator(".term").first
    term.click()
    expect(term).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".turn").last.locator(".term-note").first).to_contain_text(term.inner_text())
    term.click()
    expect(term).to_have_attribute("aria-expanded", "false")


def test_steps_are_listed_with_their_terms(page: Page) -> None:
    say(page, "수출 절차 알려줘")
    steps = page.locator(".turn").last.locator("ol li")
    expect(steps).to_have_count(9)
    expect(steps.nth(1)).to_contain_text("은행이 지급을 약속한 편지")
    expect(steps.nth(4)).to_contain_text("수출신고필증")


def test_a_button_answers(page: Page) -> None:
    page.locator(".choice").first.click()
    expect(page.locator(".mine").last).to_be_visible()
    expect(page.locator(".turn")).to_have_count(2, timeout=15000)


def test_history_survives_a_reload(page: Page) -> None:
    say(page, "코트라가 뭐예요?")
    before = page.locator(".log").inner_text()
    page.reload()
    expect(page.locator(".turn")).to_have_count(2, timeout=15000)
    assert page.locator(".log").inner_text() == before


def test_text_never_becomes_markup(page: Page) -> None:
    say(page, '<img src=x onerror="window.hacked=1"><b>굵게</b>')
    assert page.evaluate("window.hacked") is None
    assert page.locator(".log img").count() == 0
    expect(page.locator(".mine").last).to_contain_text("<b>굵게</b>")


def test_feedback_and_restart(page: Page) -> None:
    say(page, "신용장이 뭐예요?")
    up = page.get_by_role("button", name="도움이 됐어요")
    up.last.click()
    expect(up.last).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="더 보기").click()
    page.get_by_role("button", name="새로 시작").click()
    page.get_by_role("button", name="네, 새로 시작").click()
    expect(page.locator(".mine")).to_have_count(0)
    expect(page.locator(".turn")).to_have_count(1, timeout=15000)


def test_language_switch(page: Page) -> None:
    say(page, "신용장이 뭐예요?")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_visible(timeout=15000)
    expect(page.locator(".turn").last).to_contain_text("bank")
    assert page.locator("naru-chat").get_attribute("lang") == "en"


def test_it_works_by_keyboard_alone(page: Page) -> None:
    box = page.get_by_label("궁금한 것을 적어 주세요")
    box.focus()
    page.keyboard.type("수출 순서 알려줘")
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(2, timeout=15000)
    expect(page.locator(".turn").last.locator("ol li").first).to_be_visible()


def test_axe_finds_nothing_serious(page: Page) -> None:
    say(page, "FOB랑 CIF 차이가 뭐예요?")
    page.locator(".turn").last.locator("summary").first.click()
    found = Axe().run(page).response["violations"]
    serious = [
        (fault["id"], fault["nodes"][0]["html"]) for fault in found if fault["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_nothing_is_wider_than_the_screen(page: Page) -> None:
    say(page, "다른 회사들은 뭐가 제일 힘들대요?")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    log = page.locator(".log").bounding_box()
    form = page.locator("form").bounding_box()
    assert log and form
    assert form["y"] + form["height"] <= page.viewport_size["height"] + 1  # type: ignore[index]


def test_offline_loses_nothing(browser: Browser, data_dir: Path) -> None:
    running = start_service(data_dir)
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    try:
        page.goto(running.address)
        expect(page.locator(".turn").first).to_be_visible(timeout=15000)
        context.set_offline(True)
        box = page.get_by_label("궁금한 것을 적어 주세요")
        box.fill("원산지증명서 어디서 받아요?")
        page.get_by_role("button", name="보내기").click()
        expect(page.get_by_role("alert")).to_contain_text("인터넷 연결이 끊겼어요")
        assert box.input_value() == "원산지증명서 어디서 받아요?"
        context.set_offline(False)
        page.get_by_role("button", name="보내기").click()
        expect(page.locator(".turn")).to_have_count(2, timeout=15000)
        expect(page.get_by_role("alert")).to_be_hidden()
    finally:
        context.close()
        running.stop()


def test_a_bill_of_materials_is_sent_with_the_paper_clip(page: Page, tmp_path: Path) -> None:
    bill = tmp_path / "자재목록.csv"
    bill.write_text("협정,KR-CN\n물건 HS코드,3304.99\n재료명,값\n글리세린,2\n", encoding="utf-8")
    expect(page.get_by_role("button", name="파일 첨부")).to_be_visible()
    turns = page.locator(".turn").count()
    page.locator("input[type=file]").set_input_files(bill)
    expect(page.locator(".turn")).to_have_count(turns + 1, timeout=15000)
    expect(page.locator(".turn").last).to_contain_text("재료 1가지")
    expect(page.locator(".mine").last).to_contain_text("자재목록.csv")


def test_a_file_of_a_kind_nobody_reads_is_refused_in_words(page: Page, tmp_path: Path) -> None:
    wrong = tmp_path / "x.exe"
    wrong.write_bytes(b"MZ")
    page.locator("input[type=file]").set_input_files(wrong)
    expect(page.locator(".notice")).to_contain_text("이 파일은 받을 수 없어요", timeout=10000)


def test_a_file_that_is_too_large_is_refused_in_words(page: Page, tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    large.write_bytes(b"a,b\n" * 3_000_000)
    page.locator("input[type=file]").set_input_files(large)
    expect(page.locator(".notice")).to_contain_text("파일이 너무 커요", timeout=20000)
    expect(page.locator(".mine")).to_have_count(0)


def test_the_progress_of_a_file_is_shown(page: Page, tmp_path: Path) -> None:
    bill = tmp_path / "bill.csv"
    bill.write_text("협정,KR-CN\n재료명,값\n글리세린,2\n", encoding="utf-8")
    page.route("**/files", lambda route: (page.wait_for_timeout(700), route.continue_()))
    page.locator("input[type=file]").set_input_files(bill)
    expect(page.get_by_role("progressbar", name="파일을 보내고 있어요")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(2, timeout=15000)
    expect(page.get_by_role("progressbar")).to_have_count(0)


def test_a_file_can_be_dropped_on_the_conversation(page: Page) -> None:
    turns = page.locator(".turn").count()
    page.locator("naru-chat").evaluate(
        """node => {
          const dropped = new DataTransfer();
          dropped.items.add(new File(["협정,KR-CN\\n재료명,값\\n글리세린,2\\n"], "bill.csv", {type: "text/csv"}));
          const event = new DragEvent("drop", {dataTransfer: dropped, bubbles: true, cancelable: true});
          node.shadowRoot.querySelector(".panel").dispatchEvent(event);
        }"""
    )
    expect(page.locator(".turn")).to_have_count(turns + 1, timeout=15000)
    expect(page.locator(".turn").last).to_contain_text("재료 1가지")
