"""Customer and desk at once, each in a real Chromium: from Naru to a person, helped by the assist, and back; a call; an
application given back, accepted, and told of.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from rasa.core.agent import Agent

from actions.cases import Application, Cases
from actions.desk.handovers import Handovers
from actions.news.consent import allow
from actions.news.words import APPLICATION
from bot.assistant import Assistant
from bot.conversations import Conversations
from channels.console.accounts import Role
from channels.news_round import go_round
from tests.actions.cases.conftest import FIRM, VOUCHER, add_file
from tests.bot.customers import ALWAYS
from tests.channels.browsing import needs_browser, visit
from tests.channels.console.entering import employ, enter
from tests.conftest import Service, own_database, start_service

pytestmark = needs_browser

SCRIPT = "<script>window.stolen = 1</script><img src=x onerror='window.stolen = 2'>"


NOON = datetime.now(ZoneInfo("Asia/Seoul")).replace(hour=12, minute=0) + timedelta(days=1)
"""By day, and after whatever a test does: news is told neither at night nor before it is due."""

READABLE = 4.5
"""The contrast of text that WCAG 2.2 AA asks for."""

CONTRAST = """
bubble => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
  const light = (colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const parts = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255);
    const [r, g, b] = parts.map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const colour = getComputedStyle(element).backgroundColor;
    return /, 0\\)$|transparent/.test(colour) ? behind(element.parentElement) : colour;
  };
  return [...bubble.querySelectorAll("*")]
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .map((element) => {
      const [a, b] = [light(getComputedStyle(element).color), light(behind(element))].sort((x, y) => y - x);
      return [element.tagName + "." + element.className, (a + 0.05) / (b + 0.05)];
    });
}
"""
"""Gives each element with words in a bubble and its contrast, by WCAG's formula."""


