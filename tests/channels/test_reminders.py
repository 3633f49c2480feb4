"""A reminder that is due is said in its conversation, and in no other."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.conftest import Visitor, start_service


def test_a_reminder_comes_by_itself(data_dir: Path, tmp_path: Path) -> None:
    with sqlite3.connect(data_dir / "naru.db") as source, sqlite3.connect(tmp_path / "naru.db") as copy:
        source.backup(copy)
    shutil.copytree(data_dir / "models", tmp_path / "models")
    shutil.copy(data_dir / "hs-index.npz", tmp_path / "hs-index.npz")
    service = start_service(tmp_path, NARU_DELIVER_SECONDS="1")
    try:
        person, other = Visitor(service.address), Visitor(service.address)
        with sqlite3.connect(tmp_path / "naru.db") as database:
            what = json.dumps({"ko": "배에 싣기", "en": "Load the goods"})
            row = (person.id, datetime(2026, 1, 1, tzinfo=UTC).isoformat(" "), "2026-12-02", what)
            database.execute("INSERT INTO reminders (conversation_id, rings_at, day, what) VALUES (?, ?, ?, ?)", row)
        for _ in range(100):
            turns = person.http.get(f"/api/conversations/{person.id}/messages?after=0").json()["turns"]
            if turns:
                break
            time.sleep(0.1)
        assert [turn["turn_id"] for turn in turns] == [1]
        assert "배에 싣기" in turns[0]["replies"][0]["text"] and "2026년 12월 2일" in turns[0]["replies"][0]["text"]
        assert turns[0]["replies"][0]["choices"], "with the way to end reminders"
        time.sleep(2)
        again = person.http.get(f"/api/conversations/{person.id}/messages?after=1").json()["turns"]
        assert again == [], "said once"
        assert other.http.get(f"/api/conversations/{other.id}/messages?after=0").json()["turns"] == []
        assert person.say("신용장이 뭐예요?")["turn_id"] == 2, "the conversation goes on after it"
    finally:
        service.stop()
