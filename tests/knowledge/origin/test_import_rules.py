"""The readers of the official rule tables, on small texts in the form their docstrings describe."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from knowledge.origin import import_kr_cn, import_kr_uk, import_kr_us, import_kr_vn
from knowledge.origin.importing import ImportFault, import_rules
from knowledge.origin.lookup import RuleRow
from knowledge.origin.rules import read_rows
from knowledge.record import Language


class Anything(dict[str, dict[Language, str]]):
    """Translations that know every wording."""

    def __missing__(self, words: str) -> dict[Language, str]:
        return {"ko": words, "en": words}


def told(rows: Iterator[RuleRow]) -> list[tuple[str, str | None, str]]:
    """Codes, described goods and expression of every row; unparsed ones show their words."""
    return [
        (
            row.from_ if row.from_ == row.to else f"{row.from_}-{row.to}",
            row.condition["en"] if row.condition else None,
            row.expression or f"? {row.words}",
        )
        for row in rows
    ]


# --- Korea-China

CHINA_TITLES = "류 \n호 \n소호 \n(HS 2012) \n품목명 \n적용가능한 \n품목별 원산지 규정 \n"


def china(*cells: str) -> list[tuple[str, str | None, str]]:
    return told(import_kr_cn.read_rules("37-1 \n \n" + CHINA_TITLES + "\n".join(cells), Anything()))


def test_china_reads_words_across_pages_and_leaves_the_next_title_out() -> None:
    assert china(
        "0102.31 \n번식용 \n완전생산기준 \n \n버팔로 \n",
        "2840.11 \n무수물 \n6 단위 세번변경기준 \n(소호 제2840.19 호에 \n해당하는 물품은 \n37-131 \n \n"
        + CHINA_TITLES
        + "제외한다) \n",
        "8703.31 \n4 단위 세번변경기준 \n그리고 체약 당사국내에서 \n발생한 부가가치가 \n60 퍼센트 이상일 것 \n",
        "5006.00 \n4 단위 세번변경기준 \n(제5004 호 또는 제5005 호에 해당하는 물품은 제외한다) \n또는 체약 당사국내에서 발생한 부가가치가 \n40 퍼센트 이상일 것 \n",
    ) == [
        ("010231", None, "WO"),
        ("284011", None, "CTSH except 284019"),
        ("870331", None, "CTH and RVC(build_down) >= 60"),
        ("500600", None, "CTH except 5004,5005 or RVC(build_down) >= 40"),
    ]


def test_china_reads_ranges_chapters_and_subheadings_as_excepted() -> None:
    assert china(
        "5210.11 \n4 단위 세번변경기준 \n(제5106 호부터 \n제5113 호까지, 제54 류, \n제5404 호, 소호 제0805.20 호에 해당하는 물품은 제외한다) \n"
    ) == [("521011", None, "CTH except 5106-5113,54,5404,080520")]


def test_china_tells_pages() -> None:
    text = "37-4 \n0101.21 \n완전생산기준 \n37-5 \n0101.29 \n완전생산기준 \n"
    assert [row.locator for row in import_kr_cn.read_rules(text, {})] == ["Annex 3-A, p. 37-4", "Annex 3-A, p. 37-5"]


def test_china_gives_described_goods_a_row() -> None:
    assert china(
        "8106.00 \n·비스무트와 그 제품 : \n6 단위 세번변경기준, \n·웨이스트와 스크랩 : \n완전생산기준 \n \n81.07 \n카드뮴 \n"
    ) == [
        ("810600", None, "CTSH"),
        ("810600", "웨이스트와 스크랩", "WO"),
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "4 단위 세번변경기준 그리고 체약 당사국내에서 발생한 부가가치가 50 퍼센트 이상일 것. 다만, CNC 시스템이 원산지 지위를 획득한 것에 한한다.",
        "4 단위 세번변경기준 (제5004 호의 견사는 제외한다)",
        "완전생산기준 또는 4 단위 세번변경기준 그리고 2 단위 세번변경기준",
        "알 수 없는 기준",
    ],
)
def test_china_leaves_what_it_does_not_fully_understand(cell: str) -> None:
    ((_, _, expression),) = china(f"8457.10 \n{cell} \n")
    assert expression.startswith("? ")


# --- Korea-Viet Nam

VIET_NAM_TITLES = (
    "Applicable\nSubheading Product\nChapter Heading Product Description\n(HS 2012) Specific Rule\nof Origin\n"
)


def viet_nam(text: str) -> list[tuple[str, str | None, str]]:
    return told(
        import_kr_vn.read_rules("2\n" + VIET_NAM_TITLES + "SECTION I : LIVE ANIMALS\n" + text + "\n3", Anything())
    )


R40 = "RVC(build_down) >= 40 or RVC(build_up) >= 40"


def test_viet_nam_tells_the_rule_from_the_description_beside_it() -> None:
    assert viet_nam(
        "01.06 Other live animals.\n"
        "0106.12 --Whales, dolphins (mammals\nof the order Cetacea); seals, sea WO\nlions and walruses (mammals of the\nsuborder Pinnipedia)\n"
        "0204.10 -Carcasses and half-carcasses of lamb, fresh\nWO\nor chilled\n-Other meat of sheep, fresh or chilled :\n"
        "2009.12 --Not frozen, of a Brix value not exceeding CTH or\n20 RVC(40)\n"
        "2804.61 --Containing by weight not less than CTH or\n99.99 % of silicon RVC(40)\n"
        "7219.31 CTSH or\n--Of a thickness of 4.75 mm or more\nRVC(40)\n"
    ) == [
        ("010612", None, "WO"),
        ("020410", None, "WO"),
        ("200912", None, f"CTH or {R40}"),
        ("280461", None, f"CTH or {R40}"),
        ("721931", None, f"CTSH or {R40}"),
    ]


def test_viet_nam_reads_codes_in_the_rule_that_look_like_a_row() -> None:
    assert viet_nam(
        "1302.19 --Other CC, except\nfrom\nSubheading\n1211.20\n"
        "8410.11 --Of a power not exceeding 1,000 kW CTSH, except\nfrom\nSubheading\n8410.12 and\n8410.13; or\nRVC(40)\n"
        "8410.12 --Of a power exceeding 1,000 kW but not CTSH, except\nexceeding 10,000 kW from\nSubheading\n8410.11 and\n8410.13; or\nRVC(40)\n"
    ) == [
        ("130219", None, "CC except 121120"),
        ("841011", None, f"CTSH except 841012,841013 or {R40}"),
        ("841012", None, f"CTSH except 841011,841013 or {R40}"),
    ]


def test_viet_nam_keeps_the_codes_of_a_range_out_of_the_description() -> None:
    assert viet_nam(
        "5511.10 -Of synthetic staple fibres, containing 85 % CTH, except\nor more by weight of such fibres from Heading\n55.08 through\n55.10; or\nRVC(40)\n"
    ) == [("551110", None, f"CTH except 5508-5510 or {R40}")]


def test_viet_nam_reads_workings_and_wholly_obtained_materials() -> None:
    assert viet_nam(
        "1602.31 --Of turkeys CTH, provided\nthat materials\nfrom Chapters\n1, 2 and 5 are\nWO; or\nRVC(40),\nprovided that\nmaterials from\nChapters 1, 2\nand 5 are WO\n"
        "2106.90 -Other CTH; or\nRVC(40),\nprovided that\nmaterials of\nSubheading\n1211.20,\n1212.20 and\n1302.19 are\nWO\n"
        "6113.00 Garments, made up of knitted or crocheted CC, provided\nfabrics of heading 59.03, 59.06 or 59.07. that the good is\nboth cut and\nsewn in the\nterritory of any\nParty; or\nRVC(40)\n"
    ) == [
        ("160231", None, f"CTH and WOMaterials(01,02,05) or ({R40}) and WOMaterials(01,02,05)"),
        ("210690", None, f"CTH or ({R40}) and WOMaterials(121120,121220,130219)"),
        ("611300", None, f"CC and process(cut_and_sewn) or {R40}"),
    ]


def test_viet_nam_gives_described_goods_a_row() -> None:
    assert viet_nam("0910.99 --Other A. Thyme ; bay\nleaves : WO\nB. Other :\nRVC(40)\n10 Cereals\n") == [
        ("091099", "Thyme ; bay leaves", "WO"),
        ("091099", None, R40),
    ]


def test_viet_nam_leaves_what_no_official_wording_fits() -> None:
    ((_, _, expression),) = viet_nam("0403.10 -Yogurt CTH, provided\nthat it is not\nimported or\nRVC(45)\n")
    assert expression.startswith("? ")
    ((_, _, expression),) = viet_nam("0403.10 -Yogurt CTH or\nRVC(45), except\nfrom Heading\n04.01\n")
    assert expression.startswith("? ")


# --- Korea-United Kingdom


def entry(heading: str, first: str, last: str, description: str, *rules: str) -> dict[str, Any]:
    return {
        "heading": heading,
        "subdivision": description,
        "min": first.ljust(10, "0"),
        "max": last.ljust(10, "9"),
        "rules": [{"rule": rule} for rule in rules],
    }


def britain(*entries: dict[str, Any]) -> list[tuple[str, str | None, str]]:
    return told(import_kr_uk.read_rules(json.dumps({"rule_sets": entries}), Anything()))


CTH_WORDS = "Manufacture from materials of any heading, except that of the product."
NOM = "Manufacture in which the value of all the materials used does not exceed **{}%** of the ex-works price of the product."


def one(rule: str, *more: str, heading: str = "3304") -> str:
    ((_, _, expression),) = britain(entry(heading, heading, heading, "Beauty preparations", rule, *more))
    return expression


@pytest.mark.parametrize(
    ("rule", "expression"),
    [
        (CTH_WORDS, "CTH"),
        ("Manufacture from materials of any heading.", "ANY"),
        (NOM.format(47.5), "MaxNOM <= 47.5"),
        (
            "Manufacture in which all the materials of [chapter&nbsp;1](/chapters/01) and [chapter&nbsp;2](/chapters/02) used are "
            "wholly obtained.",
            "WOMaterials(01,02)",
        ),
        (
            f"{CTH_WORDS} However, materials of the same heading as the product may be used, provided that their total value "
            "does not exceed **20%** of the ex-works price of the product.",
            "CTH allow same_heading <= 20",
        ),
        (
            "Manufacture: - from materials of any heading, except that of the product, *and* - in which the value of all the "
            "materials of chapter 17 used does not exceed **30%** of the ex-works price of the product.",
            "CTH and MaxNOM(17) <= 30",
        ),
        ("Manufacture from materials of any heading, except that of the product and heading 3303.", "CTH except 3303"),
        (
            "Manufacture from materials of any heading, except those of heading 3303 and heading 3304.",
            "CTH except 3303,3304",
        ),
        ("Manufacture from materials of any heading, except those of chapter 12.", "CTH except 12 from 3304"),
        (
            "Manufacture from materials of any heading, including other materials of heading 3304.",
            "CTH or process(no_imported_material_of_same_description)",
        ),
        ("Manufacture in which all the materials used are originating.", "MaxNOM <= 0"),
        (
            "Manufacture from yarn. For special conditions relating to products made of a mixture of textile materials, see "
            "Introductory Note 5.",
            "process(from_yarn)",
        ),
        (
            "Manufacture from materials of any heading. However, the value of all the materials of heading 2915 and heading 2916 "
            "used must not exceed **20%** of the ex-works price of the product.",
            "MaxNOM(2915,2916) <= 20",
        ),
    ],
)
def test_britain_reads_the_usual_wordings(rule: str, expression: str) -> None:
    assert one(rule) == expression


def test_britain_joins_alternatives() -> None:
    assert one(CTH_WORDS, "or " + NOM.format(40)) == "CTH or MaxNOM <= 40"
    assert one("Manufacture in which all the materials used are green.", NOM.format(40)).startswith("? Manufacture")


@pytest.mark.parametrize(
    "rule",
    [
        CTH_WORDS + " However, gold may be used.",
        "Manufacture in which all the materials of chapter 2 used are wholly obtained if they represent more than 20% by weight.",
        "Manufacture from materials of any heading, except that of the product, and in which all is well.",
        "Manufacture",
        "Each item in the set must satisfy the rule which would apply to it.",
    ],
)
def test_britain_leaves_what_it_does_not_fully_understand(rule: str) -> None:
    assert one(rule).startswith("? ")


def test_britain_tells_described_goods_from_the_rest() -> None:
    assert britain(
        entry("Chapter 7", "07", "0799", "Vegetables", CTH_WORDS),
        entry("ex 1902", "1902", "1902", "Pasta", NOM.format(50)),
        entry("ex 190230", "190230", "190230", "Ramen", CTH_WORDS),
        entry("ex 2519", "2519", "2519", "Crushed magnesite", CTH_WORDS),
        entry("ex Chapter 25", "2519", "2519", "Any other product from heading 2519", NOM.format(50)),
        entry("ex Chapter 33", "3302", "3307", "Perfumery", CTH_WORDS),
        entry("5007", "5007", "5007", "Silk ▸ Incorporating rubber thread", NOM.format(50)),
        entry("5007", "5007", "5007", "Silk ▸ Other", CTH_WORDS),
    ) == [
        ("07", None, "CTH"),
        ("1902", None, "MaxNOM <= 50"),
        ("190230", "Ramen", "CTH"),
        ("2519", "Crushed magnesite", "CTH"),
        ("2519", None, "MaxNOM <= 50"),
        ("3302-3307", None, "CTH"),
        ("5007", "Incorporating rubber thread", "MaxNOM <= 50"),
        ("5007", None, "CTH"),
    ]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"rule_sets": [{"heading": "1"}]}', "<html>"])
def test_britain_refuses_another_document(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        list(import_kr_uk.read_rules(text, Anything()))


# --- Korea-United States


def america(text: str) -> list[tuple[str, str | None, str]]:
    return told(import_kr_us.read_rules("--- p3 ---\n" + text, Anything()))


SHARES = "가. 집적법 35퍼센트 이상, 또는\n 나. 공제법 45퍼센트 이상\n"
B = "(RVC(build_up) >= 35 or RVC(build_down) >= 45)"


def test_america_reads_rows_broken_anywhere() -> None:
    assert america(
        "제1류 산 동물\n0101-0106 다른 류에 해당하는 물품에서 제0101호 내지 제0106호에 해당하는 물품으로 변경된 것\n"
        "0901.22 다른 소호에 해당하는 물품(제0901.21호의 것을 제외한다)에서 제0901.22호에 해당하는 물품으로 변경\n된 것\n"
        "2517.10 –\n2517.20\n다른 호에 해당하는 물품에서 제2517.10호 내지 제2517.20호에 해당하는 물품으로 변경된 것\n"
        "4114.10 -\n4115. 20\n다른 소호에 해당하는 물품에서 제4114.10호 내지\n\n--- p19 ---\n제4115.20호에 해당하는 물품으로 변경된 것\n"
        "90.16 다른 호에 해당하는 물품에서 제9016호에 해당하는 물품으로 변경된 것\n"
    ) == [
        ("0101-0106", None, "CC"),
        ("090122", None, "CTSH except 090121"),
        ("251710-251720", None, "CTH"),
        ("411410-411520", None, "CTSH"),
        ("9016", None, "CTH"),
    ]


def test_america_reads_groups_values_and_accepted_materials() -> None:
    assert america(
        "7003 - 7007 이 상품군 외의 호에 해당하는 물품에서 제7003호 내지 제7007호에 해당하는 물품으로 변경된 것\n"
        "8402.11 다른 호에 해당하는 물품에서 제8402.11호에 해당하는 물품으로 변경된 것, 또는\n다른 호에 해당하는 물품에서 변경된 여부와 "
        f"관계없이 제8402.90호에서 제8402.11호에 해당하는 물품으로 변경된 것. 다만, 아래의 역내부가가치가 발생한 것에 한한다.\n{SHARES}"
        "8409 아래의 역내부가가치가 발생한 것(이 경우 세번변경은 요구되지 않는다)\n가. 집적법 35퍼센트 이상, 또는\n나. 공제법 55퍼센트 이상, 또는\n다. 순원가법 35퍼센트 이상\n"
        "8456 다른 호에 해당하는 물품에서 제8456호에 해당하는 물품으로 변경된 것. 다만, 공제법으로 60퍼센트 이\n상의 역내부가가치가 발생한 것에 한한다.\n"
    ) == [
        ("7003-7007", None, "CTH outside 7003-7007"),
        ("840211", None, f"CTH or CTH from 840290 and {B}"),
        ("8409", None, "RVC(build_up) >= 35 or RVC(build_down) >= 55 or RVC(net_cost) >= 35"),
        ("8456", None, "CTH and RVC(build_down) >= 60"),
    ]


def test_america_gives_codes_with_an_alternative_of_their_own_a_row() -> None:
    assert america(
        "8413.91 -\n8413.92\n다른 호에 해당하는 물품에서 제8413.91호 내지 제8413.92호에 해당하는 물품으로 변경된 것, 또는\n"
        f"제8413.92호에 해당하는 물품의 경우 아래의 역내부가가치가 발생한 것(이 경우 세번변경은 요구되지 않는다)\n{SHARES}"
    ) == [
        ("841391-841392", None, "CTH"),
        ("841392", None, "CTH or RVC(build_up) >= 35 or RVC(build_down) >= 45"),
    ]


def test_america_adds_the_workings_of_sections_six_and_seven() -> None:
    """Section VI rule 1 leaves 3823 out, rule 3 is for chapters 30, 31 and 33 to 38 without 3808."""
    plain = "다른 호에 해당하는 물품에서 제{0}호에 해당하는 물품으로 변경된 것\n"
    rows = america(
        "3215 " + plain.format("3215") + "3304 " + plain.format("3304") + "3808 " + plain.format("3808")
        + "3809 - 3824 다른 호에 해당하는 물품에서 제3809호 내지 제3824호에 해당하는 물품으로 변경된 것\n"
        + "4016 " + plain.format("4016") + "4101 " + plain.format("4101")
    )  # fmt: skip
    workings = {codes: expression.replace("process", "").split(" or ")[1:] for codes, _, expression in rows}
    everywhere = ["(chemical_reaction)", "(purification)"]
    section_six = ["(making_standard_materials)", "(separating_isomers)"]
    mixing = ["(mixing_or_blending_to_specification)"]
    assert workings["3215"] == everywhere + section_six
    assert workings["3304"] == everywhere + mixing + ["(changing_particle_size)"] + section_six
    assert workings["3808"] == everywhere + section_six
    assert workings["3809-3824"] == everywhere + mixing + section_six
    assert workings["3823"] == ["(purification)"] + mixing + section_six
    assert workings["4016"] == everywhere + mixing
    assert workings["4101"] == []


@pytest.mark.parametrize(
    "rule",
    [
        "다른 류에 해당하는 물품(제0105호의 닭을 제외한다)에서 제0201호 내지 제0210호에 해당하는 물품으로 변경되는 것",
        "다른 류에 해당하는 물품에서 제0201호 내지 제0210호에 해당하는 물품으로 변경된 것. 다만, 냉동한 것에 한한다.",
        "다른 류에 해당하는 물품에서 제0301호에 해당하는 물품으로 변경된 것",
        "부속서 4-가 참조",
    ],
)
def test_america_leaves_what_it_does_not_fully_understand(rule: str) -> None:
    ((codes, goods, expression),) = america(f"0201 - 0210 {rule}\n")
    assert (codes, goods, expression[:2]) == ("0201-0210", None, "? ")


def test_america_holds_to_the_official_text_of_its_peculiar_rows() -> None:
    """The row of 2207 shuts out compound alcoholic preparations only; in another text its expression is not used."""
    official = (
        "2207 다른 류에 해당하는 물품(제2106.90호에 해당하는 알콜성 합성 조제품의 것을 제외한다)에서 제2207호\n"
        "에 해당하는 물품으로 변경된 것\n"
    )
    assert america(official) == [
        ("2207", None, "CC except 210690 or CC and process(imported_210690_no_alcoholic_compound)")
    ]
    ((_, _, changed),) = america(official.replace("알콜성", "비알콜성"))
    assert changed.startswith("? ")


# --- into the pack


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "origin_rules").mkdir()
    document = "{title: {ko: 협정, en: Agreement}, as_of: '2015-12-20', basis: official, hs_edition: 2012}"
    (tmp_path / "origin_rules" / "sources.yaml").write_text(f"KR-CN: {document}\nKR-XX: {document}\n", encoding="utf-8")
    return tmp_path


def test_an_import_writes_the_file_and_says_what_came_of_it(pack: Path) -> None:
    source = pack / "annex.txt"
    source.write_text("37-1 \n0101.21 \n번식용 \n완전생산기준 \n0101.29 \n기타 \n알 수 없음 \n", encoding="utf-8")
    report = import_rules("KR-CN", source, pack)
    assert (report.rows, report.parsed, len(report.unparsed)) == (2, 1, 1)
    assert report.path == pack / "origin_rules" / "KR-CN.csv"
    assert [row.expression for row in read_rows(report.path)] == ["WO", ""]


@pytest.mark.parametrize(
    ("agreement", "text", "complaint"),
    [
        ("KR-JP", "", "no reader for KR-JP"),
        ("KR-VN", "", "no entry for KR-VN"),
        ("KR-CN", "A novel, by someone.", "no product rule"),
        (
            "KR-CN",
            "0101.21 \n·말 : \n완전생산기준, \n·모르는 물품 : \n완전생산기준 \n",
            "no translation of the goods '모르는 물품'",
        ),
        ("KR-CN", "0101.21 \n완전생산기준 \n0101.21 \n완전생산기준 \n", "more than one rule"),
    ],
)
def test_an_import_that_can_not_be_right_is_refused(pack: Path, agreement: str, text: str, complaint: str) -> None:
    source = pack / "annex.txt"
    source.write_text(text, encoding="utf-8")
    with pytest.raises(ImportFault, match=complaint):
        import_rules(agreement, source, pack)
    assert not (pack / "origin_rules" / f"{agreement}.csv").exists()


def test_a_missing_file_is_refused(pack: Path) -> None:
    with pytest.raises(ImportFault, match=r"nothing\.txt"):
        import_rules("KR-CN", pack / "nothing.txt", pack)