@pytest.fixture(scope="module")
def settings(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Who waits because of other tests does not wait here."""
    with own_database(tmp_path_factory.mktemp("browsers")) as own:
        yield own


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
        expect(row).to_contain_text("신용장이 뭐예요?", timeout=20000)
        expect(agent).to_have_title("(1) 대기열 · 나루 상담실")
        assert faults(agent) == []
        agent.keyboard.press("ArrowDown")
        expect(row).to_be_focused()
        agent.keyboard.press("Enter")
        agent.wait_for_url("**/console/queue/*")
        expect(agent.locator("#state")).to_have_text("내가 상담 중", timeout=20000)
        expect(agent.locator(".summary").first).to_contain_text("신용장이 뭐예요?")
        expect(customer.locator(".log")).to_contain_text("담당자 김미나 님이 이어서 도와드려요", timeout=20000)
        assert faults(agent) == []

        # Each sees the other write, and reads what was written, as it was written.
        field = agent.get_by_label("글 쓰기")
        expect(field).to_be_focused()
        field.press_sequentially("안녕")
        expect(customer.get_by_text("담당자가 쓰고 있어요")).to_be_visible(timeout=8000)
        field.fill(f"안녕하세요 {SCRIPT}\n두 번째 줄")
        field.press("Enter")
        expect(field).to_have_value("")
        expect(customer.locator(".turn.staff .bubble").last).to_contain_text(SCRIPT, timeout=20000)
        expect(customer.locator(".turn.staff .who").last).to_have_text("담당자")
        expect(customer.get_by_text("담당자가 쓰고 있어요")).to_be_hidden(timeout=8000)
        customer.get_by_label("궁금한 것을 적어 주세요").press_sequentially("저는")
        expect(agent.get_by_text("고객이 쓰고 있어요")).to_be_visible(timeout=8000)
        say(customer, f"관세가 걱정돼요 {SCRIPT}")
        expect(agent.locator(".item.customer").last).to_contain_text(f"관세가 걱정돼요 {SCRIPT}", timeout=20000)
        expect(customer.locator(".log .typing")).to_be_hidden()
        for page in (agent, customer):
            assert page.evaluate("window.stolen") is None
            assert page.locator(".item img, .bubble img").count() == 0

        # A private note, and a canned reply with a name filled in and a gap left to fill.
        press(agent, "m")
        expect(agent.locator("#send")).to_have_text("메모 남기기")
        field.fill("비밀 메모입니다")
        field.press("Enter")
        expect(agent.locator(".item.memo")).to_contain_text("비밀 메모입니다", timeout=20000)
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
        expect(customer.locator(".log")).to_contain_text("알아보고 내일 오전에 다시 연락드릴게요.", timeout=20000)
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
        expect(agent.locator("#outbox .item")).to_have_count(0, timeout=20000)
        expect(agent.locator("#items")).to_contain_text("끊긴 사이에 쓴 글", timeout=20000)
        for said in (customer.locator(".log .bubble"), agent.locator("#items .bubble")):
            expect(said.filter(has_text="끊긴 사이에 쓴 글")).to_have_count(1)

        the_assist_helps(agent, customer)

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
        expect(agent.locator("#state")).to_have_text("끝난 상담", timeout=20000)
        expect(agent.locator("#composer")).to_be_hidden()
        expect(customer.locator(".log")).to_contain_text("다시 나루예요", timeout=20000)
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
        expect(agent.locator("#state")).to_have_text("내가 상담 중", timeout=20000)
        press(agent, "e")
        dialog = agent.get_by_role("dialog", name="상담 마치기")
        dialog.get_by_label("해결함").check()
        dialog.get_by_label("마무리 메모").fill("신용장 설명함")
        assert faults(agent) == []
        dialog.get_by_role("button", name="상담 마치기").click()
        expect(customer.locator(".log")).to_contain_text("상담을 마쳤어요", timeout=20000)
        expect(agent.locator("#state")).to_have_text("끝난 상담", timeout=20000)
        expect(customer.locator(".log")).not_to_contain_text("신용장 설명함")


def the_assist_helps(agent: Page, customer: Page) -> None:
    """A suggested answer is sent, then an origin simulation; the customer gets verdict, steps and sources."""
    now = agent.locator("[data-now]")
    say(customer, "FOB가 뭐예요?")
    expect(now.locator("summary .strong")).to_have_text("뜻을 알고 싶어요", timeout=20000)
    expect(now.locator(".badge.good")).to_be_visible()
    now.get_by_role("button", name="보내기", exact=True).click()
    sent = customer.locator(".turn.staff").last
    expect(sent).to_contain_text("본선", timeout=20000)
    expect(sent.locator(".sources summary")).to_be_visible()

    # What the customer presses is no question, so the suggestion stays, and the desk reads the button's title.
    customer.locator(".turn:not(.staff) .choice").first.click()
    pressed = agent.locator("#items .item.customer").last
    expect(pressed).to_have_attribute("data-pressed", "", timeout=20000)
    expect(pressed).to_contain_text("버튼:")
    expect(pressed).not_to_contain_text("/")
    expect(now.locator("summary .strong")).to_have_text("뜻을 알고 싶어요")

    # Bolts (731815) of wire rod (721391): another heading, so they meet CTH except 7317 of Korea-US, annex 6-A.
    agent.locator('.assist-tools [data-tool="origin"]').click()
    form = agent.locator('[data-form="origin"]')
    run = form.get_by_role("button", name="결과 보기")
    run.click()
    expect(form.locator("[data-faults]")).to_contain_text("협정을 골라 주세요", timeout=20000)
    form.locator("[name=agreement]").select_option("KR-US")
    for name, value in (("hs", "731815"), ("amount", "100"), ("work_more", "manufacturing")):
        form.locator(f"[name={name}]").fill(value)
    form.locator("[name=basis]").select_option("FOB")
    form.locator("[name=direct]").select_option("yes")
    for name, value in (("name", "선재"), ("hs", "721391"), ("value", "60")):
        form.locator(f"[data-rows] [data-cell={name}]").first.fill(value)
    run.click()
    result = form.locator("[data-result]")
    expect(result).to_have_attribute("data-verdict", "qualifies", timeout=20000)
    assert faults(agent) == []
    result.get_by_role("button", name="보내기", exact=True).click()
    told = customer.locator(".turn.staff").last
    expect(told).to_contain_text("기준을 채", timeout=20000)
    told.locator(".sources summary").first.click()
    expect(told.locator(".sources li").first).to_contain_text("Annex 6-A, p. 23")
    agent.locator("[data-shut]:visible").click()

    # What the desk said is as readable as the rest, sources and table too, by day and by night.
    mine = agent.locator("#items .item.staff").last
    expect(mine.locator("details").first).to_be_visible(timeout=8000)
    mine.evaluate("item => item.querySelectorAll('details').forEach((each) => { each.open = true; })")
    for scheme in ("dark", "light"):
        agent.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        measured = mine.locator(".bubble").evaluate(CONTRAST)
        assert len(measured) > 5
        assert [each for each in measured if each[1] < READABLE] == [], scheme


def test_a_call_from_hello_to_the_wrap_up(browser: Browser, service: Service, settings: Any) -> None:
    mina = employ(settings, Role.AGENT, shown_as="김미나")
    with visit(browser, "about:blank", locale="ko-KR") as agent:
        enter(agent, service.address, mina.name)
        agent.wait_for_url("**/console/queue")
        agent.keyboard.press("g")
        agent.keyboard.press("a")
        agent.wait_for_url("**/console/assist")
        agent.keyboard.press("n")
        agent.wait_for_url("**/console/assist/calls/*")
        handover_id = agent.url.rsplit("/", 1)[-1]
        field, now = agent.get_by_label("고객이 한 말"), agent.locator("[data-now]")
        expect(field).to_be_focused()

        # Need and answer are there while the line is still being typed; Enter keeps it.
        field.press_sequentially("신용장이 뭐예요?")
        expect(now.locator("summary .strong")).to_have_text("뜻을 알고 싶어요", timeout=20000)
        field.press("Enter")
        expect(agent.locator("#items .item.customer")).to_contain_text("신용장이 뭐예요?", timeout=20000)
        now.get_by_role("button", name="읽어 주기").click()
        expect(now.locator("[data-aloud]")).to_contain_text("은행")
        assert faults(agent) == []
        now.get_by_role("button", name="말한 것으로 남기기").click()
        expect(agent.locator("#items .item.staff")).to_contain_text("은행", timeout=20000)

        # Of goods and a market the next question comes, and the tool is filled in.
        field.fill("미국에 볼트를 수출하는데 FTA 혜택을 받을 수 있나요?")
        field.press("Enter")
        expect(now.locator(".assist-ask")).to_be_visible(timeout=10000)
        expect(now.locator('[data-tool="origin"]')).to_be_visible()
        duty = agent.locator('[data-form="duty"]')
        press(agent, "3")
        for name, value in (("hs", "731815"), ("amount", "1000")):
            duty.locator(f"[name={name}]").fill(value)
        duty.locator("[name=country]").select_option("US")
        duty.get_by_role("button", name="결과 보기").click()
        expect(duty.locator("[data-result]")).to_have_attribute("data-verdict", "estimated", timeout=20000)
        duty.locator("[data-result]").get_by_role("button", name="말한 것으로 남기기").click()
        expect(agent.locator("#items .item.staff")).to_have_count(2, timeout=20000)

        press(agent, "x")
        dialog = agent.get_by_role("dialog", name="통화 끝내기")
        dialog.get_by_label("해결함").check()
        dialog.get_by_label("마무리 메모").fill("관세를 안내함")
        dialog.get_by_role("button", name="통화 끝내기").click()
        agent.wait_for_url("**/console/assist")
        expect(agent.get_by_role("link", name="통화 시작")).to_have_count(0)  # no call is open any more
    closed = Handovers(settings).get(handover_id)
    assert closed and (closed.state, closed.closed_as, closed.channel) == ("closed", "solved", "phone")
    said = Conversations(settings.database).history(closed.conversation_id)
    spoke = [each["intent"]["name"] for each in said if each["replies"]]
    assert spoke == ["staff", "staff", "handover_closed"], "Naru said nothing but that it is over"


def applied(settings: Any, owner: str, news: bool) -> Application:
    """Sends an application to the export voucher from a conversation."""
    cases = Cases(settings.database, settings)
    if news:
        allow(owner, APPLICATION)
    begun = cases.start(owner, "programme.export-voucher")
    for key, words in (FIRM | VOUCHER).items():
        cases.answer(begun.id, key, words)
    cases.attach(begun.id, "business_registration", add_file(settings, owner, secrets.token_hex(8)))
    return cases.submit(begun.id, cases.review(begun.id).digest)


def tell_news(settings: Any) -> None:
    """Says what is due as at noon, whatever the clock says; the widget hears it from the database."""
    naru = Assistant(Agent(), Conversations(settings.database), settings)
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(go_round(naru, NOON))).result()


def decide(lead: Page, key: str, name: str, note: str) -> None:
    """Presses a decision's key, writes the note in its dialog, and sends it."""
    lead.wait_for_load_state()
    lead.keyboard.press(key)
    dialog = lead.get_by_role("dialog", name=name)
    dialog.locator("textarea").fill(note)
    dialog.get_by_role("button", name=name).click()
    expect(lead.get_by_role("status").filter(has_text="처리했어요")).to_be_visible()


def state_of(lead: Page) -> Locator:
    return lead.locator("h1 .badge")


def test_an_application_is_given_back_and_accepted_and_the_customer_told(
    browser: Browser, service: Service, settings: Any
) -> None:
    boss = employ(settings, Role.SUPERVISOR, shown_as="이선임")
    with (
        visit(browser, "about:blank", locale="ko-KR") as lead,
        visit(browser, "about:blank", locale="ko-KR") as customer,
    ):
        with customer.expect_response(lambda answer: answer.url.endswith("/api/conversations")) as opened:
            customer.goto(f"{service.address}/")
        expect(customer.locator(".turn").first).to_be_visible(timeout=20000)
        owner = opened.value.json()["conversation_id"]
        mine, cases = applied(settings, owner, news=True), Cases(settings.database, settings)

        enter(lead, service.address, boss.name)
        lead.goto(f"{service.address}/console/applications")
        lead.get_by_role("link", name=str(mine.number)).click()
        expect(lead.get_by_text("bada@narufood.co.kr")).to_be_visible()
        assert faults(lead) == []
        lead.keyboard.press("r")
        expect(state_of(lead)).to_have_text("검토 중")
        lead.wait_for_load_state()
        lead.keyboard.press("b")
        dialog = lead.get_by_role("dialog", name="고쳐 달라고 돌려보내기")
        dialog.get_by_role("button", name="고쳐 달라고 돌려보내기").click()
        expect(dialog).to_be_visible()  # a note must be written first
        assert faults(lead) == []
        dialog.get_by_role("button", name="취소").click()
        decide(lead, "b", "고쳐 달라고 돌려보내기", "도장이 보이지 않아요")
        expect(state_of(lead)).to_have_text("고치는 중")
        letter = lead.get_by_role("link", name="안내문").get_attribute("href")
        assert lead.context.request.get(f"{service.address}{letter}").body().startswith(b"%PDF")
        tell_news(settings)
        log = customer.locator(".log")
        expect(log).to_contain_text("안내문을 붙였어요", timeout=20000)
        expect(log).to_contain_text(str(mine.number))
        expect(log).not_to_contain_text("도장이 보이지 않아요")  # it is in the letter alone

        cases.answer(mine.id, "employees", "13명")
        cases.submit(mine.id, cases.review(mine.id).digest)
        lead.reload()
        expect(lead.locator("main")).to_contain_text("2번째 제출")
        lead.wait_for_load_state()
        lead.keyboard.press("r")
        expect(state_of(lead)).to_have_text("검토 중")
        decide(lead, "y", "받아들이기", "")
        expect(state_of(lead)).to_have_text("받아들임")
        tell_news(settings)
        told = customer.locator(".turn", has_text="받아들")
        expect(told.last).to_be_visible(timeout=10000)
        expect(told.last.locator("a[href*='/files/']")).to_be_visible()

        # A firm that wants no news is listed to be called, until somebody says that they did.
        quiet = applied(settings, _stranger(settings), news=False)
        lead.goto(f"{service.address}/console/applications/{quiet.id}")
        lead.keyboard.press("r")
        expect(state_of(lead)).to_have_text("검토 중")
        decide(lead, "y", "받아들이기", "")
        expect(lead.get_by_text("이 회사는 아직 결과를 몰라요")).to_be_visible()
        lead.goto(f"{service.address}/console/applications")
        lead.get_by_role("link", name="전화할 곳").click()
        expect(lead.locator(".inbox tbody tr")).to_have_count(1)
        assert faults(lead) == []
        lead.get_by_role("link", name=str(quiet.number)).click()
        lead.get_by_role("button", name="전화로 알렸어요").click()
        expect(lead.locator(".decide")).to_contain_text("이선임 님이 전화로 알렸어요")
        assert faults(lead) == []
        lead.goto(f"{service.address}/console/applications?state=call")
        expect(lead.get_by_text("신청서가 없어요")).to_be_visible()


def _stranger(settings: Any) -> str:
    """Returns somebody else's conversation."""
    return Conversations(settings.database).open("ko", "web").id


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
