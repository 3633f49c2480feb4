"""Somebody on KakaoTalk: skill requests and responses 2.0, as i Open Builder sends and shows them."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx

from tests.channels.everywhere.players import Files, Seen, Web, button, visible

MORE = ("더 보기", "Show more")
SEE_ANSWER = ("답 보기", "See the answer")
"""Buttons that only show what was said already: whoever wants to know everything presses them."""

CHOOSE = ("선택하기", "Choose this")
"""A card's button that chooses what the card is about: people tell it by the card's title."""

CODE = re.compile(r"NARU-[0-9A-Z]{4}-[0-9A-Z]{4}")

MOST_PAGES = 40


@dataclass(frozen=True)
class Press:
    """What a button of KakaoTalk sends: its words, what it carries, and its kind for ``flow.trigger``."""

    words: str
    extra: dict[str, Any]
    kind: str


class Kakao:
    """Somebody in KakaoTalk's channel chat.

    Args:
        address: The Naru that the skill calls.
        secret: The header's value set at the skill.
        public: The address that Naru's links have, which stands for ``address`` here.
        language: The language of the person's KakaoTalk.
    """

    channel = "kakao"

    def __init__(self, address: str, secret: str, public: str, language: str) -> None:
        self._http = httpx.Client(base_url=address, headers={"X-Naru-Secret": secret}, timeout=30)
        self._address, self._public, self._language = address, public, language
        self._user = secrets.token_hex(32)
        self._buttons: list[tuple[str, Press]] = []

    def say(self, words: str) -> Seen:
        return self._read_on(Press(words, {}, "TEXT_INPUT"))

    def choose(self, title: str) -> Seen:
        return self._read_on(button(title, self._buttons))

    def send(self, path: Path) -> Seen | None:
        """Takes no files: a skill is never sent one."""
        return None

    def carry(self, words: str, path: Path) -> Seen:
        """Goes on on the website with the code given here, sends the file there, and comes back.

        What was answered there is seen there; its buttons are typed here.
        """
        code = CODE.search(self.say(words).text)
        assert code, "no code to go on elsewhere with"
        website = Web(self._address, self._language)
        website.say(code.group())
        seen = website.send(path)
        self._buttons = [(title, Press(title, {}, "TEXT_INPUT")) for title in seen.buttons]
        return seen

    def _read_on(self, press: Press) -> Seen:
        """Does something and reads on to the end of the answer: every page, every linked paper."""
        words: list[str] = []
        files: list[tuple[str, bytes]] = []
        self._buttons = []
        for _ in range(MOST_PAGES):
            template = self._ask(press)["template"]
            shown = _Shown(template)
            words.append("\n".join(shown.words))
            told, papers = self._opened(shown.links)
            words += told
            files += papers
            self._buttons += [(label, each) for label, each in shown.presses if label not in MORE + SEE_ANSWER]
            late = next((each for label, each in shown.presses if label in SEE_ANSWER), None)
            further = late or next((each for label, each in shown.presses if label in MORE), None)
            if further is None:
                return Seen("\n\n".join(words), tuple(dict(self._buttons)), tuple(files))
            time.sleep(1 if late else 0)
            press = further
        raise AssertionError(f"the answer has more than {MOST_PAGES} pages")

    def _ask(self, press: Press) -> dict[str, Any]:
        response = self._http.post("/webhooks/kakao", json=self._request(press))
        response.raise_for_status()
        told: dict[str, Any] = response.json()
        assert told["version"] == "2.0", told
        return told

    def _request(self, press: Press) -> dict[str, Any]:
        """Returns a skill request with every part that i Open Builder sends."""
        return {
            "intent": {"id": "intent-1", "name": "폴백 블록", "extra": {"reason": {"code": 1, "message": "OK"}}},
            "userRequest": {
                "timezone": "Asia/Seoul",
                "lang": self._language,
                "utterance": press.words,
                "params": {"ignoreMe": "true", "surface": "Kakaotalk.plusfriend"},
                "block": {"id": "block-1", "name": "폴백 블록"},
                "user": {
                    "id": self._user,
                    "type": "botUserKey",
                    "properties": {"botUserKey": self._user, "plusfriendUserKey": "friend-1"},
                },
            },
            "bot": {"id": "bot-1", "name": "나루"},
            "contexts": [],
            "action": {
                "id": "action-1",
                "name": "naru",
                "params": {},
                "detailParams": {},
                "clientExtra": press.extra or None,
            },
            "flow": {"lastBlock": {"id": "block-1", "name": "폴백 블록"}, "trigger": {"type": press.kind}},
        }

    def _opened(self, links: list[str]) -> tuple[list[str], Files]:
        """Opens the links that lead to this Naru: pages are read, papers are kept."""
        words, files = [], []
        for link in dict.fromkeys(links):
            if not link.startswith(self._public):
                words.append(link)
                continue
            response = httpx.get(link.replace(self._public, self._address, 1), timeout=30).raise_for_status()
            if response.headers["content-type"].startswith("text/html"):
                words.append(visible(response.text))
            else:
                files.append((_name(response), response.content))
        return words, tuple(files)


class _Shown:
    """What a response shows: its words, the buttons that can be pressed, the links that can be opened."""

    def __init__(self, template: dict[str, Any]) -> None:
        self.words: list[str] = []
        self.presses: list[tuple[str, Press]] = []
        self.links: list[str] = []
        for output in template["outputs"]:
            for kind, component in output.items():
                self._component(kind, component)
        for reply in template.get("quickReplies", ()):
            self._button(reply, "QUICKREPLY_BUTTON_MESSAGE")

    def _component(self, kind: str, component: dict[str, Any]) -> None:
        if kind == "carousel":
            for item in component["items"]:
                self._component(component["type"], item)
            return
        for part in ("head", "header", "imageTitle", "profile"):
            self._say(component.get(part, {}), "title", "description", "nickname")
        self._say(component, "text", "title", "description", "altText")
        for entry in component.get("itemList", ()):
            self._say(entry, "title", "description")
        for item in component.get("items", ()):
            self._say(item, "title", "description")
            self._link(item)
            if item.get("action") == "message":
                self._button({"label": item["title"], **item}, "LIST_ITEM_MESSAGE")
        for each in component.get("buttons", ()):
            about = component["title"] if each["label"] in CHOOSE else each["label"]
            self._button({**each, "label": about}, "CARD_BUTTON_MESSAGE")
        if "imageUrl" in component.get("thumbnail", component):
            self._say(component.get("thumbnail", {}), "altText")

    def _say(self, part: dict[str, Any], *names: str) -> None:
        self.words += [part[name] for name in names if isinstance(part.get(name), str)]

    def _button(self, told: dict[str, Any], kind: str) -> None:
        if told["action"] == "message":
            self.presses.append((told["label"], Press(told["messageText"], told.get("extra", {}), kind)))
        elif told["action"] == "webLink":
            self.links.append(told["webLinkUrl"])

    def _link(self, item: dict[str, Any]) -> None:
        if "link" in item:
            self.links.append(item["link"]["web"])


def _name(response: httpx.Response) -> str:
    """Returns the name a browser gives a downloaded file."""
    told = str(response.headers.get("content-disposition", ""))
    if "filename*=" in told:
        return unquote(told.split("filename*=")[1].split("''")[-1].strip('"; '))
    return told.split("filename=")[-1].strip('"; ')
