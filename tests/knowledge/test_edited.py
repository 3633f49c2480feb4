"""Records written at the desk, on a small pack: served in every process, refused when unsound, never lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select, update

from knowledge.build import build
from knowledge.database.engine import migrate, sessions
from knowledge.database.tables import RecordRow, VectorRow
from knowledge.database.written import RecordVersionRow
from knowledge.edited.editions import edition
from knowledge.edited.served import LOOK_SECONDS, Watch
from knowledge.edited.switches import switch_off, switch_on, switched_off
from knowledge.edited.versions import PACK, Overtaken, Unsound, Versions, last_published
from knowledge.record import Record
from knowledge.settings import Settings
from knowledge.shelf import Keeper, renewed

SOURCES = {
    "law": {"title": {"ko": "법", "en": "Act"}, "url": None, "as_of": "2026-01-01", "basis": "official"},
    "general": {"title": {"ko": "나루", "en": "Naru"}, "url": None, "as_of": "2026-01-01", "basis": "editorial"},
}
PACKING = "나무 상자에 열처리 도장이 없으면 어떻게 되나요"


def fact(name: str, ko: str, en: str, **more: Any) -> dict[str, Any]:
    texts = {
        "ko": {"name": f"{ko} 이야기", "plain": f"{ko} 배로 가요."},
        "en": {"name": f"About {en}", "plain": f"{en} go by ship."},
    }
    return {"id": f"fact.{name}", **texts, "source": {"of": "law", "locator": "제1조"}, **more}


FACTS = [fact("rice", "쌀은", "Rice bags"), fact("tea", "차는", "Tea leaves"), fact("soap", "비누는", "Soap bars")]


def write(pack: Path, records: list[dict[str, Any]]) -> None:
    (pack / "facts" / "a.yaml").write_text(yaml.safe_dump(records, allow_unicode=True), encoding="utf-8")


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packs") / "small"
    (folder / "facts").mkdir(parents=True)
    (folder / "sources.yaml").write_text(yaml.safe_dump(SOURCES, allow_unicode=True), encoding="utf-8")
    write(folder, FACTS)
    return folder


@pytest.fixture
def small(pack: Path, tmp_path: Path) -> Settings:
    """A Naru of its own with three facts."""
    write(pack, FACTS)
    chosen = Settings(data_dir=tmp_path, packs_dir=pack.parent, pack="small", switched_off="")
    migrate(chosen.database)
    with sessions(chosen.database)() as session:
        build(session, pack)
    return chosen


@pytest.fixture
def elsewhere(small: Settings, pack: Path) -> Keeper:
    """Another process on the same database: it shares nothing with this one but that."""
    keeper = Keeper(small.database, pack, Watch(small.database, "small"))
    keeper.now()
    return keeper


@pytest.fixture
def versions(small: Settings) -> Versions:
    return Versions(small)


def packing(**more: Any) -> Record:
    """A new record about wooden boxes."""
    ko = {
        "name": "나무 상자 도장",
        "plain": "나무 상자에는 열처리 도장이 있어야 해요.",
        "todo": ["상자에 도장이 있는지 보세요."],
        "questions": [PACKING],
    }
    en = {
        "name": "Stamp on wooden boxes",
        "plain": "Wooden boxes need a stamp of heat treatment.",
        "todo": ["Look for the stamp."],
        "questions": ["what if the wooden box has no stamp"],
    }
    source = {**SOURCES["law"], "locator": "제2조"}
    data = {"id": "faq.desk-boxes", "kind": "faq", "ko": ko, "en": en, "source": source}
    return Record.model_validate(data | more)


def served(chosen: Settings, record_id: str) -> str | None:
    record = renewed(chosen).library.get(record_id)
    return record.ko.plain if record else None


def with_plain(record: Record, ko: str, en: str) -> Record:
    texts = {"ko": record.ko.model_copy(update={"plain": ko}), "en": record.en.model_copy(update={"plain": en})}
    return record.model_copy(update=texts)


def rice(chosen: Settings, ko: str = "쌀은 비행기로도 가요.") -> Record:
    return with_plain(renewed(chosen).whole.library.records["fact.rice"], ko, "Rice goes by air as well.")


def eventually(is_so: Callable[[], bool], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.1)
    return is_so()


def test_a_new_record_is_found_here_at_once_and_elsewhere_soon(
    small: Settings, versions: Versions, elsewhere: Keeper
) -> None:
    before = renewed(small)
    assert "faq.desk-boxes" not in before.library.records
    versions.publish(packing(), PACK, "asked often", "2030-01-01", "mina")
    here = renewed(small)
    assert here.search.find(PACKING, "ko", top=1)[0].record == "faq.desk-boxes"
    assert "faq.desk-boxes" not in before.library.records, "a shelf in hand stays as it was"
    assert eventually(lambda: "faq.desk-boxes" in elsewhere.now().library.records)
    assert elsewhere.now().search.find(PACKING, "ko", top=1)[0].record == "faq.desk-boxes"
    assert list(last_published(small, ["faq.desk-boxes", "fact.rice"])) == ["faq.desk-boxes"]


def test_nobody_waits_for_a_new_index_elsewhere(versions: Versions, elsewhere: Keeper) -> None:
    old = elsewhere.now()
    versions.publish(packing(), PACK)
    time.sleep(LOOK_SECONDS + 0.1)
    with elsewhere._making:  # the index is being made
        started = time.perf_counter()
        assert elsewhere.now() is old
        assert time.perf_counter() - started < 0.2
    assert eventually(lambda: elsewhere.now() is not old)


def test_a_changed_record_is_served_instead_of_the_packs(small: Settings, versions: Versions) -> None:
    made = versions.publish(rice(small), PACK)
    assert served(small, "fact.rice") == "쌀은 비행기로도 가요."
    assert list(renewed(small).library.records) == ["fact.rice", "fact.tea", "fact.soap"], "and in its place"
    hits = renewed(small).search.find("쌀 비행기", "ko", top=1)
    assert hits[0].record == "fact.rice" and hits[0].why["words"] > 0.5, "by its new words"
    versions.withdraw("fact.rice", made)
    assert served(small, "fact.rice") == "쌀은 배로 가요."


def test_what_is_switched_off_is_gone_everywhere_within_moments(small: Settings, elsewhere: Keeper) -> None:
    assert elsewhere.now().library.get("fact.tea")
    index = elsewhere.now().whole.search
    switch_off(small, "fact.tea", "wrong since June", "mina")
    assert served(small, "fact.tea") is None
    assert eventually(lambda: elsewhere.now().library.get("fact.tea") is None, LOOK_SECONDS + 1)
    hidden = elsewhere.now()
    assert hidden.whole.search is index, "without a new index"
    assert "fact.tea" not in [hit.record for hit in hidden.search.find("차는 배로 가요", "ko")]
    assert hidden.whole.search.find("차는 배로 가요", "ko")[0].record == "fact.tea"
    assert switched_off(small)["fact.tea"].reason == "wrong since June"
    switch_on(small, "fact.tea")
    assert served(small, "fact.tea") == "차는 배로 가요."
    assert eventually(lambda: elsewhere.now().library.get("fact.tea") is not None, LOOK_SECONDS + 1)


def test_a_name_that_is_hidden_is_not_found_and_a_rival_with_it_is(small: Settings, versions: Versions) -> None:
    source = {**SOURCES["law"], "locator": "제3조"}

    def term(name: str) -> Record:
        text = {"simple": "통이에요.", "example": "통이에요.", "where": "통이에요.", "todo": ["통을 보세요."]}
        words = {"simple": "A box.", "example": "A box.", "where": "A box.", "todo": ["See the box."]}
        ko = {"name": f"{name} 통", "aliases": ["둥근화물통"], "plain": "통이에요."}
        data = {"id": f"term.{name}", "kind": "term", "source": source}
        return Record.model_validate(data | {"ko": ko | text, "en": {"name": name, "plain": "A box."} | words})

    versions.publish(term("drum"), PACK)
    versions.publish(term("barrel"), PACK)
    (found,) = renewed(small).gazetteer.find("둥근화물통이 뭐예요")
    assert (found.value, found.rivals) == ("term.drum", ("term.barrel",))
    switch_off(small, "term.drum", "check", None)
    (found,) = renewed(small).gazetteer.find("둥근화물통이 뭐예요")
    assert (found.value, found.rivals) == ("term.barrel", ())
    switch_off(small, "term.barrel", "check", None)
    assert renewed(small).gazetteer.find("둥근화물통이 뭐예요") == []
    assert renewed(small).gazetteer.exact("둥근화물통") == []


def test_the_settings_hide_as_before_and_the_desk_cannot_show_it(small: Settings) -> None:
    hiding = small.model_copy(update={"switched_off": "fact.tea, fact.soap"})
    assert served(hiding, "fact.tea") is None and served(hiding, "fact.soap") is None
    assert switch_on(hiding, "fact.tea") is False
    assert served(hiding, "fact.tea") is None
    assert switched_off(hiding)["fact.soap"].at is None


def test_of_two_who_publish_one_is_told(small: Settings, versions: Versions) -> None:
    first = versions.publish(rice(small), PACK, "first")
    with pytest.raises(Overtaken):
        versions.publish(rice(small, "쌀은 기차로 가요."), PACK, "second")
    assert served(small, "fact.rice") == "쌀은 비행기로도 가요."
    versions.publish(rice(small, "쌀은 기차로 가요."), first, "knowing the first")
    assert served(small, "fact.rice") == "쌀은 기차로 가요."


def test_of_many_at_the_same_moment_exactly_one_publishes(small: Settings, versions: Versions) -> None:
    records = [rice(small, f"쌀은 {number}번 배로 가요.") for number in range(3)]

    def publish(record: Record) -> str:
        try:
            versions.publish(record, PACK)
        except Overtaken:
            return "overtaken"
        return record.ko.plain

    with ThreadPoolExecutor(3) as pool:
        told = list(pool.map(publish, records))
    assert told.count("overtaken") == 2
    assert served(small, "fact.rice") in told
    assert [each.state for each in versions.history("fact.rice")] == ["published"]


def test_what_would_break_the_whole_is_refused_and_changes_nothing(small: Settings, versions: Versions) -> None:
    with sessions(small.database)() as session:
        number = edition(session)
    with pytest.raises(Unsound, match=r"fact\.nowhere"):
        versions.publish(packing(related=["fact.nowhere"]), PACK)
    assert versions.history("faq.desk-boxes") == []
    with sessions(small.database)() as session:
        assert edition(session) == number

    made = versions.publish(packing(), PACK)
    pointing = rice(small).model_copy(update={"related": ("faq.desk-boxes",)})
    versions.publish(pointing, PACK)
    with pytest.raises(Unsound, match=r"fact\.rice"):
        versions.withdraw("faq.desk-boxes", made)
    assert served(small, "faq.desk-boxes") is not None


def test_an_old_fault_of_another_record_stops_nobody(small: Settings, versions: Versions, pack: Path) -> None:
    versions.publish(rice(small).model_copy(update={"related": ("fact.soap",)}), PACK)
    write(pack, FACTS[:2])  # the next pack has no soap any more
    with sessions(small.database)() as session:
        build(session, pack)
    versions.publish(packing(), PACK)
    assert served(small, "faq.desk-boxes") is not None


def test_a_build_leaves_what_was_written_and_is_followed(
    small: Settings, versions: Versions, pack: Path, elsewhere: Keeper
) -> None:
    versions.publish(rice(small), PACK)
    versions.publish(packing(), PACK)
    switch_off(small, "fact.soap", "check", None)
    with sessions(small.database)() as session:
        kept = set(session.scalars(select(VectorRow.digest)))
    write(pack, [*FACTS, fact("salt", "소금은", "Salt bags")])
    embedded: list[int] = []
    with sessions(small.database)() as session:
        assert build(session, pack, lambda done, total: embedded.append(total)) == 4
        assert kept <= set(session.scalars(select(VectorRow.digest)))
    assert embedded == [2], "the new fact in two languages"
    assert served(small, "fact.rice") == "쌀은 비행기로도 가요."
    assert served(small, "faq.desk-boxes") is not None
    assert served(small, "fact.soap") is None
    assert served(small, "fact.salt") == "소금은 배로 가요."
    assert eventually(lambda: "fact.salt" in elsewhere.now().library.records)
    with sessions(small.database)() as session:
        assert session.scalar(select(func.count()).select_from(RecordRow)) == 4, "nothing of the desk is in the pack"


def test_a_text_is_embedded_once(small: Settings, versions: Versions) -> None:
    def count() -> int:
        with sessions(small.database)() as session:
            return session.scalar(select(func.count()).select_from(VectorRow)) or 0

    before = count()
    made = versions.publish(packing(), PACK)
    assert count() == before + 4
    changed = packing(also=[{**SOURCES["law"], "locator": "제9조"}])
    versions.publish(changed, made)
    assert count() == before + 4


def test_a_draft_is_for_editors_alone(small: Settings, versions: Versions) -> None:
    first = versions.keep_draft("fact.rice", {"id": "fact.rice", "ko": {"name": ""}}, "2030-01-01", "mina", None)
    assert served(small, "fact.rice") == "쌀은 배로 가요."
    with pytest.raises(Overtaken):
        versions.keep_draft("fact.rice", {"id": "fact.rice"}, None, "junho", None)
    second = versions.keep_draft("fact.rice", {"id": "fact.rice", "ko": {"name": "쌀"}}, None, "junho", first)
    draft = versions.draft("fact.rice")
    assert draft and (draft.id, draft.staff_id, draft.data["ko"]) == (second, "junho", {"name": "쌀"})
    with pytest.raises(Overtaken):
        versions.publish(rice(small), PACK, seen=first)
    assert versions.history("fact.rice") == []
    versions.publish(rice(small), PACK, seen=second)
    assert versions.draft("fact.rice") is None


def test_every_version_stays_and_an_older_one_comes_back(small: Settings, versions: Versions) -> None:
    first = versions.publish(rice(small), PACK, "by air", "2030-01-01", "mina")
    second = versions.publish(rice(small, "쌀은 기차로 가요."), first, "by train", "2031-01-01", "junho")
    old = next(each for each in versions.history("fact.rice") if each.id == first)
    assert (old.state, old.note, old.staff_id) == ("replaced", "by air", "mina")
    versions.publish(Record.model_validate(dict(old.data)), second, "back")
    assert served(small, "fact.rice") == "쌀은 비행기로도 가요."
    assert [each.state for each in versions.history("fact.rice")] == ["published", "replaced", "replaced"]


def test_a_review_changes_nothing_that_is_served(small: Settings, versions: Versions) -> None:
    with sessions(small.database)() as session:
        number = edition(session)
    versions.review("fact.rice", "2031-05-01", "read it", "mina")
    (noted,) = versions.history("fact.rice")
    assert (noted.state, noted.review_on, noted.note) == ("reviewed", "2031-05-01", "read it")
    with sessions(small.database)() as session:
        assert edition(session) == number
    assert served(small, "fact.rice") == "쌀은 배로 가요."


def test_a_version_that_cannot_be_read_any_more_gives_way_to_the_pack(small: Settings, versions: Versions) -> None:
    versions.publish(rice(small), PACK)
    with sessions(small.database).begin() as session:
        session.execute(update(RecordVersionRow).values(data={"id": "fact.rice", "colour": "red"}))
    watch = Watch(small.database, "small")
    assert "fact.rice" not in watch.now().published


def test_a_database_without_the_tables_serves_the_pack(tmp_path: Path) -> None:
    missing = tmp_path / "none.db"
    assert Watch(f"sqlite:///{missing}", "small", frozenset({"fact.tea"})).now().off == {"fact.tea"}
    assert not missing.exists(), "and looking makes none"
    with sessions(f"sqlite:///{tmp_path / 'empty.db'}")() as session:
        session.execute(select(1))
    assert Watch(f"sqlite:///{tmp_path / 'empty.db'}", "small").now().published == {}


@pytest.fixture(autouse=True)
def no_desk_left(pack: Path) -> Iterator[None]:
    yield
    write(pack, FACTS)
