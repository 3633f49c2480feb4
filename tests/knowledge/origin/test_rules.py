"""The product rules of the pack: every row is sound, samples agree with the official texts, and lookups find the rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from knowledge.origin.agreement import Agreement
from knowledge.origin.lookup import RuleRow
from knowledge.origin.rule import BadRule, Process, parse_rule, parts_of
from knowledge.origin.rules import (
    COLUMNS,
    RuleBook,
    RuleFileError,
    candidates,
    coverage,
    make_row,
    read_documents,
    read_rows,
    write_rows,
)
from knowledge.pack import PACKS

KOREA = PACKS / "korea"
FILES = sorted((KOREA / "origin_rules").glob("*.csv"))
SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.csv"))
PROCESSES = yaml.safe_load((PACKS.parent / "origin" / "processes.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return RuleBook.read(KOREA)


def agreement(name: str, inferred_from: str | None = None) -> Agreement:
    return Agreement(id=name, name={"ko": name, "en": name}, parties=("XX",), inferred_from=inferred_from)


def expressions(rows: tuple[RuleRow, ...]) -> list[tuple[str, str | None]]:
    return [(row.expression, row.condition["en"] if row.condition else None) for row in rows]


# --- the pack


def test_the_four_lists_are_there() -> None:
    assert [file.stem for file in FILES] == ["KR-CN", "KR-UK", "KR-US", "KR-VN"]
    assert [file.stem for file in SAMPLES] == [file.stem for file in FILES]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_expression_parses_and_comes_back_the_same(file: Path) -> None:
    for row in read_rows(file):
        assert bool(row.expression) != bool(row.words), row
        if row.expression:
            assert str(parse_rule(row.expression)) == row.expression
            assert parse_rule(str(parse_rule(row.expression))) == row.rule


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_general_rows_of_one_level_never_rival(file: Path) -> None:
    """Two rows for all goods may lie one in the other (the narrower one binds), but not cross or be equal."""
    by_level: dict[int, list[tuple[int, int]]] = {}
    for row in read_rows(file):
        if row.condition is None:
            ends = (int(row.from_.ljust(6, "0")), int(row.to.ljust(6, "9")))
            by_level.setdefault(max(len(row.from_), len(row.to)), []).append(ends)
    for ends_of_level in by_level.values():
        open_ranges: list[tuple[int, int]] = []
        ordered = sorted(ends_of_level, key=lambda ends: (ends[0], -ends[1]))
        assert all(one != other for one, other in pairwise(ordered))
        for first, last in ordered:
            open_ranges = [outer for outer in open_ranges if outer[1] >= first]
            assert all(last <= outer[1] for outer in open_ranges), (file.stem, first, last)
            open_ranges.append((first, last))


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_rows_agree_with_the_official_text(file: Path) -> None:
    """The expectations were written from the official text: 60 rows drawn at random and the rarer wordings."""
    have = {_key(row): row.expression for row in read_rows(KOREA / "origin_rules" / file.name)}
    with file.open(encoding="utf-8", newline="") as opened:
        wanted = list(csv.DictReader(opened))
    assert len(wanted) >= 60
    wrong = {
        (line["codes"], line["goods"]): have.get((line["codes"], line["goods"]), "no such row")
        for line in wanted
        if have.get((line["codes"], line["goods"])) != line["expression"]
    }
    assert not wrong


def _key(row: RuleRow) -> tuple[str, str]:
    codes = row.from_ if row.from_ == row.to else f"{row.from_}-{row.to}"
    return codes, row.condition["en"] if row.condition else ""


def test_nearly_every_row_has_an_expression() -> None:
    shares = {name: found.share for name, found in coverage(KOREA).items()}
    assert set(shares) == {"KR-CN", "KR-UK", "KR-US", "KR-VN"}
    assert min(shares.values()) >= 0.97, shares


def test_the_lists_of_the_2012_edition_have_the_same_subheadings() -> None:
    """Both annexes list every subheading of HS 2012, read from two documents in two languages."""
    china, viet_nam = ({row.from_ for row in read_rows(KOREA / "origin_rules" / f"{name}.csv")} for name in CHINA_VN)
    assert china == viet_nam
    assert len(china) == 5205


CHINA_VN = ("KR-CN", "KR-VN")


def test_every_process_has_words_and_a_question_in_both_languages_and_is_used() -> None:
    used = {name for file in FILES for row in read_rows(file) for name in _processes(row)}
    assert used == set(PROCESSES)
    for name, entry in PROCESSES.items():
        assert {"ko", "en", "ask_ko", "ask_en"} <= set(entry) <= {"ko", "en", "ask_ko", "ask_en", "fact"}, name
        assert "?" in entry["ask_ko"] and "?" in entry["ask_en"], name


def _processes(row: RuleRow) -> Iterator[str]:
    if row.rule is not None:
        yield from (part.name for part in parts_of(row.rule) if isinstance(part, Process))


def test_circumstances_are_told_from_workings() -> None:
    assert PROCESSES["imported_chapter_4_no_dairy"]["fact"] is True
    assert "fact" not in PROCESSES["cut_and_sewn"]
    assert all("fact" in entry for name, entry in PROCESSES.items() if name.startswith(("imported_", "no_imported_")))


# --- lookups in the pack


def test_a_subheading_of_the_list_is_found_as_it_is(book: RuleBook) -> None:
    found = book.lookup(agreement("KR-CN"), "330499")
    assert expressions(found.rows) == [("CTH", None)]
    assert (found.mapped, found.edition, found.notes) == ("same_code", 2012, ())
    assert found.source is not None
    assert found.source.basis == "official"


def test_described_goods_come_before_the_others(book: RuleBook) -> None:
    """Annex II: ex 1902 30 ramen must change heading; other pasta of 1902 has a rule that can't be expressed."""
    ramen, others = book.lookup(agreement("KR-UK"), "190230").rows
    assert (ramen.expression, ramen.condition is not None) == ("CTH", True)
    assert (others.rule, others.condition, others.from_) == (None, None, "1902")


