"""An owner who writes an application, step by step, without Rasa around it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import pytest

from actions.applying.documents import take
from actions.applying.firm import Firm
from actions.applying.following import ApplicationStatus
from actions.applying.interview import APPLYING
from actions.applying.starting import ApplicationStart
from actions.applying.withdrawing import ApplicationWithdraw
from actions.files import keep_file, sent_file
from actions.step import Step
from actions.talk import Talk
from tests.actions.talking import talking


class Owner:
    """Keeps the slots of one conversation, and what Naru said last."""

    def __init__(self, language: str = "ko") -> None:
        self.id = f"test-{secrets.token_hex(8)}"
        self.slots: dict[str, Any] = {"language": language}
        self.replies: list[dict[str, Any]] = []

    @property
    def words(self) -> str:
        """Everything Naru said in the last turn."""
        parts = []
        for reply in self.replies:
            parts.append(reply["text"] or "")
            if reply["card"]:
                parts += [cell for row in reply["card"]["rows"] for cell in row]
        return "\n".join(parts)

    @property
    def step(self) -> str | None:
        """What is asked now."""
        talk = self._talk("")
        return APPLYING.next_step(talk, APPLYING.state(talk))

    def buttons(self) -> dict[str, str]:
        """Titles and payloads of the last turn."""
        return {choice["title"]: choice["payload"] for reply in self.replies for choice in reply["choices"]}

    def begin(self, words: str = "", **entities: str) -> Owner:
        """Says that an application is wanted."""
        return self._act(ApplicationStart(), words or "/apply_programme", "apply_programme", entities, True)

    def ask(self, action: Step, words: str, **entities: str) -> Owner:
        """Lets another action answer, and the interview go on if it was begun."""
        return self._act(action, words, "", entities, isinstance(action, ApplicationWithdraw | Firm))

    def status(self, words: str = "/application_status", **entities: str) -> Owner:
        """Asks how applications stand."""
        return self.ask(ApplicationStatus(), words, **entities)

    def say(self, words: str) -> Owner:
        """Answers in words."""
        return self._answer(self._talk(words))

    def press(self, value: str) -> Owner:
        """Presses a button that answers."""
        return self._answer(self._talk("/answer", "answer", {"value": value}))

    def send(self, name: str, media_type: str, content: bytes) -> bool:
        """Sends a file; tells whether the application took it."""
        file_id = keep_file(self.id, name, media_type, content).url.rsplit("/", 1)[-1]
        found = sent_file(self.id, file_id)
        assert found
        talk = self._talk("/sent_file", "sent_file", {"value": file_id})
        taken = take(talk, *found)
        self._after(talk, taken)
        return taken

    def _act(self, action: Step, words: str, intent: str, entities: dict[str, str], asks: bool) -> Owner:
        talk = self._talk(words, intent, entities)
        action.respond(talk)
        self._after(talk, asks and (self._begun(talk)))
        return self

    def _begun(self, talk: Talk) -> bool:
        return any(event.get("name") in ("application", "interview") for event in talk.events())

    def _answer(self, talk: Talk) -> Owner:
        state = APPLYING.state(talk)
        step = APPLYING.next_step(talk, state)
        assert step is not None, "nothing is asked"
        told = APPLYING.read(talk, state, step, talk.question)
        if told is not None:
            APPLYING.keep(talk, told)
        self._after(talk, True)
        return self

    def _after(self, talk: Talk, goes_on: bool) -> None:
        if goes_on:
            state = APPLYING.state(talk)
            step = APPLYING.next_step(talk, state)
            if step is None:
                APPLYING.tell(talk, state)
            else:
                from actions.reply import Outcome

                talk.reply(APPLYING.ask(talk, state, step), Outcome.NEEDS_INPUT)
        for event in talk.events():
            if event.get("event") == "slot":
                self.slots[event["name"]] = event["value"]
        self.replies = [m["custom"]["naru"]["reply"] for m in talk._dispatcher.messages]
        self.sealed = [m["custom"]["naru"]["sealed"] for m in talk._dispatcher.messages]

    def _talk(self, words: str, intent: str = "", entities: dict[str, str] | None = None) -> Talk:
        return talking(words, intent, entities, dict(self.slots), self.id)


FIRM = (
    "나루식품", "220-81-62517", "김나루", "이바다", "010-1234-5678", "bada@narufood.co.kr", "경기도", "김치",
)  # fmt: skip
VOUCHER = ("5만 달러", "12명", "영문 카탈로그 디자인", "아니요")
PDF = b"%PDF-1.4\nbusiness registration\n%%EOF\n"


@pytest.fixture
def owner(shelf: Any) -> Callable[..., Owner]:
    """Makes an owner."""
    return Owner


@pytest.fixture
def ready(owner: Callable[..., Owner]) -> Callable[[], Owner]:
    """Makes an owner whose application to the export voucher is complete and shown."""

    def make() -> Owner:
        one = owner().begin(value="programme.export-voucher").say("동의해요")
        for answer in (*FIRM, *VOUCHER):
            one.say(answer)
        one.press("no")
        assert one.send("사업자등록증.pdf", "application/pdf", PDF)
        return one.press("skip")

    return make
