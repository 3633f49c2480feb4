"""Accounts: which names and passwords are taken, when an account locks, and who single sign-on finds."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

import pytest

from actions.desk.tables import StaffRow
from channels.console import accounts as accounts_module
from channels.console.accounts import Accounts, NotAllowed, Role
from knowledge.database.engine import sessions
from knowledge.database.tables import now
from tests.channels.console.entering import PASSWORD, employ


@pytest.fixture
def accounts(settings: Any) -> Accounts:
    return Accounts(settings)


def new_name() -> str:
    return f"staff-{secrets.token_hex(4)}"


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short 123", "short"),
        ("x" * 201, "long"),
        ("kimsoyeon-2026", "name"),
        ("KIMSOYEON2026", "name"),
        ("password2026", "common"),
        ("1q2w3e4r5t", "common"),
        ("비밀번호비밀번호12", "common"),
        ("aaaaaaaaaaaa", "common"),
        ("1212121212", "common"),
    ],
)
def test_easy_passwords_are_refused(accounts: Accounts, password: str, fault: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        accounts.create("kimsoyeon", Role.AGENT, password)
    assert refused.value.reason == f"console_account_password_{fault}"


@pytest.mark.parametrize("password", ["달이 밝은 밤 나루", "correct horse battery", "zq8#Lw!v0p"])
def test_other_passwords_are_taken_and_kept_as_argon2(settings: Any, accounts: Accounts, password: str) -> None:
    made = accounts.create(new_name(), Role.EDITOR, password)
    assert accounts.recognise(made.name, password) == made
    with sessions(settings.database)() as session:
        kept = session.get(StaffRow, made.id)
        assert kept is not None and kept.password is not None
        assert kept.password.startswith("$argon2id$") and password not in kept.password


def test_korean_passwords_typed_in_parts_are_the_same(accounts: Accounts) -> None:
    made = accounts.create(new_name(), Role.AGENT, "한글로 쓴 비밀 문장")
    decomposed = "\u1112\u1161\u11ab\u1100\u1173\u11af로 쓴 비밀 문장"
    assert accounts.recognise(made.name, decomposed) == made


@pytest.mark.parametrize("name", ["", "a", "two words", "<script>", "x" * 81, "a\u202eb", "a/b"])
def test_names_of_a_wrong_form_are_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(NotAllowed, match="console_account_name_form"):
        accounts.create(name, Role.AGENT, PASSWORD)


def test_one_name_written_two_ways_is_taken_once(accounts: Accounts) -> None:
    name = new_name()
    made = accounts.create(name.upper(), Role.AGENT, PASSWORD)
    with pytest.raises(NotAllowed, match="console_account_name_taken"):
        accounts.create(name, Role.AGENT, PASSWORD)
    assert accounts.recognise(f" {name.title()} ", PASSWORD) == made


def test_customers_see_a_name_without_the_mail_domain(accounts: Accounts) -> None:
    name = new_name()
    assert accounts.create(f"{name}@example.com", Role.AGENT, PASSWORD).shown_as == name


def test_wrong_passwords_lock_for_a_time_that_grows(
    settings: Any, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = employ(settings, Role.AGENT)
    clock = now()
    monkeypatch.setattr(accounts_module, "now", lambda: clock)

    for _ in range(4):
        assert accounts.recognise(staff.name, "wrong") is None
    assert accounts.recognise(staff.name, PASSWORD) == staff, "four wrong ones do not lock"

    for _ in range(5):
        accounts.recognise(staff.name, "wrong")
    assert accounts.recognise(staff.name, PASSWORD) is None
    clock += timedelta(seconds=59)
    assert accounts.recognise(staff.name, PASSWORD) is None
    assert accounts.named(staff.id).locked  # type: ignore[union-attr]
    clock += timedelta(seconds=2)
    accounts.recognise(staff.name, "wrong")
    clock += timedelta(seconds=61)
    assert accounts.recognise(staff.name, PASSWORD) is None, "the sixth wrong one locks for two minutes"
    clock += timedelta(seconds=60)
    assert accounts.recognise(staff.name, PASSWORD) == staff
    assert accounts.recognise(staff.name, "wrong") is None
    assert accounts.recognise(staff.name, PASSWORD) == staff, "the right one began a new count"


def test_a_lock_is_never_longer_than_an_hour(
    settings: Any, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = employ(settings, Role.AGENT)
    clock: datetime = now()
    monkeypatch.setattr(accounts_module, "now", lambda: clock)
    for _ in range(14):
        accounts.recognise(staff.name, "wrong")
        clock += timedelta(hours=1, seconds=1)
    assert accounts.recognise(staff.name, PASSWORD) == staff


def test_an_unknown_name_costs_as_much_as_a_known_one(settings: Any, accounts: Accounts) -> None:
    from time import process_time

    staff = employ(settings, Role.AGENT)

    def cost(name: str) -> float:
        started = process_time()
        accounts.recognise(name, "a wrong password")
        return process_time() - started

    accounts.recognise("warm", "up")
    known = min(cost(staff.name) for _ in range(3))
    unknown = min(cost(new_name()) for _ in range(3))
    assert known > 0.01, "argon2 takes its time"
    assert 0.5 < unknown / known < 2


def test_a_closed_account_is_not_recognised_until_it_is_opened(settings: Any, accounts: Accounts) -> None:
    staff = employ(settings, Role.AGENT)
    accounts.deactivate(staff.id)
    assert accounts.recognise(staff.name, PASSWORD) is None
    accounts.activate(staff.id)
    assert accounts.recognise(staff.name, PASSWORD) == staff


def test_the_last_admin_stays(settings: Any, accounts: Accounts) -> None:
    for account in accounts.every():
        if account.staff.role is Role.ADMIN and account.active:
            with sessions(settings.database).begin() as session:
                session.get(StaffRow, account.staff.id).active = False  # type: ignore[union-attr]
    last = employ(settings, Role.ADMIN)
    for change in (lambda: accounts.deactivate(last.id), lambda: accounts.change_role(last.id, Role.AGENT)):
        with pytest.raises(NotAllowed, match="console_account_last_admin"):
            change()
    second = employ(settings, Role.ADMIN)
    accounts.change_role(last.id, Role.AGENT)
    assert accounts.named(last.id).staff.role is Role.AGENT  # type: ignore[union-attr]
    assert accounts.named(second.id).staff.role is Role.ADMIN  # type: ignore[union-attr]


def test_single_sign_on_links_the_verified_address_once(accounts: Accounts) -> None:
    address = f"{new_name()}@example.com"
    staff = accounts.create(address, Role.AGENT, None)
    assert accounts.link("first", None) is None
    assert accounts.link("first", address.upper()) == staff
    assert accounts.link("first", "changed@example.com") == staff, "linked now: the address may change"
    assert accounts.link("second", address) is None, "nobody else takes a linked account over"
    accounts.deactivate(staff.id)
    assert accounts.link("first", address) is None


def test_an_account_without_a_password_is_opened_by_none(accounts: Accounts) -> None:
    staff = accounts.create(new_name(), Role.AGENT, None)
    for password in ("", "nobody has this password", PASSWORD):
        assert accounts.recognise(staff.name, password) is None
