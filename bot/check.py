"""The last look at a turn: no fact without a source, no jargon without its plain meaning."""

from __future__ import annotations

from actions.present import sources
from actions.reply import Outcome, Reply, SourceNote, TermNote, Turn
from knowledge.record import Kind, Language
from knowledge.shelf import Shelf, shelf

TERMS_AT_MOST = 8


class Unsourced(ValueError):
    """An answer states a record's facts and names no source."""


def checked(turn: Turn, opened: Shelf | None = None) -> Turn:
    """Returns the turn with the meaning of its jargon added.

    Args:
        turn: What is about to be said.
        opened: The knowledge the meanings come from; what is served, if not given.

    Raises:
        Unsourced: It answers from records and no reply carries a source.
    """
    if turn.outcome is Outcome.ANSWERED and turn.records and not any(reply.sources for reply in turn.replies):
        raise Unsourced(f"{turn.conversation_id}/{turn.turn_id}: {turn.records}")
    if not turn.records:
        return turn
    seen, opened = set(turn.records), opened or shelf()
    replies = tuple(_explained(reply, turn.language, seen, opened) for reply in turn.replies)
    return turn.model_copy(update={"replies": replies})


def _explained(reply: Reply, language: Language, seen: set[str], opened: Shelf) -> Reply:
    """Adds the plain meaning of each jargon word in the text or card, once a turn, and where it comes from."""
    notes: list[TermNote] = []
    origins: list[SourceNote] = []
    cells = [cell for row in (reply.card.rows if reply.card else ()) for cell in row]
    for mention in opened.gazetteer.find("\n".join([reply.text or "", *cells]), fuzzy=False):
        if mention.entity != Kind.TERM.value or mention.value in seen or len(notes) >= TERMS_AT_MOST:
            continue
        seen.add(mention.value)
        record = opened.library.records[mention.value]
        notes.append(TermNote(term=mention.text, plain=record.text(language).plain, record=record.id))
        origins.append(sources(record, language)[0])
    if not notes:
        return reply
    known = {source.title for source in reply.sources}
    extra = tuple({origin.title: origin for origin in origins if origin.title not in known}.values())
    return reply.model_copy(update={"terms": (*reply.terms, *notes), "sources": (*reply.sources, *extra)})