def test_a_narrow_entry_takes_its_code_out_of_a_wide_one(book: RuleBook) -> None:
    """Annex II: 0910 91 from any heading, the rest of 0910 from wholly obtained materials of chapter 9."""
    assert expressions(book.lookup(agreement("KR-UK"), "091091").rows) == [("ANY", None)]
    assert expressions(book.lookup(agreement("KR-UK"), "091011").rows) == [("WOMaterials(09)", None)]


def test_where_only_described_goods_have_a_rule_the_others_have_none(book: RuleBook) -> None:
    """Annex II has unwrought and semi-manufactured silver, and nothing else of 7106."""
    rows = book.lookup(agreement("KR-UK"), "710691").rows
    assert [row.condition is None for row in rows] == [False, False, True]
    assert rows[-1].rule is None


def test_a_code_younger_than_the_list_takes_the_rule_of_its_heading_if_there_is_but_one(book: RuleBook) -> None:
    """9406.20 came with HS 2017, when 9406 had been one subheading; 8419.33 with HS 2022."""
    found = book.lookup(agreement("KR-CN"), "940620")
    assert (expressions(found.rows)[0][1], found.mapped) == (None, "heading")
    assert book.lookup(agreement("KR-CN"), "841933").rows == ()
    assert book.lookup(agreement("KR-CN"), "841933").mapped is None


def test_a_code_whose_number_then_is_known_takes_the_rule_of_that_number(book: RuleBook) -> None:
    """2202.99 was 2202.90 until 2017. 8517.13 was 8517.12 until 2022, and 8525.20 before 2007."""
    found = book.lookup(agreement("KR-CN"), "220299")
    assert (expressions(found.rows), found.mapped) == ([("CC", None)], "old_code")
    found = book.lookup(agreement("KR-CN"), "851713")
    assert (found.mapped, found.rows[0].from_, found.notes) == ("old_code", "851712", ("edition_old_code",))


def test_a_range_does_not_swallow_a_code_younger_than_the_list(book: RuleBook) -> None:
    """Korea-US has 8517.11-8517.90 and 8525.20-8525.40; 8517.13 was not in any edition of its time."""
    found = book.lookup(agreement("KR-US"), "851713")
    assert (found.mapped, found.rows[0].from_) == ("old_code", "852520")
    assert book.lookup(agreement("KR-US"), "851711").mapped == "same_code"


def test_textiles_of_korea_us_are_said_to_be_elsewhere(book: RuleBook) -> None:
    for code in ("500710", "610910", "620342", "630790"):
        found = book.lookup(agreement("KR-US"), code)
        assert (found.rows, found.notes) == ((), ("textiles_elsewhere",)), code
    assert book.lookup(agreement("KR-US"), "640411").notes == ()


