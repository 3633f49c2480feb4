"""The agreements of the pack, against what the treaties and the FTA customs statutes say."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from knowledge.origin.agreement import (
    Agreement,
    AgreementError,
    Agreements,
    UnknownAgreement,
    locators,
    read_agreements,
)

PACK = Path("knowledge/packs/korea")


@pytest.fixture(scope="module")
def agreements() -> Agreements:
    return read_agreements(PACK)


# Enforcement Rule of the FTA Customs Act, article 7: paragraph 1 lists who needs an authority, paragraph 2 who writes it.
BY = {
    "KR-CL": "self",
    "KR-SG": "authority",
    "KR-EFTA": "self",
    "KR-ASEAN": "authority",
    "KR-IN": "authority",
    "KR-EU": "approved_exporter",
    "KR-PE": "self",
    "KR-US": "self",
    "KR-TR": "self",
    "KR-CO": "self",
    "KR-AU": "either",
    "KR-CA": "self",
    "KR-NZ": "self",
    "KR-VN": "authority",
    "KR-CN": "authority",
    "KR-CAM": "self",
    "KR-UK": "approved_exporter",
    "KR-ID": "authority",
    "KR-IL": "either",
    "RCEP": "either",
    "KR-KH": "either",
    "KR-PH": "either",
    "KR-AE": "either",
    "KR-EC": "either",
}

# Enforcement Decree, article 6(2): one year but for those named.
MONTHS = dict.fromkeys(BY, 12) | {"KR-CL": 24, "KR-US": 48, "KR-AU": 24, "KR-CA": 24, "KR-NZ": 24}


def test_all_agreements_of_the_statute_are_there(agreements: Agreements) -> None:
    assert {agreement.id for agreement in agreements.all()} == set(BY)


@pytest.mark.parametrize("name", BY)
def test_who_proves_and_for_how_long(agreements: Agreements, name: str) -> None:
    proof = agreements.get(name).proof
    assert proof is not None and proof.validity_months is not None
    assert proof.by == BY[name]
    assert proof.validity_months.value == MONTHS[name]


def test_papers_are_kept_five_years_but_three_for_china(agreements: Agreements) -> None:
    # Enforcement Decree, article 10(2) no. 2.
    for agreement in agreements.all():
        assert agreement.proof and agreement.proof.retention_years
        assert agreement.proof.retention_years.value == (3 if agreement.id == "KR-CN" else 5), agreement.id


def test_sums_below_which_no_proof_is_asked(agreements: Agreements) -> None:
    sums = {"KR-CN": "USD 700", "KR-US": "USD 1000", "KR-VN": "USD 600", "KR-UK": "EUR 6000"}
    for name, expected in sums.items():
        proof = agreements.get(name).proof
        assert proof and proof.threshold and proof.threshold.value == expected


def tolerances(agreement: Agreement, hs: str) -> set[tuple[str, Decimal, str | None]]:
    return {(found.by, found.percent, found.needs) for found in agreement.tolerances_for(hs)}


def test_tolerance_of_korea_china_article_3_8(agreements: Agreements) -> None:
    china = agreements.get("KR-CN")
    assert tolerances(china, "330499") == {("value", Decimal(10), None)}
    assert tolerances(china, "149999") == {("value", Decimal(10), None)}
    assert tolerances(china, "150000") == tolerances(china, "249999") == {("value", Decimal(10), "other_subheading")}
    both = {("value", Decimal(10), None), ("weight", Decimal(10), None)}
    assert tolerances(china, "500000") == tolerances(china, "630790") == both
    assert tolerances(china, "640000") == {("value", Decimal(10), None)}


def test_tolerance_of_korea_viet_nam_article_3_9(agreements: Agreements) -> None:
    vietnam = agreements.get("KR-VN")
    assert tolerances(vietnam, "190230") == {("value", Decimal(10), None)}
    assert tolerances(vietnam, "610910") == {("value", Decimal(10), None), ("weight", Decimal(10), None)}


def test_tolerance_of_korea_us_article_6_6(agreements: Agreements) -> None:
    states = agreements.get("KR-US")
    assert tolerances(states, "330499") == {("value", Decimal(10), None)}
    assert tolerances(states, "190230") == {("value", Decimal(10), "other_subheading")}  # Annex 6-B (k): chapters 1-24
    assert tolerances(states, "610910") == set()  # textiles follow article 4.2(7), which is not in the data
    fish = states.tolerances_for("030499")
    assert [found.excluded_materials for found in fish] == [("03",)]  # Annex 6-B (a)


def test_tolerance_of_korea_uk_article_5(agreements: Agreements) -> None:
    kingdom = agreements.get("KR-UK")
    assert tolerances(kingdom, "870830") == {("value", Decimal(10), None)}
    assert tolerances(kingdom, "500710") == tolerances(kingdom, "630790") == set()


def test_prices_that_shares_are_taken_of(agreements: Agreements) -> None:
    price = {
        (name, formula.method): formula.price
        for name in ("KR-CN", "KR-US", "KR-VN", "KR-UK")
        for formula in agreements.get(name).formulas
    }
    assert price == {
        ("KR-CN", "build_down"): "FOB",
        ("KR-US", "build_down"): "FOB",
        ("KR-US", "build_up"): "FOB",
        ("KR-US", "net_cost"): "net_cost",
        ("KR-VN", "build_down"): "FOB",
        ("KR-VN", "build_up"): "FOB",
        ("KR-VN", "max_nom"): "FOB",
        ("KR-UK", "max_nom"): "EXW",
    }


def test_which_agreements_reach_a_country(agreements: Agreements) -> None:
    def reach(country: str) -> list[str]:
        return [agreement.id for agreement in agreements.reaching(country)]

    assert reach("VN") == ["KR-ASEAN", "KR-VN", "RCEP"]
    assert reach("cn") == ["KR-CN", "RCEP"]
    assert reach("JP") == ["RCEP"]
    assert reach("DE") == ["KR-EU"]
    assert reach("CH") == ["KR-EFTA"]
    assert reach("SG") == ["KR-ASEAN", "KR-SG", "RCEP"]
    assert reach("BR") == []


def test_the_eu_has_27_members_and_its_rules_are_marked_as_inferred(agreements: Agreements) -> None:
    union = agreements.get("KR-EU")
    assert len(set(union.parties)) == 27
    assert union.inferred_from == "KR-UK" and union.inferred_note
    assert all(found.source.basis.value == "editorial" for found in union.tolerances)


def test_customs_control_and_months_in_transit(agreements: Agreements) -> None:
    assert agreements.get("KR-CN").transit_months == 3  # article 3.14(2)
    assert agreements.get("KR-US").transit_months is None


def test_agreements_of_unknown_start_say_so(agreements: Agreements) -> None:
    unknown = [agreement.id for agreement in agreements.all() if agreement.in_force is None]
    assert unknown == ["KR-AE", "KR-EC"]
    for name in unknown:
        assert agreements.get(name).notes[0].value == "not_known_to_be_in_force"
    assert agreements.get("KR-CN").in_force == date(2015, 12, 20)


def test_every_fact_has_its_document(agreements: Agreements) -> None:
    for agreement in agreements.all():
        for locator in locators(agreement):
            assert agreements.source(locator).title["ko"]


def test_names_are_read_whatever_their_case(agreements: Agreements) -> None:
    assert agreements.get(" kr-cn ").id == "KR-CN"
    with pytest.raises(UnknownAgreement):
        agreements.get("KR-XX")


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    shutil.copytree(PACK / "agreements", tmp_path / "agreements")
    (tmp_path / "agreements" / "KR-CN.yaml").write_text("id: KR-CN\nparties: china\n", encoding="utf-8")
    with pytest.raises(AgreementError, match="KR-CN.yaml"):
        read_agreements(tmp_path)


def test_a_document_that_is_not_listed_is_named(tmp_path: Path) -> None:
    (tmp_path / "agreements").mkdir()
    (tmp_path / "agreements" / "sources.yaml").write_text("{}", encoding="utf-8")
    text = (
        "id: KR-ZZ\nname: {ko: 가, en: a}\nparties: [ZZ]\nin_force: 2020-01-01\n"
        "in_force_source: {of: nowhere, locator: x, basis: editorial}\n"
    )
    (tmp_path / "agreements" / "KR-ZZ.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(AgreementError, match="nowhere"):
        read_agreements(tmp_path)
