"""Speaks the other language from now on."""

from __future__ import annotations

import re

from actions.errands.describing import SheetStart
from actions.explaining import asked_about
from actions.interviews.steps import FORM
from actions.lookup import give
from actions.reply import Outcome, Reply
from actions.step import Step
from actions.talk import Talk
from actions.trade.simulations import ChangeCase, changes
from knowledge.record import Language

TO_BE_WRITTEN = re.compile(
    r"(?:소개|설명|홍보)\s?(?:글|서|문|자료).*(?:써|쓰|만들|작성|뽑)"
    r"|\bwrite\b.*\b(?:buyer|product|introduction|description|profile)\b",
    re.IGNORECASE,
)
"""Words that want a text about the product, not another language to talk in."""


class Speak(Step):
    """Switches the language and says the topic again in it."""

    language: Language = "ko"

    def respond(self, talk: Talk) -> None:
        """Switches, and repeats the last answer in the new language.

        "Make the film Korean" means the film, "write our buyer something in English" a text about the product.
        """
        if changes(talk):
            ChangeCase().respond(talk)
            return
        if not talk.is_payload and TO_BE_WRITTEN.search(talk.question):
            SheetStart().respond(talk)
            talk.follow_with(FORM)
            return
        talk.switch(self.language)
        talk.reply(Reply(text=talk.say("switched")), Outcome.ANSWERED)
        record = asked_about(talk)
        if record:
            give(talk, record)


class SpeakKorean(Speak):
    """Speaks Korean from now on."""

    action = "action_speak_korean"
    language: Language = "ko"


class SpeakEnglish(Speak):
    """Speaks English from now on."""

    action = "action_speak_english"
    language: Language = "en"
