"""The customs' files are read as published, and refused when they are something else."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from knowledge.hs.importing import ImportFault, import_hs, is_plain_english, read_list, read_names, read_references
from knowledge.hs.table import TableError, load_table

LIST_HEADER = "HS부호,적용시작일자,적용종료일자,한글품목명,영문품목명,HS부호내용,성질통합분류코드,성질통합분류코드명,\n"
LIST = LIST_HEADER + (
    "20089950,2022-01-01 00:00:00,2026-12-31 00:00:00,조제한 식용 해초류,Prepared edible seaweeds,,,,\n"
    "2008995010,2022-01-01 00:00:00,2026-12-31 00:00:00,김,Laver,,1,(기타 조제식료품),\n"
    "2008995090,2022-01-01 00:00:00,2026-12-31 00:00:00,기타,Other,,1,(기타 조제식료품),\n"
    "1902301010,2022-01-01 00:00:00,2026-12-31 00:00:00,라면,Ramenⓚ,,1,(기타 조제식료품),\n"
)
NAMES_HEADER = "연번,품명,HS부호,품명번호,표준품명_한글,표준품명_영문,규격번호\n"
NAMES = NAMES_HEADER + (
    "1,김(조제),2008995010,01,김부각(튀긴 것),Fried Laver,\n"
    "2,김(조제),2008995010,02,기타,Other,\n"
    "3,신차,8703231010,01,불꽃점화식(1500초과2000cc이하)신차,Sedan With Spark-Ignition Engine,\n"
    "4,면,1902301010,01,컵면,Cup Noodles,\n"
)


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_official_files_become_our_files(tmp_path: Path, encoding: str) -> None:
    counts = import_hs(
        write(tmp_path / "l.csv", LIST, encoding), write(tmp_path / "n.csv", NAMES, encoding), tmp_path / "hs"
    )
    assert counts == {"codes.csv": 4, "keywords_ko.csv": 3, "keywords_en.csv": 2}
    assert rows(tmp_path / "hs" / "codes.csv")[0] == {
        "code": "1902301010",
        "name_ko": "라면",
        "name_en": "Ramen",
        "group_ko": "기타 조제식료품",
    }
    assert [(r["hs6"], r["keyword"]) for r in rows(tmp_path / "hs" / "keywords_ko.csv")] == [
        ("190230", "컵면"),
        ("200899", "김부각"),
        ("200899", "김부각(튀긴 것)"),
    ]


def test_cp949_is_read(tmp_path: Path) -> None:
    assert read_list(write(tmp_path / "l.csv", LIST.replace("ⓚ", ""), "cp949"))[0].name_ko == "라면"


def test_what_is_imported_can_be_loaded(tmp_path: Path) -> None:
    folder = tmp_path / "hs"
    import_hs(write(tmp_path / "l.csv", LIST), write(tmp_path / "n.csv", NAMES), folder)
    write(folder / "chapters.csv", "code,name_ko\n20,채소·과일의 조제품\n")
    write(folder / "headings.csv", "code,name_ko\n2008,과실 조제품\n")
    table = load_table(folder)
    laver = table.get("2008.99-5010")
    assert laver is not None and laver.name_ko == "김"
    other = table.get("2008995090")
    assert other is not None and other.name_ko == "조제한 식용 해초류: 기타"


def test_other_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFault, match="한글품목명"):
        read_list(write(tmp_path / "l.csv", "HS부호,이름\n1234567890,가\n"))
    with pytest.raises(ImportFault, match="표준품명_한글"):
        read_names(write(tmp_path / "n.csv", LIST))
    with pytest.raises(ImportFault, match="Goods Description"):
        list(read_references(write(tmp_path / "r.csv", "a,b\n1,2\n")))


def test_malformed_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFault, match="no code"):
        read_list(write(tmp_path / "l.csv", LIST_HEADER + "12A4567890,,,가,나,,,,\n"))
    with pytest.raises(ImportFault, match="no rows"):
        read_list(write(tmp_path / "e.csv", LIST_HEADER))
    (tmp_path / "b.csv").write_bytes(b"\xff\xff\xff")
    with pytest.raises(ImportFault, match="neither UTF-8 nor CP949"):
        read_list(tmp_path / "b.csv")
    with pytest.raises(ImportFault, match="not JSON"):
        read_references(write(tmp_path / "r.json", "{"))


def test_references_keep_names_and_drop_labels(tmp_path: Path) -> None:
    text = "Goods Description,Commodity Code\ntool rack,94032080\nrimmel om glss bttr mu 000,33041000\n12 rolls aloe,48181090\nshort,1\n"
    kept = read_references(write(tmp_path / "r.csv", text))
    assert [(k.hs6, k.keyword, k.origin) for k in kept] == [("940320", "tool rack", "uk_description")]
    kept = read_references(write(tmp_path / "r.json", '{"Abalone": "0307810000"}'))
    assert [(k.hs6, k.keyword, k.origin) for k in kept] == [("030781", "abalone", "uk_reference")]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("bath mat", True),
        ("zara sweatshirt", False),
        ("151 radiator varnish", False),
        ("scrwdrvr st", False),
        ("", False),
    ],
)
def test_plain_english(text: str, plain: bool) -> None:
    assert is_plain_english(text) is plain


def test_missing_pack_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"codes\.csv"):
        load_table(tmp_path / "nothing")
