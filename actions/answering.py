"""The turn after a question of a few buttons: words that answer it are taken as the button would be."""

from __future__ import annotations

from actions.depending import ASKED, answers_condition
from actions.lookup import give
from actions.talk import Talk


def answer_condition(talk: Talk) -> bool:
    """Answers exactly where typed words say what was asked; else forgets that it was, and returns False.

    It goes before whatever the words were understood as: "a different company" is no question of its own when Naru
    has just asked who makes the goods.
    """
    if not talk.slot(ASKED):
        return False
    answered = answers_condition(talk)
    talk.remember(**{ASKED: None})
    if answered is None:
        return False
    record, said = answered
    talk.tell_entity("answers", said)
    give(talk, record)
    return True
