"""Packages reach real receivers exactly once, whatever happens on the way: down, slow, failing, crashing, two at once."""

from __future__ import annotations

import base64
import json
import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from sqlalchemy import update

from actions import cases as room
from actions.cases import Application, Cases, State, outbox
from actions.cases.connectors import webhook
from actions.cases.outbox import LEASE, LONGEST_WAIT, Round, deliver_due, retry, wait_after
from actions.cases.routes import RouteError, may_be_posted_to, routes
from actions.cases.tables import DeliveryRow
from actions.files import folder
from knowledge.database.engine import sessions
from knowledge.settings import Settings
from tests.actions.cases.conftest import PDF, with_routes
from tests.actions.cases.receivers import SECRET, Office, serving
from tests.actions.papers.reading import read
from tests.conftest import free_port

Make = Callable[..., Application]
SCHEMA = json.loads((Path(room.__file__).parent / "package.schema.json").read_text())


def posting(chosen: Settings, address: str, recipient: str = "desk") -> Settings:
    return with_routes(chosen, {recipient: {"connector": "webhook", "address": address, "secret": SECRET}})


def due(chosen: Settings, later: timedelta = timedelta(0)) -> Round:
    return deliver_due(datetime.now(UTC) + later, chosen.database, chosen)


def test_a_package_arrives_signed_whole_and_once(chosen: Settings, submitted: Make) -> None:
    office = Office()
    with serving(office) as address:
        used = posting(chosen, address)
        cases = Cases(used.database, used)
        sent = submitted(cases)
        assert due(used) == Round(delivered=1)
        assert due(used, timedelta(days=1)) == Round()
    ((key, package),) = office.handled.items()
    jsonschema.validate(package, SCHEMA)
    assert package["number"] == sent.number
    assert base64.b64decode(package["documents"][0]["content_base64"]) == PDF
    assert office.requests[0]["type"] == "application/json"
    (delivery,) = cases.deliveries(sent.id)
    assert (delivery.idempotency_key, delivery.connector, delivery.attempts) == (key, "webhook", 1)


def test_nothing_is_lost_while_the_receiver_is_down(chosen: Settings, submitted: Make) -> None:
    port = free_port()
    used = posting(chosen, f"http://127.0.0.1:{port}/packages")
    cases = Cases(used.database, used)
    sent = submitted(cases)
    assert due(used) == Round(postponed=1)
    assert due(used) == Round()  # not before its time
    assert due(used, timedelta(minutes=2)) == Round(postponed=1)
    (waiting,) = cases.deliveries(sent.id)
    assert waiting.attempts == 2
    assert waiting.last_error is not None
    office = Office()
    with serving(office, port):
        assert due(used, timedelta(minutes=10)) == Round(delivered=1)
    assert len(office.handled) == 1
    assert cases.deliveries(sent.id)[0].last_error is None


def test_an_answer_lost_on_the_way_back_is_sent_again_under_the_same_key(chosen: Settings, submitted: Make) -> None:
    office = Office(lambda count: (500 if count < 3 else 200, {}))
    with serving(office) as address:
        used = posting(chosen, address)
        submitted(Cases(used.database, used))
        assert [due(used, timedelta(hours=hour)) for hour in range(4)] == [
            Round(postponed=1), Round(postponed=1), Round(delivered=1), Round(),
        ]  # fmt: skip
    assert len({request["key"] for request in office.requests}) == 1
    assert len({request["body"] for request in office.requests}) == 1


@pytest.mark.parametrize(("status", "comes_again"), [(400, False), (401, False), (404, False), (410, False), (422, False),
                                                     (301, False), (408, True), (425, True), (429, True), (503, True)])  # fmt: skip
def test_what_the_receiver_says_decides(chosen: Settings, submitted: Make, status: int, comes_again: bool) -> None:
    office = Office(lambda _: (status, {"Location": "http://127.0.0.1:9/elsewhere"}))
    with serving(office) as address:
        used = posting(chosen, address)
        cases = Cases(used.database, used)
        sent = submitted(cases)
        assert due(used) == (Round(postponed=1) if comes_again else Round(failed=1))
        assert due(used, timedelta(days=1)) == (Round(postponed=1) if comes_again else Round())
    (delivery,) = cases.deliveries(sent.id)
    assert delivery.last_error == f"HTTP {status}"
    assert (delivery.failed_at is None) == comes_again


