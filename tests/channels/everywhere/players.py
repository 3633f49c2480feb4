"""People who hold a conversation on a channel, each through the channel's own wire, and what they see there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urljoin

import httpx

NUMBER = re.compile(r"^\d+\. ")

Files = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True)
class Seen:
    """Everything a person sees after a message: all pages, in order; the buttons shown; the files that arrived.

    ``outcome`` and ``sources`` (title and date of each) are told apart by the web only; elsewhere they are words.
    ``replaced``: something else was done than on the website, because the channel can't do the same.
    """

    text: str
    buttons: tuple[str, ...] = ()
    files: Files = ()
    outcome: str | None = None
    sources: frozenset[tuple[str, str]] | None = None
    replaced: bool = False


class Player(Protocol):
    """Somebody on one channel."""

    channel: str

    def say(self, words: str) -> Seen:
        """Writes something."""

    def choose(self, title: str) -> Seen:
        """Presses the button of the last answer whose title begins like this."""

    def send(self, path: Path) -> Seen | None:
        """Sends a file; None where the channel takes none."""

    def carry(self, words: str, path: Path) -> Seen:
        """Asks with ``words`` to go on elsewhere, and sends the file there, where files are taken."""


def button(title: str, shown: list[tuple[str, Any]]) -> Any:
    """Returns what belongs to the button of that title."""
    alike = [(label, value) for label, value in shown if begins(label, title)]
    assert alike, f"no button {title!r} among {[label for label, _ in shown]}"
    return min(alike, key=lambda one: (one[0] != title, not one[0].startswith(title), not _ends(one[0], title)))[1]


def begins(label: str, title: str) -> bool:
    """Tells whether a label is of the button whose title begins like ``title``.

    A channel may have cut the label, and numbered it where two were cut to the same.
    """
    shown, dots, _end = NUMBER.sub("", label).partition("…") if "…" in label else (label, "", "")
    return label.startswith(title) or (bool(dots) and bool(shown.strip()) and title.startswith(shown.rstrip()))


def _ends(label: str, title: str) -> bool:
    return title.endswith(label.rpartition("…")[2])


def visible(html: str) -> str:
    """Returns the words of a page in HTML as they are seen."""
    reading = _Reading()
    reading.feed(html)
    reading.close()
    return "".join(reading.parts)


class _Reading(HTMLParser):
    """Collects what is seen of HTML."""

    _BLOCKS = frozenset("p div li tr br h1 h2 h3 h4 dt dd table section article header footer blockquote pre".split())
    _UNSEEN = frozenset({"style", "script", "head", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in self._UNSEEN
        self.parts.append("\n" if tag in self._BLOCKS else " " if tag in ("td", "th") else "")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in self._UNSEEN

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


class Web:
    """Somebody on the website: what the widget gets over HTTP, everything of it shown."""

    channel = "web"

    def __init__(self, address: str, language: str) -> None:
        self._http = httpx.Client(base_url=address, timeout=120)
        opened = self._http.post("/api/conversations", json={"language": language}).raise_for_status().json()
        self._path = f"/api/conversations/{opened['conversation_id']}"
        self._http.headers["Authorization"] = f"Bearer {opened['token']}"
        self._buttons: list[tuple[str, str]] = []

    def say(self, words: str) -> Seen:
        return self._post({"text": words})

    def choose(self, title: str) -> Seen:
        return self._post({"payload": button(title, self._buttons)})

    def send(self, path: Path) -> Seen:
        kept = self._http.post(f"{self._path}/files", files={"file": (path.name, path.read_bytes())})
        return self._post({"file_id": kept.raise_for_status().json()["file_id"]})

    def carry(self, words: str, path: Path) -> Seen:
        raise NotImplementedError("files are taken here")

    def _post(self, message: dict[str, Any]) -> Seen:
        turn = self._http.post(f"{self._path}/messages", json=message).raise_for_status().json()
        replies = turn["replies"]
        self._buttons = [(each["title"], each["payload"]) for reply in replies for each in reply["choices"]]
        return Seen(
            "\n\n".join(_words(reply) for reply in replies),
            tuple(title for title, _ in self._buttons),
            tuple(self._fetched(reply["file"]) for reply in replies if reply["file"]),
            turn["outcome"],
            frozenset((source["title"], source["as_of"]) for reply in replies for source in reply["sources"]),
        )

    def _fetched(self, file: dict[str, str]) -> tuple[str, bytes]:
        """Returns a file as a browser gets it: from its signed address alone."""
        return file["name"], httpx.get(urljoin(str(self._http.base_url), file["url"])).raise_for_status().content


def _words(reply: dict[str, Any]) -> str:
    """Returns all words of a reply in the order in which the widget shows them."""
    lines = [reply["text"] or ""]
    if card := reply["card"]:
        rows = [f"{number}. {' '.join(row)}" for number, row in enumerate(card["rows"], 1)]
        lines += [card["title"], " ".join(card["columns"])]
        lines += rows if card["kind"] == "steps" else [" ".join(row) for row in card["rows"]]
    if reply["image"]:
        lines.append(reply["image"]["alt"])
    lines += [f"{term['term']}: {term['plain']}" for term in reply["terms"]]
    for source in reply["sources"]:
        lines.append(" ".join(filter(None, (source[part] for part in ("title", "locator", "as_of", "url")))))
    return "\n".join(line for line in lines if line)
