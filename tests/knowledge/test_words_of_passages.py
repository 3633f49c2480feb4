"""Passages are cut into words once, at the build, by the analyser that is in use; another one cuts them anew."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from knowledge.database.engine import sessions
from knowledge.database.tables import BuildRow
from knowledge.language.korean import content_words
from knowledge.library import Library


def library_of(settings: Any) -> Library:
    with sessions(settings.database)() as session:
        return Library.load(session, settings.pack)


def test_every_passage_has_its_words_and_they_are_those_of_a_fresh_cut(settings: Any, shelf: Any) -> None:
    library = library_of(settings)
    assert {passage.text for passage in library.passages} == set(library.words)
    sample = [passage.text for passage in library.passages[::97]]
    assert len(sample) > 250
    # Names are taught in an order that may differ by process; of hundreds a handful may be cut otherwise.
    other = [text for text in sample if library.words[text] != content_words(text)]
    assert len(other) <= 0.02 * len(sample), other


def test_what_another_analyser_cut_is_not_used(settings: Any, shelf: Any) -> None:
    with sessions(settings.database).begin() as session:
        before = session.get(BuildRow, settings.pack)
        assert before
        kept = before.cut_by
        session.execute(update(BuildRow).values(cut_by="0 kiwi 0.1"))
    try:
        assert library_of(settings).words == {}
    finally:
        with sessions(settings.database).begin() as session:
            session.execute(update(BuildRow).values(cut_by=kept))


@pytest.mark.parametrize(
    ("text", "words"),
    [("수출신고필증을 잃어버렸어요", {"수출신고필증"}), ("What are invoices?", {"invoice"})],
)
def test_words_carry_the_meaning(shelf: Any, text: str, words: set[str]) -> None:
    assert words <= set(content_words(text))