def test_a_chapter_gives_its_remark_with_its_rules(book: RuleBook) -> None:
    assert book.lookup(agreement("KR-US"), "330499").notes == ("mere_separation",)
    assert book.lookup(agreement("KR-UK"), "610910").notes == ("textile_notes_5_and_6",)


def test_rules_may_be_inferred_from_another_agreement(book: RuleBook) -> None:
    found = book.lookup(agreement("KR-EU", inferred_from="KR-UK"), "870829")
    assert expressions(found.rows) == [("CTH or MaxNOM <= 50", None)]
    assert found.notes[0] == "inferred"


def test_an_agreement_without_a_list_has_no_rows(book: RuleBook) -> None:
    assert book.lookup(agreement("RCEP"), "330499").rows == ()


@pytest.mark.parametrize("code", ["3304", "33049", "3304991", "33049a", "", "3304.99"])
def test_a_code_that_is_not_six_digits_is_refused(book: RuleBook, code: str) -> None:
    with pytest.raises(ValueError, match="six-digit"):
        book.lookup(agreement("KR-CN"), code)


# --- how rows are chosen and written


def row(codes: str, expression: str = "CTH", goods: str | None = None) -> RuleRow:
    first, _, last = codes.partition("-")
    return make_row((first, last or first), expression, "place", {"ko": goods, "en": goods} if goods else None)


def test_narrower_rows_win_level_by_level() -> None:
    rows = [row("33", "CC"), row("3301-3307"), row("3304", "CTSH"), row("330410-330499", "WO"), row("330499", "ANY")]
    assert [chosen.expression for chosen in candidates(rows, "330499")] == ["ANY"]
    assert [chosen.expression for chosen in candidates(rows, "330430")] == ["WO"]
    assert [chosen.expression for chosen in candidates(rows, "330300")] == ["CTH"]
    assert [chosen.expression for chosen in candidates(rows, "330810")] == ["CC"]
    assert candidates(rows, "340111") == ()


def test_a_described_row_wider_than_the_general_one_is_passed_over() -> None:
    rows = [row("3304", "WO", "soap"), row("330499", "CTH"), row("330499", "CC", "powder")]
    assert expressions(candidates(rows, "330499")) == [("CC", "powder"), ("CTH", None)]
    assert [chosen.expression for chosen in candidates(rows, "330410")] == ["WO", ""]


def test_rows_survive_writing_and_reading(tmp_path: Path) -> None:
    rows = [
        row("010121", "WO"),
        row("0102-0104", "CC except 01", "소, 양"),
        make_row(("99", "99"), "", "p. 1", words="조건"),
    ]
    write_rows(tmp_path / "XX-YY.csv", reversed(rows))
    assert read_rows(tmp_path / "XX-YY.csv") == rows


@pytest.mark.parametrize(
    ("codes", "expression", "words"),
    [
        (("12", "1"), "WO", ""),
        (("123", "123"), "WO", ""),
        (("0204", "0203"), "WO", ""),
        (("02.04", "0205"), "WO", ""),
        (("0204", "0204"), "CHT", ""),
        (("0204", "0204"), "", ""),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(codes: tuple[str, str], expression: str, words: str) -> None:
    with pytest.raises(BadRule):
        make_row(codes, expression, "place", words=words)


HEAD = ",".join(COLUMNS)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("from,to,rule\n01,01,WO\n", "columns"),
        (f"{HEAD}\n01,01,WHAT,,,,p\n", "line 2"),
        (f"{HEAD}\n01,01,WO,소,,,p\n", "both languages"),
        (f"{HEAD}\n01,01,WO\n", "line 2"),
        ("", "columns"),
    ],
)
def test_a_malformed_file_is_refused_with_its_fault(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "KR-CN.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RuleFileError, match=complaint):
        read_rows(path)


def test_a_list_without_a_document_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "origin_rules"
    folder.mkdir()
    with pytest.raises(RuleFileError, match=r"sources\.yaml"):
        RuleBook.read(tmp_path)
    (folder / "sources.yaml").write_text("{}", encoding="utf-8")
    write_rows(folder / "KR-CN.csv", [row("01", "WO")])
    with pytest.raises(RuleFileError, match="KR-CN"):
        RuleBook.read(tmp_path)


def test_every_list_has_a_dated_official_document() -> None:
    documents = read_documents(KOREA)
    assert {name: document.hs_edition for name, document in documents.items()} == {
        "KR-CN": 2012,
        "KR-VN": 2012,
        "KR-UK": 2007,
        "KR-US": 2002,
    }
    assert all(document.basis == "official" and document.as_of for document in documents.values())
