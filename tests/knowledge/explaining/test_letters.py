"""Whole letters of credit against what was worked out by hand: values, papers, dangers, contradictions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.explaining.explained import explain
from knowledge.shelf import Shelf

LETTERS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "letters.yaml").read_text(encoding="utf-8"))
BY_NAME = {letter["name"]: letter for letter in LETTERS}
ONE_BY_ONE = pytest.mark.parametrize("letter", LETTERS, ids=[letter["name"] for letter in LETTERS])


def told(shelf: Shelf, text: str) -> dict[str, Any]:
    document = explain(text, shelf, "ko").document()
    assert "letter_of_credit" in document, "not taken for a letter of credit"
    found: dict[str, Any] = document["letter_of_credit"]
    return found


@ONE_BY_ONE
def test_values(shelf: Shelf, letter: dict[str, Any]) -> None:
    found = told(shelf, letter["text"])
    assert found["form"] == letter["form"]
    assert found["amount"] == letter["amount"]
    dates = {key: found["dates"][key] for key in letter["dates"]}
    assert dates == letter["dates"]
    assert found["trade_term"] == letter["trade_term"]


@ONE_BY_ONE
def test_papers(shelf: Shelf, letter: dict[str, Any]) -> None:
    papers = told(shelf, letter["text"])["documents"]
    counted = [[p["kind"], p["originals"], p["copies"], p["total"], p["full_set"]] for p in papers]
    assert counted == letter["documents"]


@ONE_BY_ONE
def test_dangers(shelf: Shelf, letter: dict[str, Any]) -> None:
    found = told(shelf, letter["text"])["dangers"]
    assert sorted(danger["id"] for danger in found) == sorted(letter["dangers"])
    for danger in found:
        assert danger["confirm_with"] and danger["source"]["basis"] == "editorial"
        assert all(danger[part][language] for part in ("name", "why", "ask") for language in ("ko", "en"))
        assert "{" not in danger["why"]["ko"] + danger["why"]["en"]
        if danger["quote"]:
            assert " ".join(danger["quote"].split()) in " ".join(letter["text"].split())


@ONE_BY_ONE
def test_contradictions(shelf: Shelf, letter: dict[str, Any]) -> None:
    found = told(shelf, letter["text"])
    assert [each["id"] for each in found["inconsistencies"]] == letter["conflicts"]
    assert all("{" not in each["ko"] + each["en"] for each in found["inconsistencies"])


@ONE_BY_ONE
def test_every_field_has_its_original_and_its_meaning(shelf: Shelf, letter: dict[str, Any]) -> None:
    found = told(shelf, letter["text"])
    for field in found["fields"]:
        assert field["name"]["ko"] and field["name"]["en"] and field["plain"]["ko"] and field["plain"]["en"]
        assert field["record"], field["tag"]
        assert field["original"] in letter["text"][field["start"] : field["end"]]
    unknown = " ".join(found["not_understood"]["ko"])
    assert all(tag in unknown for tag in letter.get("unknown", []))


@pytest.mark.parametrize("language", ["ko", "en"])
@ONE_BY_ONE
def test_the_retelling_keeps_parties_sums_and_ports(shelf: Shelf, letter: dict[str, Any], language: Any) -> None:
    text = explain(letter["text"], shelf, language).plain_text
    flat = " ".join(text.split())
    for field in told(shelf, letter["text"])["fields"]:
        if field["tag"] not in ("46A", "46B"):
            assert " ".join(field["original"].split()) in flat, field["tag"]


def test_first_things_are_told(shelf: Shelf) -> None:
    text = explain(BY_NAME["soft clauses everywhere"]["text"], shelf, "ko").plain_text
    for words in (
        "SAIGON BEAUTY TRADING CO., LTD",
        "USD 86,500",
        "77,850.00 ~ 90,825.00",
        "늦어도 2027년 1월 31일",
        "실으면 늦어도 2027년 2월 7일",
        "60 DAYS AFTER B/L DATE",
        "개설은행)의 이름은 이 글에서 찾지 못했어요",
        "실제로 실은 날이 빠르면",
        ":99Q:",
    ):
        assert words in text, words


def test_a_part_of_several_says_so(shelf: Shelf) -> None:
    found = told(shelf, BY_NAME["advice of another bank's credit"]["text"])
    assert any(line["key"] == "more_parts" and "1/2" in line["ko"] for line in found["summary"])


def test_the_usual_21_days_are_editorial_and_only_where_the_letter_is_silent(shelf: Shelf) -> None:
    silent = BY_NAME["a bank's printed letter in English, without the period for papers"]["text"]
    rules = {rule["id"]: rule for rule in told(shelf, silent)["rules"]}
    assert rules["presentation_default"]["source"]["basis"] == "editorial"
    assert rules["presentation_default"]["confirm_with"] == "organisation.foreign-exchange-bank"
    assert "presentation_default" not in {
        rule["id"] for rule in told(shelf, BY_NAME["sight credit as a seller wants it"]["text"])["rules"]
    }


@pytest.mark.parametrize(
    ("clause", "danger"),
    [
        (
            "INSPECTION CERTIFICATE COUNTERSIGNED BY THE AUTHORIZED REPRESENTATIVE OF THE BUYER",
            "inspection_by_applicant",
        ),
        ("QUALITY CERTIFICATE ISSUED BY SGS KOREA", None),
        ("INSPECTION CERTIFICATE ISSUED BY BENEFICIARY", None),
        ("PROCEEDS WILL BE PAID AFTER CUSTOMS CLEARANCE OF THE GOODS", "payment_after_event"),
        ("WE SHALL PAY UPON RECEIPT OF DOCUMENTS COMPLYING WITH THE CREDIT", None),
        ("BILLS OF LADING MADE OUT TO ORDER OF ISSUING BANK AND NOTIFY APPLICANT", None),
        ("BILLS OF LADING MADE OUT TO ORDER OF APPLICANT", "bl_to_applicant"),
        ("1/3 ORIGINAL B/L MUST BE SENT DIRECTLY TO APPLICANT BY COURIER", "bl_sent_directly"),
        ("COPIES OF NON-NEGOTIABLE DOCUMENTS TO BE FAXED TO APPLICANT", None),
        ("INVOICE MUST BE CERTIFIED BY THE CONSULATE OF EGYPT", "embassy"),
        ("THE BALANCE OF 10 PERCENT IS PAYABLE AFTER INSTALLATION", "holdback"),
        ("INSURANCE FOR 110 PERCENT OF THE INVOICE VALUE", None),
        ("SHIPPING ADVICE MUST BE SENT TO APPLICANT WITHIN 2 DAYS", None),
        ("THIS CREDIT IS NOT OPERATIVE UNTIL ADVISED BY US", "not_yet_operative"),
    ],
)
def test_soft_clauses_one_by_one(shelf: Shelf, clause: str, danger: str | None) -> None:
    clean = BY_NAME["sight credit as a seller wants it"]["text"]
    found = told(shelf, clean.replace("+ ALL DOCUMENTS MUST SHOW", f"+ {clause}\n+ ALL DOCUMENTS MUST SHOW"))
    assert [each["id"] for each in found["dangers"]] == ([danger] if danger else [])


@pytest.mark.parametrize(
    "text",
    [
        "Please open the L/C by 5 May. Amount: USD 500. Beneficiary: us.",
        "20: apples\n50: pears\n30: plums",
        "신용장이 뭐예요",
        "Invoice No: 5\nAmount: USD 500\nGoods: laver\nPort of loading: Busan",
        ":20:1 :21:2 :30:3",
    ],
)
def test_other_texts_are_no_letters_of_credit(shelf: Shelf, text: str) -> None:
    assert "letter_of_credit" not in explain(text, shelf).document()


@pytest.mark.parametrize("cut", range(0, 2200, 110))
def test_a_torn_letter_breaks_nothing(shelf: Shelf, cut: int) -> None:
    text = BY_NAME["soft clauses everywhere"]["text"]
    assert explain(text[cut:], shelf).document()
    assert explain(text[: cut + 1], shelf).document()