@pytest.mark.parametrize("header", ["3600", "date"])
@pytest.mark.parametrize("status", [429, 503])
def test_the_receivers_wish_to_wait_is_heeded(chosen: Settings, submitted: Make, status: int, header: str) -> None:
    asked = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True) if header == "date" else header
    office = Office(lambda count: (status, {"Retry-After": asked}) if count == 1 else (200, {}))
    with serving(office) as address:
        used = posting(chosen, address)
        submitted(Cases(used.database, used))
        assert due(used) == Round(postponed=1)
        assert due(used, timedelta(minutes=58)) == Round()
        assert due(used, timedelta(minutes=61)) == Round(delivered=1)


@pytest.mark.parametrize("header", ["soon", "-5", "", "99999999999999999999"])
def test_a_silly_wish_to_wait_does_no_harm(chosen: Settings, submitted: Make, header: str) -> None:
    office = Office(lambda count: (503, {"Retry-After": header}) if count == 1 else (200, {}))
    with serving(office) as address:
        used = posting(chosen, address)
        submitted(Cases(used.database, used))
        assert due(used) == Round(postponed=1)
        assert due(used, LONGEST_WAIT * 1.3) == Round(delivered=1)


def test_a_slow_receiver_is_given_up_for_now(
    chosen: Settings, submitted: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "TIMEOUT", httpx.Timeout(0.3))
    office = Office(delay=3.0)
    with serving(office) as address:
        used = posting(chosen, address)
        submitted(Cases(used.database, used))
        begun = time.monotonic()
        assert due(used) == Round(postponed=1)
        assert time.monotonic() - begun < 2.5
        office.delay = 0.0
        assert due(used, timedelta(minutes=2)) == Round(delivered=1)
    assert (len(office.requests), len(office.handled)) == (2, 1)  # it had taken the first one: same key, one package


def submit_and_die(chosen: Settings, application_id: str, digest: str) -> None:
    """Submits in a process that ends at once, as by a power cut."""
    import os

    Cases(chosen.database, chosen).submit(application_id, digest)
    os._exit(9)


def test_a_crash_between_submission_and_delivery_loses_nothing(chosen: Settings, filled: Make) -> None:
    office = Office()
    with serving(office) as address:
        used = posting(chosen, address)
        cases = Cases(used.database, used)
        begun = filled(cases)
        digest = cases.review(begun.id).digest
        process = multiprocessing.get_context("spawn").Process(target=submit_and_die, args=(used, begun.id, digest))
        process.start()
        process.join(60)
        assert process.exitcode == 9
        assert cases.get(begun.id).state is State.SUBMITTED
        assert due(used) == Round(delivered=1)
    assert len(office.handled) == 1


def test_a_worker_that_died_while_sending_is_followed_by_another(chosen: Settings, submitted: Make) -> None:
    office = Office()
    with serving(office) as address:
        used = posting(chosen, address)
        cases = Cases(used.database, used)
        sent = submitted(cases)
        key = cases.deliveries(sent.id)[0].idempotency_key
        dead = outbox._Worker(used.database, used, cases._seal, "dead")
        assert dead._claim(key, datetime.now(UTC))
        dead._hand_over(key)  # and then it dies, before it could note that it was done
        assert due(used, timedelta(seconds=5)) == Round()
        assert due(used, LEASE + timedelta(seconds=5)) == Round(delivered=1)
    assert (len(office.requests), len(office.handled)) == (2, 1)


def test_many_deliverers_at_once_deliver_once(chosen: Settings, submitted: Make) -> None:
    office = Office(delay=0.05)
    with serving(office) as address:
        used = posting(chosen, address)
        cases = Cases(used.database, used)
        for number in range(4):
            submitted(cases, f"c{number}")
        with ThreadPoolExecutor(6) as threads:
            rounds = list(threads.map(lambda _: due(used), range(6)))
    assert sum(done.delivered for done in rounds) == 4
    assert (len(office.requests), len(office.handled)) == (4, 4)


def test_a_refused_package_can_be_sent_again_by_hand(chosen: Settings, submitted: Make) -> None:
    office = Office(lambda count: (403 if count == 1 else 200, {}))
    with serving(office) as address:
        used = posting(chosen, address)
        cases = Cases(used.database, used)
        sent = submitted(cases)
        assert due(used) == Round(failed=1)
        assert retry(sent.id, datetime.now(UTC), used.database) == 1
        assert due(used) == Round(delivered=1)


def test_a_withdrawn_application_is_not_sent_and_who_has_it_is_told(chosen: Settings, submitted: Make) -> None:
    office = Office()
    with serving(office) as address:
        used = posting(chosen, address)
        cases = Cases(used.database, used)
        early, late = submitted(cases, "c1"), submitted(cases, "c2")
        cases.withdraw(early.id)
        assert due(used) == Round(delivered=1)
        cases.withdraw(late.id, note="바이어가 안 온대요")
        assert due(used) == Round(delivered=1)
        assert retry(early.id, datetime.now(UTC), used.database) == 0
    schemas = [(package["schema"], package["number"]) for package in office.handled.values()]
    assert schemas == [("naru.application/1", late.number), ("naru.withdrawal/1", late.number)]
    for package in office.handled.values():
        jsonschema.validate(package, SCHEMA)


