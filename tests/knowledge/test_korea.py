"""The Korean pack holds what the study says; figures and lists here are copied from it by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.check import check
from knowledge.lookups import read_lookups
from knowledge.pack import PACKS, read_pack
from knowledge.record import Kind, Record

ROOT = Path(__file__).resolve().parents[2]

ACRONYMS = """ADBI APEC APIS ASEAN B2B B2C B/L BMS CLIS C/O C/S CUPIA D/A D/O D/P EDI EDIFACT ERP EU FKI FTA F/X GLC
GMD GOMD GVC ICT IRM I/V KBIZ KCCI KCS KEB KEC KFS KFTC KIBO KIEC KIPO KISED KITA KODIT KOREG KOSBI KOSME KOTEC KOTRA
KSURE KTNET KVIC L/C L/G MAFRA MCN MFCS MOEF MOLIT MOTIE MSIT MSME MSS NABO NIA NSW O2O OECD OGA PAA P/L PTP SBC SBDC
SEMAS S/I SMBA SME SNS S/R SSO SW SWIFT TIPA UNECE VAN VAP WEF WCO WTO""".split()

EXPORT_FUNCTIONS = 37
IMPORT_FUNCTIONS = 19
LOCAL_FUNCTIONS = 11
REQUIREMENT_FUNCTIONS = 32
"""Cells of Annex 2, counted in the study."""

TABLE_3 = {36.6, 21.2, 16.2, 15.2, 6.5, 3.1, 1.0}
TABLE_4 = {11.0, 16.3, 10.1, 7.0, 8.3, 8.1, 3.2, 8.2, 4.2, 34.6, 33.4, 19.6, 12.4}
TABLE_6 = {18.5, 19.2, 11.9, 5.4}
TABLE_5_FIRST = {2010: "Information", 2013: "Finance", 2015: "Finance", 2017: "Information"}

OFFICIAL_NAMES = [
    "수출바우처",
    "수출인큐베이터",
    "해외규격인증획득지원",
    "수출컨소시엄",
    "수출유망중소기업 지정",
    "글로벌 강소기업",
]


@pytest.fixture(scope="module")
def records() -> dict[str, Record]:
    return {record.id: record for record in read_pack(PACKS / "korea")}


@pytest.fixture(scope="module")
def names(records: dict[str, Record]) -> set[str]:
    found = set()
    for record in records.values():
        for text in (record.ko, record.en):
            for name in (text.name, *text.aliases):
                found |= {name.casefold(), *name.casefold().replace("(", " ").replace(")", " ").split()}
    return found


def of_kind(records: dict[str, Record], kind: Kind) -> list[Record]:
    return [record for record in records.values() if record.kind is kind]


def test_nothing_is_wrong_with_it(records: dict[str, Record]) -> None:
    assert [str(finding) for finding in check(list(records.values())) if finding.level == "error"] == []


@pytest.mark.parametrize(
    ("kinds", "least"),
    [((Kind.TERM,), 170), ((Kind.ORGANISATION, Kind.SYSTEM), 30), ((Kind.FAQ,), 60), ((Kind.SUPPORT_CATEGORY,), 8)],
)
def test_there_is_enough(records: dict[str, Record], kinds: tuple[Kind, ...], least: int) -> None:
    assert sum(len(of_kind(records, kind)) for kind in kinds) >= least


@pytest.mark.parametrize("acronym", ACRONYMS)
def test_every_acronym_of_the_study_is_known(names: set[str], acronym: str) -> None:
    assert acronym.casefold() in names


def test_every_function_of_annex_2_is_there(records: dict[str, Record]) -> None:
    sides = [record.side for record in of_kind(records, Kind.FUNCTION)]
    counted = {side: sides.count(side) for side in ("export", "import", "local", "requirements")}
    assert counted == {
        "export": EXPORT_FUNCTIONS,
        "import": IMPORT_FUNCTIONS,
        "local": LOCAL_FUNCTIONS,
        "requirements": REQUIREMENT_FUNCTIONS,
    }


@pytest.mark.parametrize(
    ("survey", "figures"),
    [
        ("survey.obstacles-2012", TABLE_3),
        ("survey.challenges-2018", TABLE_4),
        ("survey.support-requests-2018", TABLE_6),
    ],
)
def test_the_figures_of_the_surveys(records: dict[str, Record], survey: str, figures: set[float]) -> None:
    assert {row.value for row in records[survey].rows if row.value is not None} == figures


def test_a_figure_belongs_to_its_line(records: dict[str, Record]) -> None:
    lines = {row.value: row.en for row in records["survey.obstacles-2012"].rows}
    assert "buyers" in lines[36.6]
    assert "international trade" in lines[21.2]
    assert "Language" in lines[3.1]


def test_the_first_places_of_table_5(records: dict[str, Record]) -> None:
    rows = records["survey.trends-2010-2018"].rows
    assert {row.year: row.en for row in rows if row.rank == 1 and row.year in TABLE_5_FIRST} == TABLE_5_FIRST


@pytest.mark.parametrize("name", OFFICIAL_NAMES)
def test_official_korean_names(records: dict[str, Record], name: str) -> None:
    assert name in {record.ko.name for record in records.values()}


@pytest.mark.parametrize("kind", [Kind.PROGRAMME, Kind.SERVICE, Kind.FUNCTION])
def test_what_the_study_says_is_marked_as_of_2020(records: dict[str, Record], kind: Kind) -> None:
    for record in of_kind(records, kind):
        if record.source.basis == "report":
            assert "2020" in f"{record.ko.plain} {record.ko.detail or ''}", record.id
            assert "2020" in f"{record.en.plain} {record.en.detail or ''}", record.id


def test_diagram_3_is_a_procedure_from_contract_to_payment(records: dict[str, Record]) -> None:
    titles = [step.title for step in records["procedure.export-process"].en.steps]
    order = ["Export contract", "Export declaration", "Cargo insurance", "Loading", "Negotiation"]
    assert [title for title in titles if title in order] == order


def test_the_count_of_agreements_in_2020(records: dict[str, Record]) -> None:
    fact = records["fact.fta-count-2020"]
    assert "60" in fact.ko.plain and "20개" in fact.ko.plain
    assert fact.source.as_of.startswith("2020")


def test_the_lookups_name_things_in_both_languages() -> None:
    for name in read_lookups(PACKS / "korea"):
        assert name.spelling.strip() and name.value
