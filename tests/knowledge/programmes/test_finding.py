"""Words find programmes, announcements join in, programmes stand side by side, and faults of the facts are found."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from knowledge.check import check
from knowledge.pack import PackError, read_pack
from knowledge.programmes.checking import check_facts
from knowledge.programmes.compare import NotEnough, compare
from knowledge.programmes.conditions import known_conditions, parse
from knowledge.programmes.facts import Said, Serves
from knowledge.programmes.finder import Verdict, find, show
from knowledge.programmes.needs import UnknownNeed
from knowledge.programmes.offers import Offer, UnknownProgramme, records_of
from knowledge.programmes.profile import FirmProfile
from knowledge.record import Source

PACK = Path(__file__).parents[3] / "knowledge" / "packs" / "korea"
SMALL = FirmProfile(size="small")


@pytest.mark.parametrize(
    ("words", "language", "programme"),
    [
        ("해외 인증 비용 지원", "ko", "programme.overseas-certification"),
        ("who helps with CE marking costs", "en", "programme.overseas-certification"),
        ("free interpreter when a buyer visits Korea", "en", "programme.vap"),
        ("해외 쇼핑몰에 들어가는 입점비", "ko", "programme.online-commercialisation"),
        ("외국 정부 입찰에 나가고 싶어요", "ko", "programme.kotra-procurement"),
        ("돈을 떼일까 봐 무서워요", "ko", "service.ksure-credit-check"),
    ],
)
def test_words_find_the_programme(shelf: Any, words: str, language: Any, programme: str) -> None:
    assert programme in [match.id for match in find(words, SMALL, PACK, language, top=3)]


@pytest.mark.parametrize(
    ("words", "language"), [("점심 뭐 먹지", "ko"), ("how is the weather", "en"), ("qwzx vbnm", "en")]
)
def test_words_off_the_subject_find_nothing(shelf: Any, words: str, language: Any) -> None:
    assert find(words, SMALL, PACK, language) == []


def test_an_unknown_need_is_refused() -> None:
    with pytest.raises(UnknownNeed):
        find("obstacle.cats", SMALL, PACK)


def announcement(**changes: Any) -> Offer:
    source = Source(title={"ko": "공고", "en": "call"}, as_of="2026-11-01", basis="official")  # type: ignore[arg-type]
    told: dict[str, Any] = {
        "id": "announcement.1",
        "name": {"ko": "물류비 공고", "en": "Call for freight support"},
        "plain": {"ko": "물류비를 도와요.", "en": "Helps with freight."},
        "gives": {"ko": ("물류비",), "en": ("freight",)},
        "serves": Serves(obstacles=("obstacle.shipping-cost",)),
        "who": parse({"all": ["sme", "has_export_record"]}, known_conditions(PACK)),
        "sources": (source,),
        "period": Said(ko="11월 30일까지예요.", en="Until 30 November."),
        "live": True,
    }
    return Offer(**(told | changes))


def test_an_announcement_joins_the_search() -> None:
    firm = FirmProfile(size="small", exports_usd_last_year=100)
    match = find("obstacle.shipping-cost", firm, PACK, extra=[announcement()])[0]
    assert (match.id, match.verdict, match.period) == ("announcement.1", Verdict.FITS, "11월 30일까지예요.")
    assert match.note is None
    assert "필요한 서류는 여기서 알 수 없어요. 맡은 기관에 물어보세요." in match.not_known


def test_an_announcement_whose_conditions_nobody_read_does_not_simply_fit() -> None:
    found = find("obstacle.shipping-cost", SMALL, PACK, top=100, extra=[announcement(who=None)])
    match = next(each for each in found if each.id == "announcement.1")
    assert match.verdict is Verdict.FITS_IF
    assert any(line.startswith("누가 신청할 수 있는지") for line in match.not_known)


def test_programmes_stand_side_by_side() -> None:
    firm = FirmProfile(size="small", exports_usd_last_year=0)
    found = compare(["programme.own-mall", "programme.distribution-network", "own-mall"], firm, "en", PACK)
    assert [each["id"] for each in found.programmes] == ["programme.own-mall", "programme.distribution-network"]
    rows = {row.part: row.cells for row in found.rows}
    assert rows["verdict"] == ("You meet the conditions we know", "Not yet")
    assert rows["conditions"][1] == "a small or medium firm and an export record"
    assert "One export on your record would make it possible." in rows["checked"][1]
    assert "70%" in rows["cost"][0] and rows["cost"][1].startswith("The cost is not known here.")
    assert "Table 10" in rows["sources"][0] and "Table 8" in rows["sources"][1]
    assert all(len(row.cells) == 2 and all(row.cells) for row in found.rows)


def test_a_comparison_needs_two_known_programmes() -> None:
    with pytest.raises(NotEnough):
        compare(["vap", "programme.vap"], None, "ko", PACK)
    with pytest.raises(UnknownProgramme):
        compare(["vap", "nothing"], None, "ko", PACK)
    with pytest.raises(UnknownProgramme):
        show("obstacle.language", None, PACK)


def test_the_packs_facts_have_no_fault() -> None:
    assert list(check_facts(records_of(PACK), PACK)) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: programme.vap", "id: programme.vip", "facts about a record that does not exist"),
        ("id: programme.vap", "id: programme.vip", "programme.vap: has no facts"),
        ("id: programme.vap", "id: programme.bms", "has facts twice"),
        ("obstacle.language, obstacle.trade-knowledge]", "obstacle.cats]", "points to obstacle.cats"),
        ("ask: organisation.kosme", "ask: organisation.nobody", "points to organisation.nobody"),
        ("{all: [sme, buyer_visits]}", "{all: [sme, rich]}", "no condition called rich"),
        ("apply: gobiz_site", "apply: by_pigeon", "no way called by_pigeon"),
        ("of: eclac-2020, locator: Table 10", "of: hearsay, locator: Table 10", "KEY of sources.yaml"),
        (", en: The experts' help is free.", "", "en"),
        ("who: {all: [sme, buyer_visits]}", "whom: sme", "whom"),
    ],
)
def test_faults_of_the_facts_are_found(tmp_path: Path, old: str, new: str, message: str) -> None:
    folder = tmp_path / "korea"
    shutil.copytree(PACK / "programme_facts", folder / "programme_facts")
    shutil.copy(PACK / "sources.yaml", folder)
    file = folder / "programme_facts" / "support-centre-and-kosme.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    found = [str(finding) for finding in check(read_pack(PACK), folder) if finding.level == "error"]
    assert any(message in line for line in found), found


def test_a_changeable_condition_says_what_would_help(tmp_path: Path) -> None:
    folder = tmp_path / "korea"
    shutil.copytree(PACK / "programme_facts", folder / "programme_facts")
    file = folder / "programme_facts" / "vocabulary" / "conditions.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(", near: 바이어가 한국에 오기로 하면 가능해요.", ""), encoding="utf-8")
    with pytest.raises(PackError, match="buyer_visits"):
        known_conditions(folder)
