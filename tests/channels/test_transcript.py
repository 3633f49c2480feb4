"""Taking the conversation along: saved as a page, printed alone, under any policy of the page around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.channels.browsing import host_html, needs_browser, open_chat, strict, visit, website
from tests.conftest import Service

pytestmark = needs_browser

INPUT = "궁금한 것을 적어 주세요"
PRINTED = "window.printed = 0; window.print = () => { window.printed += 1; };"


@pytest.fixture
def page(browser: Browser, service: Service) -> Iterator[Page]:
    """A conversation with a term, a table and sources, and words that look like markup."""
    greeting = "어서 오세요 <3"
    html = host_html(f'<script async src="{service.address}/widget.js" data-greeting="{greeting}"></script>')
    with website({"/": ("text/html", html)}, strict(service.address)) as host, visit(browser, host) as opened:
        open_chat(opened)
        for number, words in enumerate(["FOB랑 CIF 차이가 뭐예요?", "<b>신용장</b>이 뭐예요?"]):
            opened.get_by_label(INPUT).fill(words)
            opened.get_by_role("button", name="보내기").click()
            expect(opened.locator(".turn")).to_have_count(number + 2, timeout=15000)
        yield opened


def menu(page: Page, item: str) -> None:
    page.get_by_role("button", name="더 보기").click()
    page.get_by_role("button", name=item).click()


class Words(HTMLParser):
    """Collects what a page says, its elements and its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.elements, self.links = "", [], []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_saved_conversation_has_every_word_and_source(page: Page, tmp_path: Path) -> None:
    for summary in page.locator("summary").all():
        summary.click()
    shown = page.locator(".log .bubble p, .log .sources li a, .log td, .log li strong").all_inner_texts()
    links = {link.get_attribute("href") for link in page.locator(".log .sources a").all()}
    with page.expect_download() as download:
        menu(page, "대화 저장")
    assert re.fullmatch(r"나루-대화-\d{4}-\d\d-\d\d\.html", download.value.suggested_filename)
    path = tmp_path / "saved.html"
    download.value.save_as(path)
    html = path.read_text(encoding="utf-8")
    saved = Words(html)
    assert html.startswith("<!doctype html>")
    for words in ("FOB랑 CIF 차이가 뭐예요?", "<b>신용장</b>이 뭐예요?", "어서 오세요 <3", *shown):
        assert words in saved.text, words
    assert links and links <= set(saved.links)
    assert {"script", "img", "iframe", "b"}.isdisjoint(saved.elements)
    assert "table" in saved.elements


def test_the_saved_page_opens_by_itself(page: Page, tmp_path: Path) -> None:
    with page.expect_download() as download:
        menu(page, "대화 저장")
    path = tmp_path / "saved.html"
    download.value.save_as(path)
    other = page.context.new_page()
    other.goto(path.as_uri())
    expect(other.get_by_role("heading", level=1)).to_have_text("나루와 나눈 대화")
    assert other.evaluate("document.documentElement.scrollWidth <= innerWidth")
    other.set_viewport_size({"width": 360, "height": 740})
    assert other.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_only_the_conversation_is_printed(page: Page) -> None:
    page.context.add_init_script(PRINTED)
    with page.context.expect_page() as opened:
        menu(page, "인쇄")
    paper = opened.value
    expect(paper.locator("body")).to_contain_text("<b>신용장</b>이 뭐예요?")
    paper.wait_for_function("window.printed === 1")
    assert "오늘도 엽니다" not in paper.locator("body").inner_text()  # that is the host page's
    assert paper.locator("h2").first.evaluate("node => getComputedStyle(node).color") == "rgb(7, 80, 107)"
    assert paper.locator("button, textarea, script").count() == 0


def test_where_no_window_opens_the_way_out_is_named(page: Page) -> None:
    page.evaluate("window.open = () => null")
    menu(page, "인쇄")
    expect(page.get_by_role("alert")).to_contain_text("대화를 저장한 다음")
