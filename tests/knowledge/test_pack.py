"""Malformed packs are refused with the name of the file and the record; a build leaves no half work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select

from knowledge.build import build, is_current
from knowledge.database.engine import migrate, sessions
from knowledge.database.tables import RecordRow, VectorRow
from knowledge.pack import PackError, read_pack

SOURCES = {"law": {"title": {"ko": "법", "en": "Act"}, "url": None, "as_of": "2026-01-01", "basis": "official"}}


def fact(name: str = "fact.one", **more: Any) -> dict[str, Any]:
    texts = {
        "ko": {"name": f"{name} 사실", "plain": "물건은 배로 가요."},
        "en": {"name": name, "plain": "Goods go by ship."},
    }
    return {"id": name, **texts, "source": {"of": "law", "locator": "제1조"}, **more}


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    (folder / "facts").mkdir(parents=True)
    (folder / "sources.yaml").write_text(yaml.safe_dump(SOURCES, allow_unicode=True), encoding="utf-8")
    write(folder, [fact()])
    return folder


def write(folder: Path, records: Any) -> None:
    (folder / "facts" / "a.yaml").write_text(yaml.safe_dump(records, allow_unicode=True), encoding="utf-8")


def test_a_source_key_becomes_the_whole_source(pack: Path) -> None:
    (record,) = read_pack(pack)
    assert record.source.title["en"] == "Act"
    assert record.source.locator == "제1조"
    assert record.source.as_of == "2026-01-01"


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ([fact(colour="red")], ["facts/a.yaml", "fact.one", "colour"]),
        ([fact(source={"of": "no-such-law"})], ["fact.one", "no-such-law"]),
        ([fact("Fact One")], ["facts/a.yaml", "id"]),
        ([{"id": "fact.bare"}], ["fact.bare"]),
        (["just a string"], ["facts/a.yaml"]),
    ],
)
def test_a_malformed_record_is_named(pack: Path, records: Any, words: list[str]) -> None:
    write(pack, records)
    with pytest.raises(PackError) as raised:
        read_pack(pack)
    for word in words:
        assert word in str(raised.value)


def test_a_file_that_is_not_yaml_is_named(pack: Path) -> None:
    (pack / "facts" / "b.yaml").write_text("- id: [unclosed", encoding="utf-8")
    with pytest.raises(PackError, match=r"b\.yaml"):
        read_pack(pack)


def test_building_is_repeatable_and_refuses_faults(pack: Path, tmp_path: Path, settings: Any) -> None:
    url = f"sqlite:///{tmp_path / 'small.db'}"
    migrate(url)
    with sessions(url)() as session:
        assert not is_current(session, pack)
        assert build(session, pack) == 1
        assert is_current(session, pack)
        vectors = session.scalar(select(func.count()).select_from(VectorRow))

        write(pack, [fact(), fact("fact.two", related=["fact.nowhere"])])
        assert not is_current(session, pack)
        with pytest.raises(PackError, match=r"fact\.nowhere"):
            build(session, pack)
        assert session.scalars(select(RecordRow.id)).all() == ["fact.one"]

        embedded: list[int] = []
        write(pack, [fact(), fact("fact.two")])
        assert build(session, pack, lambda done, total: embedded.append(total)) == 2
        assert sorted(session.scalars(select(RecordRow.id))) == ["fact.one", "fact.two"]
        assert embedded == [vectors], "only the new record's passages are embedded again"
