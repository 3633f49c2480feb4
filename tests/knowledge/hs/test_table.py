"""Codes are read in every usual way of writing them, and the table says what the official list says."""

from __future__ import annotations

import csv
import re

import pytest

from knowledge.hs.card import show, sources_of
from knowledge.hs.entries import ENTRY_FILES
from knowledge.hs.notes import load_notes, notes_for
from knowledge.hs.table import BadCode, load_table, normalise
from knowledge.pack import PACKS
from knowledge.record import Basis

FOLDER = PACKS / "korea" / "hs"
TABLE = load_table(FOLDER)


@pytest.mark.parametrize(
    ("written", "bare"),
    [("33", "33"), ("33.04", "3304"), (" 3304.99 ", "330499"), ("3304-99", "330499"), ("3304.99-1000", "3304991000")],
)
def test_codes_are_normalised(written: str, bare: str) -> None:
    assert normalise(written) == bare


@pytest.mark.parametrize(
    "written", ["", "3", "330", "33049", "33049910", "33049910001", "ABCD", "３３０４", "33,04", "33 04 9x"]
)
def test_other_texts_are_no_codes(written: str) -> None:
    with pytest.raises(BadCode):
        TABLE.get(written)


def test_unknown_codes_are_none() -> None:
    assert TABLE.get("9999") is None
    assert TABLE.get("7700") is None
    assert TABLE.get("330498") is None


# From the customs' list 2026 and HS 2022.
@pytest.mark.parametrize(
    ("code", "korean", "english"),
    [
        ("1902301010", "라면", "Ramen"),
        ("2008995010", "김", "Laver"),
        ("3307904000", "마스크 팩", "Mask pack"),
        ("8708301000", "장착된 브레이크 라이닝", "Mounted brake linings"),
        ("851713", "스마트폰", "smartphones"),
    ],
)
def test_names_are_the_official_ones(code: str, korean: str, english: str) -> None:
    found = TABLE.get(code)
    assert found is not None
    assert found.name_ko == korean
    assert english in found.name_en
    assert found.basis is Basis.OFFICIAL


def test_other_is_shown_with_what_it_belongs_to() -> None:
    found = TABLE.get("1902301090")
    assert found is not None and found.name_ko == "인스탄트 면류: 기타"
    assert all(not re.fullmatch("기타|Other", one.name_ko) for one in TABLE.national("190230"))


def test_the_tree_holds_together() -> None:
    assert len(TABLE.subheadings) == 5612
    assert len(TABLE.headings) == 1228
    assert [one.code for one in TABLE.children("3304")] == ["330410", "330420", "330430", "330491", "330499"]
    assert TABLE.children("33") and TABLE.children("330499")
    heading, chapter = TABLE.heading("330499"), TABLE.chapter("330499")
    assert heading is not None and heading.code == "3304"
    assert chapter is not None and chapter.code == "33"
    assert TABLE.heading("33") is None
    assert [one.code for one in TABLE.national("190230")] == ["1902301010", "1902301090", "1902309000"]


def test_every_chapter_and_heading_has_a_korean_name() -> None:
    nameless = [code for code in (*TABLE.headings, *{c[:2] for c in TABLE.headings}) if not TABLE.get(code).name_ko]  # type: ignore[union-attr]
    assert nameless == []


def test_eu_laws() -> None:
    # Regulation (EU) 2023/1115, annex I names 1801 (cocoa beans); (EU) 2023/956, annex I names 7208.
    assert TABLE.flags("180100").eudr
    assert not TABLE.flags("330499").eudr
    assert TABLE.flags("720851").cbam
    assert not TABLE.flags("190230").cbam


def test_everyday_names_stand_for_real_codes() -> None:
    with (FOLDER / "everyday.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 600
    assert [row for row in rows if row["hs6"] not in TABLE.subheadings] == []
    assert [row for row in rows if bool(row["note_ko"]) != bool(row["note_en"])] == []
    assert [row for row in rows if re.search("[가-힣]", row["keyword_en"])] == []


def test_notes_name_real_codes() -> None:
    notes = load_notes(FOLDER)
    assert len(notes) >= 40
    assert len({note.id for note in notes}) == len(notes)
    assert [(note.id, code) for note in notes for code in note.codes if not TABLE.begins(code)] == []
    assert notes_for(FOLDER, "330790")[0].id == "ch33-mask"
    assert "sec15-general-use" in [note.id for note in notes_for(FOLDER, "7318")]


def test_every_file_has_a_source() -> None:
    for source in sources_of(FOLDER, (*ENTRY_FILES, "nomenclature", "questions.yaml")):
        assert source.title["ko"] and source.title["en"] and source.as_of


def test_card() -> None:
    card = show(FOLDER, "3307.90")
    assert card is not None
    assert [one.code for one in card.above] == ["33", "3307"]
    assert "3307904000" in [one.code for one in card.national]
    assert {source.basis for source in card.sources} >= {Basis.OFFICIAL}
    assert show(FOLDER, "330498") is None
