"""`naru admin` on the command line: the accounts of the console. Passwords come from a prompt or stdin, never argv."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from channels.console.accounts import Account, Accounts

app = typer.Typer(help="Accounts of the console.", no_args_is_help=True)
out = Console()
err = Console(stderr=True)

BAD_INPUT = 2
"""Exit code where something asked breaks a rule."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Name = Annotated[str, typer.Argument(help="What they sign in with; for single sign-on their e-mail address there.")]
RoleName = Literal["agent", "supervisor", "editor", "admin"]


@app.command("create-user")
def create_user(
    name: Name,
    role: Annotated[RoleName, typer.Option(help="What they may do.")] = "agent",
    shown_as: Annotated[str | None, typer.Option(help="Name customers see.")] = None,
    language: Annotated[Literal["ko", "en"], typer.Option(help="Language of their console.")] = "ko",
    single_sign_on: Annotated[
        bool, typer.Option("--single-sign-on", help="No password: only single sign-on opens.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make an account; asks for the password, or reads it from stdin."""
    from channels.console import audit
    from channels.console.accounts import NotAllowed, Role

    accounts = _accounts()
    try:
        made = accounts.create(name, Role(role), None if single_sign_on else _password(), shown_as, language)
    except NotAllowed as error:
        _stop(error.reason)
    audit.note(None, "staff.created", made.id, role=made.role.value, by="command line")
    _print(asdict(made), f"{made.name} ({made.role}) may sign in at /console", as_json)


@app.command("list-users")
def list_users(as_json: Json = False) -> None:
    """List the accounts."""
    rows = [_row(account) for account in _accounts().every()]
    if as_json:
        _print(rows, "", True)
        return
    table = Table("name", "shown as", "role", "state", "single sign-on", "last seen")
    for row in rows:
        state = "closed" if not row["active"] else "locked" if row["locked"] else "in use"
        sso = "linked" if row["single_sign_on"] else ""
        table.add_row(row["name"], row["shown_as"], row["role"], state, sso, (row["seen_at"] or "")[:16])
    out.print(table)


@app.command("set-password")
def set_password(name: Name, as_json: Json = False) -> None:
    """Give somebody a new password, which ends their sessions; asks for it, or reads it from stdin."""
    from channels.console import audit
    from channels.console.accounts import NotAllowed

    accounts = _accounts()
    account = _found(accounts, name)
    try:
        accounts.set_password(account.staff.id, _password())
    except NotAllowed as error:
        _stop(error.reason)
    audit.note(None, "staff.password_set", account.staff.id, by="command line")
    _print({"name": account.staff.name, "changed": True}, f"{account.staff.name}: the password is set", as_json)


@app.command()
def deactivate(name: Name, as_json: Json = False) -> None:
    """Close an account and end its sessions."""
    from channels.console import audit
    from channels.console.accounts import NotAllowed

    accounts = _accounts()
    account = _found(accounts, name)
    try:
        accounts.deactivate(account.staff.id)
    except NotAllowed as error:
        _stop(error.reason)
    audit.note(None, "staff.deactivated", account.staff.id, by="command line")
    _print({"name": account.staff.name, "active": False}, f"{account.staff.name} can not sign in any more", as_json)


def _accounts() -> Accounts:
    from channels.console.accounts import Accounts
    from knowledge.database.engine import migrate
    from knowledge.settings import settings

    migrate(settings().database)
    return Accounts(settings())


def _found(accounts: Accounts, name: str) -> Account:
    account = accounts.find(name)
    if account is None:
        _stop("console_account_unknown")
    return account


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def _row(account: Account) -> dict[str, Any]:
    seen = account.seen_at.isoformat() if account.seen_at else None
    row = asdict(account)
    return {**row.pop("staff"), **row, "seen_at": seen}


def _stop(reason: str) -> NoReturn:
    from actions.texts import text

    err.print(text(reason, "en"), markup=False, highlight=False)
    raise typer.Exit(BAD_INPUT)


def _print(data: Any, words: str, as_json: bool) -> None:
    if as_json:
        out.print_json(json.dumps(data, ensure_ascii=False, default=str))
    else:
        out.print(words, markup=False, highlight=False)
