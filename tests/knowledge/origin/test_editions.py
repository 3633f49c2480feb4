"""Codes across HS editions: what the lists tell, what is known, and that no doubt on the code becomes a yes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from knowledge.hs.table import load_table
from knowledge.origin.agreement import agreements_of
from knowledge.origin.editions import Change, Editions, EditionsError, derive, goods_then
from knowledge.origin.rules import RuleBook, make_row, one_of, read_rows
from knowledge.origin.simulate import simulate
from knowledge.settings import settings

KOREA = settings().packs_dir / settings().pack
NOW = load_table(KOREA / "hs").subheadings
IN_2012 = [row.from_ for row in read_rows(KOREA / "origin_rules" / "KR-CN.csv")]


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return RuleBook.read(KOREA)


@pytest.fixture(scope="module")
def table() -> Editions:
    return Editions.read(KOREA)


def look(book: RuleBook, agreement: str, code: str) -> Any:
    return book.lookup(agreements_of(KOREA).get(agreement), code)


def test_what_two_lists_tell_is_worked_out_by_hand() -> None:
    then = ["100110", "100190", "200210", "300310", "300390"]
    now = ["100110", "100191", "200210", "200220", "400100", "300310", "300390"]
    assert derive(now, then, 2012) == [
        Change("100110", 2012, "shifted", ("100110", "100190"), "derived"),  # 1001.90 was dropped
        Change("100191", 2012, "new_in_heading", ("1001",), "derived"),
        Change("200220", 2012, "new_in_heading", ("2002",), "derived"),  # added only: 2002.10 can but have shrunk
        Change("400100", 2012, "new_heading", (), "derived"),
    ]
    assert "shifted" not in [change.how for change in derive(now, then, 2012, explained=["100190"])]


def test_the_table_holds_what_the_lists_tell(table: Editions) -> None:
    """Every code of today that is not in the list of HS 2012 is spoken of, in one way or another."""
    old = set(IN_2012)
    headings = {code[:4] for code in old}
    for code in NOW:
        trace = table.trace(code, 2012)
        if code not in old:
            assert trace.hows, code
        if code[:4] not in headings:
            assert not trace.was or trace.hows == {"renumbered"}, code
        assert all(was in old or was in headings for was in trace.was), (code, trace.was)


@pytest.mark.parametrize(
    ("code", "edition", "was"),
    [
        ("330499", 2002, ("330499",)),
        ("190230", 2002, ("190230",)),
        ("851713", 2022, ("851713",)),
        ("851713", 2012, ("851712",)),
        ("851713", 2002, ("852520",)),
        ("852581", 2012, ("852580",)),
        ("940391", 2012, ("940390",)),
        ("220299", 2012, ("220290",)),
        ("848710", 2002, ("8485",)),
        ("848710", 2012, ("848710",)),
        ("848510", 2012, ()),
        ("961900", 2007, ()),
        ("961900", 2012, ("961900",)),
    ],
)
def test_codes_followed_back(table: Editions, code: str, edition: int, was: tuple[str, ...]) -> None:
    assert table.trace(code, edition).was == was


@pytest.mark.parametrize("code", ["848510", "852411"])
def test_a_number_given_to_other_goods_has_no_rule(book: RuleBook, code: str) -> None:
    """HS 2002, in which Korea-US is written, had machine parts in 8485 and records in 8524; today 3D printers and
    display modules bear those numbers."""
    found = look(book, "KR-US", code)
    assert (found.rows, found.notes) == ((), ("edition_new_heading",))


def test_a_list_published_with_codes_of_today_is_read_as_it_stands(book: RuleBook) -> None:
    """The UK publishes Annex II with entries for 8806 (drones), which no edition before 2022 had."""
    found = look(book, "KR-UK", "880621")
    assert ([row.from_ for row in found.rows], found.mapped) == (["8806"], "same_code")


def test_rules_that_differ_are_told_apart_by_the_old_code(book: RuleBook) -> None:
    """Korea-China, Annex 3-A: 7104.10 CTH, 7104.20 CC, 7104.90 CTSH; 7104.20 and .90 were divided in 2022."""
    found = look(book, "KR-CN", "710410")
    assert {row.expression for row in found.rows} == {"CTH", "CC", "CTSH"}
    assert found.notes == ("edition_shifted",)
    assert all(row.condition and "2012" in row.condition["en"] for row in found.rows)


def weighed(agreement: str, hs: str, material: str, **more: Any) -> str:
    bill = {
        "agreement": agreement,
        "hs": hs,
        "price": {"amount": 100, "basis": "FOB", "currency": "USD"},
        "materials": [{"name": "m", "hs": material, "originating": False, "origin": "JP", "value": 50}],
        "processes": ["machining"],
        "transport": {"direct": True},
    }
    return str(simulate(bill | more, KOREA, "en")["verdict"])


def test_a_doubt_on_the_code_never_becomes_a_yes() -> None:
    assert weighed("KR-CN", "710410", "710310") == "not_determined"  # other heading, same chapter: CTH yes, CC no
    assert weighed("KR-CN", "710410", "280300") == "qualifies"  # another chapter satisfies all three
    assert weighed("KR-CN", "710410", "710310", goods_condition=1) != "not_determined"  # the person has told
    assert weighed("KR-US", "848510", "732690") == "not_determined"


def test_no_code_of_today_has_differing_rules_without_a_choice(book: RuleBook) -> None:
    """Over all codes and lists: several rules for other goods than described ones are always to be chosen among."""
    for agreement in ("KR-CN", "KR-VN", "KR-US", "KR-UK"):
        for code in NOW:
            rows = look(book, agreement, code).rows
            assert sum(row.condition is None for row in rows) <= 1, (agreement, code)


def test_an_old_code_without_a_rule_is_kept_in_mind() -> None:
    known = make_row(("100110", "100110"), "CTH", "p. 1")
    rows, agree = one_of({"100110": [known], "100190": []}, 2012)
    assert [row.expression for row in rows] == ["CTH", ""] and not agree
    assert one_of({"100110": [], "100190": []}, 2012) == ((), False)


def test_goods_are_described_in_both_languages() -> None:
    told = goods_then(["851712", "8525"], 2012)
    assert "8517.12, 8525" in told["ko"] and "8517.12, 8525" in told["en"]
    assert goods_then(["851712"], 2012, {"ko": "전화기", "en": "telephones"})["en"].endswith("telephones")


@pytest.mark.parametrize(
    "line",
    [
        "1,2012,shifted,100110,derived",
        "100110,x,shifted,100110,derived",
        "100110,2012,what,100110,derived",
        "100110,2012,shifted,,derived",
        "100110,2012,shifted,1,derived",
        "100110,2012,shifted,100110,rumour",
        "100110",
    ],
)
def test_a_malformed_line_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "hs").mkdir()
    (tmp_path / "hs" / "editions.csv").write_text(f"code,edition,how,was,basis\n{line}\n", encoding="utf-8")
    with pytest.raises(EditionsError, match="line 2"):
        Editions.read(tmp_path)


def test_other_columns_are_refused_and_no_file_is_no_change(tmp_path: Path) -> None:
    assert Editions.read(tmp_path).trace("851713", 2002).was == ("851713",)
    (tmp_path / "hs").mkdir()
    (tmp_path / "hs" / "editions.csv").write_text("code,was\n", encoding="utf-8")
    with pytest.raises(EditionsError, match="columns"):
        Editions.read(tmp_path)
