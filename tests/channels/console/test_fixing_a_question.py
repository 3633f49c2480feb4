"""The whole way of a question nobody could answer, on a running Naru: asked, found at the desk, written about, answered
to the next customer, taken back; and whoever may not do that changes nothing.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
from sqlalchemy import delete, select

from actions.desk.tables import HandledQuestionRow, TrainingExampleRow, TrainingRunRow
from actions.finding import HowTo
from actions.reply import Outcome
from channels.console.accounts import Role, Staff
from knowledge.database.engine import sessions
from knowledge.database.written import EditionRow, RecordVersionRow, SwitchedOffRow
from knowledge.edited.editions import raise_edition
from knowledge.edited.switches import switch_on
from knowledge.edited.versions import Versions
from knowledge.record import Record
from knowledge.settings import Settings
from knowledge.shelf import renewed
from tests.actions.test_withheld import told
from tests.channels.console.entering import PASSWORD, employ, forgery_of
from tests.channels.console.test_knowledge_records import fields_of, words_of
from tests.conftest import Service, Visitor

PAGE = {"Accept": "text/html"}
FRONT = "/console/knowledge"
RECORDS = f"{FRONT}/records"
TRAINING = f"{FRONT}/training"

SCRIPT = "<script>alert(1)</script>"
CLEAN = "로즈우드로 만든 기타를 해외에 보낼 때 멸종위기 나무 허가를 받아야 하나요"
ASKED = f"{SCRIPT}{CLEAN}"
IN_OTHER_WORDS = "로즈우드 지판이 붙은 기타를 수출하려면 멸종위기 나무 허가증을 받아야 하나요"
COMMENT = "<img src=x onerror=alert(1)> 이걸로는 모르겠어요"
PHONE = "010-2345-6789"
WITH_PHONE = f"로즈우드 기타를 수출하는데 멸종위기종 허가가 필요한가요? 제 번호는 {PHONE}예요"
NEXT = "로즈우드 악기 보낼 때 CITES 허가 필요해요?"
"""Words that neither a customer before nor the record has."""

NEXT_IN_ENGLISH = "how do I get the endangered species permit for a rosewood guitar"

PLAIN = {
    "ko": "로즈우드처럼 멸종위기 종으로 보호받는 나무가 들어간 악기는 보내기 전에 허가를 받아야 할 수 있어요.",
    "en": "An instrument with protected wood such as rosewood may need a permit before you send it.",
}
CORRECTED = "로즈우드가 들어간 악기는 보내기 전에 허가가 필요한지 꼭 확인하세요."
TYPED = {
    "ko.name": "보호받는 나무로 만든 악기의 수출 허가",
    "ko.plain": PLAIN["ko"],
    "ko.questions": CLEAN,
    "ko.todo": "나무의 정확한 이름을 적어 관세청에 물어보세요.",
    "en.name": "Export permit for instruments of protected wood",
    "en.plain": PLAIN["en"],
    "en.todo": "Ask Korea Customs, and tell them the exact name of the wood.",
    "en.questions": "do I need a permit to export a guitar made of rosewood",
    "source.of": "",
    "source.title.ko": "야생생물 보호 및 관리에 관한 법률",
    "source.title.en": "Wildlife Protection and Management Act (Republic of Korea)",
    "source.url": "https://www.law.go.kr/법령/야생생물보호및관리에관한법률",
    "source.as_of": date.today().isoformat(),
    "source.basis": "official",
    "confirm_with": "organisation.kcs",
    "review_on": (date.today() + timedelta(days=180)).isoformat(),
    "note": "asked by four",
}
RECORD = "faq.desk-export-permit-for-instruments-of-protected-wood"

FELT_WITHIN = 4.0
"""Seconds after which another process must have what was published: two, and as many again on a busy machine."""


@dataclass
class Desk:
    """Somebody at the desk, over HTTP; a form is sent with the token of the page last read."""

    http: httpx.Client
    forgery: str = ""
    last: str = field(default="", repr=False)

    def read(self, address: str) -> str:
        """Opens a page as a browser does."""
        answer = self.http.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        self.last, self.forgery = answer.text, forgery_of(answer.text)
        return self.last

    def send(self, address: str, form: dict[str, str], **headers: str) -> httpx.Response:
        """Sends a form."""
        return self.http.post(address, data={"forgery": self.forgery} | form, headers=headers)

    def link(self, shortcut: str) -> str:
        """Returns the address of the link of the page last read that a shortcut presses."""
        found = re.search(rf'href="([^"]+)" data-key="{shortcut}"', self.last)
        assert found, f"no link for {shortcut}"
        return unescape(found[1])


@pytest.fixture
def nothing_left(settings: Settings, service: Service) -> Iterator[None]:
    yield
    with sessions(settings.database).begin() as session:
        raise_edition(session)
        for table in (RecordVersionRow, SwitchedOffRow, HandledQuestionRow, TrainingExampleRow):
            session.execute(delete(table))
    renewed(settings)


@pytest.fixture
def customers(service: Service) -> Iterator[list[Visitor]]:
    """Those who have talked to Naru; what they said is erased in the end."""
    came: list[Visitor] = []
    yield came
    for each in came:
        assert each.http.delete(f"/api/conversations/{each.id}").status_code == 204


def at_the_desk(service: Service, staff: Staff) -> Desk:
    desk = Desk(httpx.Client(base_url=service.address, headers=PAGE, timeout=60))
    desk.read("/console/login")
    answer = desk.send("/console/login", {"name": staff.name, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    desk.read("/console/profile")
    return desk


def test_an_editor_fixes_a_question_and_the_next_customer_gets_it(
    service: Service, settings: Settings, customers: list[Visitor], nothing_left: None
) -> None:
    def ask(words: str, language: str = "ko") -> dict[str, Any]:
        customers.append(Visitor(service.address, language))
        return customers[-1].say(words)

    # Four customers get no answer. The last one says so.
    renewed(settings)  # this process serves the same knowledge, as a second service would
    for words in (ASKED, ASKED, WITH_PHONE, IN_OTHER_WORDS):
        turn = ask(words)
        assert turn["outcome"] in ("not_in_knowledge", "clarify") and turn["records"] == [], words
    verdict = {"turn_id": turn["turn_id"], "verdict": "down", "comment": COMMENT}
    assert customers[-1].http.post(f"/api/conversations/{customers[-1].id}/feedback", json=verdict).status_code == 204
    assert found_elsewhere(NEXT) == ()

    editor = at_the_desk(service, employ(settings, Role.EDITOR))
    group = sees_the_group(editor)
    shows_only_words(editor, group)
    record = writes_a_record(editor, group)

    # The next customers get it at once, in words of their own, in their language; so they do from another process.
    felt(lambda: found_elsewhere(NEXT) == (RECORD,))
    for words, language in ((NEXT, "ko"), (NEXT_IN_ENGLISH, "en")):
        turn = ask(words, language)
        assert (turn["outcome"], turn["records"]) == ("answered", [RECORD])
        assert PLAIN[language] in turn["replies"][0]["text"]
        (source,) = (each for each in turn["replies"][0]["sources"] if each["record"] == RECORD)
        assert source["title"] == TYPED[f"source.title.{language}"] and source["url"] == TYPED["source.url"]

    marks_it_handled(editor, group)
    makes_an_example(editor, group, settings)
    nobody_else_does(service, settings, editor, group)

    # Switched off, it is told to nobody, and no neighbour is told in its place.
    editor.read(f"{record}/history")
    assert editor.send(f"{record}/off", {"reason": "the law changes"}).status_code == 303
    turn = ask(NEXT)
    assert (turn["outcome"], turn["records"]) == ("not_in_knowledge", [])
    said = turn["replies"][0]["text"]
    assert "다시 확인하고 있어서" in said and "관세청" in said, said
    assert PLAIN["ko"] not in str(turn) and RECORD not in str(turn)
    felt(lambda: found_elsewhere(NEXT) == ())
    assert listed(editor, ASKED) == group, "and it is open again"

    # Corrected by another process, it is told to the next customer, though nobody has asked here meanwhile.
    corrects_elsewhere(settings)
    time.sleep(FELT_WITHIN)
    turn = ask(NEXT)
    assert turn["records"] == [RECORD] and CORRECTED in turn["replies"][0]["text"]


def found_elsewhere(words: str) -> tuple[str, ...]:
    """Returns the record that this process, which is not the service, would answer with."""
    _, outcome, records = asyncio.run(told(HowTo(), words))
    return records if outcome is Outcome.ANSWERED else ()


def felt(holds: Callable[[], bool]) -> None:
    """Waits until something holds, no longer than a change may take to another process."""
    until = time.monotonic() + FELT_WITHIN
    while not holds():
        assert time.monotonic() < until, "the other process goes on as before"
        time.sleep(0.1)


def corrects_elsewhere(settings: Settings) -> None:
    """Publishes a corrected text and shows the record again, in this process."""
    versions = Versions(settings)
    version = versions.published(RECORD)
    assert version and version.data
    changed = {**version.data, "ko": version.data["ko"] | {"plain": CORRECTED}}
    versions.publish(Record.model_validate(changed), version.id, "reads easier", TYPED["review_on"], None)
    switch_on(settings, RECORD)


def listed(desk: Desk, words: str, state: str = "open") -> str | None:
    """Returns the address of the group that stands in the list under these words."""
    first = 0
    while True:
        page = desk.read(f"{FRONT}?state={state}&first={first}")
        assert SCRIPT not in page and "<img" not in page
        for address, shown in re.findall(r'<a class="wording" href="([^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL):
            if unescape(shown).strip() == words:
                return urlsplit(unescape(address)).path
        first += 20
        if f"first={first}" not in page:
            return None


def sees_the_group(editor: Desk) -> str:
    """Four questions in three wordings stand in one line; the script in them is text wherever it stands."""
    group = listed(editor, ASKED)
    assert group
    page = editor.read(group)
    assert SCRIPT not in page and "<img" not in page
    words = words_of(page)
    assert "4번 물음" in words and words.count(ASKED) == 3, "the heading, and twice asked"
    assert IN_OTHER_WORDS in words and COMMENT in words
    return group


def shows_only_words(editor: Desk, group: str) -> None:
    """What one person wrote with a telephone number is hidden, and shown on demand without it."""
    assert PHONE not in editor.last and "로즈우드 기타를 수출하는데" not in editor.last
    page = editor.read(the_hidden_one(editor, group))
    assert PHONE not in page and WITH_PHONE.replace(PHONE, "○○") in page


def the_hidden_one(editor: Desk, group: str) -> str:
    (address,) = re.findall(rf'href="({group}\?[^"]*show=[^"]*)"', editor.read(group))
    return str(unescape(address))


def writes_a_record(editor: Desk, group: str) -> str:
    """Follows the group's link, previews what is written and publishes it; returns the record's address."""
    editor.read(group)
    form = fields_of(editor.read(editor.link("w")))
    assert form["ko.questions"] == form["tries"] == ASKED, "the page brings the wording along"
    assert SCRIPT not in editor.last
    preview = editor.send(f"{RECORDS}/new", form | TYPED | {"do": "preview"})
    assert preview.status_code == 200 and SCRIPT not in preview.text
    seen = preview.text.split('id="preview"')[1].split('<form method="post" id="record"')[0]
    assert PLAIN["ko"] in seen and PLAIN["en"] in seen and TYPED["source.title.ko"] in seen
    assert re.search(rf'<td>[^<]*{CLEAN}</td>.*?<span class="badge good">', seen, re.DOTALL)
    assert editor.http.get(f"{RECORDS}/{RECORD}").status_code == 404, "nobody has it yet"

    form = fields_of(preview.text)
    assert form["ko.plain"] == PLAIN["ko"]
    sent = editor.send(f"{RECORDS}/new", form | TYPED | {"kind": "faq", "do": "publish"})
    assert sent.status_code == 303, words_of(sent.text)
    assert sent.headers["location"] == f"{RECORDS}/{RECORD}?told=published"
    assert PLAIN["ko"] in editor.read(sent.headers["location"])
    return f"{RECORDS}/{RECORD}"


def marks_it_handled(editor: Desk, group: str) -> None:
    editor.read(group)
    sent = editor.send(f"{group}/handled", {"how": "record", "record_id": RECORD})
    assert sent.status_code == 303 and "told=handled" in sent.headers["location"]
    assert listed(editor, ASKED) is None and listed(editor, ASKED, "handled") == group
    assert f'<a href="{RECORDS}/{RECORD}">{TYPED["ko.name"]}</a>' in editor.read(group)


def makes_an_example(editor: Desk, group: str, settings: Settings) -> None:
    """A wording becomes an example as the page cleans it; with the number in it, it is refused."""
    page = editor.read(f"{TRAINING}?{urlencode({'question': WITH_PHONE, 'language': 'ko'})}")
    clean = WITH_PHONE.replace(PHONE, "○○")
    assert f">{clean}</textarea>" in page and PHONE not in page
    example = {"text": clean, "intent": "ask_howto", "language": "ko"}
    assert editor.send(f"{TRAINING}/examples", example | {"text": WITH_PHONE}).status_code == 422
    assert editor.send(f"{TRAINING}/examples", example).status_code == 303
    with sessions(settings.database)() as session:
        (kept,) = session.scalars(select(TrainingExampleRow))
    assert (kept.text, kept.intent, kept.state) == (clean, "ask_howto", "kept")
    assert clean in editor.read(TRAINING)


def nobody_else_does(service: Service, settings: Settings, editor: Desk, group: str) -> None:
    """An agent, somebody without a session and a forged request get nothing and change nothing."""
    record = f"{RECORDS}/{RECORD}"
    form = fields_of(editor.read(record)) | {"ko.plain": "허가는 필요 없어요.", "note": "x", "do": "publish"}
    pages = [FRONT, group, f"{group}?again=true", RECORDS, f"{RECORDS}/new", f"{RECORDS}/stale"]
    pages += [record, f"{record}/history", TRAINING]
    deeds: dict[str, dict[str, str]] = {
        f"{group}/handled": {"how": "ignored"},
        f"{group}/open": {},
        f"{RECORDS}/new": TYPED | {"kind": "faq", "ko.questions": NEXT, "en.name": "Another", "do": "publish"},
        record: form,
        f"{record}/off": {"reason": "x"},
        f"{record}/on": {},
        f"{record}/back": {"version": "0", "base": form["base"]},
        f"{record}/reviewed": {"review_on": TYPED["review_on"]},
        f"{record}/discard": {"seen": "0"},
        f"{TRAINING}/examples": {"text": NEXT, "intent": "define", "language": "ko"},
        f"{TRAINING}/runs": {},
    }
    before = everything(settings)
    agent = at_the_desk(service, employ(settings, Role.AGENT))
    nobody = httpx.Client(base_url=service.address, timeout=60)
    for page in pages:
        assert agent.http.get(page).status_code == 403, page
        assert nobody.get(page).status_code == 401, page
        turned_away = nobody.get(page, headers=PAGE)
        assert turned_away.status_code == 303, page
        assert turned_away.headers["location"].startswith("/console/login?next=") and not turned_away.text
    for address, deed in deeds.items():
        assert agent.send(address, deed).status_code == 403, address
        assert nobody.post(address, data=deed | {"forgery": editor.forgery}).status_code == 401, address
        for forged in ({}, {"forgery": agent.forgery}):
            assert editor.http.post(address, data=deed | forged).status_code == 403, address
        assert editor.send(address, deed, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403, address
    assert everything(settings) == before


def everything(settings: Settings) -> list[tuple[Any, ...]]:
    """Returns all rows that this story's pages write."""
    tables = (RecordVersionRow, SwitchedOffRow, HandledQuestionRow, TrainingExampleRow, TrainingRunRow, EditionRow)
    with sessions(settings.database)() as session:
        return [tuple(row) for table in tables for row in session.execute(select(*table.__table__.columns))]
