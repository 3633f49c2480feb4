"""Guides in conversation: opening one, going a step on or back; several may be open, and none is lost."""

from __future__ import annotations

import re

from actions.errands.guide_book import SLOT, Book, guides, known
from actions.errands.guide_telling import offer, show_step, tell_end, tell_overview
from actions.reply import Outcome, Reply
from actions.step import Step
from actions.talk import Talk
from knowledge.guides.guide import Guide

ANEW = "new "
"""Before a guide's id in a button: from its first step."""

ONWARD = re.compile(
    r"다음|그\s?담|담엔|이제\s*(?:뭐|어떻|뭘)|계속|\bnext\b|\bthen\b|after that|go on|continue|what now", re.IGNORECASE
)
""""And then?" as against "tell me more about this"."""


FINISHED = re.compile(
    r"했(?:어|습|음|다|네)|끝났|끝냈|완료|마쳤|\bdone\b|\bfinished\b|\bdid (?:it|that)\b", re.IGNORECASE
)
SHORT = 20
"""Letters up to which "done" is all that is said."""

STEPS = frozenset({"action_guide_start", "action_guide_next", "action_guide_previous"})
EXPLAINED = frozenset({"action_simplify", "action_example", "action_more", "action_define"})
"""Actions after which "and then?" may mean the next step."""


class GuideStart(Step):
    """Opens the guide a button or the words name, where it was left."""

    action = "action_guide_start"

    def respond(self, talk: Talk) -> None:
        """Shows what the guide is for and its next step; asks which one where several or none fit."""
        named = talk.entity("value") or ""
        chosen = known(named.removeprefix(ANEW)) if named else None
        found = (chosen,) if chosen else () if talk.is_payload else meant(talk)
        if len(found) == 1:
            open_guide(talk, found[0], named.startswith(ANEW))
        elif found:
            offer(talk, "guide_which_of", found)
        else:
            offer(talk, "guide_which", guides().all())


class GuideNext(Step):
    """Marks the step shown as done and shows the next one."""

    action = "action_guide_next"

    def respond(self, talk: Talk) -> None:
        """Goes on; an old button marks its own step, so that pressing twice skips nothing."""
        guide_id, _, step_id = (talk.entity("value") or "").partition(" ")
        book = Book.of(talk)
        guide = known(guide_id) or known(book.current or "")
        if guide is None:
            offer(talk, "guide_none_open", guides().all())
            return
        book = book.open(guide)
        named = step_id if step_id in {step.id for step in guide.steps} else None
        progress = book.progress[guide.id].mark_done(guide, named)
        talk.remember(**{SLOT: book.put(progress).as_slot()})
        show_step(talk, guide, progress)


class GuidePrevious(Step):
    """Takes back the step done last and shows it again."""

    action = "action_guide_previous"

    def respond(self, talk: Talk) -> None:
        """Goes back; at the first step says so."""
        book = Book.of(talk)
        guide = known(book.current or "")
        if guide is None:
            offer(talk, "guide_none_open", guides().all())
            return
        progress = book.progress[guide.id]
        if not progress.done:
            talk.reply(Reply(text=talk.say("guide_first_step")), Outcome.ANSWERED)
        progress = progress.back()
        talk.remember(**{SLOT: book.put(progress).as_slot()})
        show_step(talk, guide, progress)


def open_guide(talk: Talk, guide: Guide, anew: bool = False) -> None:
    """Opens a guide: what it is for, and the step to be done."""
    book = Book.of(talk).open(guide, anew)
    talk.remember(**{SLOT: book.as_slot()})
    progress = book.progress[guide.id]
    if progress.next_step(guide) is None:
        tell_end(talk, guide)
        return
    tell_overview(talk, guide, progress)
    show_step(talk, guide, progress)


def meant(talk: Talk) -> tuple[Guide, ...]:
    """Returns the guides the words name, else those about a record named, else about what was spoken of."""
    mentioned = " ".join(_name(talk, mention.value) for mention in talk.mentions)
    for words in (talk.question, mentioned, "" if talk.mentions else _name(talk, talk.topic.id if talk.topic else "")):
        found = guides().find(words) if words else ()
        if found:
            return found
    return ()


def goes_on(talk: Talk) -> bool:
    """Tells whether "and then?" means the next step: a step was the last thing shown, or a word of it explained."""
    guide = known(Book.of(talk).current or "")
    if guide is None or talk.is_payload or talk.mentions or not ONWARD.search(talk.question):
        return False
    shown = Book.of(talk).progress[guide.id].next_step(guide)
    explained = bool(talk.topic and shown and talk.topic.id in shown.where)
    return talk.before in STEPS or (talk.before in EXPLAINED and explained)


def finishes_step(talk: Talk) -> bool:
    """Tells whether "done" is said of the step that was the last thing shown."""
    if talk.is_payload or talk.before not in STEPS or known(Book.of(talk).current or "") is None:
        return False
    return len(talk.question) <= SHORT and bool(FINISHED.search(talk.question))


def _name(talk: Talk, record_id: str) -> str:
    record = talk.record(record_id)
    return record.text(talk.language).name if record else ""
