"""Speaks the other language from now on."""

from __future__ import annotations

from actions.explaining import asked_about
from actions.lookup import give
from actions.reply import Outcome, Reply
from actions.step import Step
from actions.talk import Talk
from actions.trade.simulations import ChangeCase, changes
from knowledge.record import Language


class Speak(Step):
    """Switches the language and says the topic again in it."""

    language: Language = "ko"

    def respond(self, talk: Talk) -> None:
        """Switches, and repeats the last answer in the new language; "make the film Korean" means the film."""
        if changes(talk):
            ChangeCase().respond(talk)
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
