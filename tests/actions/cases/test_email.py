"""Packages sent by e-mail to a real SMTP server, which may refuse, be busy, or be down."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pydantic import SecretStr

from actions.cases import Application, Cases
from actions.cases.outbox import Round, deliver_due
from knowledge.settings import Settings
from tests.actions.cases.conftest import PDF, with_routes
from tests.actions.papers.reading import read
from tests.conftest import free_port

Make = Callable[..., Application]


class Postbox:
    """An SMTP receiver; ``says`` is its answer to the mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.says, self.says_to_recipient = "250 OK", "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if self.says_to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.says_to_recipient

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.says.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return self.says


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, Controller]]:
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield box, controller
    controller.stop()


def mailing(chosen: Settings, controller: Controller, **more: Any) -> Settings:
    route = {"desk": {"connector": "email", "address": "desk@office.example"}}
    more = {
        "smtp_host": "127.0.0.1",
        "smtp_port": controller.port,
        "smtp_tls": "none",
        "mail_from": "naru@naru.example",
    } | more
    return with_routes(chosen, route, **more)


def due(used: Settings, later: timedelta = timedelta(0)) -> Round:
    return deliver_due(datetime.now(UTC) + later, used.database, used)


def test_the_mail_carries_everything(chosen: Settings, submitted: Make, postbox: tuple[Postbox, Controller]) -> None:
    box, controller = postbox
    used = mailing(chosen, controller)
    cases = Cases(used.database, used)
    sent = submitted(cases)
    assert due(used) == Round(delivered=1)
    (mail,) = box.mails
    assert (mail["To"], mail["From"]) == ("desk@office.example", "naru@naru.example")
    assert str(sent.number) in mail["Subject"]
    assert mail["Idempotency-Key"] == cases.deliveries(sent.id)[0].idempotency_key
    parts = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}
    assert "나루식품" in read(parts[f"{sent.number}.pdf"])
    assert json.loads(parts[f"{sent.number}.json"])["number"] == sent.number
    assert parts["사업자등록증.pdf"] == PDF


@pytest.mark.parametrize("where", ["says", "says_to_recipient"])
def test_refusals_and_delays(
    chosen: Settings, submitted: Make, postbox: tuple[Postbox, Controller], where: str
) -> None:
    box, controller = postbox
    used = mailing(chosen, controller)
    cases = Cases(used.database, used)
    sent = submitted(cases)
    setattr(box, where, "450 come back later")
    assert due(used) == Round(postponed=1)
    assert cases.deliveries(sent.id)[0].last_error == "SMTP 450: come back later"
    setattr(box, where, "550 no such office")
    assert due(used, timedelta(minutes=2)) == Round(failed=1)
    assert box.mails == []
    assert cases.deliveries(sent.id)[0].last_error == "SMTP 550: no such office"


def test_a_mail_server_that_is_down_loses_nothing(
    chosen: Settings, submitted: Make, postbox: tuple[Postbox, Controller]
) -> None:
    box, controller = postbox
    used = mailing(chosen, controller)
    down = used.model_copy(update={"smtp_port": 1})
    submitted(Cases(used.database, used))
    assert due(down) == Round(postponed=1)
    assert due(used, timedelta(minutes=2)) == Round(delivered=1)
    assert len(box.mails) == 1


def test_nothing_is_sent_where_encryption_was_asked_for_and_is_not_there(
    chosen: Settings, submitted: Make, postbox: tuple[Postbox, Controller]
) -> None:
    box, controller = postbox
    used = mailing(chosen, controller, smtp_tls="starttls")
    cases = Cases(used.database, used)
    sent = submitted(cases)
    assert due(used) == Round(postponed=1)
    assert box.mails == []
    assert "STARTTLS" in str(cases.deliveries(sent.id)[0].last_error)


def test_a_password_is_not_sent_without_encryption(
    chosen: Settings, submitted: Make, postbox: tuple[Postbox, Controller]
) -> None:
    box, controller = postbox
    used = mailing(chosen, controller, smtp_user="naru", smtp_password=SecretStr("word"))
    cases = Cases(used.database, used)
    sent = submitted(cases)
    assert due(used) == Round(postponed=1)
    assert box.mails == []
    assert "NARU_SMTP_TLS" in str(cases.deliveries(sent.id)[0].last_error)


def test_a_mail_server_that_is_not_set_is_named(chosen: Settings, submitted: Make) -> None:
    used = with_routes(chosen, {"desk": {"connector": "email", "address": "desk@office.example"}})
    cases = Cases(used.database, used)
    sent = submitted(cases)
    assert due(used) == Round(postponed=1)
    assert "NARU_SMTP_HOST" in str(cases.deliveries(sent.id)[0].last_error)
