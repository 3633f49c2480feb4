"""What figures are called in the reader's language: tables, columns, and the ids their rows are about."""

from __future__ import annotations

from dataclasses import dataclass

from babel import Locale

from actions.texts import MissingText, text
from channels.console.words import label
from knowledge.programmes.profile import questions
from knowledge.record import Language
from knowledge.shelf import shelf

FIELDS = {"sectors": "sector", "regions": "region", "sizes": "size"}
"""Tables about a field of the firm's profile, whose values the pack names."""

KINDS = {"channels": "channel", "languages": "language", "handover_reasons": "reason", "callbacks": "closed"}
"""Tables about something that the queue has names for."""

INTENTS = frozenset({"intents", "up_intents", "down_intents"})
RECORDS = frozenset({"obstacles", "up_records", "down_records"})


@dataclass(frozen=True)
class Names:
    """Names in one language; what has none stays as it is."""

    language: Language

    def table(self, table: str) -> str:
        """Returns what a table is called."""
        return text(f"console_insight_table_{table}", self.language)

    def about(self, table: str) -> str:
        """Returns how a table's numbers came about, or nothing."""
        return self._named(f"console_insight_about_{table}", "")

    def head(self, table: str) -> str:
        """Returns what the rows of a table are."""
        return self._named(f"console_insight_head_{table}", self.table(table))

    def column(self, column: str) -> str:
        """Returns what a column counts."""
        return text(f"console_insight_column_{column}", self.language)

    def of(self, table: str, key: str) -> str:
        """Returns what a row is about."""
        if table in INTENTS:
            return self._named(f"console_insight_intent_{key}", key)
        if table in RECORDS:
            record = shelf().library.get(key)
            return record.text(self.language).name if record else key
        if table == "markets" and len(key) == 2:
            return str(Locale(self.language).territories.get(key, key))
        if table in FIELDS and (titles := questions()[FIELDS[table]]["choices"].get(key)):
            return str(titles[self.language])
        if table in KINDS and (named := label(self.language)(KINDS[table], key)) != key:
            return named
        return self._named(f"console_insight_{table}_{key}", self._named(f"console_insight_{key}", key))

    def duration(self, seconds: float) -> str:
        """Returns a time of waiting."""
        minutes, rest = divmod(round(seconds), 60)
        hours, minutes = divmod(minutes, 60)
        size = "hours" if hours else "minutes" if minutes else "seconds"
        return text(f"console_insight_{size}", self.language, hours=hours, minutes=minutes, seconds=rest)

    def _named(self, key: str, otherwise: str) -> str:
        try:
            return text(key, self.language)
        except MissingText:
            return otherwise
