"""Reading official texts: tiny files in the official form, and files that are refused."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from knowledge.tariffs.importing import import_market
from knowledge.tariffs.reading_us import korea
from knowledge.tariffs.row import TariffFileError
from knowledge.tariffs.schedule import rate_in, rates

US = """\ufeffHTS Number,Indent,Description,Unit of Quantity,General Rate of Duty,Special Rate of Duty,Column 2 Rate of Duty,Quota Quantity,Additional Duties
"0101","0","Live horses, asses, mules and hinnies:","","","","","",""
"","1","Horses:","","","","","",""
"0101.21.00","2","Purebred breeding animals","","Free","","Free","",""
"0101.21.00.10","3","Males","[""No.""]","","","","",""
"0101.30.00.00","1","Asses","[""No.""]","6.8%","Free (A+,AU,KR,SG)","15%","",""
"0305.69.60.01","2","Other","[""kg""]","0.5%","Free (A*,AU,BH,KR)","1%","",""
"0402.21.05.00","4","Described in additional U.S. note 7 to this chapter and entered pursuant to its provisions","[""kg""]","3.3¢/kg","Free (A+,KR)","6.6¢/kg","",""
"8704.21.01.00","2","G.V.W. not exceeding 5 metric tons","[""No.""]","25%","Free (A+,AU, JO)25% (KR)","25%","",""
"9903.03.01","0","Articles the product of any country","","The duty provided in the applicable subheading + 10%","","","",""
"""

CN = """
--- p1 ---
18-1
중국 양허표
HS 2012 품목명 기준세율(%) 양허유형
01012100 번식용 0 0
01012900 기타 10 10

--- p2 ---
18
-
2
HS 2012
품
목
명 기준세율(%) 양허유형
01059910 번식용
0
0
02032200 넓적다리살ㆍ어깨살과 이를 절단한 것(뼈가 있는 것으로 한
정한다)
12 10
02071200 절단하지 않은 육(냉동한 것으로 한정한다) 킬로그램당
1.3 위안
15
03024300 정어리[스프라투스 스프라투스
12 10

--- p3 ---
18-3
HS 2012 품목명 기준세율(%) 양허유형
(Sprattus sprattus)]
37024100 폭이 610 밀리미터를 초과하는 제곱미터당 E

