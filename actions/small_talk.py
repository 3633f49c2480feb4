"""Everything around the facts: greeting, menu, thanks, languages, starting anew."""

from __future__ import annotations

from actions.lookup import give
from actions.news.asking import settle
from actions.reply import Choice, Outcome, Reply
from actions.step import Step
from actions.talk import Talk, payload

FORGET = {"topic": None, "topic_before": None, "offered": None, "misses": 0}


class Menu(Step):
    """Shows what Naru can do."""

    action = "action_menu"
    key = "menu"

    def respond(self, talk: Talk) -> None:
        """Says it and gives the first questions as buttons."""
        talk.reply(Reply(text=talk.say(self.key), choices=openings(talk)), Outcome.ANSWERED)


class Greet(Menu):
    """Says hello and what one can ask."""

    action = "action_greet"
    key = "greet"


class Restarted(Menu):
    """Forgets the topic and begins anew."""

    action = "action_restarted"
    key = "restarted"

    def respond(self, talk: Talk) -> None:
        """Forgets, then shows the menu."""
        talk.remember(**FORGET)
        super().respond(talk)


def openings(talk: Talk) -> tuple[Choice, ...]:
    """Returns the buttons of a conversation's beginning."""
    return (
        talk.choice("button_start", payload("ask_start")),
        talk.choice("button_process", payload("ask_process")),
        talk.choice("button_term", payload("define", record="term.lc")),
        talk.choice("button_check_origin", payload("ask_origin")),
        talk.choice("button_diagnosis", payload("start_diagnosis")),
        talk.choice("button_matching", payload("match_programmes")),
    )


class Said(Step):
    """Answers with one fixed sentence. Subclasses name it."""

    key = ""

    def respond(self, talk: Talk) -> None:
        """Says the sentence."""
        talk.reply(Reply(text=talk.say(self.key)), Outcome.ANSWERED)


class Bye(Said):
    """Says goodbye."""

    action = "action_bye"
    key = "bye"


class Thanks(Said):
    """Takes thanks."""

    action = "action_thanks"
    key = "thanks"


class BotChallenge(Said):
    """Says honestly that it is a machine."""

    action = "action_bot_challenge"
    key = "bot_challenge"


class Affirm(Step):
    """Takes a yes: to the reading offered before, or as it stands."""

    action = "action_affirm"

    def respond(self, talk: Talk) -> None:
        """Opens what was offered; otherwise asks what to do next."""
        if settle(talk, yes=True):
            return
        offered = talk.record(talk.slot("offered"))
        if offered:
            give(talk, offered)
        else:
            talk.reply(Reply(text=talk.say("affirm"), choices=openings(talk)[:3]), Outcome.ANSWERED)


class Deny(Step):
    """Takes a no."""

    action = "action_deny"

    def respond(self, talk: Talk) -> None:
        """Asks for other words, or lets it be."""
        if settle(talk, yes=False):
            return
        offered = talk.slot("offered")
        talk.remember(offered=None)
        if offered:
            choices = (talk.choice("button_person", payload("handover")), talk.choice("button_menu", payload("menu")))
            talk.reply(Reply(text=talk.say("deny_offered"), choices=choices), Outcome.CLARIFY)
        else:
            talk.reply(Reply(text=talk.say("deny")), Outcome.ANSWERED)
