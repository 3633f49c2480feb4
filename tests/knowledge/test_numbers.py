"""Numbers of the law as texts name them: said in both languages, defined once, none written out beside them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from knowledge.numbers import Number, UnknownNumber, loose, resolved
from knowledge.pack import PackError, read_numbers, read_pack

SOURCE = {"title": {"ko": "법", "en": "Act"}, "as_of": "2026-01-01", "basis": "official"}


def number(value: float, unit: str, name: str = "a") -> Number:
    return Number.model_validate(
        {"id": name, "value": value, "unit": unit, "of": {"ko": "가", "en": "a"}, "source": SOURCE}
    )


@pytest.mark.parametrize(
    ("value", "unit", "korean", "english"),
    [
        (30, "days", "30일", "30 days"),
        (1, "days", "1일", "1 day"),
        (5, "working_days", "5영업일", "5 working days"),
        (3, "months", "3개월", "3 months"),
        (1, "years", "1년", "1 year"),
        (24, "hours", "24시간", "24 hours"),
        (7.5, "percent", "7.5%", "7.5%"),
        (10_000_000, "krw", "1,000만 원", "10 million won"),
        (200_000_000, "krw", "2억 원", "200 million won"),
        (150_000_000, "krw", "1억 5,000만 원", "150 million won"),
        (500_000, "krw", "50만 원", "500,000 won"),
        (1_500, "krw", "1,500원", "1,500 won"),
        (1_000_000_000, "krw", "10억 원", "1,000 million won"),
        (6000, "eur", "6,000유로", "EUR 6,000"),
        (1000, "usd", "1,000달러", "USD 1,000"),
        (2, "count", "2", "2"),
    ],
)
def test_a_number_is_said_as_people_read_it(value: float, unit: str, korean: str, english: str) -> None:
    assert (number(value, unit).said("ko"), number(value, unit).said("en")) == (korean, english)


def test_texts_name_numbers_wherever_they_stand() -> None:
    numbers = {"load": number(30, "days", "load"), "fine": number(100_000_000, "krw", "fine")}
    used: set[str] = set()
    said = resolved({"plain": "<<load>> 안에", "todo": ["최대 <<fine>>까지예요."]}, "ko", numbers, used)
    assert said == {"plain": "30일 안에", "todo": ["최대 1억 원까지예요."]}
    assert used == {"load", "fine"}
    with pytest.raises(UnknownNumber, match="days"):
        resolved("<<days>>", "en", numbers, used)


def test_a_number_written_out_is_found_and_an_article_is_not() -> None:
    allowed = re.compile(r"제\d+조(제\d+항)?|Incoterms \d{4}")
    assert list(loose("제12조제2항에 따라 5년, 최대 1,000만 원이에요. Incoterms 2020.", allowed)) == ["5", "1,000"]
    assert list(loose("<<keep>> 보관해요.", allowed)) == []


def record(**more: object) -> dict[str, object]:
    words = {"name": "x", "plain": "<<keep>> 보관해요.", "todo": ["<<keep>> 보관하세요."], "questions": ["얼마나"]}
    english = {"name": "x", "plain": "Keep <<keep>>.", "todo": ["Keep."], "questions": ["how long"]}
    return {"id": "faq.x", "ko": words, "en": english, "source": {"of": "law", "locator": "제1조"}, **more}


def pack(folder: Path, records: list[dict[str, object]], numbers: list[dict[str, object]]) -> Path:
    for name, content in {"sources": {"law": SOURCE}, "faq/a": records, "numbers/a": numbers}.items():
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return folder


KEEP = {"id": "keep", "value": 5, "unit": "years", "of": {"ko": "보관", "en": "keeping"}, "source": {"of": "law"}}


def test_a_pack_says_its_numbers_and_lists_them(tmp_path: Path) -> None:
    decision = {
        "asks": ["c"],
        "cases": [{"when": {"c": "v"}, "ko": "<<keep>>이에요.", "en": "<<keep>>", "todo": {"ko": ["<<keep>>"]}}],
    }
    premise = {"ko": "<<keep>>이라는", "en": "it is <<keep>>", "holds": "no"}
    (read,) = read_pack(pack(tmp_path, [record(decision=decision, premise=premise)], [KEEP]))
    assert (read.ko.plain, read.en.plain, read.ko.todo) == ("5년 보관해요.", "Keep 5 years.", ("5년 보관하세요.",))
    assert read.numbers == ("keep",)
    assert read.decision is not None and read.premise is not None
    assert read.decision.cases[0].ko == "5년이에요." and read.decision.cases[0].todo["ko"] == ["5년"]
    assert read.premise.en == "it is 5 years"


def test_a_change_of_the_law_is_made_once(tmp_path: Path) -> None:
    records = [record(), record() | {"id": "faq.y"}]
    read = read_pack(pack(tmp_path, records, [KEEP | {"value": 3}]))
    assert {each.ko.plain for each in read} == {"3년 보관해요."}


def test_unknown_and_double_numbers_are_faults(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="faq.x.*<<keep>>"):
        read_pack(pack(tmp_path, [record()], []))
    with pytest.raises(PackError, match="twice"):
        read_numbers(pack(tmp_path, [record()], [KEEP, KEEP]))
    with pytest.raises(PackError, match="unit"):
        read_numbers(pack(tmp_path, [record()], [KEEP | {"unit": "moons"}]))
