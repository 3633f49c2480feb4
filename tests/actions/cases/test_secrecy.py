"""What a firm tells lies sealed on the disk, keys can be changed, and what is forgotten is gone."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy import delete, func, select

from actions.cases import Application, Cases, State
from actions.cases import tables as tables
from actions.cases.forgetting import erase, purge
from actions.cases.outbox import deliver_due
from actions.cases.sealing import Seal, WrongKey
from knowledge.database.engine import sessions
from knowledge.database.tables import Base, ConversationRow
from knowledge.settings import Settings

Make = Callable[..., Application]
OURS = [table for table in Base.metadata.sorted_tables if table.name in (
    "firms", "firm_fields", "consents", "applications", "application_events", "application_documents", "deliveries"
)]  # fmt: skip
SECRETS = [
    "821012345678",
    "010-1234-5678",
    "220-81-62517",
    "2208162517",
    "bada@narufood",
    "김나루",
    "이바다",
    "나루식품",
    "50000",
    "도장",
]


def everything_on_disk(chosen: Settings) -> bytes:
    folder = Path(chosen.data_dir)
    return b"".join(path.read_bytes() for path in sorted(folder.glob("naru.db*")))


def test_no_word_of_a_firm_can_be_read_in_the_database_file(cases: Cases, chosen: Settings, submitted: Make) -> None:
    cases.agree("c1", "ko")
    cases.keep_profile(
        "c1", {"phone": "010-1234-5678", "email": "bada@narufood.co.kr", "business_number": "220-81-62517"}
    )
    sent = submitted(cases)
    cases.move(sent.id, State.IN_REVIEW, "desk", "도장이 없어요")
    raw = everything_on_disk(chosen)
    assert sent.id.encode() in raw  # the rows are there
    assert b"organisation.kosme" not in raw  # so the package is not in the clear either
    for secret in SECRETS:
        assert secret.encode() not in raw, secret
        assert secret.encode("unicode_escape") not in raw, secret
    with sqlite3.connect(Path(chosen.data_dir) / "naru.db") as database:
        dump = "\n".join(database.iterdump())
    assert not [secret for secret in SECRETS if secret in dump]
    assert cases.profile("c1")["phone"] == "+821012345678"  # and yet it can be opened


def test_the_key_is_made_once_and_only_its_owner_reads_it(chosen: Settings) -> None:
    first = chosen.case_keys()
    assert chosen.case_keys() == first
    path = chosen.data_dir / "case-key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not list(chosen.data_dir.glob("case-key.*"))
    Fernet(first)
    assert first not in repr(chosen)


def test_keys_are_changed_without_losing_what_was_sealed(chosen: Settings) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    before = Cases(chosen.database, chosen.model_copy(update={"case_key": SecretStr(old)}))
    before.agree("c1", "ko")
    before.keep_profile("c1", {"firm_name": "나루식품"})
    both = Cases(chosen.database, chosen.model_copy(update={"case_key": SecretStr(f"{new}, {old}")}))
    assert both.profile("c1") == {"firm_name": "나루식품"}
    lost = Cases(chosen.database, chosen.model_copy(update={"case_key": SecretStr(new)}))
    with pytest.raises(WrongKey):
        lost.profile("c1")
    renewed = Seal(f"{new},{old}").renew(Seal(old).close("나루식품"))
    assert Seal(new).open(renewed) == "나루식품"


def test_a_key_that_is_none_is_refused_without_being_shown() -> None:
    with pytest.raises(WrongKey) as raised:
        Seal("not-a-key")
    assert "not-a-key" not in str(raised.value)


def counts(chosen: Settings) -> dict[str, int]:
    with sessions(chosen.database)() as session:
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in OURS}


def fill_two(cases: Cases, chosen: Settings, submitted: Make) -> tuple[Application, Application]:
    made = submitted(cases, "c1"), submitted(cases, "c2")
    cases.agree("c1", "ko")
    cases.keep_profile("c1", {"firm_name": "나루식품"})
    assert deliver_due(None, chosen.database, chosen).delivered == 2
    return made


@pytest.mark.parametrize("how", ["erase", "conversation"])
def test_erasing_leaves_nothing_of_one_and_all_of_the_other(
    cases: Cases, chosen: Settings, submitted: Make, how: str
) -> None:
    mine, theirs = fill_two(cases, chosen, submitted)
    printed = chosen.data_dir / "outbox"
    if how == "erase":
        erase("c1", chosen.database, chosen)
    else:
        with sessions(chosen.database).begin() as session:
            session.execute(delete(ConversationRow).where(ConversationRow.id == "c1"))
        assert purge(None, chosen.database, chosen).folders == 1
    assert [folder.name for folder in printed.iterdir()] == [theirs.number]
    left = counts(chosen)
    assert left == {
        "firms": 1, "firm_fields": 0, "consents": 1, "applications": 1, "application_events": 2,
        "application_documents": 1, "deliveries": 1,
    }  # fmt: skip
    assert cases.of("c1") == ()
    assert cases.get(theirs.id) == theirs
    assert mine.number is not None
    assert cases.find(mine.number) is None


def test_what_is_old_is_purged_and_what_is_not_stays(cases: Cases, chosen: Settings, submitted: Make) -> None:
    old, young = fill_two(cases, chosen, submitted)
    long_ago = datetime.now(UTC) - timedelta(days=366)
    with sessions(chosen.database).begin() as session:
        row = session.get(tables.ApplicationRow, old.id)
        assert row is not None
        row.changed_at = long_ago
    assert purge(None, chosen.database, chosen).applications == 1
    assert cases.get(young.id) == young
    assert cases.profile("c1") == {"firm_name": "나루식품"}  # told lately
    later = datetime.now(UTC) + timedelta(days=364)
    assert purge(later, chosen.database, chosen).applications == 0
    much_later = datetime.now(UTC) + timedelta(days=366)
    done = purge(much_later, chosen.database, chosen)
    assert (done.applications, done.firms, done.folders) == (1, 2, 1)
    assert set(counts(chosen).values()) == {0}


def test_folders_in_the_outbox_that_are_not_ours_are_left_alone(chosen: Settings) -> None:
    strange = chosen.data_dir / "outbox" / "something"
    strange.mkdir(parents=True)
    purge(None, chosen.database, chosen)
    assert strange.is_dir()
