"""What is kept, sealed, of a contact between two messages: what buttons mean, and the responses still to be shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from channels.kakao.pages import Template
from channels.kakao.parts import Offer
from channels.kakao.render import key
from knowledge.record import Language

OLDER_AT_MOST = 60
"""Buttons of earlier answers that still work when they are pressed further up in the chat."""


@dataclass(frozen=True)
class Memory:
    """What is known when the next message comes.

    Attributes:
        language: The language last spoken.
        said: What the choices shown last write, and what each means.
        older: The same of the answers before.
        waiting: The responses behind "더 보기".
        with_person: Whether the last message went to a person, whose answer may come.
    """

    language: Language
    said: dict[str, str] = field(default_factory=dict)
    older: dict[str, str] = field(default_factory=dict)
    waiting: tuple[Template, ...] = ()
    with_person: bool = False

    @classmethod
    def of(cls, kept: Any, language: Language) -> Memory:
        """Returns what was kept, or an empty memory in ``language``."""
        if not isinstance(kept, dict):
            return cls(language)
        return cls(**{**kept, "waiting": tuple(kept["waiting"])})

    def as_json(self) -> dict[str, Any]:
        """Returns it to be kept."""
        return {**vars(self), "waiting": list(self.waiting)}

    def meaning(self, words: str, *, pressed: bool) -> str | None:
        """Returns what words mean that a choice wrote, or None.

        Typed words are taken for a choice shown last only, for they may mean something else by now.
        """
        found = self.said.get(key(words))
        return found or (self.older.get(key(words)) if pressed else None)

    def after(
        self,
        offered: Iterable[Offer],
        waiting: Iterable[Template],
        language: Language,
        *,
        with_person: bool = False,
    ) -> Memory:
        """Returns the memory after an answer with these choices was shown."""
        said: dict[str, str] = {}
        for offer in offered:
            said[key(offer.said)] = offer.payload
            said.setdefault(key(offer.label), offer.payload)
        before = {words: meant for words, meant in (self.older | self.said).items() if words not in said}
        older = dict(list(before.items())[-OLDER_AT_MOST:])
        return Memory(language, said, older, tuple(waiting), with_person)

    def turned(self) -> Memory:
        """Returns the memory after the next waiting response was shown."""
        return replace(self, waiting=self.waiting[1:])
