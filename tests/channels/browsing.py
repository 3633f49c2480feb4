"""A real Chromium, and somebody else's website on another origin for the widget to stand on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}

needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine (Debian: apt-get install chromium)"
)

HOSTILE_CSS = """
* { all: unset !important; font-size: 3px !important; color: red !important; line-height: 9 !important }
div, button, section, form, textarea, naru-chat { display: none !important; opacity: 0 !important; visibility: hidden !important }
button { position: absolute !important; top: 0 !important; z-index: -1 !important }
html { overflow: hidden !important; font-size: 62.5% !important }
html, body, h1, p { display: block !important }
body { transform: rotate(3deg) scale(0.5) !important; overflow: hidden !important; height: 200px !important; filter: grayscale(1) !important }
"""

HOSTILE_JS = """
Array.prototype.everywhere = function () { return this; };
Object.defineProperty(Array.prototype, "andHere", { value: 7, enumerable: true, writable: true, configurable: true });
addEventListener("keydown", (event) => { if (/^[a-z/ ]$/.test(event.key)) event.preventDefault(); });
"""


def strict(naru: str, more: str = "") -> str:
    """The content-security policy of a careful host page."""
    return f"default-src 'none'; script-src {naru} {more}; connect-src {naru}; img-src {naru}"


def host_html(tag: str, head: str = "", language: str = "ko") -> str:
    """A page of somebody else's with the tag in its head."""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>남의 가게</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{head}{tag}</head>'
        "<body><h1>가게</h1><p>오늘도 엽니다.</p></body></html>"
    )


@contextmanager
def website(files: dict[str, tuple[str, str]], policy: str | None) -> Iterator[str]:
    """Serves files (path to media type and content) under a policy, on an origin of its own."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, content = files.get(self.path, ("text/plain", ""))
            self.send_response(200 if self.path in files else 404)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            if policy:
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@contextmanager
def visit(browser: Browser, address: str, phone: bool = False, **options: object) -> Iterator[Page]:
    """Opens a page in a fresh profile; no error and no breach of the page's policy is forgiven."""
    context = browser.new_context(viewport=PHONE if phone else DESKTOP, has_touch=phone, is_mobile=phone, **options)  # type: ignore[arg-type]
    context.set_default_timeout(15000)
    context.add_init_script(WATCH)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    try:
        page.goto(address)
        yield page
        assert faults == []
        assert page.evaluate("violations") == []
    finally:
        context.close()


def open_chat(page: Page, label: str = "나루에게 물어보기") -> None:
    """Presses the launcher and waits for the greeting."""
    page.get_by_role("button", name=label).click()
    expect(page.locator(".turn").first).to_be_visible(timeout=15000)
