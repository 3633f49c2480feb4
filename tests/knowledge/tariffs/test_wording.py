"""The words of an estimate: both languages, every id has its sentence, sums as people read them."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from knowledge.pack import read_pack
from knowledge.settings import settings
from knowledge.tariffs import estimate as reckoning
from knowledge.tariffs import wording
from knowledge.tariffs.estimate import estimate
from knowledge.tariffs.question import InputError, question
from knowledge.tariffs.schedule import source_of
from knowledge.tariffs.staging import Place, read_staging

WORDS: dict[str, Any] = yaml.safe_load(wording.WORDS.read_text(encoding="utf-8"))


def leaves(node: Any, path: str = "") -> list[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict) and {"ko", "en"} & node.keys():
        return [(path, node)]
    return [leaf for key, value in node.items() for leaf in leaves(value, f"{path}.{key}")]


@pytest.mark.parametrize(("path", "leaf"), leaves(WORDS))
def test_every_sentence_is_there_in_both_languages(path: str, leaf: dict[str, Any]) -> None:
    assert leaf["ko"].strip() and leaf["en"].strip()
    assert any("가" <= letter <= "힣" for letter in leaf["ko"]) or "{" in leaf["ko"]
    assert not any("가" <= letter <= "힣" for letter in leaf["en"])


def test_every_outcome_and_standing_caveat_has_words() -> None:
    assert set(get_args(reckoning.Outcome)) == WORDS["outcomes"].keys()
    for staging in read_staging().values():
        assert set(staging.caveats) <= WORDS["caveats"].keys()
        assert set(staging.look_at) <= WORDS["records"].keys()


def test_every_caveats_source_is_a_document() -> None:
    for name, entry in WORDS["caveats"].items():
        if "source" in entry:
            assert source_of(Place.model_validate(entry["source"])).as_of, name


def test_records_to_look_at_are_in_the_pack() -> None:
    ids = {record.id for record in read_pack(settings().packs_dir / settings().pack)}
    assert WORDS["records"].keys() <= ids


def test_korean_summary() -> None:
    lines = wording.summary(estimate("KR-CN", "330499", "10000", "USD", 2026, "1300"), "ko")
    assert lines == [
        "한·중 FTA, HS 330499, 2026년, 물건값 US$10,000.00",
        "33049900 기타: 2012년 기본세율 6.5%, 협정세율 5.2%. 협정으로 낮아져요.",
        "2012년 기본세율로 따진 관세: US$650.00 (약 ₩845,000)",
        "협정으로 낼 관세: US$520.00 (약 ₩676,000)",
        "2012년 기본세율과 견준 차이: US$130.00 (약 ₩169,000). 지금 아끼는 돈은 이보다 적거나 없을 수 있어요.",
    ]


def test_english_summary_of_a_ceiling() -> None:
    lines = wording.summary(estimate("KR-VN", "330410", "1000", "VND", 2026), "en")
    assert lines[1] == "33041000 Lip make-up preparations: agreement rate up to 5%. The agreement fixes only a ceiling."
    assert lines[2] == "Duty with the agreement: ₫0 to ₫50"
    assert lines[3] == "The duty saved can't be told from these texts alone."


def test_no_data_has_a_head_and_a_place_to_look() -> None:
    found = estimate("KR-EU", "330499", "1000", "EUR", 2026)
    assert len(wording.summary(found, "ko")) == 1
    assert [name for name, _, _ in wording.caveats(found, "en")] == ["no_schedule"]
    assert "TradeNAVI" in wording.look_up(found, "en")


def test_a_long_list_of_lines_is_cut_for_people_only() -> None:
    found = estimate("KR-US", "040690", "1000", "USD", 2026)
    assert len(found.lines) > wording.MOST_LINES
    told = [line for line in wording.summary(found, "ko") if line.startswith("040690")]
    assert len(told) == wording.MOST_LINES
    assert len(wording.document(found, "ko")["lines"]) == len(found.lines)


@pytest.mark.parametrize(("agreement", "hs"), [("KR-US", "170191"), ("KR-CN", "370241"), ("KR-VN", "330499")])
def test_the_document_is_json(agreement: str, hs: str) -> None:
    document = wording.document(estimate(agreement, hs, "1234.5", "EUR", 2026), "en")
    assert json.loads(json.dumps(document)) == document
    assert document["value"] == 1234.5


def test_the_document_has_numbers() -> None:
    document = wording.document(estimate("KR-CN", "330499", "10000", "USD", 2026, "1300"), "en")
    assert document["saving"] == {"low": 130, "high": 130, "currency": "USD"}
    assert document["won"]["saving"] == {"low": 169000, "high": 169000, "currency": "KRW"}
    assert document["lines"][0]["preferential_rate"]["percent"] == 5.2
    assert document["saving_against"] == "general_2012"


def test_the_rounding_of_interim_rates_cites_its_own_treaty() -> None:
    found = estimate("KR-VN", "87084026", "1000", "USD", 2026)
    sources = {name: source for name, _, source in wording.caveats(found, "en")}
    source = sources["rounded_down"]
    assert source is not None and source.locator == "Annex 2-A, paragraph 5"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_problems_name_field_and_value(language: Any) -> None:
    with pytest.raises(InputError) as caught:
        question("KR-CN", "330499", "-7", "USD")
    said = wording.problem(caught.value, language)
    assert "value" in said and "-7" in said


def test_a_sum_finer_than_its_currency_is_kept() -> None:
    assert wording.money(Decimal("10000.50"), "VND", "en") == "10000.5 VND"
    assert wording.money(Decimal("10000"), "KRW", "ko") == "₩10,000"


def test_no_sentence_stands_in_the_code() -> None:
    folder = Path(wording.__file__).parent
    parsing = {"reading_schedules.py", "importing.py"}
    for path in folder.glob("*.py"):
        if path.name not in parsing:
            assert not any("가" <= letter <= "힣" for letter in path.read_text(encoding="utf-8")), path.name
