"""The HTTP contract: what a caller may rely on, and what happens with wrong, hostile and odd input."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.conftest import Service, Visitor, start_service, words_of

Visitors = Callable[..., Visitor]
TURN_KEYS = {"conversation_id", "turn_id", "language", "outcome", "intent", "records", "replies"}
REPLY_KEYS = {"text", "terms", "choices", "card", "image", "file", "sources"}


def test_health(service: Service) -> None:
    assert httpx.get(f"{service.address}/healthz").status_code == 200
    assert httpx.get(f"{service.address}/readyz").status_code == 200
    assert "naru_request_seconds" in httpx.get(f"{service.address}/metrics").text
    assert "/api/conversations" in httpx.get(f"{service.address}/openapi.json").json()["paths"]


def test_not_ready_before_the_model_is_loaded(settings: Any) -> None:
    from fastapi.testclient import TestClient

    from channels.app import create_app

    app = create_app(settings)
    client = TestClient(app, raise_server_exceptions=False)  # without its lifespan, nothing gets loaded
    assert client.get("/healthz").status_code == 200
    refused = client.get("/readyz")
    assert refused.status_code == 503
    assert refused.headers["content-type"] == "application/problem+json"
    assert client.post("/api/conversations").status_code == 503


def test_opening_greets_in_the_language_asked_for(visitor: Visitors) -> None:
    assert "안녕하세요" in visitor("ko").greeting["replies"][0]["text"]
    assert "Hello" in visitor("en").greeting["replies"][0]["text"]


def test_a_turn_has_the_agreed_form(visitor: Visitors) -> None:
    turn = visitor().say("신용장이 뭐예요?")
    assert set(turn) == TURN_KEYS
    assert set(turn["intent"]) == {"name", "confidence"}
    for reply in turn["replies"]:
        assert set(reply) == REPLY_KEYS
    source = turn["replies"][0]["sources"][0]
    assert set(source) == {"record", "title", "locator", "url", "as_of", "basis"}
    assert source["basis"] in {"official", "report", "editorial"}


@pytest.mark.parametrize(
    "body",
    [{}, {"text": "a", "payload": "/menu"}, {"text": 5}, {"text": None}, [], "x", {"payload": "/" + "a" * 700}],
)
def test_malformed_messages_are_422(visitor: Visitors, body: Any) -> None:
    response = visitor().post(body)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["title"]


def test_broken_json_is_422(visitor: Visitors) -> None:
    one = visitor()
    response = one.http.post(
        f"/api/conversations/{one.id}/messages", content=b'{"text": "', headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 422


def test_wrong_or_missing_token(visitor: Visitors, service: Service) -> None:
    one, other = visitor(), visitor()
    path = f"{service.address}/api/conversations/{one.id}/messages"
    assert httpx.post(path, json={"text": "안녕"}).status_code == 401
    for token in ("x", other.token, one.token + "x"):
        answer = httpx.post(path, json={"text": "안녕"}, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401, token
    assert httpx.get(path, headers={"Authorization": f"Basic {one.token}"}).status_code == 401


@pytest.mark.parametrize("name", ["nobody", "../../etc/passwd", "%00", "' OR 1=1 --", "가" * 30, "x" * 400])
def test_unknown_conversation_is_404(service: Service, name: str) -> None:
    path = f"{service.address}/api/conversations/{httpx.URL('/').copy_with(path='/' + name).raw_path[1:].decode()}"
    answer = httpx.post(f"{path}/messages", json={"text": "안녕"}, headers={"Authorization": "Bearer x"})
    assert answer.status_code in (404, 405, 422)
    assert answer.headers["content-type"] == "application/problem+json"


HOSTILE = {
    "emoji": "😀😀😀",
    "control characters": "신용\x00장이\x07 뭐\x1b[31m예요",
    "html": "<img src=x onerror=alert(1)> <script>alert('수출')</script>",
    "sql": "'; DROP TABLE turns; -- FOB",
    "template": "{name} {0} {{7*7}} %s ${jndi:ldap://x}",
    "mixed scripts": "수출 экспорт 輸出 صادرات export 수출",
    "right to left": "\u202e수출\u202c \ufeffFOB\u200b",
    "slash": '/define{"record": "term.lc"}',
    "slashes": "////",
    "punctuation": "?!?!?!...",
    "lone surrogate": "수출 \ud83d 순서",
    "numbers": "1" * 300,
    "long word": "ㅋ" * 4000,
    "path": "../../../../etc/passwd",
    "newlines": "\n\n신용장\n\n뭐예요\n\n",
    "single letter": "ㅇ",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_odd_messages_get_an_answer(visitor: Visitors, kind: str) -> None:
    one = visitor()
    content = json.dumps({"text": HOSTILE[kind]}).encode()
    response = one.http.post(
        f"/api/conversations/{one.id}/messages", content=content, headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 200, response.text
    turn = response.json()
    assert turn["outcome"] != "failed"
    assert turn["replies"] and turn["replies"][0]["text"]
    kept = one.http.get(f"/api/conversations/{one.id}/messages").json()["turns"]
    assert len(kept) == 2


def test_typed_commands_are_words_not_buttons(visitor: Visitors) -> None:
    turn = visitor().say("/speak_english")
    assert turn["language"] == "ko" or turn["intent"]["confidence"] < 1.0


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_empty_message(visitor: Visitors, text: str) -> None:
    turn = visitor().say(text)
    assert turn["outcome"] == "needs_input"
    assert "한 줄" in words_of(turn)


def test_length_bounds(visitor: Visitors) -> None:
    one = visitor()
    assert one.say("수출 " * 1666)["outcome"] != "refused"  # 4,998 characters
    refused = one.say("가" * 10_000)
    assert refused["outcome"] == "refused"
    assert "5000" in words_of(refused)
    english = visitor("en").say("word " * 2000)
    assert "5000" in words_of(english) and "characters" in words_of(english)


def test_too_large_is_413(visitor: Visitors) -> None:
    response = visitor().post({"text": "x" * 300_000})
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"


def test_unknown_buttons_are_refused(visitor: Visitors) -> None:
    turn = visitor().press('/action_default{"x": 1}')
    assert turn["outcome"] == "refused"


def test_a_button_for_a_record_that_is_gone(visitor: Visitors) -> None:
    turn = visitor().press('/define{"record": "term.no-such-thing"}')
    assert turn["outcome"] == "not_in_knowledge"


def test_parallel_messages_are_all_answered_in_order(visitor: Visitors) -> None:
    one = visitor()
    words = ["신용장이 뭐예요", "FOB가 뭐예요", "코트라가 뭐예요", "고마워요", "보험이 필요해요?"] * 2
    with ThreadPoolExecutor(len(words)) as pool:
        turns = list(pool.map(one.say, words))
    assert sorted(turn["turn_id"] for turn in turns) == list(range(1, len(words) + 1))
    kept = one.http.get(f"/api/conversations/{one.id}/messages").json()["turns"]
    assert [turn["turn_id"] for turn in kept] == list(range(len(words) + 1))
    assert sorted(turn["message"]["text"] for turn in kept[1:]) == sorted(words)
    by_id = {turn["turn_id"]: turn for turn in kept}
    for said, turn in zip(words, turns, strict=True):
        assert by_id[turn["turn_id"]]["message"]["text"] == said
        assert by_id[turn["turn_id"]]["replies"] == turn["replies"]


def test_history_after(visitor: Visitors) -> None:
    one = visitor()
    one.say("안녕하세요")
    one.say("고마워요")
    path = f"/api/conversations/{one.id}/messages"
    assert [t["turn_id"] for t in one.http.get(path, params={"after": 0}).json()["turns"]] == [1, 2]
    assert one.http.get(path, params={"after": 2}).json()["turns"] == []
    assert one.http.get(path, params={"after": "x"}).status_code == 422


def test_events_bring_turns_made_elsewhere(visitor: Visitors) -> None:
    one = visitor()
    one.say("안녕하세요")
    headers = {"Last-Event-ID": "0"}
    with one.http.stream("GET", f"/api/conversations/{one.id}/events", headers=headers) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = (line for line in stream.iter_lines() if line.startswith(("id:", "data:")))
        received = {line.partition(":")[0]: line.partition(":")[2].strip() for line in (next(lines), next(lines))}
    assert received["id"] == "1"
    assert json.loads(received["data"])["message"] == {"text": "안녕하세요"}


def test_feedback(visitor: Visitors) -> None:
    one = visitor()
    turn = one.say("신용장이 뭐예요")
    path = f"/api/conversations/{one.id}/feedback"
    assert one.http.post(path, json={"turn_id": turn["turn_id"], "verdict": "up"}).status_code == 204
    assert one.http.post(path, json={"turn_id": turn["turn_id"], "verdict": "down", "comment": "x"}).status_code == 204
    assert one.http.post(path, json={"turn_id": 99, "verdict": "up"}).status_code == 404
    assert one.http.post(path, json={"turn_id": 1, "verdict": "sideways"}).status_code == 422


def test_erasing_leaves_nothing(visitor: Visitors, data_dir: Any) -> None:
    import sqlite3

    one = visitor()
    one.say("신용장이 뭐예요")
    path = f"/api/conversations/{one.id}"
    assert one.http.delete(path).status_code == 204
    assert one.http.get(f"{path}/messages").status_code == 404
    with sqlite3.connect(data_dir / "naru.db") as database:
        for table, column in [
            ("conversations", "id"),
            ("turns", "conversation_id"),
            ("tracker_events", "conversation_id"),
            ("tracker_states", "conversation_id"),
        ]:
            found = database.execute(f"SELECT count(*) FROM {table} WHERE {column} = ?", (one.id,)).fetchone()
            assert found == (0,), table


def test_personal_numbers_are_not_kept(visitor: Visitors, data_dir: Any) -> None:
    one = visitor()
    one.say("제 주민번호 900101-1234567 인데 수출 어떻게 해요")
    for path in data_dir.glob("naru.db*"):
        assert b"1234567" not in path.read_bytes(), path


def test_rasa_rest_message(service: Service) -> None:
    path = f"{service.address}/webhooks/rest/webhook"
    first = httpx.post(path, json={"sender": "somebody", "message": "신용장이 뭐예요"}, timeout=30)
    assert first.status_code == 200
    message = first.json()[0]
    assert message["recipient_id"] == "somebody"
    assert "은행" in message["text"]
    assert {"title", "payload"} == set(message["buttons"][0])
    second = httpx.post(path, json={"sender": "somebody", "message": message["buttons"][0]["payload"]}, timeout=30)
    assert second.json()[0]["text"]
    assert httpx.post(path, json={"sender": "somebody"}).status_code == 422


def test_rates_are_bounded(data_dir: Any) -> None:
    limited = start_service(data_dir, NARU_MESSAGES_PER_MINUTE="3")
    try:
        one = Visitor(limited.address)
        for _ in range(3):
            assert one.post({"text": "안녕"}).status_code == 200
        refused = one.post({"text": "안녕"})
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert Visitor(limited.address).post({"text": "안녕"}).status_code == 200
    finally:
        limited.stop()


def test_a_restart_in_mid_conversation(data_dir: Any) -> None:
    first = start_service(data_dir)
    one = Visitor(first.address)
    one.say("D/A가 뭐예요?")
    other = Visitor(first.address)  # in the middle of the interview about a product
    other.say("중국에 화장품 수출하는데 FTA 혜택 돼요?")
    other.say("3304.99")
    first.stop()
    second = start_service(data_dir)
    try:
        one.http.base_url = httpx.URL(second.address)
        turn = one.say("예를 들어줘")
        assert turn["outcome"] == "answered"
        assert turn["records"] == ["term.da"]
        assert turn["turn_id"] == 2
        other.http.base_url = httpx.URL(second.address)
        turn = other.say("FOB 10달러")
        assert turn["outcome"] == "needs_input"
        assert "수입해서 쓰는 재료" in words_of(turn)
    finally:
        second.stop()


def test_files(visitor: Visitors) -> None:
    one = visitor()
    path = f"/api/conversations/{one.id}/files"
    sent = one.http.post(path, files={"file": ("견적서.pdf", b"%PDF-1.7\n%%EOF", "application/pdf")})
    assert sent.status_code == 201
    turn = one.post({"file_id": sent.json()["file_id"]}).json()
    assert turn["outcome"] == "needs_input"
    assert one.http.post(path, files={"file": ("x.exe", b"MZ", "application/pdf")}).status_code == 415
    assert one.http.post(path, files={"file": ("x.pdf", b"MZ\x90", "application/pdf")}).status_code == 415
    assert one.http.post(path, files={"file": ("x.csv", b"a,b\x00", "text/csv")}).status_code == 415
    assert one.http.post(path, files={"file": ("x.csv", b"a," * 6_000_000, "text/csv")}).status_code == 413
    assert one.http.post(path).status_code == 422


BILL = """협정,KR-CN
물건 HS코드,3304.99
물건값,10
가격 조건,FOB
통화,USD
한국에서 하는 작업,배합; 충전
바로 보내나요,예
재료명,HS코드,원산지 재료인가요,나라,값
글리세린,2905.45,아니요,MY,2
"""


def test_a_bill_of_materials_is_weighed_and_its_papers_can_be_fetched(visitor: Visitors, service: Service) -> None:
    """CTH is met by hand: 2905 is another heading than 3304, and nothing else is imported."""
    one = visitor()
    path = f"/api/conversations/{one.id}/files"
    wrong = one.http.post(path, files={"file": ("bill.csv", BILL.replace("MY,2", "MY,둘").encode(), "text/csv")})
    turn = one.post({"file_id": wrong.json()["file_id"]}).json()
    assert turn["outcome"] == "needs_input" and "9행" in str(turn["replies"]) and "둘" in str(turn["replies"])
    sent = one.http.post(path, files={"file": ("bill.csv", BILL.encode("cp949"), "text/csv")})
    turn = one.post({"file_id": sent.json()["file_id"]}).json()
    assert turn["outcome"] == "answered" and "agreement.KR-CN" in turn["records"]
    assert "기준을 채워요" in str(turn["replies"])
    papers = one.post({"payload": "/get_paper"}).json()
    files = [reply["file"] for reply in papers["replies"] if reply["file"]]
    assert [file["media_type"] for file in files] == ["application/pdf"] * 2
    for file in files:
        got = httpx.get(service.address + file["url"])
        assert got.status_code == 200 and got.content.startswith(b"%PDF-")
    shown = one.http.get(f"/api/conversations/{one.id}/messages").json()["turns"][-1]
    again = [reply["file"]["url"] for reply in shown["replies"] if reply["file"]]
    assert all(httpx.get(service.address + url).status_code == 200 for url in again), "old turns get fresh addresses"


def test_another_conversations_file_can_not_be_sent(visitor: Visitors) -> None:
    one, other = visitor(), visitor()
    sent = one.http.post(f"/api/conversations/{one.id}/files", files={"file": ("b.csv", BILL.encode(), "text/csv")})
    turn = other.post({"file_id": sent.json()["file_id"]}).json()
    assert turn["outcome"] == "needs_input" and turn["records"] == []


def test_file_addresses_are_signed_and_expire(visitor: Visitors, service: Service, settings: Any) -> None:
    from channels.files_api import signed_address

    one = visitor()
    content = b"item,value\nseaweed,10\n"
    sent = one.http.post(f"/api/conversations/{one.id}/files", files={"file": ("../bom.csv", content, "text/csv")})
    file_id = sent.json()["file_id"]
    good = httpx.get(service.address + signed_address(file_id, settings))
    assert good.content == content
    assert good.headers["content-disposition"].startswith("attachment")
    assert "bom.csv" in good.headers["content-disposition"] and ".." not in good.headers["content-disposition"]
    assert httpx.get(service.address + signed_address(file_id, settings, lasts=-1)).status_code == 404
    assert httpx.get(service.address + signed_address(file_id, settings)[:-1] + "x").status_code == 404
    assert httpx.get(f"{service.address}/files/{file_id}").status_code == 404
    one.http.delete(f"/api/conversations/{one.id}")
    assert httpx.get(service.address + signed_address(file_id, settings)).status_code == 404
