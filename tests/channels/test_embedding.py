"""The widget on somebody else's page: strict policies, hostile styles and scripts, the tag's attributes, keys, phones."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from channels.widget_commands import tags
from tests.channels.browsing import (
    HOSTILE_CSS,
    HOSTILE_JS,
    host_html,
    needs_browser,
    open_chat,
    strict,
    visit,
    website,
)
from tests.conftest import Service, Visitor

pytestmark = needs_browser

LAUNCHER = "나루에게 물어보기"
INPUT = "궁금한 것을 적어 주세요"


def tag(naru: str, **wishes: str) -> str:
    attributes = "".join(f' data-{name}="{value}"' for name, value in wishes.items())
    return f'<script async src="{naru}/widget.js"{attributes}></script>'


def say(page: Page, words: str) -> None:
    turns = page.locator(".turn").count()
    page.get_by_label(INPUT).fill(words)
    page.get_by_role("button", name="보내기").click()
    expect(page.locator(".turn")).to_have_count(turns + 1, timeout=15000)


@pytest.mark.parametrize("kind", ["async", "module", "pinned", "pinned module", "at the end"])
def test_every_kind_of_tag_under_a_strict_policy(browser: Browser, service: Service, kind: str) -> None:
    pinned = tags(service.address)[1].replace('data-language="auto"', 'data-language="ko"')
    written = {
        "async": tag(service.address, language="ko"),
        "module": tag(service.address, language="ko").replace("async", 'type="module"'),
        "pinned": pinned,
        "pinned module": pinned.replace("async", 'type="module"'),
        "at the end": "",
    }[kind]
    html = host_html(written)
    if kind == "at the end":
        html = html.replace("</body>", tag(service.address, language="ko").replace("async ", "") + "</body>")
    with website({"/": ("text/html", html)}, strict(service.address)) as host, visit(browser, host) as page:
        open_chat(page)
        say(page, "신용장이 뭐예요?")
        expect(page.locator(".turn").last).to_contain_text("은행")
        page.reload()
        page.wait_for_selector(".turn:nth-child(n+2)")
        assert page.context.cookies() == []
        assert page.evaluate("document.cookie") == ""


def test_a_script_that_was_changed_is_not_run(browser: Browser, service: Service) -> None:
    """What the integrity hash is for: the same address, one byte more."""
    html = host_html(tags(service.address)[1])
    with website({"/": ("text/html", html)}, None) as host:
        context = browser.new_context()
        context.route(
            "**/widget/*.js", lambda route: route.fulfill(response=(kept := route.fetch()), body=kept.text() + " ")
        )
        page = context.new_page()
        with page.expect_console_message(lambda message: "integrity" in message.text):
            page.goto(host)
        assert page.locator("naru-chat").count() == 0
        context.close()


def test_pictures_come_from_naru_under_a_strict_policy(browser: Browser, service: Service) -> None:
    person = Visitor(service.address)
    turn = person.say("수출 준비 테스트 해볼래요")
    for _ in range(20):
        if any(reply["image"] for reply in turn["replies"]):
            break
        turn = person.press(turn["replies"][-1]["choices"][0]["payload"])
    kept = f'{{"id": "{person.id}", "token": "{person.token}"}}'
    files = {"/": ("text/html", host_html(tag(service.address)))}
    with website(files, strict(service.address)) as host, visit(browser, host) as page:
        page.evaluate("([key, value]) => localStorage.setItem(key, value)", [f"naru:{service.address}", kept])
        page.reload()
        open_chat(page)
        picture = page.locator(".image").last
        picture.scroll_into_view_if_needed()
        page.wait_for_function(
            "document.querySelector('naru-chat').shadowRoot.querySelector('.image').naturalWidth > 0"
        )
        box = picture.bounding_box()
        assert box and box["width"] <= 380
        assert picture.get_attribute("alt")


def boxes(page: Page) -> dict[str, Any]:
    """Where things stand on the screen and how large their letters are."""
    found: dict[str, Any] = {}
    for name in (".panel", "header", ".turn .bubble", ".choice", "textarea", "form button[type=submit]"):
        box = page.locator(name).first.bounding_box()
        assert box, name
        found[name] = [round(box[side]) for side in ("x", "y", "width", "height")]
        found[name].append(page.locator(name).first.evaluate("n => getComputedStyle(n).fontSize"))
        found[name].append(page.locator(name).first.evaluate("n => getComputedStyle(n).color"))
    return found


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_hostile_page_changes_nothing(browser: Browser, service: Service, phone: bool, tmp_path: Path) -> None:
    hostile = '<link rel="stylesheet" href="/hostile.css"><script src="/hostile.js"></script>'
    files = {
        "/plain": ("text/html", host_html(tag(service.address))),
        "/hostile": ("text/html", host_html(tag(service.address), hostile)),
        "/hostile.css": ("text/css", HOSTILE_CSS),
        "/hostile.js": ("text/javascript", HOSTILE_JS),
    }
    seen = {}
    with website(files, strict(service.address, "'self'") + "; style-src 'self'") as host:
        for name in ("plain", "hostile"):
            with visit(browser, f"{host}/{name}", phone) as page:
                launcher = page.get_by_role("button", name=LAUNCHER)
                expect(launcher).to_be_visible()
                closed = launcher.bounding_box()
                open_chat(page)
                seen[name] = (closed, boxes(page))
                page.get_by_label(INPUT).focus()
                page.keyboard.type("what is fob")  # the hostile page swallows letters typed outside of fields
                assert page.get_by_label(INPUT).input_value() == "what is fob"
                page.keyboard.press("Enter")
                expect(page.locator(".turn")).to_have_count(2, timeout=15000)
                page.screenshot(path=tmp_path / f"{name}.png")
    assert seen["hostile"] == seen["plain"]
    assert seen["plain"][1]["textarea"][4] == "16px"


@pytest.mark.parametrize("style", ["html{zoom:0.6}", "body{zoom:1.7}", "html{font-size:62.5%}", "html{font-size:40px}"])
def test_a_zoomed_page_does_not_zoom_the_widget(browser: Browser, service: Service, style: str) -> None:
    files = {
        "/plain": ("text/html", host_html(tag(service.address))),
        "/zoomed": ("text/html", host_html(tag(service.address), f"<style>{style}</style>")),
    }
    seen = {}
    with website(files, None) as host:
        for name in ("plain", "zoomed"):
            with visit(browser, f"{host}/{name}") as page:
                open_chat(page)
                seen[name] = [page.locator(part).first.bounding_box() for part in (".panel", "textarea", ".choice")]
    for plain, zoomed in zip(seen["plain"], seen["zoomed"], strict=True):
        assert plain and zoomed
        assert all(abs(plain[side] - zoomed[side]) <= 2 for side in ("x", "y", "width", "height")), (plain, zoomed)


@pytest.mark.parametrize(
    ("wished", "page_language", "greeting"),
    [
        ("ko", "en", "안녕하세요"),
        ("en", "ko", "Hello"),
        ("auto", "en-GB", "Hello"),
        ("auto", "ko", "안녕하세요"),
        ("fr", "ko", "안녕하세요"),
    ],
)
def test_language(browser: Browser, service: Service, wished: str, page_language: str, greeting: str) -> None:
    html = host_html(tag(service.address, language=wished, open="true"), language=page_language)
    with website({"/": ("text/html", html)}, strict(service.address)) as host, visit(browser, host) as page:
        expect(page.locator(".turn").first).to_contain_text(greeting, timeout=15000)


def rgb(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


def luminance(colour: tuple[int, ...]) -> float:
    """WCAG 2.2, "relative luminance"."""
    parts = [value / 255 for value in colour]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, bright = sorted((luminance(rgb(one)), luminance(rgb(other))))
    return (bright + 0.05) / (dark + 0.05)


def colours(page: Page, name: str) -> tuple[str, str]:
    found = page.locator(name).first.evaluate("n => [getComputedStyle(n).color, getComputedStyle(n).backgroundColor]")
    return found[0], found[1]


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ("#7a1f5c", (122, 31, 92)),
        ("#ffe600", (255, 230, 0)),
        ("#fff", (255, 255, 255)),
        ("#777777", (119, 119, 119)),
        ("black", (0, 0, 0)),
        ("hsl(9deg, 100%, 64%)", (255, 99, 71)),
        ("tomato", (255, 99, 71)),
        ("red; } * { display: none", None),
        ("url(//evil)", None),
        ("var(--x)", None),
        ("currentcolor", None),
        ("transparent", None),
        ("rgb(1 2 3 / 10%)", None),
    ],
)
def test_colours_are_checked_and_words_on_them_stay_readable(
    browser: Browser,
    service: Service,
    wish: str,
    expected: tuple[int, ...] | None,
) -> None:
    html = host_html(tag(service.address, colour=wish))
    with website({"/": ("text/html", html)}, strict(service.address)) as host, visit(browser, host) as page:
        words, ground = colours(page, ".launcher")
        assert rgb(ground) == (expected or (11, 92, 122))
        assert contrast(words, ground) >= 4.5
        open_chat(page)
        for name in ("header", "form button[type=submit]", ".choice"):
            assert contrast(*colours(page, name)) >= 4.5, name


def test_position_greeting_and_open(browser: Browser, service: Service) -> None:
    wishes = {"position": "left", "open": "true", "greeting": "어서 오세요. <img src=x onerror=alert(1)>"}
    html = host_html(tag(service.address, **wishes))
    with website({"/": ("text/html", html)}, strict(service.address)) as host:
        with visit(browser, host) as page:
            expect(page.locator(".turn").first).to_be_visible(timeout=15000)
            first = page.locator(".log .bubble").first
            expect(first).to_have_text("어서 오세요. <img src=x onerror=alert(1)>")
            assert page.locator(".log img").count() == 0
            box = page.locator(".panel").bounding_box()
            assert box and box["x"] < 40
            page.get_by_role("button", name="닫기").click()
            page.reload()
            expect(page.get_by_role("button", name=LAUNCHER)).to_be_visible()  # who closed it does not want it again
            open_chat(page)
            expect(page.locator(".log .bubble").first).to_contain_text("어서 오세요")
        with visit(browser, host, phone=True) as page:
            expect(page.get_by_role("button", name=LAUNCHER)).to_be_visible()  # it would hide the whole page


@pytest.mark.parametrize("selector", ["#here", "#not-there", "((("])
def test_it_fills_a_place_of_the_page(browser: Browser, service: Service, selector: str) -> None:
    html = host_html(tag(service.address, target=selector)).replace("<p>", '<div id="here"></div><p>')
    with website({"/": ("text/html", html)}, strict(service.address)) as host, visit(browser, host) as page:
        if selector == "#here":
            expect(page.locator("#here .turn").first).to_be_visible(timeout=15000)
            expect(page.get_by_role("region", name="나루 수출 도우미")).to_be_visible()
        else:
            open_chat(page)


def test_the_pages_record_is_explained_at_once(browser: Browser, service: Service) -> None:
    html = host_html(tag(service.address, context="programme.export-voucher"))
    with website({"/": ("text/html", html)}, strict(service.address)) as host, visit(browser, host) as page:
        open_chat(page)
        expect(page.locator(".turn")).to_have_count(2, timeout=15000)
        expect(page.locator(".turn").last.locator(".head").first).to_have_text("수출바우처")
        expect(page.locator(".mine")).to_have_count(0)
        with page.expect_response(lambda response: response.url.endswith("/messages")) as answered:
            say(page, "그거 어디서 신청해요?")
        assert any("export-voucher" in record for record in answered.value.json()["records"]), (
            "그거 means the page's record"
        )
        page.reload()
        expect(page.locator(".turn")).to_have_count(3, timeout=15000)
        expect(page.locator(".mine")).to_have_count(1)


@pytest.mark.parametrize("record", ["programme.nothing", "../../etc/passwd", "수출바우처", "x" * 200])
def test_an_unknown_record_disturbs_nobody(browser: Browser, service: Service, record: str) -> None:
    html = host_html(tag(service.address, context=record))
    with website({"/": ("text/html", html)}, strict(service.address)) as host, visit(browser, host) as page:
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
        open_chat(page)
        page.wait_for_timeout(700)
        expect(page.locator(".turn")).to_have_count(1)
        expect(page.locator(".notice")).to_be_hidden()
        assert [address for address in sent if address.endswith("/messages")] == []
        say(page, "FOB가 뭐예요?")


def test_a_conversation_that_goes_on_is_not_interrupted(browser: Browser, service: Service) -> None:
    files = {
        "/one": ("text/html", host_html(tag(service.address))),
        "/two": ("text/html", host_html(tag(service.address, context="programme.export-voucher"))),
    }
    with website(files, strict(service.address)) as host, visit(browser, f"{host}/one") as page:
        open_chat(page)
        say(page, "신용장이 뭐예요?")
        page.goto(f"{host}/two")
        expect(page.locator(".turn")).to_have_count(2, timeout=15000)  # it was left open
        page.get_by_role("button", name="‘수출바우처’ 설명 보기").click()
        expect(page.locator(".turn")).to_have_count(3, timeout=15000)
        expect(page.locator(".turn").last).to_contain_text("수출바우처")


def test_by_keyboard_on_a_wide_screen(browser: Browser, service: Service) -> None:
    html = host_html(tag(service.address))
    with website({"/": ("text/html", html)}, strict(service.address)) as host, visit(browser, host) as page:
        launcher = page.get_by_role("button", name=LAUNCHER)
        expect(launcher).to_be_visible()
        page.keyboard.press("Tab")
        expect(launcher).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_label(INPUT)).to_be_focused()
        dialog = page.get_by_role("dialog", name="나루 수출 도우미")
        expect(dialog).not_to_have_attribute("aria-modal", "true")
        expect(page.locator(".turn").first).to_be_visible(timeout=15000)
        more = page.get_by_role("button", name="더 보기")
        more.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("button", name="대화 저장")).to_be_focused()
        page.keyboard.press("Escape")
        expect(more).to_be_focused()
        expect(dialog).to_be_visible()
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(launcher).to_be_focused()


def test_by_keyboard_on_a_phone_nothing_behind_is_reached(browser: Browser, service: Service) -> None:
    html = host_html(tag(service.address)).replace("</body>", '<a href="/x">뒤에 있는 링크</a></body>')
    with website({"/": ("text/html", html)}, strict(service.address)) as host, visit(browser, host, phone=True) as page:
        page.get_by_role("button", name=LAUNCHER).focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog", name="나루 수출 도우미")
        expect(dialog).to_have_attribute("aria-modal", "true")
        expect(page.locator(".turn").first).to_be_visible(timeout=15000)
        focused = "document.activeElement.shadowRoot?.activeElement?.className ?? 'outside'"
        assert page.evaluate(focused) == "panel"
        for key in ("Tab", "Shift+Tab"):
            reached = []
            for _ in range(30):
                page.keyboard.press(key)
                reached.append(page.evaluate(focused))
            assert "outside" not in reached
            assert {"switch", "dots", "close", "log", "clip"} <= set(reached)
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name=LAUNCHER)).to_be_focused()


def test_a_choice_opens_no_keyboard_on_a_phone(browser: Browser, service: Service) -> None:
    html = host_html(tag(service.address))
    with website({"/": ("text/html", html)}, strict(service.address)) as host, visit(browser, host, phone=True) as page:
        page.get_by_role("button", name=LAUNCHER).tap()
        page.locator(".choice").first.tap()
        expect(page.locator(".turn")).to_have_count(2, timeout=15000)
        assert page.evaluate("document.activeElement.shadowRoot.activeElement?.tagName") != "TEXTAREA"


def test_the_phones_keyboard_hides_neither_header_nor_input(browser: Browser, service: Service) -> None:
    """Phones shrink and move the visual viewport when the keyboard comes; here it is told to do so."""
    html = host_html(tag(service.address))
    with website({"/": ("text/html", html)}, strict(service.address)) as host, visit(browser, host, phone=True) as page:
        open_chat(page)
        page.evaluate(
            """() => {
              for (const [name, value] of [["height", 330], ["offsetTop", 90]]) Object.defineProperty(visualViewport, name, { get: () => value });
              visualViewport.dispatchEvent(new Event("resize"));
            }"""
        )
        header, form = page.locator("header").bounding_box(), page.locator("form").bounding_box()
        assert header and form
        assert header["y"] == 90
        assert form["y"] + form["height"] <= 90 + 330
        assert page.locator(".log").evaluate("n => n.clientHeight") > 100
        assert float(page.get_by_label(INPUT).evaluate("n => parseFloat(getComputedStyle(n).fontSize)")) >= 16


@pytest.mark.parametrize("width", [320, 360])
def test_the_header_fits_the_smallest_phones(browser: Browser, service: Service, width: int) -> None:
    for language, label in (("ko", LAUNCHER), ("en", "Ask Naru")):
        html = host_html(tag(service.address, language=language))
        with (
            website({"/": ("text/html", html)}, strict(service.address)) as host,
            visit(browser, host, phone=True) as page,
        ):
            page.set_viewport_size({"width": width, "height": 568})
            open_chat(page, label)
            for part in page.locator("header > *, .menu-place > .dots").all():
                box = part.bounding_box()
                assert box and box["x"] >= 0 and box["x"] + box["width"] <= width
            title = page.locator("h2")
            assert title.evaluate("n => n.scrollWidth <= n.clientWidth"), "the title is cut off"
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def compose(page: Page, text: str) -> None:
    page.context.new_cdp_session(page).send(
        "Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
    )


def press_enter(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}
    session.send("Input.dispatchKeyEvent", {"type": "keyDown", **key})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": "Enter", "code": "Enter"})


COMPOSED_ENTER = """(node, how) => node.dispatchEvent(new KeyboardEvent("keydown",
    { key: "Enter", code: "Enter", bubbles: true, cancelable: true, composed: true, ...how }))"""


def test_a_syllable_is_sent_whole(browser: Browser, service: Service) -> None:
    """Chromium's order: Enter's keydown comes during the composition, then it ends, then Enter itself."""
    html = host_html(tag(service.address))
    with website({"/": ("text/html", html)}, strict(service.address)) as host, visit(browser, host) as page:
        open_chat(page)
        box = page.get_by_label(INPUT)
        box.focus()
        for text in ("ㅅ", "시", "신"):
            compose(page, text)
        page.context.new_cdp_session(page).send("Input.insertText", {"text": "신"})
        for text in ("ㅇ", "요", "용"):
            compose(page, text)
        box.evaluate(COMPOSED_ENTER, {"isComposing": True})
        box.evaluate(COMPOSED_ENTER, {"keyCode": 229})
        page.wait_for_timeout(200)
        expect(page.locator(".mine")).to_have_count(0)
        assert box.input_value() == "신용"
        page.context.new_cdp_session(page).send("Input.insertText", {"text": "용"})
        press_enter(page)
        expect(page.locator(".mine .bubble")).to_have_text("신용")
        expect(page.locator(".turn")).to_have_count(2, timeout=15000)
        assert box.input_value() == ""


def test_in_safaris_order_nothing_is_sent_by_the_key_that_ended_the_syllable(
    browser: Browser, service: Service
) -> None:
    """Safari ends the composition first and reports Enter with key code 229 and isComposing false afterwards."""
    html = host_html(tag(service.address))
    with website({"/": ("text/html", html)}, strict(service.address)) as host, visit(browser, host) as page:
        open_chat(page)
        box = page.get_by_label(INPUT)
        box.focus()
        compose(page, "가")
        page.context.new_cdp_session(page).send("Input.insertText", {"text": "가"})
        box.evaluate(COMPOSED_ENTER, {"keyCode": 229, "isComposing": False})
        page.wait_for_timeout(200)
        expect(page.locator(".mine")).to_have_count(0)
        box.evaluate(
            'node => node.dispatchEvent(new InputEvent("beforeinput", { inputType: "insertLineBreak", bubbles: true, cancelable: true }))'
        )  # Safari hands the Enter on
        expect(page.locator(".mine .bubble")).to_have_text("가")


def test_send_during_a_composition_sends_once_and_whole(browser: Browser, service: Service) -> None:
    html = host_html(tag(service.address))
    with website({"/": ("text/html", html)}, strict(service.address)) as host, visit(browser, host) as page:
        open_chat(page)
        page.get_by_label(INPUT).focus()
        compose(page, "환율")
        page.locator("form").evaluate("form => form.requestSubmit()")
        expect(page.locator(".mine .bubble")).to_have_text(["환율"])
        expect(page.locator(".turn")).to_have_count(2, timeout=15000)
        assert page.get_by_label(INPUT).input_value() == ""


def test_shift_enter_makes_a_line(browser: Browser, service: Service) -> None:
    html = host_html(tag(service.address))
    with website({"/": ("text/html", html)}, strict(service.address)) as host, visit(browser, host) as page:
        open_chat(page)
        box = page.get_by_label(INPUT)
        box.fill("첫 줄")
        box.press("Shift+Enter")
        page.keyboard.type("second")
        expect(page.locator(".mine")).to_have_count(0)
        assert box.input_value() == "첫 줄\nsecond"


def test_links_leave_the_page_alone(browser: Browser, service: Service) -> None:
    html = host_html(tag(service.address))
    with website({"/": ("text/html", html)}, strict(service.address)) as host, visit(browser, host) as page:
        open_chat(page)
        say(page, "코트라가 뭐예요?")
        links = page.locator(".turn a")
        assert links.count() > 0
        for link in links.all():
            assert link.get_attribute("target") == "_blank"
            assert "noopener" in (link.get_attribute("rel") or "")


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", ["/demo", "/demo/en"])
def test_the_demo_page(browser: Browser, service: Service, path: str, phone: bool) -> None:
    with visit(browser, service.address + path, phone) as page:
        expect(page.locator(".example")).to_contain_text("예시" if path == "/demo" else "example")
        open_chat(page, LAUNCHER if path == "/demo" else "Ask Naru")
        expect(page.locator(".turn")).to_have_count(2, timeout=15000)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        found = Axe().run(page).response["violations"]
        serious = [
            (fault["id"], fault["nodes"][0]["html"]) for fault in found if fault["impact"] in ("serious", "critical")
        ]
        assert serious == []
