"""What is said where the best answer is a record that an editor has switched off: it is being checked, ask there.

A neighbour of that record would be a wrong answer, so that the step ends here (``Withheld``), whatever it was about to
say.
"""

from __future__ import annotations

from actions.present import show
from actions.reply import Outcome, Reply
from actions.talk import Talk, payload
from knowledge.language.pointing import points_back
from knowledge.record import Record


class Withheld(Exception):  # noqa: N818 - no error: the way out of a step
    """The question is about a record that must not be shown."""

    def __init__(self, record: Record) -> None:
        super().__init__(record.id)
        self.record = record


def stop_at_withheld(talk: Talk, record_id: str | None = None, *, by_name: bool = True) -> None:
    """Ends the step if a record that must not be shown was asked for: by a button, by its name, or as "it".

    Args:
        talk: The step.
        record_id: What a button names.
        by_name: Whether its name in the words is enough; a search weighs names itself.

    Raises:
        Withheld: Such a record was asked for.
    """
    if not talk.shelf.off:
        return
    asked = record_id or (_named(talk) if by_name else None)
    if asked is None and not talk.is_payload and not talk.mentions and points_back(talk.question):
        asked = talk.slot("topic")
    if asked in talk.shelf.off and (record := talk.shelf.whole.library.get(asked)):
        raise Withheld(record)


def _named(talk: Talk) -> str | None:
    """Returns the one thing that the words name, if it must not be shown."""
    if talk.is_payload or talk.mentions:
        return None
    found = talk.shelf.whole.gazetteer.find(talk.question)
    named = [mention.value for mention in found if mention.score == 1.0 and mention.value in talk.shelf.off]
    return named[0] if named else None


def tell_withheld(talk: Talk, record: Record) -> None:
    """Says that the topic is being checked, whom to ask meanwhile, and offers a person; nothing of the record."""
    found = (talk.record(name) for name in (record.confirm_with, *record.run_by) if name)
    organisation = next(filter(None, found), None)
    person = talk.choice("button_person", payload("handover"))
    if organisation:
        said = talk.say("topic_checked_with", name=organisation.text(talk.language).name)
    else:
        said = talk.say("topic_checked")
    choices = (show(talk, organisation), person) if organisation else (person,)
    talk.remember(misses=int(talk.slot("misses") or 0) + 1)
    talk.reply(Reply(text=said, choices=choices), Outcome.NOT_IN_KNOWLEDGE)