def test_a_document_that_changed_after_submission_is_not_sent(chosen: Settings, submitted: Make) -> None:
    office = Office()
    with serving(office) as address:
        used = posting(chosen, address)
        cases = Cases(used.database, used)
        sent = submitted(cases)
        (folder(used) / f"file-{sent.id}").write_bytes(b"%PDF-1.4 forged")
        assert due(used) == Round(failed=1)
    assert office.requests == []
    assert "not the one that was confirmed" in str(cases.deliveries(sent.id)[0].last_error)


def test_one_package_that_can_not_be_opened_does_not_hold_up_the_others(chosen: Settings, submitted: Make) -> None:
    cases = Cases(chosen.database, chosen)
    broken, whole = submitted(cases, "c1"), submitted(cases, "c2")
    with sessions(chosen.database).begin() as session:
        session.execute(update(DeliveryRow).where(DeliveryRow.application_id == broken.id).values(package=b"rubbish"))
    assert due(chosen) == Round(delivered=1, postponed=1)
    assert cases.deliveries(whole.id)[0].delivered_at is not None


def test_an_organisation_that_has_a_route_is_sent_to_and_only_then(chosen: Settings, submitted: Make) -> None:
    office = Office()
    with serving(office) as address:
        used = posting(chosen, address, "organisation.kosme")
        cases = Cases(used.database, used)
        sent = submitted(cases)
        assert cases.deliveries(sent.id)[0].recipient == "organisation.kosme"
        assert due(chosen) == Round(postponed=1)  # the operator took the route away: it goes nowhere else
        assert due(used, timedelta(minutes=2)) == Round(delivered=1)
    assert next(iter(office.handled.values()))["recipient"] == "organisation.kosme"


def test_without_a_route_it_is_written_out_to_be_printed(cases: Cases, chosen: Settings, submitted: Make) -> None:
    sent = submitted(cases)
    assert due(chosen) == Round(delivered=1)
    assert sent.number is not None
    printed = chosen.data_dir / "outbox" / sent.number
    assert sorted(file.name for file in printed.iterdir()) == [
        "application-1-business_registration.pdf", "application-1.json", "application-1.pdf",
    ]  # fmt: skip
    assert {file.stat().st_mode & 0o777 for file in printed.iterdir()} == {0o600}
    jsonschema.validate(json.loads((printed / "application-1.json").read_bytes()), SCHEMA)
    words = read((printed / "application-1.pdf").read_bytes())
    for expected in ("나루식품", "220-81-62517", "010-1234-5678", sent.number, "접수처", "수출바우처"):
        assert expected in words


def test_waits_double_up_to_a_bound() -> None:
    assert [wait_after(n, 0.5).total_seconds() for n in (1, 2, 3, 4)] == [30, 60, 120, 240]
    assert wait_after(60, 0.5) == timedelta(hours=6)
    assert wait_after(1, 0.0) == timedelta(seconds=24)
    assert wait_after(1, 1.0) == timedelta(seconds=36)


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://desk.example/naru", True),
        ("http://localhost:8080/", True),
        ("http://127.0.0.1/", True),
        ("http://[::1]:80/", True),
        ("http://desk.example/", False),
        ("http://127.0.0.1.example/", False),
        ("http://localhost@desk.example/", False),
        ("https://user:word@desk.example/", False),
        ("ftp://localhost/", False),
        ("https://", False),
        ("desk.example", False),
        ("http://10.0.0.1/", False),
    ],
)
def test_data_goes_to_safe_addresses_only(address: str, allowed: bool) -> None:
    assert may_be_posted_to(address) is allowed


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"desk": {"connector": "webhook", "address": "http://desk.example", "secret": SECRET}}, "https"),
        ({"desk": {"connector": "webhook", "address": "https://desk.example", "secret": "short"}}, "16"),
        ({"desk": {"connector": "email", "address": "desk"}}, "address"),
        ({"desk": {"connector": "fax"}}, "desk.connector"),
    ],
)
def test_wrong_routes_are_explained_without_their_secrets(chosen: Settings, told: Any, words: str) -> None:
    with pytest.raises(RouteError) as raised:
        routes(with_routes(chosen, told))
    assert words in str(raised.value)
    assert SECRET not in str(raised.value)
    assert "short" not in str(raised.value).replace("String should", "")
