"""Applications over HTTP with a real receiver: nothing personal in the records, nothing lost when things go down."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.actions.cases.receivers import SECRET, Office, serving
from tests.conftest import Service, Visitor, free_port, start_service, words_of

PDF = b"%PDF-1.4\nbusiness registration\n%%EOF\n"
ANSWERS = (
    "저희 회사는 달빛두부예요", "124-81-00998", "고은별이에요", "한소라", "전화는 010-8642-9753이에요", "sora@moontofu.co.kr",
    "경기도", "김치", "5만 달러", "12명", "영문 카탈로그 디자인", "아니요",
)  # fmt: skip
SECRETS = ("8642-9753", "86429753", "sora@", "moontofu", "124-81-00998", "1248100998", "고은별", "한소라", "달빛두부")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, data_dir: Path) -> Path:
    """A data folder of its own, so that no other process hands these applications over."""
    folder = tmp_path_factory.mktemp("applying")
    with sqlite3.connect(data_dir / "naru.db") as source, sqlite3.connect(folder / "naru.db") as copy:
        source.backup(copy)
    shutil.copytree(data_dir / "models", folder / "models")
    shutil.copy(data_dir / "hs-index.npz", folder / "hs-index.npz")
    return folder


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def routes(port: int) -> str:
    address = f"http://127.0.0.1:{port}/packages"
    return json.dumps({"organisation.kosme": {"connector": "webhook", "address": address, "secret": SECRET}})


@pytest.fixture(scope="module")
def desk(place: Path, routes: str) -> Iterator[Service]:
    """A service that hands over to the receiver every second; the receiver itself runs when a test lets it."""
    running = start_service(place, NARU_DELIVERY_ROUTES=routes, NARU_DELIVER_SECONDS="1")
    yield running
    running.stop()


def send_file(
    person: Visitor, name: str = "사업자등록증.pdf", content: bytes = PDF, kind: str = "application/pdf"
) -> Any:
    kept = person.http.post(f"/api/conversations/{person.id}/files", files={"file": (name, content, kind)})
    assert kept.status_code == 201, kept.text
    return person.post({"file_id": kept.json()["file_id"]}).json()


def filled(person: Visitor) -> dict[str, Any]:
    """Writes an application up to its summary."""
    person.press('/apply_programme{"value": "programme.export-voucher"}')
    person.say("동의해요")
    for answer in ANSWERS:
        person.say(answer)
    person.press('/answer{"value": "no"}')
    send_file(person)
    return person.press('/answer{"value": "skip"}')


def button(turn: dict[str, Any], title: str) -> str:
    return next(c["payload"] for reply in turn["replies"] for c in reply["choices"] if c["title"] == title)


def on_disk(place: Path) -> bytes:
    """Everything in the database's files after what was written ahead has been moved into it."""
    with sqlite3.connect(place / "naru.db") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return b"".join(path.read_bytes() for path in sorted(place.glob("naru.db*")))


def found(raw: bytes, word: str) -> bool:
    """Whether a word stands there, as it is or as JSON escapes it."""
    return word.encode() in raw or json.dumps(word)[1:-1].encode() in raw


def test_what_is_typed_reaches_the_office_and_no_record_of_the_conversation(
    desk: Service, place: Path, port: int
) -> None:
    person = Visitor(desk.address)
    before = on_disk(place)
    assert not any(found(before, secret) for secret in SECRETS)
    review = filled(person)
    for told in ("010-8642-9753", "sora@moontofu.co.kr", "124-81-00998", "달빛두부", "KOSME"):
        assert told in words_of(review)
    office = Office()
    with serving(office, port):
        sent = person.press(button(review, "보내기"))
        assert sent["outcome"] == "answered" and "접수번호는 N-" in words_of(sent)
        for _ in range(100):
            if office.handled:
                break
            time.sleep(0.1)
        (package,) = office.handled.values()
    assert package["firm"]["phone"]["value"] == "+821086429753"
    assert package["firm"]["email"]["value"] == "sora@moontofu.co.kr"
    assert package["firm"]["business_number"]["value"] == "124-81-00998"
    status = person.say("내 신청 어떻게 됐어요?")
    assert "전달했어요" in words_of(status) and "기다리시면" in words_of(status)
    person.press("/my_firm")
    raw = on_disk(place)
    assert person.id.encode() in raw
    assert [secret for secret in SECRETS if found(raw, secret)] == []


def test_the_record_says_that_something_is_left_out(desk: Service) -> None:
    person = Visitor(desk.address)
    filled(person)
    turns = person.http.get(f"/api/conversations/{person.id}/messages").json()["turns"]
    shown = json.dumps(turns, ensure_ascii=False)
    assert not any(secret in shown for secret in SECRETS)
    assert "개인정보라서" in turns[4]["message"]["text"]
    assert any("회사 이름이 무엇인가요" in (reply["text"] or "") for turn in turns for reply in turn["replies"])


def test_questions_outside_an_application_are_recorded_as_ever(desk: Service) -> None:
    person = Visitor(desk.address)
    person.say("신용장이 뭐예요?")
    turns = person.http.get(f"/api/conversations/{person.id}/messages").json()["turns"]
    assert turns[-1]["message"] == {"text": "신용장이 뭐예요?"}


def test_the_receiver_is_down_for_a_while(desk: Service, port: int) -> None:
    person = Visitor(desk.address)
    person.press(button(filled(person), "보내기"))
    for _ in range(60):
        words = words_of(person.say("내 신청 어떻게 됐어요?"))
        if "아직 전달되지 않았어요" in words:
            break
        time.sleep(0.1)
    assert "계속 다시 보내요" in words
    office = Office()
    with serving(office, port):
        for _ in range(600):  # the second try comes half a minute after the first
            if office.handled:
                break
            time.sleep(0.1)
        words = words_of(person.say("내 신청 어떻게 됐어요?"))
        time.sleep(2)  # however often the worker comes by, it is handed over once
    assert len(office.requests) == len(office.handled) == 1
    assert "전달했어요" in words


def test_erasing_the_conversation_erases_its_applications(desk: Service, place: Path) -> None:
    person = Visitor(desk.address)
    filled(person)
    assert person.http.delete(f"/api/conversations/{person.id}").status_code == 204
    with sqlite3.connect(place / "naru.db") as database:
        for table in ("firms", "applications"):
            query = f"SELECT count(*) FROM {table} WHERE conversation_id = ?"  # noqa: S608 - names of our tables
            assert database.execute(query, (person.id,)).fetchone() == (0,)


def test_a_restart_in_the_middle_loses_nothing(desk: Service, place: Path, routes: str) -> None:
    person = Visitor(desk.address)
    person.press('/apply_programme{"value": "programme.export-voucher"}')
    person.say("동의해요")
    person.say("저희 회사는 나루식품이에요")
    person.say("220-81-62517")
    desk.process.kill()
    desk.process.wait()
    same = desk.address.rpartition(":")[2]
    again = start_service(place, NARU_DELIVERY_ROUTES=routes, NARU_DELIVER_SECONDS="0", NARU_PORT=same)
    desk.process = again.process
    asked = person.say("김나루")
    assert "김나루" in words_of(asked) and "담당자" in words_of(asked)