--- p4 ---
18-4
HS 2012 품목명 기준세율(%) 양허유형
것으로서 천연색 사진용의 것 7.1 위안
85211011 방송품질용 세트당가격이
2 천불이하인
경우 30%,\u0020
가격이 2 천
불초과시
3%+세트당
4,374 위안
20
90138030 액정 디스플레이 패널 5 10-A*
97060000 골동품(제작 후 100 년을 초과한 것으로 한정한다)
0 0
* 2012 년 HS 코드 90138030 하에 분류된 LCD 모듈의 관세는 이행 8 년차까지 기준세율(5%)이 유지된다.
"""

VN_A = """ANNEX 2-A
TARIFF SCHEDULE OF VIET NAM
Section A
HS code Base Staging
Description
(HS 2012) rate Category
02071100 - - Not cut in pieces, fresh or chilled 40 Y-8
19019039 - - - Other
1901903990 - - - - Other 10 S-2
22042113 - - - - Of an alcoholic strength by volume exceeding 15% vol but not 50 E
HS code Base Staging
Description
(HS 2012) rate Category
exceeding 23% vol
"""

VN_B = """Section B
2018
Base
HS code and
Description rate 2016 2017
(HS 2012) subsequ
(2015)
ent year
01061200 - - Whales, dolphins and porpoises (mammals of the
order Cetacea) 0 0 0 0
39269020 - - Fans and handscreens, frames and handles therefor, 5 0 0 0
2018
Base
and parts thereof
73063090 - - Other
- - - Of internal diameter of 12.5 mm or more and
7306309010 external diameter 140 mm or more 5 5 5 0
"""


def written(folder: Path, market: str) -> dict[str, dict[str, str]]:
    with (folder / f"{market}.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def imported(tmp_path: Path, market: str, *texts: str) -> dict[str, dict[str, str]]:
    files = []
    for number, text in enumerate(texts):
        files.append(tmp_path / f"text{number}.txt")
        files[-1].write_text(text, encoding="utf-8")
    done = import_market(market, files, tmp_path / "tariffs")
    rows = written(tmp_path / "tariffs", market.upper())
    assert done.lines == len(rows)
    return rows


def test_united_states(tmp_path: Path) -> None:
    rows = imported(tmp_path, "US", US)
    assert {code: (row["base"], row["preferential"], row["flags"]) for code, row in rows.items()} == {
        "01012100": ("Free", "", ""),
        "01013000": ("6.8%", "Free", ""),
        "03056960": ("0.5%", "Free", ""),
        "04022105": ("3.3¢/kg", "Free", "quota"),
        "87042101": ("25%", "25%", ""),
    }
    assert rows["01012100"]["description"] == "Horses > Purebred breeding animals"


@pytest.mark.parametrize(
    ("special", "rate"),
    [
        ("Free (A+,AU,BH, KR,SG)", "Free"),
        ("Free\n(KR)", "Free"),
        ("Free (AU,BH) 2.5% (KR)", "2.5%"),
        ("Free (BH,CL,KR) See 9822.04.15 (AU) See 9823.02.01-9823.02.04 (S+)", "Free"),
        ("Free (A,E,K,L)", ""),
        ("", ""),
    ],
)
def test_the_rate_before_the_symbol_of_korea(special: str, rate: str) -> None:
    """K alone is the symbol of the agreement on pharmaceuticals, not of Korea."""
    assert korea(special) == rate


def test_china(tmp_path: Path) -> None:
    rows = imported(tmp_path, "cn", CN)
    assert {code: (row["base"], row["category"]) for code, row in rows.items()} == {
        "01012100": ("0%", "0"),
        "01012900": ("10%", "10"),
        "01059910": ("0%", "0"),
        "02032200": ("12%", "10"),
        "02071200": ("1.3 CNY/kg", "15"),
        "03024300": ("12%", "10"),
        "37024100": ("7.1 CNY/m²", "E"),
        "85211011": ("≤2,000 USD/set: 30%; >2,000 USD/set: 3% + 4,374 CNY/set", "20"),
        "90138030": ("5%", "10-A"),
        "97060000": ("0%", "0"),
    }
    assert rows["02032200"]["description"] == "넓적다리살ㆍ어깨살과 이를 절단한 것(뼈가 있는 것으로 한정한다)"
    assert rows["03024300"]["description"] == "정어리[스프라투스 스프라투스 (Sprattus sprattus)]"
    assert rows["90138030"]["flags"] == "footnote"


def test_viet_nam_from_two_files(tmp_path: Path) -> None:
    rows = imported(tmp_path, "VN", VN_A, VN_B)
    assert {code: (row["base"], row["category"], row["preferential"]) for code, row in rows.items()} == {
        "02071100": ("40%", "Y-8", ""),
        "1901903990": ("10%", "S-2", ""),
        "22042113": ("50%", "E", ""),
        "01061200": ("0%", "SECTION-B", "2015=0% 2016=0% 2017=0% 2018=0%"),
        "39269020": ("5%", "SECTION-B", "2015=5% 2016=0% 2017=0% 2018=0%"),
        "7306309010": ("5%", "SECTION-B", "2015=5% 2016=5% 2017=5% 2018=0%"),
    }
    assert (
        rows["22042113"]["description"]
        == "Of an alcoholic strength by volume exceeding 15% vol but not exceeding 23% vol"
    )
    assert (
        rows["7306309010"]["description"]
        == "Of internal diameter of 12.5 mm or more and external diameter 140 mm or more"
    )


def test_what_was_imported_is_found(tmp_path: Path) -> None:
    imported(tmp_path, "CN", CN)
    found = rates("KR-CN", "0101", tmp_path / "tariffs")
    assert [entry.code for entry in found] == ["01012100", "01012900"]
    rate = rate_in(found[1], 2019)
    assert rate is not None and rate.text == "5%"


@pytest.mark.parametrize(
    ("market", "text", "said"),
    [
        ("JP", "", "market"),
        ("US", "", "HTS Number"),
        ("US", "Code,Rate\n1,2\n", "HTS Number"),
        ("US", US.splitlines()[0] + '\n"0101.21.00","x","Horses","","Free","","","",""\n', "line 2"),
        ("US", US.splitlines()[0] + "\n", "no tariff line"),
        ("CN", "some other text", "no tariff line"),
        ("CN", CN.replace("01012900 기타 10 10", "01012900 기타 10"), "01012900"),
        ("CN", CN.replace("01012900 기타 10 10", "01012900 기타 10 PR-77"), "PR-77"),
        ("CN", CN.replace("01012900", "01012100"), "01012100"),
        ("VN", VN_A.replace("Section A", ""), "02071100"),
        ("VN", VN_A.replace("chilled 40 Y-8", "chilled 40"), "02071100"),
    ],
)
def test_a_text_that_can_not_be_read_whole_is_refused(tmp_path: Path, market: str, text: str, said: str) -> None:
    kept = tmp_path / "tariffs" / f"{market}.csv"
    kept.parent.mkdir()
    kept.write_text("what was there", encoding="utf-8")
    with pytest.raises(TariffFileError, match=said):
        imported_text = tmp_path / "text.txt"
        imported_text.write_text(text, encoding="utf-8")
        import_market(market, [imported_text], tmp_path / "tariffs")
    assert kept.read_text(encoding="utf-8") == "what was there"


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(TariffFileError, match="absent.csv"):
        import_market("US", [tmp_path / "absent.csv"], tmp_path)
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TariffFileError, match="binary"):
        import_market("US", [tmp_path / "binary"], tmp_path)


def test_a_tariff_file_with_a_column_too_many_is_refused(tmp_path: Path) -> None:
    (tmp_path / "CN.csv").write_text("code,description,price\n01012100,a,b\n", encoding="utf-8")
    with pytest.raises(TariffFileError, match="CN.csv"):
        rates("KR-CN", "0101", tmp_path)
