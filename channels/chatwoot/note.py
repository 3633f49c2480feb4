"""The note staff find when a conversation is handed to them: who asks for what, what was said, and on what it rests."""

from __future__ import annotations

from actions.handover_summary import Exchange, HandoverSummary
from actions.texts import text
from channels import plain
from channels.chatwoot.render import bold, escape, sources
from knowledge.record import Language

LONGEST_WORDS = 400
"""Characters of a question or answer beyond which the note is shortened; the whole stands in the conversation above."""

MOST_SOURCES = 8


def written(summary: HandoverSummary, language: Language) -> str:
    """Returns the note in Chatwoot's markdown, in the language of the staff."""
    blocks = [
        bold(text("chatwoot_note_title", language)),
        _wanted(summary, language),
        _block("profile", language, [f"{fact.label}: {fact.value}" for fact in summary.profile]),
        _block("applications", language, summary.applications),
        _block("files", language, summary.files),
        _said(summary, language),
        sources(summary.sources[:MOST_SOURCES], language),
        escape(text("chatwoot_note_ids", language, id=summary.conversation_id, numbers=_numbers(summary))),
    ]
    return "\n\n".join(block for block in blocks if block)


def _wanted(summary: HandoverSummary, language: Language) -> str:
    lines = [
        _line("wants", language, summary.wants),
        _line("topic", language, summary.topic),
        _line("open", language, summary.open_question),
        _line("asks", language, summary.asks),
        _line("language", language, text(f"chatwoot_note_language_{summary.language}", language)),
    ]
    return escape("\n".join(line for line in lines if line))


def _line(name: str, language: Language, words: str | None) -> str:
    return text(f"chatwoot_note_{name}", language, words=shortened(words)) if words else ""


def _block(name: str, language: Language, lines: list[str] | tuple[str, ...]) -> str:
    if not lines:
        return ""
    return f"{bold(text(f'chatwoot_note_{name}', language))}\n" + escape("\n".join(f"· {line}" for line in lines))


def _said(summary: HandoverSummary, language: Language) -> str:
    lines = [line for exchange in summary.exchanges for line in _exchange(exchange, language)]
    if not lines:
        return ""
    return f"{bold(text('chatwoot_note_said', language))}\n" + escape("\n".join(lines))


def _exchange(exchange: Exchange, language: Language) -> list[str]:
    asked = text("chatwoot_note_asked", language, words=shortened(exchange.asked)) if exchange.asked else ""
    answered = text("chatwoot_note_answered", language, words=shortened(exchange.answered))
    return [line for line in (asked, answered) if line]


def _numbers(summary: HandoverSummary) -> str:
    return ", ".join(summary.simulations) or "-"


def shortened(words: str) -> str:
    """Returns words in one line, cut at a word where they are long."""
    line = " ".join(words.split())
    return line if len(line) <= LONGEST_WORDS else plain.split(line, LONGEST_WORDS)[0] + " …"
