"""`naru admin`: accounts from the command line, with passwords that never stand in it."""

from __future__ import annotations

import json
import secrets
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from channels import admin_commands
from channels.admin_commands import app
from channels.command_line import app as naru
from channels.console.accounts import Accounts, Role
from channels.console.staff_sessions import StaffSessions

PASSWORD = "강 건너 나루 312"


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables as in a wide terminal, whatever width the console took when its module was first imported."""
    monkeypatch.setattr(admin_commands.out, "width", 200)


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, words, input=typed)


def name() -> str:
    return f"user-{secrets.token_hex(4)}"


def test_an_account_is_made_with_a_password_from_stdin(settings: Any) -> None:
    new = name()
    done = run(
        "create-user",
        new,
        "--role",
        "supervisor",
        "--shown-as",
        "박 책임",
        "--language",
        "en",
        "--json",
        typed=f"{PASSWORD}\n",
    )
    assert done.exit_code == 0, done.output
    made = json.loads(done.stdout)
    assert {key: made[key] for key in ("name", "shown_as", "role", "language")} == {
        "name": new,
        "shown_as": "박 책임",
        "role": "supervisor",
        "language": "en",
    }
    assert "password" not in made and PASSWORD not in done.output
    staff = Accounts(settings).recognise(new, PASSWORD)
    assert staff is not None and staff.role is Role.SUPERVISOR and staff.id == made["id"]


def test_the_contracts_form_makes_an_agent(settings: Any) -> None:
    new = name()
    done = CliRunner().invoke(naru, ["admin", "create-user", new], input=f"{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert Accounts(settings).find(new).staff.role is Role.AGENT  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("create-user", "somebody-new"), "short\n", "too short"),
        (("create-user", "somebody-new"), "", "too short"),
        (("create-user", "somebody-new"), "password1234\n", "Everybody tries"),
        (("create-user", "two words"), f"{PASSWORD}\n", "A name has"),
        (("set-password", "there-is-nobody"), f"{PASSWORD}\n", "nobody of that name"),
        (("deactivate", "there-is-nobody"), "", "nobody of that name"),
    ],
)
def test_what_breaks_a_rule_ends_with_2_and_says_why(
    settings: Any, words: tuple[str, ...], typed: str, said: str
) -> None:
    done = run(*words, typed=typed)
    assert done.exit_code == 2 and said in done.output
    assert Accounts(settings).find("somebody-new") is None


def test_a_password_can_not_stand_in_the_command() -> None:
    assert run("create-user", name(), "--password", PASSWORD).exit_code == 2
    assert run("create-user", name(), PASSWORD).exit_code == 2


def test_an_unknown_role_is_refused() -> None:
    assert run("create-user", name(), "--role", "root", typed=f"{PASSWORD}\n").exit_code == 2


def test_for_single_sign_on_no_password_is_asked(settings: Any) -> None:
    new = f"{name()}@example.com"
    assert run("create-user", new, "--single-sign-on").exit_code == 0
    assert Accounts(settings).find(new).has_password is False  # type: ignore[union-attr]


def test_passwords_are_set_and_accounts_closed_and_their_sessions_end(settings: Any) -> None:
    new = name()
    run("create-user", new, typed=f"{PASSWORD}\n")
    staff = Accounts(settings).find(new).staff  # type: ignore[union-attr]
    kept = StaffSessions(settings)
    cookie = kept.start(staff.id)
    assert kept.find(cookie) is not None
    done = run("set-password", new, "--json", typed="또 다른 나루 998\n")
    assert json.loads(done.stdout) == {"name": new, "changed": True}
    assert kept.find(cookie) is None
    assert Accounts(settings).recognise(new, PASSWORD) is None
    assert Accounts(settings).recognise(new, "또 다른 나루 998") is not None

    cookie = kept.start(staff.id)
    assert run("deactivate", new).exit_code == 0
    assert kept.find(cookie) is None
    rows = {row["name"]: row for row in json.loads(run("list-users", "--json").stdout)}
    assert rows[new]["active"] is False and rows[new]["role"] == "agent" and "password" not in rows[new]
    assert new in run("list-users").stdout
