"""Customer and agent at once, each in a real Chromium: from Naru to a person and back, live, to the goodbye."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from channels.console.accounts import Role
from tests.bot.customers import ALWAYS
from tests.channels.browsing import needs_browser, visit
from tests.channels.console.entering import employ, enter
from tests.conftest import Service, start_service

pytestmark = needs_browser

SCRIPT = "<script>window.stolen = 1</script><img src=x onerror='window.stolen = 2'>"


@pytest.fixture(scope="module")
def service(data_dir: Path, settings: Any) -> Iterator[Service]:
    """A Naru with people at the desk around the clock."""
    running = start_service(data_dir, NARU_DESK="true", NARU_DESK_HOURS=ALWAYS)
    yield running
    running.stop()


def say(customer: Page, words: str) -> None:
    customer.get_by_label("궁금한 것을 적어 주세요").fill(words)
    customer.get_by_role("button", name="보내기").click()


def faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {[node['target'] for node in fault['nodes']]}" for fault in found]


def press(agent: Page, key: str) -> None:
    """Presses a shortcut, as somebody who is not writing."""
    agent.keyboard.press("Escape")
    agent.keyboard.press(key)


def test_from_naru_to_a_person_and_back(browser: Browser, service: Service, settings: Any) -> None:
    mina = employ(settings, Role.AGENT, shown_as="김미나")
    with (
        visit(browser, "about:blank", locale="ko-KR") as agent,
        visit(browser, f"{service.address}/", locale="ko-KR") as customer,
    ):
        enter(agent, service.address, mina.name)
        agent.wait_for_url("**/console/queue")
        expect(agent.get_by_text("자리 비움으로 되어 있어요")).to_be_visible()
        agent.get_by_role("switch").check()
        expect(agent.get_by_text("자리 비움으로 되어 있어요")).to_be_hidden()
        assert faults(agent) == []

        # Naru answers, then the customer wants a person.
        expect(customer.locator(".turn").first).to_be_visible(timeout=20000)
        say(customer, "신용장이 뭐예요?")
        expect(customer.locator(".turn").nth(1)).to_contain_text("신용장", timeout=20000)
        say(customer, "상담원 연결해 주세요")
        expect(customer.locator(".log")).to_contain_text("담당자를 부를게요", timeout=20000)

        # They come into the queue without a reload; arrow and Enter take them.
        row = agent.locator("[data-accept]")
        expect(row).to_contain_text("신용장이 뭐예요?", timeout=8000)
        expect(agent).to_have_title("(1) 대기열 · 나루 상담실")
        assert faults(agent) == []
        agent.keyboard.press("ArrowDown")
        expect(row).to_be_focused()
        agent.keyboard.press("Enter")
        agent.wait_for_url("**/console/queue/*")
        expect(agent.locator("#state")).to_have_text("내가 상담 중", timeout=8000)
        expect(agent.locator(".summary").first).to_contain_text("신용장이 뭐예요?")
        expect(customer.locator(".log")).to_contain_text("담당자 김미나 님이 이어서 도와드려요", timeout=8000)
        assert faults(agent) == []

        # Each sees the other write, and reads what was written, as it was written.
        field = agent.get_by_label("글 쓰기")
        expect(field).to_be_focused()
        field.press_sequentially("안녕")
        expect(customer.get_by_text("담당자가 쓰고 있어요")).to_be_visible(timeout=8000)
        field.fill(f"안녕하세요 {SCRIPT}\n두 번째 줄")
        field.press("Enter")
        expect(field).to_have_value("")
        expect(customer.locator(".turn.staff .bubble").last).to_contain_text(SCRIPT, timeout=8000)
        expect(customer.locator(".turn.staff .who").last).to_have_text("담당자")
        expect(customer.get_by_text("담당자가 쓰고 있어요")).to_be_hidden(timeout=8000)
        customer.get_by_label("궁금한 것을 적어 주세요").press_sequentially("저는")
        expect(agent.get_by_text("고객이 쓰고 있어요")).to_be_visible(timeout=8000)
        say(customer, f"관세가 걱정돼요 {SCRIPT}")
        expect(agent.locator(".item.customer").last).to_contain_text(f"관세가 걱정돼요 {SCRIPT}", timeout=8000)
        expect(customer.locator(".log .typing")).to_be_hidden()
        for page in (agent, customer):
            assert page.evaluate("window.stolen") is None
            assert page.locator(".item img, .bubble img").count() == 0

        # A private note, and a canned reply with a name filled in and a gap left to fill.
        press(agent, "m")
        expect(agent.locator("#send")).to_have_text("메모 남기기")
        field.fill("비밀 메모입니다")
        field.press("Enter")
        expect(agent.locator(".item.memo")).to_contain_text("비밀 메모입니다", timeout=8000)
        agent.get_by_label("고객에게 답하기").check()
        field.fill("/인사")
        field.press("Enter")
        expect(field).to_have_value(
            "안녕하세요, 수출 상담 담당자 김미나 인사드려요. 앞에서 나루와 나누신 얘기를 읽었어요. 이어서 도와드릴게요."
        )
        field.fill("/다시")
        field.press("Enter")
        field.press("Enter")
        expect(agent.locator(".toast")).to_contain_text("빈칸이 남아 있어요")
        agent.keyboard.type("내일 오전")
        field.press("Enter")
        expect(customer.locator(".log")).to_contain_text("알아보고 내일 오전에 다시 연락드릴게요.", timeout=8000)
        expect(customer.locator(".log")).not_to_contain_text("비밀 메모")

        # Nothing typed is lost when the line is down, and nothing is said twice after an answer was lost.
        agent.context.set_offline(True)
        field.fill("끊긴 사이에 쓴 글")
        field.press("Enter")
        expect(agent.locator(".item.failed")).to_contain_text("끊긴 사이에 쓴 글")
        agent.context.set_offline(False)
        lost: list[str] = []

        def loses_the_answer(route: Any) -> None:
            route.fetch()
            lost.append(route.request.post_data)
            route.abort()

        agent.route("**/messages", loses_the_answer, times=1)
        agent.get_by_role("button", name="다시 보내기").click()
        expect(agent.locator(".item.failed")).to_be_visible(timeout=8000)
        assert len(lost) == 1
        agent.get_by_role("button", name="다시 보내기").click()
        expect(agent.locator("#outbox .item")).to_have_count(0, timeout=8000)
        expect(agent.locator("#items")).to_contain_text("끊긴 사이에 쓴 글", timeout=10000)
        for said in (customer.locator(".log .bubble"), agent.locator("#items .bubble")):
            expect(said.filter(has_text="끊긴 사이에 쓴 글")).to_have_count(1)

        # Half a Korean syllable is never sent: Enter belongs to the composition.
        field.fill("쓰는 주")
        field.evaluate(
            "field => field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }))"
        )
        expect(field).to_have_value("쓰는 주")
        field.fill("")

        # Back to Naru, who answers again.
        press(agent, "b")
        agent.locator("dialog[open] button.main").click()
        expect(agent.locator("#state")).to_have_text("끝난 상담", timeout=8000)
        expect(agent.locator("#composer")).to_be_hidden()
        expect(customer.locator(".log")).to_contain_text("다시 나루예요", timeout=8000)
        say(customer, "FOB가 뭐예요?")
        expect(customer.locator(".turn").last).to_contain_text("본선", timeout=20000)

        # And once more to a person, who closes.
        say(customer, "상담원 연결해 주세요")
        press(agent, "g")
        agent.keyboard.press("q")
        agent.wait_for_url("**/console/queue")
        expect(agent.locator("[data-accept]")).to_be_visible(timeout=20000)
        agent.keyboard.press("n")
        agent.wait_for_url("**/console/queue/*")
        expect(agent.locator(".about")).to_contain_text("지난 상담")
        expect(agent.locator("#state")).to_have_text("내가 상담 중", timeout=8000)
        press(agent, "e")
        dialog = agent.get_by_role("dialog", name="상담 마치기")
        dialog.get_by_label("해결함").check()
        dialog.get_by_label("마무리 메모").fill("신용장 설명함")
        assert faults(agent) == []
        dialog.get_by_role("button", name="상담 마치기").click()
        expect(customer.locator(".log")).to_contain_text("상담을 마쳤어요", timeout=8000)
        expect(agent.locator("#state")).to_have_text("끝난 상담", timeout=8000)
        expect(customer.locator(".log")).not_to_contain_text("신용장 설명함")


@pytest.mark.parametrize("width", [1280, 1920])
def test_it_fits_the_screen(browser: Browser, service: Service, settings: Any, width: int) -> None:
    lead = employ(settings, Role.SUPERVISOR, language="en", shown_as="Lee")
    with visit(browser, "about:blank", color_scheme="dark") as page:
        page.set_viewport_size({"width": width, "height": 800})
        enter(page, service.address, lead.name)
        for path in ("queue", "canned"):
            page.goto(f"{service.address}/console/{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert faults(page) == []
