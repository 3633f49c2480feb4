"""Twelve invented firms go from a complaint to an application that arrives, though the office was down meanwhile."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.cases.fields import profile_fields
from actions.cases.forms import form_of
from knowledge.diagnosis.asking import questions
from tests.actions.cases.receivers import SECRET, Office, serving
from tests.conftest import Visitor, free_port, start_service, words_of

FIRMS = yaml.safe_load((Path(__file__).parent / "firms" / "firms.yaml").read_text(encoding="utf-8"))
PDF = b"%PDF-1.4\nbusiness registration\n%%EOF\n"
SEND, SKIP = {"ko": "보내기", "en": "Send it"}, '/answer{"value": "skip"}'
TURNS_AT_MOST = 60


@pytest.fixture(scope="module")
def told(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Lets every firm talk while the office is down, then opens the office and waits for the packages."""
    folder = tmp_path_factory.mktemp("firms")
    with sqlite3.connect(data_dir / "naru.db") as source, sqlite3.connect(folder / "naru.db") as copy:
        source.backup(copy)
    shutil.copytree(data_dir / "models", folder / "models")
    shutil.copy(data_dir / "hs-index.npz", folder / "hs-index.npz")
    port = free_port()
    route = {"connector": "webhook", "address": f"http://127.0.0.1:{port}/in", "secret": SECRET}
    service = start_service(folder, NARU_DELIVERY_ROUTES=json.dumps({"desk": route}), NARU_DELIVER_SECONDS="1")
    office = Office()
    try:
        stories = {firm["id"]: story(firm, service.address) for firm in FIRMS}
        with serving(office, port):
            deadline = time.monotonic() + 90
            while len(office.handled) < len(FIRMS) and time.monotonic() < deadline:
                time.sleep(0.5)
            time.sleep(2)
        yield {"stories": stories, "office": office}
    finally:
        service.stop()


def story(firm: dict[str, Any], address: str) -> dict[str, Any]:
    """Plays one firm; what is strange on the way is kept as a fault, so that every firm is heard."""
    person = Visitor(address, firm["language"])
    faults: list[str] = []
    complaint = person.say(firm["complaint"])
    diagnosis = diagnose(person, firm, faults)
    aside = person.say("FOB가 뭐예요?" if firm["language"] == "ko" else "what is FOB?")
    sent = apply(person, firm, faults)
    status = person.say("내 신청 어떻게 됐어요?" if firm["language"] == "ko" else "what happened to my application?")
    return {
        "complaint": complaint, "diagnosis": diagnosis, "aside": aside, "sent": sent, "status": status, "faults": faults,
    }  # fmt: skip


def diagnose(person: Visitor, firm: dict[str, Any], faults: list[str]) -> dict[str, Any]:
    turn = person.press("/start_diagnosis")
    asked = {each.ask[firm["language"]]: each.id for each in questions()}
    for _ in range(12):
        if turn["outcome"] != "needs_input":
            return turn
        words = words_of(turn)
        name = next((name for ask, name in asked.items() if ask in words), None)
        said = firm["facts"].get(name) if name else firm["complaint"]
        turn = person.say(said) if said else person.press('/answer{"value": "skipped"}')
        if said and name and asked_again(turn, asked, name):
            faults.append(f"{said!r} was no answer to {name}")
            turn = person.press('/answer{"value": "skipped"}')
    return turn


def asked_again(turn: dict[str, Any], asked: dict[str, str], name: str) -> bool:
    words = words_of(turn)
    return turn["outcome"] == "needs_input" and any(ask in words for ask, each in asked.items() if each == name)


def apply(person: Visitor, firm: dict[str, Any], faults: list[str]) -> dict[str, Any]:
    language, wrong = firm["language"], dict(firm["wrong"])
    form = form_of(firm["programme"])
    fields = {**profile_fields(), **{field.key: field for field in form.fields}}
    turn = person.press(json.dumps({"value": firm["programme"]}).join(("/apply_programme", "")))
    for _ in range(TURNS_AT_MOST):
        sending = [c["payload"] for reply in turn["replies"] for c in reply["choices"] if c["title"] == SEND[language]]
        if sending:
            if wrong:
                faults.append(f"never asked: {sorted(wrong)}")
            return person.press(sending[0])
        words = turn["replies"][-1]["text"] or ""
        key = next((key for key, field in fields.items() if field.text(language).question in words), None)
        if key in wrong:
            mistaken = person.say(wrong[key])
            if fields[key].text(language).question not in words_of(mistaken):
                faults.append(f"{wrong.pop(key)!r} was taken for {key}")
            else:
                wrong.pop(key)
            turn = mistaken
        elif key in firm["answers"]:
            turn = person.say(str(firm["answers"][key]))
            if fields[key].text(language).question in (turn["replies"][-1]["text"] or ""):
                faults.append(f"{firm['answers'][key]!r} was refused for {key}: {words_of(turn)[:120]}")
                return turn
        elif key:
            turn = person.press(SKIP)
        else:
            turn = otherwise(person, turn, words)
    faults.append(f"no summary after {TURNS_AT_MOST} turns: {words_of(turn)[:200]}")
    return turn


def otherwise(person: Visitor, turn: dict[str, Any], words: str) -> dict[str, Any]:
    """Answers what is no field: consent, use of what is known, further questions, documents."""
    sent = {c["title"]: c["payload"] for reply in turn["replies"] for c in reply["choices"]}
    for title in ("동의해요", "I agree", "이대로 쓰기", "Use it like this"):
        if title in sent:
            return person.press(sent[title])
    if '/answer{"value": "skip"}' in sent.values():
        return person.press(SKIP)
    if '/answer{"value": "no"}' in sent.values():
        return person.press('/answer{"value": "no"}')
    kept = person.http.post(
        f"/api/conversations/{person.id}/files", files={"file": ("reg.pdf", PDF, "application/pdf")}
    )
    return person.post({"file_id": kept.json()["file_id"]}).json()  # type: ignore[no-any-return]


@pytest.mark.parametrize("firm", FIRMS, ids=lambda firm: firm["id"])
def test_the_firm_is_understood_helped_and_heard(firm: dict[str, Any], told: dict[str, Any]) -> None:
    one = told["stories"][firm["id"]]
    assert one["faults"] == []
    found = set(one["diagnosis"]["records"][:3])
    assert one["diagnosis"]["outcome"] == "answered" and found & set(firm["trouble"]), (
        found,
        words_of(one["diagnosis"]),
    )
    assert any(record.startswith("programme.") for record in one["diagnosis"]["records"])
    assert one["aside"]["records"][:1] == ["term.fob"]
    assert one["sent"]["outcome"] == "answered" and "N-" in words_of(one["sent"]), words_of(one["sent"])
    assert one["status"]["outcome"] == "answered"


@pytest.mark.parametrize("firm", FIRMS, ids=lambda firm: firm["id"])
def test_its_application_arrives_once_and_whole(firm: dict[str, Any], told: dict[str, Any]) -> None:
    office = told["office"]
    named = str(firm["answers"]["email"])
    packages = [each for each in office.handled.values() if each["firm"]["email"]["value"] == named]
    assert len(packages) == 1, [each["firm"]["email"]["value"] for each in office.handled.values()]
    package = packages[0]
    assert package["programme"]["id"] == firm["programme"]
    given = {**package["firm"], **package["answers"]}
    assert {key: given[key]["value"] for key in firm["arrives"]} == firm["arrives"]
    assert [each["name"] for each in package["documents"]][:1] == ["reg.pdf"]
