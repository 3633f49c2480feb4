"""The evaluation sets are large enough, apart from the training data, and Naru does well enough on them.

The floors stand a little below what was measured when they were set (docs/evaluation.md); they catch a
change that breaks understanding, and are no claim of quality.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.nlu.text_repair import repair

ROOT = Path(__file__).resolve().parent.parent
SETS = ROOT / "tests" / "evaluation"


CARRIED = {"rate_talk"}
"""Intents nobody types: a button carries them."""


def bare(text: str) -> str:
    """The letters and digits of a sentence, so that punctuation makes no difference."""
    return re.sub(r"[\W_]+", "", text).casefold()


MINIMA = {
    "intents.yaml": 300,
    "answers.yaml": 150,
    "answers_dev.yaml": 70,
    "depth.yaml": 360,
    "depth_dev.yaml": 180,
    "hard.yaml": 100,
}
"""Questions each set has at least."""


def rows(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load((SETS / name).read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def trained() -> set[str]:
    """Every sentence Naru learns from: training examples, and the names and questions of records."""
    sentences = set()
    for path in (ROOT / "nlu_data").rglob("*.yml"):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            sentences |= {bare(line.lstrip(" -")) for line in block["examples"].splitlines()}
    from knowledge.pack import PACKS, read_pack

    for record in read_pack(PACKS / "korea"):
        for text in (record.ko, record.en):
            sentences |= {bare(words) for words in (text.name, *text.aliases, *text.questions)}
    return sentences


@pytest.mark.parametrize("name", [*MINIMA])
def test_no_sentence_was_trained_on(name: str, trained: set[str]) -> None:
    assert [row["text"] for row in rows(name) if bare(row["text"]) in trained] == []


@pytest.mark.parametrize(("name", "least"), MINIMA.items())
def test_sets_are_large_enough_and_repeat_nothing(name: str, least: int) -> None:
    texts = [bare(row["text"]) for row in rows(name)]
    assert len(texts) >= least
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    ("measuring", "tuning"), [("answers.yaml", "answers_dev.yaml"), ("depth.yaml", "depth_dev.yaml")]
)
def test_the_sets_for_tuning_and_for_measuring_are_apart(measuring: str, tuning: str) -> None:
    assert not {bare(row["text"]) for row in rows(measuring)} & {bare(row["text"]) for row in rows(tuning)}


def test_hard_questions_say_how_to_judge_an_answer() -> None:
    from knowledge.record import Part

    for row in rows("hard.yaml"):
        assert row["part"] in set(Part) and row["language"] in ("ko", "en") and row["article"], row
        assert row["must"] and all(isinstance(point, str) and point for point in row["must"]), row


def test_every_expected_record_exists(shelf: Any) -> None:
    for name in ("answers.yaml", "answers_dev.yaml", "depth.yaml", "depth_dev.yaml"):
        for row in rows(name):
            assert set(row["records"]) <= set(shelf.library.records), row


def test_every_intent_is_measured() -> None:
    domain = yaml.safe_load((ROOT / "bot" / "domain" / "conversation.yml").read_text(encoding="utf-8"))
    assert {row["intent"] for row in rows("intents.yaml")} == set(domain["intents"]) - CARRIED


def test_what_only_buttons_carry_is_not_trained() -> None:
    files = (ROOT / "nlu_data").rglob("*.yml")
    taught = {
        block["intent"]
        for path in files
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]
        if "intent" in block
    }
    assert not CARRIED & taught


def evaluate(kind: str, name: str, data_dir: Path) -> dict[str, float]:
    """What `naru evaluate` prints, as numbers."""
    command = [sys.executable, "-c", "from channels.command_line import main; main()"]
    out = str(data_dir / "evaluation")
    done = subprocess.run(
        [*command, "evaluate", kind, str(SETS / name), "--out", out, "--json"],
        env=os.environ | {"NARU_DATA_DIR": str(data_dir)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout[done.stdout.index("{") :]))


def test_intents_are_understood(data_dir: Path, settings: Any) -> None:
    measured = evaluate("nlu", "intents.yaml", data_dir)
    assert measured["accuracy"] >= 0.87
    assert measured["accuracy_when_confident"] >= 0.92


def test_questions_in_depth_find_their_record(shelf: Any) -> None:
    asked = [row for row in rows("depth.yaml") if row["records"]]
    places = []
    for row in asked:
        language = "ko" if re.search("[가-힣]", row["text"]) else "en"
        hits = [hit.record for hit in shelf.search.find(repair(row["text"]), language, top=5)]
        places.append(next((place for place, record in enumerate(hits) if record in row["records"]), None))
    assert places.count(0) / len(asked) >= 0.63
    assert sum(place is not None for place in places) / len(asked) >= 0.89


def test_questions_find_their_record(data_dir: Path, settings: Any) -> None:
    measured = evaluate("answers", "answers.yaml", data_dir)
    assert measured["search_recall@5_all"] >= 0.92
    assert measured["search_mrr_all"] >= 0.78
    assert measured["turn_right_or_offered_all"] >= 0.74
    assert measured["turn_wrong_all"] <= 0.30
