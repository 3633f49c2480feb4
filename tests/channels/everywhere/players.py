"""People who hold a conversation on a channel, each through the channel's own wire, and what they see there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urljoin

import httpx

Files = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True)
class Seen:
    """Everything a person sees after a message: all pages, in order; the buttons shown; the files that arrived.

    ``outcome`` and ``sources`` (title and date of each) are told apart by the web only; elsewhere they are words.
    """

    text: str
    buttons: tuple[str, ...] = ()
    files: Files = ()
    outcome: str | None = None
    sources: frozenset[tuple[str, str]] | None = None


class Player(Protocol):
    """Somebody on one channel."""

    channel: str

    def say(self, words: str) -> Seen:
        """Writes something."""

    def choose(self, title: str) -> Seen:
        """Presses the button of the last answer whose title begins like this."""

    def send(self, path: Path) -> Seen | None:
        """Sends a file; None where the channel takes none."""


def button(title: str, shown: list[tuple[str, Any]]) -> Any:
    """Returns what belongs to the button of that title; a channel may have cut its label."""
    exact = [value for label, value in shown if label == title]
    alike = [value for label, value in shown if begins(label, title)]
    assert exact or alike, f"no button {title!r} among {[label for label, _ in shown]}"
    return (exact or alike)[0]


def begins(label: str, title: str) -> bool:
    """Tells whether a label, cut or whole, is of the button whose title begins like ``title``."""
    cut = label.removesuffix("…").rstrip()
    return label.startswith(title) or (label.endswith("…") and bool(cut) and title.startswith(cut))


class Web:
    """Somebody on the website: what the widget gets over HTTP, everything of it shown."""

    channel = "web"

    def __init__(self, address: str, language: str) -> None:
        self._http = httpx.Client(base_url=address, timeout=60)
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
