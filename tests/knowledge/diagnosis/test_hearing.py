"""Hearing: several troubles in one sentence, nothing where there is none, and well enough on unseen sentences."""

from pathlib import Path

import pytest

from knowledge.diagnosis.evaluation import Utterance, count, evaluate, read_utterances
from knowledge.diagnosis.hearing import by_cues, clauses, hear
from knowledge.pack import read_yaml
from knowledge.record import LANGUAGES

ROOT = Path(__file__).parents[3]
SETS = ROOT / "tests" / "evaluation"
PACK = ROOT / "knowledge" / "packs" / "korea"


def ids(heard):
    return {one.obstacle.removeprefix("obstacle.") for one in heard}


def test_three_troubles_in_one_sentence(shelf):
    heard = hear("바이어도 없고 영어도 안 되고 돈도 없어요", "ko", shelf)
    assert ids(heard) == {"finding-buyers", "language", "no-money"}


def test_a_trouble_is_told_with_the_persons_own_whole_words(shelf):
    heard = {one.obstacle: one for one in hear("물건은 좋은데 바이어가 없어서 막막합니다", "ko", shelf)}
    found = heard["obstacle.finding-buyers"]
    assert (found.words, found.ear, found.strength) == ("바이어가 없어서", "cue", 0.9)


def test_what_is_there_is_no_trouble(shelf):
    assert ids(hear("바이어는 있는데 영어가 안 돼요", "ko", shelf)) == {"language"}
    assert ids(hear("영어는 되는데 바이어가 없어요", "ko", shelf)) == {"finding-buyers"}


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("", "ko"),
        ("   ", "en"),
        ("안녕하세요", "ko"),
        ("신용장이 뭐예요?", "ko"),
        ("good morning", "en"),
        ("!!! ???", "en"),
    ],
)
def test_nothing_is_heard_where_nothing_is_told(words, language, shelf):
    assert hear(words, language, shelf) == ()


def test_a_hint_is_weaker_than_a_clear_wording():
    heard = {one.obstacle: one.strength for one in by_cues("수출은 처음이라 서류가 어려워요", "ko")}
    assert heard["obstacle.documents-too-difficult"] == 0.9
    assert {one.strength for one in by_cues("제가 처음이라서요", "ko")} == {0.5}


def test_short_english_words_stand_whole():
    assert by_cues("november buyers", "en") == ()
    assert "obstacle.finding-buyers" in {one.obstacle for one in by_cues("we have no buyers", "en")}


def test_clauses_keep_a_wish_together():
    assert clauses("바이어를 찾고 싶은데 돈이 없고 영어도 몰라요", "ko")[0] == "바이어를 찾고 싶은데"


def test_counting_takes_either_of_two_readings():
    row = Utterance("", (frozenset({"a", "b"}), frozenset({"c"})), frozenset({"d"}))
    counted = count(row, ["b", "d", "e"])
    assert (counted.right, counted.missed, counted.wrong) == (1, (frozenset({"c"}),), ("e",))


def test_unseen_sentences_are_heard_well_enough(shelf):
    rows = read_utterances(SETS / "obstacles.yaml")
    assert len(rows) >= 120
    assert sum(not row.wanted for row in rows) >= 15
    assert sum(len(row.wanted) > 1 for row in rows) >= 15
    measured = evaluate(rows, shelf)["summary"]
    assert measured["f1"] >= 0.8, measured
    assert measured["precision"] >= 0.85, measured


def test_the_held_out_sentences_are_nowhere_else(shelf):
    held_out = {row.text for row in read_utterances(SETS / "obstacles.yaml")}
    known = {row.text for row in read_utterances(SETS / "obstacles_dev.yaml")}
    known |= {passage.text for passage in shelf.library.passages}
    assert not held_out & known
    whole_cues = {
        line
        for lines in read_yaml(PACK / "diagnosis/cues.yaml")["cues"].values()
        for language in LANGUAGES
        for line in lines[language]
    }
    assert not held_out & whole_cues


def test_every_obstacle_has_cues_in_both_languages(shelf):
    cues = read_yaml(PACK / "diagnosis/cues.yaml")["cues"]
    assert set(cues) == {name for name in shelf.library.records if name.startswith("obstacle.")}
    assert all(cues[name][language] for name in cues for language in LANGUAGES)
