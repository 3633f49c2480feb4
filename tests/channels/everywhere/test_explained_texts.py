"""Explained texts on the narrow channels: inside every limit, and nothing of them lost."""

from __future__ import annotations

from typing import Any

import pytest

from actions.reply import IntentNote, Outcome, Reply, Turn
from actions.texts_explained import TextReplies
from bot.check import checked
from knowledge.explaining.explained import explain
from knowledge.record import Language
from knowledge.settings import Settings
from knowledge.shelf import Shelf
from tests.channels.kakao.walking import check_nothing_lost
from tests.channels.telegram.limits_check import check_turn
from tests.knowledge.explaining.test_letters import LETTERS
from tests.knowledge.explaining.test_notices import NOTICES

TEXTS: list[dict[str, Any]] = [*LETTERS, *NOTICES]
PARTS = ("plain", "terms", "documents", "dangers", "payment_after_event")


def turns(shelf: Shelf, text: str, language: Language) -> list[Turn]:
    told = TextReplies(explain(text, shelf, language), 1)

    def made(replies: tuple[Reply, ...]) -> Turn:
        intent = IntentNote(name="explain_text", confidence=1.0)
        return checked(
            Turn(
                conversation_id="c",
                turn_id=1,
                language=language,
                outcome=Outcome.ANSWERED,
                intent=intent,
                records=told.records if any(reply.sources for reply in replies) else (),
                replies=replies,
            )
        )

    return [made(told.first()), *(made(told.part(name)) for name in PARTS)]


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("given", TEXTS, ids=[each["name"] for each in TEXTS])
def test_on_telegram(settings: Settings, shelf: Shelf, given: dict[str, Any], language: Language) -> None:
    for turn in turns(shelf, given["text"], language):
        check_turn(turn)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("given", TEXTS, ids=[each["name"] for each in TEXTS])
def test_on_kakaotalk(settings: Settings, shelf: Shelf, given: dict[str, Any], language: Language) -> None:
    outside = settings.model_copy(update={"public_url": "https://naru.example"})
    for turn in turns(shelf, given["text"], language):
        check_nothing_lost(turn, outside)
